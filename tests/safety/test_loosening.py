"""Which guards are looser than they were; tighter ones and other words are no matter."""

from __future__ import annotations

import pytest

from redcap_iac.hazard import Acceptance, Guards, Limit, Protection
from redcap_iac.safety.loosening import loosened

FIRM = Guards(
    data="real",
    protect=Protection(fields=("dob", "sex"), dags=("Lyon",)),
    limits=(("fields", Limit(0.1, 5, 0.2)),),
    mask_small=True,
)


def test_nothing_is_looser_than_itself() -> None:
    assert list(loosened(FIRM, FIRM)) == []


@pytest.mark.parametrize(
    ("after", "subjects"),
    [
        (Guards("test", FIRM.protect, FIRM.limits, mask_small=True), ["data"]),
        (Guards("", FIRM.protect, FIRM.limits, mask_small=True), ["data"]),
        (
            Guards("real", Protection(fields=("dob",)), FIRM.limits, mask_small=True),
            ["protect/sex", "protect/Lyon"],
        ),
        (Guards("real", FIRM.protect, (), mask_small=True), ["limits/fields"]),
        (
            Guards("real", FIRM.protect, (("fields", Limit(0.1, 6, 0.2)),), mask_small=True),
            ["limits/fields"],
        ),
        (Guards("real", FIRM.protect, FIRM.limits), ["mask_small"]),
    ],
)
def test_what_was_taken_off_is_named(after: Guards, subjects: list[str]) -> None:
    assert [subject for subject, _ in loosened(FIRM, after)] == subjects


def test_tighter_is_no_looser() -> None:
    assert list(loosened(Guards(), FIRM)) == []
    tighter = Guards(
        "real",
        Protection(fields=("dob", "sex", "age"), dags=("Lyon",)),
        (("fields", Limit(0.05, 5, 0.2)),),
        mask_small=True,
    )
    assert list(loosened(FIRM, tighter)) == []


def test_an_acceptance_is_no_guard() -> None:
    word = Acceptance("H101", "field/dob", who="x", why="y", until="2027-01-01")
    after = Guards(FIRM.data, FIRM.protect, FIRM.limits, (word,), mask_small=True)
    assert list(loosened(FIRM, after)) == []
