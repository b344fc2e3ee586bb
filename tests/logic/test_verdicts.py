from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redcap_iac.logic import Expression, Reference, parse, truth
from redcap_iac.logic.tree import Chain, Group, Number, Prefix, Step, Text
from redcap_iac.logic.verdicts import Verdict, decided, verdict, with_blanks
from tests.logic.vocabularies import SmallVocabulary

WORDS = SmallVocabulary("-99")
ALWAYS = [
    "1 = 1",
    "[sex] <> '1' or [sex] <> '2'",
    "[sex] = '1' or [sex] = '2' or [sex] = '' or [sex] = '-99'",
    "[free] <> 'a' or [free] <> 'b'",
    "not ([sex] = '1' and [sex] = '2')",
    "[event-name] <> 'a' or [event-name] <> 'b'",
    "[drugs(1)] = '1' or [drugs(1)] = '0'",
    "isblanknotmissingcode([age]) or [age] <> ''",
    "datediff([born], 'today', 'y') > 5 or not (datediff([born], 'today', 'y') > 5)",
]
NEVER = [
    "1 = 0",
    "[sex] = '1' and [sex] = '2'",
    "[age] > 5 and [age] < 3",
    "[age] > 5 and ([sex] = '1' or [sex] = '2') and [age] < 3",
    "[pain] > 10",
    "[pain] > 3 and [pain] < 4",
    "[seen] > '2026-01-01' and [seen] < '2025-01-01'",
    "[drugs(1)] = '1' and [drugs(1)] = '0'",
    "[free] = 'a' and [free] = 'b'",
]
OPEN = [
    "[sex] = '1' or [sex] = '2'",
    "[sex] = '1' or [sex] = '2' or [sex] = ''",  # -99 is left
    "[age] > 5 or [age] <= 5",  # blank is left
    "[age] > 120",  # limits are only asked for
    "[age] > 3 and [age] < 4",
    "[age] < 5 and [age] = ''",  # true where blank counts as 0
    "[seen] > '2025-01-01' and [seen] < '2026-01-01'",
    "[free] > 'a' and [free] < 'b'",
    "[free] <> '' and length([free]) > 9",
    "[born] = 'today'",
    "[nobody] = '1'",
    "[drugs(1)] = '1' and [first-event-name][drugs(1)] = '0'",
    "[sex] = '1' and [sex][previous-instance] = '2'",
    "[event-name] = 'a' and [arm-label] = 'b'",
]


@pytest.mark.parametrize("text", ALWAYS)
def test_a_condition_that_is_always_true(text: str) -> None:
    assert verdict(parse(text), WORDS) is Verdict.ALWAYS


@pytest.mark.parametrize("text", NEVER)
def test_a_condition_that_is_never_true(text: str) -> None:
    assert verdict(parse(text), WORDS) is Verdict.NEVER


@pytest.mark.parametrize("text", OPEN)
def test_a_condition_that_an_answer_can_change(text: str) -> None:
    assert verdict(parse(text), WORDS) is None


def test_limits_may_be_taken_for_kept() -> None:
    assert verdict(parse("[age] > 120"), WORDS, within_limits=True) is Verdict.NEVER
    assert verdict(parse("[age] > 119"), WORDS, within_limits=True) is None


def test_the_outermost_part_that_is_decided_comes() -> None:
    tree = parse("[age] = 3 or ([sex] = '1' and ([group] = 'a' and [group] = 'b'))")
    (found,) = decided(tree, WORDS)
    assert found.verdict is Verdict.NEVER
    assert isinstance(found.tree, Chain)
    assert found.tree.first == parse("[sex] = '1'")


def test_too_many_combinations_leave_the_question_open_but_for_parts_that_ask_alike() -> None:
    mixed = " or ".join(f"([group][{n}] = 'a' and [group][{n + 1}] = 'b')" for n in range(1, 12))
    assert verdict(parse(mixed), WORDS) is None
    contradicted = f"({mixed}) and [group][1] = 'a' and [group][1] = 'b'"
    assert verdict(parse(contradicted), WORDS) is Verdict.NEVER


def test_blanks_are_put_in_place_of_answers_of_here_alone() -> None:
    tree = parse("[A] = 1 or not ([c(1)] = '1') or sum([a], [a][1]) > ([e][a])^([b])")
    expected = parse("'' = 1 or not ('0' = '1') or sum('', [a][1]) > ([e][a])^([b])")
    assert with_blanks(tree, {"a", "c"}) == expected


FIELDS = {
    Reference("sex"): ("", "1", "2", "-99"),
    Reference("group"): ("", "a", "b", "-99"),
    Reference("age"): ("", "-99", "0", "3", "4.5", "5", "7", "200"),
    Reference("pain"): ("", "-99", "0", "3", "4", "5", "10"),
    Reference("free"): ("", "-99", "a", "b", "3", "03", "zz"),
    Reference("seen"): ("", "-99", "2024-02-29", "2025-01-01", "2025-01-02", "2030-12-31"),
    Reference("drugs", code="1"): ("0", "1"),
}
CONSTANTS = st.sampled_from(
    (Text(""), Text("1"), Text("2"), Text("a"), Text("b"), Text("2025-01-01"), Text("0"))
) | st.sampled_from((Number("0"), Number("3"), Number("5"), Number("4.5"), Number("10")))
COMPARISONS = st.builds(
    lambda field, operator, constant: Chain(field, (Step(operator, constant),)),
    st.sampled_from(sorted(FIELDS, key=repr)),
    st.sampled_from(("=", "<>", "<", "<=", ">", ">=")),
    CONSTANTS,
)


def joined(parts: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    groups = parts.map(Group)

    def of(joint: str) -> st.SearchStrategy[Expression]:
        steps = st.lists(st.builds(Step, st.just(joint), groups), min_size=1, max_size=3)
        return st.builds(Chain, groups, steps.map(tuple))

    negated = st.builds(Prefix, st.just("not"), groups)
    return st.one_of(of("and"), of("or"), negated)


CONDITIONS: st.SearchStrategy[Expression] = st.recursive(COMPARISONS, joined, max_leaves=6)


class Answers:
    """A record with one value for each field."""

    def __init__(self, values: dict[Reference, str]) -> None:
        self.values = values
        self.missing_codes = WORDS.missing_codes

    def value(self, reference: Reference) -> str:
        return self.values[reference]

    def smart(self, name: str, arguments: tuple[str, ...]) -> str:
        raise AssertionError((name, arguments))


@settings(max_examples=150)
@given(CONDITIONS, st.fixed_dictionaries({one: st.sampled_from(v) for one, v in FIELDS.items()}))
def test_no_answers_contradict_a_verdict(tree: Expression, answers: dict[Reference, str]) -> None:
    found = verdict(tree, WORDS)
    if found is not None:
        holds = truth(tree, Answers(answers), datetime(2026, 3, 10))
        assert holds is (found is Verdict.ALWAYS)


@settings(max_examples=40)
@given(CONDITIONS)
def test_a_verdict_is_turned_around_by_not(tree: Expression) -> None:
    turned = {Verdict.ALWAYS: Verdict.NEVER, Verdict.NEVER: Verdict.ALWAYS, None: None}
    assert verdict(Prefix("not", Group(tree)), WORDS) is turned[verdict(tree, WORDS)]
