"""Which format a file has: by what is in it, then by its name; what stays open is told."""

from __future__ import annotations

from redcap_iac.findings import Findings, Position
from redcap_iac.formats.contents import CONTENTS, DICTIONARY, recognised
from redcap_iac.formats.table_reading import header_of, is_json, text_of

MANIFEST, FOLDER = "manifest", "folder"
PROJECT_XML, ZIP = "project-xml", "instrument-zip"
TABLES = tuple(content.name for content in CONTENTS)
#: Formats of a single file or folder that can be read.
SOURCES = (MANIFEST, PROJECT_XML, ZIP, FOLDER, *TABLES)

_OPEN = "Name the format with `--from`: "


def detect(data: bytes, file: str, findings: Findings) -> str:
    """Return the format of a file, "" when it cannot be told; why is then an error."""
    at = Position(file, 1)
    if file.lower().endswith((".xlsx", ".xls", ".ods")):
        findings.error(
            "C101", "A spreadsheet's own file is not read.", at,
            advice="Save it as CSV UTF-8: REDCap takes no other one either.",
        )  # fmt: skip
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
    if text.lstrip()[:1] == "<":
        return PROJECT_XML
    return _table(text, file, findings)


def _table(text: str, file: str, findings: Findings) -> str:
    at = Position(file, 1)
    header = header_of(text)
    found = recognised(header)
    if len(found) == 1:
        return found[0].name
    words = f"{', '.join(TABLES)}."
    if found:
        names = " or ".join(content.name for content in found)
        findings.error("C101", f"The file may hold {names}.", at, advice=_OPEN + words)
    elif file.lower().endswith(".json") and not is_json(text):
        findings.error("C102", "The file is not valid JSON.", at)
    elif sum(map(DICTIONARY.knows, header)):
        return DICTIONARY.name  # which of its columns are missing is better told than guessed at
    elif header:
        findings.error(
            "C101", f"The columns are none of REDCap's: {', '.join(header)[:80]}.", at,
            advice=_OPEN + words,
        )  # fmt: skip
    else:
        said = "The file holds nothing that tells its format."
        findings.error("C101", said, at, advice=_OPEN + words)
    return ""
