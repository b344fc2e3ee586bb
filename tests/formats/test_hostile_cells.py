"""Cells nobody would write and somebody did: what is not named as lost is the same afterwards."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from redcap_iac.kinds.dictionary.field import COLUMNS, HEADERS
from redcap_iac.workflow.converted_files import Target
from redcap_iac.workflow.converting import convert
from tests.formats.conversions import put

CELLS = [
    "", "", "\u00a0hard\u00a0",
    "a\rb", "a\nb", "a\r\nb", "\n\n x", "x \n", 'say "hi"', '"', "a | b",
    "=1+1", "x" * 32_767, "؟ سؤال", "\u202eback", "😀", "]]>", "<!-- x -->", "<![CDATA[x]]>",
    "a\x01b", "a\x0cb", "\x7f\x85", "\u2028", "\ufeffmark", "trailing  ", "\ttab\t", "${name}",
    "$${x}", "# no comment", "a # b", "yes", "null", "~", "1e3", "0o7", "1:30", "- a", "a: b", "&a",
    "*a", "!t", "%", "'", "[a", "...", "---", "<b>x</b>", "&amp;", "a<br/>b\n c", "\\n", "a;b,c",
    "sep=,", "  ", "\u3000", "||",
]  # fmt: skip
FREE = ("section_header", "field_label", "field_note", "question_number", "field_annotation")
#: Name of the target and format.
TARGETS = [
    ("d.csv", ""), ("d.json", ""), ("p.xml", ""), ("tables", "csv-folder"),
    ("tables", "json-folder"), ("zips", "instrument-zips"), ("copy", "manifest"),
]  # fmt: skip

Row = dict[str, str]


@st.composite
def rows(draw: st.DrawFn) -> list[Row]:
    """Return up to four fields of text on one instrument, the free columns filled with anything."""
    made = []
    for number in range(draw(st.integers(1, 4))):
        free = {column: draw(st.sampled_from(CELLS)) for column in FREE}
        fixed = {"field_name": f"f{number}", "form_name": "visit", "field_type": "text"}
        made.append({**dict.fromkeys(COLUMNS, ""), **free, **fixed})
    return made


def as_csv(table: list[Row], delimiter: str, ending: str) -> str:
    """Return CSV as another program writes it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=ending, quoting=csv.QUOTE_ALL)
    writer.writerows([HEADERS, *([row[column] for column in COLUMNS] for row in table)])
    return text.getvalue()


@pytest.mark.parametrize(("name", "format_"), TARGETS)
@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    rows(),
    st.sampled_from(",;\t"),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_what_the_report_does_not_name_is_equal(
    name: str, format_: str, tmp_path_factory: pytest.TempPathFactory, table: list[Row],
    delimiter: str, ending: str, encoding: str,
) -> None:  # fmt: skip
    folder = tmp_path_factory.mktemp("hostile")
    put(folder, {"in.csv": as_csv(table, delimiter, ending).encode(encoding)})

    there = convert([folder / "in.csv"], "", Target(name, format_))
    put(folder / "out", {Path(path).name if format_ == "" else path: data
                         for path, data in there.files.items()})  # fmt: skip
    sources = [folder / "out"] if format_ != "instrument-zips" else [folder / "out" / "visit.zip"]
    back = convert(sources, "", Target("back.json", "dictionary"))

    told = {finding.address for finding in there.lost}
    came_back = {row["field_name"]: row for row in json.loads(back.files["back.json"])}
    for row in table:
        if f"field/{row['field_name']}" not in told:
            assert came_back[row["field_name"]] == row
