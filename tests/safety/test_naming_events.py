"""Where a design names events: fields, labels of instances and events, the record label."""

from __future__ import annotations

import pytest

from redcap_iac.kinds.repeating.repeat import Repeat
from redcap_iac.safety.naming_events import naming
from redcap_iac.safety.scene import Scene
from redcap_iac.state import Item
from tests.kinds.dictionary.drafting import a_field
from tests.kinds.scheduling import compared, event, live

ID = a_field("record_id", "intake")


def named(*items: Item, label: str = "", **columns: str) -> tuple[str, ...]:
    fields = (ID, a_field("mood", "visit", **columns))
    settings = {"custom_record_label": label}
    there = live(
        event("A", "a_arm_1"), event("B", "b_arm_1"), *items, fields=fields, settings=settings
    )
    return naming(Scene(compared({}, there)[0], there), ("b_arm_1", "c.arm"))


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("branching_logic", "[b_arm_1][mood] = '1'"),
        ("branching_logic", "[B_Arm_1][mood] = '1'"),
        ("field_label", "As on [b_arm_1][mood]?"),
        ("field_note", "[ b_arm_1 ][mood]"),
        ("field_annotation", "@DEFAULT='[b_arm_1][mood]'"),
        ("select_choices_or_calculations", "[b_arm_1][mood] + 1"),
        ("text_validation_min", "[b_arm_1][mood]"),
        ("section_header", "[b_arm_1][mood]"),
    ],
)
def test_any_text_of_a_field(column: str, text: str) -> None:
    assert named(**{column: text}) == ("field/mood",)


@pytest.mark.parametrize(
    "text", ["[a_arm_1][mood] = '1'", "b_arm_1", "[b_arm_10][mood]", "[c_arm]"]
)
def test_other_names_and_bare_words_are_none(text: str) -> None:
    assert named(branching_logic=text) == ()


def test_the_label_of_an_event() -> None:
    third = event("C", "c_arm_1", custom_label="[b_arm_1][mood]")
    assert named(third) == ("event/1/C",)


def test_the_label_of_instances() -> None:
    assert named(Repeat("a_arm_1", "visit", "[b_arm_1][mood]")) == ("repeat/a_arm_1/visit",)


def test_the_record_label() -> None:
    assert named(label="[b_arm_1][mood]") == ("project/custom_record_label",)


def test_no_event_is_named_by_nothing() -> None:
    there = live(event("A", "a_arm_1"))
    assert naming(Scene(compared({}, there)[0], there), ()) == ()
