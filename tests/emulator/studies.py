"""Small studies to test the data methods with, built through the API where it can."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from redcap_iac.emulator import design
from redcap_iac.emulator.server import Emulator
from tests.emulator.served import Project, new_project


def field(
    name: str, kind: str = "text", form: str = "demographics", **columns: str
) -> dict[str, str]:
    """Return a dictionary row; `choices` and `validation` stand for the two long column names."""
    row = dict.fromkeys(design.COLUMNS, "")
    row |= {"field_name": name, "form_name": form, "field_type": kind, "field_label": name.title()}
    row["select_choices_or_calculations"] = columns.pop("choices", "")
    row["text_validation_type_or_show_slider_number"] = columns.pop("validation", "")
    return {**row, **columns}


DEMOGRAPHICS = (
    field("record_id"),
    field("name", identifier="y", field_label="<b>Full</b> name"),
    field("dob", validation="date_mdy"),
    field("race", "checkbox", choices="1, White | 2, Black | A-1, Other"),
    field("sex", "radio", choices="0, Female | 1, Male"),
    field("photo", "file"),
    field("hint", "descriptive"),
    field("comments", "notes"),
)
VITALS = (
    field("height", form="vitals", validation="number"),
    field("weight", form="vitals", validation="number"),
    field("bmi", "calc", form="vitals", choices="round([weight] / ([height] * [height]), 1)"),
)


def classic(emulator: Emulator, *more: dict[str, str]) -> Project:
    """Return a classic project with the instruments demographics and vitals."""
    project = new_project(emulator)
    _import(project, "metadata", [*DEMOGRAPHICS, *VITALS, *more])
    return project


def repeating(emulator: Emulator) -> Project:
    """Return a classic project whose instrument vitals repeats."""
    project = classic(emulator)
    _import(project, "repeatingFormsEvents", [{"form_name": "vitals", "custom_form_label": ""}])
    return project


def trial(emulator: Emulator, *, with_repeats: bool = True) -> Project:
    """Return a longitudinal project of two arms.

    Arm 1 `Drug A` has Baseline (demographics, vitals) and Week 4 (vitals, repeating as an event),
    arm 2 `Drug B` has Start (demographics, and vitals as a repeating instrument).
    """
    project = new_project(emulator)
    _import(project, "metadata", [*DEMOGRAPHICS, *VITALS])
    arms = [{"arm_num": "1", "name": "Drug A"}, {"arm_num": "2", "name": "Drug B"}]
    _import(project, "arm", arms, action="import", override="1")
    events = [("Baseline", "1", "0"), ("Week 4", "1", "28"), ("Start", "2", "0")]
    _import(
        project,
        "event",
        [{"event_name": name, "arm_num": arm, "day_offset": day} for name, arm, day in events],
        action="import",
        override="1",
    )
    _import(project, "project_settings", [{"is_longitudinal": "1"}])
    places = [
        ("1", "baseline_arm_1", "demographics"),
        ("1", "baseline_arm_1", "vitals"),
        ("1", "week_4_arm_1", "vitals"),
        ("2", "start_arm_2", "demographics"),
        ("2", "start_arm_2", "vitals"),
    ]
    _import(
        project,
        "formEventMapping",
        [{"arm_num": arm, "unique_event_name": event, "form": form} for arm, event, form in places],
    )
    if with_repeats:
        repeats = [("week_4_arm_1", ""), ("start_arm_2", "vitals")]
        _import(
            project,
            "repeatingFormsEvents",
            [
                {"event_name": event, "form_name": form, "custom_form_label": ""}
                for event, form in repeats
            ],
        )
    return project


def _import(project: Project, content: str, rows: list[dict[str, str]], **parameters: str) -> None:
    response = project.post(content, data=json.dumps(rows), **parameters)
    assert response.status_code == 200, response.text


def send(project: Project, *rows: Mapping[str, object], **parameters: object) -> Any:  # noqa: ANN401 - json
    """Import records from json and return the decoded answer; fails on a refusal."""
    response = project.post("record", "import", data=json.dumps(rows), **parameters)
    assert response.status_code == 200, response.text
    return response.json()


def refused(project: Project, *rows: Mapping[str, object], **parameters: object) -> str:
    """Import records that must be refused, and return the text of the refusal."""
    response = project.post("record", "import", data=json.dumps(rows), **parameters)
    assert response.status_code == 400, response.text
    return str(response.json()["error"])


def grant(project: Project, username: str = "jdoe", **rights: int) -> None:
    """Give a user rights, past the API."""
    _set(project, username, "rights", rights)


def grant_export(project: Project, username: str = "jdoe", **levels: int) -> None:
    """Set a user's data export rights per instrument, past the API."""
    _set(project, username, "forms_export", levels)


def _set(project: Project, username: str, column: str, values: dict[str, int]) -> None:
    with project.emulator.store.transaction() as db:
        row = db.execute(
            f"SELECT {column} FROM users WHERE project_id = ? AND username = ?",
            (project.project_id, username),
        ).fetchone()
        db.execute(
            f"UPDATE users SET {column} = ? WHERE project_id = ? AND username = ?",
            (json.dumps({**json.loads(row[column]), **values}), project.project_id, username),
        )


def add_dag(project: Project, name: str) -> int:
    """Add a DAG whose unique name is its name, past the API; return its id."""
    with project.emulator.store.transaction() as db:
        cursor = db.execute(
            "INSERT INTO dags (project_id, name, unique_name) VALUES (?, ?, ?)",
            (project.project_id, name.title(), name),
        )
        return int(cursor.lastrowid or 0)


def member(project: Project, username: str, dag_id: int | None = None) -> Project:
    """Return the project as another user sees it, who has the creator's rights, in a DAG."""
    other = project.of(username)
    with project.emulator.store.transaction() as db:
        db.execute(
            "UPDATE users SET (rights, forms, forms_export) = (SELECT rights, forms, forms_export"
            " FROM users WHERE project_id = ? AND username = 'jdoe'), dag_id = ?"
            " WHERE project_id = ? AND username = ?",
            (project.project_id, dag_id, project.project_id, username),
        )
    return other


def column(rows: list[dict[str, Any]], name: str) -> list[Any]:
    """Return one column of exported rows."""
    return [row[name] for row in rows]
