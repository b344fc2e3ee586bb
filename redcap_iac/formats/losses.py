"""What a file does not say of what was to be written: found by reading the file again.

Nobody has to remember what a format cannot hold: whatever is not there when it is read back was
lost, and is named.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from redcap_iac.findings import Finding, Severity
from redcap_iac.formats.naming import Named
from redcap_iac.kinds import all_kinds, kind_named
from redcap_iac.kinds.dags import Dag
from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.kinds.instruments import Instrument, title_cased
from redcap_iac.kinds.kind import Kind
from redcap_iac.kinds.roles.role import Role
from redcap_iac.kinds.users import User
from redcap_iac.state import Item

#: Signs that are no line break and no tab; XML has no way to say most of them.
_CONTROL = re.compile(r"[\0-\x08\x0b\x0c\x0e-\x1f\x7f]")
#: The code of a loss by its kind.
_FIELDS, _LABELS, _SETTINGS, _SCHEDULE, _DAGS, _ROLES, _PEOPLE = (
    "C110", "C111", "C112", "C113", "C114", "C115", "C116",
)  # fmt: skip
_CODES: Mapping[str, str] = {
    "fields": _FIELDS,
    "instruments": _LABELS,
    "project": _SETTINGS,
    "arms": _SCHEDULE,
    "events": _SCHEDULE,
    "designations": _SCHEDULE,
    "repeating": _SCHEDULE,
    "dags": _DAGS,
    "roles": _ROLES,
    "users": _PEOPLE,
    "role_assignments": _PEOPLE,
    "dag_assignments": _PEOPLE,
}
#: Codes of losses, those that readers tell included; every other code is for information.
LOSSES = frozenset({*_CODES.values(), "C117", "C118", "C119", "C120", "C121", "C124", "C126"})


def losses(before: Named, after: Named) -> tuple[Finding, ...]:
    """Return a warning for all that was there before and is gone or different after.

    What is there only after is no loss: a format may have to say what nobody did.
    """
    found: list[Finding] = []
    for kind in all_kinds():
        by_name = {_called(item): item for item in kind.items(after.state)}
        there = {kind.key(item) for item in kind.items(after.state)}
        items = kind.items(before.state)
        for item, same in zip(items, _matches(kind, items, after), strict=True):
            called = _called(item)
            match = by_name.get(called) if called and kind.key(item) not in there else same
            found += _of_item(kind, item, match, after)
    found += _order(before, after)
    return tuple(found)


def _matches(kind: Kind[Any], items: Sequence[Item], after: Named) -> list[Item | None]:
    """Return what became of each item by its key; what is there twice must be held twice."""
    left: dict[object, list[Item]] = {}
    for item in kind.items(after.state):
        left.setdefault(kind.key(item), []).append(item)
    found: list[Item | None] = [None] * len(items)
    for equal in (True, False):  # of several under one key, those that are the same first
        for number, item in enumerate(items):
            same = left.get(kind.key(item), [])
            for other in same if found[number] is None else ():
                if not equal or kind.normal(item) == kind.normal(other):
                    found[number] = other
                    del same[next(n for n, one in enumerate(same) if one is other)]
                    break
    return found


def _of_item(kind: Kind[Any], item: Item, match: Item | None, after: Named) -> Iterator[Finding]:
    address = kind.address(item)
    if isinstance(item, Instrument):
        yield from _of_instrument(item, match, address, after)
    elif match is None:
        if not _goes_without_saying(kind, item, after):
            yield _loss(kind.name, address, f"{address} is not held.", item)
    else:
        for name, was in _different(kind, item, match):
            said = "is not held as it was" if was else "was empty and is not any more"
            yield _loss(kind.name, address, f"{address}: {name} {said}.", item)


def _of_instrument(
    item: Instrument, match: Item | None, address: str, after: Named
) -> Iterator[Finding]:
    """Yield the loss of an instrument without fields, or of a label REDCap would not make."""
    label = match.label if isinstance(match, Instrument) and match.label else title_cased(item.name)
    if match is None and not _has_fields(item.name, after):
        yield _loss("instruments", address, f"{address} is not held.", item)
    elif item.label and item.label != label:
        said = f'{address}: the label "{item.label}" is not held.'
        yield _loss("instruments", address, said, item)


def _called(item: Item) -> str:
    """Return what a role or group goes by where REDCap makes its unique name anew, else ""."""
    if isinstance(item, Role):
        return item.handle or item.label
    return item.name.strip() if isinstance(item, Dag) else ""


def _different(kind: Kind[Any], item: Item, match: Item) -> Iterator[tuple[str, object]]:
    """Yield name and value before of every part that differs, but what came in addition."""
    was, now = dict(kind.normal(item)), dict(kind.normal(match))
    for name, value in was.items():
        if value and now.get(name) != value:
            if isinstance(item, User) and item.grants is None and name != "expires":
                continue
            yield name, value
    if kind.name == "fields":
        # a cell that is filled only afterwards is another design
        yield from ((name, "") for name in now if name not in was)
        if isinstance(item, Field) and isinstance(match, Field):
            told = {name for name, value in was.items() if value and now.get(name) != value}
            if not told:
                yield from _signs(item, match)


def _signs(item: Field, match: Field) -> Iterator[tuple[str, str]]:
    """Yield columns that lost a control character, which comparing takes for a blank or drops."""
    for column, text in item.row().items():
        signs = Counter(_CONTROL.findall(text))
        if signs - Counter(_CONTROL.findall(getattr(match, column))):
            yield column.replace("_", " "), text


def _goes_without_saying(kind: Kind[Any], item: Item, after: Named) -> bool:
    """Tell whether an item that is not there is meant all the same."""
    if kind.name == "project":
        value = getattr(item, "value", "")
        if getattr(item, "name", "") == "is_longitudinal":
            return value != "1" or bool(after.state.kinds.get("events"))
        return value == ""
    if kind.name in ("role_assignments", "dag_assignments"):
        return getattr(item, "to", "") == ""
    return kind.name == "arms" and not getattr(item, "has_events", True)


def _has_fields(name: str, named: Named) -> bool:
    fields: Iterable[Field] = kind_named("fields").items(named.state)
    return any(field.form_name == name for field in fields)


def _order(before: Named, after: Named) -> Iterator[Finding]:
    """Yield the loss of an order that is part of the design."""
    for kind in all_kinds():
        if not kind.ordered:
            continue
        there = {kind.key(item): None for item in kind.items(after.state)}
        was = [kind.key(item) for item in kind.items(before.state) if kind.key(item) in there]
        mine = list(dict.fromkeys(was))
        known = set(mine)
        now = [key for key in there if key in known]
        if mine != now:
            first = next(key for key, other in zip(mine, now, strict=True) if key != other)
            said = f"The order of fields is not held, from {first} on."
            yield _loss(kind.name, f"field/{first}", said, None)


def _loss(kind: str, address: str, message: str, item: Item | None) -> Finding:
    at = item.at if item is not None else None
    return Finding(_CODES[kind], Severity.WARNING, message, at, address)
