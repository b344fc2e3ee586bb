"""Fields that only hold an instrument open are known again, and clash with nothing."""

from __future__ import annotations

from dataclasses import replace

from redcap_iac.kinds.dictionary.placeholders import is_placeholder, placeholder


def test_a_placeholder_is_known_by_name_type_and_label() -> None:
    one = placeholder("visit", ())
    assert is_placeholder(one)
    assert (one.field_name, one.form_name, one.field_type) == (
        "redcap_iac_keeps_visit",
        "visit",
        "descriptive",
    )
    assert not is_placeholder(replace(one, field_type="text"))
    assert not is_placeholder(replace(one, field_label="Something of mine"))
    assert not is_placeholder(replace(one, field_name="visit_info"))


def test_its_name_is_nobody_elses() -> None:
    taken = {"redcap_iac_keeps_visit", "redcap_iac_keeps_visit_2"}
    assert placeholder("visit", taken).field_name == "redcap_iac_keeps_visit_3"


def test_names_of_long_instruments_stay_apart_and_short_enough() -> None:
    names = {placeholder("a" * 99 + last, ()).field_name for last in "bc"}
    assert len(names) == 2
    assert all(len(name) <= 100 for name in names)
