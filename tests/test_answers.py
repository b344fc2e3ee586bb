"""Refusals about records: people and logs read how many values of which field, never a value."""

from __future__ import annotations

import json

import pytest

from redcap_iac.answers import read_answer, refused_values
from redcap_iac.calls import Call
from redcap_iac.errors import RedcapIacError, RefusedError, RightsError

URL = "https://redcap.example.org/api/"
IMPORT = Call("record", "import", ({"record": "7", "field_name": "dob", "value": "Zanzibar"},))
LINES = '"7","dob","Zanzibar","not valid"\n"8","dob","Zan, ""zi""\nbar","not valid"'


def refusal(call: Call, status: int, words: str) -> RedcapIacError:
    with pytest.raises(RedcapIacError) as raised:
        read_answer(call, status, json.dumps({"error": words}).encode(), URL)
    return raised.value


def test_refused_values_are_counted_by_field() -> None:
    assert refused_values(LINES + '\n"9","sex","x","not a choice"') == "2 of dob, 1 of sex"


@pytest.mark.parametrize("words", ["", "no csv", "x" * 300_000, '"' + "x" * 300_000, "a\0b,c"])
def test_words_of_another_form_count_nothing(words: str) -> None:
    assert refused_values(words) == ""


def test_what_is_no_name_of_a_field_is_not_repeated() -> None:
    assert refused_values('"7","Zanzibar 9","x","y"') == ""


@pytest.mark.parametrize("status", [200, 400, 401, 403, 500, 501, 503])
@pytest.mark.parametrize("words", [LINES, "The value Zanzibar is wrong", "Zanzibar"])
def test_no_refusal_of_an_import_of_records_quotes_a_value(status: int, words: str) -> None:
    error = refusal(IMPORT, status, words)
    assert "Zan" not in error.message
    assert "Zan" not in str(error)


def test_a_failing_server_is_not_quoted_about_records_at_all() -> None:
    error = refusal(Call("record"), 500, "Query failed: where value = 'Zanzibar'")
    assert "Zanzibar" not in error.message


def test_why_an_export_of_records_is_refused_is_told() -> None:
    error = refusal(Call("record", params={"type": "flat"}), 400, "The filterLogic is not valid")
    assert isinstance(error, RefusedError)
    assert "The filterLogic is not valid" in error.message


def test_a_missing_right_is_told_in_redcap_s_words() -> None:
    error = refusal(IMPORT, 403, "You do not have API Import/Update privileges")
    assert isinstance(error, RightsError)
    assert "You do not have API Import/Update privileges" in error.message
