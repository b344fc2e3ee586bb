"""The files of a project folder: read whole, by their path inside it, and nothing outside it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Protocol

from redcap_iac.manifest.decoding import LARGEST


class OutsideError(ValueError):
    """A path that leads out of the project folder."""


class ProjectFiles(Protocol):
    """Where a manifest's files come from: a folder on disk, or a commit."""

    def read(self, path: str) -> bytes:
        """Return the bytes of a file; OutsideError, or OSError in the words of the system."""

    def paths(self) -> tuple[str, ...]:
        """Return the paths of all files, sorted, with `/`; hidden ones are left out."""


class Folder:
    """A project folder on disk; links that lead out of it are not followed."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def read(self, path: str) -> bytes:
        """Return the bytes of a file, at most one more than the largest that is read."""
        target = self._root / inside(path)
        if not target.resolve().is_relative_to(self._root.resolve()):
            raise OutsideError(path)
        with target.open("rb") as file:
            return file.read(LARGEST + 1)

    def paths(self) -> tuple[str, ...]:
        """Return the paths of all files, sorted, with `/`; hidden ones are left out."""
        found = []
        for folder, names, files in os.walk(self._root):
            names[:] = [name for name in names if not name.startswith(".")]
            base = Path(folder).relative_to(self._root)
            found += [(base / name).as_posix() for name in files if not name.startswith(".")]
        return tuple(sorted(found))


class Recorded:
    """Project files that remember what was read: names for messages, and the digest."""

    def __init__(self, files: ProjectFiles) -> None:
        self._files = files
        self._read: dict[str, bytes] = {}

    def read(self, path: str) -> bytes:
        """Return the bytes of a file and remember them."""
        data = self._files.read(path)
        self._read[path] = hashlib.sha256(data).digest()
        return data

    def paths(self) -> tuple[str, ...]:
        """Return the paths of all files, sorted."""
        return self._files.paths()

    def names(self) -> tuple[str, ...]:
        """Return the paths of the files read so far, in the order they were read."""
        return tuple(self._read)

    def digest(self, variables: Mapping[str, str] | None = None) -> str:
        """Return a sha256 in hexadecimal over names and bytes of every file read, and variables."""
        whole = hashlib.sha256()
        for name, text in sorted((variables or {}).items()):
            for part in (name.encode(), text.encode("utf-8", "surrogatepass")):
                whole.update(b"$%d:" % len(part) + part)
        for path in sorted(self._read):
            whole.update(f"{len(path.encode())}:{path}:".encode() + self._read[path])
        return whole.hexdigest()


def inside(path: str) -> str:
    """Return a path as it stands inside the folder, `..` worked out; OutsideError when it leaves.

    Absolute paths, drives and home folders lead out.
    """
    pure = PurePosixPath(path)
    if pure.is_absolute() or path.startswith("~") or "\\" in path or path[1:2] == ":":
        raise OutsideError(path)
    parts: list[str] = []
    for part in pure.parts:
        if part != "..":
            parts.append(part)
        elif parts:
            parts.pop()
        else:
            raise OutsideError(path)
    return "/".join(parts)
