"""The `arms:` section as four kinds read it; what a project that reads as classic can show."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redcap_iac.calls import Made
from redcap_iac.differ import compare
from redcap_iac.findings import Findings
from redcap_iac.kinds.arms import Arm
from redcap_iac.kinds.designations import Designation
from redcap_iac.kinds.events import Event
from redcap_iac.kinds.repeating.repeat import Repeat
from redcap_iac.kinds.visits import arm_sections, comparable, event_address, visits
from redcap_iac.state import Item, State
from tests.kinds.dictionary.drafting import source
from tests.kinds.scheduling import declared, described, event, live, schedule

ONE = schedule({"name": "Baseline", "instruments": ["visit"], "repeat": ["visit"]})
TWO = schedule({"name": "Baseline", "instruments": ["visit"]}, {"name": "Week 4"})


def test_without_arms_there_is_nothing() -> None:
    assert arm_sections(source(None, {})) is None
    assert visits(source(None, {})) is None


def test_visits_are_those_of_every_arm_in_order() -> None:
    manifest = TWO["arms"] + schedule({"name": "Other"}, number="2")["arms"]
    found = visits(source(None, {"arms": manifest}))
    assert found is not None
    assert [(visit.arm, visit.name.text) for visit in found] == [
        (1, "Baseline"), (1, "Week 4"), (2, "Other"),
    ]  # fmt: skip
    assert found[0].key == Made("event/1/Baseline")
    assert [visit.instruments is None for visit in found] == [False, True, True]


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("Week 4", "event/1/Week 4"),
        (" Week 4 ", "event/1/Week 4"),
        ("a/b", "event/1/a%2Fb"),
        ("100%", "event/1/100%25"),
        ("%2F", "event/1/%252F"),
        ("Évaluation", "event/1/Évaluation"),
    ],
)
def test_addresses_hold_any_name(name: str, address: str) -> None:
    assert event_address(1, name) == address


@settings(deadline=None)
@given(st.text(max_size=6), st.text(max_size=6))
def test_two_names_never_share_an_address(one: str, other: str) -> None:
    assert (event_address(1, one) == event_address(1, other)) is (one.strip() == other.strip())


def left(manifest: dict[str, object], *, longitudinal: bool, fresh: bool = False) -> set[str]:
    """Return the kinds that are compared."""
    desired, _ = declared({"project": {"title": "Study"}, **manifest})
    before = live(event("A", "a_arm_1")) if longitudinal else live(longitudinal=False)
    return set(comparable(desired, before, Findings(), fresh=fresh).state.kinds)


SCHEDULE = {"arms", "events", "designations", "repeating"}


def test_a_single_event_is_not_compared_with_a_project_that_reads_as_classic() -> None:
    assert not SCHEDULE & left(ONE, longitudinal=False)


def test_nor_is_the_flag() -> None:
    desired, _ = declared({"project": {"title": "Study"}, **ONE})
    settings = comparable(desired, live(longitudinal=False), Findings()).state.kinds["project"]
    assert [getattr(setting, "name", "") for setting in settings] == ["project_title"]


def test_where_it_reads_as_longitudinal_it_is_compared() -> None:
    assert left(ONE, longitudinal=True) >= SCHEDULE


def test_two_events_are_always_compared() -> None:
    assert left(TWO, longitudinal=False) >= SCHEDULE - {"repeating"}


def test_in_a_new_project_the_single_event_is_written_but_not_what_names_it() -> None:
    kinds = left(ONE, longitudinal=False, fresh=True)
    assert kinds & SCHEDULE == {"arms", "events"}


def test_it_is_said_where_the_event_is_declared() -> None:
    desired, _ = declared(ONE)
    findings = Findings()
    comparable(desired, live(longitudinal=False), findings)
    (finding,) = findings.all()
    assert (finding.code, str(finding.severity)) == ("M340", "warning")
    assert finding.position is not None
    assert finding.position == desired.state.kinds["events"][0].at


NAMES = st.sampled_from(["Baseline", "Week 4", "50%/day", "End", "Évaluation"])


@st.composite
def schedules(draw: st.DrawFn) -> tuple[Item, ...]:
    """Return arms, events with unique names, designations and repeats of a live project."""
    items: list[Item] = []
    for arm in draw(st.lists(st.integers(1, 4), min_size=1, max_size=3, unique=True)):
        items.append(Arm(arm, f"Arm {arm}"))
        for number, name in enumerate(draw(st.lists(NAMES, min_size=1, max_size=4))):
            unique = f"event_{number}_arm_{arm}"
            items.append(
                Event(
                    unique, arm, name, custom_label=draw(st.sampled_from(["", "[mood]"])),
                    day_offset=draw(st.sampled_from([None, "0", "28", "1.5"])),
                    event_id=str(arm * 10 + number),
                )
            )  # fmt: skip
            forms = draw(st.lists(st.sampled_from(["intake", "visit"]), unique=True, min_size=1))
            items += [Designation(unique, form) for form in forms]
            if draw(st.booleans()):
                items.append(Repeat(unique, draw(st.sampled_from(["", *forms])), ""))
    return tuple(items)


@settings(deadline=None)
@given(schedules())
def test_what_is_described_and_declared_again_is_the_same(items: tuple[Item, ...]) -> None:
    before = live(*items)
    draft = described(State({k: before.state.kinds[k] for k in SCHEDULE}))
    assert "repeat" not in draft
    desired, found = declared(draft)
    assert [finding for finding in found if str(finding.severity) == "error"] == []
    findings = Findings()
    difference = compare(desired, before, findings)
    assert difference.changes == ()
    assert findings.all() == ()
    assert difference.final.kinds["events"] == before.state.kinds["events"]
