"""The measured rename, with fewer values: nothing is left behind, nothing is written twice."""

from __future__ import annotations

from tests.benchmarks.rename import measure

VALUES = 300


def test_all_values_of_three_events_are_carried() -> None:
    found = measure(VALUES)
    assert found.before == {"base_arm_1": 100, "week_4_arm_1": 100, "week_8_arm_1": 100}
    assert found.after == found.before
    assert found.left == 0
    assert found.carried.values == VALUES
    assert found.calls["record import"] == 1
    assert found.calls["metadata import"] == 2
