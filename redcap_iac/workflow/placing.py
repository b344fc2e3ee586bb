"""Files of a folder changed on disk: all of what was decided, or nothing that would be lost.

Every file is written beside its old self first and then takes its place in one step each, new
files first and `redcap.yaml` last, so that it never names what is not there. A step that fails is
taken back with those before it; a crash in between leaves old files and new ones, each whole.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Mapping
from pathlib import Path

from redcap_iac.errors import GuardError, RedcapIacError
from redcap_iac.manifest.loader import MANIFEST
from redcap_iac.safety.private_files import settle
from redcap_iac.safety.state_folder import BACKUPS, new_folder, prepared

_PRIVATE = 0o600


def require_writable(folder: Path, before: Mapping[str, bytes | None]) -> None:
    """Raise GuardError for a file that is read-only, outside, or not as it was when read."""
    for name, data in before.items():
        path = folder / name
        if not path.resolve().is_relative_to(folder.resolve()):
            raise GuardError(
                f"{name} is behind a link that leads out of the project folder; nothing was"
                " written.",
                "Put a folder there instead of the link, then pull again.",
            )
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

    Raises RedcapIacError when a file cannot be written: all files are as they were then.
    """
    drafts: dict[Path, Path] = {}
    done: dict[Path, bytes | None] = {}
    try:
        try:
            _all(folder, after, drafts, done)
        except OSError:
            _take_back(done, drafts)
            raise
        for parent in {target.parent for target in drafts}:
            settle(parent)
    except OSError as error:
        where = error.filename2 or error.filename or folder
        raise RedcapIacError(
            f"{where} cannot be written: {error.strerror or error}.",
            "Make room, or look who may write there; then pull again.",
        ) from None
    finally:
        for draft in drafts.values():
            with contextlib.suppress(OSError):
                draft.unlink(missing_ok=True)


def _all(
    folder: Path,
    after: Mapping[str, bytes | None],
    drafts: dict[Path, Path],
    done: dict[Path, bytes | None],
) -> None:
    """Write, put in place and take away, and note in `drafts` and `done` what has been."""
    for name, data in after.items():
        if data is not None:
            target = (folder / name).resolve()
            _draft(target, data, drafts)
    for target in sorted(drafts, key=lambda one: (one.exists(), one.name == MANIFEST)):
        old = _read(target)
        drafts[target].replace(target)
        done[target] = old
    for name, data in after.items():
        if data is None:
            target = folder / name
            old = _read(target)
            target.unlink(missing_ok=True)
            done[target] = old


def _take_back(done: Mapping[Path, bytes | None], drafts: dict[Path, Path]) -> None:
    """Put back what was there before; what cannot be put back stays as it is now."""
    for target, old in reversed(tuple(done.items())):
        with contextlib.suppress(OSError):
            if old is None:
                target.unlink(missing_ok=True)
            else:
                _draft(target, old, drafts)
                drafts[target].replace(target)


def _draft(target: Path, data: bytes, drafts: dict[Path, Path]) -> None:
    """Write what a file will be beside it, with the rights it has, and note it in `drafts`."""
    target.parent.mkdir(mode=0o777, parents=True, exist_ok=True)
    mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else _PRIVATE
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    drafts[target] = draft
    draft.unlink(missing_ok=True)  # in a container every run has the same number
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(draft, flags, _PRIVATE), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.chmod(mode)


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
