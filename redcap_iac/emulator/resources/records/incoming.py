"""The payload of Import Records: flat or eav, as rows with the columns understood."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from redcap_iac.emulator import wire
from redcap_iac.emulator.design import Field, export_code
from redcap_iac.emulator.errors import ApiFault, not_the_format
from redcap_iac.emulator.request import Context
from redcap_iac.emulator.resources.records.options import delimiter_of
from redcap_iac.emulator.resources.records.selection import PSEUDO_FIELDS
from redcap_iac.emulator.resources.records.shape import Shape

_EAV_VALUE_COLUMNS = ("field_name", "value")


@dataclass(frozen=True, slots=True)
class Target:
    """What a column sets: a field, one choice of a checkbox (`code`), or a status (no field)."""

    column: str
    name: str
    form: str
    field: Field | None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class IncomingRow:
    """One line of data: where it says it belongs, and its cells by column, blanks included.

    `dag` is None where the payload has no DAG column.
    """

    record: str
    event: str
    repeat_instrument: str
    repeat_instance: str
    dag: str | None
    cells: Mapping[str, str]


def targets(shape: Shape) -> dict[str, Target]:
    """Return what can be imported, by column: a checkbox only as `name___code` (recorded)."""
    found: dict[str, Target] = {}
    for form, _ in shape.forms:
        found[f"{form}_complete"] = Target(f"{form}_complete", f"{form}_complete", form, None)
    for field in shape.fields:
        if field.type == "descriptive":
            continue
        if field.type != "checkbox":
            found[field.name] = Target(field.name, field.name, field.form, field)
            continue
        for code, _ in field.choices:
            column = f"{field.name}___{export_code(code)}"
            found[column] = Target(column, field.name, field.form, field, code)
    return found


def read(context: Context, shape: Shape, known: Mapping[str, Target]) -> list[IncomingRow]:
    """Return the rows of `data`; refuses columns that are no fields (recorded text)."""
    kind = context.request.text("type") or "flat"
    if kind not in ("flat", "eav"):
        raise ApiFault('The value of the parameter "type" is not valid')
    rows = _text_rows(context)
    if kind == "eav":
        rows = _flattened(rows, shape)
    if rows and not any(shape.id_field in row for row in rows):
        raise ApiFault(f"The record ID field '{shape.id_field}' is missing from the data")
    _refuse_unknown(rows, known)
    return [_row(row, shape) for row in rows]


def is_single_object(context: Context) -> bool:
    """Tell whether the payload is a bare json object, which imports nothing (recorded)."""
    request = context.request
    return request.format == "json" and request.text("data").lstrip().startswith("{")


def _text_rows(context: Context) -> list[dict[str, str]]:
    request = context.request
    rows = wire.decode(request.text("data"), request.format, delimiter=delimiter_of(request))
    return [{name.lower(): _text(cell) for name, cell in row.items()} for row in rows]


def _text(cell: wire.Cell) -> str:
    if isinstance(cell, Mapping):
        if cell:
            raise not_the_format()
        return ""
    return "" if cell is None else str(cell)


def _flattened(rows: Sequence[dict[str, str]], shape: Shape) -> list[dict[str, str]]:
    """Turn lines of one value each into rows: those of one record, event and instance together."""
    grouped: dict[tuple[str, ...], dict[str, str]] = {}
    for row in rows:
        if "record" not in row or "field_name" not in row:
            raise not_the_format()
        place = {
            name: row[name]
            for name in row
            if name in PSEUDO_FIELDS and name != "redcap_data_access_group"
        }
        key = (row["record"], *(place.get(name, "") for name in PSEUDO_FIELDS))
        flat = grouped.setdefault(key, {shape.id_field: row["record"], **place})
        if row["field_name"] != shape.id_field:
            flat[row["field_name"]] = row.get("value", "")
    return list(grouped.values())


def _refuse_unknown(rows: Iterable[dict[str, str]], known: Mapping[str, Target]) -> None:
    timestamps = {f"{target.form}_timestamp" for target in known.values() if target.field is None}
    passed_over = {*PSEUDO_FIELDS, *timestamps}
    unknown = dict.fromkeys(
        name for row in rows for name in row if name not in known and name not in passed_over
    )
    if unknown:
        names = ", ".join(unknown)
        raise ApiFault(
            f"The following fields were not found in the project as real data fields: {names}"
        )


def _row(row: dict[str, str], shape: Shape) -> IncomingRow:
    return IncomingRow(
        record=row.get(shape.id_field, "").strip(),
        event=row.get("redcap_event_name", ""),
        repeat_instrument=row.get("redcap_repeat_instrument", ""),
        repeat_instance=row.get("redcap_repeat_instance", ""),
        dag=row.get("redcap_data_access_group"),
        cells={
            name: value
            for name, value in row.items()
            if name != shape.id_field
            and name not in PSEUDO_FIELDS
            and not (name.endswith("_timestamp") and name not in shape.form_of)
        },
    )
