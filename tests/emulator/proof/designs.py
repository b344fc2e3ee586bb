"""Short ways to bring a design to a project and to read it back."""

from __future__ import annotations

import json

from redcap_iac.emulator.server import Emulator
from tests.emulator.served import Project, new_project

FORMATS = ("csv", "json", "xml")
ARMS = [{"arm_num": number, "name": f"Arm {number}"} for number in (1, 2, 3)]
EVENTS = [{"event_name": "Event 1", "arm_num": number} for number in (1, 2, 3)]
EVENT_NAMES = [f"event_1_arm_{number}" for number in (1, 2, 3)]


def number_of(project: Project, content: str, *rows: object, **parameters: object) -> int:
    """Import rows and return the count, which is bare in json."""
    answer = project.post(content, "import", data=json.dumps(rows), **parameters)
    assert answer.status_code == 200, answer.text
    counted: int = answer.json()
    return counted


def flag(project: Project) -> int:
    shown: int = project.rows("project")["is_longitudinal"]
    return shown


def three_arms(emulator: Emulator) -> Project:
    """Three arms with an event each, brought while the project was classic, the flag set last."""
    project = new_project(emulator)
    assert number_of(project, "arm", *ARMS, override=1) == 3
    assert number_of(project, "event", *EVENTS, override=1) == 3
    assert flag(project) == 0
    assert number_of(project, "project_settings", {"is_longitudinal": 1}) == 1
    return project
