"""Every side of every switch shows over HTTP: one table of what a client sees on each."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from redcap_iac.emulator import draft
from redcap_iac.emulator.request import Server
from redcap_iac.emulator.store import Store
from redcap_iac.emulator.switches import SWITCHES
from tests.emulator.access import accept, add_record, assignment, join, make_dags, make_role
from tests.emulator.conftest import MakeEmulator
from tests.emulator.designing import RECORD_ID, Row, field, grant, put, sent, unique_names
from tests.emulator.drafting.production import (
    CHOICES,
    FIELDS,
    PAIN,
    drafted,
    in_production,
    submitted,
    summary,
)
from tests.emulator.served import Project, new_project

REFUSED, DONE = 400, 200


def two_events(project: Project) -> None:
    """Make a fresh project longitudinal, with Event 1 and Event 2."""
    sent(project, "event", [{"event_name": "Event 2", "arm_num": 1}])
    sent(project, "project_settings", [{"is_longitudinal": 1}])


def rename_event(project: Project) -> object:
    """Return the unique name of an event that was renamed."""
    two_events(project)
    row: Row = {"unique_event_name": "event_1_arm_1", "event_name": "Baseline", "arm_num": 1}
    sent(project, "event", [row])
    return unique_names(project)[0]


def set_the_flag(project: Project) -> object:
    """Return how a project with the flag and one event reads."""
    sent(project, "project_settings", [{"is_longitudinal": 1}])
    return project.rows("project")["is_longitudinal"]


def delete_role(project: Project) -> object:
    """Return what deleting a role with a member answers."""
    unique = make_role(project, "Nurse")
    accept(project, "user", {"username": "akim"})
    join(project, "akim", unique)
    return project.post("userRole", "delete", roles=[unique]).status_code


def delete_group(project: Project) -> object:
    """Return what deleting a group with a record answers."""
    make_dags(project, "Lyon")
    add_record(project, "lyon")
    return project.post("dag", "delete", dags=["lyon"]).status_code


def in_lyon(project: Project) -> None:
    """Put a user into a group."""
    make_dags(project, "Lyon")
    accept(project, "user", {"username": "akim", "data_access_group": "lyon"})


def import_user(project: Project) -> object:
    """Return the group of a user imported again without one."""
    in_lyon(project)
    accept(project, "user", {"username": "akim", "design": 1})
    return assignment(project, "akim")["data_access_group"]


def assign_role(project: Project) -> object:
    """Return the group of a user whose role assignment came without one."""
    in_lyon(project)
    join(project, "akim", make_role(project, "Nurse"))
    return assignment(project, "akim")["data_access_group"]


def write_in_production(project: Project) -> object:
    """Return what the four additive writes answer in production."""
    two_events(project)
    project.status("production")
    arm, event = {"arm_num": 2, "name": "B"}, {"event_name": "New", "arm_num": 1}
    designated = {"arm_num": 1, "unique_event_name": "event_1_arm_1", "form": "form_1"}
    repeating = {"event_name": "event_1_arm_1", "form_name": "form_1"}
    rows = {
        "arm": arm,
        "event": event,
        "formEventMapping": designated,
        "repeatingFormsEvents": repeating,
    }
    return {
        project.post(content, "import", data=json.dumps([row])).status_code
        for content, row in rows.items()
    }


def delete_user(project: Project) -> object:
    """Return what deleting a user answers to one without the Delete Record right."""
    accept(project, "user", {"username": "akim"})
    return project.post("user", "delete", users=["akim"]).status_code


def import_sql(project: Project) -> object:
    """Return what a dictionary with sql answers to an administrator and to anybody."""
    column = "select_choices_or_calculations"
    rows = json.dumps([RECORD_ID, field("site", kind="sql", **{column: "select 1"})])
    admin = grant(project, "admin", api_import=1, design=1)
    return [one.post("metadata", data=rows).status_code for one in (admin, project)]


def reimport_dictionary(project: Project) -> object:
    """Return the label an instrument has after its dictionary was imported again."""
    with project.emulator.store.transaction() as db:
        db.execute("UPDATE forms SET label = 'Consent'")
    sent(project, "metadata", [RECORD_ID])
    return project.rows("instrument")[0]["instrument_label"]


def import_stranger(project: Project) -> object:
    """Return what importing a username without an account answers."""
    return project.post("user", "import", data='[{"username":"nobody"}]').status_code


def draft_fields(project: Project) -> object:
    """Return what becomes of three drafts: a home phone added, a choice added, a field deleted.

    Each is of a project without records, but for a fourth: the deleted field with a record.
    """
    others = [new_project(project.emulator) for _ in range(3)]
    more = {**PAIN, CHOICES: "9, None | 100, Some | 99, Refused | 101, Much"}
    outcomes = [
        submitted(in_production(project), [*FIELDS, field("home_phone")]),
        submitted(in_production(others[0]), [RECORD_ID, more, *FIELDS[2:]]),
        submitted(in_production(others[1]), FIELDS[:-1]),
    ]
    put(in_production(others[2]), "1", "pain", "100")
    return [*outcomes, submitted(others[2], FIELDS[:-1])]


def draft_phone(project: Project) -> object:
    """Return what becomes of a draft with a new telephone number where additions pass."""
    server = project.emulator.server
    chosen = (*server.settings.chosen, ("auto_approval", "unmodified"))
    lenient = replace(server, settings=replace(server.settings, chosen=chosen))
    drafted(in_production(project), [*FIELDS, field("home_phone")])
    return draft.submit(project.emulator.store, lenient, project.project_id, "jdoe")


def draft_dropdown(project: Project) -> object:
    """Return whether a radio that turns into a dropdown is a critical issue."""
    drafted(in_production(project), [RECORD_ID, {**PAIN, "field_type": "dropdown"}, *FIELDS[2:]])
    return summary(project).critical


def add_arm_on_page(project: Project) -> object:
    """Return whether a user adds an arm on its page in production."""
    return on_page(project, draft.upload_arms, "arm_num,name\n2,Placebo\n")


def repeat_on_page(project: Project) -> object:
    """Return whether a user makes an instrument repeat on its page in production."""
    return on_page(project, draft.set_repeating, "form_name\nform_1\n")


def on_page(
    project: Project, act: Callable[[Store, Server, int, str, str], int], text: str
) -> bool:
    project.status("production")
    emulator = project.emulator
    try:
        act(emulator.store, emulator.server, project.project_id, "jdoe", text)
    except draft.DraftError:
        return False
    return True


A, R = "automatic", "review"

SIDES: Mapping[str, tuple[Callable[[Project], object], Mapping[str, object]]] = {
    "event_rename": (rename_event, {"regenerate": "baseline_arm_1", "keep": "event_1_arm_1"}),
    "one_event_longitudinal": (set_the_flag, {"classic": 0, "longitudinal": 1}),
    "role_delete_with_members": (delete_role, {"refuse": REFUSED, "detach": DONE}),
    "dag_delete_with_records": (delete_group, {"refuse": REFUSED, "unassign": DONE}),
    "user_import_without_dag": (import_user, {"clear": "", "keep": "lyon"}),
    "mapping_without_dag": (assign_role, {"clear": "", "keep": "lyon"}),
    "production_additive_writes": (write_in_production, {"refuse": {REFUSED}, "allow": {DONE}}),
    "delete_users_needs_record_delete": (delete_user, {"on": 403, "off": DONE}),
    "sql_rows": (
        import_sql,
        {
            "administrators": [DONE, REFUSED],
            "refuse": [REFUSED, REFUSED],
            "accept": [DONE, DONE],
        },
    ),
    "instrument_label_on_reimport": (
        reimport_dictionary,
        {"kept": "Consent", "reset": "Form 1"},
    ),
    "auto_approval": (
        draft_fields,
        {
            "never": [R, R, R, R],
            "unmodified": [A, R, R, R],
            "norecords_or_unmodified": [A, A, A, R],
            "nocritical": [A, A, R, R],
            "norecords_or_nocritical": [A, A, A, R],
        },
    ),
    "approval_identifiers": (
        draft_phone,
        {"ignore": A, "review": R},
    ),
    "draft_radio_dropdown": (draft_dropdown, {"critical": 1, "safe": 0}),
    "production_events": (add_arm_on_page, {"admins": False, "users": True}),
    "production_repeating": (repeat_on_page, {"allow": True, "deny": False}),
    "strict_accounts": (import_stranger, {"off": DONE, "on": REFUSED}),
}


def test_the_table_has_every_side_of_every_switch() -> None:
    shown = {name: set(sides) for name, (_, sides) in SIDES.items()}
    assert shown == {switch.name: set(switch.values) for switch in SWITCHES}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, (_, sides) in SIDES.items() for value in sides]
)
def test_a_side_of_a_switch_shows(make_emulator: MakeEmulator, name: str, value: str) -> None:
    act, sides = SIDES[name]
    assert act(new_project(make_emulator(**{name: value}))) == sides[value]
