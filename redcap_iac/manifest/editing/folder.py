"""The files of a project as they are being changed, and where every instrument stands in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from redcap_iac.errors import EditError
from redcap_iac.manifest.editing.csv_text import CsvText
from redcap_iac.manifest.editing.yaml_text import YamlText
from redcap_iac.manifest.files import ProjectFiles, inside
from redcap_iac.manifest.includes import matches
from redcap_iac.manifest.loader import MANIFEST

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """Where a list of instruments names something: the file, the list in it, the number."""

    file: str
    path: Path
    index: int
    pattern: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """Where an instrument stands: a map in a YAML file, or rows of a CSV.

    `listed` is None for a CSV that `dictionary:` names.
    """

    name: str
    file: str
    path: Path
    listed: Listed | None
    is_csv: bool = False


class Folder:
    """Opens each file once for editing; what was not changed is given back as it was.

    `variables` have their texts by name: what is read has them in place, and texts keep them.
    """

    def __init__(self, files: ProjectFiles, variables: Mapping[str, str] | None = None) -> None:
        self._files = files
        self._variables = variables
        self._yaml: dict[str, YamlText] = {}
        self._csv: dict[str, CsvText] = {}
        self._whole: dict[str, bytes | None] = {}
        self._sites: tuple[Site, ...] | None = None

    @property
    def root(self) -> YamlText:
        """The file the folder is known by."""
        return self.yaml(MANIFEST)

    def yaml(self, file: str) -> YamlText:
        """Return a YAML file to change."""
        if file not in self._yaml:
            self._yaml[file] = YamlText(self.read(file), file, variables=self._variables)
        return self._yaml[file]

    def csv(self, file: str) -> CsvText:
        """Return a CSV file to change."""
        if file not in self._csv:
            self._csv[file] = CsvText(self.read(file), file)
        return self._csv[file]

    def read(self, file: str) -> bytes:
        """Return the bytes of a file as it is without what is being changed in it."""
        data = self._whole.get(file)
        return self._files.read(file) if data is None else data

    def paths(self) -> tuple[str, ...]:
        """Return the paths of all files there will be."""
        gone = {file for file, data in self._whole.items() if data is None}
        return tuple(sorted((set(self._files.paths()) | self._whole.keys()) - gone))

    def add(self, file: str, text: str) -> None:
        """Put a new file in."""
        self._whole[file] = text.encode()
        self.moved()

    def drop(self, file: str) -> None:
        """Take a file out."""
        self._whole[file] = None
        self._yaml.pop(file, None)
        self._csv.pop(file, None)
        self.moved()

    def take_out(self, site: Site) -> None:
        """Take the file of an instrument out, and the entry that names it.

        A pattern stays while it finds others; EditError for the CSV that `dictionary:` names.
        """
        listed = site.listed
        if listed is None:
            raise EditError(
                f"{site.file} would be left without a field.", "A project has one at least."
            )
        files = {one.file for one in self.siblings(site)}
        if not listed.pattern or files <= {site.file}:
            self.yaml(listed.file).remove((*listed.path, listed.index))
        self.drop(site.file)

    def moved(self) -> None:
        """Forget where the instruments stand; they are looked for again."""
        self._sites = None

    def changed(self) -> Mapping[str, bytes | None]:
        """Return the files that are other than they were, None for those that are gone."""
        found = dict(self._whole)
        found |= {file: text.data() for file, text in self._yaml.items()}
        found |= {file: text.data() for file, text in self._csv.items()}
        there = set(self._files.paths())
        return {
            file: data
            for file, data in sorted(found.items())
            if (data is None and file in there)
            or (data is not None and (file not in there or self._files.read(file) != data))
        }

    # instruments

    def sites(self) -> tuple[Site, ...]:
        """Return where every instrument stands, in their order."""
        if self._sites is None:
            self._sites = tuple(self._walk())
        return self._sites

    def site(self, instrument: str) -> Site:
        """Return where an instrument stands; EditError where it does not."""
        for site in self.sites():
            if site.name == instrument:
                return site
        raise EditError(f"There is no instrument {instrument} in the files.")

    def siblings(self, site: Site) -> tuple[Site, ...]:
        """Return the instruments that one entry of a list brings in, or one CSV holds."""
        if site.listed is None:
            return tuple(one for one in self.sites() if one.listed is None)
        return tuple(one for one in self.sites() if one.listed == site.listed)

    def _walk(self) -> Iterator[Site]:
        if self.root.has(("dictionary",)):
            path = inside(str(self.root.value(("dictionary",))))
            yield from self._table(path, None)
        elif self.root.has(("instruments",)):
            yield from self._list(MANIFEST, ("instruments",))

    def _list(self, file: str, path: Path) -> Iterator[Site]:
        entries = self.yaml(file).value(path)
        for index, entry in enumerate(entries if isinstance(entries, list) else ()):
            listed = Listed(file, path, index)
            if isinstance(entry, dict):
                yield Site(str(entry.get("instrument", "")), file, (*path, index), listed)
            else:
                yield from self._named(file, str(entry), listed)

    def _named(self, file: str, text: str, listed: Listed) -> Iterator[Site]:
        path = inside((PurePosixPath(file).parent / text).as_posix())
        if not any(letter in text for letter in "*?["):
            yield from self._file(path, listed)
            return
        by_pattern = Listed(listed.file, listed.path, listed.index, path)
        for one in self.paths():
            if matches(one, path):
                yield from self._file(one, by_pattern)

    def _file(self, path: str, listed: Listed) -> Iterator[Site]:
        suffix = PurePosixPath(path).suffix.lower()
        if suffix == ".csv":
            yield from self._table(path, listed)
        elif suffix in (".yaml", ".yml"):
            value = self.yaml(path).value(())
            if isinstance(value, list):
                yield from self._list(path, ())
            elif isinstance(value, dict):
                yield Site(str(value.get("instrument", "")), path, (), listed)

    def _table(self, path: str, listed: Listed | None) -> Iterator[Site]:
        for form in dict.fromkeys(self.csv(path).column("form_name").values()):
            yield Site(form, path, (), listed, is_csv=True)
