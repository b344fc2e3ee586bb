"""Import Records (`content=record`, `action=import` or `data` alone).

Everything is checked before anything is written; the faults of cells come as lines of csv
`"record","field","value","message"` (recorded). Rights: API Import/Update, and Create Records for
new ones.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from redcap_iac.emulator import design, locking
from redcap_iac.emulator.errors import ApiFault
from redcap_iac.emulator.registry import API_IMPORT, method
from redcap_iac.emulator.request import Context
from redcap_iac.emulator.resources.records import contents, incoming, shape, uniqueness
from redcap_iac.emulator.resources.records.contents import Record
from redcap_iac.emulator.resources.records.groups import GroupColumn
from redcap_iac.emulator.resources.records.incoming import IncomingRow, Target
from redcap_iac.emulator.resources.records.naming import next_names
from redcap_iac.emulator.resources.records.patterns import DATE_ORDERS
from redcap_iac.emulator.resources.records.placing import (
    PlacedRow,
    Placer,
    is_calculated,
    refuse_unknown_events,
)
from redcap_iac.emulator.resources.records.saving import Change, Saving, differs, save
from redcap_iac.emulator.resources.records.scope import missing_codes
from redcap_iac.emulator.resources.records.validation import Refused, checked, checked_name, line
from redcap_iac.emulator.wire import Answer, Count, Listing, Text

_CONTENTS = ("count", "ids", "auto_ids", "nothing")


@method("record", "import", "Import Records", API_IMPORT, remark="not as odm")
def import_records(context: Context) -> Answer:
    """Write values into records and answer how many records, or which, were written."""
    if not context.request.text("data"):
        raise ApiFault("No data were provided.")
    _refuse_parameters(context)
    if context.request.flag("backgroundProcess"):
        return _in_background(context)
    return _answer(context, _import(context))


def _refuse_parameters(context: Context) -> None:
    allowed = {
        "overwriteBehavior": ("normal", "overwrite"),
        "returnContent": _CONTENTS,
        "dateFormat": tuple(DATE_ORDERS),
    }
    for name, values in allowed.items():
        if context.request.text(name) not in ("", *values):
            raise ApiFault(f'The value of the parameter "{name}" is not valid')


def _in_background(context: Context) -> Answer:
    """Answer true or false alone, whatever `returnContent` says (documented).

    The emulator does the work at once, so that a client that waits for it need not wait.
    """
    try:
        _import(context)
    except ApiFault:
        return _success(context, done=False)
    return _success(context, done=True)


def _success(context: Context, *, done: bool) -> Answer:
    word = json.dumps(done)
    if context.request.return_format == "json":
        return Text(f'{{"success":{word}}}', "application/json; charset=utf-8")
    if context.request.return_format == "csv":
        return Text(f"success\n{word}\n", "text/csv; charset=utf-8")
    head = '<?xml version="1.0" encoding="UTF-8" ?>'
    return Text(f"{head}<hash><success>{word}</success></hash>", "text/xml; charset=utf-8")


def _answer(context: Context, names: Mapping[str, str]) -> Answer:
    """Answer a count, ids, pairs of new and sent ids (recorded), or nothing."""
    wanted = context.request.text("returnContent") or "count"
    written = dict.fromkeys(names.values())
    if wanted == "nothing":
        return Text("")
    if wanted == "count":
        return Count(len(written), wrapped=True)
    if wanted == "auto_ids" and _is_auto_numbered(context):
        return Listing(tuple(f"{new},{sent}" for sent, new in names.items()))
    return Listing(tuple(written))


def _import(context: Context) -> dict[str, str]:
    """Carry the import out; return the sent name of each record with its final name."""
    if incoming.is_single_object(context):
        return {}
    project = shape.load(context)
    known = incoming.targets(project)
    rows = incoming.read(context, project, known)
    refuse_unknown_events(project, rows)
    names = _names(context, rows)
    before = {
        record.name: record for record in contents.read_all(context, project, list(names.values()))
    }
    groups = GroupColumn(context, before)
    placer = Placer(context, project, before, flat=context.request.text("type") != "eav")
    placed = [placer.place(row, names[row.record], known) for row in rows]
    stored = [row for row in placed if row is not None]
    changes, faults = _changes(context, stored, known, before)
    faults = [
        *_bad_names(names),
        *placer.faults,
        *faults,
        *groups.faults(rows, names),
        *uniqueness.faults(context, changes),
    ]
    if faults:
        raise ApiFault("\n".join(faults))
    _refuse_creating(context, names, before)
    saving = Saving(
        tuple((row.record, row.event, row.key) for row in stored),
        changes,
        groups.assignments(rows, names),
    )
    save(context, project, saving, before)
    return names


def _is_auto_numbered(context: Context) -> bool:
    """Tell whether the import names its records itself: asked for, and on in the project."""
    on = design.settings(context.db, context.project_id).get("record_autonumbering_enabled", 1)
    return context.request.flag("forceAutoNumber") and bool(int(on))


def _names(context: Context, rows: Iterable[IncomingRow]) -> dict[str, str]:
    sent = list(dict.fromkeys(row.record for row in rows))
    if not _is_auto_numbered(context):
        return {name: name for name in sent}
    return dict(zip(sent, islice(next_names(context), len(sent)), strict=True))


def _bad_names(names: Mapping[str, str]) -> Iterator[str]:
    for name in names.values():
        found = checked_name(name)
        if isinstance(found, Refused):
            yield line(name, "", "", found.message)


def _changes(
    context: Context,
    rows: Sequence[PlacedRow],
    known: Mapping[str, Target],
    before: Mapping[str, Record],
) -> tuple[list[Change], list[str]]:
    """Return what the cells set, the last of several for one place, and what is refused."""
    order = context.request.text("dateFormat") or "YMD"
    overwrites = context.request.text("overwriteBehavior") == "overwrite"
    settings = design.settings(context.db, context.project_id)
    codes = missing_codes(str(settings.get("missing_data_codes", "")))
    locked = locking.locked(context.db, context.project_id)
    changes: dict[tuple[object, ...], Change] = {}
    faults: list[str] = []
    for row in rows:
        for column, sent in row.source.cells.items():
            target = known[column]
            if (sent == "" and not (overwrites and _may_be_blanked(target, row))) or (
                is_calculated(target)
            ):
                continue
            value = checked(target, sent, order, codes) if sent else ""
            if isinstance(value, Refused):
                faults.append(line(row.record, column, sent, value.message))
            else:
                change = _change(row, target, value)
                changes[change.record, change.key, change.stored_name] = change
                if _is_locked(locked, change, target) and differs(change, before):
                    faults.append(line(row.record, column, sent, locking.LOCKED))
    return list(changes.values()), faults


def _is_locked(
    locked: frozenset[tuple[int, str, str, int]], change: Change, target: Target
) -> bool:
    """Tell whether an instrument is locked; a value it holds may be sent again (inferred)."""
    event_id, _, instance = change.key
    return (event_id, change.record, target.form, instance) in locked


def _may_be_blanked(target: Target, row: PlacedRow) -> bool:
    """Tell whether a blank erases: a file stays, and so does what another row holds."""
    if target.field is not None and target.field.type == "file":
        return False
    return not row.key[1] or row.key[1] == target.form


def _change(row: PlacedRow, target: Target, value: str) -> Change:
    ticked = "1" if value == "1" else ""
    shown = value if target.code is None else ticked
    return Change(row.record, row.event, row.key, target.name, shown, target.code)


def _refuse_creating(
    context: Context, names: Mapping[str, str], before: Mapping[str, Record]
) -> None:
    """Refuse new records to who may not create them (recorded text of the import page)."""
    new = [name for name in names.values() if name not in before]
    if new and not int(context.caller.rights.get("record_create", 0)):
        raise ApiFault("Your user privileges do NOT allow you to create new records.")
