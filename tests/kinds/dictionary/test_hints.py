"""`renamed_from` and `recode`: what is done, what is followed, what has to be copied."""

from __future__ import annotations

from dataclasses import replace

import pytest

from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.kinds.dictionary.hints import Followed, copies, followed
from redcap_iac.kinds.dictionary.placeholders import placeholder
from redcap_iac.kinds.instruments import Instrument
from redcap_iac.plan import Copy
from redcap_iac.state import State
from tests.kinds.dictionary.drafting import a_field, radio

ID = a_field("record_id")
RENAMED = replace(a_field("zip_code"), renamed_from="postal")


def state(*fields: Field, instruments: tuple[Instrument, ...] = ()) -> State:
    return State({"fields": fields, "instruments": instruments})


def hints(live: tuple[Field, ...], desired: tuple[Field, ...]) -> Followed:
    return followed(state(*desired), state(*live))


def copied(live: tuple[Field, ...], desired: tuple[Field, ...]) -> tuple[Copy, ...]:
    return copies(hints(live, desired), state(*desired), state(*live))


def recoded(codes: str, *recode: tuple[str, str]) -> Field:
    return replace(radio("severity", codes), recode=recode)


def test_an_old_name_that_is_live_is_followed_and_copied() -> None:
    live, desired = (ID, a_field("postal")), (ID, RENAMED)
    assert hints(live, desired).fields == {"postal": "zip_code"}
    assert copied(live, desired) == (Copy("postal", "zip_code"),)


def test_both_names_live_is_a_rename_on_its_way() -> None:
    live = (ID, a_field("postal"), a_field("zip_code"))
    assert copied(live, (ID, RENAMED)) == (Copy("postal", "zip_code"),)


def test_a_rename_that_is_done_or_of_nothing_is_not_followed() -> None:
    assert not hints((ID, a_field("zip_code")), (ID, RENAMED))
    assert not hints((ID,), (ID, RENAMED))


def test_an_old_name_that_is_still_declared_is_not_given_up() -> None:
    live = (ID, a_field("postal"))
    assert not hints(live, (ID, a_field("postal"), RENAMED))


def test_without_a_hint_nothing_is_followed() -> None:
    assert not hints((ID, a_field("postal")), (ID, a_field("zip_code")))


def test_a_code_the_live_field_still_has_is_recoded() -> None:
    live = radio("severity", "1, Mild | 2, Severe | 3, Very")
    desired = recoded("1, Mild | 2, Severe", ("3", "2"), ("5", "2"))
    assert copied((ID, live), (ID, desired)) == (Copy("severity", "severity", (("3", "2"),)),)
    assert hints((ID, live), (ID, desired)).carries_choice("severity", "3")
    assert not hints((ID, live), (ID, desired)).carries_choice("severity", "1")


def test_a_recode_that_is_done_or_of_a_new_field_is_not_followed() -> None:
    live = radio("severity", "1, Mild | 2, Severe")
    desired = recoded("1, Mild | 2, Severe", ("3", "2"))
    assert copied((ID, live), (ID, desired)) == ()
    assert copied((ID,), (ID, desired)) == ()


def test_a_yesno_field_has_the_codes_redcap_gives_it() -> None:
    live = a_field("severity", field_type="yesno")
    desired = recoded("2, No | 3, Yes", ("1", "3"), ("9", "2"))
    assert copied((ID, live), (ID, desired)) == (Copy("severity", "severity", (("1", "3"),)),)


@pytest.mark.parametrize("field_type", ["text", "notes", "slider"])
def test_a_field_of_free_values_may_hold_any_code(field_type: str) -> None:
    live = a_field("severity", field_type=field_type)
    desired = recoded("1, Mild | 2, Severe", ("3", "2"))
    assert copied((ID, live), (ID, desired)) == (Copy("severity", "severity", (("3", "2"),)),)


def test_a_rename_takes_its_recode_along() -> None:
    live = radio("severity", "1, Mild | 3, Very")
    desired = replace(radio("degree", "1, Mild"), renamed_from="severity", recode=(("3", "1"),))
    assert copied((ID, live), (ID, desired)) == (Copy("severity", "degree", (("3", "1"),)),)


@pytest.mark.parametrize(
    ("old", "new"), [("descriptive", "descriptive"), ("calc", "calc"), ("text", "calc")]
)
def test_what_holds_nothing_or_takes_nothing_is_not_copied(old: str, new: str) -> None:
    live = (ID, a_field("postal", field_type=old))
    desired = (ID, replace(a_field("zip_code", field_type=new), renamed_from="postal"))
    assert copied(live, desired) == ()


def test_a_calculation_that_becomes_a_text_is_copied() -> None:
    live = (ID, a_field("postal", field_type="calc"))
    assert copied(live, (ID, RENAMED)) == (Copy("postal", "zip_code"),)


def test_the_record_id_is_no_value_to_copy() -> None:
    desired = (replace(a_field("study_id"), renamed_from="record_id"),)
    assert copied((ID,), desired) == ()


def test_of_a_renamed_instrument_the_status_is_copied() -> None:
    live = state(ID, a_field("mood", "visits"), instruments=(Instrument("visits"),))
    desired = state(
        ID, a_field("mood", "visit"), instruments=(Instrument("visit", renamed_from="visits"),)
    )
    found = followed(desired, live)
    assert found.carries_instrument("visits")
    assert copies(found, desired, live) == (Copy("visits_complete", "visit_complete"),)


def test_placeholders_and_what_they_hold_open_are_nothing_to_lose() -> None:
    live = state(ID, placeholder("later", ()))
    found = followed(state(ID), live)
    assert found.carries_field("redcap_iac_keeps_later")
    assert found.carries_instrument("later")
    assert not found.carries_field("record_id")
    assert not found.carries_instrument(ID.form_name)
