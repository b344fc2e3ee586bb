"""Two drafts of one dictionary merged: nothing of either is lost, contradictions are told."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redcap_iac.findings import Position
from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.production.merge import Merge, merge


def text(name: str, label: str = "", form: str = "form") -> Field:
    return Field(name, form, "", "text", label or name.upper())


BASE = (text("record_id"), text("a"), text("b"), text("c"))


def changed(fields: tuple[Field, ...], name: str, **cells: str) -> tuple[Field, ...]:
    return tuple(replace(f, **cells) if f.field_name == name else f for f in fields)  # type: ignore[arg-type]


def without(fields: tuple[Field, ...], name: str) -> tuple[Field, ...]:
    return tuple(field for field in fields if field.field_name != name)


def names(found: Merge) -> list[str]:
    assert found.conflicts == ()
    return [field.field_name for field in found.fields]


def field_of(found: Merge, name: str) -> Field:
    assert found.conflicts == ()
    (field,) = (field for field in found.fields if field.field_name == name)
    return field


def test_changes_of_different_fields_are_both_there() -> None:
    theirs, ours = changed(BASE, "a", field_label="T"), changed(BASE, "b", field_label="O")
    found = merge(BASE, theirs, ours)
    assert field_of(found, "a").field_label == "T"
    assert field_of(found, "b").field_label == "O"


def test_changes_of_different_cells_of_one_field_are_both_there() -> None:
    theirs, ours = changed(BASE, "a", field_label="T"), changed(BASE, "a", field_note="O")
    field = field_of(merge(BASE, theirs, ours), "a")
    assert (field.field_label, field.field_note) == ("T", "O")


def test_the_same_change_of_both_is_no_conflict() -> None:
    both = changed(BASE, "a", field_label="T")
    assert merge(BASE, both, both).fields == both


def test_the_same_cell_changed_otherwise_is_a_conflict_with_both_places() -> None:
    theirs = tuple(replace(f, at=Position("draft.csv", 3)) for f in BASE)
    theirs = changed(theirs, "a", field_label="T")
    ours = changed(tuple(replace(f, at=Position("redcap.yaml", 9)) for f in BASE), "a",
                   field_label="O")  # fmt: skip
    (conflict,) = merge(BASE, theirs, ours).conflicts
    assert conflict.position == Position("redcap.yaml", 9)
    assert conflict.address == "field/a"
    for words in ("field_label", "draft.csv:3", "A", "T", "O"):
        assert words in conflict.message


def test_what_means_the_same_is_no_change_and_keeps_the_text_of_the_draft() -> None:
    base = (BASE[0], Field("m", "form", "", "radio", "M", "1, A | 2, B"))
    theirs = changed(base, "m", select_choices_or_calculations="1,A|2,B", field_label="T")
    ours = changed(base, "m", field_note="O")
    field = field_of(merge(base, theirs, ours), "m")
    assert field.select_choices_or_calculations == "1,A|2,B"
    assert (field.field_label, field.field_note) == ("T", "O")


def test_a_type_and_what_it_gives_meaning_to_contradict_each_other() -> None:
    base = (BASE[0], Field("m", "form", "", "radio", "M", "1, A | 2, B"))
    theirs = changed(base, "m", field_type="checkbox")
    ours = changed(base, "m", select_choices_or_calculations="1, A | 2, B | 3, C")
    assert merge(base, theirs, ours).conflicts


@pytest.mark.parametrize("side", ["theirs", "ours"])
def test_a_removal_by_one_side_is_kept(side: str) -> None:
    gone = without(BASE, "b")
    found = merge(BASE, gone, BASE) if side == "theirs" else merge(BASE, BASE, gone)
    assert names(found) == ["record_id", "a", "c"]


def test_a_removal_of_what_the_other_changed_is_a_conflict() -> None:
    gone, more = without(BASE, "b"), changed(BASE, "b", field_label="N")
    (ours_gone,) = merge(BASE, more, gone).conflicts
    assert "you remove it, the draft changes field_label" in ours_gone.message
    (theirs_gone,) = merge(BASE, gone, more).conflicts
    assert "the draft removes it, you change field_label" in theirs_gone.message


def test_additions_of_both_stand_behind_their_neighbours() -> None:
    theirs = (*BASE[:2], text("t"), *BASE[2:])
    ours = (*BASE[:3], text("o"), *BASE[3:])
    assert names(merge(BASE, theirs, ours)) == ["record_id", "a", "t", "b", "o", "c"]


def test_the_same_field_added_by_both_must_be_the_same() -> None:
    theirs, ours = (*BASE, text("n", "T")), (*BASE, text("n", "O"))
    (conflict,) = merge(BASE, theirs, ours).conflicts
    assert "both add it" in conflict.message
    assert names(merge(BASE, theirs, theirs)) == ["record_id", "a", "b", "c", "n"]


def test_the_order_of_the_side_that_moved_fields_is_kept() -> None:
    moved = (BASE[0], BASE[2], BASE[1], BASE[3])
    wanted = ["record_id", "b", "a", "c"]
    assert names(merge(BASE, moved, BASE)) == wanted
    assert names(merge(BASE, BASE, moved)) == wanted
    assert names(merge(BASE, moved, moved)) == wanted


def test_two_other_orders_are_a_conflict() -> None:
    one = (BASE[0], BASE[2], BASE[1], BASE[3])
    two = (BASE[0], BASE[1], BASE[3], BASE[2])
    (conflict,) = merge(BASE, one, two).conflicts
    assert "order" in conflict.message


def test_fields_of_an_instrument_stay_together() -> None:
    theirs = (*BASE, text("x", form="new"))
    ours = (*BASE, text("o"))
    assert names(merge(BASE, theirs, ours)) == ["record_id", "a", "b", "c", "o", "x"]


def test_logic_of_one_that_names_what_the_other_removed_is_found() -> None:
    theirs = without(BASE, "b")
    ours = changed(BASE, "c", branching_logic="[b] = '1'")
    conflicts = merge(BASE, theirs, ours).conflicts
    assert any("b" in found.message for found in conflicts)


def test_what_is_wrong_on_one_side_already_is_that_sides_business() -> None:
    theirs = changed(BASE, "c", branching_logic="[nowhere] = '1'")
    assert merge(BASE, theirs, changed(BASE, "a", field_label="O")).conflicts == ()


LABELS = st.sampled_from(["", "x", "y"])


@st.composite
def sides(draw: st.DrawFn) -> tuple[Field, ...]:
    """Return the base with labels changed, fields removed and added."""
    fields = [replace(f, field_note=draw(LABELS)) if i else f for i, f in enumerate(BASE)]
    kept = [f for i, f in enumerate(fields) if i == 0 or draw(st.booleans())]
    for name in draw(st.lists(st.sampled_from(["n", "o"]), unique=True)):
        kept.insert(draw(st.integers(1, len(kept))), text(name))
    return tuple(kept)


@settings(max_examples=200, deadline=None)
@given(sides())
def test_with_one_side_unchanged_the_other_is_the_result(side: tuple[Field, ...]) -> None:
    assert merge(BASE, side, BASE).fields == side
    assert merge(BASE, BASE, side).fields == side


@settings(max_examples=200, deadline=None)
@given(sides(), sides())
def test_every_change_of_both_is_there_or_it_is_a_conflict(
    theirs: tuple[Field, ...], ours: tuple[Field, ...]
) -> None:
    found = merge(BASE, theirs, ours)
    if found.conflicts:
        return
    result = {field.field_name: field for field in found.fields}
    base = {field.field_name: field for field in BASE}
    for side in (theirs, ours):
        there = {field.field_name: field for field in side}
        assert not {name for name in base if name not in there} & result.keys()
        for name, field in there.items():
            if name not in base or field != base[name]:
                assert result[name] == field
