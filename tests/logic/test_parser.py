from collections.abc import Callable

import pytest

from redcap_iac.logic import LogicError, parse, ungrouped
from redcap_iac.logic.parser import MAXIMUM_DEPTH
from redcap_iac.logic.tree import (
    Call,
    Chain,
    Expression,
    Group,
    Number,
    Power,
    Prefix,
    Reference,
    Step,
    Text,
    Word,
)
from tests.logic.growth import TOO_MUCH, growth

A, B, C = Reference("a"), Reference("b"), Reference("c")
ONE, TWO = Number("1"), Number("2")


def chain(first: Expression, *rest: tuple[str, Expression]) -> Chain:
    return Chain(first, tuple(Step(operator, operand) for operator, operand in rest))


@pytest.mark.parametrize("spelling", ["1", "1.50", ".5", "2.", "1e3", "1.5E-3"])
def test_a_number_is_kept_as_it_is_spelled(spelling: str) -> None:
    assert parse(spelling) == Number(spelling)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("'x'", "x"),
        ('"x"', "x"),
        ("''", ""),
        ("'say \"x\"'", 'say "x"'),
        ("'it''s'", "it's"),
        (r"'it\'s'", "it's"),
        ('"say ""x"""', 'say "x"'),
        (r'"say \"x\""', 'say "x"'),
        (r"'a\\b'", r"a\b"),
        (r"'\d'", r"\d"),
        ("'two\nlines'", "two\nlines"),
        ("'# not a comment // either'", "# not a comment // either"),
        ("'[age]'", "[age]"),
    ],
)
def test_a_text_is_what_stands_between_its_quotes(text: str, value: str) -> None:
    assert parse(text) == Text(value)


@pytest.mark.parametrize("word", ["today", "NOW", "True", "false"])
def test_a_bare_word_is_known_in_any_case(word: str) -> None:
    assert parse(word) == Word(word.lower())


@pytest.mark.parametrize(
    ("spelling", "operator"),
    [("=", "="), ("==", "="), ("===", "="), ("!=", "<>"), ("<>", "<>")]
    + [(same, same) for same in (">", ">=", "<", "<=", "+", "-", "*", "/")]
    + [("AND", "and"), ("&&", "and"), ("Or", "or"), ("||", "or")],
)
def test_an_operator_has_one_name_for_all_its_spellings(spelling: str, operator: str) -> None:
    assert parse(f"[a] {spelling} [b]") == chain(A, (operator, B))


@pytest.mark.parametrize("spelling", ["not ", "NOT ", "!", "! "])
def test_not_has_one_name_for_all_its_spellings(spelling: str) -> None:
    assert parse(f"{spelling}[a]") == Prefix("not", A)


def test_a_long_condition_is_one_wide_chain() -> None:
    tree = parse(" or ".join(["[a] = 1"] * 1_000))

    assert isinstance(tree, Chain)
    assert len(tree.steps) == 999


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("[a] or [b] and [c]", "[a] or ([b] and [c])"),
        ("not [a] and [b]", "(not [a]) and [b]"),
        ("not [a] = [b]", "not ([a] = [b])"),
        ("[a] = [b] + 1", "[a] = ([b] + 1)"),
        ("[a] + [b] * [c]", "[a] + ([b] * [c])"),
        ("[a] * -[b]", "[a] * (-[b])"),
        ("[a] * [b] ^ [c]", "[a] * ([b] ^ [c])"),
        ("-[a] ^ [b]", "-([a] ^ [b])"),
        ("[a] ^ -[b]", "[a] ^ (-[b])"),
        ("[a] ^ [b] ^ [c]", "[a] ^ ([b] ^ [c])"),
    ],
)
def test_operators_bind_in_the_documented_order(text: str, same: str) -> None:
    assert parse(text) == ungrouped(parse(same))


def test_operators_of_one_level_stand_in_one_chain() -> None:
    assert parse("[a] - [b] + [c]") == chain(A, ("-", B), ("+", C))


def test_parentheses_are_kept() -> None:
    assert parse("([a])^(2)") == Power(Group(A), Group(TWO))


def test_a_function_takes_expressions_and_may_nest() -> None:
    inner = Call("IF", (chain(A, (">", ONE)), Text("x"), Call("pi", ())))

    assert parse("round( IF ([a]>1,'x',pi()) , 2)") == Call("round", (inner, TWO))


@pytest.mark.parametrize(
    "text",
    [
        "[a] // why\n= 1",
        "# why (perhaps)\n[a] = 1",
        "# why\r[a] = 1",
        "[a] /* why\nand how */ = 1 # so",
        "\ufeff[a]\u00a0=\t1\r\n",
    ],
)
def test_comments_and_white_space_say_nothing(text: str) -> None:
    assert parse(text) == parse("[a]=1")


def test_offsets_point_into_the_text() -> None:
    text = "1 + round([bmi], 'x')"
    tree = parse(text)

    assert isinstance(tree, Chain)
    call = tree.steps[0].operand
    assert isinstance(call, Call)
    offsets = [tree.offset, tree.steps[0].offset, call.offset, call.arguments[0].offset]
    assert offsets == [0, text.index("+"), text.index("round"), text.index("[bmi]")]
    assert call.arguments[1].offset == text.index("'x'")


@pytest.mark.parametrize(
    "text",
    [
        "(" * 5_000 + "1" + ")" * 5_000,
        "-" * 5_000 + "1",
        "not " * 5_000 + "1",
        "1" + "^1" * 5_000,
        "abs(" * 5_000 + "1" + ")" * 5_000,
    ],
    ids=["parentheses", "signs", "nots", "powers", "calls"],
)
def test_nesting_beyond_the_limit_is_refused(text: str) -> None:
    with pytest.raises(LogicError, match=f"nested deeper than {MAXIMUM_DEPTH} levels"):
        parse(text)


def test_nesting_up_to_the_limit_is_read() -> None:
    depth = MAXIMUM_DEPTH - 1

    tree = parse("(" * depth + "1" + ")" * depth)

    for _ in range(depth):
        assert isinstance(tree, Group)
        tree = tree.inner
    assert tree == ONE


@pytest.mark.parametrize(
    "text",
    [
        lambda size: " or ".join(["[a(1)] = '1'"] * size),
        lambda size: "sum(" + ", ".join(["[a]"] * size) + ")",
        lambda size: "[a] = 1" + " /* so */ // then\n" * size,
        lambda size: "'" + "x" * size * 10 + "'",
    ],
    ids=["chain", "arguments", "comments", "quote"],
)
def test_the_time_of_reading_grows_with_the_text(text: Callable[[int], str]) -> None:
    assert growth(parse.__wrapped__, text, 400) < TOO_MUCH
