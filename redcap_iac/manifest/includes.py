"""Instruments of other files: paths, patterns, CSV, zip; never outside the folder, never twice."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from redcap_iac.document import Listing, Map, Node, Text
from redcap_iac.findings import Findings, Position
from redcap_iac.formats.dictionary_csv import read_dictionary
from redcap_iac.formats.instrument_zip import read_instrument
from redcap_iac.manifest import decoding
from redcap_iac.manifest.files import OutsideError, ProjectFiles, inside
from redcap_iac.manifest.mending import mend
from redcap_iac.manifest.nodes import read_yaml
from redcap_iac.manifest.shape import check_shape
from redcap_iac.manifest.variable_filling import Expansion
from redcap_iac.state import Item
from redcap_iac.suggestions import did_you_mean

Instrument = Map | tuple[Item, ...]

_YAML = (".yaml", ".yml")
_TABLES = {".csv": read_dictionary, ".zip": read_instrument}
_MOST_FILES = 5_000


class Includer:
    """Collects the instruments a manifest names, in its order."""

    def __init__(self, files: ProjectFiles, findings: Findings, variables: Expansion) -> None:
        self._files = files
        self._findings = findings
        self._variables = variables
        self._first: dict[str, Position] = {}
        self._found: list[Instrument] = []
        self._all: tuple[str, ...] | None = None
        #: Something could not be taken in at all; what refers to it cannot be judged.
        self.incomplete = False
        #: Places about which there is nothing more to say.
        self.doubtful: frozenset[Position] = frozenset()

    def collect(self, root: Map, file: str) -> tuple[Instrument, ...] | None:
        """Return what `instruments:` or `dictionary:` hold, None when neither is there."""
        listing, dictionary = root.get("instruments"), root.get("dictionary")
        if listing is not None and dictionary is not None:
            self._error(
                "M125",
                "`instruments` and `dictionary` are both here, and each is the whole design.",
                dictionary.at,
                advice="Keep one; a CSV file can also stand in the list of `instruments`.",
            )
        if isinstance(dictionary, Text):
            self._include(dictionary, file, ())
        elif listing is not None:
            self._entries(listing, file, ())
        else:
            return None
        return tuple(self._found)

    def _entries(self, node: Node, file: str, trail: tuple[str, ...]) -> None:
        """Take in the entries of a list, which stands in `file`."""
        for entry in node.items if isinstance(node, Listing) else ():
            if isinstance(entry, Map):
                self._found.append(entry)
            elif isinstance(entry, Text):
                self._include(entry, file, trail)

    def _include(self, entry: Text, file: str, trail: tuple[str, ...]) -> None:
        """Take in the file, or the files of the pattern, that an entry names."""
        try:
            path = inside((PurePosixPath(file).parent / entry.text).as_posix())
        except OutsideError:
            self._outside(entry)
            return
        if not any(letter in entry.text for letter in "*?["):
            self._file(path, entry, trail)
            return
        matching = [one for one in self._paths() if matches(one, path)]
        if not matching:
            self._error(
                "M120", f"No file is named like {entry.text}.", entry.at, advice=self._near(path)
            )
        for one in matching:
            self._file(one, entry, trail)

    def _file(self, path: str, entry: Text, trail: tuple[str, ...]) -> None:
        if path in trail:
            circle = " → ".join([*trail[trail.index(path) :], path])
            self._error("M122", f"These files name each other: {circle}.", entry.at)
            return
        if path in self._first:
            self._error(
                "M123",
                f"{path} is named a second time; the first is at {self._first[path]}.",
                entry.at,
            )
            return
        self._first[path] = entry.at
        suffix = PurePosixPath(path).suffix.lower()
        if suffix not in (*_YAML, *_TABLES):
            self._no_kind(path, entry)
            return
        data = self._read(path, entry)
        if data is None:
            return
        if suffix in _TABLES:
            fields = _TABLES[suffix](data, path, self._findings)
            self.incomplete = self.incomplete or not fields
            self._found.append(fields)
            return
        node = read_yaml(data, path, self._findings, as_typed=True)
        if node is not None and b"$" in data:
            node = self._variables.instrument(node)
        mended = mend(node, check_shape(node, "instrument", self._findings)) if node else None
        if mended is None:
            self.incomplete = True
            return
        node, doubtful = mended
        self.doubtful |= doubtful
        if isinstance(node, Map):
            self._found.append(node)
        else:
            self._entries(node, path, (*trail, path))

    def _read(self, path: str, entry: Text) -> bytes | None:
        if len(self._first) > _MOST_FILES:
            self._error("M103", f"More than {_MOST_FILES} files are named.", entry.at)
            return None
        try:
            data = self._files.read(path)
            if len(data) <= decoding.LARGEST:
                return data
            self._error("M103", f"{path} is too large to be part of a manifest.", entry.at)
        except OutsideError:
            self._outside(entry)
        except FileNotFoundError:
            self._error("M120", f"There is no file {path}.", entry.at, advice=self._near(path))
        except IsADirectoryError:
            self._folder(path, entry)
        except OSError as error:
            reason = error.strerror or "no reason given"
            self._error("M120", f"{path} cannot be read: {reason}.", entry.at)
        return None

    def _error(self, code: str, message: str, at: Position, advice: str = "") -> None:
        self.incomplete = True
        self._findings.error(code, message, at, advice=advice)

    def _no_kind(self, path: str, entry: Text) -> None:
        """Say why a file without a known ending cannot be taken in."""
        if any(one.startswith(f"{path}/") for one in self._paths()):
            self._folder(path, entry)
        elif path not in self._paths():
            self._error("M120", f"There is no file {path}.", entry.at, advice=self._near(path))
        else:
            self._error(
                "M124", f"{path} is neither YAML nor CSV nor an instrument's zip.", entry.at
            )

    def _folder(self, path: str, entry: Text) -> None:
        self._error(
            "M124", f"{path} is a folder.", entry.at, advice=f"Write {path}/*.yaml for its files."
        )

    def _outside(self, entry: Text) -> None:
        self._error(
            "M121",
            f"{entry.text} leads out of the project folder.",
            entry.at,
            advice="Name files by their path inside the folder, with `/`.",
        )

    def _near(self, path: str) -> str:
        return did_you_mean(path, self._paths())

    def _paths(self) -> tuple[str, ...]:
        if self._all is None:
            self._all = self._files.paths()
        return self._all


def matches(path: str, pattern: str) -> bool:
    """Tell whether a path fits a pattern, part by part; `**` stands for any folders."""
    return _fits(path.split("/"), pattern.split("/"))


def _fits(parts: list[str], patterns: list[str]) -> bool:
    if not patterns:
        return not parts
    if patterns[0] == "**":
        return any(_fits(parts[start:], patterns[1:]) for start in range(len(parts) + 1))
    return bool(parts) and fnmatchcase(parts[0], patterns[0]) and _fits(parts[1:], patterns[1:])
