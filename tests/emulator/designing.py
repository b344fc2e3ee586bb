"""Designs as tests write them, and stored values behind the API's back."""

from __future__ import annotations

import json
from collections.abc import Sequence

import requests

from redcap_iac.emulator import design
from redcap_iac.emulator.resources.records import store
from tests.emulator.served import Project

Row = dict[str, str | int | dict[str, int]]


def field(name: str, form: str = "form_1", kind: str = "text", **cells: str) -> Row:
    """Return a row of the dictionary with its four required cells and any others."""
    label = name.replace("_", " ").capitalize()
    return {
        "field_name": name,
        "form_name": form,
        "field_type": kind,
        "field_label": label,
        **cells,
    }


RECORD_ID = field("record_id")


def send(
    project: Project, content: str, rows: Sequence[Row], **parameters: object
) -> requests.Response:
    """Import rows as json."""
    return project.post(content, "import", data=json.dumps(list(rows)), **parameters)


def sent(project: Project, content: str, rows: Sequence[Row], **parameters: object) -> int:
    """Import rows as json and return the count; fails on a refusal."""
    response = send(project, content, rows, **parameters)
    assert response.status_code == 200, response.text
    return int(response.text)


def refusal(response: requests.Response, status: int = 400) -> str:
    """Return the text of a refusal; fails on an answer."""
    assert response.status_code == status, response.text
    return str(response.json()["error"])


def unique_names(project: Project) -> list[str]:
    """Return the unique event names in the order of the export."""
    return [row["unique_event_name"] for row in project.rows("event")]


def put(
    project: Project,
    record: str,
    name: str,
    value: str,
    *,
    event: str = "event_1_arm_1",
    form: str = "",
    instance: int = 1,
) -> None:
    """Store a value without the API; `form` is the repeating instrument, if any."""
    with project.emulator.store.transaction() as db:
        found = {item.unique_name: item for item in design.events(db, project.project_id)}
        store.put(db, project.project_id, record, found[event], form, instance, name, value)


def stored(project: Project, name: str) -> list[str]:
    """Return the values stored for a field, over all records and events, sorted."""
    with project.emulator.store.transaction() as db:
        rows = db.execute(
            "SELECT value FROM data WHERE project_id = ? AND field_name = ? ORDER BY value",
            (project.project_id, name),
        )
        return [row["value"] for row in rows]


def records(project: Project) -> list[str]:
    """Return the records that exist, once per arm."""
    with project.emulator.store.transaction() as db:
        rows = db.execute(
            "SELECT record FROM records WHERE project_id = ? ORDER BY arm_num, record",
            (project.project_id,),
        )
        return [row["record"] for row in rows]


def last_log(project: Project) -> tuple[str, str]:
    """Return action and details of the newest entry of the log."""
    with project.emulator.store.transaction() as db:
        row = db.execute(
            "SELECT action, details FROM log WHERE project_id = ? ORDER BY log_id DESC",
            (project.project_id,),
        ).fetchone()
        return row["action"], row["details"]


def grant(project: Project, username: str, **rights: int) -> Project:
    """Return the project as seen by a user who holds exactly these rights."""
    seen = project.of(username)
    with project.emulator.store.transaction() as db:
        db.execute(
            "UPDATE users SET rights = ? WHERE project_id = ? AND username = ?",
            (json.dumps(rights), project.project_id, username),
        )
    return seen
