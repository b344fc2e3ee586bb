"""What differs, and the state there will be: minimal, complete, live text kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redcap_iac.changes import Aspect, Create, Delete, Rename, Update
from redcap_iac.differ import Difference, compare
from redcap_iac.findings import Findings
from redcap_iac.kinds.arms import Arm
from redcap_iac.kinds.designations import Designation
from redcap_iac.kinds.dictionary.field import COLUMNS, Field
from redcap_iac.kinds.repeating.repeat import Repeat
from redcap_iac.state import Desired, Item, Live, Mode, State, Unit
from tests.kinds.dictionary.drafting import a_field
from tests.kinds.scheduling import compared, event, live, schedule

names = st.sampled_from([f"f{number}" for number in range(8)])
texts = st.sampled_from(["", "a", " a ", "a\r\nb", "1, Yes | 0, No", "1,Yes|0,No", "[a] = 1"])
forms = st.sampled_from(["one", "two"])


@st.composite
def dictionaries(draw: st.DrawFn) -> tuple[Field, ...]:
    """Return a dictionary: unique names, the fields of an instrument together, an id first."""
    chosen = draw(st.lists(names, unique=True, max_size=8))
    middle = draw(st.integers(0, len(chosen)))
    fields = [a_field("record_id", "one")]
    for number, name in enumerate(chosen):
        fields.append(
            a_field(
                name, "one" if number < middle else "two",
                field_type=draw(st.sampled_from(["text", "radio", "notes"])),
                field_label=draw(texts), select_choices_or_calculations=draw(texts),
                branching_logic=draw(texts), required_field=draw(st.sampled_from(["", "y", "Y"])),
            )
        )  # fmt: skip
    return tuple(fields)


def differ(
    before: Sequence[Field], after: Sequence[Field], mode: Mode = Mode.AUTHORITATIVE
) -> Difference:
    desired = Desired(State({"fields": tuple(after)}), {Unit.FIELDS: mode})
    return compare(desired, live(fields=tuple(before)), Findings())


def fields(difference: Difference) -> list[Any]:
    return list(difference.final.kinds["fields"])


def moved(difference: Difference) -> set[str]:
    return {
        str(change.key)
        for change in difference.changes
        if isinstance(change, Update) and any(a.name == "place" for a in change.aspects)
    }


@settings(deadline=None)
@given(dictionaries())
def test_a_dictionary_does_not_differ_from_itself(one: tuple[Field, ...]) -> None:
    difference = differ(one, tuple(replace(field) for field in one))
    assert difference.changes == ()
    assert all(a is b for a, b in zip(fields(difference), one, strict=True))


@settings(deadline=None)
@given(dictionaries(), dictionaries())
def test_the_final_dictionary_is_the_declared_one(
    before: tuple[Field, ...], after: tuple[Field, ...]
) -> None:
    final = fields(differ(before, after))
    assert [item.field_name for item in final] == [item.field_name for item in after]
    assert differ(final, after).changes == ()


@settings(deadline=None)
@given(dictionaries(), dictionaries())
def test_what_does_not_differ_is_the_live_item_itself(
    before: tuple[Field, ...], after: tuple[Field, ...]
) -> None:
    difference = differ(before, after)
    changed = {
        change.key
        for change in difference.changes
        if isinstance(change, Create) or any(a.name != "place" for a in _aspects(change))
    }
    there = {item.field_name: item for item in before}
    for item in fields(difference):
        if item.field_name not in changed:
            assert item is there[item.field_name]


def _aspects(change: object) -> tuple[Aspect, ...]:
    return change.aspects if isinstance(change, Update | Rename) else ()


def test_what_follows_a_moved_field_says_nothing_of_its_own() -> None:
    before = [a_field(name) for name in ("id", "a", "b", "c", "d", "e")]
    after = [a_field(name) for name in ("id", "d", "e", "a", "b", "c")]
    (change,) = differ(before, after).changes
    assert change.key == "d"
    assert _aspects(change) == (Aspect("place", "after c", "after id"),)


@settings(deadline=None)
@given(dictionaries(), dictionaries())
def test_every_item_is_changed_once_at_most_and_each_change_says_something(
    before: tuple[Field, ...], after: tuple[Field, ...]
) -> None:
    difference = differ(before, after)
    mine = [change for change in difference.changes if change.kind == "fields"]
    assert len({change.key for change in mine}) == len(mine)
    for change in mine:
        if isinstance(change, Update):
            assert change.aspects
            assert all(aspect.before != aspect.after for aspect in change.aspects)


@settings(deadline=None)
@given(dictionaries(), dictionaries())
def test_fields_come_and_go_as_declared(
    before: tuple[Field, ...], after: tuple[Field, ...]
) -> None:
    old, new = ({item.field_name for item in one} for one in (before, after))
    changes = [change for change in differ(before, after).changes if change.kind == "fields"]
    assert {c.key for c in changes if isinstance(c, Create)} == new - old
    assert {c.key for c in changes if isinstance(c, Delete)} == old - new


@settings(deadline=None)
@given(dictionaries(), dictionaries())
def test_an_additive_unit_deletes_nothing_and_keeps_live_items(
    before: tuple[Field, ...], after: tuple[Field, ...]
) -> None:
    difference = differ(before, after, Mode.ADDITIVE)
    assert not [change for change in difference.changes if isinstance(change, Delete)]
    final = fields(difference)
    there = {item.field_name for item in after}
    left = [item for item in before if item.field_name not in there]
    assert all(any(item is one for one in final) for item in left)
    assert len(final) == len(after) + len(left)
    assert difference.kept == ({"fields": len(left)} if left else {})


@settings(deadline=None)
@given(dictionaries(), dictionaries())
def test_instruments_stay_together(before: tuple[Field, ...], after: tuple[Field, ...]) -> None:
    order = [item.form_name for item in fields(differ(before, after, Mode.ADDITIVE))]
    blocks = [form for number, form in enumerate(order) if number == 0 or order[number - 1] != form]
    assert len(blocks) == len(set(blocks))


@settings(deadline=None)
@given(st.permutations([f"f{number}" for number in range(7)]))
def test_moves_are_as_few_as_can_be(order: list[str]) -> None:
    before = [a_field("record_id"), *(a_field(f"f{number}") for number in range(7))]
    after = [before[0], *(a_field(name) for name in order)]
    places = [int(name[1:]) for name in order]
    longest = 0
    for chosen in range(2 ** len(places)):  # every subset: the plainest way to the longest run
        run = [place for number, place in enumerate(places) if chosen >> number & 1]
        if run == sorted(run):
            longest = max(longest, len(run))
    found = moved(differ(before, after))
    assert len(found) <= len(places) - longest  # what follows a moved one says nothing of its own
    assert bool(found) == (places != sorted(places))


def test_a_move_says_from_where_to_where() -> None:
    before = [a_field(name) for name in ("id", "a", "b", "c")]
    after = [a_field(name) for name in ("id", "c", "a", "b")]
    (change,) = differ(before, after).changes
    assert isinstance(change, Update)
    assert change.aspects == (Aspect("place", "after b", "after id"),)


def test_a_field_moved_and_changed_is_one_change() -> None:
    before = [a_field("id"), a_field("a"), a_field("b")]
    after = [a_field("id"), a_field("b", field_label="B"), a_field("a")]
    (change,) = differ(before, after).changes
    assert [aspect.name for aspect in _aspects(change)] == ["label", "place"]


def test_new_and_removed_fields_are_no_moves() -> None:
    before = [a_field(name) for name in ("id", "a", "b", "c")]
    after = [a_field(name) for name in ("id", "new", "a", "c")]
    assert moved(differ(before, after)) == set()


def test_a_changed_item_keeps_the_live_text_of_what_means_the_same() -> None:
    was = a_field("a", field_type="radio", select_choices_or_calculations="1, Yes|0, No")
    wanted = a_field(
        "a", field_type="radio", select_choices_or_calculations="1, Yes | 0, No", field_label="A"
    )
    difference = differ([a_field("id"), was], [a_field("id"), wanted])
    assert fields(difference)[1] == replace(was, field_label="A")
    assert len(COLUMNS) == 18


def test_a_kind_that_is_not_managed_stays_as_it_is_live() -> None:
    items: tuple[Item, ...] = (event("A", "a_arm_1"), Designation("a_arm_1", "visit"))
    before = live(*items)
    difference, _ = compared({"project": {"title": "Other"}}, before)
    assert difference.final.kinds["designations"] is before.state.kinds["designations"]
    assert {change.kind for change in difference.changes} == {"project"}


def test_a_kind_that_could_not_be_read_is_left_out() -> None:
    before = live(event("A", "a_arm_1"))
    kinds = {name: items for name, items in before.state.kinds.items() if name != "arms"}
    blind = Live(before.target, State(kinds), {"arms": "no right"})
    difference, _ = compared(schedule({"name": "A"}, name="Other"), blind)
    assert "arms" not in difference.final
    assert difference.changes == ()


def test_what_differs_is_told_in_declared_order_then_what_goes() -> None:
    before = live(
        event("A", "a_arm_1", number=1), event("B", "b_arm_1", number=2),
        event("C", "c_arm_1", number=3),
    )  # fmt: skip
    manifest = schedule({"name": "New"}, {"name": "D", "renamed_from": "C"})
    difference, _ = compared(manifest, before)
    told = [(type(c), c.address) for c in difference.changes if c.kind == "events"]
    assert told == [
        (Create, "event/1/New"),
        (Rename, "event/1/D"),
        (Delete, "event/1/A"),
        (Delete, "event/1/B"),
    ]


@pytest.mark.parametrize("mode", [Mode.AUTHORITATIVE, Mode.ADDITIVE])
def test_replaced_lists_hold_live_rows_and_declared_ones(mode: Mode) -> None:
    kept, going = Repeat("a_arm_1", "visit", "[x]"), Repeat("b_arm_1", "visit", "[y]")
    before = live(
        Arm(1, "Arm 1"), event("A", "a_arm_1", number=1), event("B", "b_arm_1", number=2),
        kept, going,
    )  # fmt: skip
    manifest = schedule({"name": "A", "repeat": {"visit": "[x]"}}, {"name": "B"})
    difference, _ = compared(manifest, before, {Unit.REPEATING: mode})
    final = difference.final.kinds["repeating"]
    assert final[0] is kept
    assert (going in final) is (mode is Mode.ADDITIVE)
