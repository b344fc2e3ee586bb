"""Files that are the person's alone: plans (they name people), tokens, backups, journals."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import TextIO

from redcap_iac.errors import GuardError, RedcapIacError


def write_private(path: Path, text: str, *, durable: bool = False) -> None:
    """Write a file that only its owner may read (0600), whole or not at all.

    A `durable` one is on the disk, and its name too, when this returns.

    Raises RedcapIacError when it cannot be written.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with _created(draft) as file:
            file.write(text)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        draft.replace(path)
        if durable:
            settle(path.parent)
    except OSError as error:
        raise RedcapIacError(f"{path} cannot be written: {error.strerror}.") from None
    except UnicodeEncodeError:
        raise RedcapIacError(
            f"{path} cannot be written: a text from the server holds half a letter.",
            "It is between U+D800 and U+DFFF; correct it on REDCap's page.",
        ) from None
    finally:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)


class NewFile:
    """A file that is made before it is known what goes into it; it never replaces one.

    Raises GuardError when there is a file already, OSError when none can be made there.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._file = _created(path)
        except FileExistsError:
            raise GuardError(
                f"{path} is there already; it is not overwritten, and nothing was done.",
                "Name another file.",
            ) from None

    def fill(self, text: str) -> None:
        """Write the content and make sure it is on disk."""
        with self._file as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())

    def drop(self) -> None:
        """Take the empty file away again."""
        with contextlib.suppress(OSError):
            self._file.close()
            if self._path.stat().st_size == 0:
                self._path.unlink()


def settle(folder: Path) -> None:
    """Make sure that the names in a folder are on the disk, where the system can do that."""
    with contextlib.suppress(OSError):  # Windows opens no folders
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def _created(path: Path) -> TextIO:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    return os.fdopen(os.open(path, flags, 0o600), "w", encoding="utf-8", newline="\n")
