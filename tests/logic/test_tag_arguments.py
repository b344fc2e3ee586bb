import pytest

from redcap_iac.logic.tag_arguments import Argument, braced, parenthesized


def parts(text: str, *, has_comments: bool = False) -> list[str]:
    _, found, _, _ = parenthesized(text, 0, 0, has_comments=has_comments)
    return [part.text for part in found]


@pytest.mark.parametrize(
    ("text", "split"),
    [
        ("(a)", ["a"]),
        ("( a , b )", ["a", "b"]),
        ("(a, (b, c), [d, e], f)", ["a", "(b, c)", "[d, e]", "f"]),
        ("('a, b', \"c, d\")", ["'a, b'", '"c, d"']),
        ("('a \" b', c)", ["'a \" b'", "c"]),
        (r"('it\'s, so', c)", [r"'it\'s, so'", "c"]),
        ("(a, '', )", ["a", "''", ""]),
        ("()", [""]),
    ],
)
def test_parts_are_split_at_commas_of_their_own_level(text: str, split: list[str]) -> None:
    assert parts(text) == split


def test_a_comment_may_hold_anything() -> None:
    text = "(a, // don't (stop\n b, # [here\r c)"

    assert parts(text, has_comments=True)[1:] == ["// don't (stop\n b", "# [here\r c"]


def test_without_comments_a_number_sign_is_text() -> None:
    assert parts("(a #1, b)") == ["a #1", "b"]


def test_offsets_count_from_a_base() -> None:
    whole, found, end, closed = parenthesized("@IF( a, bc )", 3, 100, has_comments=True)

    assert whole == Argument("a, bc", 105)
    assert found == (Argument("a", 105), Argument("bc", 108))
    assert (end, closed) == (12, True)


def test_what_is_never_closed_is_read_to_the_end() -> None:
    whole, found, end, closed = parenthesized("(a, (b", 0, 0, has_comments=False)

    assert (whole.text, [part.text for part in found]) == ("a, (b", ["a", "(b"])
    assert (end, closed) == (6, False)


@pytest.mark.parametrize(
    ("text", "end", "closed"),
    [
        ("{}x", 2, True),
        ('{"a":{"b":1}} @X', 13, True),
        ('{"a":"}"} @X', 9, True),
        (r'{"a":"\"}"} @X', 11, True),
        ('{"a":1 @X', 9, False),
    ],
)
def test_braces_end_at_their_partner(text: str, end: int, closed: bool) -> None:
    assert braced(text, 0) == (end, closed)
