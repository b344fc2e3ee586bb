"""What a draft changes, field by field, with the flags REDCap shows its reviewer."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from redcap_iac.emulator.design import COLUMNS, parse_choices
from redcap_iac.emulator.dictionary_rows import WITH_CHOICES

Row = Mapping[str, str]

#: REDCap's words (recorded), but for the deleted field, whose words are documented.
LABEL_MISMATCH = "Possible label mismatch because of label changes"
MIGHT_BE_LOST = "Data MIGHT be lost due to deleted choice(s)"
WILL_BE_LOST = "Data WILL be lost"
FIELD_DELETED = "field will be deleted"

#: What became of a choice code (recorded).
REMOVED, ALTERED = "Removed", "Altered"


@dataclass(frozen=True, slots=True)
class CodeChange:
    """A choice code that is gone or means something else; `records` hold it now.

    The label before or after is empty where there is none.
    """

    code: str
    what: str
    label_before: str
    label_after: str
    records: int


@dataclass(frozen=True, slots=True)
class FieldChange:
    """What happens to one field: `added`, `modified` or `deleted`.

    `columns` are those that differ, `flags` REDCap's warnings, `records` how many records hold
    a value of it. Critical are a deleted field, removed and altered codes, another type, another
    record ID field.
    """

    field: str
    form: str
    what: str
    columns: tuple[str, ...]
    flags: tuple[str, ...]
    codes: tuple[CodeChange, ...]
    records: int
    critical: bool


def changes(
    db: sqlite3.Connection,
    project_id: int,
    before: Sequence[Row],
    after: Sequence[Row],
    *,
    alike: frozenset[str] = frozenset(),
) -> tuple[FieldChange, ...]:
    """Return the changes in the order of the draft, deleted fields last.

    Types in `alike` may turn into each other without being critical.
    """
    counting = _Counting(db, project_id)
    old = {row["field_name"]: row for row in before}
    names = {row["field_name"] for row in after}
    new_id = before[0]["field_name"] != after[0]["field_name"]
    found = [
        change
        for place, row in enumerate(after)
        if (
            change := _changed(
                counting, old.get(row["field_name"]), row, new_id and not place, alike
            )
        )
    ]
    gone = (row for row in before if row["field_name"] not in names)
    return (*found, *(_deleted(counting, row) for row in gone))


class _Counting:
    """Counts records, each once."""

    def __init__(self, db: sqlite3.Connection, project_id: int) -> None:
        self._db = db
        self._project_id = project_id

    def of(self, field: str, code: str | None = None) -> int:
        """Return how many records hold a value of a field, or one code of it."""
        row = self._db.execute(
            "SELECT COUNT(DISTINCT record) AS number FROM data WHERE project_id = :project"
            " AND field_name = :field AND (:code IS NULL OR value = :code)",
            {"project": self._project_id, "field": field, "code": code},
        ).fetchone()
        return int(row["number"])


def _deleted(counting: _Counting, row: Row) -> FieldChange:
    return FieldChange(
        field=row["field_name"],
        form=row["form_name"],
        what="deleted",
        columns=(),
        flags=(FIELD_DELETED,),
        codes=(),
        records=counting.of(row["field_name"]),
        critical=True,
    )


def _changed(
    counting: _Counting, old: Row | None, new: Row, is_new_id: bool, alike: frozenset[str]
) -> FieldChange | None:
    name = new["field_name"]
    lost = (WILL_BE_LOST,) if is_new_id else ()
    if old is None:
        return FieldChange(name, new["form_name"], "added", (), lost, (), 0, is_new_id)
    columns = tuple(column for column in COLUMNS if _shown(old, column) != _shown(new, column))
    if not columns and not is_new_id:
        return None
    codes = tuple(_codes(counting, old, new))
    flags = tuple(dict.fromkeys((*_flags(old, new, codes), *lost)))
    retyped = "field_type" in columns and not {old["field_type"], new["field_type"]} <= alike
    return FieldChange(
        field=name,
        form=new["form_name"],
        what="modified",
        columns=columns,
        flags=flags,
        codes=codes,
        records=counting.of(name),
        critical=bool(flags) or retyped or is_new_id,
    )


def _shown(row: Row, column: str) -> object:
    """Return a cell as it is compared: choices by code and label, the default alignment blank."""
    text = row[column]
    if column == "select_choices_or_calculations" and row["field_type"] in WITH_CHOICES:
        return parse_choices(text)
    if column == "custom_alignment" and text == "RV":
        return ""
    return text


def _codes(counting: _Counting, old: Row, new: Row) -> Iterator[CodeChange]:
    """Yield removed codes, and those whose label is another or was another code's (recorded).

    A label that moves to a new code removes the one and alters the other.
    """
    if old["field_type"] not in WITH_CHOICES or new["field_type"] not in WITH_CHOICES:
        return
    name = new["field_name"]
    before = dict(parse_choices(old["select_choices_or_calculations"]))
    after = dict(parse_choices(new["select_choices_or_calculations"]))
    given_up = {label for code, label in before.items() if after.get(code) != label}
    for code, label in before.items():
        if code not in after:
            yield CodeChange(code, REMOVED, label, "", counting.of(name, code))
    for code, label in after.items():
        was = before.get(code, "")
        moved_here = code not in before and label in given_up
        if moved_here or (code in before and was != label):
            yield CodeChange(code, ALTERED, was, label, counting.of(name, code))


def _flags(old: Row, new: Row, codes: Sequence[CodeChange]) -> Iterator[str]:
    kinds = (old["field_type"], new["field_type"])
    if any(code.what == ALTERED for code in codes):
        yield LABEL_MISMATCH
    if kinds[0] != kinds[1] and ("checkbox" in kinds or "file" in kinds):
        yield WILL_BE_LOST  # what the one stores the other cannot hold (inferred)
    elif any(code.what == REMOVED for code in codes):
        yield WILL_BE_LOST if kinds[0] == "checkbox" else MIGHT_BE_LOST
