"""`events_from` writes out another arm's visits, without its unique names."""

from __future__ import annotations

import pytest

from redcap_iac.document import Listing, Map
from redcap_iac.findings import Findings
from redcap_iac.manifest.expansion import expand
from redcap_iac.manifest.nodes import read_yaml
from redcap_iac.manifest.shape import plain


def expanded(text: str) -> tuple[object, list[str]]:
    findings = Findings()
    node = read_yaml(text.encode(), "redcap.yaml", findings)
    assert isinstance(node, Map)
    arms = expand(node, findings).get("arms")
    assert isinstance(arms, Listing)
    return plain(arms), [f"{one.position} {one.code} {one.message}" for one in findings.errors()]


ONE = "arms:\n- number: 1\n  events:\n  - {name: B, unique_name: b_arm_1, day_offset: 3}\n"


def test_an_arm_has_the_events_of_the_other_without_their_unique_names() -> None:
    arms, errors = expanded(f"{ONE}- {{number: 2, name: C, events_from: 1}}\n")
    assert errors == []
    assert isinstance(arms, list)
    assert arms[0]["events"] == [{"name": "B", "unique_name": "b_arm_1", "day_offset": 3}]
    assert arms[1] == {"number": 2, "name": "C", "events": [{"name": "B", "day_offset": 3}]}


def test_events_are_taken_over_several_arms() -> None:
    arms, errors = expanded(
        "arms:\n- {number: 3, events_from: 2}\n- {number: 2, events_from: 1}\n"
        "- number: 1\n  events: [{name: B}]\n"
    )
    assert errors == []
    assert isinstance(arms, list)
    assert [arm["events"] for arm in arms] == [[{"name": "B"}]] * 3


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{ONE}- {{number: 2, events_from: 7}}\n", "5:28 M130 There is no arm 7"),
        (
            f"{ONE}- {{number: 2, events: [{{name: C}}], events_from: 1}}\n",
            "5:49 M130 `events` and",
        ),
        ("arms:\n- {number: 1, events_from: 1}\n", "2:28 M130 These arms take their events"),
        ("arms: []\n", "1:7 M130 `arms` is an empty list"),
        ("arms:\n- {number: 1, events: []}\n", "2:23 M130 `events` is an empty list"),
    ],
)
def test_what_cannot_be_written_out_is_an_error(text: str, expected: str) -> None:
    (error,) = expanded(text)[1]
    assert error.startswith(f"redcap.yaml:{expected}")


def test_a_cycle_of_arms_is_reported_for_each_of_them() -> None:
    arms = "arms:\n- {number: 1, events_from: 2}\n- {number: 2, events_from: 1}\n"
    assert expanded(arms)[1] == [
        "redcap.yaml:2:28 M130 These arms take their events from each other: 1 → 2 → 1.",
        "redcap.yaml:3:28 M130 These arms take their events from each other: 2 → 1 → 2.",
    ]
