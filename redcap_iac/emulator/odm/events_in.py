"""StudyEventDef and the repeating setup read as arms, events, designations and repeats."""

from __future__ import annotations

import sqlite3
import xml.etree.ElementTree as ET
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from redcap_iac.emulator import names
from redcap_iac.emulator.odm.document import form_name, refused
from redcap_iac.emulator.odm.vocabulary import extension, odm, redcap

#: The event that holds a classic project's records, as files name it (recorded).
CLASSIC_EVENT = "event_1_arm_1"
#: Beyond any arm or day; what is no number at all compares false with it.
_LARGEST = 1_000_000


@dataclass(frozen=True, slots=True)
class Timeline:
    """The events made from a file: by the unique name and by the OID the file gives them.

    `repeating` holds (event id, form), form blank for a whole repeating event.
    """

    by_name: Mapping[str, int]
    by_oid: Mapping[str, int]
    arm_of: Mapping[int, int]
    repeating: frozenset[tuple[int, str]]
    first: int


def create(
    db: sqlite3.Connection,
    project_id: int,
    version: ET.Element,
    variables: ET.Element,
    forms: Collection[str],
) -> Timeline:
    """Replace a new project's arms, events, designations and repeating setup by the file's.

    A file without StudyEventDef is a classic project: its one event is Event 1 of Arm 1. Unique
    names are made again from arm and name (inferred), so an arm without events does not exist.
    Raises ApiFault 400 for a designation or a repeat of what the file does not define.
    """
    for table in ("arms", "events", "designations", "repeats"):
        db.execute(f"DELETE FROM {table} WHERE project_id = ?", (project_id,))
    definitions = list(version.iterfind(odm("StudyEventDef")))
    by_name: dict[str, int] = {}
    by_oid: dict[str, int] = {}
    arm_of: dict[int, int] = {}
    if not definitions:
        event_id = _event(db, project_id, {"DayOffset": "1"}, "Event 1", CLASSIC_EVENT)
        by_name[CLASSIC_EVENT] = event_id
        arm_of[event_id] = 1
        _designate(db, project_id, event_id, forms, forms)
    taken: list[str] = []
    for definition in definitions:
        told = _told(definition)
        name = extension(definition, "EventName") or definition.get("Name", "")
        unique_name = names.unique_event_name(name, int(told.get("ArmNum", "1")), taken)
        taken.append(unique_name)
        event_id = _event(db, project_id, told, name, unique_name)
        by_name[extension(definition, "UniqueEventName") or unique_name] = event_id
        by_oid[definition.get("OID", "")] = event_id
        arm_of[event_id] = int(told.get("ArmNum", "1"))
        listed = [form_name(ref) for ref in definition.iterfind(odm("FormRef"))]
        _designate(db, project_id, event_id, listed, forms)
    repeating = _repeats(db, project_id, variables, by_name, forms)
    repeating |= _plain_repeats(db, project_id, definitions, by_oid)
    return Timeline(by_name, by_oid, arm_of, frozenset(repeating), next(iter(arm_of)))


def _told(definition: ET.Element) -> dict[str, str]:
    attributes = ("ArmNum", "ArmName", "DayOffset", "OffsetMin", "OffsetMax", "CustomEventLabel")
    told = {name: extension(definition, name) for name in attributes}
    numbers = ("ArmNum", "DayOffset", "OffsetMin", "OffsetMax")
    try:
        sane = all(abs(float(told[name] or 0)) <= _LARGEST for name in numbers)
        sane = sane and int(told["ArmNum"] or 1) > 0
    except ValueError:
        sane = False
    if not sane:
        oid = definition.get("OID", "")
        raise refused(f"the event {oid!r} has an arm or an offset that is no such number")
    return {name: value for name, value in told.items() if value}


def _event(
    db: sqlite3.Connection, project_id: int, told: Mapping[str, str], name: str, unique_name: str
) -> int:
    arm = int(told.get("ArmNum", "1"))
    db.execute(
        "INSERT OR IGNORE INTO arms (project_id, arm_num, name) VALUES (?, ?, ?)",
        (project_id, arm, told.get("ArmName") or f"Arm {arm}"),
    )
    offsets = (float(told.get(key, "0")) for key in ("DayOffset", "OffsetMin", "OffsetMax"))
    cursor = db.execute(
        "INSERT INTO events (project_id, arm_num, name, unique_name, day_offset, offset_min,"
        " offset_max, custom_label) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (project_id, arm, name, unique_name, *offsets, told.get("CustomEventLabel", "")),
    )
    return int(cursor.lastrowid or 0)


def _designate(
    db: sqlite3.Connection,
    project_id: int,
    event_id: int,
    listed: Collection[str],
    forms: Collection[str],
) -> None:
    unknown = [name for name in listed if name not in forms]
    if unknown:
        raise refused(f"an event lists the form {unknown[0]!r}, which is not defined")
    db.executemany(
        "INSERT OR IGNORE INTO designations (project_id, event_id, form_name) VALUES (?, ?, ?)",
        [(project_id, event_id, name) for name in listed],
    )


def _repeats(
    db: sqlite3.Connection,
    project_id: int,
    variables: ET.Element,
    by_name: Mapping[str, int],
    forms: Collection[str],
) -> set[tuple[int, str]]:
    made: set[tuple[int, str]] = set()
    setup = variables.find(redcap("RepeatingInstrumentsAndEvents"))
    for element in () if setup is None else setup.iter():
        if element.tag not in (redcap("RepeatingEvent"), redcap("RepeatingInstrument")):
            continue
        event_id = by_name.get(element.get(redcap("UniqueEventName"), ""))
        form = element.get(redcap("RepeatInstrument"), "")
        if event_id is None or (form and form not in forms):
            raise refused("the repeating setup names an event or a form that is not defined")
        made.add((event_id, form))
        _repeat(db, project_id, event_id, form, element.get(redcap("CustomLabel"), ""))
    return made


def _plain_repeats(
    db: sqlite3.Connection,
    project_id: int,
    definitions: Collection[ET.Element],
    by_oid: Mapping[str, int],
) -> set[tuple[int, str]]:
    """Take `Repeating="Yes"` of a file without REDCap's event attributes (inferred)."""
    made: set[tuple[int, str]] = set()
    for definition in definitions:
        own = definition.get(redcap("UniqueEventName")) is not None
        if own or definition.get("Repeating") != "Yes":
            continue
        event_id = by_oid[definition.get("OID", "")]
        made.add((event_id, ""))
        _repeat(db, project_id, event_id, "", "")
    return made


def _repeat(db: sqlite3.Connection, project_id: int, event_id: int, form: str, label: str) -> None:
    db.execute(
        "INSERT OR IGNORE INTO repeats (project_id, event_id, form_name, label)"
        " VALUES (?, ?, ?, ?)",
        (project_id, event_id, form, label),
    )
