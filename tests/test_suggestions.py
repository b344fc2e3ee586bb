from __future__ import annotations

import pytest

from redcap_iac.suggestions import first_in_words, in_words


@pytest.mark.parametrize(
    ("parts", "words"),
    [([], ""), (["a"], "a"), (["a", "b"], "a or b"), (["a", "b", "c"], "a, b or c")],
)
def test_parts_are_joined_as_people_write_them(parts: list[str], words: str) -> None:
    assert in_words(parts) == words


def test_all_are_named_where_there_are_few() -> None:
    assert first_in_words("abc", most=3) == "a, b and c"


def test_the_rest_of_many_is_counted() -> None:
    assert first_in_words("abcde", most=3) == "a, b, c and 2 more"
