"""Designs from the text of their fields."""

from __future__ import annotations

from pathlib import Path

from redcap_iac.design import Design
from redcap_iac.manifest.loader import load
from tests.lint.judging import Texts, manifest_of


def design_of(text: str) -> Design:
    """Return the design of a manifest; `fields:` alone stand behind a record id on `form`."""
    files = Texts({"redcap.yaml": manifest_of(text)})
    return Design(load(Path(), files=files).desired.state)
