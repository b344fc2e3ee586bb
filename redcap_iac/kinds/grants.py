"""What a role, or a user with rights of their own, may do: rights, instruments, export.

API: columns of one right each (text in roles, integers in users, recorded), and the maps `forms`
and `forms_export` from instrument to code. A map that is sent replaces the whole map, and an
instrument missing from it falls to no access (recorded): maps are always sent complete.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from redcap_iac.calls import Cell
from redcap_iac.changes import Normal
from redcap_iac.findings import Position
from redcap_iac.kinds import rights
from redcap_iac.kinds.kind import WireRow
from redcap_iac.state import State, Target

#: The key that stands for every instrument not named.
ALL = "*"

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Grants:
    """Pairs of a name and a level, sorted by name but the rights, which keep the table's order.

    As declared `ALL` may stand for instruments and rights are those named; as live or completed
    every right the server knows and every instrument is there. `unknown` are rights granted that
    the server does not have, `stray` instruments named that the project does not have, `by_all`
    those that `ALL` covers and no name; `at` is where the manifest says it.
    """

    rights: Pairs = ()
    instruments: Pairs = ()
    export: Pairs = ()
    unknown: tuple[str, ...] = field(default=(), compare=False)
    stray: tuple[str, ...] = field(default=(), compare=False)
    at: Position | None = field(default=None, compare=False)
    by_all: tuple[str, ...] = field(default=(), compare=False)

    def holds(self, right: str) -> bool:
        """Tell whether a right is held in full: read-only User Rights are not (recorded)."""
        return dict(self.rights).get(right, "") in (rights.GRANTED, "full")

    def completed(
        self, known: Collection[str], instruments: tuple[str, ...], live: Grants | None
    ) -> Grants:
        """Return declared grants spelt out for the rights and instruments there are.

        A right not named is not granted. Instruments that are about to go keep what they have
        live: they are no difference. What neither `ALL` nor a name covers is left out.
        """
        named = dict(self.rights)
        present = {ALL, *instruments, *(name for name, _ in (live.instruments if live else ()))}
        spelt = tuple(
            (right.name, named.get(right.name, right.levels[0]))
            for right in rights.RIGHTS
            if right.name in known
        )
        return Grants(
            spelt,
            _spelt(self.instruments, instruments, live.instruments if live else ()),
            _spelt(self.export, instruments, live.export if live else ()),
            tuple(n for n, level in named.items() if n not in known and rights.is_granted(level)),
            tuple(
                dict.fromkeys(n for n, _ in (*self.instruments, *self.export) if n not in present)
            ),
            self.at,
            tuple(name for name in instruments if self._leaves_to_all(name)),
        )

    def _leaves_to_all(self, instrument: str) -> bool:
        """Tell whether `ALL` gives something on an instrument that no key names."""
        return any(
            instrument not in (named := dict(pairs))
            and rights.is_granted(named.get(ALL, rights.NONE))
            for pairs in (self.instruments, self.export)
        )

    def normal(self) -> Normal:
        """Return what is granted; what is not granted is not there."""
        return (
            ("rights", _granted(self.rights)),
            ("instruments", _granted(self.instruments)),
            ("export", _granted(self.export)),
        )

    def cells(self, instruments: Iterable[str], target: Target) -> dict[str, Cell]:
        """Return the cells of an import row: known rights as text, both maps complete."""
        names = tuple(instruments)
        forms, exports = dict(self.instruments), dict(self.export)
        return {
            **{name: rights.BY_NAME[name].value(level) for name, level in self.rights},
            "forms": {
                name: rights.form_code(
                    forms.get(name, rights.NONE), in_bits=target.form_rights_in_bits
                )
                for name in names
            },
            "forms_export": {
                name: rights.export_code(exports.get(name, rights.NONE)) for name in names
            },
        }

    def draft(self, instruments: Iterable[str]) -> dict[str, object]:
        """Return the manifest's maps: what is granted, `ALL` for the most frequent level."""
        names = tuple(instruments)
        made: dict[str, object] = {
            "rights": {name: _written(level) for name, level in _granted(self.rights)}
        }
        for key, pairs in (("instruments", self.instruments), ("export", self.export)):
            levels = {name: dict(pairs).get(name, rights.NONE) for name in names}
            if any(rights.is_granted(level) for level in levels.values()):
                made[key] = {name: _written(level) for name, level in _shortened(levels)}
        return made


def read(row: WireRow) -> Grants:
    """Return what an exported row of a user or role grants; columns not in the table are left."""
    return Grants(
        tuple(
            (right.name, right.level(_value(row[right.name])))
            for right in rights.RIGHTS
            if right.name in row
        ),
        tuple(sorted((n, rights.form_level(code)) for n, code in _map(row, "forms"))),
        tuple(sorted((n, rights.export_level(code)) for n, code in _map(row, "forms_export"))),
    )


def is_opened(grants: Grants, before: State, after: State) -> bool:
    """Tell whether new instruments give somebody more than these completed grants say.

    Whoever imports a dictionary may edit and export the instruments new in it (inferred).
    """
    new = set(instruments_of(after)) - set(instruments_of(before))
    forms, exports = dict(grants.instruments), dict(grants.export)
    return any(
        forms.get(name, rights.NONE) != rights.EDIT or exports.get(name, rights.NONE) != "full"
        for name in new
    )


def instruments_of(state: State) -> tuple[str, ...]:
    """Return the names of a state's instruments in order, those without fields last."""
    fields = [str(getattr(item, "form_name", "")) for item in state.kinds.get("fields", ())]
    listed = [str(getattr(item, "name", "")) for item in state.kinds.get("instruments", ())]
    return tuple(name for name in dict.fromkeys((*fields, *listed)) if name)


def _spelt(declared: Pairs, instruments: tuple[str, ...], live: Pairs) -> Pairs:
    named = {name: level for name, level in declared if name != ALL}
    rest = dict(declared).get(ALL)
    spelt = {name: rest for name in instruments if rest is not None}
    leaving = {name: level for name, level in live if name not in instruments}
    return tuple(sorted({**leaving, **spelt, **named}.items()))


def _granted(pairs: Pairs) -> Pairs:
    return tuple((name, level) for name, level in pairs if rights.is_granted(level))


def _shortened(levels: Mapping[str, str]) -> Pairs:
    """Return the pairs with `ALL` first where that leaves fewer of them."""
    ((most, count),) = Counter(levels.values()).most_common(1)
    if count < 2:
        return tuple(levels.items())
    return ((ALL, most), *((n, level) for n, level in levels.items() if level != most))


def _written(level: str) -> object:
    """Return a level as the manifest writes it: a flag, a word, a list, `raw: N` as a map."""
    if level in (rights.GRANTED, rights.NOT_GRANTED):
        return level == rights.GRANTED
    raw = rights.raw_value(level)
    if raw:
        return {"raw": raw}
    return level.split(", ") if ", " in level else level


def _value(cell: object) -> str:
    return "" if cell is None else str(int(cell) if isinstance(cell, bool) else cell)


def _map(row: WireRow, column: str) -> list[tuple[str, str]]:
    # PHP writes an empty map as an empty list, and some servers as an empty text
    found = row.get(column)
    pairs = found.items() if isinstance(found, Mapping) else ()
    return [(name, str(code)) for name, code in pairs]
