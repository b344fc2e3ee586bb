"""An instrument renamed in REDCap's own page: how it is found, and the files under its new name.

The Online Designer gives the instrument another unique name and keeps its fields (knowledge base);
where it is named elsewhere (events, repeats, rights, `<instrument>_complete` in logic) the new
name stands there too. Its file keeps its name, which is only a path.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from redcap_iac.document import Listing, Map, Node, Text
from redcap_iac.edits import Edit, Path, RenameInstrument, RenameSection, SetCell, SetSection
from redcap_iac.merging.dictionary import fields_of
from redcap_iac.merging.sides import LOGIC, Sides, referring, statuses
from redcap_iac.state import State

#: Maps of instruments in a role or a user.
_LEVELS = ("instruments", "export")


def found(sides: Sides) -> Mapping[str, str]:
    """Return the instruments that look renamed, old name by new one.

    One is gone in REDCap, and most of its fields that are still there stand in one that has come,
    and are most of what is known of that one's fields.
    """
    if "fields" not in sides.files:
        return {}
    live = fields_of(sides.live)
    files, base = _by_form(sides.files), _by_form(sides.base or sides.files)
    there = _by_form(sides.live)
    known = {name for names in files.values() for name in names}
    pairs: dict[str, str] = {}
    for old, names in files.items():
        if old in there or old not in base:
            continue
        left = [live[name].form_name for name in names if name in live]
        for new in dict.fromkeys(left):
            common = left.count(new)
            of_new = sum(name in known for name in there[new])
            is_new = new not in files and new not in base
            if is_new and common * 2 > len(left) and common * 2 > of_new:
                pairs[old] = new
    return pairs


def _by_form(state: State) -> dict[str, list[str]]:
    forms: dict[str, list[str]] = {}
    for one in fields_of(state).values():
        forms.setdefault(one.form_name, []).append(one.field_name)
    return forms


def edits(root: Map, declared: State, names: Mapping[str, str]) -> Iterator[Edit]:
    """Yield what brings the new names into the files, wherever an instrument is named."""
    for old, new in names.items():
        yield RenameInstrument(old, new, hint=True)
    spoken = statuses(names)
    for name, one in fields_of(declared).items():
        for column in LOGIC:
            text = getattr(one, column)
            if (other := referring(text, spoken)) != text:
                yield SetCell(name, column, other)
    for path, node in _naming(root):
        yield from _renamed(path, node, names)


def _renamed(path: Path, node: Node, names: Mapping[str, str]) -> Iterator[Edit]:
    if isinstance(node, Map):
        for key, _ in node.entries:
            if key.text in names:
                yield RenameSection((*path, key.text), names[key.text])
    elif isinstance(node, Listing):
        for number, item in enumerate(node.items):
            if isinstance(item, Text) and item.text in names:
                yield SetSection((*path, number), names[item.text])


def _naming(root: Map) -> Iterator[tuple[Path, Node]]:
    """Yield every list and map whose items or keys are instruments."""
    if (repeat := root.get("repeat")) is not None:
        yield ("repeat",), repeat
    arms = root.listing("arms")
    for number, arm in enumerate(arms.items if arms is not None else ()):
        events = arm.listing("events") if isinstance(arm, Map) else None
        for place, event in enumerate(events.items if events is not None else ()):
            for word in ("instruments", "repeat") if isinstance(event, Map) else ():
                node = event.get(word) if isinstance(event, Map) else None
                if node is not None:
                    yield ("arms", number, "events", place, word), node
    for section in ("roles", "users"):
        holders = root.map(section)
        for name, holder in holders.entries if holders is not None else ():
            for word in _LEVELS if isinstance(holder, Map) else ():
                node = holder.get(word) if isinstance(holder, Map) else None
                if node is not None:
                    yield (section, name.text, word), node
