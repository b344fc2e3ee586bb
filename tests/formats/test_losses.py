"""A loss is whatever is not there when it is read again."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from redcap_iac.formats.losses import LOSSES, losses
from redcap_iac.formats.naming import Named, named
from redcap_iac.kinds.arms import Arm
from redcap_iac.kinds.dags import Dag
from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.kinds.events.event import Event
from redcap_iac.kinds.grants import Grants
from redcap_iac.kinds.instruments import Instrument
from redcap_iac.kinds.project import Setting
from redcap_iac.kinds.roles.role import Role
from redcap_iac.kinds.users import User
from redcap_iac.state import Item, State

Kinds = Mapping[str, tuple[Item, ...]]
AGE = Field("age", "visit", "", "text", "Age")


def found(before: Kinds, after: Kinds) -> list[str]:
    """Return code and address of each loss."""
    told = losses(Named(State(before), frozenset()), Named(State(after), frozenset()))
    assert {one.code for one in told} <= LOSSES
    return [f"{one.code} {one.address}" for one in told]


def test_nothing_is_lost_when_all_is_there() -> None:
    assert found({"fields": (AGE,)}, {"fields": (AGE,)}) == []


def test_a_field_that_is_gone_is_lost() -> None:
    assert found({"fields": (AGE,)}, {}) == ["C110 field/age"]


def test_a_field_that_is_there_twice_and_held_once_is_lost() -> None:
    assert found({"fields": (AGE, AGE)}, {"fields": (AGE,)}) == ["C110 field/age"]


def test_another_label_is_a_loss() -> None:
    other = Field("age", "visit", "", "text", "Years")

    assert found({"fields": (AGE,)}, {"fields": (other,)}) == ["C110 field/age"]


def test_a_cell_that_got_filled_is_a_loss_too() -> None:
    filled = Field("age", "visit", "", "text", "Age", field_note="in years")

    assert found({"fields": (AGE,)}, {"fields": (filled,)}) == ["C110 field/age"]


def test_another_spacing_of_choices_is_the_same() -> None:
    one = Field("sex", "visit", "", "radio", "Sex", "1,Male|2,Female")
    two = Field("sex", "visit", "", "radio", "Sex", "1, Male | 2, Female")

    assert found({"fields": (one,)}, {"fields": (two,)}) == []


def test_another_order_of_fields_is_a_loss() -> None:
    sex = Field("sex", "visit", "", "yesno", "Sex")

    assert found({"fields": (AGE, sex)}, {"fields": (sex, AGE)}) == ["C110 field/age"]


def test_a_label_redcap_makes_by_itself_is_no_loss() -> None:
    before: Kinds = {"fields": (AGE,), "instruments": (Instrument("visit", "Visit"),)}

    assert found(before, {"fields": (AGE,)}) == []


def test_a_label_of_ones_own_is_lost_with_the_table_of_instruments() -> None:
    before: Kinds = {"fields": (AGE,), "instruments": (Instrument("visit", "First visit"),)}

    assert found(before, {"fields": (AGE,)}) == ["C111 instrument/visit"]


def test_an_instrument_without_fields_is_lost_with_the_table_of_instruments() -> None:
    assert found({"instruments": (Instrument("bare", "Bare"),)}, {}) == ["C111 instrument/bare"]


def test_a_setting_that_is_empty_goes_without_saying() -> None:
    settings = (Setting("project_title", "A"), Setting("project_notes", ""))

    assert found({"project": settings}, {}) == ["C112 project/title"]


def test_longitudinal_goes_with_the_events() -> None:
    longitudinal = {"project": (Setting("is_longitudinal", "1"),)}
    event = {"events": (Event("a_arm_1", 1, "A"),)}

    assert found(longitudinal, {}) == ["C112 project/longitudinal"]
    assert found({**longitudinal, **event}, event) == []


def test_an_arm_without_events_goes_without_saying() -> None:
    assert found({"arms": (Arm(1, "A", has_events=False),)}, {}) == []


def test_a_group_is_the_same_when_redcap_names_it_anew() -> None:
    assert found({"dags": (Dag("Lyon", "lyonb"),)}, {"dags": (Dag("Lyon", "lyon"),)}) == []


def test_a_role_is_the_same_by_its_label() -> None:
    mine, there = Role("Nurse", "U-1", Grants(), "Nurse"), Role("Nurse", "x/y", Grants(), "Nurse")

    assert found({"roles": (mine,)}, {"roles": (there,)}) == []


def test_a_right_that_is_gone_is_lost() -> None:
    mine = Role("Nurse", "U-1", Grants((("design", "true"),)), "Nurse")
    there = Role("Nurse", "U-1", Grants((("design", "false"),)), "Nurse")

    assert found({"roles": (mine,)}, {"roles": (there,)}) == ["C115 role/Nurse"]


def test_rights_nobody_can_see_cannot_be_lost() -> None:
    mine, there = User("jdoe", "", None), User("jdoe", "", Grants())

    assert found({"users": (mine,)}, {"users": (there,)}) == []


@pytest.mark.parametrize("column", ["field_label", "branching_logic", "field_note"])
def test_a_sign_that_looks_like_a_blank_is_missed(column: str) -> None:
    before, after = (
        named(State({"fields": (Field.of({"field_name": "id", column: text}),)}))
        for text in ("a\x0cb", "a b")
    )

    assert [lost.address for lost in losses(before, after)] == ["field/id"]


def test_what_is_there_twice_and_held_twice_is_not_lost() -> None:
    other = Field("age", "visit", "", "text", "Years")
    both: Kinds = {"fields": (AGE, other)}
    arms: Kinds = {"arms": (Arm(1, "A"), Arm(1, "B"))}

    assert found(both, both) == []
    assert found(arms, arms) == []


def test_of_two_that_differ_the_one_that_is_gone_is_lost_once() -> None:
    other = Field("age", "visit", "", "text", "Years")

    told = losses(
        Named(State({"fields": (AGE, other)}), frozenset()),
        Named(State({"fields": (other,)}), frozenset()),
    )

    assert [one.message for one in told] == ["field/age is not held."]
