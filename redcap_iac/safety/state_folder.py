"""Where backups, journals and evidence go: a folder of its owner alone, which git does not see.

One apply at a time works from one such folder on one project: a lock that the system itself takes
back when a process dies, so that nothing has to be cleared by hand.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from redcap_iac.errors import GuardError
from redcap_iac.safety.private_files import write_private

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

#: Where it is unless the environment names another place, in the project folder.
NAME = ".redcap-iac"
BACKUPS, JOURNALS, PACKAGES, EVIDENCE, CACHE, PULLED = (
    "backups", "journals", "packages", "evidence", "cache", "pulled",
)  # fmt: skip
_IGNORED = "# what redcap-iac keeps for itself\n*\n"


def prepared(root: Path, *parts: str) -> Path:
    """Return a folder in there, made if need be (0700), and proven to take files.

    Raises GuardError when it cannot be written: nothing may be done that could not be kept.
    """
    place = root.joinpath(*parts)
    try:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not (root / ".gitignore").exists():
            write_private(root / ".gitignore", _IGNORED)
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        _prove(place)
    except OSError as error:
        raise unwritable(place, error) from None
    return place


def new_folder(parent: Path, name: str) -> Path:
    """Make a folder of that name, or the first free `name-2`, and return it (0700).

    Raises GuardError when none can be made.
    """
    for number in range(1, 10_000):
        place = parent / (name if number == 1 else f"{name}-{number}")
        try:
            place.mkdir(mode=0o700)
        except FileExistsError:
            continue
        except OSError as error:
            raise unwritable(place, error) from None
        return place
    raise GuardError(f"{parent} is full of folders named {name}.", "Move the old ones elsewhere.")


def unwritable(place: Path, error: OSError) -> GuardError:
    """Return the refusal for a place that takes no files."""
    return GuardError(
        f"{place} cannot be written: {error.strerror}.",
        "Backups and journals go there before anything is written to REDCap; name another place"
        " with `state_dir:` in the environment.",
    )


def _prove(place: Path) -> None:
    """Write a little and take it away again; a full disk shows itself here, not half-way."""
    probe = place / f".probe.{os.getpid()}"
    try:
        with probe.open("xb") as file:
            file.write(b"\0" * 65_536)
            file.flush()
            os.fsync(file.fileno())
    finally:
        with contextlib.suppress(OSError):
            probe.unlink(missing_ok=True)


@contextmanager
def alone(root: Path, subject: str) -> Iterator[None]:
    """Hold the only right to write to a project from here; `subject` names the project.

    Raises GuardError while another process holds it. A process that died holds nothing.
    """
    path = prepared(root) / f"{subject}.lock"
    try:
        # not through a link: what lies in this folder may have come with somebody's project
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0)
        file = os.fdopen(os.open(path, flags, 0o600), "a+", encoding="utf-8")
    except OSError as error:
        raise unwritable(path, error) from None
    with file:
        path.chmod(0o600)
        _take(file, path)
        try:
            file.truncate(0)
            json.dump({"pid": os.getpid(), "host": socket.gethostname()}, file)
            file.flush()
            yield
        finally:
            _give_back(file)


def _take(file: TextIO, path: Path) -> None:
    try:
        if sys.platform == "win32":
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise GuardError(
            f"Another apply is writing to this project{_holder(file)}.",
            "Wait until it has ended; nothing was written.",
        ) from None
    except OSError as error:
        raise unwritable(path, error) from None


def _give_back(file: TextIO) -> None:
    if sys.platform == "win32":
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)
    else:
        fcntl.flock(file, fcntl.LOCK_UN)


def _holder(file: TextIO) -> str:
    try:
        file.seek(0)
        held = json.loads(file.read())
        return f": process {int(held['pid'])} on {held['host']}"
    except (OSError, ValueError, KeyError, TypeError):
        return ""
