"""Calculated fields are filled when a record is imported."""

from __future__ import annotations

import pytest

from redcap_iac.emulator.server import Emulator
from tests.emulator.served import Project
from tests.emulator.studies import classic, column, field, repeating, send, trial


def value(project: Project, name: str) -> object:
    """Return the value of a field of the first row."""
    return project.rows("record", fields=[name])[0][name]


def test_calculation_is_stored_on_import(emulator: Emulator) -> None:
    study = classic(emulator)
    send(study, {"record_id": "1", "height": "1.8", "weight": "81"})

    assert value(study, "bmi") == "25"


def test_calculation_waits_for_its_values(emulator: Emulator) -> None:
    study = classic(emulator)
    send(study, {"record_id": "1", "height": "1.8"})

    assert value(study, "bmi") == ""


def test_calculation_follows_a_changed_value(emulator: Emulator) -> None:
    study = classic(emulator)
    send(study, {"record_id": "1", "height": "2", "weight": "80"})
    send(study, {"record_id": "1", "weight": "100"})

    assert value(study, "bmi") == "25"


def test_calculation_goes_with_its_values(emulator: Emulator) -> None:
    study = classic(emulator)
    send(study, {"record_id": "1", "height": "2", "weight": "80"})
    send(study, {"record_id": "1", "weight": ""}, overwriteBehavior="overwrite")

    assert value(study, "bmi") == ""
    assert "bmi" not in column(study.rows("record", type="eav"), "field_name")


def test_calculation_may_rest_on_a_later_one(emulator: Emulator) -> None:
    first = field("first", "calc", form="sums", choices="[second] + 1")
    second = field("second", "calc", form="sums", choices="[weight] * 2")
    study = classic(emulator, first, second)
    send(study, {"record_id": "1", "weight": "10"})

    assert (value(study, "first"), value(study, "second")) == ("21", "20")


def test_ring_of_calculations_ends(emulator: Emulator) -> None:
    first = field("first", "calc", form="sums", choices="if([second] = '', 1, [second] + 1)")
    second = field("second", "calc", form="sums", choices="[first]")
    study = classic(emulator, first, second)

    assert send(study, {"record_id": "1", "weight": "1"}) == {"count": 1}
    assert value(study, "first") != ""


@pytest.mark.parametrize("expression", ["[weight] +", "unheard_of([weight])"])
def test_unreadable_calculation_yields_nothing(emulator: Emulator, expression: str) -> None:
    study = classic(emulator, field("odd", "calc", form="vitals", choices="[weight]"))
    with study.emulator.store.transaction() as db:
        db.execute(
            "UPDATE fields SET select_choices_or_calculations = ? WHERE field_name = 'odd'",
            (expression,),
        )
    send(study, {"record_id": "1", "weight": "10"})

    assert value(study, "odd") == ""


def test_today_is_the_clock_of_the_server(emulator: Emulator) -> None:
    age = field("age", "calc", form="vitals", choices="rounddown(datediff([dob], 'today', 'y'))")
    study = classic(emulator, age)
    send(study, {"record_id": "1", "dob": "2000-03-01"})

    assert value(study, "age") == "26"


def test_each_instance_has_its_own_result(emulator: Emulator) -> None:
    study = repeating(emulator)
    row: dict[str, object] = {"record_id": "1", "redcap_repeat_instrument": "vitals", "height": "2"}
    send(
        study,
        {**row, "redcap_repeat_instance": "1", "weight": "80"},
        {**row, "redcap_repeat_instance": "2", "weight": "100"},
    )

    assert column(study.rows("record", fields=["bmi"]), "bmi") == ["20", "25"]


def test_result_stays_in_its_event(emulator: Emulator) -> None:
    project = trial(emulator, with_repeats=False)
    send(
        project,
        {"record_id": "1", "redcap_event_name": "baseline_arm_1", "height": "2", "weight": "80"},
        {"record_id": "1", "redcap_event_name": "week_4_arm_1", "weight": "100"},
    )

    assert column(project.rows("record"), "bmi") == ["20", ""]


def test_calculated_text_is_stored_on_import(emulator: Emulator) -> None:
    word = field("word", form="vitals", field_annotation="@CALCTEXT(if([bmi] > 24, 'high', 'low'))")
    study = classic(emulator, word)
    send(study, {"record_id": "1", "height": "1.8", "weight": "81"})

    assert value(study, "word") == "high"


def test_calculated_date_is_stored_on_import(emulator: Emulator) -> None:
    due = field(
        "due", form="vitals", validation="date_dmy", field_annotation="@CALCDATE([dob], 30, 'd')"
    )
    study = classic(emulator, due)
    send(study, {"record_id": "1", "dob": "2000-03-01"})

    assert value(study, "due") == "2000-03-31"


def test_calculated_text_has_to_fit_the_validation(emulator: Emulator) -> None:
    count = field(
        "count", form="vitals", validation="integer", field_annotation="@CALCTEXT([weight])"
    )
    study = classic(emulator, count)
    send(study, {"record_id": "1", "weight": "80"}, {"record_id": "2", "weight": "80.5"})

    assert column(study.rows("record", fields=["count"]), "count") == ["80", ""]


@pytest.mark.parametrize(
    "annotation", ["@calctext([weight])", "@IF([weight] > 1, @CALCTEXT([weight]), '')", "@CALCTEXT"]
)
def test_tag_that_does_not_act_on_import_calculates_nothing(
    emulator: Emulator, annotation: str
) -> None:
    study = classic(emulator, field("copy", form="vitals", field_annotation=annotation))
    send(study, {"record_id": "1", "weight": "80"})

    assert value(study, "copy") == ""


def test_calculated_field_holds_numbers_only(emulator: Emulator) -> None:
    word = field("word", "calc", form="vitals", choices="if([weight] > 1, 'heavy', 0)")
    study = classic(emulator, word)
    send(study, {"record_id": "1", "weight": "80"}, {"record_id": "2", "weight": "1"})

    assert column(study.rows("record", fields=["word"]), "word") == ["", "0"]
