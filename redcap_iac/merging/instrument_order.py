"""The order of instruments: entries of the list of files change places, files stay as they are."""

from __future__ import annotations

from redcap_iac.edits import OrderInstruments
from redcap_iac.merging.deciding import Decided
from redcap_iac.merging.dictionary import target
from redcap_iac.merging.group import Group
from redcap_iac.merging.sides import Sides
from redcap_iac.merging.verdict import Verdict

#: What the group of this edit is about.
ABOUT = ("fields", "")


def reordered(sides: Sides, decided: Decided) -> tuple[Group, ...]:
    """Return the edit that puts the instruments in order, nothing where they are."""
    if decided.forms.verdict is not Verdict.TAKE:
        return ()
    names = tuple(name for name, there in target(sides, decided).forms.items() if there)
    return (Group((ABOUT,), (OrderInstruments(names),)),)
