"""A project of a served emulator, asked over HTTP as any client would."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests

from redcap_iac.emulator import admin
from redcap_iac.emulator.server import Emulator

PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class Project:
    """A project and the token of one of its users; json unless a call says otherwise."""

    emulator: Emulator
    project_id: int
    token: str

    def post(
        self, content: str, action: str | None = None, **parameters: object
    ) -> requests.Response:
        """Call the API; a list is sent as a PHP array, None is left out."""
        return post(self.emulator, self._form(content, action=action, **parameters))

    def rows(self, content: str, **parameters: object) -> Any:  # noqa: ANN401 - whatever json holds
        """Export and decode; fails on a refusal."""
        response = post(self.emulator, self._form(content, **parameters))
        assert response.status_code == 200, response.text
        return response.json()

    def _form(self, content: str, **parameters: object) -> dict[str, object]:
        return {"token": self.token, "content": content, "format": "json", **parameters}

    def of(self, username: str) -> Project:
        """Return the same project seen with another user's token, who is added without rights."""
        token = admin.token(self.emulator.store, self.emulator.server, self.project_id, username)
        return Project(self.emulator, self.project_id, token)

    def status(self, wanted: str) -> None:
        """Move the project to a status."""
        admin.status(self.emulator.store, self.emulator.server, self.project_id, wanted)


def post(emulator: Emulator, parameters: Mapping[str, object]) -> requests.Response:
    """Send a form to the API; `file` is (name, bytes, type) and makes it multipart."""
    form: list[tuple[str, str]] = []
    files = {}
    for name, value in parameters.items():
        if name == "file" and isinstance(value, tuple):
            files[name] = value
        elif isinstance(value, list | tuple):
            form += [(f"{name}[{index}]", str(item)) for index, item in enumerate(value)]
        elif value is not None:
            form.append((name, str(value)))
    return requests.post(emulator.url, data=form, files=files or None, timeout=PATIENCE)


def new_project(
    emulator: Emulator, title: str = "A study", username: str = "jdoe", **attributes: str | int
) -> Project:
    """Create a project; `jdoe` is its creator, with a creator's rights."""
    project_id, token = admin.create_project(
        emulator.store, emulator.server, title, username, attributes
    )
    return Project(emulator, project_id, token)


def new_longitudinal(emulator: Emulator) -> Project:
    """Create a project with arm 1 `Arm 1` and its events Event 1 (seeded) and Event 2.

    The one form, form_1, is designated to Event 1 alone. Written past the API on purpose: the
    tests of the methods that write arms and events must not rest on themselves.
    """
    project = new_project(emulator, is_longitudinal=1)
    with emulator.store.transaction() as db:
        db.execute(
            "INSERT INTO events (project_id, arm_num, name, unique_name, day_offset)"
            " VALUES (?, 1, 'Event 2', 'event_2_arm_1', 2)",
            (project.project_id,),
        )
    return project
