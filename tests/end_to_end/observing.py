"""A project as its exports show it, piece by piece."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.emulator.served import Project

#: A piece of a project: the kind of thing, what tells it from others.
Piece = tuple[str, ...]
View = Mapping[Piece, object]
_PEOPLE_FIXED = ("email", "firstname", "lastname", "data_access_group_id")
_DERIVED = ("creation_time", "has_repeating_instruments_or_events", "project_id")


@dataclass(frozen=True, slots=True)
class Exports:
    """Every export of a project's design and access as decoded JSON; what is refused is empty."""

    metadata: list[dict[str, Any]]
    instrument: list[dict[str, Any]]
    arm: list[dict[str, Any]]
    event: list[dict[str, Any]]
    formEventMapping: list[dict[str, Any]]  # noqa: N815 - REDCap's own words
    repeatingFormsEvents: list[dict[str, Any]]  # noqa: N815
    project: dict[str, Any]
    dag: list[dict[str, Any]]
    userRole: list[dict[str, Any]]  # noqa: N815
    user: list[dict[str, Any]]
    userRoleMapping: list[dict[str, Any]]  # noqa: N815
    userDagMapping: list[dict[str, Any]]  # noqa: N815

    def text(self, *contents: str) -> str:
        """Return exports as one text: equal means not a byte differs."""
        return json.dumps([getattr(self, content) for content in contents])


def exports(project: Project) -> Exports:
    """Ask for every export."""
    found: dict[str, Any] = {}
    for content in Exports.__slots__:
        answer = project.post(content)
        found[content] = answer.json() if answer.status_code == 200 else []
    return Exports(**found)


def view(seen: Exports) -> View:
    """Return the pieces; events by id and DAGs by id, so that a rename is a difference of one."""
    pieces: dict[Piece, object] = {}
    for row in seen.metadata:
        pieces["field", row["field_name"]] = row
    for row in seen.arm:
        pieces["arm", str(row["arm_num"])] = row
    ids = {row["unique_event_name"]: str(row["event_id"]) for row in seen.event}
    for row in seen.event:
        pieces["event", str(row["event_id"])] = row
    for row in seen.formEventMapping:
        pieces["designation", ids[row["unique_event_name"]], row["form"]] = True
    for row in seen.repeatingFormsEvents:
        key = (ids.get(row.get("event_name", ""), ""), row["form_name"])
        pieces["repeat", *key] = row["custom_form_label"]
    for name, value in seen.project.items():
        if name not in _DERIVED:
            pieces["project", name] = value
    pieces.update(_access(seen))
    return pieces


def _access(seen: Exports) -> Iterator[tuple[Piece, object]]:
    dags = {row["unique_group_name"]: str(row["data_access_group_id"]) for row in seen.dag}
    roles = {row["username"]: row["unique_role_name"] for row in seen.userRoleMapping}
    for row in seen.dag:
        yield ("dag", str(row["data_access_group_id"])), row
    for row in seen.userRole:
        yield ("role", row["unique_role_name"]), row
    for row in seen.userRoleMapping:
        yield ("user_role", row["username"]), row["unique_role_name"]
    for row in seen.userDagMapping:
        yield ("user_dag", row["username"]), dags.get(row["redcap_data_access_group"], "")
    for row in seen.user:
        own = {name: cell for name, cell in row.items() if not name.startswith("data_access_group")
               and name not in _PEOPLE_FIXED} | {"managing": row["data_access_groups"]}  # fmt: skip
        if roles.get(row["username"]):
            own = {"expiration": row["expiration"]}  # the rest is the role's
        yield ("user", row["username"]), own


def order(seen: Exports) -> tuple[str, ...]:
    """Return the fields in the order of the project."""
    return tuple(row["field_name"] for row in seen.metadata)


def differing(before: View, after: View) -> tuple[Piece, ...]:
    """Return the pieces that came, went or changed."""
    return tuple(p for p in {**before, **after} if before.get(p) != after.get(p))
