from collections.abc import Callable

import pytest

from redcap_iac.logic import LogicError, parse
from tests.logic.growth import TOO_MUCH, growth

TOUCH = "an event and its field touch, as in [event][field]"


@pytest.mark.parametrize(
    ("text", "message", "offset"),
    [
        ("", "the expression is empty", 0),
        (" \n", "the expression is empty", 0),
        ("// only a comment", "a value should stand at the end", 17),
        ("[a] = 1 or", "a value should stand after 'or'", 10),
        ("[a] = 1 AND ", "a value should stand after 'AND'", 12),
        ("[a] <=", "a value should stand after '<='", 6),
        ("sum(1,", "a value should stand after ','", 6),
        ("[a] = = 1", "a value should stand before '='", 6),
        ("round(1,)", "a value should stand before ')'", 8),
        ("AND([a], [b])", "a value should stand before 'AND'", 0),
        ("{age} = 1", "{age} shows a field in a label; logic names it [age]", 0),
        ("[a] = {b:icons}", "{b:icons} shows a field in a label; logic names it [b]", 6),
        ("[a] = '1' [b] = '2'", "an operator should stand before '[b]'", 10),
        ("[v1_arm_1] [b]", f"an operator should stand before '[b]'; {TOUCH}", 11),
        ("abs([v] [b])", f"a comma or an operator should stand before '[b]'; {TOUCH}", 8),
        ("[a(1)] [b]", "an operator should stand before '[b]'", 7),
        ("[a] % 2", "there is no operator '%'; a remainder is mod(a, b)", 4),
        ("[a] =< 1", "'=<' is written '<='", 4),
        ("[a] => 1", "'=>' is written '>='", 4),
        ("[a] >< 1", "'><' is written '<>'", 4),
        ("[a] < > 1", "'< >' is written '<>'", 4),
        ("[a] ** 2", "'**' is written '^'", 4),
        ("[a] & [b]", "'&' is written 'and'", 4),
        ("[a] &lt; 5", "&lt; is how a web page writes a character; here it is <", 4),
        ("[a]&nbsp;= 5", "&nbsp; is how a web page writes a character; leave it out", 3),
        ("[a] | [b]", "'|' is written 'or'", 4),
        ("[a] ≤ 3", "'≤' is written '<='", 4),
        ("[a] – 3", "'–' is written '-'", 4),
        ("5mg", "an operator should stand before 'mg'", 1),
        ("[a] = 1,5", "decimals are written with a point, as in 1.5", 7),
        ("([a], 1)", "a comma stands only between what a function is given", 4),
        ("if([a]), 1", "a comma stands only between what a function is given", 7),
        ("round([a] 2)", "a comma or an operator should stand before '2'", 10),
        ("round(([a] 2))", "an operator should stand before '2'", 11),
        ("([a] = 1))", "')' closes no parenthesis", 9),
        ("[a] = ')')", "')' closes no parenthesis", 9),
        ("[a] = 1]", "']' closes no bracket", 7),
        ("([a] = 1", "the parenthesis ( is never closed", 0),
        ("1 + (2 * Round (3", "the parenthesis Round( is never closed", 15),
        ("[a(1)] and ([b] or (1) # (", "the parenthesis ( is never closed", 11),
        ("[a] = 'x", "the quotation mark ' is never closed", 6),
        ("[a = 1", "the bracket [ is never closed", 0),
        ("[a] = 'it's'", "the text ends at ' before 's'", 9),
        ("[a] = “x”", "“ is not a quotation mark here; use ' or \"", 6),
        ("[a] = yes", "'yes' is neither a function nor text in quotation marks", 6),
        ("[a] = yes or [b]", "'yes' is neither a function nor text in quotation marks", 6),
    ],
)
def test_an_error_says_what_is_wrong_and_where(text: str, message: str, offset: int) -> None:
    with pytest.raises(LogicError) as caught:
        parse(text)

    assert (caught.value.message, caught.value.offset) == (message, offset)


def test_an_error_has_line_and_column() -> None:
    with pytest.raises(LogicError, match=r"\(line 2, column 5\)") as caught:
        parse("[a] = 1\r\nor (]")

    assert (caught.value.line, caught.value.column) == (2, 5)


def test_a_long_word_in_a_message_is_cut() -> None:
    with pytest.raises(LogicError) as caught:
        parse("1 " + "a" * 5_000)

    assert caught.value.message == f"an operator should stand before '{'a' * 30}…'"


def refused(text: str) -> None:
    with pytest.raises(LogicError):
        parse.__wrapped__(text)


@pytest.mark.parametrize(
    "text",
    [
        lambda size: "[a] " + "b" * size + "]",
        lambda size: "a" * size + " ]",
        lambda size: "[a] = 1 " + "or [a] = 1 " * (size // 10) + "or",
        lambda size: "[a] =" + " " * size,
        lambda size: "(" * (size // 4) + "[a] [b]",
        lambda size: "'" * (2 * size + 1),
        lambda size: "/*" * size,
        lambda size: "[" * size,
        lambda size: "[a" + " " * size,
        lambda size: "[" + "a " * size + "]",
    ],
    ids=(
        "word", "name", "chain", "blanks", "parentheses", "quotes", "comments", "brackets",
        "blank name", "words in brackets",
    ),
)  # fmt: skip
def test_the_time_of_refusing_grows_with_the_text(text: Callable[[int], str]) -> None:
    assert growth(refused, text, 2_000) < TOO_MUCH
