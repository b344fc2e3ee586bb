"""The table of changes of type: whole, and as the sources say."""

from __future__ import annotations

from itertools import permutations

import pytest

from redcap_iac.kinds.dictionary.field import TYPES
from redcap_iac.safety.type_changes import _ROWS, TABLE, Verdict, judged

PAIRS = sorted(permutations(sorted(TYPES), 2))
CHOSEN = ("radio", "dropdown", "yesno", "truefalse")


def test_every_ordered_pair_of_two_types_is_judged() -> None:
    assert sorted(TABLE) == PAIRS


def test_no_pair_is_judged_twice() -> None:
    said = [(a, b) for old, new, _, _ in _ROWS for a in old for b in new if a != b]
    assert len(said) == len(set(said))


@pytest.mark.parametrize("pair", [pair for pair in PAIRS if set(pair) <= set(CHOSEN)])
def test_one_code_goes_safely_between_types_of_one_code(pair: tuple[str, str]) -> None:
    assert judged(*pair).verdict is Verdict.SAFE


@pytest.mark.parametrize(
    "pair", [pair for pair in PAIRS if {"file", "calc", "checkbox"} & set(pair)]
)
def test_documents_calculations_and_ticks_are_forbidden(pair: tuple[str, str]) -> None:
    expected = Verdict.SAFE if pair[0] == "descriptive" else Verdict.FORBIDDEN
    assert judged(*pair).verdict is expected


@pytest.mark.parametrize(
    ("pair", "verdict"),
    [
        (("text", "notes"), Verdict.SAFE),
        (("notes", "text"), Verdict.LOSSY),
        (("text", "radio"), Verdict.LOSSY),
        (("radio", "text"), Verdict.LOSSY),
        (("text", "slider"), Verdict.LOSSY),
        (("text", "descriptive"), Verdict.FORBIDDEN),
        (("descriptive", "text"), Verdict.SAFE),
    ],
)
def test_the_rest_is_judged_by_what_is_stored(pair: tuple[str, str], verdict: Verdict) -> None:
    assert judged(*pair).verdict is verdict


def test_a_type_nobody_knows_is_forbidden() -> None:
    assert judged("text", "hologram").verdict is Verdict.FORBIDDEN


def test_every_judgement_says_why() -> None:
    assert all(one.why for one in TABLE.values())
