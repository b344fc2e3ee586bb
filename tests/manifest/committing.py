"""Commits for tests, made by nobody in particular at a fixed time."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

_NOBODY = {
    "GIT_AUTHOR_NAME": "test", "GIT_AUTHOR_EMAIL": "test@example.org",
    "GIT_COMMITTER_NAME": "test", "GIT_COMMITTER_EMAIL": "test@example.org",
    "GIT_AUTHOR_DATE": "2026-01-02T03:04:05Z", "GIT_COMMITTER_DATE": "2026-01-02T03:04:05Z",
    "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1",
}  # fmt: skip


def git(folder: Path, *words: str) -> str:
    """Run git in a folder and return what it prints."""
    done = subprocess.run(
        ["git", "-C", str(folder), *words],
        capture_output=True, env={**os.environ, **_NOBODY}, check=True,
    )  # fmt: skip
    return done.stdout.decode().strip()


def commit(folder: Path, message: str, *, add: bool = True) -> None:
    """Commit what lies in a folder."""
    if add:
        git(folder, "add", "--all", ".")
    git(folder, "commit", "--quiet", "--no-gpg-sign", "--message", message)
