"""Files of a folder changed on disk: all of what was decided, or nothing that would be lost.

Every file is written beside its old self first and then takes its place in one step each; a crash
in between leaves old files and new ones, each whole, which the next `pull` brings together.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Mapping
from pathlib import Path

from redcap_iac.errors import GuardError, RedcapIacError
from redcap_iac.safety.private_files import settle
from redcap_iac.safety.state_folder import BACKUPS, new_folder, prepared

_PRIVATE = 0o600


def require_writable(folder: Path, before: Mapping[str, bytes | None]) -> None:
    """Raise GuardError for a file that is read-only, or not as it was when it was read."""
    for name, data in before.items():
        path = folder / name
        if _read(path) != data:
            raise GuardError(
                f"{name} changed while REDCap was read; nothing was written.", "Pull again."
            )
        if data is not None and not path.stat().st_mode & stat.S_IWUSR:
            raise GuardError(
                f"{name} is read-only; nothing was written.", "Make it writable, then pull again."
            )


def kept_copies(state_dir: Path, stamp: str, before: Mapping[str, bytes | None]) -> Path:
    """Write the old files to the state folder and return where; GuardError when it cannot be."""
    place = new_folder(prepared(state_dir, BACKUPS), f"{stamp}-files")
    for name, data in before.items():
        if data is not None:
            path = place / name
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.write_bytes(data)
            path.chmod(_PRIVATE)
    return place


def place(folder: Path, after: Mapping[str, bytes | None]) -> None:
    """Put the files in place; None takes one away.

    Raises RedcapIacError when a file cannot be written: those before it are in place then.
    """
    drafts: list[tuple[Path, Path]] = []
    try:
        for name, data in after.items():
            if data is not None:
                target = (folder / name).resolve()
                drafts.append((_drafted(target, data), target))
        for draft, target in drafts:
            draft.replace(target)
        for name, data in after.items():
            if data is None:
                (folder / name).unlink(missing_ok=True)
        for parent in {target.parent for _, target in drafts}:
            settle(parent)
    except OSError as error:
        where = error.filename or folder
        raise RedcapIacError(
            f"{where} cannot be written: {error.strerror or error}.",
            "Make room, or look who may write there; then pull again.",
        ) from None
    finally:
        for draft, _ in drafts:
            with contextlib.suppress(OSError):
                draft.unlink(missing_ok=True)


def _drafted(target: Path, data: bytes) -> Path:
    """Write what a file will be beside it, with the rights it has."""
    target.parent.mkdir(mode=0o777, parents=True, exist_ok=True)
    mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else _PRIVATE
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(draft, flags, _PRIVATE), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.chmod(mode)
    return draft


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
