"""The codebook: what it says of each field, in which words, and where it leads."""

from __future__ import annotations

import pytest

from redcap_iac.design import Design
from redcap_iac.design.dependencies import dependencies
from redcap_iac.views.docs.codebook import Entry, codebook
from tests.views.docs.reading import design_of, design_with, example, page_of


def entry(**row: str) -> Entry:
    """Return what is said of one field."""
    return entries(design_with({"field_name": "x", **row}))["x"]


def entries(design: Design) -> dict[str, Entry]:
    forms = codebook(design, dependencies(design))
    return {one.name: one for form in forms for one in form.entries}


# the answers a field takes

VALIDATION = "text_validation_type_or_show_slider_number"


@pytest.mark.parametrize(
    ("row", "words", "code"),
    [
        ({}, "text", ""),
        ({"field_type": "notes"}, "notes box", ""),
        ({"field_type": "yesno"}, "yes/no", ""),
        ({"field_type": "descriptive"}, "descriptive text", ""),
        ({VALIDATION: "integer"}, "text: whole number", "integer"),
        ({VALIDATION: "int"}, "text: whole number", "int"),
        ({VALIDATION: "date_dmy"}, "text: date, shown as day-month-year", "date_dmy"),
        ({VALIDATION: "our_own_code"}, "text", "our_own_code"),
        ({"field_type": "new_type"}, "new_type", ""),
    ],
)
def test_the_type_is_told_in_words_and_the_validation_by_its_name(
    row: dict[str, str], words: str, code: str
) -> None:
    found = entry(**row)
    assert (found.type, found.validation) == (words, code)


@pytest.mark.parametrize(
    ("row", "attributes"),
    [
        ({"text_validation_min": "1", "text_validation_max": "9"}, ("1 to 9",)),
        ({"text_validation_min": "1"}, ("from 1",)),
        ({"text_validation_max": "[top]"}, ("up to [top]",)),
        ({"field_type": "slider", VALIDATION: "number"}, ("shows its number",)),
        ({"field_type": "slider", "select_choices_or_calculations": "none | | worst"},
         ("left: none", "right: worst")),
        ({"field_type": "dropdown", VALIDATION: "autocomplete"}, ("autocomplete",)),
        ({"select_choices_or_calculations": "BIOPORTAL:ICD10"}, ("BIOPORTAL:ICD10",)),
        ({"matrix_group_name": "phq"}, ("row of matrix phq",)),
        ({"matrix_group_name": "phq", "matrix_ranking": "y"}, ("row of matrix phq, ranking",)),
        ({"custom_alignment": "LH"}, ("alignment left / horizontal",)),
        ({"custom_alignment": "RV"}, ()),
        ({"question_number": "3a"}, ("question 3a",)),
    ],
)  # fmt: skip
def test_what_else_is_set_is_told(row: dict[str, str], attributes: tuple[str, ...]) -> None:
    assert entry(**row).attributes == attributes


def test_flags_are_words() -> None:
    found = entry(required_field="y", identifier="Y")
    assert found.flags == ("required", "identifier")
    assert entries(design_with())["record_id"].flags == ("record id",)


def test_choices_are_told_with_their_codes() -> None:
    found = entry(field_type="radio", select_choices_or_calculations="1, Yes | 0, <b>No</b>")
    assert found.choices is not None
    assert found.choices.pairs == (("1", "Yes"), ("0", "<b>No</b>"))
    assert not found.choices.are_many
    assert not found.choices.are_long


@pytest.mark.parametrize(
    ("field_type", "pairs"),
    [("yesno", (("1", "Yes"), ("0", "No"))), ("truefalse", (("1", "True"), ("0", "False")))],
)
def test_choices_that_redcap_gives_are_told_too(
    field_type: str, pairs: tuple[tuple[str, str], ...]
) -> None:
    found = entry(field_type=field_type).choices
    assert found is not None
    assert found.pairs == pairs


def test_many_choices_are_folded_away_and_long_codes_may_be_broken() -> None:
    cell = " | ".join(f"{'c' * 30}{number}, Site {number}" for number in range(31))
    found = entry(field_type="dropdown", select_choices_or_calculations=cell)
    assert found.choices is not None
    assert found.choices.are_many
    assert found.choices.are_long
    design = design_with(
        {"field_name": "x", "field_type": "dropdown", "select_choices_or_calculations": cell}
    )
    assert [one.text for one in page_of(design).all("summary", "field-x")] == ["31 choices"]


def test_a_query_is_told_as_one() -> None:
    found = entry(field_type="sql", select_choices_or_calculations="select 1")
    assert found.formula is not None
    assert (found.formula.name, found.formula.text) == ("Query", "select 1")
    assert found.attributes == ()


def test_tags_are_told_by_name_and_in_full_where_there_is_more_than_the_name() -> None:
    bare = entry(field_annotation="@HIDDEN @READONLY")
    assert (bare.tags, bare.annotation) == (("@HIDDEN", "@READONLY"), "")
    more = entry(field_annotation="@DEFAULT='5' as agreed")
    assert more.tags == ("@DEFAULT",)
    assert more.annotation == "@DEFAULT=&#39;5&#39; as agreed"


# logic


def test_a_field_in_logic_leads_to_its_row_whatever_the_case() -> None:
    found = entry(branching_logic="[RECORD_ID] <> '' and [nobody] = '1'")
    assert found.branching == (
        '[<a href="#field-record_id">RECORD_ID</a>] &lt;&gt; &#39;&#39; and [nobody] = &#39;1&#39;'
    )


def test_a_status_in_logic_leads_to_its_instrument() -> None:
    found = entry(branching_logic="[form_complete] = '2'")
    assert '<a href="#instrument-form">form_complete</a>' in found.branching


def test_a_choice_and_an_event_do_not_hide_the_field() -> None:
    found = entry(branching_logic="[event-name][record_id(1):value] = '1'")
    assert '[event-name][<a href="#field-record_id">record_id</a>(1):value]' in found.branching


def test_what_reads_a_field_is_told_once_with_all_purposes() -> None:
    design = design_with(
        {"field_name": "a"},
        {"field_name": "b", "field_label": "Of [a]", "branching_logic": "[a] = '1' or [a] = '2'"},
        {"field_name": "c", "field_type": "calc", "select_choices_or_calculations": "[a] * 2"},
    )
    used = entries(design)["a"].used_by
    assert [(use.name, use.anchor, use.purposes) for use in used] == [
        ("b", "field-b", "branching logic, piping"),
        ("c", "field-c", "calculation"),
    ]


def test_a_long_name_may_be_broken_after_an_underscore() -> None:
    assert entry().shown == "x"
    design = design_with({"field_name": "reason_not_approached_other"})
    found = entries(design)["reason_not_approached_other"]
    assert found.shown == "reason_<wbr>not_<wbr>approached_<wbr>other"


# searching


def test_a_search_looks_through_name_label_note_choices_codes_and_tags() -> None:
    found = entry(
        field_type="radio", field_label="<b>Smoker</b>", field_note="Ever",
        section_header="Habits", select_choices_or_calculations="77, Pipe | 2, No",
        field_annotation="@HIDDEN",
    ).search  # fmt: skip
    for word in ("x", "smoker", "ever", "habits", "77 pipe", "2 no", "@hidden", "radio"):
        assert word in found
    assert "<b>" not in found


# instruments


def test_an_instrument_without_a_label_is_called_by_its_name_in_words() -> None:
    design = design_with({"field_name": "x", "form_name": "adverse_events"})
    assert [form.label for form in codebook(design, ())] == ["Form", "Adverse events"]


SCHEDULE = """\
instruments:
  - {instrument: first, fields: {record_id: {type: text, label: "ID"}}}
  - {instrument: second, fields: {b: {type: text, label: "B"}}}
  - {instrument: third, fields: {c: {type: text, label: "C"}}}
  - {instrument: fourth, fields: {d: {type: text, label: "D"}}}
arms:
  - number: 1
    name: One
    events:
      - {name: Start, instruments: [first, second]}
      - {name: Later, instruments: [second, third], repeat: {second: ""}}
  - number: 2
    name: Two
    events:
      - {name: Start, instruments: [first]}
"""


def test_where_an_instrument_is_filled_in_is_told_with_arms_only_where_they_differ() -> None:
    design = design_of(SCHEDULE)
    assert {form.name: form.schedule for form in codebook(design, ())} == {
        "first": "Start",
        "second": "Start (arm 1), Later (repeating, arm 1)",
        "third": "Later (arm 1)",
        "fourth": "on no event",
    }


def test_many_events_are_counted() -> None:
    events = "".join(f"      - {{name: Week {n}, instruments: [form]}}\n" for n in range(10))
    design = design_of(
        "instruments: [{instrument: form, fields: {record_id: {type: text, label: ID}}}]\n"
        f"arms:\n  - number: 1\n    name: One\n    events:\n{events}"
    )
    assert [form.schedule for form in codebook(design, ())] == ["on 10 of 10 events"]


def test_a_repeating_instrument_of_a_classic_project_is_marked() -> None:
    design = design_of(
        "instruments: [{instrument: form, fields: {record_id: {type: text, label: ID}}},"
        " {instrument: visit, fields: {x: {type: text, label: X}}}]\n"
        "repeat: {visit: '[x]'}\n"
    )
    assert [form.schedule for form in codebook(design, ())] == ["", "repeats"]
    assert "↻ visit, its instances named [x]" in page_of(design).by_id("schedule").text


def test_the_words_of_redcap_stand_before_branching_logic() -> None:
    row = example("trial").by_id("field-pregnant").text
    assert "Show the field ONLY if: [sex] = '1'" in row


@pytest.mark.parametrize("name", ["trial", "registry", "classic"])
def test_every_field_has_its_row_with_its_number(name: str) -> None:
    page = example(name)
    rows = [one for one in page.all("tr") if "data-search" in one.attributes]
    assert [row.text.split()[0] for row in rows] == [str(n + 1) for n in range(len(rows))]
    assert f"{len(rows)} fields on" in page.text
