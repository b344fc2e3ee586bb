"""A plan as JSON and back: nothing lost, nothing altered unseen."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redcap_iac.calls import Call, Made
from redcap_iac.changes import Aspect
from redcap_iac.errors import RedcapIacError
from redcap_iac.findings import Finding, Position, Severity
from redcap_iac.plan import Phase, Plan, PlannedChange, Step
from redcap_iac.plan_json import digest, to_json
from redcap_iac.plan_reading import from_json
from redcap_iac.state import Target, Version

words = st.text(max_size=8)
flags = st.booleans()
values = words | st.lists(st.tuples(words, words), max_size=3).map(tuple)
normals = st.lists(st.tuples(words, values), max_size=3).map(tuple)
made = st.builds(Made, words)
cells = words | made | st.dictionaries(words.filter(lambda w: w != "$made"), st.integers(0, 200))
rows = st.lists(st.dictionaries(words, cells, max_size=3), max_size=3).map(tuple)
params = st.dictionaries(words, words | st.lists(words | made, max_size=3).map(tuple), max_size=3)


def some(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(strategy, max_size=2).map(tuple)


calls = st.builds(Call, words, st.sampled_from(["import", "delete"]), rows, params, some(words))
steps = st.builds(
    Step, st.sampled_from(Phase), words, words, calls, some(words), some(words),
    some(st.tuples(words, st.integers(0, 9))), flags,
)  # fmt: skip
versions = st.builds(Version, *[st.integers(0, 99)] * 3)
targets = st.builds(Target, words, words, words, words, versions, flags, flags, words)
positions = st.none() | st.builds(Position, words, st.integers(1, 99), st.integers(1, 99))
findings = st.builds(Finding, words, st.sampled_from(Severity), words, positions, words, words)
changes = st.builds(
    PlannedChange, words, words, words, words, words, st.none() | normals, st.none() | normals,
    some(st.builds(Aspect, words, values, values)), words,
)  # fmt: skip
plans = st.builds(
    Plan, words, words, targets, words, words, st.dictionaries(words, words), some(changes),
    some(findings), some(steps), st.dictionaries(words, st.integers(0, 99)), some(words),
    some(words), some(words), data=words,
)  # fmt: skip

TARGET = Target(
    "https://x.example.org/api/",
    "17",
    "Study",
    "development",
    Version(16, 1, 3),
    longitudinal=False,
)
PLAN = Plan(
    "2026-03-14T15:09:26Z", "redcap-iac 0", TARGET, "dev", "digest", {"arms": "0"},
    changes=(
        PlannedChange("arm/1", "create", "arms", "schedule", "arm 1", None, (("name", "A"),)),
    ),
    steps=(
        Step(
            Phase.CREATE_EVENTS, "events", "add", Call("event", "import", ({"event": Made("e")},)),
            ("event/1/A",), ("events",), (("event/1/A", 0),),
        ),
    ),
)  # fmt: skip


@settings(deadline=None)
@given(plans)
def test_any_plan_comes_back_as_it_was(plan: Plan) -> None:
    assert from_json(json.dumps(to_json(plan))) == plan


@settings(deadline=None)
@given(plans)
def test_the_same_plan_is_written_in_the_same_bytes(plan: Plan) -> None:
    assert json.dumps(to_json(plan)) == json.dumps(to_json(plan))


def test_a_name_still_to_be_made_is_told_by_its_address() -> None:
    (step,) = to_json(PLAN)["steps"]
    assert step["call"]["rows"] == [{"event": {"$made": "e"}}]


def test_two_plans_differ_in_their_id() -> None:
    other = Plan(PLAN.created, PLAN.tool, TARGET, "prod", PLAN.manifest_digest, PLAN.fingerprint)
    assert to_json(PLAN)["id"] != to_json(other)["id"]


@pytest.mark.parametrize(
    ("plan", "reason"),
    [
        (PLAN, "changes"),
        (Plan("", "", TARGET, "", "", {}), "no changes"),
        (Plan("", "", TARGET, "", "", {}, stopped=("H109 a", "H140 b")), "H109 a; H140 b"),
    ],
    ids=["changes", "none", "stopped"],
)
def test_the_exit_says_why(plan: Plan, reason: str) -> None:
    assert to_json(plan)["exit"] == {"code": 0, "name": "done", "reason": reason}


def test_the_exit_is_that_of_the_command() -> None:
    assert to_json(PLAN, 2)["exit"] == {"code": 2, "name": "changes", "reason": "changes"}


def altered(change: Callable[[dict[str, Any]], object]) -> str:
    data = to_json(PLAN)
    change(data)
    return json.dumps(data)


def signed(change: Callable[[dict[str, Any]], object]) -> str:
    """Return the plan as another version of the tool would have written it, digest and all."""
    data = to_json(PLAN)
    change(data)
    data["id"] = digest({name: value for name, value in data.items() if name != "id"})
    return json.dumps(data)


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.update(environment="prod"),
        lambda data: data["steps"][0]["call"]["rows"].append({"event_name": "Mine"}),
        lambda data: data["steps"].clear(),
        lambda data: data["stopped"].append("H140"),
        lambda data: data.update(id="0" * 32),
        lambda data: data.pop("id"),
        lambda data: data.update(new="key"),
    ],
    ids=["environment", "row", "steps", "stopped", "id", "no id", "key"],
)
def test_an_altered_plan_is_refused(change: Callable[[dict[str, Any]], object]) -> None:
    with pytest.raises(RedcapIacError, match="altered"):
        from_json(altered(change))


def test_keys_of_a_newer_minor_version_are_ignored() -> None:
    def newer(data: dict[str, Any]) -> None:
        data.update(format_version="1.7", later={"a": 1})
        data["steps"][0]["later"] = True
        data["target"]["later"] = []

    assert from_json(signed(newer)) == PLAN


@pytest.mark.parametrize("version", ["2.0", "10.1"])
def test_a_higher_format_version_is_refused(version: str) -> None:
    with pytest.raises(RedcapIacError, match=f"format version {version}"):
        from_json(signed(lambda data: data.update(format_version=version)))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "17",
        "null",
        "{}",
        '{"format_version": "1.0"}',
        '{"format_version": "one"}',
        "[" * 100_000,
        altered(lambda data: data["steps"][0].update(phase="lunch")),
        altered(lambda data: data.pop("target")),
        altered(lambda data: data["target"].update(version="16")),
        altered(lambda data: data.update(changes=None)),
        altered(lambda data: data["steps"][0]["call"].update(rows=[17])),
    ],
)
def test_what_is_no_plan_or_damaged_is_refused(text: str) -> None:
    with pytest.raises(RedcapIacError, match="not a saved plan, or it is damaged"):
        from_json(text)
