"""An event: what it is keyed on, what the manifest and the server say of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from redcap_iac.calls import Key
from redcap_iac.findings import Position

#: Offsets in days, in REDCap's spelling and order.
OFFSETS = ("day_offset", "offset_min", "offset_max")


@dataclass(frozen=True, slots=True)
class Event:
    """One event.

    `unique_name` is what it is keyed on: the server's, or made; `declared_name` what the manifest
    records; offsets are None when not declared or not shown; `told_apart` when its name alone
    does not tell it from another of its arm.
    """

    unique_name: Key
    arm: int
    name: str
    day_offset: str | None = None
    offset_min: str | None = None
    offset_max: str | None = None
    custom_label: str = ""
    event_id: str = field(default="", compare=False)
    declared_name: str = field(default="", compare=False)
    renamed_from: str = field(default="", compare=False)
    told_apart: bool = field(default=False, compare=False)
    at: Position | None = field(default=None, compare=False)
