"""Who is in which Data Access Group: content `userDagMapping`.

The group's column has another name here than in the user methods (recorded).
"""

from __future__ import annotations

from redcap_iac.emulator import log, payload, people
from redcap_iac.emulator.registry import API_EXPORT, API_IMPORT, method
from redcap_iac.emulator.request import Context
from redcap_iac.emulator.wire import Count, Rows

_COLUMN = "redcap_data_access_group"


@method(
    "userDagMapping",
    "export",
    "Export User-DAG Assignments",
    API_EXPORT,
    "data_access_groups",
)
def export_dag_assignments(context: Context) -> Rows:
    """Answer every user of the project with their present group, `""` for none (recorded)."""
    dags = people.dag_names(context.db, context.project_id)
    rows = [
        {"username": user.username, _COLUMN: dags[user.dag_id]}
        for user in people.users(context.db, context.project_id)
    ]
    log.design(context, "Export User-DAG assignments (API)")
    return Rows(("username", _COLUMN), rows, root="items")


@method(
    "userDagMapping",
    "import",
    "Import User-DAG Assignments",
    API_IMPORT,
    "data_access_groups",
)
def import_dag_assignments(context: Context) -> Count:
    """Put users into groups, members of roles too; a blank or absent group is none (recorded).

    Answers how many rows came, changed or not (recorded). Rights are not touched.
    """
    rows = people.imported(context)
    faults: list[str] = []
    names = people.usernames(rows, faults)
    users = people.users_by_name(context.db, context.project_id)
    dag_ids = people.dag_ids(context.db, context.project_id)
    wanted: list[tuple[str, int | None]] = []
    for name, row in zip(names, rows, strict=True):
        dag = people.text(row, _COLUMN)
        if name and name.casefold() not in users:
            faults.append(people.unknown_user(name))
        if dag and dag not in dag_ids:
            faults.append(people.unknown_dag(dag, name))
        wanted.append((name, dag_ids.get(dag)))
    payload.refuse_all(faults)
    for name, dag_id in wanted:
        people.set_dag(context, name, dag_id)
    log.design(context, "Import User-DAG assignments (API)")
    return Count(len(rows))
