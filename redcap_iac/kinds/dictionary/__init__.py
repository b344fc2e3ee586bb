"""The data dictionary: every field of every instrument, in one list whose order is the design's.

API: Export Metadata; Import Metadata, which replaces the whole dictionary (recorded: fields left
out of the payload are gone, and their data with them) and answers the number of fields. All cells
are texts, 18 columns, fields of an instrument together; the first field is the record id. An
instrument exists through its fields alone. `<instrument>_complete` is never in the dictionary.
A field that does not differ is sent back as it was received.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from redcap_iac.calls import Call
from redcap_iac.changes import Change, Delete, Normal
from redcap_iac.errors import SuspiciousReadError
from redcap_iac.findings import Findings
from redcap_iac.kinds.dictionary import (
    checks,
    order,
    placeholders,
    renaming,
    schema,
    typed,
    writing,
)
from redcap_iac.kinds.dictionary.field import COLUMNS, Field
from redcap_iac.kinds.dictionary.hints import followed
from redcap_iac.kinds.dictionary.normal import aspects, merged
from redcap_iac.kinds.dictionary.renames import renamed
from redcap_iac.kinds.kind import Draft, Kind, Reading, Source, WireRow, Work, encoded
from redcap_iac.plan import Phase, Step
from redcap_iac.state import State, Unit

#: Kinds whose live state an import of the dictionary may change: forms come and go with it.
_TOUCHES = ("fields", "instruments", "designations", "repeating", "roles", "users")


class Dictionary(Kind[Field]):
    """Fields of a project; the item is `Field`."""

    name = "fields"
    unit = Unit.FIELDS
    content = "metadata"
    properties = schema.PROPERTIES
    definitions = schema.DEFINITIONS
    ordered = True

    def declare(self, source: Source, findings: Findings) -> tuple[Field, ...] | None:
        """Return the fields of all instruments in order, CSV files and YAML alike."""
        if source.instruments is None:
            return None
        return typed.declared(source.root, source.instruments, findings)

    def describe(self, state: State, draft: Draft) -> None:
        """Add `instruments`: one map an instrument, typed where that loses nothing."""
        draft["instruments"] = writing.drafted(self.items(state))

    def check(self, desired: State, findings: Findings) -> None:
        """Find what REDCap refuses in a dictionary, and what refers to nothing."""
        fields = self.of(desired)
        if fields is not None:
            checks.check(fields, findings, whole=self.name not in desired.partial)

    def key(self, item: Field) -> str:
        """Return the variable name."""
        return item.field_name

    def address(self, item: Field) -> str:
        """Return `field/<variable>`."""
        return f"field/{encoded(item.field_name)}"

    def normal(self, item: Field) -> Normal:
        """Return what is set in a field, in people's words and order."""
        return aspects(item)

    def merge(self, before: Field, after: Field) -> Field:
        """Return the declared field, with the live text of every column that means the same."""
        row = Field.of(merged(before, after), after.at, after.places)
        return replace(row, renamed_from=after.renamed_from, recode=after.recode)

    def group(self, item: Field) -> str:
        """Return the name of the instrument."""
        return item.form_name

    def leaving(self, undeclared: Sequence[Field], desired: Sequence[Field]) -> tuple[Field, ...]:
        """Return the fields that are renamed, and what only held an instrument open."""
        renamed = {field.renamed_from for field in desired}
        return tuple(
            field
            for field in undeclared
            if field.field_name in renamed or placeholders.is_placeholder(field)
        )

    def final(
        self, live: tuple[Field, ...], desired: tuple[Field, ...], kept: tuple[Field, ...]
    ) -> tuple[Field, ...]:
        """Return declared fields in their order, what is kept behind them in its instrument."""
        return order.final(live, desired, kept)

    def read(
        self,
        rows: Sequence[WireRow],
        reading: Reading,
    ) -> tuple[Field, ...]:
        """Return the fields as exported.

        A project always has a record-id field and every export all 18 columns (recorded): an
        answer without them, or with a column nobody could send back, is refused.
        """
        if not rows:
            raise SuspiciousReadError(
                "the server answered a dictionary without any field, which no project has",
                "Nothing was changed. Try again; if it stays so, ask the REDCap administrator.",
            )
        _refuse_other_columns(rows)
        names = [str(row["field_name"]) for row in rows]
        if len(set(names)) < len(names) or not all(names):
            raise SuspiciousReadError("the server's dictionary names a field twice or not at all")
        return tuple(Field(*(_text(row[column]) for column in COLUMNS)) for row in rows)

    def steps(self, work: Work) -> Iterable[Step]:
        """Return the import that replaces the dictionary, or those a rename goes through.

        Where values are carried nothing goes before they are copied: see `renaming`.
        """
        changes = work.of(self.name)
        forms = work.of("instruments")
        hints = followed(work.desired.state, work.live.state)
        serves = tuple(change.address for change in renamed((*changes, *forms), hints))
        live, final = self.items(work.live.state), self.items(work.final)
        stages = renaming.stages(work.desired.state, work.live.state, final)
        if not stages.copies:
            if changes:
                yield _import(Phase.DICTIONARY, _title(changes, len(final)), final, serves)
            return
        if stages.first != live:
            yield _import(Phase.DICTIONARY, renaming.said_first(stages), stages.first, serves)
        if stages.both not in (live, stages.first):
            yield _import(Phase.MOVE_FIELDS, renaming.said_moved(stages), stages.both, serves)
        yield Step(
            Phase.COPY,
            self.name,
            renaming.said_copies(stages.copies),
            Call("record", "import"),
            serves,
            (),
            copies=stages.copies,
        )
        yield _import(Phase.DROP_FIELDS, renaming.said_last(stages), final, serves)

    def foresee(self, work: Work, findings: Findings) -> None:
        """Judge an additive dictionary as it will be."""
        if self.name in work.desired.state.partial and work.of(self.name):
            checks.check(self.items(work.final), findings)


def _import(phase: Phase, title: str, fields: Sequence[Field], serves: tuple[str, ...]) -> Step:
    rows = tuple(field.row() for field in fields)
    call = Call(Dictionary.content, "import", rows)
    return Step(phase, Dictionary.name, title, call, serves, _TOUCHES, replaces=True)


def _title(changes: tuple[Change, ...], total: int) -> str:
    removed = sum(isinstance(change, Delete) for change in changes)
    fields = "1 field" if total == 1 else f"{total:,} fields"
    losses = f", {removed:,} removed" if removed else ""
    return f"import the dictionary ({fields}, {len(changes) - removed:,} new or changed{losses})"


def _refuse_other_columns(rows: Sequence[WireRow]) -> None:
    for row in rows:
        missing = [column for column in COLUMNS if column not in row]
        if missing:
            raise SuspiciousReadError(f"the server's dictionary lacks the column {missing[0]}")
        for column, cell in row.items():
            if column not in _KNOWN and cell not in ("", None):
                raise SuspiciousReadError(
                    f"the server's dictionary has a column this version does not know: {column}",
                    "An import would lose it. Use a version of redcap-iac that knows it.",
                )


_KNOWN: Mapping[str, None] = dict.fromkeys(COLUMNS)


def _text(cell: object) -> str:
    return "" if cell is None else str(cell)


KIND = Dictionary()
