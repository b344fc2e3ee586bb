"""Files put in place all together or not at all; what is there is kept unless told otherwise."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from redcap_iac.errors import GuardError, RedcapIacError


def refuse_existing(folder: Path, names: Mapping[str, bytes], advice: str) -> None:
    """Raise GuardError when a file is there that would be written."""
    for name in names:
        path = folder / name
        if path.exists() or path.is_symlink():
            raise GuardError(f"{path} is there already; nothing was written.", advice)


def put_in_place(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write all files into a folder, or none: they are made beside it first, then moved.

    A file that is there is replaced, and comes back when a later one cannot be put in place.
    Raises RedcapIacError when something cannot be written; everything is then as it was.
    """
    try:
        made = _missing_parents(folder)
        folder.mkdir(parents=True, exist_ok=True)
        with _beside(folder) as stage:
            for name, data in files.items():
                path = stage / "new" / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
            _move(folder, stage, files, made)
    except OSError as error:
        where = error.filename or folder
        raise RedcapIacError(
            f"Nothing was written: {error.strerror or error} ({where}).",
            "Look whether the folder may be written to, and how much room there is.",
        ) from None


def _move(folder: Path, stage: Path, files: Mapping[str, bytes], made: list[Path]) -> None:
    """Move what was made into place; undo it all when one cannot be moved."""
    done: list[str] = []
    made_here: list[Path] = [*made]
    try:
        for name in files:
            target, old = folder / name, stage / "old" / name
            made_here += _missing_parents(target.parent)
            target.parent.mkdir(parents=True, exist_ok=True)
            if target.exists() or target.is_symlink():
                old.parent.mkdir(parents=True, exist_ok=True)
                target.rename(old)
            done.append(name)
            (stage / "new" / name).replace(target)
    except OSError:
        for name in reversed(done):
            (folder / name).unlink(missing_ok=True)
            if (stage / "old" / name).exists():
                (stage / "old" / name).rename(folder / name)
        shutil.rmtree(stage, ignore_errors=True)
        for path in reversed(made_here):
            path.rmdir()
        raise


def _missing_parents(folder: Path) -> list[Path]:
    """Return the folders that would be made, the outer ones first."""
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    return missing[::-1]


@contextmanager
def _beside(folder: Path) -> Iterator[Path]:
    """Give a folder on the same disk, gone in the end."""
    stage = Path(tempfile.mkdtemp(prefix=".redcap-iac-", dir=folder))
    try:
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)
