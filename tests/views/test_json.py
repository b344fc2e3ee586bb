from __future__ import annotations

import json

import pytest

from redcap_iac.errors import GuardError
from redcap_iac.plan_reading import from_json
from redcap_iac.views.json import EXIT_NAMES, error_json, exit_json, plan_json
from tests.views.plans import change, plan, step


def test_a_plan_can_be_read_back() -> None:
    made = plan(change("field/age", "create", normal=(("type", "text"),)), steps=(step(),))
    assert from_json(plan_json(made, 2)) == made


def test_letters_stay_as_they_are() -> None:
    made = plan(change("field/age", "create", normal=(("label", "Größe 漢字"),)))
    assert "Größe 漢字" in plan_json(made)


def test_the_published_exit_codes_have_names() -> None:
    assert set(EXIT_NAMES) == {0, 1, 2, 3, 4, 5, 6, 7, 64, 130}
    assert exit_json(4) == {"code": 4, "name": "stale"}


def test_an_error_is_told_without_tokens() -> None:
    made = json.loads(error_json(GuardError("C0FFEE00" * 4, "C0FFEE00" * 8), 3))
    assert made == {
        "error": {"kind": "GuardError", "message": "[token]", "advice": "[token]"},
        "exit": {"code": 3, "name": "stopped"},
    }


def test_half_a_letter_can_still_be_written() -> None:
    made = plan(change("field/age", "create", normal=(("label", "a\ud800b"),)))
    text = plan_json(made)
    text.encode("utf-8")
    assert from_json(text) == made


@pytest.mark.parametrize("hidden", ["\x9b2J", "\x7f", "\u202e", "\u2066", "\u2028", "\ufeff"])
def test_what_a_terminal_would_obey_is_escaped(hidden: str) -> None:
    made = plan(change("field/age", "create", normal=(("label", f"a{hidden}b"),)))
    text = plan_json(made)
    assert hidden[0] not in text
    assert from_json(text) == made
