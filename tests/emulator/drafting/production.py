"""A project in production and its draft, as tests of draft mode write them."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from redcap_iac.emulator import draft
from redcap_iac.emulator.design import COLUMNS
from redcap_iac.emulator.draft import Summary
from redcap_iac.emulator.drafting.differences import FieldChange
from tests.emulator.designing import RECORD_ID, Row, field, sent
from tests.emulator.served import Project

ADMIN = "admin"
CHOICES = "select_choices_or_calculations"
PAIN = field("pain", kind="radio", **{CHOICES: "9, None | 100, Some | 99, Refused"})
SYMPTOMS = field("symptoms", kind="checkbox", **{CHOICES: "1, Cough | 2, Fever"})
WEIGHT = field("weight")
FIELDS: tuple[Row, ...] = (RECORD_ID, PAIN, SYMPTOMS, WEIGHT)


def in_production(project: Project, fields: Sequence[Row] = FIELDS) -> Project:
    """Give a project its dictionary and move it to production."""
    sent(project, "metadata", fields)
    project.status("production")
    return project


def file_of(rows: Sequence[Mapping[str, object]], delimiter: str = ",") -> str:
    """Return a dictionary as CSV with the API's header."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter)
    writer.writerow(COLUMNS)
    writer.writerows([row.get(column, "") for column in COLUMNS] for row in rows)
    return buffer.getvalue()


def drafted(project: Project, rows: Sequence[Row], username: str = "jdoe") -> None:
    """Enter draft mode and upload a dictionary."""
    where = (project.emulator.store, project.emulator.server, project.project_id, username)
    draft.enter(*where)
    draft.upload(*where, file_of(rows))


def submitted(project: Project, rows: Sequence[Row], username: str = "jdoe") -> str:
    """Draft a dictionary and submit it."""
    drafted(project, rows, username)
    emulator = project.emulator
    return draft.submit(emulator.store, emulator.server, project.project_id, username)


def summary(project: Project) -> Summary:
    """Return the summary of the draft."""
    return draft.summary(project.emulator.store, project.emulator.server, project.project_id)


def only_change(project: Project, rows: Sequence[Row]) -> FieldChange:
    """Draft a dictionary and return the one change that it is."""
    drafted(project, rows)
    (change,) = summary(project).changes
    return change


def state(project: Project) -> str:
    """Return the state of the draft."""
    return draft.state(project.emulator.store, project.project_id)


def fields_of(project: Project) -> list[str]:
    """Return the names of the live fields, over the API."""
    return [row["field_name"] for row in project.rows("metadata")]


def logged(project: Project, logtype: str = "manage") -> list[tuple[str, str, str]]:
    """Return user, action and details by Export Logging, oldest first, exports left out."""
    return [
        (row["username"], row["action"], row["details"])
        for row in reversed(project.rows("log", logtype=logtype))
        if "(API)" not in row["details"]
    ]
