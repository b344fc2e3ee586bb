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
from redcap_iac.secret import Secret
from redcap_iac.workflow import Session
from tests.emulator.served import Project
from tests.end_to_end.study import Study

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
