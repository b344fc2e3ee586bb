"""A plan as one file for a browser: self-contained, escaped, readable by everybody."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise

from redcap_iac.changes import Aspect
from redcap_iac.hazard import Acceptance, Answer
from redcap_iac.plan import Shift, Stage
from redcap_iac.views.html import plan_html
from redcap_iac.views.publishing import published
from tests.views.plans import change, hazard, plan, sample

NASTY = "<script>alert(1)</script>\"'&<img src=x onerror=y>{{ 7*7 }}\u202e\x1b"


class Page(HTMLParser):
    """Elements, their attributes and the text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if data.strip() and "style" not in self.open:
            self.words.append(" ".join(data.split()))

    @property
    def text(self) -> str:
        return " ".join(self.words)

    def names(self) -> set[str]:
        return {tag for tag, _ in self.tags}


def test_it_is_one_file_without_network_and_script() -> None:
    page = Page(plan_html(sample()))
    assert not page.names() & {"script", "link", "img", "iframe", "object", "form", "svg"}
    links = [a["href"] for tag, a in page.tags if tag == "a"]
    assert links == ["#changes"]
    assert not any(name.startswith("on") or name == "src" for _, a in page.tags for name in a)
    style = plan_html(sample()).partition("<style>")[2].partition("</style>")[0]
    assert "url(" not in style
    assert "@import" not in style


def test_every_element_is_closed() -> None:
    assert Page(plan_html(sample())).open == []
    assert Page(plan_html(plan())).open == []


def test_what_servers_say_is_text() -> None:
    made = plan(
        change(f"field/{NASTY}", "update", Aspect(NASTY, NASTY, f"{NASTY} more"), group=NASTY),
        change("role/x", "create", unit="roles", group="access", normal=((NASTY, NASTY),)),
        findings=(hazard(message=NASTY, advice=f"`{NASTY}`"), hazard("H9", answer=Answer.REFUSED)),
        todo=(NASTY,), blind_spots=(NASTY,), environment=NASTY, base=NASTY, kept={NASTY: 1},
        stages=(Stage(1, "you", NASTY, (NASTY,)),),
    )  # fmt: skip
    text = plan_html(made)
    page = Page(text)
    assert not page.names() & {"script", "img"}
    assert "{{ 7*7 }}" in page.text
    assert all(letter.isprintable() or letter == "\n" for letter in text)


def test_hazards_come_before_changes_before_calls_before_blind_spots() -> None:
    page = Page(plan_html(sample()))
    ids = [a["id"] for tag, a in page.tags if tag == "h2"]
    assert ids == ["hazards", "changes", "calls", "todo", "outside"]


def test_the_verdict_is_a_word_not_a_colour() -> None:
    assert "Stopped: 3 hazards need an answer." in Page(plan_html(sample())).text
    assert "Ready: nothing to do." in Page(plan_html(plan())).text
    gone = plan(change("field/a", "delete"))
    assert "Ready: it deletes, so apply needs a word about that." in Page(plan_html(gone)).text


def test_actions_are_words_too() -> None:
    text = Page(plan_html(sample())).text
    for said in ("postal removed", "zip_code added", "dob changed"):
        assert said in text


def test_what_comes_and_goes_is_marked_for_those_who_hear_it() -> None:
    text = plan_html(sample())
    assert "<del>2020-01-01</del> → <ins>today</ins>" in text
    assert "Black <ins>or African American</ins>" in text
    assert "<ins>+ 7, Prefer not to say</ins>" in text


def test_it_has_a_language_a_title_landmarks_and_one_first_heading() -> None:
    page = Page(plan_html(sample()))
    assert ("html", {"lang": "en"}) in page.tags
    assert {"title", "header", "main", "footer"} <= page.names()
    assert [tag for tag, _ in page.tags].count("h1") == 1
    labelled = [a.get("aria-labelledby") for tag, a in page.tags if tag == "section"]
    assert all(labelled)
    assert {a["id"] for _, a in page.tags if "id" in a} >= set(labelled)


def test_headings_leave_no_level_out() -> None:
    levels = [int(tag[1]) for tag, _ in Page(plan_html(sample())).tags if re.match(r"h\d", tag)]
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_signs_are_not_read_aloud() -> None:
    page = Page(plan_html(sample()))
    signs = [a for tag, a in page.tags if tag == "span" and a.get("class") == "sign"]
    assert signs
    assert all(a.get("aria-hidden") == "true" for a in signs)


def test_light_dark_narrow_and_paper_are_thought_of() -> None:
    text = plan_html(sample())
    for condition in ("prefers-color-scheme: dark", "max-width", "@media print"):
        assert condition in text
    assert '<meta name="viewport"' in text


def luminance(color: str) -> float:
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_every_ink_can_be_read_on_every_ground_it_stands_on() -> None:
    style = plan_html(plan()).partition("<style>")[2]
    light, dark = (
        dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", part))
        for part in style.split("prefers-color-scheme: dark")
    )
    for scheme in (light, {**light, **dark}):
        pairs = [("ink", "paper"), ("ink", "panel"), ("soft", "paper"), ("soft", "panel"),
                 ("link", "paper"), *((ink, ground) for ink in ("good", "bad", "warn")
                 for ground in ("paper", "panel", f"{ink}-bg")),
                 *(("ink", f"{ground}-bg") for ground in ("good", "bad", "warn"))]  # fmt: skip
        for ink, ground in pairs:
            one, two = sorted((luminance(scheme[ink]), luminance(scheme[ground])), reverse=True)
            assert (one + 0.05) / (two + 0.05) >= 4.5, (ink, ground)


def test_what_to_type_is_there_and_what_was_accepted_by_whom() -> None:
    assert '--accept "H106:choice/ethnicity/3"' in Page(plan_html(sample())).text
    given = Acceptance("H101", "field/postal", who="Data manager", why="never used")
    made = plan(change("field/x"), findings=(hazard(),), acceptances=(given,))
    assert "accepted by Data manager: never used" in Page(plan_html(made)).text


def test_a_published_page_says_so_and_has_no_answers_and_calls() -> None:
    text = Page(plan_html(published(sample()))).text
    assert "published without names of people, small numbers and calls" in text
    assert "--accept" not in text
    assert "Calls, in order" not in text


def test_who_gains_and_who_loses_access_is_there() -> None:
    shift = Shift("akim", (Aspect("export", "none", "full"),), (Aspect("site", "Lyon", "none"),))
    text = Page(plan_html(plan(change("field/x"), access=(shift,)))).text
    assert "akim gains export: none → full loses site: Lyon → none" in text
