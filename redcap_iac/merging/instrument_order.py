"""The order of instruments in the list of files: entries change places, files stay as they are."""

from __future__ import annotations

from posixpath import normpath

from redcap_iac.document import Map, Text
from redcap_iac.edits import SetSection
from redcap_iac.kinds.instruments import Instrument
from redcap_iac.merging.deciding import Decided
from redcap_iac.merging.group import Group
from redcap_iac.merging.sides import Sides
from redcap_iac.merging.verdict import Verdict

#: What the group of this edit is about.
ABOUT = ("fields", "")
REFUSAL = (
    "instruments change places by hand where they come or go with it, are written in redcap.yaml,"
    " share a file or come by a pattern"
)


def reordered(root: Map, sides: Sides, decided: Decided) -> Group | None:
    """Return the edit that puts the instruments in order, None where none can do that alone."""
    listing = root.listing("instruments")
    files = _files(sides)
    known = [name for name in decided.forms.names if name in files.values()]
    if listing is None or decided.forms.verdict is not Verdict.TAKE:
        return None
    entries = [item.text for item in listing.items if isinstance(item, Text)]
    by_name = {files.get(normpath(entry), ""): entry for entry in entries}
    come_or_go = any(one.kind == "instruments" and one.whole for one in decided.of(Verdict.TAKE))
    if come_or_go or len(entries) != len(listing.items) or set(by_name) != set(known):
        return None
    return Group((ABOUT,), (SetSection(("instruments",), [by_name[name] for name in known]),))


def _files(sides: Sides) -> dict[str, str]:
    """Return the instrument of each file that holds one alone."""
    found: dict[str, list[str]] = {}
    for item in sides.desired.state.kinds.get("instruments", ()):
        if isinstance(item, Instrument) and item.at is not None:
            found.setdefault(item.at.file, []).append(item.name)
    return {file: names[0] for file, names in found.items() if len(names) == 1}
