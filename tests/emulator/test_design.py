from __future__ import annotations

import json
import sqlite3

import pytest

from redcap_iac.emulator import design
from redcap_iac.emulator.errors import ApiFault
from tests.emulator.served import Project


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("0, Female | 1, Male", (("0", "Female"), ("1", "Male"))),
        ("0, Female|1, Male", (("0", "Female"), ("1", "Male"))),
        ("2, x| 3, y", (("2", "x"), ("3", "y"))),
        ("0, Female\n1, Male", (("0", "Female"), ("1", "Male"))),
        ("0, Female \\n 1, Male", (("0", "Female"), ("1", "Male"))),
        ("1, Yes, often | 2, No", (("1", "Yes, often"), ("2", "No"))),
        ("Mr. | Mrs.", (("Mr.", "Mr."), ("Mrs.", "Mrs."))),
        ("1, One |", (("1", "One"),)),
        ("", ()),
    ],
)
def test_choices_are_read_in_every_recorded_spelling(
    text: str, pairs: tuple[tuple[str, str], ...]
) -> None:
    assert design.parse_choices(text) == pairs


@pytest.mark.parametrize(
    ("code", "suffix"), [("1", "1"), ("-4", "_4"), ("AB", "ab"), ("9..9", "9__9"), ("a_b", "a_b")]
)
def test_a_code_is_spelled_for_column_names(code: str, suffix: str) -> None:
    assert design.export_code(code) == suffix


def import_dictionary(project: Project, *rows: tuple[str, str, str, str]) -> None:
    names = ("field_name", "form_name", "field_type", "select_choices_or_calculations")
    payload = [{**dict(zip(names, row, strict=True)), "field_label": "Label"} for row in rows]
    response = project.post("metadata", data=json.dumps(payload))
    assert response.status_code == 200, response.text


def test_fields_stand_in_order_with_their_choices(project: Project) -> None:
    import_dictionary(
        project,
        ("record_id", "one", "text", ""),
        ("agree", "one", "yesno", ""),
        ("true_it_is", "two", "truefalse", ""),
        ("sum", "two", "calc", "1 + 1"),
        ("colour", "two", "dropdown", "r, Red | g, Green"),
    )
    with project.emulator.store.transaction() as db:
        found = design.fields(db, project.project_id)
    assert [(field.name, field.form, field.choices) for field in found] == [
        ("record_id", "one", ()),
        ("agree", "one", (("1", "Yes"), ("0", "No"))),
        ("true_it_is", "two", (("1", "True"), ("0", "False"))),
        ("sum", "two", ()),
        ("colour", "two", (("r", "Red"), ("g", "Green"))),
    ]


def add_event(db: sqlite3.Connection, project: Project, arm: int, name: str, offset: int) -> None:
    db.execute(
        "INSERT INTO events (project_id, arm_num, name, unique_name, day_offset)"
        " VALUES (?, ?, ?, ?, ?)",
        (project.project_id, arm, name, f"{name}_arm_{arm}", offset),
    )


def test_events_are_ordered_by_arm_then_day_then_name(project: Project) -> None:
    with project.emulator.store.transaction() as db:
        add_event(db, project, 2, "first", 0)
        add_event(db, project, 1, "later", 30)
        add_event(db, project, 1, "b_same_day", 30)
        names = [event.name for event in design.events(db, project.project_id)]
    assert names == ["Event 1", "b_same_day", "later", "first"]


def test_the_first_event_holds_the_records_of_a_classic_project(longitudinal: Project) -> None:
    with longitudinal.emulator.store.transaction() as db:
        assert design.first_event(db, longitudinal.project_id).unique_name == "event_1_arm_1"


def test_a_project_without_events_has_no_first_one(project: Project) -> None:
    with project.emulator.store.transaction() as db:
        db.execute("DELETE FROM events")
        with pytest.raises(ApiFault):
            design.first_event(db, project.project_id)
