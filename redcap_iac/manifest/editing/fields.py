"""Fields in the files: where each stands, and its cells, its name, its place changed there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from redcap_iac.edits import AddField, MoveField, RemoveField, RenameField, SetCell
from redcap_iac.errors import EditError
from redcap_iac.kinds.dictionary import column_f
from redcap_iac.kinds.dictionary.field import CHOICES, COLUMNS, Field
from redcap_iac.manifest.editing.definitions import INHERITED, changes, definition_of, place_of
from redcap_iac.manifest.editing.folder import Folder, Site
from redcap_iac.manifest.editing.mirror import as_data, same
from redcap_iac.manifest.editing.yaml_text import YamlText
from redcap_iac.manifest.loader import MANIFEST

Path = tuple[str | int, ...]
Cells = dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class _Shared:
    """A place several fields take their choices, type or section from: a list, or a matrix."""

    file: str
    path: Path


class Fields:
    """Changes fields of a folder; `state` are the fields as they are, by name."""

    def __init__(self, folder: Folder, state: Mapping[str, Field]) -> None:
        self._folder = folder
        self._state = dict(state)
        self._sites: dict[str, Site] | None = None

    def fields(self) -> Mapping[str, Field]:
        """Return the fields as they are to be, by name; their order is not kept."""
        return self._state

    def forget(self) -> None:
        """Look for the fields anew: instruments came, went or moved."""
        self._sites = None

    def came(self, fields: Iterable[Field]) -> None:
        """Take note of fields that came with their instrument."""
        self._state |= {field.field_name: field for field in fields}
        self.forget()

    def went(self, instrument: str) -> None:
        """Take note that an instrument went with its fields."""
        left = self._state.items()
        self._state = {name: field for name, field in left if field.form_name != instrument}
        self.forget()

    def renamed(self, instrument: str, new: str) -> None:
        """Take note of an instrument's new name."""
        for name, field in self._state.items():
            if field.form_name == instrument:
                self._state[name] = replace(field, form_name=new)
        self.forget()

    # cells

    def set_cells(self, cells: Sequence[SetCell], *, own: bool = False) -> None:
        """Give cells their texts; shared ones at the shared place where all users want the same.

        With `own` each field says it itself.
        """
        wished: Cells = {}
        for one in cells:
            if one.column in ("field_name", "form_name"):
                raise EditError(f"{one.field}: names are changed by renaming.")
            if one.column not in COLUMNS:
                raise EditError(f"REDCap has no column {one.column}.")
            field = self._field(one.field)
            if getattr(field, one.column) != one.text or own:
                wished.setdefault(one.field, {})[one.column] = one.text
        if not own:
            self._set_shared(wished)
        steps = [list(self._steps(name, columns)) for name, columns in wished.items()]
        for number in range(max(map(len, steps), default=0)):
            for one_field in steps:
                if number < len(one_field):
                    text, path, value = one_field[number]
                    _give(text, path, value)
        for name, columns in wished.items():
            self._state[name] = _with(self._state[name], columns)

    def _steps(
        self, name: str, columns: Mapping[str, str]
    ) -> Iterator[tuple[YamlText, Path, object]]:
        """Yield what is to be set in a field's map; cells of a CSV are set at once."""
        site = self._site(name)
        if site.is_csv:
            for column, text in columns.items():
                self._folder.csv(site.file).set(name, column, text)
            return
        file = self._folder.yaml(site.file)
        path = (*site.path, "fields", name)
        field = _with(self._field(name), columns)
        definition = _mapping(file.value(path))
        if "matrix_group_name" in columns:
            self._join(file, site, field.matrix_group_name)
        inherits = frozenset(self._inherited(site, definition))
        touched = set(columns)
        if "matrix_group_name" in columns and inherits:
            touched |= {"field_type", CHOICES}
            inherits = frozenset()
            definition = {**definition, "type": None}
        for key, value in changes(definition, field, touched, inherits).items():
            yield file, (*path, key), value

    def _join(self, file: YamlText, site: Site, group: str) -> None:
        """See to it that a matrix is there for the field that joins it."""
        matrices = (*site.path, "matrices")
        if not group or file.has((*matrices, group)):
            return
        if file.has(matrices):
            file.set((*matrices, group), {})
        else:
            there = [str(key) for key in _mapping(file.value(site.path))]
            before = [key for key in there if key in ("instrument", "label", "renamed_from")]
            file.insert(site.path, "matrices", {group: {}}, after=before[-1] if before else None)

    # what fields share

    def _set_shared(self, wished: Cells) -> None:
        """Change shared places whose users all want the same, and take that off the wishes."""
        users: dict[tuple[_Shared, str], set[str]] = {}
        for name in self._state:
            for column, place in self._sources(name):
                users.setdefault((place, column), set()).add(name)
        for (place, column), names in users.items():
            texts = {wished.get(name, {}).get(column) for name in names}
            text = next(iter(texts))
            if len(texts) != 1 or text is None:
                continue
            fields = [_with(self._field(name), wished[name]) for name in sorted(names)]
            if self._change_shared(place, column, text, fields):
                for name in names:
                    self._state[name] = _with(self._state[name], {column: text})
                    del wished[name][column]

    def _change_shared(
        self, place: _Shared, column: str, text: str, fields: Sequence[Field]
    ) -> bool:
        file = self._folder.yaml(place.file)
        if not file.is_own(place.path):
            return False
        if column != CHOICES:
            _give(file, place.path, text or None)
            return True
        new = column_f.described(fields[0]).get("choices")
        if new is None or not all(column_f.described(one).get("choices") for one in fields):
            return False
        keeps_text = isinstance(file.value(place.path), str)
        file.set(place.path, text if keeps_text else new)
        return True

    def _sources(self, name: str) -> Iterator[tuple[str, _Shared]]:
        """Yield the columns a field takes from elsewhere, each with the place."""
        site = self._site(name)
        if site.is_csv:
            return
        definition = _mapping(self._folder.yaml(site.file).value((*site.path, "fields", name)))
        inherited = set(self._inherited(site, definition))
        group = str(definition.get("matrix") or "")
        block: Path = (*site.path, "matrices", group)
        if "type" in inherited:
            yield "field_type", _Shared(site.file, (*block, "type"))
        if "section" in inherited and self._field(name).section_header:
            yield "section_header", _Shared(site.file, (*block, "section"))
        source = definition
        if inherited & {"choices", "choices_from"}:
            source = _mapping(self._folder.yaml(site.file).value(block))
            if "choices" in inherited:
                yield CHOICES, _Shared(site.file, (*block, "choices"))
                return
        listed = source.get("choices_from")
        if listed is not None:
            yield CHOICES, _Shared(MANIFEST, ("choice_lists", str(listed)))

    def _inherited(self, site: Site, definition: Mapping[str, object]) -> Iterator[str]:
        """Yield the keys that a field's matrix gives it."""
        file = self._folder.yaml(site.file)
        path = (*site.path, "matrices", str(definition.get("matrix") or ""))
        if not definition.get("matrix") or not file.has(path):
            return
        block = _mapping(file.value(path))
        chooses = "choices" in definition or "choices_from" in definition
        for key in INHERITED:
            if key in block and key not in definition:
                if key in ("choices", "choices_from") and chooses:
                    continue
                yield key

    # coming, going, moving

    def add(self, edit: AddField) -> None:
        """Put a field in."""
        field = Field.of(edit.cells)
        if field.field_name in self._state:
            raise EditError(f"Field {field.field_name} is declared already.")
        if edit.after is not None and self._field(edit.after).form_name != field.form_name:
            raise EditError(f"{edit.after} is no field of {field.form_name}.")
        site = self._folder.site(field.form_name)
        if site.is_csv:
            before = edit.after if edit.after is not None else self._before(site)
            self._folder.csv(site.file).insert_row(before, field.row())
        else:
            file = self._folder.yaml(site.file)
            if field.matrix_group_name:
                self._join(file, site, field.matrix_group_name)
            keys = self._shortened(site, field)
            file.insert((*site.path, "fields"), field.field_name, keys, after=edit.after)
        self._state[field.field_name] = field
        self.forget()

    def _shortened(self, site: Site, field: Field) -> dict[str, object]:
        """Return the keys of a new field without what its matrix says alike."""
        keys = definition_of(field)
        block: Path = (*site.path, "matrices", field.matrix_group_name)
        file = self._folder.yaml(site.file)
        if not field.matrix_group_name or not file.has(block):
            return keys
        shared = _mapping(file.value(block))
        for key in ("type", "choices", "ranking"):
            if key in shared and same(as_data(keys.get(key)), shared[key]):
                del keys[key]
        rows = [one for one in self._state.values() if one.matrix_group_name ==
                field.matrix_group_name and one.form_name == field.form_name]  # fmt: skip
        listed = "choices_from" in shared and rows
        if listed and getattr(rows[0], CHOICES) == getattr(field, CHOICES):
            keys.pop("choices", None)
        return keys

    def _before(self, site: Site) -> str | None:
        """Return the field that stands before the first one of an instrument in a CSV."""
        before: str | None = None
        for name, form in self._folder.csv(site.file).column("form_name").items():
            if form == site.name:
                return before
            before = name
        return before

    def remove(self, edit: RemoveField) -> None:
        """Take a field out."""
        site = self._site(edit.field)
        if site.is_csv:
            self._folder.csv(site.file).remove_row(edit.field)
        else:
            self._folder.yaml(site.file).remove((*site.path, "fields", edit.field))
        del self._state[edit.field]
        self.forget()

    def rename(self, edit: RenameField) -> None:
        """Give a field another name; a hint that is there already stays: it is the older one."""
        site = self._site(edit.field)
        if edit.name in self._state:
            raise EditError(f"Field {edit.name} is declared already.")
        if site.is_csv:
            self._folder.csv(site.file).rename(edit.field, edit.name)
            if edit.hint:
                hint(self._folder, "fields", edit.field, edit.name)
        else:
            file = self._folder.yaml(site.file)
            path = (*site.path, "fields", edit.field)
            file.rename(path, edit.name)
            path = (*path[:-1], edit.name)
            if edit.hint and not file.has((*path, "renamed_from")):
                _give(file, (*path, "renamed_from"), edit.field)
        field = self._state.pop(edit.field)
        self._state[edit.name] = replace(field, field_name=edit.name)
        self.forget()

    def move(self, edit: MoveField) -> None:
        """Put a field to another place of its instrument."""
        site = self._site(edit.field)
        if edit.after is not None and self._site(edit.after) != site:
            raise EditError(f"{edit.field} and {edit.after} stand in different instruments.")
        if not site.is_csv:
            path = (*site.path, "fields", edit.field)
            self._folder.yaml(site.file).move(path, after=edit.after)
            return
        text = self._folder.csv(site.file)
        after = edit.after if edit.after is not None else self._before(site)
        if after != edit.field:
            text.move_row(edit.field, after)

    def _site(self, name: str) -> Site:
        if self._sites is None:
            self._sites = {}
            tables: dict[str, Mapping[str, str]] = {}
            for site in self._folder.sites():
                if site.is_csv and site.file not in tables:
                    tables[site.file] = self._folder.csv(site.file).column("form_name")
                for field in self._names(site, tables):
                    self._sites.setdefault(field, site)
        if name not in self._sites:
            raise EditError(f"There is no field {name} in the files.")
        return self._sites[name]

    def _names(self, site: Site, tables: Mapping[str, Mapping[str, str]]) -> Sequence[str]:
        if site.is_csv:
            return [name for name, form in tables[site.file].items() if form == site.name]
        path = (*site.path, "fields")
        return list(_mapping(self._folder.yaml(site.file).value(path)))

    def _field(self, name: str) -> Field:
        if name not in self._state:
            raise EditError(f"There is no field {name} in the files.")
        return self._state[name]


def hint(folder: Folder, unit: str, old: str, new: str) -> None:
    """Note an old name under `renamed`, where dictionaries kept as CSV have theirs."""
    root = folder.root
    first = old
    if root.has(("renamed", unit, old)):
        first = str(root.value(("renamed", unit, old)))
        root.remove(("renamed", unit, old))
    if root.has(("renamed", unit)):
        root.set(("renamed", unit, new), first)
    elif root.has(("renamed",)):
        root.set(("renamed", unit), {new: first})
    else:
        root.set(("renamed",), {unit: {new: first}})


def _give(file: YamlText, path: Path, value: object) -> None:
    """Set a key at its place among the others, or take it out where the value is None."""
    if value is None:
        if file.has(path):
            file.remove(path)
    elif file.has(path):
        file.set(path, value)
    else:
        key = str(path[-1])
        there = [str(one) for one in _mapping(file.value(path[:-1]))]
        file.insert(path[:-1], key, value, after=place_of(key, there))


def _with(field: Field, columns: Mapping[str, str]) -> Field:
    return Field.of({**field.row(), **columns}, field.at, field.places)


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}
