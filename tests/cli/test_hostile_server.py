"""Labels, titles and names that a hostile server sends: shown on every page, obeyed on none."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.cli.production import Production, in_production
from tests.cli.tool import Tool, files_of
from tests.emulator.served import Project

HTML = "<img src=x onerror=alert(1)><script>alert(2)</script><b onclick=x>"
STEERING = "\x1b]0;zz\x07\x1b[2J\u202etxt.\u2066\x9b31m\x00"
LINES = "x\n# Approved\n\n- [x] all good\n| a | b |\n<!-- "
LINK = "](javascript:alert(3)) ![p](https://zz.example.org/p.png) `</code>` ``` @everyone"
HOSTILE = f"{HTML} {LINK} {LINES} {STEERING}"
PAGES = (
    ("plan",), ("-v", "plan"), ("plan", "--format", "html"), ("plan", "--format", "markdown"),
    ("plan", "--format", "markdown", "--publish", "public"),
    ("plan", "--format", "html", "--publish", "public"), ("plan", "--format", "json"), ("package",),
)  # fmt: skip
#: What pages of this tool are made of; nothing in them runs or loads anything.
ELEMENTS = frozenset(re.findall(
    r"\w+",
    "html head meta title style body main header footer nav section article aside h1 h2 h3 h4 p a"
    " ul ol li dl dt dd table thead tbody tfoot tr th td caption colgroup col details summary code"
    " pre em strong ins del span div small time input label br hr b i kbd abbr mark wbr",
))  # fmt: skip


class _Page(HTMLParser):
    """Notes elements, attributes that run something, and addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.odd: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ELEMENTS:
            self.odd.append(tag)
        for name, value in attrs:
            if name.startswith("on") or re.match(
                r"\s*(javascript|data):", value or "", re.IGNORECASE
            ):
                self.odd.append(f"{tag} {name}")


@pytest.fixture
def hostile(project: Project, bare: Tool) -> Production:
    """A study in production on whose server every free text is hostile."""
    study = in_production(project, bare)
    project.status("development")
    fields = project.rows("metadata")
    for row in fields:
        row["field_label"] = f"{row['field_name']} {HOSTILE}"
        row["section_header"] = HOSTILE if row["field_name"] == "note" else ""
        if row["field_type"] in ("radio", "checkbox"):
            row["select_choices_or_calculations"] = " | ".join(
                f"{code}, {HTML} {STEERING}{code}" for code in (1, 2, 3)
            )
    roles = project.rows("userRole")
    roles[0]["role_label"] = f"{HTML}{STEERING}"
    for content, rows in (
        ("metadata", fields),
        ("project_settings", {"project_title": HOSTILE, "project_notes": HOSTILE}),
        ("dag", [{"data_access_group_name": f"{HTML}{STEERING}", "unique_group_name": ""}]),
        ("userRole", roles),
        ("event", [{**project.rows("event")[1], "event_name": f"{HTML}{STEERING}"[:60]}]),
    ):
        answer = project.post(content, action="import", data=json.dumps(rows))
        assert answer.status_code == 200, (content, answer.text)
    project.status("production")
    return study


def steering(text: str) -> Iterator[str]:
    """Yield what a terminal would obey or what reorders a line.

    A blank without width is this tool's own: in Markdown, so that nobody is called by a name.
    """
    for letter in text.replace("\n", "").replace("\u200b", ""):
        if unicodedata.category(letter) in ("Cc", "Cf", "Zl", "Zp"):
            yield f"U+{ord(letter):04X}"


def html_of(text: str) -> list[str]:
    page = _Page()
    page.feed(text)
    page.close()
    return page.odd


def markdown_of(text: str) -> list[str]:
    """Return what of a Markdown page would be HTML, a foreign link, a picture or a headline."""
    bare = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", text, flags=re.DOTALL)
    bare = re.sub(r"\\.", "", bare)
    return [
        *re.findall(r"<(?:img|script|b)\b[^>]*", bare),
        *re.findall(r"\]\((?:javascript|https://zz)[^)]*", bare),
        *re.findall(r"^# Approved.*", text, re.MULTILINE),
        *re.findall(r"^- \[x\] all good", text, re.MULTILINE),
    ]


@pytest.mark.parametrize("words", PAGES, ids=[" ".join(words) for words in PAGES])
def test_nothing_that_is_printed_obeys_it(hostile: Production, words: tuple[str, ...]) -> None:
    said = hostile.tool.run(*words)
    assert said.code == 0, said.all
    assert "onerror" in said.out
    assert list(steering(said.all)) == []
    if "html" in words:
        assert html_of(said.out) == []
    if "markdown" in words:
        assert markdown_of(said.out) == []


def test_no_page_of_a_package_obeys_it(hostile: Production) -> None:
    assert hostile.tool.run("package", "--out", "change", "--ticket", HOSTILE).code == 0
    pages = files_of(Path(hostile.folder, "change"))
    assert {Path(name).suffix for name in pages} >= {".html", ".md", ".csv", ".txt"}
    for name, text in pages.items():
        if name.endswith((".csv", ".json")):
            continue
        assert list(steering(text)) == [], name
        assert html_of(text) == [] or not name.endswith(".html"), name
        assert markdown_of(text) == [] or not name.endswith(".md"), name


def test_what_is_kept_names_no_file_by_it_and_holds_no_raw_escape(hostile: Production) -> None:
    assert hostile.tool.run("backup").code == 0
    for path in (hostile.folder / ".redcap-iac").rglob("*"):
        assert re.fullmatch(r"[A-Za-z0-9._-]+", path.name), path.name
        if path.suffix in (".json", ".jsonl"):
            assert list(steering(path.read_text(encoding="utf-8"))) == [], path


def test_an_apply_keeps_no_raw_escape_either(hostile: Production) -> None:
    said = hostile.tool.run("-v", "apply", "--auto-approve", "--allow-delete", "roles",
                            "--allow-delete", "dags")  # fmt: skip
    assert list(steering(said.all)) == []
    for path in (hostile.folder / ".redcap-iac").rglob("*.json*"):
        assert list(steering(path.read_text(encoding="utf-8"))) == [], path


def test_a_backup_with_hostile_texts_reads_back_as_it_was(hostile: Production) -> None:
    assert hostile.tool.run("backup", "--out", "kept").code == 0
    said = hostile.tool.run("restore", "kept", "--auto-approve")
    assert "No changes" in said.out, said.all
