"""Edits → the files that change, proven: they load, and say what was asked for and no more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path as Nowhere
from typing import cast

from redcap_iac.edits import (
    AddField,
    AddInstrument,
    AddSection,
    Edit,
    MoveField,
    OrderInstruments,
    RemoveField,
    RemoveInstrument,
    RemoveSection,
    RenameField,
    RenameInstrument,
    RenameSection,
    SetCell,
    SetInstrumentLabel,
    SetSection,
)
from redcap_iac.errors import EditError, ManifestError
from redcap_iac.findings import Severity
from redcap_iac.kinds.dictionary.field import COLUMNS, Field
from redcap_iac.manifest.editing.fields import Fields
from redcap_iac.manifest.editing.folder import Folder
from redcap_iac.manifest.editing.instruments import Instruments
from redcap_iac.manifest.editing.overlaid import Overlaid
from redcap_iac.manifest.editing.wishes import Wished
from redcap_iac.manifest.editing.yaml_text import YamlText
from redcap_iac.manifest.files import ProjectFiles
from redcap_iac.manifest.loader import MANIFEST, load
from redcap_iac.state import State

#: How often cells are written again that a matrix or a list gave another text.
_ROUNDS = 3
#: Sections of `redcap.yaml` from which fields come.
_DESIGN = frozenset({"instruments", "dictionary", "choice_lists", "renamed"})

Changed = Mapping[str, bytes | None]


def rewritten(files: ProjectFiles, edits: Sequence[Edit], environment: str = "") -> Changed:
    """Return the files that change, by path; None stands for a file that goes.

    Edits are about texts as they are with the variables of an environment; where a text of theirs
    still stands in a changed one, `${…}` stays.

    Every byte an edit is not about stays. The files must load before and after, and afterwards
    hold what the edits say and nothing else: else EditError, which names what could not be said.
    """
    if not edits:
        return {}
    try:
        manifest = load(Nowhere(), files=files, environment=environment)
    except ManifestError as error:
        raise EditError(
            f"The files cannot be loaded as they are: {_first_error(error)}",
            "`redcap-iac validate` shows everything that is wrong.",
        ) from None
    before = manifest.desired.state
    wished = Wished(before)
    folder = Folder(files, manifest.scope.values)
    fields = Fields(folder, {field.field_name: field for field in wished.fields})
    for kind, run in groupby(edits, type):
        together = tuple(run)
        if kind is SetCell:
            fields.set_cells(cast("tuple[SetCell, ...]", together))
        else:
            for edit in together:
                _apply(edit, folder, fields)
        for edit in together:
            wished.take(edit)
    changed = folder.changed()
    after = _loaded(files, changed, environment)
    if any(_is_design(edit) for edit in edits):
        return changed
    for _ in range(_ROUNDS):
        other = tuple(_differences(wished.fields, after))
        if not other:
            break
        fields.set_cells(other, own=True)
        changed = folder.changed()
        after = _loaded(files, changed, environment)
    _prove(before, after, wished, edits)
    return changed


def _apply(edit: Edit, folder: Folder, fields: Fields) -> None:
    """Make one change in the files."""
    match edit:
        case SetCell():
            fields.set_cells((edit,))
        case AddField():
            fields.add(edit)
        case RemoveField():
            fields.remove(edit)
        case RenameField():
            fields.rename(edit)
        case MoveField():
            fields.move(edit)
        case AddSection() | SetSection() | RemoveSection() | RenameSection():
            _apply_section(edit, folder)
        case _:
            _apply_instrument(edit, Instruments(folder), fields)


def _apply_instrument(
    edit: AddInstrument
    | RemoveInstrument
    | RenameInstrument
    | SetInstrumentLabel
    | OrderInstruments,
    instruments: Instruments,
    fields: Fields,
) -> None:
    match edit:
        case AddInstrument():
            instruments.add(edit)
            fields.came(Field.of({**cells, "form_name": edit.name}) for cells in edit.fields)
        case RemoveInstrument():
            instruments.remove(edit)
            fields.went(edit.name)
        case RenameInstrument():
            instruments.rename(edit)
            fields.renamed(edit.name, edit.new)
        case SetInstrumentLabel():
            instruments.label(edit)
        case OrderInstruments():
            instruments.order(edit)
            fields.forget()


def _apply_section(
    edit: AddSection | SetSection | RemoveSection | RenameSection, folder: Folder
) -> None:
    match edit:
        case AddSection():
            _add(folder.root, edit)
        case SetSection():
            _set(folder.root, edit)
        case RemoveSection():
            folder.root.remove(edit.path)
        case RenameSection():
            folder.root.rename(edit.path, edit.key)
    folder.moved()


def _add(root: YamlText, edit: AddSection) -> None:
    *path, last = edit.path
    if isinstance(last, int):
        root.insert_item(tuple(path), last, edit.value)
    else:
        root.insert(tuple(path), last, edit.value, after=edit.after)


def _set(root: YamlText, edit: SetSection) -> None:
    last = edit.path[-1] if edit.path else ""
    if isinstance(last, int):
        there = root.value(edit.path[:-1])
        if isinstance(there, list) and len(there) == last:
            root.insert_item(edit.path[:-1], last, edit.value)
            return
    root.set(edit.path, edit.value)


def _is_design(edit: Edit) -> bool:
    """Tell whether an edit is of a section that fields come from."""
    if not isinstance(edit, AddSection | SetSection | RemoveSection | RenameSection):
        return False
    return not edit.path or edit.path[0] in _DESIGN


def _loaded(files: ProjectFiles, changed: Changed, environment: str) -> State:
    """Return what the files would declare; EditError when they would not load."""
    try:
        made = Overlaid(files, changed)
        return load(Nowhere(), files=made, environment=environment).desired.state
    except ManifestError as error:
        raise EditError(
            f"After the change the files would be wrong: {_first_error(error)}",
            "Nothing was written. Change the files by hand, or leave this change out.",
        ) from None


def _first_error(error: ManifestError) -> str:
    """Return the first thing that is wrong, with its place."""
    for finding in error.findings:
        if finding.severity is Severity.ERROR:
            return f"{finding.message} ({finding.position})"
    return error.message


def _differences(wished: Iterable[Field], after: State) -> Iterator[SetCell]:
    """Yield the cells that are not what they are to be."""
    there = {
        one.field_name: one for one in cast("tuple[Field, ...]", after.kinds.get("fields", ()))
    }
    for field in wished:
        found = there.get(field.field_name)
        for column in COLUMNS[2:] if found is not None else ():
            text: str = getattr(field, column)
            if getattr(found, column) != text:
                yield SetCell(field.field_name, column, text)


def _prove(before: State, after: State, wished: Wished, edits: Sequence[Edit]) -> None:
    """Raise EditError where the files would say something else than was asked for."""
    found = cast("tuple[Field, ...]", after.kinds.get("fields", ()))
    for field, there in zip(wished.fields, found, strict=False):
        if field != there:
            same = field.field_name == there.field_name
            column = next(
                (one for one in COLUMNS if getattr(field, one) != getattr(there, one)), ""
            )  # fmt: skip
            what = f"{column} of {field.field_name}" if same else f"the place of {field.field_name}"
            raise EditError(f"{what} cannot be changed in these files.")
    if len(wished.fields) != len(found):
        raise EditError("The files would hold another number of fields than was asked for.")
    if not all(isinstance(edit, SetCell) or _stays(edit) for edit in edits):
        return
    for kind, items in before.kinds.items():
        if kind != "fields" and after.kinds.get(kind) != items:
            raise EditError(f"{MANIFEST} would say something else about {kind} than before.")


def _stays(edit: Edit) -> bool:
    """Tell whether a field moves within its instrument."""
    return isinstance(edit, MoveField) and not edit.instrument
