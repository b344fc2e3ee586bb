"""`accept:` entries that answer nothing any more are told."""

from __future__ import annotations

from datetime import date

import pytest

from redcap_iac.findings import Finding, Position, Severity
from redcap_iac.hazard import Acceptance, Answer, Count, Guards
from redcap_iac.safety.entries import rotten
from tests.views.plans import hazard

TODAY = date(2026, 3, 14)
PLACE = Position("redcap.yaml", 40, 9)


def entry(**parts: object) -> Acceptance:
    known: dict[str, object] = {
        "change": "0a1b2c3d4e5f", "at_most": 412, "names": (), "until": "2026-12-31", "at": PLACE,
    }  # fmt: skip
    return Acceptance("H101", "field/postal", **{**known, **parts})  # type: ignore[arg-type]


def told(given: Acceptance, *findings: Finding) -> list[Finding]:
    return list(rotten(Guards(accept=(given,)), findings, TODAY))


def test_one_that_fits_is_not_told() -> None:
    assert told(entry(), hazard(count=Count(412))) == []


@pytest.mark.parametrize(
    ("given", "findings", "code", "words"),
    [
        (entry(until="2026-03-13"), (hazard(),), "M503", "held until 2026-03-13"),
        (entry(), (), "M504", "fits nothing in this plan."),
        (entry(), (hazard(address="field/x"),), "M504", "fits nothing in this plan."),
        (entry(), (hazard(answer=Answer.NOTE),), "M504", "asks nothing"),
        (entry(change="f" * 12), (hazard(),), "M505", "another change (ffffffffffff)"),
        (entry(), (hazard(count=Count(430)),), "M505", "412 records, and now it is 430 records"),
        (entry(), (hazard(names=("twu",)),), "M505", "does not speak of twu"),
        (entry(), (hazard(answer=Answer.COMMAND_LINE),), "M506", "where apply is typed"),
        (entry(), (hazard(answer=Answer.REFUSED),), "M506", "nothing opens this hazard"),
    ],
)
def test_one_that_answers_nothing_is_a_warning_at_its_place(
    given: Acceptance, findings: tuple[Finding, ...], code: str, words: str
) -> None:
    (found,) = told(given, *findings)
    assert (found.code, found.severity, found.position) == (code, Severity.WARNING, PLACE)
    assert "The acceptance of H101:field/postal" in found.message
    assert words in found.message
    assert found.advice


def test_it_answers_when_one_of_two_hazards_fits() -> None:
    assert told(entry(), hazard(change="f" * 12), hazard(count=Count(1))) == []


def test_what_is_typed_is_no_entry() -> None:
    assert told(Acceptance("H101", "field/x", typed=True)) == []


def test_names_and_small_numbers_are_not_published() -> None:
    (names,) = told(entry(), hazard(names=("twu", "akim")))
    (numbers,) = told(entry(at_most=1), hazard(count=Count(3)))
    assert names.stake is not None
    assert numbers.stake is not None
    assert "twu" not in names.stake.public
    assert numbers.stake.public.endswith(
        "it was given for fewer than 5 records, and now it is fewer than 5 records."
    )
