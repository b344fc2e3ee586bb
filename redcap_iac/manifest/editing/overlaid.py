"""Project files with some of them changed, in memory: what a folder would be after a change."""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping

from redcap_iac.manifest.files import ProjectFiles, inside


class Overlaid:
    """Files of a project, some with other bytes; None stands for a file that is gone."""

    def __init__(self, files: ProjectFiles, changed: Mapping[str, bytes | None]) -> None:
        self._files = files
        self._changed = changed

    def read(self, path: str) -> bytes:
        """Return the bytes of a file, changed ones first."""
        there = inside(path)
        if there not in self._changed:
            return self._files.read(path)
        data = self._changed[there]
        if data is None:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
        return data

    def paths(self) -> tuple[str, ...]:
        """Return the paths of all files, sorted."""
        gone = {path for path, data in self._changed.items() if data is None}
        new = self._changed.keys() - gone
        return tuple(sorted((set(self._files.paths()) | new) - gone))
