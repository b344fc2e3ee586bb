"""Arms, events, designations and what repeats, of a project file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from redcap_iac.calls import Key, Made
from redcap_iac.findings import Findings, Position
from redcap_iac.formats.project_xml.elements import REDCAP, Element
from redcap_iac.formats.project_xml.fields import form_name
from redcap_iac.kinds.arms import Arm
from redcap_iac.kinds.designations import Designation
from redcap_iac.kinds.events.event import Event
from redcap_iac.kinds.repeating.repeat import Repeat
from redcap_iac.kinds.visits import event_address
from redcap_iac.state import Item

_ATTRIBUTES = {"day_offset": "DayOffset", "offset_min": "OffsetMin", "offset_max": "OffsetMax"}
_NUMBER = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,9})?", re.ASCII)
_ARM = re.compile(r"[1-9][0-9]{0,5}", re.ASCII)


def read_schedule(version: Element, file: str, findings: Findings) -> dict[str, tuple[Item, ...]]:
    """Return arms, events and designations by kind; nothing for a classic project.

    Events are ordered by arm; within an arm they stay as they stand in the file.
    """
    definitions = list(version.all("StudyEventDef"))
    if not definitions:
        return {}
    arms: dict[int, Arm] = {}
    events: list[Event] = []
    designations: list[Designation] = []
    forms = {form_name(form) for form in version.all("FormDef")}
    for definition in definitions:
        event = _event(definition, file, findings)
        if event is None:
            continue
        name = definition.own("ArmName") or f"Arm {event.arm}"
        arms.setdefault(event.arm, Arm(event.arm, name, at=event.at))
        events.append(event)
        for reference in definition.all("FormRef"):
            form, at = form_name(reference), Position(file, reference.line)
            if form not in forms:
                said = f"The event {event.name} lists the form {form}, which is not defined."
                findings.error("C105", said, at)
            designations.append(Designation(event.unique_name, form, at))
    times = Counter((event.arm, event.name.strip()) for event in events)
    told = [replace(e, told_apart=times[e.arm, e.name.strip()] > 1) for e in events]
    numbered = sorted(arms.values(), key=lambda arm: arm.number)
    ordered = sorted(told, key=lambda event: event.arm)
    return {
        "arms": tuple(numbered),
        "events": tuple(ordered),
        "designations": tuple(designations),
    }


def read_repeats(
    variables: Element,
    version: Element,
    schedule: Mapping[str, Sequence[Item]],
    file: str,
) -> tuple[Repeat, ...]:
    """Return what repeats; a classic project's instruments belong to no event."""
    found = dict.fromkeys(_told(variables, file, classic=not schedule))
    events = [event for event in schedule.get("events", ()) if isinstance(event, Event)]
    by_oid = {f"{definition.get('OID')}": definition for definition in version.all("StudyEventDef")}
    for event, definition in zip(_in_file(events), by_oid.values(), strict=False):
        # a file without REDCap's names says only this of what repeats (inferred)
        if not definition.has_own("UniqueEventName") and definition.get("Repeating") == "Yes":
            found[Repeat(event.unique_name, "", "", Position(file, definition.line))] = None
    return tuple(found)


def _in_file(events: Sequence[Event]) -> list[Event]:
    return sorted(events, key=lambda event: event.at.line if event.at is not None else 0)


def _told(variables: Element, file: str, *, classic: bool) -> Iterator[Repeat]:
    setup = variables.first("RepeatingInstrumentsAndEvents", REDCAP)
    for element in setup.deep() if setup is not None else ():
        name = element.name.removeprefix(f"{REDCAP} ")
        if name in ("RepeatingEvent", "RepeatingInstrument"):
            event: Key = "" if classic else element.own("UniqueEventName")
            yield Repeat(
                event, element.own("RepeatInstrument"), element.own("CustomLabel"),
                Position(file, element.line),
            )  # fmt: skip


def _event(definition: Element, file: str, findings: Findings) -> Event | None:
    at = Position(file, definition.line)
    name = definition.own("EventName") or definition.get("Name")
    arm = definition.own("ArmNum") or "1"
    offsets = {key: definition.own(attribute) for key, attribute in _ATTRIBUTES.items()}
    sane = all(not text or _NUMBER.fullmatch(text) for text in offsets.values())
    if not sane or not _ARM.fullmatch(arm):
        findings.error("C105", f"The event {name} has an arm or an offset that is no number.", at)
        return None
    unique: Key = definition.own("UniqueEventName") or Made(event_address(int(arm), name))
    return Event(
        unique_name=unique,
        arm=int(arm),
        name=name,
        day_offset=offsets["day_offset"] or None,
        offset_min=offsets["offset_min"] or None,
        offset_max=offsets["offset_max"] or None,
        custom_label=definition.own("CustomEventLabel"),
        at=at,
    )
