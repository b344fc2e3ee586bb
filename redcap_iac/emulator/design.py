"""The design of a project as several resources read it: fields, forms, events, flags."""

from __future__ import annotations

import json
import re
import sqlite3
from dataclasses import dataclass
from typing import Any

from redcap_iac.emulator.errors import ApiFault
from redcap_iac.emulator.request import Context

COLUMNS: tuple[str, ...] = (
    "field_name", "form_name", "section_header", "field_type", "field_label",
    "select_choices_or_calculations", "field_note", "text_validation_type_or_show_slider_number",
    "text_validation_min", "text_validation_max", "identifier", "branching_logic",
    "required_field", "custom_alignment", "question_number", "matrix_group_name",
    "matrix_ranking", "field_annotation",
)  # fmt: skip

IMPLICIT_CHOICES = {"yesno": "1, Yes | 0, No", "truefalse": "1, True | 0, False"}
STATUS_CHOICES = (("0", "Incomplete"), ("1", "Unverified"), ("2", "Complete"))


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the dictionary as the data methods need it."""

    name: str
    form: str
    type: str
    label: str
    choices: tuple[tuple[str, str], ...]
    validation: str
    minimum: str
    maximum: str
    identifier: bool

    def export_names(self) -> tuple[str, ...]:
        """Return the names of its columns in flat exports; a checkbox has one per choice."""
        if self.type != "checkbox":
            return (self.name,)
        return tuple(f"{self.name}___{export_code(code)}" for code, _ in self.choices)


@dataclass(frozen=True, slots=True)
class Event:
    """An event, in the order of exports: arm, then day offset, then name."""

    event_id: int
    arm: int
    name: str
    unique_name: str


def export_code(code: str) -> str:
    """Return a choice code as column names spell it: lower case, other signs `_` (recorded)."""
    return re.sub(r"[^a-z0-9_]", "_", code.lower())


def parse_choices(text: str) -> tuple[tuple[str, str], ...]:
    """Split column F into (code, label), each trimmed; a bare label is its own code (recorded)."""
    pairs: list[tuple[str, str]] = []
    for part in text.replace("\\n", "|").replace("\n", "|").split("|"):
        if not part.strip():
            continue
        code, comma, label = part.partition(",")
        pairs.append((code.strip(), label.strip() if comma else code.strip()))
    return tuple(pairs)


def fields(db: sqlite3.Connection, project_id: int) -> tuple[Field, ...]:
    """Return the fields of a project in order, without the form status fields."""
    rows = db.execute("SELECT * FROM fields WHERE project_id = ? ORDER BY position", (project_id,))
    return tuple(_field(row) for row in rows)


def _field(row: sqlite3.Row) -> Field:
    kind = row["field_type"]
    choices = IMPLICIT_CHOICES.get(kind, row["select_choices_or_calculations"])
    listed = kind in ("radio", "dropdown", "checkbox", "yesno", "truefalse")
    return Field(
        name=row["field_name"],
        form=row["form_name"],
        type=kind,
        label=row["field_label"],
        choices=parse_choices(choices) if listed else (),
        validation=row["text_validation_type_or_show_slider_number"],
        minimum=row["text_validation_min"],
        maximum=row["text_validation_max"],
        identifier=row["identifier"].lower() == "y",
    )


def forms(db: sqlite3.Connection, project_id: int) -> tuple[tuple[str, str], ...]:
    """Return (form name, label) in project order."""
    rows = db.execute(
        "SELECT form_name, label FROM forms WHERE project_id = ? ORDER BY position", (project_id,)
    )
    return tuple((row["form_name"], row["label"]) for row in rows)


def events(db: sqlite3.Connection, project_id: int) -> tuple[Event, ...]:
    """Return every event of every arm, hidden ones of a classic project too.

    Ordered by arm, day offset, name (inferred from project XMLs), then age.
    """
    rows = db.execute(
        "SELECT * FROM events WHERE project_id = ? ORDER BY arm_num, day_offset, name, event_id",
        (project_id,),
    )
    return tuple(
        Event(row["event_id"], row["arm_num"], row["name"], row["unique_name"]) for row in rows
    )


def settings(db: sqlite3.Connection, project_id: int) -> dict[str, Any]:
    """Return the stored attributes of a project: API names to str or int."""
    row = db.execute("SELECT settings FROM projects WHERE project_id = ?", (project_id,)).fetchone()
    loaded: dict[str, Any] = json.loads(row["settings"])
    return loaded


def status(db: sqlite3.Connection, project_id: int) -> str:
    """Return `development`, `production` or `analysis`."""
    row = db.execute("SELECT status FROM projects WHERE project_id = ?", (project_id,)).fetchone()
    return str(row["status"])


def is_longitudinal(context: Context, project_id: int | None = None) -> bool:
    """Tell whether the project reads as longitudinal: the flag, and more than one event.

    Whether one arm with one event suffices is the switch `one_event_longitudinal`.
    """
    project = context.project_id if project_id is None else project_id
    if not int(settings(context.db, project).get("is_longitudinal", 0)):
        return False
    least = 1 if context.switch("one_event_longitudinal", "longitudinal") else 2
    return len(events(context.db, project)) >= least


def first_event(db: sqlite3.Connection, project_id: int) -> Event:
    """Return the event that holds a classic project's records; refuses a project without any.

    All events may be deleted (recorded); what the data methods answer then is inferred.
    """
    found = events(db, project_id)
    if not found:
        raise no_event()
    return found[0]


def no_event() -> ApiFault:
    """Return the refusal of a call that needs an event in a project without any (inferred)."""
    return ApiFault("The project has no event that could hold data")


def visible_events(context: Context) -> tuple[Event, ...]:
    """Return the events whose records the project shows: all, or a classic project's first."""
    if is_longitudinal(context):
        return events(context.db, context.project_id)
    return events(context.db, context.project_id)[:1]


def visible_repeats(context: Context) -> frozenset[tuple[int, str]]:
    """Return event id and form of what repeats as the project reads now; no form is the event.

    A classic project shows the repeating instruments of its one event; that the event as a whole
    was set to repeat before comes back with the longitudinal flag (inferred).
    """
    longitudinal = is_longitudinal(context)
    visible = {event.event_id for event in visible_events(context)}
    rows = context.db.execute(
        "SELECT event_id, form_name FROM repeats WHERE project_id = ?", (context.project_id,)
    )
    return frozenset(
        (row["event_id"], row["form_name"])
        for row in rows
        if row["event_id"] in visible and (longitudinal or row["form_name"])
    )


def refuse_in_production(context: Context, what: str) -> None:
    """Refuse a design write outside development; the words are inferred, none are recorded."""
    current = status(context.db, context.project_id)
    if current != "development":
        raise ApiFault(
            f"{what} cannot be modified via the API because the project is in {current} status"
        )
