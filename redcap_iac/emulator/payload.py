"""What an import of a design resource sends: rows whose cells are plain text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from redcap_iac.emulator import wire
from redcap_iac.emulator.errors import ApiFault, not_the_format
from redcap_iac.emulator.request import Context

TextRow = dict[str, str]


def rows(context: Context) -> list[TextRow]:
    """Return the rows of `data` in the announced format, every cell as text.

    Raises ApiFault for what does not parse and for a cell that holds a map.
    """
    decoded = wire.decode(context.request.text("data"), context.request.format)
    return [_text_row(row) for row in decoded]


def some_rows(context: Context) -> list[TextRow]:
    """Return the rows of `data`, of which there must be at least one.

    Nobody recorded what an empty list does; it is refused, so that it never empties a project
    (inferred).
    """
    found = rows(context)
    if not found:
        raise ApiFault("No data were provided.")
    return found


def refuse_all(faults: Iterable[str]) -> None:
    """Raise the faults of one import as one text, a line each; nothing when there are none."""
    lines = list(faults)
    if lines:
        raise ApiFault("\n".join(lines))


def _text_row(row: wire.Row) -> TextRow:
    return {name: _text(cell) for name, cell in row.items()}


def _text(cell: wire.Cell) -> str:
    if cell is None or cell == {}:  # an empty map is PHP's empty list or an empty XML element
        return ""
    if isinstance(cell, Mapping):
        raise not_the_format()
    return str(cell)
