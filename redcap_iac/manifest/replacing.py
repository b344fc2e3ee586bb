"""Files of a project replaced: whole or not at all, with the rights they had."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path


def replace_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Replace files by their path in a folder, each at once; OSError when one cannot be.

    All are written beside their places first, so that a full disk leaves every file as it was.
    A link stays one: the file it leads to is replaced.
    """
    drafts: dict[Path, Path] = {}
    try:
        for name, data in files.items():
            path = (folder / name).resolve()
            draft = path.with_name(f".{path.name}.{os.getpid()}")
            drafts[path] = draft
            draft.unlink(missing_ok=True)  # in a container every run has the same number
            with draft.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            draft.chmod(path.stat().st_mode & 0o777)
        for path, draft in drafts.items():
            draft.replace(path)
    finally:
        for draft in drafts.values():
            with contextlib.suppress(OSError):
                draft.unlink(missing_ok=True)
