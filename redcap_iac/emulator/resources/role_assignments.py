"""Who is in which role: content `userRoleMapping`."""

from __future__ import annotations

from dataclasses import dataclass

from redcap_iac.emulator import log, payload, people
from redcap_iac.emulator.registry import API_EXPORT, API_IMPORT, method
from redcap_iac.emulator.request import Context
from redcap_iac.emulator.versions import ROLE_MAPPING_DAG
from redcap_iac.emulator.wire import Count, Row, Rows


@dataclass(frozen=True, slots=True)
class _Wanted:
    username: str
    role_id: int | None
    dag_id: int | None


def _knows_dags(context: Context) -> bool:
    return context.server.settings.version >= ROLE_MAPPING_DAG


@method("userRoleMapping", "export", "Export User-Role Assignments", API_EXPORT, "user_rights")
def export_role_assignments(context: Context) -> Rows:
    """Answer every user of the project, those without a role too (recorded)."""
    roles = {role.role_id: role.unique_name for role in _roles(context)}
    dags = people.dag_names(context.db, context.project_id)
    rows = [
        {
            "username": user.username,
            "unique_role_name": "" if user.role_id is None else roles[user.role_id],
            "data_access_group": dags[user.dag_id],
        }
        for user in people.users(context.db, context.project_id)
    ]
    log.design(context, "Export user role assignments (API)")
    dag_column = ("data_access_group",) if _knows_dags(context) else ()
    return Rows(("username", "unique_role_name", *dag_column), rows, root="items")


def _roles(context: Context) -> tuple[people.Role, ...]:
    return people.roles(context.db, context.project_id)


@method("userRoleMapping", "import", "Import User-Role Assignments", API_IMPORT, "user_rights")
def import_role_assignments(context: Context) -> Count:
    """Put users into roles; a blank or absent role takes them out (documented).

    A user's own rights stay stored underneath and come back (recorded). Answers how many rows
    came, changed or not (recorded). Users not named are untouched.
    """
    rows = people.imported(context)
    faults: list[str] = []
    names = people.usernames(rows, faults)
    users = people.users_by_name(context.db, context.project_id)
    wanted: list[_Wanted] = []
    for name, row in zip(names, rows, strict=True):
        user = users.get(name.casefold())
        if user is not None:
            wanted.append(_wanted(context, user, row, faults))
        elif name:
            faults.append(people.unknown_user(name))
    payload.refuse_all(faults)
    for assignment in wanted:
        context.db.execute(
            "UPDATE users SET role_id = ?, dag_id = ? WHERE project_id = ? AND username = ?",
            (assignment.role_id, assignment.dag_id, context.project_id, assignment.username),
        )
    log.design(context, "Import User-Role assignments (API)")
    return Count(len(rows))


def _wanted(context: Context, user: people.User, row: Row, faults: list[str]) -> _Wanted:
    unique_name = people.text(row, "unique_role_name")
    role_ids = {role.unique_name: role.role_id for role in _roles(context)}
    if unique_name and unique_name not in role_ids:
        faults.append(
            f'The unique role name "{unique_name}" of the user "{user.username}" does not exist'
            " in this project."
        )
    return _Wanted(user.username, role_ids.get(unique_name), _dag(context, user, row, faults))


def _dag(context: Context, user: people.User, row: Row, faults: list[str]) -> int | None:
    """An omitted group clears or keeps it (not recorded; switch `mapping_without_dag`)."""
    keeps = context.switch("mapping_without_dag", "keep")
    if not _knows_dags(context) or ("data_access_group" not in row and keeps):
        return user.dag_id
    name = people.text(row, "data_access_group")
    found = people.dag_ids(context.db, context.project_id).get(name)
    if name and found is None:
        faults.append(people.unknown_dag(name, user.username))
    return found
