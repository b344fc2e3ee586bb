"""Files put in place all together or not at all; what is there is kept unless told otherwise."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
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
    made = _missing_parents(folder)
    try:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with _beside(folder) as stage:
                for name, data in files.items():
                    path = stage / "new" / name
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(data)
                _move(folder, stage, files)
        except BaseException:  # an interruption as well
            _remove_empty(made)
            raise
    except OSError as error:
        where = error.filename or folder
        raise RedcapIacError(
            f"Nothing was written: {error.strerror or error} ({where}).",
            "Look whether the folder may be written to, and how much room there is.",
        ) from None


def _move(folder: Path, stage: Path, files: Mapping[str, bytes]) -> None:
    """Move what was made into place; undo it all when one cannot be moved, or at Ctrl-C."""
    done: list[str] = []
    made: list[Path] = []
    try:
        for name in files:
            target, old = folder / name, stage / "old" / name
            made += _missing_parents(target.parent)
            target.parent.mkdir(parents=True, exist_ok=True)
            if target.exists() or target.is_symlink():
                old.parent.mkdir(parents=True, exist_ok=True)
                done.append(name)
                target.rename(old)
            else:
                done.append(name)
            (stage / "new" / name).replace(target)
    except BaseException:  # an interruption as well: what is there must not be half of it
        for name in reversed(done):
            with suppress(OSError):  # the others are put back all the same
                _undo(folder / name, stage / "new" / name, stage / "old" / name)
        _remove_empty(made)
        raise


def _undo(target: Path, new: Path, old: Path) -> None:
    """Take a file away if it was put in place, and put back what was there."""
    if not new.exists():
        target.unlink(missing_ok=True)
    if old.exists() or old.is_symlink():
        old.rename(target)


def _remove_empty(folders: Sequence[Path]) -> None:
    for folder in reversed(folders):
        with suppress(OSError):
            folder.rmdir()


def _missing_parents(folder: Path) -> list[Path]:
    """Return the folders that would be made, the outer ones first."""
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    return missing[::-1]


@contextmanager
def _beside(folder: Path) -> Iterator[Path]:
    """Give a folder on the same disk, gone in the end; but for what could not be put back."""
    stage = Path(tempfile.mkdtemp(prefix=".redcap-iac-", dir=folder))
    try:
        yield stage
    except BaseException as error:
        if any(path.is_symlink() or path.is_file() for path in (stage / "old").rglob("*")):
            shutil.rmtree(stage / "new", ignore_errors=True)
            raise RedcapIacError(
                f"Not every file could be put back as it was: {error}.",
                f"What was there before is kept in {stage / 'old'}; move it back by hand.",
            ) from None
        shutil.rmtree(stage, ignore_errors=True)
        raise
    shutil.rmtree(stage, ignore_errors=True)
