"""How REDCap's refusals look, and calls that are to be refused."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from xml.sax.saxutils import escape

import requests

from redcap_iac.emulator.server import Emulator
from tests.emulator.served import Project, post

FORMATS = ("csv", "json", "xml")
#: A call on a project, answered in a format.
Call = Callable[[Project, str], requests.Response]


def envelope(text: str, form: str) -> str:
    """Return the body of a refusal as recorded for each format."""
    if form == "json":
        return json.dumps({"error": text}, separators=(",", ":"))
    if form == "csv":
        return f"ERROR: {text}"
    head = '<?xml version="1.0" encoding="UTF-8" ?>'
    return f"{head}<hash><error>{escape(text)}</error></hash>"


def asking(content: str, action: str | None = None, **parameters: object) -> Call:
    """Return a call with json data whose refusal is asked for in a format."""

    def call(project: Project, form: str) -> requests.Response:
        return project.post(content, action, returnFormat=form, **parameters)

    return call


def importing(content: str, *rows: Mapping[str, object]) -> Call:
    return asking(content, "import", data=json.dumps(rows))


def create(emulator: Emulator, form: str, item: Mapping[str, object]) -> requests.Response:
    data = json.dumps([item])
    asked = {"token": emulator.super_token, "content": "project", "format": "json"}
    return post(emulator, {**asked, "returnFormat": form, "data": data})
