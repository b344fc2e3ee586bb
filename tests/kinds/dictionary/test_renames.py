"""A rename is told as one change, and what only goes with it is not told."""

from __future__ import annotations

from dataclasses import replace

from redcap_iac.changes import Aspect, Create, Delete, Rename, Update
from redcap_iac.kinds.designations import Designation
from redcap_iac.kinds.dictionary.hints import Followed
from redcap_iac.kinds.dictionary.renames import renamed
from redcap_iac.kinds.instruments import Instrument
from tests.kinds.dictionary.drafting import a_field

POSTAL = a_field("postal", field_label="Postal")
ZIP = replace(a_field("zip_code", field_label="Zip"), renamed_from="postal")
GONE = Delete("fields", "postal", "field/postal", POSTAL)
FIELDS = Followed(fields={"postal": "zip_code"})
FORMS = Followed(instruments={"visits": "visit"})


def test_a_field_that_comes_and_one_that_goes_are_one_rename() -> None:
    (told,) = renamed((Create("fields", "zip_code", "field/zip_code", ZIP), GONE), FIELDS)
    assert told == Rename(
        "fields", "zip_code", "field/zip_code", POSTAL, ZIP,
        (Aspect("name", "postal", "zip_code"), Aspect("label", "Postal", "Zip")),
    )  # fmt: skip


def test_with_both_live_the_old_one_going_is_the_rename() -> None:
    (told,) = renamed((GONE,), FIELDS)
    assert isinstance(told, Rename)
    assert (told.address, told.aspects) == (
        "field/zip_code",
        (Aspect("name", "postal", "zip_code"),),
    )


def test_a_field_that_goes_without_a_hint_still_goes() -> None:
    assert renamed((GONE,), Followed()) == (GONE,)


def test_an_instrument_and_its_designations_are_renamed() -> None:
    old, new = Designation("base_arm_1", "visits"), Designation("base_arm_1", "visit")
    other = Designation("late_arm_1", "visits")
    changes = (
        Create("instruments", "visit", "instrument/visit", Instrument("visit")),
        Delete("instruments", "visits", "instrument/visits", Instrument("visits")),
        Create("designations", "base_arm_1|visit", "designation/base_arm_1/visit", new),
        Delete("designations", "base_arm_1|visits", "designation/base_arm_1/visits", old),
        Delete("designations", "late_arm_1|visits", "designation/late_arm_1/visits", other),
    )
    told = renamed(changes, FORMS)
    assert [(type(change), change.address) for change in told] == [
        (Rename, "instrument/visit"),
        (Rename, "designation/base_arm_1/visit"),
        (Delete, "designation/late_arm_1/visits"),
    ]


def moving(*aspects: Aspect) -> Update:
    before = a_field("mood", "visits")
    return Update(
        "fields", "mood", "field/mood", before, replace(before, form_name="visit"), aspects
    )


def test_fields_that_only_go_with_their_instrument_are_not_told() -> None:
    only = moving(Aspect("instrument", "visits", "visit"), Aspect("place", "first", "after x"))
    assert renamed((only,), FORMS) == ()


def test_fields_that_change_besides_or_go_elsewhere_are_told() -> None:
    besides = moving(Aspect("instrument", "visits", "visit"), Aspect("label", "a", "b"))
    elsewhere = moving(Aspect("instrument", "visits", "other"))
    assert renamed((besides, elsewhere), FORMS) == (besides, elsewhere)
