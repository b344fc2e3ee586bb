"""Arms, events and designations as the CSV files of REDCap's pages (recorded headers).

The pages add what is new in a file of arms or events and leave the rest; a file of designations
replaces all of them (documented).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from redcap_iac.calls import Key
from redcap_iac.formats.csv_table import written
from redcap_iac.kinds.arms import Arm
from redcap_iac.kinds.designations import Designation
from redcap_iac.kinds.events.event import OFFSETS, Event

ARMS = ("arm_num", "name")
_NAMED = ("event_name", "arm_num")
_LABELLED = ("unique_event_name", "custom_event_label")
EVENTS = (*_NAMED, *_LABELLED)
#: Where the offsets stand in the page's file is not recorded: as in Export Events (recorded).
SCHEDULED_EVENTS = (*_NAMED, *OFFSETS, *_LABELLED)
DESIGNATIONS = ("arm_num", "unique_event_name", "form")


def write_arms(arms: Iterable[Arm]) -> str:
    """Return arms as CSV."""
    return written([ARMS, *((str(arm.number), arm.name) for arm in arms)])


def write_events(events: Sequence[Event], *, scheduling: bool) -> str:
    """Return events as CSV; with offsets in days where the project uses scheduling.

    An event that REDCap has not named yet has an empty unique name: REDCap makes one.
    """
    header = SCHEDULED_EVENTS if scheduling else EVENTS
    return written([header, *(_event(event, scheduling=scheduling) for event in events)])


def write_designations(designations: Iterable[Designation], arms: Mapping[Key, int]) -> str:
    """Return designations as CSV; `arms` gives the arm of each event by its unique name."""
    rows = ((str(arms[one.event]), str(one.event), one.instrument) for one in designations)
    return written([DESIGNATIONS, *rows])


def _event(event: Event, *, scheduling: bool) -> tuple[str, ...]:
    unique = event.unique_name if isinstance(event.unique_name, str) else ""
    offsets = tuple(getattr(event, name) or "" for name in OFFSETS) if scheduling else ()
    return (event.name, str(event.arm), *offsets, unique, event.custom_label)
