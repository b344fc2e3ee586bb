"""The fast parser is used where it is installed."""

from __future__ import annotations

import pytest

from redcap_iac.manifest import events
from redcap_iac.manifest.events import hide_special, parse_fast, parse_portable, parser_here


def test_the_fast_parser_is_used_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    assert parser_here() is parse_fast
    monkeypatch.setattr(events, "_C_PART", "no_such_module_at_all")
    assert parser_here() is parse_portable


def test_special_letters_are_hidden_behind_unused_ones() -> None:
    hidden, back = hide_special("a\u2028b\ue000\ufeff")
    assert hidden == "a\ue001b\ue000\ue002"
    assert hidden.translate(back) == "a\u2028b\ue000\ufeff"


def test_other_text_is_left_alone() -> None:
    assert hide_special("a\nb") == ("a\nb", {})
