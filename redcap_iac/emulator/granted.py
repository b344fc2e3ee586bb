"""Rights as a user or role holds them: stored, asked for by an import row, shown by an export."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from redcap_iac.emulator import design, people, right_columns
from redcap_iac.emulator.request import Context
from redcap_iac.emulator.versions import Version
from redcap_iac.emulator.wire import Cell, Row

_LEVEL = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Granted:
    """What one user or role may do: rights by column, levels by instrument name."""

    rights: Mapping[str, int]
    forms: Mapping[str, int]
    forms_export: Mapping[str, int]

    @classmethod
    def of(cls, row: sqlite3.Row) -> Granted:
        """Read the columns `rights`, `forms` and `forms_export` of the store."""
        return cls(*(json.loads(row[name]) for name in ("rights", "forms", "forms_export")))

    def stored(self) -> tuple[str, str, str]:
        """Return the same three columns as the store keeps them."""
        return _json(self.rights), _json(self.forms), _json(self.forms_export)


def _json(levels: Mapping[str, int]) -> str:
    return json.dumps(dict(levels))


@dataclass(frozen=True, slots=True)
class Scale:
    """What rights can be in a project: the server's version, its features, its instruments."""

    version: Version
    features: frozenset[str]
    forms: tuple[str, ...]

    @classmethod
    def of(cls, context: Context) -> Scale:
        """Return the scale of the caller's project."""
        return cls(
            context.server.settings.version,
            right_columns.project_features(context.db, context.project_id),
            tuple(name for name, _ in design.forms(context.db, context.project_id)),
        )

    def nothing(self) -> Granted:
        """Return the minimum: no right, no access to any instrument (documented)."""
        return Granted(
            right_columns.no_rights(self.version),
            dict.fromkeys(self.forms, right_columns.no_access(self.version)),
            dict.fromkeys(self.forms, right_columns.EXPORT_NONE),
        )

    def cells(self, granted: Granted) -> dict[str, Cell]:
        """Return the cells of an export, rights as integers; an absent instrument is no access."""
        code = right_columns.form_code
        forms = {
            form: code(self.version, granted.forms.get(form, right_columns.NO_ACCESS))
            for form in self.forms
        }
        exports = {form: granted.forms_export.get(form, 0) for form in self.forms}
        rights = {
            column.name: granted.rights.get(column.name, 0) for column in right_columns.RIGHTS
        }
        return {**rights, "forms": forms, "forms_export": exports}


class Reading:
    """Reads what one import row asks for; what is wrong with it is added to `faults`.

    `owner` is how faults name whom it is about, as in `user role "U-123ABCDEFG"`.
    """

    def __init__(self, scale: Scale, owner: str, faults: list[str]) -> None:
        self._scale = scale
        self._owner = owner
        self._faults = faults

    def over(self, before: Granted, row: Row) -> Granted:
        """Return the rights after the row: what it omits stays, also a right left blank (inferred).

        A map of instruments that is given replaces the whole map: the missing ones fall to no
        access (recorded), and so does a blank one (recorded for `forms_export`).
        """
        forms = self._levels(row, "forms")
        exports = self._levels(row, "forms_export")
        self._refuse_unknown({**(forms or {}), **(exports or {})})
        version = self._scale.version
        return Granted(
            {**before.rights, **self._rights(row)},
            before.forms if forms is None else self._complete(forms, version),
            before.forms_export if exports is None else self._complete(exports, None),
        )

    def _rights(self, row: Row) -> dict[str, int]:
        """Unknown columns, and those of features that are off, are ignored (inferred)."""
        found: dict[str, int] = {}
        for column in right_columns.RIGHTS:
            value = people.text(row, column.name)
            if not value or not column.exists(self._scale.version, self._scale.features):
                continue
            if value in map(str, column.levels(self._scale.version)):
                found[column.name] = int(value)
            else:
                self._invalid(value, column.name)
        return found

    def _levels(self, row: Row, column: str) -> dict[str, int] | None:
        if column not in row:
            return None
        cell = row[column]
        pairs = dict(cell) if isinstance(cell, Mapping) else self._split(people.text(row, column))
        version = self._scale.version
        accepted: dict[str, int] = {}
        for form, level in pairs.items():
            if column == "forms_export":
                valid = level in right_columns.EXPORT_LEVELS
            else:
                valid = right_columns.is_form_right(version, level)
            if valid:
                accepted[form] = level
            else:
                self._invalid(f"{form}:{level}", column)
        return accepted

    def _split(self, value: str) -> dict[str, int]:
        """Read a csv cell, `demographics:1,day_3:2` (recorded)."""
        pairs: dict[str, int] = {}
        for part in filter(None, (piece.strip() for piece in value.split(","))):
            form, colon, level = part.partition(":")
            if colon and form.strip() and _LEVEL.fullmatch(level.strip()):
                pairs[form.strip()] = int(level)
            else:
                self._faults.append(f'"{part}" is not a form right for the {self._owner}.')
        return pairs

    def _complete(self, levels: Mapping[str, int], version: Version | None) -> dict[str, int]:
        """Fill in the instruments not named; form rights are kept in the server's coding."""
        filled = {form: levels.get(form, 0) for form in self._scale.forms}
        if version is None:
            return filled
        return {form: right_columns.form_code(version, level) for form, level in filled.items()}

    def _refuse_unknown(self, named: Mapping[str, int]) -> None:
        for form in named:
            if form not in self._scale.forms:
                # recorded for roles, without a full stop after the name
                self._faults.append(
                    f'The form named "{form}" is incorrect for the {self._owner}'
                    " The form does not exist in this project."
                )

    def _invalid(self, value: str, column: str) -> None:
        self._faults.append(f'"{value}" is not a valid value of "{column}" for the {self._owner}.')
