"""How a project file cuts instruments into item groups: at every change of section header."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from redcap_iac.emulator import design
from redcap_iac.emulator.odm.vocabulary import STATUS_LABEL

#: A field's stored row: the 18 columns, and `extras`.
Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Group:
    """A group of items: (item OID, variable) each; `name` is the section or the form's label."""

    oid: str
    name: str
    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Form:
    """An instrument with its fields, and `pseudo` items that are no fields.

    Those stand before the first field, but in the first instrument after the record id
    (recorded).
    """

    name: str
    label: str
    rows: tuple[Row, ...]
    pseudo: tuple[str, ...] = ()
    is_first: bool = False

    @property
    def status(self) -> str:
        """The name of the form status item."""
        return f"{self.name}_complete"

    def groups(self) -> Iterator[Group]:
        """Yield the groups in order, the form status last (recorded)."""
        for header, members in groupby(self._entries(), key=lambda entry: entry.header):
            entries = tuple(members)
            items = tuple((entry.oid, entry.variable) for entry in entries)
            # without a header a group that a checkbox opens has no name (recorded)
            name = header or ("" if entries[0].is_checkbox else self.label)
            yield Group(f"{self.name}.{items[0][0]}", name, items)
        yield Group(f"{self.name}.{self.status}", STATUS_LABEL, ((self.status, self.status),))

    def _entries(self) -> Iterator[_Entry]:
        fields = [
            _Entry(row["section_header"], oid, row["field_name"], row["field_type"] == "checkbox")
            for row in self.rows
            for oid in item_oids(row)
        ]
        place = 1 if self.is_first else 0
        yield from fields[:place]
        yield from (_Entry("", name, name) for name in self.pseudo)
        yield from fields[place:]


class _Entry(NamedTuple):
    """An item on its way into a group."""

    header: str
    oid: str
    variable: str
    is_checkbox: bool = False


def item_oids(row: Row) -> tuple[str, ...]:
    """Return the item OIDs of a field: one, or one per choice of a checkbox (recorded)."""
    name = row["field_name"]
    if row["field_type"] != "checkbox":
        return (name,)
    codes = design.parse_choices(row["select_choices_or_calculations"])
    return tuple(f"{name}___{design.export_code(code)}" for code, _ in codes)
