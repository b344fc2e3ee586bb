"""What the fields are to be after edits, worked out without any file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import cast

from redcap_iac.edits import (
    AddField,
    AddInstrument,
    Edit,
    MoveField,
    OrderInstruments,
    RemoveField,
    RemoveInstrument,
    RenameField,
    RenameInstrument,
    SetCell,
)
from redcap_iac.errors import EditError
from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.kinds.instruments import Instrument
from redcap_iac.state import State


class Wished:
    """The fields of a design, changed edit by edit."""

    def __init__(self, before: State) -> None:
        self.fields = list(cast("tuple[Field, ...]", before.kinds.get("fields", ())))
        there = cast("tuple[Instrument, ...]", before.kinds.get("instruments", ()))
        self._forms = [one.name for one in there]

    def take(self, edit: Edit) -> None:
        """Make one change."""
        match edit:
            case SetCell(name, column, text):
                at = self._at(name)
                self.fields[at] = Field.of({**self.fields[at].row(), column: text})
            case AddField(cells, after):
                field = Field.of(cells)
                self.fields.insert(self._place(field.form_name, after), field)
            case RemoveField(name):
                del self.fields[self._at(name)]
            case RenameField(name, new):
                at = self._at(name)
                self.fields[at] = replace(self.fields[at], field_name=new)
            case MoveField(name, after, form):
                if after != name:
                    field = self.fields.pop(self._at(name))
                    field = replace(field, form_name=form or field.form_name)
                    self.fields.insert(self._place(field.form_name, after), field)
            case AddInstrument(name, _, rows, behind):
                at = self._behind(behind)
                known = behind in self._forms
                self._forms.insert(self._forms.index(str(behind)) + 1 if known else 0, name)
                self.fields[at:at] = [Field.of({**cells, "form_name": name}) for cells in rows]
            case RemoveInstrument(name):
                self._forms.remove(name)
                self.fields = [one for one in self.fields if one.form_name != name]
            case RenameInstrument(name, new_name):
                self.fields = [
                    replace(one, form_name=new_name) if one.form_name == name else one
                    for one in self.fields
                ]
                self._forms = [new_name if one == name else one for one in self._forms]
            case OrderInstruments(names):
                self._order({name: number for number, name in enumerate(names)})
            case _:
                pass

    def _order(self, places: Mapping[str, int]) -> None:
        keys: dict[str, int] = {}
        last = -1
        for form in self._forms:
            last = keys[form] = places.get(form, last)
        self._forms.sort(key=keys.__getitem__)
        self.fields.sort(key=lambda one: keys[one.form_name])

    def _at(self, name: str) -> int:
        for index, field in enumerate(self.fields):
            if field.field_name == name:
                return index
        raise EditError(f"There is no field {name} in the files.")

    def _place(self, form: str, after: str | None) -> int:
        if after is not None:
            return self._at(after) + 1
        there = (index for index, one in enumerate(self.fields) if one.form_name == form)
        if (first := next(there, None)) is not None:
            return first
        ahead = self._forms[: self._forms.index(form)] if form in self._forms else self._forms
        held = [index for index, one in enumerate(self.fields) if one.form_name in ahead]
        return held[-1] + 1 if held else 0

    def _behind(self, form: str | None) -> int:
        if form is None:
            return 0
        there = [index for index, one in enumerate(self.fields) if one.form_name == form]
        return there[-1] + 1 if there else len(self.fields)
