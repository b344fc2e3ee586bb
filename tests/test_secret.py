"""A token shows itself nowhere but where it is revealed."""

from __future__ import annotations

import copy
import json
import pickle

import pytest

from redcap_iac.secret import Secret, redact

TOKEN = "0123456789ABCDEF" * 2


@pytest.mark.parametrize(
    "shown",
    [repr, str, "{}".format, "{!r}".format, "{!s:>9}".format, lambda secret: f"{[secret]}"],
    ids=["repr", "str", "format", "format-r", "format-s", "in a list"],
)
def test_no_form_of_it_shows_the_text(shown: object) -> None:
    assert callable(shown)
    assert TOKEN not in str(shown(Secret(TOKEN)))


def test_it_is_revealed_on_purpose() -> None:
    assert Secret(TOKEN).reveal() == TOKEN


@pytest.mark.parametrize("write", [pickle.dumps, copy.copy, copy.deepcopy, json.dumps])
def test_it_cannot_be_written_anywhere(write: object) -> None:
    assert callable(write)
    with pytest.raises(TypeError) as raised:
        write(Secret(TOKEN))
    assert TOKEN not in str(raised.value)


def test_secrets_are_equal_by_their_text_and_to_nothing_else() -> None:
    assert Secret(TOKEN) == Secret(TOKEN)
    assert len({Secret(TOKEN), Secret(TOKEN), Secret("other")}) == 2
    assert Secret(TOKEN) != TOKEN


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"token={TOKEN}&content=arm", "token=[token]&content=arm"),
        (f"{TOKEN}{TOKEN}", "[token]"),
        (f"a {TOKEN.lower()}, b", "a [token], b"),
        (f"noise\n{TOKEN}\n", "noise\n[token]\n"),
        ("a sha256 prefix 0123456789abcdef stays", "a sha256 prefix 0123456789abcdef stays"),
        (f"x{TOKEN}", f"x{TOKEN}"),
        (f"{TOKEN}0", f"{TOKEN}0"),
    ],
)
def test_what_has_the_shape_of_a_token_is_blacked_out(text: str, told: str) -> None:
    assert redact(text) == told
