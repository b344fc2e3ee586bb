"""A client that is watched: tests see every call, and may act before and after each."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from redcap_iac.answers import Answer
from redcap_iac.calls import Call
from redcap_iac.client import Client, Connection
from redcap_iac.emulator import admin
from redcap_iac.kinds import rights
from redcap_iac.kinds.grants import Grants
from redcap_iac.safety.access import Access, has_ended
from redcap_iac.secret import Secret
from redcap_iac.workflow import Session
from tests.emulator.served import Project
from tests.end_to_end.study import NOW, Study

Before = Callable[[Call], None]
After = Callable[[Call, Answer], Answer]


class Watched(Client):
    """Sends as any client; keeps the calls, tells before each, lets each answer be changed."""

    def __init__(
        self,
        project: Project,
        before: Before = lambda _: None,
        after: After = lambda _, answer: answer,
        *,
        read_only: bool = False,
    ) -> None:
        connection = Connection(project.emulator.url, timeout=60)
        super().__init__(
            connection, Secret(project.token), read_only=read_only, sleep=lambda _: None, attempts=2
        )
        self.calls: list[Call] = []
        self._before = before
        self._after = after

    def send(self, call: Call) -> Answer:
        self.calls.append(call)
        self._before(call)
        return self._after(call, super().send(call))

    @property
    def writes(self) -> list[Call]:
        """The calls that were to write, in order."""
        return [call for call in self.calls if call.writes]


def session(study: Study, client: Client) -> Session:
    """Return a study's session with another client."""
    return replace(study.session, client=client)


def once(content: str, action: str, act: Callable[[], object]) -> Before:
    """Return what acts before the first call of this content and action."""
    met: list[Call] = []

    def before(call: Call) -> None:
        if (call.content, call.action) == (content, action) and not met:
            met.append(call)
            act()

    return before


def kept(project: Project) -> Any:  # noqa: ANN401 - whatever tables hold
    """Return all that is kept of a project but its log: equal means nothing was written."""
    tables = json.loads(admin.dump(project.emulator.store, project.project_id))
    return {name: rows for name, rows in tables.items() if name != "log"}


def grant(project: Project, username: str, **rights: int) -> None:
    """Change somebody's own rights past the API, as another person would on REDCap's pages."""
    with project.emulator.store.transaction() as db:
        where = (project.project_id, username)
        (held,) = db.execute(
            "SELECT rights FROM users WHERE project_id = ? AND username = ?", where
        ).fetchone()
        db.execute(
            "UPDATE users SET rights = ? WHERE project_id = ? AND username = ?",
            (json.dumps({**json.loads(held), **rights}), *where),
        )


def present_access(project: Project) -> dict[str, Access]:
    """Return what everybody may do at this moment, rights no export shows included."""
    with project.emulator.store.transaction() as db:
        rows = db.execute(
            "SELECT u.*, r.unique_name AS role, r.rights AS role_rights, r.forms AS role_forms,"
            " r.forms_export AS role_export FROM users u LEFT JOIN roles r ON r.role_id = u.role_id"
            " WHERE u.project_id = ?",
            (project.project_id,),
        ).fetchall()
    return {row["username"]: _access(row) for row in rows}


def _access(row: Any) -> Access:  # noqa: ANN401 - a row of the emulator's store
    member = row["role"] is not None
    granted, forms, exports = (
        json.loads(row[column])
        for column in (
            ("role_rights", "role_forms", "role_export")
            if member
            else ("rights", "forms", "forms_export")
        )
    )
    grants = Grants(
        tuple((one.name, one.level(str(granted.get(one.name, 0)))) for one in rights.RIGHTS),
        tuple((name, rights.form_level(str(code))) for name, code in forms.items()),
        tuple((name, rights.export_level(str(code))) for name, code in exports.items()),
    )
    ends = row["expiration"]
    return Access(
        row["username"], row["role"] or "", str(row["dag_id"] or ""), "", ends,
        has_ended(ends, NOW.date()), grants,
    )  # fmt: skip
