"""The manifest's files as they were at a commit, read from git without a checkout."""

from __future__ import annotations

import errno
import os
import posixpath
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from redcap_iac.errors import RedcapIacError
from redcap_iac.manifest.decoding import LARGEST
from redcap_iac.manifest.files import OutsideError, inside

#: Seconds git may take for one question.
_PATIENCE = 120
#: Links that lead to links are followed this far.
_MOST_LINKS = 8
_LINK = "120000"

#: git neither asks anybody, nor takes locks, nor fetches what a partial clone left out.
_QUIET = {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1"}


@dataclass(frozen=True, slots=True)
class _Entry:
    """A file of a commit: its mode and the name of its blob."""

    mode: str
    blob: str


class Commit:
    """A project folder as it was at a commit; files that were not committed are not there.

    `name` is the full name of the commit, `when` the time it was made. Raises RedcapIacError when
    the folder is in no git repository, or there is no such commit.
    """

    def __init__(self, folder: Path, ref: str, environ: Mapping[str, str]) -> None:
        self._folder = folder
        self._environ = environ
        self.name = self._commit(ref)
        seconds = self._text("show", "-s", "--format=%ct", self.name)
        self.when = datetime.fromtimestamp(int(seconds), UTC)
        self._entries = self._listed(self._text("rev-parse", "--show-prefix"))

    def read(self, path: str) -> bytes:
        """Return the bytes of a file; OutsideError or FileNotFoundError."""
        found = inside(path)
        for _ in range(_MOST_LINKS):
            entry = self._entries.get(found)
            if entry is None:
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
            data = self._git("cat-file", "blob", entry.blob)
            if entry.mode != _LINK:
                return data[: LARGEST + 1]
            target = data.decode("utf-8", "surrogateescape")
            if posixpath.isabs(target):
                raise OutsideError(path)
            found = inside(posixpath.join(posixpath.dirname(found), target))
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), path)

    def paths(self) -> tuple[str, ...]:
        """Return the paths of all files, sorted, with `/`; hidden ones are left out."""
        shown = (path for path in self._entries if not _is_hidden(path))
        return tuple(sorted(shown))

    def _commit(self, ref: str) -> str:
        if self._try("rev-parse", "--git-dir") is None:
            raise RedcapIacError(
                f"{self._folder} is in no git repository, so it has no commit to compare with.",
                "Leave --base out, or keep the folder in git.",
            )
        asked = f"{ref}^{{commit}}"
        found = self._try("rev-parse", "--verify", "--quiet", "--end-of-options", asked)
        if found is None:
            raise RedcapIacError(
                f"git knows no commit `{ref}` here.",
                "Fetch it first: CI often clones without history (fetch-depth: 0 brings it).",
            )
        return found.decode("ascii").strip()

    def _listed(self, prefix: str) -> dict[str, _Entry]:
        where = ["--", prefix] if prefix else []
        listing = self._git("ls-tree", "-r", "-z", "--full-tree", self.name, *where)
        entries = {}
        for line in listing.decode("utf-8", "surrogateescape").split("\0"):
            if line:
                about, _, path = line.partition("\t")
                mode, _, blob = about.split(" ")
                entries[path.removeprefix(prefix)] = _Entry(mode, blob)
        return entries

    def _text(self, *words: str) -> str:
        return self._git(*words).decode("utf-8", "surrogateescape").strip()

    def _git(self, *words: str) -> bytes:
        answer = self._try(*words)
        if answer is None:
            raise RedcapIacError(
                f"git could not read commit {self.name[:12]}.",
                "Look at the repository with `git fsck`; a partial clone lacks what was not"
                " fetched.",
            )
        return answer

    def _try(self, *words: str) -> bytes | None:
        return asked(self._folder, self._environ, *words)


def asked(folder: Path, environ: Mapping[str, str], *words: str) -> bytes | None:
    """Return what git prints in a folder, None when it says no.

    Raises RedcapIacError when there is no git, or it does not end.
    """
    # a monitor of files and a verifier of signatures are programs the repository's settings name
    harmless = ["-c", "core.fsmonitor=false", "-c", "log.showSignature=false"]
    command = ["git", *harmless, "-C", str(folder), *words]
    try:
        done = subprocess.run(  # noqa: S603 - our own words; REF stands behind --end-of-options
            command,
            capture_output=True,
            env={**environ, **_QUIET},
            timeout=_PATIENCE,
            check=False,
        )
    except FileNotFoundError:
        raise RedcapIacError(
            "git was not found, and --base needs it.", "Install git, or leave --base out."
        ) from None
    except subprocess.TimeoutExpired:
        raise RedcapIacError(f"git took over {_PATIENCE} seconds.") from None
    return None if done.returncode else done.stdout


def _is_hidden(path: str) -> bool:
    return any(part.startswith(".") for part in path.split("/"))
