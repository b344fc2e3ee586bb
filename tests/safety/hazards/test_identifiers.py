"""H113: an identifier flag taken off."""

from __future__ import annotations

import pytest

from redcap_iac.findings import Finding
from redcap_iac.hazard import Answer, Undoable
from redcap_iac.kinds.grants import Grants
from redcap_iac.kinds.users import User
from redcap_iac.state import Item
from tests.kinds.dictionary.drafting import a_field
from tests.safety.hazards.scenes import scene, told

FLAGGED = a_field("surname", "intake", identifier="y")
PLAIN = a_field("surname", "intake")


def somebody(name: str, level: str, instrument: str = "intake") -> User:
    return User(name, "", None, effective=Grants(export=((instrument, level),)))


def hazards(*people: Item) -> list[Finding]:
    return told(scene((FLAGGED,), (PLAIN,), kinds={"users": people}), 3, "H113")


def test_everybody_who_would_get_it_is_named() -> None:
    (hazard,) = hazards(
        somebody("amy", "deidentified"),
        somebody("bob", "no_identifiers"),
        somebody("cid", "full"),
        somebody("dan", "none"),
        somebody("eve", "deidentified", "visit"),
    )
    assert hazard.address == "field/surname"
    assert "amy and bob" in hazard.message
    assert hazard.stake is not None
    assert hazard.stake.names == ("amy", "bob")
    assert (hazard.stake.answer, hazard.stake.undoable) == (Answer.ACCEPTANCE, Undoable.PARTLY)


def test_in_public_nobody_is_named() -> None:
    (hazard,) = hazards(somebody("amy", "deidentified"))
    assert hazard.stake is not None
    assert "amy" not in hazard.stake.public
    assert "fewer than 5 people" in hazard.stake.public


def test_it_waits_where_nobody_would_get_it_now() -> None:
    (hazard,) = hazards(somebody("cid", "full"))
    assert hazard.stake is not None
    assert (hazard.stake.answer, hazard.stake.names) == (Answer.ACCEPTANCE, ())
    assert "nobody" in hazard.message


def test_who_cannot_be_seen_is_said_to_be_unknown() -> None:
    (hazard,) = told(scene((FLAGGED,), (PLAIN,)), 3, "H113")
    assert "cannot be seen" in hazard.message
    assert hazard.stake is not None
    assert hazard.stake.answer is Answer.ACCEPTANCE


@pytest.mark.parametrize("flag", ["y", "Y", " y"])
def test_a_flag_put_on_or_spelt_otherwise_is_none(flag: str) -> None:
    flagged = a_field("surname", "intake", identifier=flag)
    assert told(scene((PLAIN,), (flagged,)), 3, "H113") == []
    assert told(scene((FLAGGED,), (flagged,)), 3, "H113") == []
