from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redcap_iac.views.printable import printable, shortened, told


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain – ünïcode 漢字 🙂", "plain – ünïcode 漢字 🙂"),
        ("\x1b[31mred\x1b[0m", "␛[31mred␛[0m"),
        ("a\tb\x00\x07\x7f", "a␉b␀␇␡"),
        ("one\r\ntwo\nthree\rfour", "one⏎two⏎three␍four"),
        ("\u202eabc", "<U+202E>abc"),
        ("a\u00a0b\u200bc\u2028d\x9b", "a<U+00A0>b<U+200B>c<U+2028>d<U+009B>"),
    ],
)
def test_what_a_terminal_would_obey_is_shown(text: str, shown: str) -> None:
    assert printable(text) == shown


@given(st.text())
def test_nothing_but_printable_letters_comes_out(text: str) -> None:
    assert printable(text).isprintable()


@given(st.text(), st.text())
def test_a_difference_stays_one(one: str, two: str) -> None:
    if one.replace("\r\n", "\n") != two.replace("\r\n", "\n") and one.isprintable():
        assert printable(one) != printable(two) or not two.isprintable()


def test_blanks_at_the_ends_are_quoted() -> None:
    assert told("Pain ") == '"Pain "'
    assert told("Pain") == "Pain"


def test_a_long_text_says_how_much_is_left_out() -> None:
    assert shortened("x" * 1_700, 600) == "x" * 600 + "… (1,100 more characters)"
    assert shortened("x" * 630, 600) == "x" * 630
