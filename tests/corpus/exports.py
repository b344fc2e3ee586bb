"""The design of a project as its API shows it, without what no call of the API can set."""

from __future__ import annotations

from typing import Any

from tests.emulator.served import Project

Rows = list[dict[str, Any]]

#: What the server gives out itself, by content.
IDS = {
    "event": ("event_id",),
    "dag": ("data_access_group_id",),
    "userRole": ("unique_role_name",),
    "instrument": ("instrument_label",),  # no method sets a label (documented)
}
#: Project information that Import Project Info does not take (documented).
NOT_SET = ("project_id", "missing_data_codes")
SCHEDULE = ("arm", "event", "formEventMapping")
LISTS = ("instrument", "dag", "userRole", "exportFieldNames")


def design(project: Project) -> dict[str, Any]:
    """Return every export of the design by content, in the server's order."""
    about = project.rows("project")
    found: dict[str, Any] = {
        "project": {key: value for key, value in about.items() if key not in NOT_SET},
        "metadata": [with_plain_choices(row) for row in project.rows("metadata")],
    }
    for content in LISTS:
        found[content] = without(content, project.rows(content))
    if about["is_longitudinal"]:
        for content in SCHEDULE:
            found[content] = without(content, project.rows(content))
        for event in found["event"]:
            # names are matched without the blanks around them (a project file cuts them at 30)
            event["event_name"] = event["event_name"].strip()
    if about["has_repeating_instruments_or_events"]:
        found["repeatingFormsEvents"] = project.rows("repeatingFormsEvents")
    return found


def without(content: str, rows: Rows) -> Rows:
    left_out = IDS.get(content, ())
    return [{key: row[key] for key in row if key not in left_out} for row in rows]


def with_plain_choices(row: dict[str, str]) -> dict[str, str]:
    """Write choices in one spacing: a project made from a file has bare bars (recorded)."""
    if row["field_type"] not in ("radio", "dropdown", "checkbox"):
        return row
    parts = (part.partition(",") for part in row["select_choices_or_calculations"].split("|"))
    plain = [f"{code.strip()}, {label.strip()}" for code, _, label in parts]
    return {**row, "select_choices_or_calculations": " | ".join(plain)}
