"""A state → the files of a format, by path; nothing is written to a disk here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from redcap_iac.errors import ManifestError, RedcapIacError
from redcap_iac.findings import Findings
from redcap_iac.formats.contents import BY_KIND, BY_NAME, DICTIONARY, Content
from redcap_iac.formats.detecting import MANIFEST, PROJECT_XML, ZIP
from redcap_iac.formats.instrument_zip import write_instrument
from redcap_iac.formats.naming import Named
from redcap_iac.formats.project_xml import write_project_xml
from redcap_iac.formats.table_writing import contents_of, to_csv, to_json
from redcap_iac.kinds import kind_named
from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.manifest.writer import write
from redcap_iac.state import State
from redcap_iac.workflow.drafting import drafted
from redcap_iac.workflow.own_places import named_shortly

ZIPS, CSV_FOLDER, JSON_FOLDER = "instrument-zips", "csv-folder", "json-folder"
#: Formats that can be written; the tables as CSV or JSON.
TARGETS = (MANIFEST, PROJECT_XML, ZIP, ZIPS, CSV_FOLDER, JSON_FOLDER, *BY_NAME)
_FORM = re.compile(r"[a-z0-9_]{1,200}", re.ASCII)
#: Targets that are folders.
FOLDERS = frozenset({MANIFEST, ZIPS, CSV_FOLDER, JSON_FOLDER})


@dataclass(frozen=True, slots=True)
class Target:
    """What is to be written: the format ("" is told by the name), the name of the file or folder.

    `page` is the header of REDCap's page for a dictionary, else the API's; `encoding` is one of
    Python's names.
    """

    name: str
    format: str = ""
    page: bool = True
    delimiter: str = ","
    encoding: str = "utf-8"


def told_by_name(name: str, read: State) -> str:
    """Return the format a target's name asks for; a table is that of the only content read."""
    suffix = Path(name).suffix.lower()
    if name.endswith(("/", "\\")) or Path(name).is_dir() or not suffix:
        return MANIFEST
    if suffix in (".xml", ".zip"):
        return PROJECT_XML if suffix == ".xml" else ZIP
    if suffix not in (".csv", ".json"):
        raise RedcapIacError(
            f"{name} does not say which format to write.", f"Add --to: {', '.join(TARGETS)}."
        )
    kinds = [name for name, items in read.kinds.items() if items]
    if len(kinds) == 1 and kinds[0] in BY_KIND:
        return BY_KIND[kinds[0]].name
    return DICTIONARY.name


def written(source: Named, target: Target) -> dict[str, bytes]:
    """Return the files of a target by path; one file by the name of the target."""
    there = contents_of(source)
    if not there:
        raise RedcapIacError(
            "What was read holds nothing that could be written.",
            "Look whether the tables have rows.",
        )
    if target.format in BY_NAME and BY_NAME[target.format] not in there:
        raise RedcapIacError(
            f"There is no {target.format} in what was read.",
            f"It holds {', '.join(one.name for one in there)}: name one with --to.",
        )
    if target.format in (MANIFEST, PROJECT_XML):
        _look_at_instruments(source, target)
    if target.format == MANIFEST:
        return {name: text.encode() for name, text in write(drafted(source)).items()}
    if target.format == PROJECT_XML:
        return {target.name: write_project_xml(source, Path(target.name).stem).encode()}
    if target.format in (ZIP, ZIPS):
        return dict(_zips(source, target))
    if target.format in BY_NAME:
        is_table = not target.name.lower().endswith(".json")
        text = _table(BY_NAME[target.format], source, target, as_csv=is_table)
        return {target.name: _encoded(text, target)}
    as_csv = target.format == CSV_FOLDER
    ending = "csv" if as_csv else "json"
    return {
        f"{one.file}.{ending}": _encoded(_table(one, source, target, as_csv=as_csv), target)
        for one in there
    }


def _look_at_instruments(source: Named, target: Target) -> None:
    """Raise ManifestError for fields without an instrument, RedcapIacError where none is there."""
    fields: tuple[Field, ...] = kind_named("fields").items(source.state)
    findings = Findings()
    nowhere = [field for field in fields if not field.form_name.strip()]
    if nowhere:
        names = [field.field_name.strip()[:60] for field in nowhere]
        one = len(names) == 1
        findings.error(
            "C104",
            f"The field {names[0]} is on no instrument." if one
            else f"{len(names):,} fields are on no instrument: {named_shortly(names)}.",
            nowhere[0].place("form_name"), address=f"field/{nowhere[0].field_name}",
            advice=f"Name {'its' if one else 'their'} instrument: the column Form Name is empty.",
        )  # fmt: skip
        raise ManifestError(findings.all())
    if not fields and target.format == PROJECT_XML:
        raise RedcapIacError(
            "A project file needs fields, and what was read has none.",
            "Give the dictionary as well.",
        )


def _zips(source: Named, target: Target) -> Iterator[tuple[str, bytes]]:
    fields: tuple[Field, ...] = kind_named("fields").items(source.state)
    names = list(dict.fromkeys(field.form_name for field in fields))
    if target.format == ZIP and len(names) != 1:
        raise RedcapIacError(
            f"A zip file holds one instrument, and here are {len(names)}.",
            f"Write one each into a folder: --to {ZIPS}",
        )
    odd = [name for name in names if not _FORM.fullmatch(name)]
    if odd:  # a name becomes a file's name, and must not lead anywhere else
        raise RedcapIacError(
            f"{odd[0][:60]!r} is no name of an instrument, so no file is named after it.",
            "Names of instruments have small letters, digits and underscores.",
        )
    for name in names:
        path = target.name if target.format == ZIP else f"{name}.zip"
        yield path, write_instrument([field for field in fields if field.form_name == name])


def _table(content: Content, source: Named, target: Target, *, as_csv: bool) -> str:
    if not as_csv:
        return to_json(content, source)
    return to_csv(content, source, page=target.page, delimiter=target.delimiter)


def _encoded(text: str, target: Target) -> bytes:
    try:
        return text.encode(target.encoding)
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + 1
        raise RedcapIacError(
            f"{target.encoding} has no sign for {text[error.start]!r} in line {line} of"
            f" {target.name}.",
            "Leave --encoding out: UTF-8 holds everything.",
        ) from None
