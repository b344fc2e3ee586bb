"""What is made on REDCap's pages alone and shows in project XMLs: alerts, rules, invitations.

An emulator needs no more of them than their text: whoever removes a field wants to know who names
it. Spellings of groups, elements and attributes are recorded; attributes that hold neither name
nor text are left out.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from redcap_iac.emulator.odm.text import attributes

#: Where `projects.extras` keeps them.
EXTRAS_KEY = "page_only"


@dataclass(frozen=True, slots=True)
class Kind:
    """How a kind stands in a project XML: its group, its element, its attributes.

    `name` and `text` are the attributes the two go to, `fixed` come with every one, `order` counts
    them.
    """

    group: str
    element: str
    name: str
    text: str
    fixed: tuple[tuple[str, str], ...] = ()
    order: str = ""


KINDS: Mapping[str, Kind] = {
    "alert": Kind(
        "AlertsGroup",
        "Alerts",
        "alert_title",
        "alert_message",
        (("alert_type", "EMAIL"), ("email_deleted", "0")),
        "alert_order",
    ),
    "quality-rule": Kind(
        "DataQualityRulesGroup",
        "DataQualityRules",
        "rule_name",
        "rule_logic",
        (("real_time_execute", "0"),),
        "rule_order",
    ),
    "invitation": Kind(
        "SurveysSchedulerGroup",
        "SurveysScheduler",
        "survey_id",
        "condition_logic",
        (("active", "1"), ("event_id", "")),
    ),
    "queue": Kind(
        "SurveysQueueGroup",
        "SurveysQueue",
        "survey_id",
        "condition_logic",
        (("active", "1"), ("event_id", "")),
    ),
    "display-logic": Kind(
        "FormDisplayLogicConditionsGroup",
        "FormDisplayLogicConditions",
        "forms_events",
        "control_condition",
    ),
    "survey": Kind("SurveysGroup", "Surveys", "form_name", "instructions"),
    "report": Kind("ReportsGroup", "Reports", "title", "redcap_reports_fields", (), "report_order"),
}


def add(db: sqlite3.Connection, project_id: int, kind: str, name: str, text: str) -> None:
    """Keep one more of a kind."""
    row = db.execute("SELECT extras FROM projects WHERE project_id = ?", (project_id,)).fetchone()
    extras = json.loads(row["extras"])
    extras.setdefault(EXTRAS_KEY, []).append([kind, name, text])
    db.execute(
        "UPDATE projects SET extras = ? WHERE project_id = ?",
        (json.dumps(extras, ensure_ascii=False), project_id),
    )


def joined(db: sqlite3.Connection, project_id: int, texts: Mapping[str, str]) -> dict[str, str]:
    """Return the texts of a project XML's groups with the elements made on pages put in, last.

    Reports made by an administrator's command are among them.
    """
    found = dict(texts)
    for group, elements in _elements(db, project_id, texts).items():
        ending = f"</redcap:{group}>"
        before = found.get(group, "").removesuffix(ending) or f"<redcap:{group}>"
        found[group] = f"{before}{elements}{ending}"
    return found


def _elements(db: sqlite3.Connection, project_id: int, texts: Mapping[str, str]) -> dict[str, str]:
    written: dict[str, str] = {}
    for kind, name, text in _kept(db, project_id):
        how = KINDS[kind]
        there = texts.get(how.group, "") + written.get(how.group, "")
        pairs = [(how.name, name), (how.text, text), *how.fixed]
        if how.order:
            pairs.append((how.order, str(there.count(f"<redcap:{how.element} ") + 1)))
        element = f"<redcap:{how.element}{attributes(pairs)}/>"
        written[how.group] = written.get(how.group, "") + element
    return written


def _kept(db: sqlite3.Connection, project_id: int) -> list[tuple[str, str, str]]:
    row = db.execute("SELECT extras FROM projects WHERE project_id = ?", (project_id,)).fetchone()
    kept = [
        (kind, name, text) for kind, name, text in json.loads(row["extras"]).get(EXTRAS_KEY, [])
    ]
    reports = db.execute(
        "SELECT title, fields FROM reports WHERE project_id = ? ORDER BY report_id", (project_id,)
    )
    made = [("report", row["title"], ",".join(json.loads(row["fields"]))) for row in reports]
    return kept + made
