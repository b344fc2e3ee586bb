"""A repeat as the manifest and REDCap know it."""

from __future__ import annotations

from dataclasses import dataclass, field

from redcap_iac.calls import Key
from redcap_iac.findings import Position


@dataclass(frozen=True, slots=True)
class Repeat:
    """A repeating instrument on an event.

    `event` is "" in a classic project, `instrument` "" for a whole event; `label` names instances.
    """

    event: Key
    instrument: str
    label: str = ""
    at: Position | None = field(default=None, compare=False)
