"""Who is in a project, as several resources read it: users, groups, roles, rows naming them."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from redcap_iac.emulator.errors import ApiFault
from redcap_iac.emulator.request import Context
from redcap_iac.emulator.wire import Cell, Row, decode


@dataclass(frozen=True, slots=True)
class Dag:
    """A Data Access Group."""

    dag_id: int
    name: str
    unique_name: str


@dataclass(frozen=True, slots=True)
class Role:
    """A user role without its rights."""

    role_id: int
    label: str
    unique_name: str


@dataclass(frozen=True, slots=True)
class User:
    """A user of the project, by the name first given, with what they are assigned to."""

    username: str
    dag_id: int | None
    role_id: int | None


def dags(db: sqlite3.Connection, project_id: int) -> tuple[Dag, ...]:
    """Return the groups of a project, oldest first."""
    rows = db.execute("SELECT * FROM dags WHERE project_id = ? ORDER BY dag_id", (project_id,))
    return tuple(Dag(row["dag_id"], row["name"], row["unique_name"]) for row in rows)


def roles(db: sqlite3.Connection, project_id: int) -> tuple[Role, ...]:
    """Return the roles of a project, oldest first."""
    rows = db.execute("SELECT * FROM roles WHERE project_id = ? ORDER BY role_id", (project_id,))
    return tuple(Role(row["role_id"], row["label"], row["unique_name"]) for row in rows)


def users(db: sqlite3.Connection, project_id: int) -> tuple[User, ...]:
    """Return the users of a project, its creator first."""
    rows = db.execute(
        "SELECT * FROM users WHERE project_id = ? ORDER BY position, username", (project_id,)
    )
    return tuple(User(row["username"], row["dag_id"], row["role_id"]) for row in rows)


def users_by_name(db: sqlite3.Connection, project_id: int) -> dict[str, User]:
    """Return the users of a project by their folded names: case does not tell users apart."""
    return {user.username.casefold(): user for user in users(db, project_id)}


def dag_ids(db: sqlite3.Connection, project_id: int) -> dict[str, int]:
    """Return the ids of the groups by unique name; `""`, no group, is not among them."""
    return {dag.unique_name: dag.dag_id for dag in dags(db, project_id)}


def dag_names(db: sqlite3.Connection, project_id: int) -> dict[int | None, str]:
    """Return the unique names of the groups by id, and `""` for None."""
    return {None: "", **{dag.dag_id: dag.unique_name for dag in dags(db, project_id)}}


def text(row: Row, column: str) -> str:
    """Return a cell without outer blanks; an absent one is empty."""
    cell = row.get(column)
    return "" if cell is None else str(cell).strip()


def imported(context: Context) -> list[dict[str, Cell]]:
    """Return the rows of the payload; csv is always comma-separated here (recorded)."""
    return decode(context.request.text("data"), context.request.format)


def usernames(rows: Sequence[Row], faults: list[str]) -> tuple[str, ...]:
    """Return the username of each row; a missing one or a second row for one is a fault.

    Duplicates are documented as an error; the words are inferred.
    """
    names = tuple(text(row, "username") for row in rows)
    seen: set[str] = set()
    for number, name in enumerate(names, start=1):
        if not name:
            faults.append(f"Row {number} has no username.")
        elif name.casefold() in seen:
            faults.append(f'The username "{name}" appears more than once.')
        seen.add(name.casefold())
    return names


def to_delete(context: Context, parameter: str) -> tuple[str, ...]:
    """Return the names a delete call lists, each once; listing none is refused (inferred words)."""
    names = tuple(dict.fromkeys(context.request.array(parameter)))
    if not names:
        raise ApiFault(
            f'The "{parameter}" parameter must be provided as an array of one or more values.'
        )
    return names


def set_dag(context: Context, username: str, dag_id: int | None) -> None:
    """Put a user into a group, or into none."""
    context.db.execute(
        "UPDATE users SET dag_id = ? WHERE project_id = ? AND username = ?",
        (dag_id, context.project_id, username),
    )


def unknown_dag(name: str, username: str) -> str:
    """Return the fault of a row that names a group the project does not have (inferred words)."""
    return (
        f'The Data Access Group "{name}" of the user "{username}" does not exist in this project.'
    )


def unknown_user(username: str) -> str:
    """Return the fault of an assignment for somebody outside the project (inferred words)."""
    return f'The user "{username}" does not exist in this project.'
