"""Import into repeating instruments and events."""

from __future__ import annotations

import pytest

from redcap_iac.emulator.server import Emulator
from tests.emulator.served import Project
from tests.emulator.studies import column, refused, repeating, send, trial

NO_REPEATING_INSTRUMENT = (
    "redcap_repeat_instrument must be the unique form name of a Repeating Instrument. It currently"
    " does not match the unique form name of any Repeating Instruments.  Please fix this in the"
    " data import file and try again."
)
NOT_REPEATING = (
    "redcap_repeat_instance cannot have a value since this instrument or event is not a repeating"
    " instrument or repeating event, respectively.  The redcap_repeat_instance field must be left"
    " blank for this row of data."
)
NEEDS_INSTANCE = (
    "This field ('weight') exists on a Repeating Instrument named 'vitals'. However, the fields"
    " 'redcap_repeat_instance' and/or 'redcap_repeat_instrument' for this row of data have no"
    " value, which are both required for importing data into a Repeating Instrument.  You are not"
    " allowed to import data for this field into a non-repeating instrument."
)


@pytest.fixture
def study(emulator: Emulator) -> Project:
    """A classic study whose instrument vitals repeats."""
    return repeating(emulator)


def instance(number: str, weight: str, record: str = "1") -> dict[str, object]:
    """Return a row for an instance of vitals."""
    return {
        "record_id": record,
        "redcap_repeat_instrument": "vitals",
        "redcap_repeat_instance": number,
        "weight": weight,
    }


def weights(project: Project) -> dict[object, object]:
    """Return the weights by instance."""
    rows = project.rows("record", fields=["record_id", "weight"])
    return {row["redcap_repeat_instance"]: row["weight"] for row in rows if row["weight"]}


def test_instances_are_kept_apart(study: Project) -> None:
    assert send(study, instance("1", "70"), instance("3", "72")) == {"count": 1}
    assert weights(study) == {1: "70", 3: "72"}


def test_new_instance_takes_the_next_number(study: Project) -> None:
    send(study, instance("2", "70"))
    send(study, instance("new", "71"), instance("new", "72"))

    assert weights(study) == {2: "70", 3: "71", 4: "72"}


def test_new_is_for_flat_data_alone(study: Project) -> None:
    line: dict[str, object] = {
        "record": "1",
        "redcap_repeat_instrument": "vitals",
        "redcap_repeat_instance": "new",
        "field_name": "weight",
        "value": "70",
    }

    assert "redcap_repeat_instance" in refused(study, line, type="eav")


def test_eav_lines_of_an_instance_go_together(study: Project) -> None:
    line: dict[str, object] = {
        "record": "1",
        "redcap_repeat_instrument": "vitals",
        "redcap_repeat_instance": 2,
    }
    send(
        study,
        {**line, "field_name": "weight", "value": "70"},
        {**line, "field_name": "height", "value": "2"},
        type="eav",
    )

    assert weights(study) == {2: "70"}
    assert column(study.rows("record", fields=["bmi"]), "bmi") == ["17.5"]


@pytest.mark.parametrize("number", ["0", "-1", "two", "1.5"])
def test_instance_must_be_a_positive_number(study: Project, number: str) -> None:
    assert f'"1","redcap_repeat_instance","{number}"' in refused(study, instance(number, "70"))


def test_unknown_repeating_instrument_is_refused_twice(study: Project) -> None:
    text = refused(
        study,
        {"record_id": "1", "redcap_repeat_instrument": "WS", "redcap_repeat_instance": 3},
    )

    assert text.splitlines() == [
        f'"1","redcap_repeat_instrument","WS","{NO_REPEATING_INSTRUMENT}"',
        f'"1","redcap_repeat_instance","3","{NOT_REPEATING}"',
    ]


def test_unknown_repeating_instrument_without_instance_is_refused_once(study: Project) -> None:
    text = refused(study, {"record_id": "1", "redcap_repeat_instrument": "demographics"})

    assert text == f'"1","redcap_repeat_instrument","demographics","{NO_REPEATING_INSTRUMENT}"'


def test_instance_of_what_does_not_repeat_is_refused(study: Project) -> None:
    text = refused(study, {"record_id": "1", "redcap_repeat_instance": "2", "sex": "1"})

    assert text == f'"1","redcap_repeat_instance","2","{NOT_REPEATING}"'


@pytest.mark.parametrize("more", [{}, {"redcap_repeat_instrument": "vitals"}])
def test_field_of_a_repeating_instrument_needs_its_instance(
    study: Project, more: dict[str, object]
) -> None:
    assert refused(study, {"record_id": "1", "weight": "70", **more}) == (
        f'"1","weight","70","{NEEDS_INSTANCE}"'
    )


def test_field_of_another_instrument_does_not_go_into_an_instance(study: Project) -> None:
    assert '"1","sex","1","This field (\'sex\')' in refused(
        study, {**instance("1", "70"), "sex": "1"}
    )


def test_overwriting_an_instance_leaves_what_does_not_repeat(study: Project) -> None:
    send(study, {"record_id": "1", "sex": "1"})
    send(study, {**instance("1", "70"), "sex": "", "height": ""}, overwriteBehavior="overwrite")

    assert study.rows("record")[0]["sex"] == "1"


def test_export_with_instances_can_be_imported_again(study: Project) -> None:
    send(study, {"record_id": "1", "sex": "1"})
    send(study, instance("1", "70"), instance("2", "72"))
    before = study.rows("record")

    assert send(study, *before) == {"count": 1}
    assert study.rows("record") == before


def test_instances_of_a_repeating_event(emulator: Emulator) -> None:
    project = trial(emulator)
    row: dict[str, object] = {"record_id": "1", "redcap_event_name": "week_4_arm_1"}
    send(project, {**row, "weight": "70"}, {**row, "redcap_repeat_instance": 2, "weight": "72"})
    send(project, {**row, "redcap_repeat_instance": "new", "weight": "74"})

    rows = project.rows("record")
    assert [(row["redcap_repeat_instance"], row["weight"]) for row in rows] == [
        (1, "70"),
        (2, "72"),
        (3, "74"),
    ]
    assert column(rows, "redcap_repeat_instrument") == ["", "", ""]


def test_bare_row_is_hidden_where_the_id_is_on_a_repeating_instrument(emulator: Emulator) -> None:
    project = repeating(emulator)
    project.post(
        "repeatingFormsEvents",
        format="csv",
        data="form_name,custom_form_label\ndemographics,\n",
    ).raise_for_status()
    send(
        project,
        {"record_id": "1", "redcap_repeat_instrument": "demographics",
         "redcap_repeat_instance": "1", "sex": "1"},
    )  # fmt: skip

    rows = project.rows("record")
    assert [(row["record_id"], row["redcap_repeat_instance"]) for row in rows] == [("1", 1)]


def test_values_of_an_instrument_that_begins_to_repeat_are_its_first_instance(
    emulator: Emulator,
) -> None:
    project = repeating(emulator)
    project.post("repeatingFormsEvents", format="csv", data="form_name,custom_form_label\n")
    send(project, {"record_id": "1", "weight": "70"})
    project.post(
        "repeatingFormsEvents", format="csv", data="form_name,custom_form_label\nvitals,\n"
    ).raise_for_status()

    assert weights(project) == {1: "70"}
    send(project, instance("1", "71"))
    assert weights(project) == {1: "71"}
