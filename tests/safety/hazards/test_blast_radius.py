"""H130: how much of a kind one plan may touch."""

from __future__ import annotations

from dataclasses import replace

import pytest

from redcap_iac.differ import compare
from redcap_iac.findings import Finding, Findings
from redcap_iac.hazard import Answer, Guards, Limit
from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.safety.hazards import Counts
from redcap_iac.safety.hazards.blast_radius import found
from redcap_iac.safety.scene import Scene
from redcap_iac.state import Desired, State
from tests.kinds.dictionary.drafting import a_field
from tests.kinds.scheduling import live
from tests.safety.hazards.scenes import RECORD_ID, scene


def fields(number: int, label: str = "Same") -> tuple[Field, ...]:
    """Return so many fields besides the record id."""
    return tuple(a_field(f"f{n}", "intake", field_label=label) for n in range(number))


def hazards(
    before: tuple[Field, ...], after: tuple[Field, ...], limit: Limit | None = None
) -> list[Finding]:
    of = scene(before, after)
    guards = Guards(limits=(("fields", limit),) if limit else ())
    return list(found(replace(of, guards=guards), Counts()))


@pytest.mark.parametrize(
    ("there", "left", "stops"),
    [
        # with the record id there is one more field than is said here
        pytest.param(1, 0, False, id="one of two"),
        pytest.param(2, 1, False, id="one of three"),
        pytest.param(2, 0, True, id="two of three"),
        pytest.param(5, 3, True, id="two of six, a third"),
        pytest.param(6, 4, False, id="two of seven, less than a third"),
        pytest.param(9, 6, False, id="three of ten is the limit itself"),
        pytest.param(9, 5, True, id="four of ten"),
        pytest.param(199, 174, False, id="25 of 200"),
        pytest.param(199, 173, True, id="26 of 200"),
    ],
)
def test_what_may_be_deleted(there: int, left: int, stops: bool) -> None:
    assert bool(hazards(fields(there), fields(left))) is stops


@pytest.mark.parametrize(
    ("there", "changed", "stops"),
    [
        pytest.param(1, 1, False, id="one of two"),
        pytest.param(2, 2, False, id="two of three are few"),
        pytest.param(3, 3, True, id="three of four"),
        pytest.param(5, 3, False, id="three of six is half"),
        pytest.param(6, 4, True, id="four of seven"),
    ],
)
def test_what_may_be_changed(there: int, changed: int, stops: bool) -> None:
    after = (*fields(changed, "Other"), *fields(there)[changed:])
    assert bool(hazards(fields(there), after)) is stops


@pytest.mark.parametrize(
    ("limit", "stops"),
    [
        (Limit(delete_number=0), True),
        (Limit(delete_share=0.0), True),
        (Limit(delete_share=1.0), False),
        (Limit(delete_share=1.0, delete_number=1), False),
    ],
)
def test_own_limits_hold_from_the_first_object_on(limit: Limit, stops: bool) -> None:
    assert bool(hazards(fields(3), fields(2), limit)) is stops


def test_a_limit_can_be_widened() -> None:
    assert hazards(fields(9), fields(2)) != []
    assert hazards(fields(9), fields(2), Limit(delete_share=0.9)) == []


def test_it_waits_for_a_word_that_is_bound_to_what_is_touched() -> None:
    (one,) = hazards(fields(9), fields(2))
    (other,) = hazards(fields(9), fields(1))
    assert one.stake is not None
    assert other.stake is not None
    assert (one.address, one.stake.answer) == ("fields", Answer.ACCEPTANCE)
    assert one.stake.change != other.stake.change
    assert one.advice


def test_deletions_and_changes_are_told_together() -> None:
    (hazard,) = hazards(fields(9), fields(6, "Other"), Limit(0.1, 25, 0.1))
    assert "deletes 3 of 10 fields" in hazard.message
    assert "changes 6 of 10 fields" in hazard.message


def test_fields_that_only_move_are_not_changed() -> None:
    before = fields(6)
    assert hazards(before, before[::-1]) == []


def test_a_renamed_field_is_not_deleted() -> None:
    before = fields(4)
    after = tuple(
        replace(field, field_name=f"g{n}", renamed_from=f"f{n}") for n, field in enumerate(before)
    )
    assert hazards(before, after) == []


def test_new_objects_have_no_limit() -> None:
    assert hazards((), fields(300)) == []


def test_a_project_just_created_has_none() -> None:
    of = scene(fields(9), (), fresh=True)
    assert list(found(of, Counts())) == []


def test_instruments_are_a_kind_of_their_own() -> None:
    """Two of three instruments, though they hold few of the fields."""
    many = tuple(a_field(f"i{n}", "intake") for n in range(20))
    forms = (a_field("a", "one"), a_field("b", "two"))
    there = live(fields=(RECORD_ID, *many, *forms), longitudinal=False)
    names = State(
        {"fields": (RECORD_ID, *many), "instruments": there.state.kinds["instruments"][:1]}
    )
    of = Scene(compare(Desired(names), there, Findings()), there)
    assert [one.address for one in found(of, Counts())] == ["instruments"]
