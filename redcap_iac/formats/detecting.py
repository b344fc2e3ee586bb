"""Which format a file has: by what is in it, then by its name; what stays open is told."""

from __future__ import annotations

import re
from collections.abc import Sequence

from redcap_iac.findings import Findings, Position
from redcap_iac.formats.contents import (
    CONTENTS,
    DICTIONARY,
    is_any_column,
    other_file,
    recognised,
)
from redcap_iac.formats.instrument_zip import AS_CSV
from redcap_iac.formats.table_reading import BROKEN, header_of, is_json, json_problem, text_of
from redcap_iac.suggestions import did_you_mean

MANIFEST, FOLDER = "manifest", "folder"
PROJECT_XML, ZIP = "project-xml", "instrument-zip"
TABLES = tuple(content.name for content in CONTENTS)
#: Formats of a single file or folder that can be read.
SOURCES = (MANIFEST, PROJECT_XML, ZIP, FOLDER, *TABLES)

_PAGE = re.compile(r"\s*<(!doctype\s+html|html)[\s>]", re.IGNORECASE)
_OPEN = "Name the format with `--from`: "


def detect(data: bytes, file: str, findings: Findings) -> str:
    """Return the format of a file, "" when it cannot be told; why is then an error."""
    at = Position(file, 1)
    if is_spreadsheet(data, file):
        findings.error("C101", "A spreadsheet's own file is not read.", at, advice=AS_CSV)
        return ""
    if data.startswith(b"PK\x03\x04") or file.lower().endswith(".zip"):
        return ZIP
    if file.lower().endswith((".yaml", ".yml")):
        findings.error(
            "C101", "A file of a manifest is not converted by itself.", at,
            advice="Name the folder that holds redcap.yaml.",
        )  # fmt: skip
        return ""
    found = Findings()
    text = text_of(data, file, found)
    for error in found.errors():  # that an encoding was guessed is told when the file is read
        findings.add(error)
    if text is None:
        return ""
    if _PAGE.match(text):
        findings.error(
            "C101", "The file is a web page, perhaps REDCap's log-in.", at,
            advice="Log in to REDCap and download the file again.",
        )  # fmt: skip
        return ""
    if text.lstrip()[:1] == "<":
        return PROJECT_XML
    return _table(text, file, findings)


def is_spreadsheet(data: bytes, file: str) -> bool:
    """Tell whether a file is one of a spreadsheet program, by name or first bytes.

    The older ones are compound files; the newer ones are zip files, told by what is in them.
    """
    named = file.lower().endswith((".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".numbers"))
    return named or data.startswith(b"\xd0\xcf\x11\xe0") or _is_office(data)


def _is_office(data: bytes) -> bool:
    return data.startswith(b"PK\x03\x04") and data[30:49] == b"[Content_Types].xml"


def _table(text: str, file: str, findings: Findings) -> str:
    at = Position(file, 1)
    if not text.strip():
        findings.error("C102", "The file is empty.", at, advice="Download it again.")
        return ""
    broken = json_problem(text) if is_json(text) or file.lower().endswith(".json") else None
    if broken is not None:
        findings.error("C102", broken[0], Position(file, *broken[1]), advice=BROKEN)
        return ""
    header = header_of(text)
    elsewhere = other_file(header)
    if elsewhere:
        findings.error(
            "C101", f"The file holds {elsewhere}, which no design holds.", at,
            advice="No method of the API sets it: upload it in REDCap's pages.",
        )  # fmt: skip
        return ""
    found = recognised(header)
    if len(found) == 1:
        return found[0].name
    words = f"{', '.join(TABLES)}."
    if found:
        names = " or ".join(content.name for content in found)
        findings.error("C101", f"The file may hold {names}.", at, advice=_OPEN + words)
    elif sum(map(DICTIONARY.knows, header)):
        return DICTIONARY.name  # which of its columns are missing is better told than guessed at
    elif header:
        findings.error(
            "C101", f"The columns are none of REDCap's: {', '.join(header)[:80]}.", at,
            advice=_nearly(header) or _OPEN + words,
        )  # fmt: skip
    else:
        said = "The file holds nothing that tells its format."
        findings.error("C101", said, at, advice=_OPEN + words)
    return ""


def _nearly(header: Sequence[str]) -> str:
    """Return what to do about a header that is nearly one of REDCap's, "" when it is not."""
    if len(header) == 1 and sum(map(is_any_column, re.split("[,;\t| ]", header[0]))) > 1:
        return (
            "Separate the columns by comma, semicolon or tab, and put no quotation marks around"
            " whole lines."
        )
    columns = [column for content in CONTENTS for column in content.columns]
    if any(map(is_any_column, header)):
        odd = (cell for cell in header if cell.strip() and not is_any_column(cell))
        return next((near for cell in odd if (near := did_you_mean(cell, columns))), "")
    return ""
