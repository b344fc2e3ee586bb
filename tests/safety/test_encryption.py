"""Record values at rest: readable with the passphrase, with nothing else."""

from __future__ import annotations

import json

import pytest

from redcap_iac.errors import GuardError, RedcapIacError
from redcap_iac.safety import encryption
from redcap_iac.safety.encryption import opened, require, sealed
from redcap_iac.secret import Secret

PASSPHRASE = Secret("correct horse battery")


def test_what_was_sealed_opens_with_the_same_passphrase() -> None:
    assert opened(sealed(b"dull", PASSPHRASE), PASSPHRASE) == b"dull"


def test_nothing_of_it_can_be_read() -> None:
    assert "fine day" not in sealed(b"fine day", PASSPHRASE)


def test_the_same_values_are_sealed_differently_each_time() -> None:
    assert sealed(b"dull", PASSPHRASE) != sealed(b"dull", PASSPHRASE)


def test_another_passphrase_does_not_open_it() -> None:
    with pytest.raises(GuardError, match="do not open"):
        opened(sealed(b"dull", PASSPHRASE), Secret("another passphrase"))


def test_an_altered_file_opens_with_no_passphrase() -> None:
    parts = json.loads(sealed(b"dull", PASSPHRASE))
    swap = {"A": "B"}.get(parts["data"][20], "A")
    parts["data"] = parts["data"][:20] + swap + parts["data"][21:]
    with pytest.raises(GuardError, match="do not open") as caught:
        opened(json.dumps(parts), PASSPHRASE)
    assert caught.value.exit_code == 3
    assert "altered" in caught.value.advice


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"rounds": 3, "salt": "AA==", "data": ""}'])
def test_what_is_no_such_file_is_told(text: str) -> None:
    with pytest.raises(RedcapIacError, match="damaged"):
        opened(text, PASSPHRASE)


@pytest.mark.parametrize(
    ("given", "said"), [(None, "is not set"), (Secret(""), "is not set"), (Secret("short"), "12")]
)
def test_without_a_good_passphrase_nothing_is_sealed(given: Secret | None, said: str) -> None:
    with pytest.raises(GuardError, match=said):
        require(given)


def test_without_the_extra_nothing_is_sealed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encryption, "IS_AVAILABLE", False)
    with pytest.raises(GuardError) as caught:
        sealed(b"dull", PASSPHRASE)
    assert "redcap-iac[encryption]" in caught.value.advice
