"""Three states of one study under one set of names: the files, their base, REDCap.

What the manifest names otherwise than REDCap does until it is applied (`renamed_from`), and what
was renamed in REDCap itself, is looked at under the name the files will have.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from redcap_iac.calls import Key, Made
from redcap_iac.differ import bind
from redcap_iac.errors import ManifestError
from redcap_iac.findings import Findings
from redcap_iac.kinds import all_kinds
from redcap_iac.kinds.dictionary.field import CHOICES, Field
from redcap_iac.kinds.dictionary.hints import followed
from redcap_iac.kinds.grants import instruments_of
from redcap_iac.kinds.kind import Settling
from redcap_iac.kinds.visits import comparable
from redcap_iac.merging.facets import Facet, Place
from redcap_iac.merging.recalling import recalled, with_base
from redcap_iac.state import Desired, Item, Live, State

Nearer = Mapping[tuple[str, str], Mapping[Place, Facet | None]]
#: What settling fills in from REDCap where nobody declares it; only what is declared counts.
_FILLED = frozenset({"users", "role_assignments", "dag_assignments", "project", "instruments"})
#: Columns in which fields name each other.
LOGIC = (
    "branching_logic",
    CHOICES,
    "field_annotation",
    "field_label",
    "field_note",
    "section_header",
    "text_validation_min",
    "text_validation_max",
)


@dataclass(frozen=True, slots=True)
class Renamed:
    """What was renamed in REDCap's own pages and is taken for that: old → new.

    Fields and instruments by name; other kinds by kind and the key the files know the item by, to
    the live key.
    """

    fields: Mapping[str, str] = field(default_factory=dict)
    items: Mapping[tuple[str, Key], str] = field(default_factory=dict)
    instruments: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sides:
    """The three states, bound and completed alike; `base` is None where there is none.

    `nearer` are parts of items, by kind and key, that have another base than the rest.
    """

    desired: Desired
    files: State
    base: State | None
    live: State
    renamed: Renamed
    nearer: Nearer = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Earlier:
    """What earlier pulls brought, by digest, and the design of the present commit."""

    known: Mapping[str, str] = field(default_factory=dict)
    commit: Desired | None = None


def sides(
    desired: Desired,
    base: Desired | None,
    live: Live,
    renamed: Renamed,
    earlier: Earlier | None = None,
) -> Sides:
    """Bind and complete; raises ManifestError when what is declared contradicts what is live."""
    found = Findings()
    desired = comparable(desired, live, Findings())
    mine = bind(desired.state, live.state, found)
    if found.errors():
        raise ManifestError(found.all())
    hints = followed(mine, live.state)
    theirs = under_new_names(live.state, hints.fields, hints.instruments)
    mine = _rebound(under_new_names(mine, renamed.fields, renamed.instruments), renamed)
    fields, forms = ({**hints.fields, **renamed.fields},
                     {**hints.instruments, **renamed.instruments})  # fmt: skip
    names = tuple(dict.fromkeys((*instruments_of(theirs), *instruments_of(mine))))
    there = replace(live, state=theirs)

    def before(one: Desired) -> State:
        state = bind(comparable(one, live, Findings()).state, live.state, Findings())
        return _settled(_rebound(under_new_names(state, fields, forms), renamed), there, names)

    mine = _settled(mine, there, names)
    was = None if base is None else before(base)
    nearer: Nearer = {}
    if was is not None and earlier is not None and earlier.known:
        candidates = [mine] if earlier.commit is None else [mine, before(earlier.commit)]
        again = recalled(was, candidates, earlier.known)
        was, nearer = with_base(was, again), again.parts
    return Sides(desired, mine, was, theirs, renamed, nearer)


def _settled(state: State, live: Live, instruments: tuple[str, ...]) -> State:
    """Return a state with what it leaves open filled in, and nothing it does not declare."""
    settling = Settling(live, live.state, instruments)
    for kind in all_kinds():
        declared = kind.of(state)
        if declared is None or kind.of(live.state) is None:
            continue
        settled: tuple[Item, ...] = kind.settle(declared, settling)
        if kind.name in _FILLED:
            settled = tuple(item for item in settled if item.at is not None)
        state = state.having(kind.name, settled)
    return state


def _rebound(state: State, renamed: Renamed) -> State:
    """Return a state in which what was renamed has the live key."""
    names = {key: live for (_, key), live in renamed.items.items() if isinstance(key, Made)}
    if not names:
        return state
    for kind in all_kinds():
        items = kind.of(state)
        if items is not None:
            state = state.having(kind.name, tuple(kind.rebound(item, names) for item in items))
    return state


def under_new_names(
    state: State, fields: Mapping[str, str], instruments: Mapping[str, str]
) -> State:
    """Return a state as it is when fields and instruments have these names, logic included."""
    if not fields and not instruments:
        return state
    spoken = {**statuses(instruments), **fields}
    pattern = _pattern(spoken)
    kinds = dict(state.kinds)
    for name, items in state.kinds.items():
        kinds[name] = tuple(_item(name, item, spoken, instruments, pattern) for item in items)
    return State(kinds, state.partial)


def _item(
    kind: str,
    item: Any,  # noqa: ANN401 - an item of any kind
    fields: Mapping[str, str],
    instruments: Mapping[str, str],
    pattern: re.Pattern[str] | None,
) -> Item:
    if isinstance(item, Field):
        row = item.row()
        row |= {column: referring(row[column], fields, pattern) for column in LOGIC}
        row["field_name"] = fields.get(item.field_name, item.field_name)
        row["form_name"] = instruments.get(item.form_name, item.form_name)
        item = replace(
            Field.of(row, item.at, item.places),
            renamed_from=item.renamed_from,
            recode=item.recode,
        )
    elif kind == "instruments":
        item = replace(item, name=instruments.get(item.name, item.name))
    elif kind in ("designations", "repeating"):
        item = replace(item, instrument=instruments.get(item.instrument, item.instrument))
    elif kind in ("roles", "users") and item.grants is not None and instruments:
        grants = item.grants
        item = replace(
            item,
            grants=replace(
                grants,
                instruments=_pairs(grants.instruments, instruments),
                export=_pairs(grants.export, instruments),
            ),
        )
    named: Item = item
    return named


def _pairs(
    pairs: Iterable[tuple[str, str]], names: Mapping[str, str]
) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((names.get(name, name), level) for name, level in pairs))


def statuses(instruments: Mapping[str, str]) -> dict[str, str]:
    """Return the names of the status fields of instruments that get another name."""
    return {f"{old}_complete": f"{new}_complete" for old, new in instruments.items()}


def _pattern(fields: Mapping[str, str]) -> re.Pattern[str] | None:
    if not fields:
        return None
    names = "|".join(re.escape(name) for name in sorted(fields, key=len, reverse=True))
    return re.compile(rf"\[({names})(?=[\]():])")


def referring(text: str, fields: Mapping[str, str], pattern: re.Pattern[str] | None = None) -> str:
    """Return a text in which `[old]`, `[old(1)]` and `[old:value]` name the new field."""
    pattern = pattern or _pattern(fields)
    if pattern is None or "[" not in text:
        return text
    return pattern.sub(lambda found: f"[{fields[found[1]]}", text)
