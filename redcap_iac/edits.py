"""Changes to a project's files, said in the words of the design and not of a file.

What wants a file changed (a fix of lint, a merge of `pull`) says it in these values; the room
`manifest/editing` finds the place, in YAML or CSV, and changes that place alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

#: Keys and list places from the top of `redcap.yaml` down: `("roles", "Data entry", "rights")`.
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class SetCell:
    """A dictionary cell of a field gets another text; `column` is one of the 18 of the API."""

    field: str
    column: str
    text: str


@dataclass(frozen=True, slots=True)
class AddField:
    """A field comes in: its cells by column, `field_name` and `form_name` among them.

    `after` is the field of the same instrument it stands behind, None for the first place.
    """

    cells: Mapping[str, str]
    after: str | None


@dataclass(frozen=True, slots=True)
class RemoveField:
    """A field goes, with the comments that belong to it."""

    field: str


@dataclass(frozen=True, slots=True)
class RenameField:
    """A field gets another name at its place; with `hint` the old one stays as `renamed_from`."""

    field: str
    name: str
    hint: bool = False


@dataclass(frozen=True, slots=True)
class MoveField:
    """A field goes behind another one of its instrument, or first where `after` is None.

    With `instrument` it goes there from another one, and `after` is a field there.
    """

    field: str
    after: str | None
    instrument: str = ""


@dataclass(frozen=True, slots=True)
class AddInstrument:
    """An instrument comes in, behind another or first: its label ("" for none), its fields."""

    name: str
    label: str
    fields: tuple[Mapping[str, str], ...]
    after: str | None


@dataclass(frozen=True, slots=True)
class RemoveInstrument:
    """An instrument goes with all its fields; a file that held nothing else goes too."""

    name: str


@dataclass(frozen=True, slots=True)
class RenameInstrument:
    """An instrument gets another name, with `hint` the old one stays as `renamed_from`.

    What refers to it elsewhere (events, roles, users) is changed by edits of its own.
    """

    name: str
    new: str
    hint: bool = False


@dataclass(frozen=True, slots=True)
class SetInstrumentLabel:
    """An instrument gets another label, "" for none; a CSV has no place for it."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class OrderInstruments:
    """The instruments stand in this order; one that is not named stays behind its neighbour."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AddSection:
    """A place of `redcap.yaml` comes in.

    A last step that is a number is that of the item it is put before; a key comes behind the key
    `after`, or first.
    """

    path: Path
    value: object
    after: str | None = None


@dataclass(frozen=True, slots=True)
class SetSection:
    """A place of `redcap.yaml` gets a value: dicts, lists, text, numbers, flags and None.

    What is equal there already keeps its text and its comments. A last step into a list that
    is as long as the list adds an item.
    """

    path: Path
    value: object


@dataclass(frozen=True, slots=True)
class RemoveSection:
    """A place of `redcap.yaml` goes, a key or an item of a list."""

    path: Path


@dataclass(frozen=True, slots=True)
class RenameSection:
    """A key of `redcap.yaml` gets another name where it stands."""

    path: Path
    key: str


Edit = (
    SetCell
    | AddField
    | RemoveField
    | RenameField
    | MoveField
    | AddInstrument
    | RemoveInstrument
    | RenameInstrument
    | SetInstrumentLabel
    | OrderInstruments
    | AddSection
    | SetSection
    | RemoveSection
    | RenameSection
)
