"""The columns of a flat export and what stands in their cells."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from redcap_iac.emulator.design import STATUS_CHOICES, Field, export_code
from redcap_iac.emulator.resources.records.contents import Values, tick
from redcap_iac.emulator.resources.records.options import Options
from redcap_iac.emulator.resources.records.selection import Shown

Cell = Callable[[Values], str]

_NUMERIC = ("number", "float")
_HTML = re.compile(r"<[^>]+>")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, its heading for people, its instrument, and how to fill a cell."""

    name: str
    heading: str
    form: str
    cell: Cell


def columns(
    shown: Iterable[Shown], options: Options, documents: Mapping[str, str]
) -> tuple[Column, ...]:
    """Return the columns of fields and statuses; `documents` maps document ids to file names."""
    return tuple(column for one in shown for column in _columns_of(one, options, documents))


def _columns_of(one: Shown, options: Options, documents: Mapping[str, str]) -> Iterator[Column]:
    if one.field is None:
        yield Column(one.name, "Complete?", one.form, _status(one.name, options))
    elif one.field.type != "checkbox":
        heading = plain(one.field.label)
        yield Column(one.name, heading, one.form, _value(one.field, options, documents))
    elif options.combine_checkboxes:
        heading = plain(one.field.label)
        yield Column(one.name, heading, one.form, _combined(one.field, options))
    else:
        for code, label in one.field.choices:
            heading = f"{plain(one.field.label)} (choice={plain(label)})"
            name = f"{one.name}___{export_code(code)}"
            yield Column(name, heading, one.form, _tick(one.field, code, label, options))


def plain(label: str) -> str:
    """Return a label without HTML tags, as headings show it (inferred)."""
    return _HTML.sub("", label).strip()


def _status(name: str, options: Options) -> Cell:
    """Return the cell of a form status; untouched it is 0, or blank on request (recorded)."""
    untouched = "" if options.blank_gray_status else "0"
    labels = dict(STATUS_CHOICES) if options.labels else {}

    def cell(values: Values) -> str:
        value = values.get(name, untouched)
        return labels.get(value, value)

    return cell


def _tick(field: Field, code: str, label: str, options: Options) -> Cell:
    """Return the cell of one choice: 1 or 0, Checked or Unchecked, label or blank (recorded)."""
    stored = tick(field.name, code)
    ticked, empty = "1", "0"
    if options.labels:
        ticked, empty = (plain(label), "") if options.checkbox_labels else ("Checked", "Unchecked")

    def cell(values: Values) -> str:
        return ticked if stored in values else empty

    return cell


def _combined(field: Field, options: Options) -> Cell:
    """Return the cell that lists the ticked choices of a checkbox, comma-joined (documented)."""

    def cell(values: Values) -> str:
        return ",".join(
            plain(label) if options.labels else code
            for code, label in field.choices
            if tick(field.name, code) in values
        )

    return cell


def _value(field: Field, options: Options, documents: Mapping[str, str]) -> Cell:
    render = renderer(field, options, documents)
    name = field.name
    if render is None:
        return lambda values: values.get(name, "")
    return lambda values: render(values[name]) if name in values else ""


def renderer(
    field: Field, options: Options, documents: Mapping[str, str]
) -> Callable[[str], str] | None:
    """Return what turns a stored value into the exported one; None leaves it as it is.

    File fields show the file's name (recorded); a code without a choice stays itself (inferred).
    """
    if field.type == "file":
        return lambda value: documents.get(value, "[document]")
    if options.labels and field.choices:
        labels = {code: plain(label) for code, label in field.choices}
        return lambda value: labels.get(value, value)
    if options.decimal and _is_number(field):
        other = "," if options.decimal == "." else "."
        return lambda value: value.replace(other, options.decimal)
    return None


def _is_number(field: Field) -> bool:
    return field.type == "calc" or field.validation.startswith(_NUMERIC)
