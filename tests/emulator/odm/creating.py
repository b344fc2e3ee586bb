"""Create Project from project files and export them, over HTTP."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from typing import Any

import requests

from redcap_iac.emulator.server import Emulator
from tests.emulator.odm.reading import ODM
from tests.emulator.served import Project, post


def creation(emulator: Emulator, odm: str, **attributes: str | int) -> requests.Response:
    """Ask for a project made from a file, as the owner of the super token."""
    item = {"project_title": "A study", "purpose": 0, **attributes}
    data = json.dumps([item])
    form = {"token": emulator.super_token, "content": "project", "format": "json"}
    return post(emulator, {**form, "data": data, "odm": odm})


def created(emulator: Emulator, odm: str, **attributes: str | int) -> Project:
    """Create a project from a file; fails on a refusal."""
    answer = creation(emulator, odm, **attributes)
    assert answer.status_code == 200, answer.text
    token = answer.text
    known = post(emulator, {"token": token, "content": "project", "format": "json"}).json()
    return Project(emulator, known["project_id"], token)


def exported(project: Project, **parameters: object) -> str:
    """Export the project file; fails on a refusal."""
    answer = project.post("project_xml", None, **parameters)
    assert answer.status_code == 200, answer.text
    answer.encoding = "utf-8"
    return answer.text


def root(project: Project, **parameters: object) -> ET.Element:
    """Export the project file and parse it."""
    return ET.fromstring(exported(project, **parameters))


def one(element: ET.Element, name: str, **attributes: str) -> ET.Element:
    """Return the one element of a name whose attributes are these."""
    (found,) = [
        child
        for child in element.iter(ODM + name)
        if all(child.get(key) == value for key, value in attributes.items())
    ]
    return found


def eav(project: Project) -> list[tuple[Any, ...]]:
    """Return the values of a project without the record id's own."""
    rows = project.rows("record", type="eav")
    return [tuple(row.values()) for row in rows if row["field_name"] != "record_id"]
