"""One call of the API as a value: never a token, never a URL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, order=True)
class Made:
    """A name the server will make, known by the address of its object until it is read back."""

    address: str


#: How an object is known: by the name the server gave it, or by what will be made.
Key = str | Made

#: A cell of a row: text, a name still to be made, or a map of form rights (instrument → code).
Cell = str | Made | Mapping[str, int]
Row = Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Call:
    """Content, action, rows and parameters of one request.

    `action` is `export`, `import`, `delete` or `create`; `params` are scalars, or tuples for
    array parameters (`events`); `rows` is the payload of an import. `header` are the columns to
    send when there are no rows at all (a header-only CSV clears the repeating setup, recorded).
    """

    content: str
    action: str = "export"
    rows: tuple[Row, ...] = ()
    params: Mapping[str, str | tuple[Key, ...]] = field(default_factory=dict)
    header: tuple[str, ...] = ()

    @property
    def writes(self) -> bool:
        """Tell whether the server may change by it."""
        return self.action != "export"


def made_in(call: Call) -> tuple[Made, ...]:
    """Return the names a call still waits for, each once, in order."""
    cells = [cell for row in call.rows for cell in row.values()]
    cells += [part for value in call.params.values() if isinstance(value, tuple) for part in value]
    return tuple(dict.fromkeys(cell for cell in cells if isinstance(cell, Made)))


def resolve(call: Call, names: Mapping[str, str]) -> Call:
    """Return the call with every made name filled in; KeyError when one is not known yet."""

    def fill(cell: Cell) -> Cell:
        return names[cell.address] if isinstance(cell, Made) else cell

    rows = tuple({column: fill(cell) for column, cell in row.items()} for row in call.rows)
    params = {
        name: tuple(names[part.address] if isinstance(part, Made) else part for part in value)
        if isinstance(value, tuple)
        else value
        for name, value in call.params.items()
    }
    return Call(call.content, call.action, rows, params, call.header)
