"""State → a project file, laid out as REDCap's own (recorded).

What REDCap reads of such a file when a project is created from it is not recorded: the file is
proved by reading it again, and by the emulator.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from redcap_iac.formats.naming import Named
from redcap_iac.formats.project_xml.elements import ODM, REDCAP
from redcap_iac.formats.project_xml.items import written_forms
from redcap_iac.formats.project_xml.markup import block, leaf, tag
from redcap_iac.formats.project_xml.words import RIGHTS, SETTINGS
from redcap_iac.kinds import kind_named
from redcap_iac.kinds.arms import Arm
from redcap_iac.kinds.dags import Dag
from redcap_iac.kinds.designations import Designation
from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.kinds.events.event import Event
from redcap_iac.kinds.grants import ALL, Grants, instruments_of
from redcap_iac.kinds.instruments import Instrument, title_cased
from redcap_iac.kinds.project import Setting
from redcap_iac.kinds.repeating.repeat import Repeat
from redcap_iac.kinds.rights import (
    BY_NAME,
    NONE,
    export_code,
    form_code,
    needs_bits,
)
from redcap_iac.kinds.roles.role import Role

#: The hidden event of a classic project, by which files name it (recorded).
_CLASSIC_EVENT = "event_1_arm_1"
#: Reproducible files: the same design gives the same bytes.
_TIME = "1970-01-01T00:00:00"
#: Attributes of a role in a project file, by right; the others are spelt alike.
_ATTRIBUTES = {right: name for name, right in RIGHTS.items()}


def write_project_xml(source: Named, title: str) -> str:
    """Return the project file of a state; `title` is used where the state has none.

    No users, no records, no query of an sql field (documented); an arm without events has no
    place in it (recorded).
    """
    settings: tuple[Setting, ...] = kind_named("project").items(source.state)
    values = {item.name: item.value for item in settings}
    title = values.get("project_title", "") or title
    study = re.sub(r"[^A-Za-z0-9]", "", title)[:30]
    lines = ['<?xml version="1.0" encoding="UTF-8" ?>', _root(title)]
    lines.append(tag("Study", [("OID", f"Project.{study}")]))
    lines += block("GlobalVariables", _variables(source, values, title))
    fields: tuple[Field, ...] = kind_named("fields").items(source.state)
    version = [
        ("OID", f"Metadata.{study}_1970-01-01_0000"),
        ("Name", title),
        ("redcap:RecordIdField", fields[0].field_name if fields else ""),
    ]
    lines += block("MetaDataVersion", _metadata(source, fields), version)
    return "\n".join([*lines, "</Study>", "</ODM>", ""])


def _root(title: str) -> str:
    return tag(
        "ODM",
        [
            ("xmlns", ODM),
            ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
            ("xmlns:redcap", REDCAP),
            ("xsi:schemaLocation", f"{ODM} schema/odm/ODM1-3-1.xsd"),
            ("ODMVersion", "1.3.1"),
            ("FileOID", "000-00-0000"),
            ("FileType", "Snapshot"),
            ("Description", title),
            ("AsOfDateTime", _TIME),
            ("CreationDateTime", _TIME),
            ("SourceSystem", "redcap-iac"),
        ],
    )


def _variables(source: Named, values: Mapping[str, str], title: str) -> Iterator[str]:
    said = f'This file contains the metadata and events for REDCap project "{title}".'
    yield leaf("StudyName", title)
    yield leaf("StudyDescription", said)
    yield leaf("ProtocolName", title)
    for name, attribute in SETTINGS.items():
        if attribute in values:
            yield leaf(f"redcap:{name}", values[attribute])
    yield from _repeating(source)
    dags: tuple[Dag, ...] = kind_named("dags").items(source.state)
    if dags:
        lines = (
            tag("redcap:DataAccessGroups", [("group_name", dag.name)], closed=True) for dag in dags
        )
        yield from block("redcap:DataAccessGroupsGroup", lines)
    roles: tuple[Role, ...] = kind_named("roles").items(source.state)
    for name, in_bits in (("UserRoles", False), ("UserRoles2", True)) if roles else ():
        lines = (
            tag(f"redcap:{name}", _role(role, source, in_bits=in_bits), closed=True)
            for role in roles
        )
        yield from block(f"redcap:{name}Group", lines)


def _repeating(source: Named) -> Iterator[str]:
    repeats: tuple[Repeat, ...] = kind_named("repeating").items(source.state)
    if not repeats:
        return
    whole = [repeat for repeat in repeats if not repeat.instrument]
    lines = [
        tag("redcap:RepeatingEvent", [("redcap:UniqueEventName", str(one.event))], closed=True)
        for one in whole
    ]
    for event in dict.fromkeys(one.event for one in repeats if one.instrument):
        inside = (
            _repeat(one, str(event)) for one in repeats if one.instrument and one.event == event
        )
        lines += block("redcap:RepeatingInstruments", inside)
    yield from block("redcap:RepeatingInstrumentsAndEvents", lines)


def _repeat(repeat: Repeat, event: str) -> str:
    pairs = [
        ("redcap:UniqueEventName", event or _CLASSIC_EVENT),
        ("redcap:RepeatInstrument", repeat.instrument),
        ("redcap:CustomLabel", repeat.label),
    ]
    return tag("redcap:RepeatingInstrument", pairs, closed=True)


def _role(role: Role, source: Named, *, in_bits: bool) -> list[tuple[str, str]]:
    """Return a role's attributes; form rights in the coding of its group (recorded)."""
    granted = role.grants
    return [
        ("role_name", role.label),
        ("unique_role_name", source.given(role.unique_name)),
        *((_ATTRIBUTES.get(name, name), BY_NAME[name].value(lv)) for name, lv in granted.rights),
        ("data_entry", _entry(granted, in_bits=in_bits)),
        ("data_export_tool", ""),
        ("data_export_instruments", _exports(granted)),
    ]


def _entry(granted: Grants, *, in_bits: bool) -> str:
    """Return `[form,code]` for each; "delete" cannot be said before 15.6, editing can."""
    levels = {name: level for name, level in granted.instruments if name != ALL}
    if not in_bits:
        levels = {
            name: level.replace(", delete", "") if needs_bits(level) else level
            for name, level in levels.items()
        }
    return "".join(
        f"[{name},{form_code(level or NONE, in_bits=in_bits)}]" for name, level in levels.items()
    )


def _exports(granted: Grants) -> str:
    pairs = ((name, level) for name, level in granted.export if name != ALL)
    return "".join(f"[{name},{export_code(level)}]" for name, level in pairs)


def _metadata(source: Named, fields: tuple[Field, ...]) -> Iterator[str]:
    yield from _schedule(source)
    listed: tuple[Instrument, ...] = kind_named("instruments").items(source.state)
    labels = {item.name: item.label for item in listed}
    forms = {name: labels.get(name) or title_cased(name) for name in instruments_of(source.state)}
    yield from written_forms(forms, fields)


def _schedule(source: Named) -> Iterator[str]:
    arms: tuple[Arm, ...] = kind_named("arms").items(source.state)
    events: tuple[Event, ...] = kind_named("events").items(source.state)
    rows: tuple[Designation, ...] = kind_named("designations").items(source.state)
    repeats: tuple[Repeat, ...] = kind_named("repeating").items(source.state)
    if not events:
        return
    whole = {repeat.event for repeat in repeats if not repeat.instrument}
    names = {arm.number: arm.name for arm in arms}
    yield from block("Protocol", _references(events))
    for event in events:
        inside = (
            _form_reference(row.instrument, number)
            for number, row in enumerate((r for r in rows if r.event == event.unique_name), 1)
        )
        told = _event(event, names, repeats=event.unique_name in whole)
        yield from block("StudyEventDef", inside, told)


def _references(events: Iterable[Event]) -> Iterator[str]:
    for number, event in enumerate(events, start=1):
        oid = ("StudyEventOID", f"Event.{event.unique_name}")
        pairs = [oid, ("OrderNumber", str(number)), ("Mandatory", "No")]
        yield tag("StudyEventRef", pairs, closed=True)


def _form_reference(form: str, number: int) -> str:
    pairs = [
        ("FormOID", f"Form.{form}"),
        ("OrderNumber", str(number)),
        ("Mandatory", "No"),
        ("redcap:FormName", form),
    ]
    return tag("FormRef", pairs, closed=True)


def _event(event: Event, arms: Mapping[int, str], *, repeats: bool) -> list[tuple[str, str]]:
    """Return an event's attributes; the name carries the arm where there are several (recorded).

    Offsets that nobody gave are left out: REDCap numbers events in their order (inferred).
    """
    arm = arms.get(event.arm, f"Arm {event.arm}")
    offsets = {"DayOffset": event.day_offset, "OffsetMin": event.offset_min,
               "OffsetMax": event.offset_max}  # fmt: skip
    return [
        ("OID", f"Event.{event.unique_name}"),
        ("Name", f"{event.name} (Arm {event.arm}: {arm})" if len(arms) > 1 else event.name),
        ("Type", "Common"),
        ("Repeating", "Yes" if repeats else "No"),
        ("redcap:EventName", event.name),
        ("redcap:CustomEventLabel", event.custom_label),
        ("redcap:UniqueEventName", str(event.unique_name)),
        ("redcap:ArmNum", str(event.arm)),
        ("redcap:ArmName", arm),
        *((f"redcap:{name}", value) for name, value in offsets.items() if value is not None),
    ]
