"""Convert in a test: files by name in, the conversion out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from redcap_iac.findings import Finding
from redcap_iac.workflow.converted_files import Target
from redcap_iac.workflow.converting import Conversion, convert

EXAMPLES = Path(__file__).parents[2] / "examples"


def put(folder: Path, files: Mapping[str, str] | Mapping[str, bytes]) -> Path:
    """Write files below a folder; return the folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def convert_back(there: Conversion, folder: Path) -> Conversion:
    """Convert what was written to a manifest again."""
    if there.format == "manifest":
        return convert([put(folder, there.files)], "", Target("back/"))
    place = put(folder, {Path(name).name: data for name, data in there.files.items()})
    return convert([place / Path(name).name for name in there.files], "", Target("back/"))


def to(source: Path, name: str, format_: str = "") -> Conversion:
    """Convert one file or folder."""
    return convert([source], "", Target(name, format_))


def codes(found: Iterable[Finding]) -> dict[str, int]:
    """Return how often each code was found."""
    return dict(Counter(finding.code for finding in found))


def addresses(found: Iterable[Finding], code: str) -> list[str]:
    """Return the addresses found under a code."""
    return [finding.address for finding in found if finding.code == code]
