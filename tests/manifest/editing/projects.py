"""Project files in memory, and what edits make of them."""

from __future__ import annotations

import errno
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.manifest.editing import Overlaid
from redcap_iac.manifest.files import ProjectFiles
from redcap_iac.manifest.loader import load


class InMemory:
    """Project files by path."""

    def __init__(self, files: Mapping[str, str | bytes]) -> None:
        self._files = {
            path: data.encode() if isinstance(data, str) else data for path, data in files.items()
        }

    def read(self, path: str) -> bytes:
        if path not in self._files:
            raise FileNotFoundError(errno.ENOENT, "no such file", path)
        return self._files[path]

    def paths(self) -> tuple[str, ...]:
        return tuple(sorted(self._files))


def fields_of(
    files: ProjectFiles, changed: Mapping[str, bytes | None] | None = None
) -> tuple[Field, ...]:
    """Return the fields the files declare after a change."""
    state = load(Path(), files=Overlaid(files, changed or {})).desired.state
    return cast("tuple[Field, ...]", state.kinds["fields"])


def with_cell(field: Field, column: str, text: str) -> Field:
    """Return a field with another cell."""
    return Field.of({**field.row(), column: text})


def lines_apart(old: bytes, new: bytes | None) -> tuple[list[str], list[str]]:
    """Return the lines only the old file has, and those only the new one has."""
    before, after = old.decode().splitlines(), (new or b"").decode().splitlines()
    return (
        [line for line in before if line not in after],
        [line for line in after if line not in before],
    )
