"""Short ways to set up and read users, roles and groups in tests."""

from __future__ import annotations

import json
from typing import Any

import requests

from redcap_iac.emulator import log, right_columns
from tests.emulator.served import Project


def add_forms(project: Project, *names: str) -> None:
    """Give a project more instruments, past the API."""
    with project.emulator.store.transaction() as db:
        for position, name in enumerate(names, start=10):
            db.execute(
                "INSERT INTO forms (project_id, form_name, label, position) VALUES (?, ?, ?, ?)",
                (project.project_id, name, name.title(), position),
            )


def turn_on(project: Project, **attributes: int) -> None:
    """Set stored project attributes, past the API."""
    with project.emulator.store.transaction() as db:
        row = db.execute(
            "SELECT settings FROM projects WHERE project_id = ?", (project.project_id,)
        ).fetchone()
        db.execute(
            "UPDATE projects SET settings = ? WHERE project_id = ?",
            (json.dumps({**json.loads(row["settings"]), **attributes}), project.project_id),
        )


def add_record(project: Project, dag: str) -> None:
    """Put a record into a group, past the API."""
    with project.emulator.store.transaction() as db:
        db.execute(
            "INSERT INTO records (project_id, arm_num, record, dag_id)"
            " SELECT project_id, 1, '1', dag_id FROM dags WHERE unique_name = ?",
            (dag,),
        )


def send(
    project: Project, content: str, *rows: dict[str, Any], **parameters: object
) -> requests.Response:
    """Import rows as json."""
    return project.post(content, "import", data=json.dumps(rows), **parameters)


def accept(project: Project, content: str, *rows: dict[str, Any]) -> None:
    """Import rows that must be taken, one count for each."""
    response = send(project, content, *rows)
    assert (response.status_code, response.text) == (200, str(len(rows)))


def refusal(response: requests.Response) -> tuple[int, str]:
    """Return status and text of a refusal."""
    return response.status_code, response.json()["error"]


def user(project: Project, username: str) -> dict[str, Any]:
    """Return a user's row of Export Users."""
    return _one(project.rows("user"), "username", username)


def role(project: Project, label: str) -> dict[str, Any]:
    """Return the only role with a label."""
    return _one(project.rows("userRole"), "role_label", label)


def assignment(project: Project, username: str) -> dict[str, Any]:
    """Return a user's row of Export User-Role Assignments."""
    return _one(project.rows("userRoleMapping"), "username", username)


def make_role(project: Project, label: str, **rights: object) -> str:
    """Create a role and return the unique name the server made."""
    accept(project, "userRole", {"role_label": label, **rights})
    return str(role(project, label)["unique_role_name"])


def make_dags(project: Project, *labels: str) -> None:
    """Create groups."""
    accept(project, "dag", *({"data_access_group_name": label} for label in labels))


def join(project: Project, username: str, unique_role_name: str) -> None:
    """Put a user into a role, or out of one, with no group."""
    accept(project, "userRoleMapping", {"username": username, "unique_role_name": unique_role_name})


def with_rights(project: Project, username: str, **rights: int) -> Project:
    """Return the project as another user with exactly these rights."""
    seen = project.of(username)
    none = right_columns.no_rights(project.emulator.server.settings.version)
    with project.emulator.store.transaction() as db:
        db.execute(
            "UPDATE users SET rights = ? WHERE project_id = ? AND username = ?",
            (json.dumps({**none, **rights}), project.project_id, username),
        )
    return seen


def logged(project: Project) -> tuple[str, str, str]:
    """Return action, details and kind of the newest log entry of the project."""
    with project.emulator.store.transaction() as db:
        row = db.execute(
            "SELECT action, details, logtype FROM log WHERE project_id = ? ORDER BY log_id DESC",
            (project.project_id,),
        ).fetchone()
    assert row["logtype"] in log.LOGTYPES
    return row["action"], row["details"], row["logtype"]


def _one(rows: list[dict[str, Any]], column: str, value: str) -> dict[str, Any]:
    (found,) = [row for row in rows if row[column] == value]
    return found
