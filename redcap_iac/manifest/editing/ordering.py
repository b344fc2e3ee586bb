"""Instruments put in an order: entries of lists change places, rows of a CSV, files never."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence

from redcap_iac.differ import longest_rising
from redcap_iac.errors import EditError
from redcap_iac.manifest.editing.folder import Folder, Listed, Site
from redcap_iac.manifest.loader import MANIFEST

Path = tuple[str | int, ...]
_List = tuple[str, Path]
_ROOT: _List = (MANIFEST, ("instruments",))


class Ordering:
    """Puts the instruments of a folder in an order; others stay behind their neighbour.

    Raises EditError where no order of the entries is that order: forms that share a CSV, or a
    file that holds a list, stay together.
    """

    def __init__(self, folder: Folder, names: Sequence[str]) -> None:
        self._folder = folder
        self._place = {name: number for number, name in enumerate(names)}

    def settle(self) -> None:
        """Put everything in order."""
        self._tables()
        self._patterns()
        for where in self._lists():
            self._list(where)
        self._folder.moved()
        self._prove()

    # the rows of a CSV

    def _tables(self) -> None:
        for file in dict.fromkeys(site.file for site in self._folder.sites() if site.is_csv):
            table = self._folder.csv(file)
            forms = table.column("form_name")
            wanted = sorted(forms, key=lambda name: self._place.get(forms[name], -1))
            number = {name: place for place, name in enumerate(forms)}
            steady = longest_rising([number[name] for name in wanted])
            before: str | None = None
            for name in wanted:
                if number[name] not in steady:
                    table.move_row(name, before)
                before = name
        self._folder.moved()

    # patterns

    def _patterns(self) -> None:
        """Write out the patterns whose files do not stand together in the order of their paths."""
        files: dict[Listed, list[str]] = {}
        for site in self._folder.sites():
            if site.listed is not None and site.listed.pattern:
                files.setdefault(site.listed, []).append(site.file)
        wanted = [site.listed for site in self._wanted()]
        for listed, paths in sorted(files.items(), key=lambda one: -one[0].index):
            first = wanted.index(listed)
            together = wanted[first : first + len(paths)] == [listed] * len(paths)
            there = [site.file for site in self._wanted() if site.listed == listed]
            if not together or there != paths:
                spell_out(self._folder, listed, paths)
        self._folder.moved()

    def _wanted(self) -> list[Site]:
        return sorted(self._folder.sites(), key=self._keys().__getitem__)

    def _keys(self) -> Mapping[Site, tuple[int, int]]:
        """Return the place of every instrument; one without a place has that of its neighbour."""
        keys: dict[Site, tuple[int, int]] = {}
        last = -1
        for number, site in enumerate(self._folder.sites()):
            last = self._place.get(site.name, last)
            keys[site] = (last, number)
        return keys

    # lists

    def _lists(self) -> list[_List]:
        """Return every list of instruments, those inside others first."""
        found = [(s.listed.file, s.listed.path) for s in self._folder.sites() if s.listed]
        return list(dict.fromkeys(sorted(found, key=lambda one: one == _ROOT)))

    def _list(self, where: _List) -> None:
        """Sort the entries of one list by the first instrument each brings in."""
        file, path = where
        text = self._folder.yaml(file)
        entries = text.value(path)
        count = len(entries) if isinstance(entries, list) else 0
        keys = self._entry_keys(where, count)
        wanted = sorted(range(count), key=keys.__getitem__)
        steady = longest_rising(wanted)
        now = list(range(count))
        for place, entry in enumerate(wanted):
            if entry in steady:
                continue
            there = now.index(entry)
            now.pop(there)
            goal = now.index(wanted[place - 1]) + 1 if place else 0
            now.insert(goal, entry)
            text.move_item((*path, there), goal)
        self._folder.moved()

    def _entry_keys(self, where: _List, count: int) -> list[tuple[int, int]]:
        file, path = where
        first: dict[int, int] = {}
        for site, (place, _) in self._keys().items():
            entry = self._entry(site, file, path)
            if entry is not None:
                first[entry] = min(place, first.get(entry, place))
        found: list[tuple[int, int]] = []
        for number in range(count):
            last = found[-1][0] if found else -1
            found.append((first.get(number, last), number))
        return found

    def _entry(self, site: Site, file: str, path: Path) -> int | None:
        """Return which entry of a list brings an instrument in, None where none of it does."""
        listed = site.listed
        if listed is None:
            return None
        if (listed.file, listed.path) == (file, path):
            return listed.index
        entries = self._folder.yaml(file).value(path)
        folder = posixpath.dirname(file)
        for number, entry in enumerate(entries if isinstance(entries, list) else ()):
            if isinstance(entry, str) and posixpath.normpath(
                posixpath.join(folder, entry)
            ) == listed.file:  # fmt: skip
                return number
        return None

    def _prove(self) -> None:
        names = [site.name for site in self._folder.sites() if site.name in self._place]
        if names != sorted(names, key=self._place.__getitem__):
            raise EditError(
                "The instruments cannot be put in this order: those of one CSV, or of one file,"
                " stand together.",
                "Give them files of their own, then go on.",
            )


def spell_out(folder: Folder, listed: Listed, files: Sequence[str]) -> None:
    """Write the files of a pattern out in its place, one entry each."""
    start = posixpath.dirname(listed.file) or "."
    names = [posixpath.relpath(file, start) for file in dict.fromkeys(files)]
    text = folder.yaml(listed.file)
    text.set((*listed.path, listed.index), names[0])
    for number, name in enumerate(names[1:], listed.index + 1):
        text.insert_item(listed.path, number, name)
