"""Nobody is sent to a file that was never written."""

from __future__ import annotations

from redcap_iac.findings import Finding, Position, Severity
from redcap_iac.kinds.arms import Arm
from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.state import State
from redcap_iac.workflow.own_places import at_the_source, named_shortly

FILE = "instruments/visit.yaml"
WRITTEN = {
    FILE: b"instrument: visit\nfields:\n  a:\n    type: txt\n  b:\n    type: txt\n",
}
SOURCE = State({
    "fields": tuple(
        Field(name, "visit", field_type="txt", at=Position("d.csv", line))
        for line, name in enumerate("ab", 2)
    ),
    "arms": (Arm(1, "A", at=Position("arms.csv", 2)),),
})  # fmt: skip


def error(message: str, at: Position | None, address: str = "") -> Finding:
    return Finding("M113", Severity.ERROR, message, at, address)


def test_a_place_inside_a_field_becomes_the_fields_row() -> None:
    (told,) = at_the_source([error("Not a type.", Position(FILE, 6, 11))], WRITTEN, SOURCE)

    assert (told.position, told.message) == (Position("d.csv", 3), "Not a type (field: b).")


def test_equal_ones_are_told_once_with_their_fields() -> None:
    wrong = [error("Not a type.", Position(FILE, line, 11)) for line in (4, 6)]

    (told,) = at_the_source(wrong, WRITTEN, SOURCE)

    assert (told.position, told.message) == (Position("d.csv", 2), "Not a type (2 fields: a, b).")


def test_a_field_the_message_names_is_not_named_again() -> None:
    (told,) = at_the_source([error("Field b is odd.", Position(FILE, 5, 3))], WRITTEN, SOURCE)

    assert told.message == "Field b is odd."


def test_other_objects_are_found_by_their_address() -> None:
    wrong = error("An odd arm.", Position("redcap.yaml", 9), "arm/1")

    assert at_the_source([wrong], WRITTEN, SOURCE)[0].position == Position("arms.csv", 2)


def test_what_belongs_to_nothing_has_no_place() -> None:
    wrong = error("Something.", Position("redcap.yaml", 1))

    assert at_the_source([wrong], WRITTEN, SOURCE)[0].position is None


def test_many_names_are_counted() -> None:
    assert named_shortly(list("abcdefg")) == "a, b, c, d, e and 2 more"
