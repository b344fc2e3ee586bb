"""Fields that move to another instrument keep their values, wherever they repeat."""

from __future__ import annotations

import json

import pytest

from tests.emulator.served import Project


def dictionary(project: Project, *fields: tuple[str, str]) -> None:
    rows = [
        {"field_name": name, "form_name": form, "field_type": "text", "field_label": name}
        for name, form in (("record_id", "form_1"), *fields)
    ]
    answer = project.post("metadata", action="import", data=json.dumps(rows))
    assert answer.status_code == 200, answer.text


def repeat(project: Project, *forms: str) -> None:
    rows = [{"form_name": form, "custom_form_label": ""} for form in forms]
    answer = project.post("repeatingFormsEvents", action="import", data=json.dumps(rows))
    assert answer.status_code == 200, answer.text


def values(project: Project, field: str) -> list[tuple[str, object, str]]:
    rows = project.rows("record", type="eav", fields=[field])
    return [
        (row.get("redcap_repeat_instrument", ""), row.get("redcap_repeat_instance", ""),
         row["value"])
        for row in rows
    ]  # fmt: skip


@pytest.fixture
def repeated(project: Project) -> Project:
    """A repeating instrument `visits` with two instances of `mood`."""
    dictionary(project, ("mood", "visits"))
    repeat(project, "visits")
    rows = [
        {"record_id": "1", "redcap_repeat_instrument": "visits",
         "redcap_repeat_instance": number, "mood": f"mood {number}", "visits_complete": "2"}
        for number in (1, 2)
    ]  # fmt: skip
    answer = project.post("record", action="import", data=json.dumps(rows))
    assert answer.status_code == 200, answer.text
    return project


def test_instances_follow_a_field_to_an_instrument_that_repeats(repeated: Project) -> None:
    dictionary(repeated, ("mood", "visits"), ("hold", "visit"))
    repeat(repeated, "visits", "visit")
    dictionary(repeated, ("mood", "visit"), ("hold", "visits"))
    assert values(repeated, "mood") == [("visit", 1, "mood 1"), ("visit", 2, "mood 2")]


def test_they_stay_when_the_old_instrument_goes(repeated: Project) -> None:
    dictionary(repeated, ("mood", "visits"), ("hold", "visit"))
    repeat(repeated, "visits", "visit")
    dictionary(repeated, ("mood", "visit"))
    assert values(repeated, "mood") == [("visit", 1, "mood 1"), ("visit", 2, "mood 2")]


def test_the_status_of_the_old_instrument_goes_with_it(repeated: Project) -> None:
    dictionary(repeated, ("mood", "visit"))
    dictionary(repeated, ("mood", "visits"))
    assert "2" not in {value for _, _, value in values(repeated, "visits_complete")}


def test_without_a_repeat_further_instances_are_hidden_not_lost(repeated: Project) -> None:
    dictionary(repeated, ("mood", "visit"))
    assert values(repeated, "mood") == [("", "", "mood 1")]
    repeat(repeated, "visit")
    assert values(repeated, "mood") == [("visit", 1, "mood 1"), ("visit", 2, "mood 2")]
