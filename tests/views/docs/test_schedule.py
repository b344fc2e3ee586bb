"""The schedule: arms × events × instruments, and what repeats."""

from __future__ import annotations

from redcap_iac.design import Design
from redcap_iac.kinds.events.event import Event
from redcap_iac.views.docs.schedule import schedule
from tests.views.docs.reading import design_of, example, page_of

TEXT = """\
instruments:
  - {instrument: intake, label: "<b>Intake</b>", fields: {record_id: {type: text, label: "ID"}}}
  - {instrument: pain_diary, fields: {b: {type: text, label: "B"}}}
arms:
  - number: 1
    name: Drug
    events:
      - {name: Start, unique_name: start_arm_1, instruments: [intake, pain_diary]}
      - name: Week
        instruments: [intake, pain_diary]
        repeat: {pain_diary: "[b]"}
      - {name: Extra, instruments: [pain_diary], repeat: true}
  - number: 3
    name: Placebo
    events:
      - {name: Start, instruments: [intake]}
"""


def test_there_is_a_grid_for_each_arm_with_its_number_and_name() -> None:
    assert [grid.title for grid in schedule(design_of(TEXT))] == ["Arm 1: Drug", "Arm 3: Placebo"]


def test_a_cell_tells_once_repeating_or_not_at_all() -> None:
    drug, placebo = schedule(design_of(TEXT))
    assert [(line.name, line.cells) for line in drug.lines] == [
        ("Intake", ("once", "once", "")),
        ("Pain diary", ("once", "repeats", "repeats")),
    ]
    assert [line.cells for line in placebo.lines] == [("once",), ("",)]


def test_the_label_of_instances_stands_where_they_are() -> None:
    drug, _ = schedule(design_of(TEXT))
    assert drug.lines[1].labels == ("", "[b]", "")


def test_an_event_that_repeats_as_a_whole_says_so() -> None:
    drug, _ = schedule(design_of(TEXT))
    assert [column.repeats for column in drug.columns] == [False, False, True]


def test_a_name_that_redcap_has_not_given_yet_is_marked() -> None:
    drug, _ = schedule(design_of(TEXT))
    assert [column.unique_name for column in drug.columns] == [
        "start_arm_1",
        "week_arm_1 (expected)",
        "extra_arm_1 (expected)",
    ]


def test_days_are_told_with_their_range() -> None:
    design = design_of(TEXT)
    events = (
        Event("a_arm_1", 1, "A", day_offset="0"),
        Event("b_arm_1", 1, "B", day_offset="28", offset_min="-3", offset_max="5"),
        Event("c_arm_1", 1, "C"),
    )
    (grid,) = schedule(Design(design.state.having("events", events)))
    assert [column.when for column in grid.columns] == ["day 0", "day 28 (−3/+5)", ""]


def test_a_mark_is_read_aloud_as_a_word() -> None:
    cells = [one for one in example("trial").all("td", "schedule") if one.has("on")]
    assert {cell.text for cell in cells} == {"✓once", "↻repeats", "↻repeats[ae_term]"}


def test_a_classic_project_says_so() -> None:
    text = example("registry").by_id("schedule").text
    assert "A classic project: every instrument is filled in once for each record." in text


def test_a_schedule_that_is_not_managed_is_not_made_up() -> None:
    design = design_of(TEXT)
    kinds = {name: items for name, items in design.state.kinds.items() if name != "designations"}
    page = page_of(Design(type(design.state)(kinds)))
    said = "The design does not say which instruments stand on which events."
    assert said in page.by_id("schedule").text
