"""The access matrix: who may do what, role by role, instrument by instrument, person by person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from redcap_iac.calls import Key
from redcap_iac.design import Design
from redcap_iac.kinds import kind_named
from redcap_iac.kinds.grants import ALL, Grants
from redcap_iac.kinds.people import folded
from redcap_iac.kinds.rights import GRANTED, NONE, NOT_GRANTED, RIGHTS
from redcap_iac.views.docs.links import anchor_of_form, titles_of_forms
from redcap_iac.views.printable import printable

#: Levels as REDCap's page of user rights words them (knowledge base).
_WORDS = {
    NONE: "none",
    GRANTED: "yes",
    NOT_GRANTED: "",
    "read_only": "read only",
    "edit": "view & edit",
    "edit, survey_responses": "view & edit, survey responses",
    "edit, delete": "view & edit, delete",
    "edit, survey_responses, delete": "view & edit, survey responses, delete",
    "deidentified": "de-identified",
    "no_identifiers": "identifiers removed",
    "full": "full",
    "lock": "lock",
    "sign": "lock with e-signature",
}


@dataclass(frozen=True, slots=True)
class Holder:
    """A role, or somebody with rights of their own."""

    name: str
    grants: Grants
    people: int
    is_role: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """One right, or one instrument, and what each holder has of it."""

    name: str
    cells: tuple[str, ...]
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """One user."""

    username: str
    access: str
    dag: str
    expires: str


@dataclass(frozen=True, slots=True)
class Matrix:
    """Everything about access; `people` is empty where names are not to be told."""

    holders: tuple[Holder, ...]
    rights: tuple[Row, ...]
    viewing: tuple[Row, ...]
    exporting: tuple[Row, ...]
    people: tuple[Person, ...]
    dags: tuple[tuple[str, int], ...]


def matrix(design: Design, *, public: bool) -> Matrix | None:
    """Return the matrix, None where the design manages neither roles nor users.

    `public` leaves people out: their rights of their own, their names, when their access ends.
    """
    if "roles" not in design.state and "users" not in design.state:
        return None
    members = _members(design)
    to = [] if public else list(members.values())
    holders = [
        Holder(printable(role.handle or role.label), role.grants, to.count(role.unique_name))
        for role in design.roles
    ]
    if not public:
        holders += [
            Holder(printable(user.username), user.grants, 1, is_role=False)
            for user in design.users
            if user.grants is not None
        ]
    return Matrix(
        tuple(holders),
        tuple(_rights(holders)),
        _by_instrument(design, holders, "instruments"),
        _by_instrument(design, holders, "export"),
        () if public else _people(design, members),
        _dags(design),
    )


def _members(design: Design) -> Mapping[str, Key]:
    """Return the unique name of everybody's role by username."""
    found = kind_named("role_assignments").items(design.state)
    return {folded(one.username): one.to for one in found}


def _rights(holders: list[Holder]) -> list[Row]:
    """Return the rights anybody has, in the order of REDCap's export."""
    tables = [dict(holder.grants.rights) for holder in holders]
    rows = []
    for right in RIGHTS:
        cells = tuple(_word(table.get(right.name, right.levels[0])) for table in tables)
        if any(cell not in ("", "none") for cell in cells):
            rows.append(Row(right.label, tuple("" if cell == "none" else cell for cell in cells)))
    return rows


def _by_instrument(design: Design, holders: list[Holder], part: str) -> tuple[Row, ...]:
    tables = [dict(getattr(holder.grants, part)) for holder in holders]
    titles = titles_of_forms(design)
    return tuple(
        Row(
            titles[name],
            tuple(_word(str(table.get(name, table.get(ALL, NONE)))) for table in tables),
            anchor_of_form(name),
        )
        for name in design.instruments
    )


def _people(design: Design, members: Mapping[str, Key]) -> tuple[Person, ...]:
    roles = {role.unique_name: role.handle or role.label for role in design.roles}
    groups = {dag.unique_name: dag.name for dag in design.dags}
    in_group: Mapping[str, Key] = {
        folded(one.username): one.to for one in kind_named("dag_assignments").items(design.state)
    }
    people = []
    for user in design.users:
        name = folded(user.username)
        role = roles.get(members.get(name, ""), "no role")
        people.append(
            Person(
                printable(user.username),
                "own rights" if user.grants is not None else printable(role),
                printable(groups.get(in_group.get(name, ""), "")),
                printable(user.expiration or ""),
            )
        )
    return tuple(people)


def _dags(design: Design) -> tuple[tuple[str, int], ...]:
    to = [one.to for one in kind_named("dag_assignments").items(design.state)]
    return tuple((printable(dag.name), to.count(dag.unique_name)) for dag in design.dags)


def _word(level: str) -> str:
    return _WORDS.get(level, printable(level))
