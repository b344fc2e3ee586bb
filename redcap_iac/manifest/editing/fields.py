"""Fields in the files: where each stands, and its cells, its name, its place changed there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from redcap_iac.edits import AddField, MoveField, RemoveField, RenameField, SetCell
from redcap_iac.errors import EditError
from redcap_iac.kinds.dictionary.field import CHOICES, COLUMNS, Field
from redcap_iac.manifest.editing import crossing
from redcap_iac.manifest.editing.definitions import changes, definition_of
from redcap_iac.manifest.editing.folder import Folder, Site
from redcap_iac.manifest.editing.hinting import hint
from redcap_iac.manifest.editing.mirror import as_data, same
from redcap_iac.manifest.editing.shares import Cells, Shares, give, mapping, with_cells
from redcap_iac.manifest.editing.yaml_text import YamlText

Path = tuple[str | int, ...]


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
            Shares(self._folder, self._state, self._site).take(wished)
        steps = [list(self._steps(name, columns)) for name, columns in wished.items()]
        for number in range(max(map(len, steps), default=0)):
            for one_field in steps:
                if number < len(one_field):
                    text, path, value = one_field[number]
                    give(text, path, value)
        for name, columns in wished.items():
            self._state[name] = with_cells(self._state[name], columns)

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
        field = with_cells(self._field(name), columns)
        definition = mapping(file.value(path))
        if "matrix_group_name" in columns:
            self._join(file, site, field.matrix_group_name)
        shares = Shares(self._folder, self._state, self._site)
        inherits = frozenset(shares.inherited(site, definition))
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
            there = [str(key) for key in mapping(file.value(site.path))]
            before = [key for key in there if key in ("instrument", "label", "renamed_from")]
            file.insert(site.path, "matrices", {group: {}}, after=before[-1] if before else None)

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
        shared = mapping(file.value(block))
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
            if self._folder.root.has(("renamed", "fields", edit.field)):
                hint(self._folder, "fields", edit.field, edit.name)
            elif edit.hint and not file.has((*path, "renamed_from")):
                give(file, (*path, "renamed_from"), edit.field)
        field = self._state.pop(edit.field)
        self._state[edit.name] = replace(field, field_name=edit.name)
        self.forget()

    def move(self, edit: MoveField) -> None:
        """Put a field to another place of its instrument, or into another one."""
        site = self._site(edit.field)
        if edit.instrument and edit.instrument != site.name:
            self._cross(edit, site)
            return
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

    def _cross(self, edit: MoveField, site: Site) -> None:
        """Put a field into another instrument, with all that is written about it."""
        goal = self._folder.site(edit.instrument)
        if edit.after is not None and self._site(edit.after) != goal:
            raise EditError(f"{edit.after} is no field of {edit.instrument}.")
        field = replace(self._field(edit.field), form_name=edit.instrument)
        after = edit.after
        if goal.is_csv and after is None:
            after = self._before(goal)
        if site.is_csv and not goal.is_csv:
            self._join(self._folder.yaml(goal.file), goal, field.matrix_group_name)
        crossing.cross(self._folder, field, site, goal, after)
        self._state[edit.field] = field
        self.forget()
        self._folder.moved()

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
        return list(mapping(self._folder.yaml(site.file).value(path)))

    def _field(self, name: str) -> Field:
        if name not in self._state:
            raise EditError(f"There is no field {name} in the files.")
        return self._state[name]
