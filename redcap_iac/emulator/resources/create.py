"""Create Project, by super token."""

from __future__ import annotations

import json
import re

from redcap_iac.emulator import creation, design, log, payload
from redcap_iac.emulator.errors import ApiFault
from redcap_iac.emulator.odm import import_ as odm
from redcap_iac.emulator.registry import SUPER_TOKEN, method
from redcap_iac.emulator.request import Context
from redcap_iac.emulator.resources.project_settings import stored_value
from redcap_iac.emulator.wire import Answer, Text

#: What may be given of a project; anything else is ignored (inferred).
_ALWAYS_FROM_DATA = ("project_title", "purpose", "purpose_other", "project_notes")
_FLAGS = ("is_longitudinal", "surveys_enabled", "record_autonumbering_enabled")
_PURPOSES = ("0", "1", "2", "3", "4")
_TAG = re.compile(r"</?[A-Za-z!][^<>]*>")


@method("project", "create", "Create Project", SUPER_TOKEN, writes=True)
def create_project(context: Context) -> Answer:
    """Create a project for the owner of the super token; the answer is its bare token (recorded).

    With `odm`, the design and the data come from that project XML, title and purpose from
    `data` still (recorded for the title). A refusal leaves no project behind.
    """
    attributes = _attributes(payload.rows(context))
    project_id, token = creation.create(
        context.db, context.server, context.caller.username, attributes
    )
    xml_text = context.request.text("odm")
    if xml_text:
        odm.load(context, project_id, xml_text)
        _keep(context, project_id, attributes)
    log.design(context, "Create project (API)", project_id=project_id)
    return Text(token)


def _attributes(rows: list[payload.TextRow]) -> dict[str, str | int]:
    """Check the one item of the payload; only the text about `purpose_other` is recorded."""
    if len(rows) != 1:
        raise ApiFault("Exactly one project must be provided in the 'data' parameter.")
    row = rows[0]
    faults = []
    title = _TAG.sub("", row.get("project_title", "")).strip()
    if not title:
        faults.append("You must provide some text for 'project_title'.")
    purpose = row.get("purpose", "")
    if purpose not in _PURPOSES:
        faults.append(f"The value of 'purpose' must be one of: {', '.join(_PURPOSES)}.")
    if purpose == "1" and not row.get("purpose_other", "").strip():
        faults.append(
            "You must provide some text for 'purpose_other' since you specified 'purpose' as"
            " '1' (Other)."
        )
    faults += [
        f"The value of '{name}' must be 0 or 1."
        for name in _FLAGS
        if row.get(name, "") not in ("", "0", "1")
    ]
    payload.refuse_all(faults)
    given = {name: row[name] for name in (*_ALWAYS_FROM_DATA, *_FLAGS) if row.get(name)}
    given["project_title"] = title
    return {name: stored_value(name, value) for name, value in given.items()}


def _keep(context: Context, project_id: int, attributes: dict[str, str | int]) -> None:
    """Put what `data` says over what the project XML says; flags come from the XML (inferred)."""
    kept = {name: attributes[name] for name in _ALWAYS_FROM_DATA if name in attributes}
    settings = {**design.settings(context.db, project_id), **kept}
    context.db.execute(
        "UPDATE projects SET settings = ? WHERE project_id = ?",
        (json.dumps(settings, ensure_ascii=False), project_id),
    )
