"""Pull: a live project → a new folder, as YAML or with the dictionary as CSV."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from redcap_iac import workflow
from redcap_iac.formats.dictionary_csv import write_dictionary
from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.manifest.writer import write
from redcap_iac.state import Live
from tests.end_to_end.study import Study


def pulled(live: Live, *, csv: bool = False) -> dict[str, str]:
    """Return the files of a project as pull would write them."""
    fields = cast("tuple[Field, ...]", live.state.kinds["fields"])
    return write(workflow.draft(live), dictionary=write_dictionary(fields) if csv else None)


def pull(study: Study, folder: Path, *, csv: bool = False) -> Study:
    """Pull a study into a new folder; return the study as that folder declares it."""
    files = pulled(workflow.read(study.session), csv=csv)
    save(files, folder)
    return Study(study.project, folder)


def save(files: dict[str, str], folder: Path) -> None:
    """Write files below a folder that must not be there yet, bytes as they are."""
    folder.mkdir()
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8"))
