"""An instrument as a zip file, as REDCap's Online Designer downloads it.

Inside: `instrument.csv`, a slice of a dictionary, and the origin's name; attachments of
descriptive fields under `attachments/`, and in newer ones `instrument_extra.csv` with stop actions
and videos (recorded): settings outside the dictionary, which no API sets. The zip holds no label.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Sequence

from redcap_iac.findings import Findings, Position
from redcap_iac.formats.dictionary_csv import read_dictionary, write_dictionary
from redcap_iac.kinds.dictionary.field import Field

#: More than any dictionary: a small zip that unpacks to more is an attack or an accident.
MAXIMUM_SIZE = 64 * 1024 * 1024

_MEMBER, _ORIGIN = "instrument.csv", "OriginID.txt"
_OURS = (_MEMBER, _ORIGIN)
_SHOWN = 8
#: Members by which the files of spreadsheets are known, which are zip files too.
_SPREADSHEET = frozenset({"[Content_Types].xml", "mimetype"})
#: What to do about the file of a spreadsheet.
AS_CSV = (
    "Open it in the spreadsheet, save the sheet as CSV UTF-8 (File, Save As), and convert that"
    " file; REDCap takes no other one either."
)
#: The earliest time a zip can say: the same instrument gives the same bytes.
_TIME = (1980, 1, 1, 0, 0, 0)


def read_instrument(data: bytes, file: str, findings: Findings) -> tuple[Field, ...]:
    """Return the fields of an instrument zip; positions name the CSV inside (`x.zip/…`)."""
    at = Position(file, 1)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            if names.count(_MEMBER) != 1:
                _tell_missing(names, at, findings)
                return ()
            with archive.open(_MEMBER) as member:
                content = member.read(MAXIMUM_SIZE + 1)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError):
        findings.error(
            "M256", "The file is not a zip file that can be read.", at,
            advice="Download the instrument again; a zip file with a password is not read.",
        )  # fmt: skip
        return ()
    if len(content) > MAXIMUM_SIZE:
        findings.error(
            "M256", f"{_MEMBER} unpacks to more than 64 MB.", at,
            advice="No dictionary is that large; download the instrument again.",
        )  # fmt: skip
        return ()
    others = [name for name in names if name not in _OURS and not name.endswith("/")]
    if others:
        findings.warning(
            "M257", f"Not taken over from the zip file: {_listed(others)}.", at,
            advice="Attachments, stop actions and videos are set in the Online Designer.",
        )  # fmt: skip
    return read_dictionary(content, f"{file}/{_MEMBER}", findings)


def _tell_missing(names: Sequence[str], at: Position, findings: Findings) -> None:
    """Say why a zip file is none of an instrument, and what it may be."""
    if _MEMBER in names:
        said, advice = f"The zip file holds {_MEMBER} twice.", "Download the instrument again."
    elif any(name in _SPREADSHEET or name.startswith("Index/") for name in names):
        said, advice = "The file is a spreadsheet's own and no zip of an instrument.", AS_CSV
    elif any(name.lower().endswith(".zip") for name in names):
        said, advice = "The zip file holds other zip files.", "Unpack it, and name those inside."
    elif any(name.lower().rpartition("/")[2] == _MEMBER for name in names):
        said = f"The zip file holds {_MEMBER} in a folder or spelt otherwise, as REDCap never does."
        advice = "Zip the files themselves, not the folder they are in."
    else:
        said = f"The zip file holds no {_MEMBER}" + (f", only {_listed(names)}." if names else ".")
        advice = "The Online Designer downloads the zip of an instrument; a dictionary is a CSV."
    findings.error("M256", said, at, advice=advice)


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else ""
    return ", ".join(name[:60] for name in names[:_SHOWN]) + more


def write_instrument(fields: Sequence[Field]) -> bytes:
    """Return the zip file of one instrument, laid out as REDCap's own (recorded).

    The origin is the host of the server that wrote it (recorded); here it is the tool's name.
    """
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, text in ((_ORIGIN, "redcap-iac"), (_MEMBER, write_dictionary(fields))):
            member = zipfile.ZipInfo(name, _TIME)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o644 << 16
            archive.writestr(member, text.encode("utf-8"))
    return data.getvalue()
