"""What differs between two states: one change an item, with kind, key, before and after."""

from __future__ import annotations

from dataclasses import dataclass

from redcap_iac.calls import Key
from redcap_iac.state import Item

#: An aspect in the form in which two items are compared and people read it: text, or ordered
#: pairs (choices: code → label; rights: name → level).
Value = str | tuple[tuple[str, str], ...]
#: All aspects of an item, in the order people expect them.
Normal = tuple[tuple[str, Value], ...]


@dataclass(frozen=True, slots=True)
class Aspect:
    """One difference inside an item: its name, the value before and after ("" is none).

    `origin`, where a base is known: `yours`, or `outside` when it undoes what was done there.
    """

    name: str
    before: Value
    after: Value
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Create:
    """An item that is declared and not live."""

    kind: str
    key: Key
    address: str
    after: Item


@dataclass(frozen=True, slots=True)
class Delete:
    """An item that is live and not declared."""

    kind: str
    key: Key
    address: str
    before: Item


@dataclass(frozen=True, slots=True)
class Update:
    """An item that is both, and differs in some aspects."""

    kind: str
    key: Key
    address: str
    before: Item
    after: Item
    aspects: tuple[Aspect, ...]


@dataclass(frozen=True, slots=True)
class Rename:
    """An item whose name people know it by changes while the object stays: event, DAG, role."""

    kind: str
    key: Key
    address: str
    before: Item
    after: Item
    aspects: tuple[Aspect, ...]


Change = Create | Update | Delete | Rename
