"""A project folder to load from, and what is wrong with it in one line each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from redcap_iac.errors import ManifestError
from redcap_iac.findings import Findings
from redcap_iac.manifest.loader import Manifest, load

Write = Callable[..., Path]
Problems = Callable[..., list[str]]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write files, by path, into a fresh project folder."""

    def writer(files: dict[str, str | bytes]) -> Path:
        for name, content in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return tmp_path

    return writer


@pytest.fixture
def problems(write: Write) -> Problems:
    """Return the errors of a folder as `file:line:column code message | advice`."""

    def of(files: dict[str, str | bytes]) -> list[str]:
        folder = write(files)
        with pytest.raises(ManifestError) as raised:
            load(folder)
        return [
            f"{found.position} {found.code} {found.message} | {found.advice}"
            for found in raised.value.findings
        ]

    return of


@pytest.fixture
def loaded(write: Write) -> Callable[..., Manifest]:
    """Load a folder made of files."""
    return lambda files: load(write(files))


@pytest.fixture
def findings() -> Findings:
    """Return an empty collection."""
    return Findings()
