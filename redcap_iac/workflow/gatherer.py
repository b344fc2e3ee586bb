"""Files and folders of any format, one after another → one state."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from redcap_iac.errors import RedcapIacError
from redcap_iac.findings import Findings, Position
from redcap_iac.formats.contents import BY_NAME, CONTENTS, DICTIONARY, Content
from redcap_iac.formats.detecting import FOLDER, MANIFEST, PROJECT_XML, ZIP, detect, is_spreadsheet
from redcap_iac.formats.dictionary_csv import read_dictionary
from redcap_iac.formats.instrument_zip import read_instrument
from redcap_iac.formats.project_xml import read_project_xml
from redcap_iac.formats.table_items import items_of
from redcap_iac.formats.table_reading import is_json, read_table, text_of
from redcap_iac.manifest.aside import asides
from redcap_iac.manifest.files import Folder
from redcap_iac.manifest.loader import MANIFEST as MANIFEST_FILE
from redcap_iac.manifest.loader import load
from redcap_iac.state import Item, State

_ENDINGS = (".csv", ".json", ".xml", ".zip")


class Gatherer:
    """Reads one input after another into one state; tables last, each after what it refers to."""

    def __init__(self, findings: Findings, environment: str = "") -> None:
        self._findings = findings
        self._environment = environment
        self._kinds: dict[str, tuple[Item, ...]] = {}
        self._from: dict[str, str] = {}
        self._from_zips = False
        self._tables: list[tuple[Content, str, str]] = []
        self.sources: list[tuple[str, str]] = []

    def take(self, path: Path, format_: str) -> None:
        """Read a file or folder."""
        shown = path.as_posix()
        if path.is_dir():
            self._folder(path, shown, format_)
            return
        if path.name == MANIFEST_FILE and format_ in ("", MANIFEST):
            self._manifest(path.parent, shown)
            return
        try:
            data = path.read_bytes()
        except OSError as error:
            raise RedcapIacError(f"{shown} cannot be read: {error.strerror}.") from None
        self.add(data, shown, format_)

    def add(self, data: bytes, file: str, format_: str) -> None:
        """Read the bytes of a file; `format_` is "" to find out."""
        if format_ in BY_NAME and is_spreadsheet(data, file):
            format_ = ""  # whatever it is said to be: no table is read from it
        format_ = format_ or detect(data, file, self._findings)
        if not format_:
            return
        self.sources.append((file, format_))
        if format_ == PROJECT_XML:
            for name, items in read_project_xml(data, file, self._findings).kinds.items():
                self._put(name, items, file)
        elif format_ == ZIP:
            self._zip(data, file)
        elif format_ in BY_NAME:
            self._table(data, file, BY_NAME[format_])
        else:
            raise RedcapIacError(
                f"{file} is a file, and a {format_} is a folder.", "Name the folder."
            )

    def state(self) -> State:
        """Return what was read; the tables are read now."""
        for content, text, file in sorted(self._tables, key=lambda one: CONTENTS.index(one[0])):
            rows = read_table(text, content, file, self._findings)
            if rows:
                before = State(self._kinds)
                self._put(content.kind, items_of(content, rows, before, self._findings), file)
        return State(self._kinds)

    def _folder(self, path: Path, shown: str, format_: str) -> None:
        if (path / MANIFEST_FILE).exists() and format_ in ("", MANIFEST):
            self._manifest(path, shown)
            return
        found = sorted(
            file for file in path.iterdir()
            if file.suffix.lower() in _ENDINGS and not file.name.startswith(".") and file.is_file()
        )  # fmt: skip
        if not found or format_ not in ("", FOLDER):
            raise RedcapIacError(
                f"{shown} holds no {MANIFEST_FILE}"
                + ("." if found else ", and no CSV, JSON, XML or zip file."),
                "Name a folder with a manifest, or one with REDCap's files.",
            )
        for file in found:
            self.add(file.read_bytes(), file.as_posix(), "")

    def _manifest(self, folder: Path, shown: str) -> None:
        manifest = load(folder, environment=self._environment)
        self.sources.append((shown, MANIFEST))
        for name, items in manifest.desired.state.kinds.items():
            self._put(name, items, shown)
        for finding in manifest.findings:
            self._findings.add(finding)
        held = Folder(folder)
        for aside in asides((name, held.read(name)) for name in manifest.files):
            self._findings.warning(
                "C118", f"Of the manifest itself: {aside.what} ({aside.count:,}).", aside.at,
                advice="REDCap's files have no place for it; keep the manifest.",
            )  # fmt: skip

    def _zip(self, data: bytes, file: str) -> None:
        """Add an instrument; several zips make one dictionary."""
        found = Findings()
        fields = read_instrument(data, file, found)
        for finding in found.all():
            beyond = finding.code == "M257"
            self._findings.add(replace(finding, code="C121") if beyond else finding)
        if self._from_zips:
            self._kinds["fields"] += fields
        else:
            self._from_zips = "fields" not in self._from
            self._put("fields", fields, file)

    def _table(self, data: bytes, file: str, content: Content) -> None:
        text = text_of(data, file, Findings())
        if content is DICTIONARY and (text is None or not is_json(text)):
            self._put("fields", read_dictionary(data, file, self._findings), file)
        elif text is None or any(known is content for known, _, _ in self._tables):
            said = "is no text" if text is None else f"is a second file of {content.name}"
            self._findings.error("C106", f"The file {said}.", Position(file, 1))
        else:
            if content is not DICTIONARY:
                text_of(data, file, self._findings)  # says which encoding was guessed
            self._tables.append((content, text, file))

    def _put(self, kind: str, items: tuple[Item, ...], file: str) -> None:
        if kind in self._from:
            self._findings.error(
                "C106", f"{kind.replace('_', ' ').capitalize()} are in {self._from[kind]} too.",
                Position(file, 1), advice="Leave one of the two files out.",
            )  # fmt: skip
            return
        self._kinds[kind] = items
        self._from[kind] = file
