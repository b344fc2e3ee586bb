"""What others do meanwhile: to records, to the dictionary, to events, to access, to the project."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tests.emulator.served import Project
from tests.end_to_end.campaign.design import Stored

#: Who comes new, and what they are given.
NEWCOMER, NEW_CODE, OTHER_CODE = "8", "70001", "70002"
_CHANGED = ("1", "week_5_arm_1", 1, "zip_code")


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody's act on a project, and what is said when it was undone by the disturbed run.

    `values` are what has to be there in the end, and `instead` where it takes another's place.
    """

    act: Callable[[Project], None]
    undone: Callable[[Project], str] = lambda _: ""
    values: frozenset[Stored] = frozenset()
    instead: tuple[str, str, int, str] | None = None


def _import(project: Project, content: str, rows: object) -> None:
    project.post(content, action="import", data=json.dumps(rows)).raise_for_status()


def _put_code(project: Project, record: str, code: str) -> None:
    """Type a postal code where it is typed at this moment: under the old name while it is there."""
    forms = {row["field_name"]: row["form_name"] for row in project.rows("metadata")}
    name = "postal" if "postal" in forms else "zip_code"
    events = [row["unique_event_name"] for row in project.rows("event")]
    event = "week_4_arm_1" if "week_4_arm_1" in events else "week_5_arm_1"
    row = {
        "record_id": record,
        "redcap_event_name": event,
        "redcap_repeat_instrument": forms[name],
        "redcap_repeat_instance": "1",
        name: code,
    }
    _import(project, "record", [row])


def _edit_dictionary(project: Project) -> None:
    rows = project.rows("metadata")
    for row in rows:
        row["field_note"] = "seen" if row["field_name"] == "mood" else row["field_note"]
    _import(project, "metadata", rows)


def _dictionary_undone(project: Project) -> str:
    notes = {row["field_name"]: row["field_note"] for row in project.rows("metadata")}
    return "" if notes["mood"] == "seen" else "somebody else's dictionary change was overwritten"


def _add_event(project: Project) -> None:
    _import(project, "event", [{"event_name": "Extra", "arm_num": 2}])


def _event_undone(project: Project) -> str:
    names = {row["event_name"] for row in project.rows("event")}
    return "" if "Extra" in names else "somebody else's new event was deleted"


def _add_user(project: Project) -> None:
    _import(project, "user", [{"username": "zoe", "expiration": "2027-01-31"}])


def _user_undone(project: Project) -> str:
    names = {row["username"] for row in project.rows("user")}
    return "" if "zoe" in names else "somebody else's new user was deleted"


def _narrow_role(project: Project) -> None:
    rows = [row for row in project.rows("userRole") if row["role_label"] == "Data entry"]
    for row in rows:
        row["record_create"] = 0
    _import(project, "userRole", rows)


def _to_production(project: Project) -> None:
    project.status("production")


OTHERS: Mapping[str, Other] = {
    "a record is added": Other(
        lambda project: _put_code(project, NEWCOMER, NEW_CODE),
        values=frozenset({(NEWCOMER, "week_5_arm_1", 1, "zip_code", NEW_CODE)}),
    ),
    "a value is changed": Other(
        lambda project: _put_code(project, "1", OTHER_CODE),
        values=frozenset({(*_CHANGED, OTHER_CODE)}),
        instead=_CHANGED,
    ),
    "the dictionary is edited": Other(_edit_dictionary, _dictionary_undone),
    "an event is added": Other(_add_event, _event_undone),
    "a user is added": Other(_add_user, _user_undone),
    "a role is narrowed": Other(_narrow_role),
    "moved to production": Other(_to_production),
}


def equal_codes(project: Project) -> None:
    """Do as a person told of two different codes: keep the one typed last, under both names."""
    forms = {row["field_name"]: row["form_name"] for row in project.rows("metadata")}
    if {"postal", "zip_code"} <= forms.keys():
        row = {
            "record_id": "1",
            "redcap_event_name": "week_5_arm_1",
            "redcap_repeat_instrument": forms["zip_code"],
            "redcap_repeat_instance": "1",
            "zip_code": OTHER_CODE,
        }
        _import(project, "record", [row])
