"""Instruments in the files: coming in at their place, going, getting another name or label."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import replace

from redcap_iac.edits import (
    AddInstrument,
    OrderInstruments,
    RemoveInstrument,
    RenameInstrument,
    SetInstrumentLabel,
)
from redcap_iac.errors import EditError
from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.kinds.dictionary.writing import drafted
from redcap_iac.manifest.editing.folder import Folder, Listed, Site
from redcap_iac.manifest.editing.hinting import hint
from redcap_iac.manifest.editing.ordering import Ordering, spell_out
from redcap_iac.manifest.includes import matches
from redcap_iac.manifest.loader import MANIFEST
from redcap_iac.manifest.writer import write

Path = tuple[str | int, ...]


class Instruments:
    """Changes instruments of a folder; the fields are for `Fields` to keep."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder

    def add(self, edit: AddInstrument) -> None:
        """Put an instrument in: a file of its own, or rows where a CSV holds its neighbours."""
        if any(site.name == edit.name for site in self._folder.sites()):
            raise EditError(f"Instrument {edit.name} is declared already.")
        fields = [Field.of({**cells, "form_name": edit.name}) for cells in edit.fields]
        before = self._folder.site(edit.after) if edit.after is not None else None
        sites = self._folder.sites()
        following = self._following(sites, before)
        if self._is_within_table(sites, before, following):
            self._add_rows(sites, before, fields)
        else:
            self._add_file(edit, fields, before, following)
        self._folder.moved()

    def _following(self, sites: Sequence[Site], before: Site | None) -> Site | None:
        index = sites.index(before) + 1 if before is not None else 0
        return sites[index] if index < len(sites) else None

    def _is_within_table(
        self, sites: Sequence[Site], before: Site | None, following: Site | None
    ) -> bool:
        """Tell whether the new one stands between forms of one CSV, or one CSV is all there is."""
        if any(site.listed is None for site in sites):
            return True
        if before is None or following is None:
            return False
        return before.is_csv and before.file == following.file

    def _add_rows(
        self, sites: Sequence[Site], before: Site | None, fields: Sequence[Field]
    ) -> None:
        """Put the fields into a CSV, which has no place for a label or no field at all."""
        if not fields:
            raise EditError("A CSV cannot hold an instrument without fields.")
        text = self._folder.csv((before or sites[0]).file)
        last: str | None = None
        for name, form in text.column("form_name").items():
            if before is not None and form == before.name:
                last = name
        for field in fields:
            text.insert_row(last, field.row())
            last = field.field_name

    def _add_file(
        self,
        edit: AddInstrument,
        fields: Sequence[Field],
        before: Site | None,
        following: Site | None,
    ) -> None:
        listed, index = self._slot(before, following)
        taken = {path.lower() for path in self._folder.paths()}
        draft = _drafted(edit, fields)
        folder = posixpath.dirname(before.file) if before is not None and not before.path else ""
        path, text = _new_file(draft, taken, folder)
        if listed is None:
            self._folder.root.set(("instruments",), [path])
        elif not self._comes_by_pattern(path, before, following):
            self._spell_out(path)
            listed, index = self._slot_again(before, following)
            start = posixpath.dirname(listed.file) or "."
            self._folder.yaml(listed.file).insert_item(
                listed.path, index, posixpath.relpath(path, start)
            )
        self._folder.add(path, text)

    def _slot(self, before: Site | None, following: Site | None) -> tuple[Listed | None, int]:
        """Return the list a new entry belongs into, and its number there."""
        if before is not None and before.listed is not None:
            return before.listed, before.listed.index + 1
        if following is not None and following.listed is not None:
            return following.listed, following.listed.index
        if self._folder.root.has(("instruments",)):
            return Listed(MANIFEST, ("instruments",), 0), 0
        return None, 0

    def _slot_again(self, before: Site | None, following: Site | None) -> tuple[Listed, int]:
        """Return the same after patterns were written out."""
        self._folder.moved()
        known = {site.name: site for site in self._folder.sites()}
        listed, index = self._slot(
            known.get(before.name) if before is not None else None,
            known.get(following.name) if following is not None else None,
        )
        assert listed is not None
        return listed, index

    def _comes_by_pattern(self, path: str, before: Site | None, following: Site | None) -> bool:
        """Tell whether a pattern brings a new file in at the right place by itself."""
        near = [site for site in (before, following) if site is not None and site.listed]
        patterns = {site.listed.pattern for site in near if site.listed} - {""}
        for pattern in patterns:
            if not matches(path, pattern):
                continue
            after = before is None or _pattern(before) != pattern or before.file < path
            ahead = following is None or _pattern(following) != pattern or path < following.file
            if after and ahead:
                return True
        return False

    def _spell_out(self, path: str) -> None:
        """Write the files of a pattern out where it would bring a new file in at a wrong place.

        The same for a pattern whose files the new one is to stand between.
        """
        seen: dict[Listed, list[str]] = {}
        for site in self._folder.sites():
            if site.listed is not None and site.listed.pattern:
                seen.setdefault(site.listed, []).append(site.file)
        for listed, files in sorted(seen.items(), key=lambda one: -one[0].index):
            if not matches(path, listed.pattern):
                continue
            spell_out(self._folder, listed, files)

    def remove(self, edit: RemoveInstrument) -> None:
        """Take an instrument out, and its file where nothing else is in there."""
        site = self._folder.site(edit.name)
        if site.is_csv:
            self._remove_rows(site)
        elif not site.path:
            self._folder.take_out(site)
        else:
            self._folder.yaml(site.file).remove(site.path)
        self._folder.moved()

    def _remove_rows(self, site: Site) -> None:
        text = self._folder.csv(site.file)
        forms = text.column("form_name")
        names = [name for name, form in forms.items() if form == site.name]
        if len(names) == len(forms):
            self._folder.take_out(site)
            return
        for name in names:
            text.remove_row(name)

    def rename(self, edit: RenameInstrument) -> None:
        """Give an instrument another name; a hint that is there already is the older one."""
        site = self._folder.site(edit.name)
        if any(one.name == edit.new for one in self._folder.sites()):
            raise EditError(f"Instrument {edit.new} is declared already.")
        if site.is_csv:
            text = self._folder.csv(site.file)
            for name, form in text.column("form_name").items():
                if form == edit.name:
                    text.set(name, "form_name", edit.new)
            if edit.hint:
                hint(self._folder, "instruments", edit.name, edit.new)
        else:
            file = self._folder.yaml(site.file)
            file.set((*site.path, "instrument"), edit.new)
            there = _keys(file.value(site.path))
            if self._folder.root.has(("renamed", "instruments", edit.name)):
                hint(self._folder, "instruments", edit.name, edit.new)
            elif edit.hint and "renamed_from" not in there:
                after = "label" if "label" in there else "instrument"
                file.insert(site.path, "renamed_from", edit.name, after=after)
        self._folder.moved()

    def order(self, edit: OrderInstruments) -> None:
        """Put the instruments in an order."""
        Ordering(self._folder, edit.names).settle()

    def label(self, edit: SetInstrumentLabel) -> None:
        """Give an instrument another label; a CSV has none."""
        site = self._folder.site(edit.name)
        if site.is_csv:
            raise EditError(f"{site.file} is a CSV, which has no place for the label.")
        file = self._folder.yaml(site.file)
        path = (*site.path, "label")
        if file.has(path):
            file.set(path, edit.label) if edit.label else file.remove(path)
        elif edit.label:
            file.insert(site.path, "label", edit.label, after="instrument")


def _drafted(edit: AddInstrument, fields: Sequence[Field]) -> dict[str, object]:
    """Return the map of a new instrument."""
    keys: dict[str, object] = {"instrument": edit.name}
    if edit.label:
        keys["label"] = edit.label
    made = drafted([replace(field, form_name=edit.name) for field in fields])
    whole = made[0] if made else {"fields": {}}
    assert isinstance(whole, dict)
    return {**keys, **{key: value for key, value in whole.items() if key != "instrument"}}


def _new_file(draft: Mapping[str, object], taken: set[str], folder: str) -> tuple[str, str]:
    """Return the path, as `pull` would choose it but beside its neighbour, and the text."""
    files = write({"instruments": [draft]})
    ((path, text),) = ((path, text) for path, text in files.items() if path != MANIFEST)
    stem = posixpath.basename(path).removesuffix(".yaml")
    where = folder or posixpath.dirname(path)
    found, number = f"{where}/{stem}.yaml", 2
    while found.lower() in taken:
        found, number = f"{where}/{stem}-{number}.yaml", number + 1
    return found, text


def _pattern(site: Site) -> str:
    return site.listed.pattern if site.listed is not None else ""


def _keys(value: object) -> list[str]:
    return [str(key) for key in value] if isinstance(value, dict) else []
