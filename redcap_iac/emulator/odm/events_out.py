"""Arms, events, designations and the repeating setup written as Protocol and StudyEventDef."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence

from redcap_iac.emulator import design
from redcap_iac.emulator.odm.events_in import CLASSIC_EVENT
from redcap_iac.emulator.odm.text import attributes
from redcap_iac.emulator.request import Context
from redcap_iac.emulator.versions import Version

#: Event names are cut here in project files (inferred from four of them).
_NAME_LENGTH = 30
#: From here on definitions say that an event repeats: files of 13.1 do not, of 14.5 do (inferred).
_REPEATING = Version(14, 0, 0)


def written(context: Context) -> Iterator[str]:
    """Yield Protocol and the event definitions of a longitudinal project, nothing else for others.

    An arm without events has no place in the file (recorded).
    """
    if not design.is_longitudinal(context):
        return
    rows = _events(context.db, context.project_id)
    yield "\t<Protocol>\n"
    for order, row in enumerate(rows, start=1):
        pairs = [("StudyEventOID", f"Event.{row['unique_name']}"), ("OrderNumber", str(order))]
        yield f'\t\t<StudyEventRef{attributes(pairs)} Mandatory="No"/>\n'
    yield "\t</Protocol>\n"
    version = context.server.settings.version
    repeating = _repeating(context.db, context.project_id) if version >= _REPEATING else {}
    forms = _designated(context.db, context.project_id)
    several = len({row["arm_num"] for row in rows}) > 1
    for row in rows:
        whole = "" in repeating.get(row["event_id"], {})
        yield f"\t<StudyEventDef{_definition(row, several=several, repeating=whole)}>\n"
        for order, name in enumerate(forms.get(row["event_id"], ()), start=1):
            pairs = [("FormOID", f"Form.{name}"), ("OrderNumber", str(order)), ("Mandatory", "No")]
            yield f"\t\t<FormRef{attributes([*pairs, ('redcap:FormName', name)])}/>\n"
        yield "\t</StudyEventDef>\n"


def repeating_text(context: Context) -> str:
    """Return the repeating setup, events first, blank without any (recorded).

    A classic project's event is `event_1_arm_1` whatever it is called (recorded).
    """
    longitudinal = design.is_longitudinal(context)
    setup = _repeating(context.db, context.project_id)
    visible = design.visible_events(context)
    names = {event.event_id: event.unique_name for event in visible}
    if not longitudinal:
        names = dict.fromkeys(names, CLASSIC_EVENT)
    events = "".join(
        f"\t\t<redcap:RepeatingEvent{attributes([('redcap:UniqueEventName', name)])}/>\n"
        for event_id, name in names.items()
        if "" in setup.get(event_id, {})
    )
    instruments = "".join(
        _instruments(name, setup[event_id])
        for event_id, name in names.items()
        if any(setup.get(event_id, {}))
    )
    inside = events + instruments
    name = "redcap:RepeatingInstrumentsAndEvents"
    return f"<{name}>\n{inside}\t</{name}>" if inside else ""


def _events(db: sqlite3.Connection, project_id: int) -> list[sqlite3.Row]:
    return db.execute(
        "SELECT e.*, a.name AS arm_name FROM events e"
        " JOIN arms a ON a.project_id = e.project_id AND a.arm_num = e.arm_num"
        " WHERE e.project_id = ? ORDER BY e.arm_num, e.day_offset, e.name, e.event_id",
        (project_id,),
    ).fetchall()


def _definition(row: sqlite3.Row, *, several: bool, repeating: bool) -> str:
    """Return the attributes; the name carries the arm when there are several (recorded)."""
    name = row["name"][:_NAME_LENGTH]
    arm = str(row["arm_num"])
    return attributes(
        [
            ("OID", f"Event.{row['unique_name']}"),
            ("Name", f"{name} (Arm {arm}: {row['arm_name']})" if several else name),
            ("Type", "Common"),
            ("Repeating", "Yes" if repeating else "No"),
            ("redcap:EventName", name),
            ("redcap:CustomEventLabel", row["custom_label"]),
            ("redcap:UniqueEventName", row["unique_name"]),
            ("redcap:ArmNum", arm),
            ("redcap:ArmName", row["arm_name"]),
            ("redcap:DayOffset", f"{row['day_offset']:g}"),
            ("redcap:OffsetMin", f"{row['offset_min']:g}"),
            ("redcap:OffsetMax", f"{row['offset_max']:g}"),
        ]
    )


def _designated(db: sqlite3.Connection, project_id: int) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for row in db.execute(
        "SELECT d.event_id, d.form_name FROM designations d JOIN forms f"
        " ON f.project_id = d.project_id AND f.form_name = d.form_name"
        " WHERE d.project_id = ? ORDER BY f.position",
        (project_id,),
    ):
        found.setdefault(row["event_id"], []).append(row["form_name"])
    return found


def _repeating(db: sqlite3.Connection, project_id: int) -> dict[int, dict[str, str]]:
    """Return the custom labels by event and form, the blank form being the whole event."""
    found: dict[int, dict[str, str]] = {}
    for row in db.execute(
        "SELECT r.event_id, r.form_name, r.label FROM repeats r LEFT JOIN forms f"
        " ON f.project_id = r.project_id AND f.form_name = r.form_name"
        " WHERE r.project_id = ? ORDER BY f.position",
        (project_id,),
    ):
        found.setdefault(row["event_id"], {})[row["form_name"]] = row["label"]
    return found


def _instruments(event: str, setup: Mapping[str, str]) -> str:
    forms: Sequence[tuple[str, str]] = [(form, label) for form, label in setup.items() if form]
    lines = "".join(
        "\t\t\t<redcap:RepeatingInstrument"
        + attributes(
            [
                ("redcap:UniqueEventName", event),
                ("redcap:RepeatInstrument", form),
                ("redcap:CustomLabel", label),
            ]
        )
        + "/>\n"
        for form, label in forms
    )
    return f"\t\t<redcap:RepeatingInstruments>\n{lines}\t\t</redcap:RepeatingInstruments>\n"
