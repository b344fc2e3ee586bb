from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import pytest

from redcap_iac.logic import Reference, as_text, evaluate, parse
from redcap_iac.logic.dialect import NEWEST, SETTLED, SWITCHES, Dialect
from tests.logic.conftest import CLOCK, Record


def text(expression: str, dialect: Dialect, fields: Mapping[str, str] | None = None) -> str:
    record = Record(fields or {}, {}, frozenset())
    return as_text(evaluate(parse(expression), record, CLOCK, dialect))


#: Switch, expression, fields, result on the usual side, on the other.
CASES = [
    ("blank_is_below", "[x] < 18", {}, "0", "1"),
    ("blank_is_below", "18 > [x]", {}, "0", "1"),
    ("blank_is_below", "[x] >= 0", {}, "0", "1"),
    ("blank_is_below", "[x] < 18", {"x": "20"}, "0", "0"),
    ("blank_equals_zero", "[x] = 0", {}, "0", "1"),
    ("blank_equals_zero", "[x] = '0'", {}, "0", "1"),
    ("blank_equals_zero", "[x] <> 0", {}, "1", "0"),
    ("blank_equals_zero", "[x] = 1", {}, "0", "0"),
    ("blank_equals_zero", "[x] = ''", {}, "1", "1"),
    ("blank_equals_zero", "[x] = 'no'", {}, "0", "0"),
    ("empty_sum_is_zero", "sum([x], [y])", {}, "", "0"),
    ("empty_sum_is_zero", "sum([x], [y])", {"y": "2"}, "2", "2"),
    ("empty_sum_is_zero", "mean([x], [y])", {}, "", ""),
    ("halves_go_up", "round(-2.5)", {}, "-3", "-2"),
    ("halves_go_up", "round(-1.25, 1)", {}, "-1.3", "-1.2"),
    ("halves_go_up", "round(2.5)", {}, "3", "3"),
    ("halves_go_up", "round([x])", {}, "", ""),
    ("halves_go_up", "round(1e300, 15)", {}, text("1e300", NEWEST), text("1e300", NEWEST)),
    ("bare_power_fails", "[x]^2", {"x": "3"}, "9", ""),
    ("bare_power_fails", "([x])^2", {"x": "3"}, "9", ""),
    ("bare_power_fails", "([x])^(2)", {"x": "3"}, "9", "9"),
]


@pytest.mark.parametrize(("switch", "expression", "fields", "usual", "otherwise"), CASES)
def test_a_switch_turns_what_it_says(
    switch: str, expression: str, fields: dict[str, str], usual: str, otherwise: str
) -> None:
    assert text(expression, NEWEST, fields) == usual
    assert text(expression, NEWEST.turned(switch), fields) == otherwise


def test_every_switch_of_the_dialect_is_told_and_no_other() -> None:
    assert [switch.name for switch in SWITCHES] == [f.name for f in dataclasses.fields(Dialect)]


def test_a_switch_turned_twice_is_back() -> None:
    for switch in SWITCHES:
        assert NEWEST.turned(switch.name).turned(switch.name) == NEWEST


def test_a_switch_nobody_knows_is_refused() -> None:
    with pytest.raises(AttributeError):
        NEWEST.turned("blank_is_above")


def test_every_answer_has_its_confidence() -> None:
    told = {one.confidence for one in SWITCHES} | {one.confidence for one in SETTLED}
    assert told <= {"recorded", "documented", "inferred", "knowledge base"}


def test_a_reference_reads_the_same_in_every_dialect() -> None:
    record = Record({"x": "7"}, {}, frozenset())
    for switch in SWITCHES:
        found = evaluate(Reference("x"), record, CLOCK, NEWEST.turned(switch.name))
        assert found == "7"
