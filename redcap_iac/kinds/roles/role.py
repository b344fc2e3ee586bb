"""A role as the manifest and REDCap know it."""

from __future__ import annotations

from dataclasses import dataclass, field

from redcap_iac.calls import Key
from redcap_iac.findings import Position
from redcap_iac.kinds.grants import Grants


@dataclass(frozen=True, slots=True)
class Role:
    """A role; `handle` is what it is called in the manifest: its label, or any key.

    `declared_name` is the unique name the manifest gives, "" when it goes by its label.
    """

    label: str
    unique_name: Key
    grants: Grants
    handle: str = field(default="", compare=False)
    declared_name: str = field(default="", compare=False)
    renamed_from: str = field(default="", compare=False)
    at: Position | None = field(default=None, compare=False)
