"""One order out of three."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redcap_iac.merging.order import merged_order
from redcap_iac.merging.verdict import Verdict


@pytest.mark.parametrize(
    ("base", "files", "live", "merged", "verdict"),
    [
        ("abc", "abc", "abc", "abc", Verdict.SAME),
        ("abcd", "abcd", "abdc", "abdc", Verdict.TAKE),
        ("abcd", "bacd", "abcd", "bacd", Verdict.OWN),
        ("abcdef", "bacdef", "abcdfe", "bacdfe", Verdict.TAKE),
        ("abc", "bac", "acb", "bac", Verdict.CONFLICT),
        ("abc", "abxc", "abcy", "abxcy", Verdict.SAME),
        ("abc", "abc", "xabc", "xabc", Verdict.SAME),
        ("abcd", "abd", "dabc", "dab", Verdict.TAKE),
    ],
)
def test_what_either_side_moved_is_where_it_put_it(
    base: str, files: str, live: str, merged: str, verdict: Verdict
) -> None:
    kept = (set(base) & set(files) & set(live)) | (set(files) | set(live)) - set(base)
    order = merged_order(base, files, live, kept)
    assert ("".join(order.names), order.verdict) == (merged, verdict)


def test_without_a_base_two_orders_are_a_conflict() -> None:
    order = merged_order(None, "ab", "ba", set("ab"))
    assert (order.names, order.verdict) == (("a", "b"), Verdict.CONFLICT)


NAMES = st.permutations("abcdef").map("".join)


@settings(max_examples=50)
@given(base=NAMES, files=NAMES, live=NAMES)
def test_no_move_of_either_side_is_lost_without_a_conflict(
    base: str, files: str, live: str
) -> None:
    order = merged_order(base, files, live, set(base))
    assert sorted(order.names) == sorted(base)
    if order.verdict is Verdict.CONFLICT:
        assert "".join(order.names) == files
        return
    for one in base:
        for two in base:
            was = base.index(one) < base.index(two)
            for side in (files, live):
                if (side.index(one) < side.index(two)) != was:
                    now = order.names.index(one) < order.names.index(two)
                    assert now == (side.index(one) < side.index(two))
