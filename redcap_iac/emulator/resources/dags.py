"""Data Access Groups: content `dag`.

The unique name follows the label, also when a group is renamed; the id stays (recorded).
"""

from __future__ import annotations

from dataclasses import dataclass

from redcap_iac.emulator import log, names, payload, people
from redcap_iac.emulator.errors import ApiFault
from redcap_iac.emulator.registry import API_EXPORT, API_IMPORT, method
from redcap_iac.emulator.request import Context
from redcap_iac.emulator.versions import DAG_ID
from redcap_iac.emulator.wire import Cell, Count, Row, Rows


@dataclass(frozen=True, slots=True)
class _Wanted:
    dag: people.Dag | None
    label: str


@method("dag", "export", "Export DAGs", API_EXPORT, "data_access_groups")
def export_dags(context: Context) -> Rows:
    """Answer every group, oldest first; ids came with 13.1."""
    rows: list[dict[str, Cell]] = [
        {
            "data_access_group_name": dag.name,
            "unique_group_name": dag.unique_name,
            "data_access_group_id": dag.dag_id,
        }
        for dag in people.dags(context.db, context.project_id)
    ]
    log.design(context, "Export DAGs (API)")
    shows_id = context.server.settings.version >= DAG_ID
    id_column = ("data_access_group_id",) if shows_id else ()
    return Rows(("data_access_group_name", "unique_group_name", *id_column), rows, root="dags")


@method("dag", "import", "Import DAGs", API_IMPORT, "data_access_groups")
def import_dags(context: Context) -> Count:
    """Create groups (no unique name) or rename them; answers how many rows came.

    A unique name the project does not have is refused (inferred from client documents); an id
    is ignored (documented).
    """
    rows = people.imported(context)
    known = {dag.unique_name: dag for dag in people.dags(context.db, context.project_id)}
    faults: list[str] = []
    wanted = [_wanted(number, row, known, faults) for number, row in enumerate(rows, start=1)]
    payload.refuse_all(faults)
    for group in wanted:
        _write(context, group)
    log.design(context, "Import DAGs (API)")
    return Count(len(rows))


def _wanted(number: int, row: Row, known: dict[str, people.Dag], faults: list[str]) -> _Wanted:
    label = people.text(row, "data_access_group_name")
    unique_name = people.text(row, "unique_group_name")
    if not label:
        faults.append(f"Row {number} has no data_access_group_name.")
    if unique_name and unique_name not in known:
        faults.append(f'The unique group name "{unique_name}" does not exist in this project.')
    return _Wanted(known.get(unique_name), label)


def _write(context: Context, wanted: _Wanted) -> None:
    dag = wanted.dag
    if dag is not None and dag.name == wanted.label:
        return
    others = {
        other.unique_name
        for other in people.dags(context.db, context.project_id)
        if dag is None or other.dag_id != dag.dag_id
    }
    unique_name = names.unique_dag_name(wanted.label, others)
    if dag is None:
        context.db.execute(
            "INSERT INTO dags (project_id, name, unique_name) VALUES (?, ?, ?)",
            (context.project_id, wanted.label, unique_name),
        )
    else:
        context.db.execute(
            "UPDATE dags SET name = ?, unique_name = ? WHERE dag_id = ?",
            (wanted.label, unique_name, dag.dag_id),
        )


@method("dag", "delete", "Delete DAGs", API_IMPORT, "data_access_groups")
def delete_dags(context: Context) -> Count:
    """Delete groups; unknown ones are ignored and not counted (documented).

    Users of a deleted group are in none afterwards (recorded). Groups with records are refused,
    all or none (switch `dag_delete_with_records`), or their records belong to no group.
    """
    named = people.to_delete(context, "dags")
    leaving = [
        dag for dag in people.dags(context.db, context.project_id) if dag.unique_name in named
    ]
    if context.switch("dag_delete_with_records", "refuse"):
        _refuse_records(context, leaving)
    for dag in leaving:
        for statement in (
            "UPDATE users SET dag_id = NULL WHERE dag_id = ?",
            "UPDATE records SET dag_id = NULL WHERE dag_id = ?",
            "UPDATE folders SET dag_id = NULL WHERE dag_id = ?",
            "DELETE FROM dag_switcher WHERE dag_id = ?",
            "DELETE FROM dags WHERE dag_id = ?",
        ):
            context.db.execute(statement, (dag.dag_id,))
    log.design(context, "Delete DAGs (API)")
    return Count(len(leaving))


def _refuse_records(context: Context, leaving: list[people.Dag]) -> None:
    held = {
        row["dag_id"]
        for row in context.db.execute(
            "SELECT DISTINCT dag_id FROM records WHERE project_id = ?", (context.project_id,)
        )
    }
    payload.refuse_all(
        f'The Data Access Group "{dag.unique_name}" cannot be deleted because records are'
        " assigned to it."
        for dag in leaving
        if dag.dag_id in held
    )


@method("dag", "switch", "Switch DAG", API_IMPORT)
def switch_dag(context: Context) -> Count:
    """Move the token's user to another of the groups that the DAG Switcher gives them.

    Answers 1; an unknown or empty group is an error (recorded), and so is one that was not
    given, or being given fewer than two (inferred).
    """
    name = context.request.text("dag").strip()
    dag_id = people.dag_ids(context.db, context.project_id).get(name)
    if dag_id is None:
        raise ApiFault(f'The Data Access Group "{name}" does not exist in this project.')
    rows = context.db.execute(
        "SELECT dag_id FROM dag_switcher WHERE project_id = ? AND username = ?",
        (context.project_id, context.caller.username),
    )
    given = {row["dag_id"] for row in rows}
    if len(given) < 2 or dag_id not in given:
        raise ApiFault(f'The user may not switch to the Data Access Group "{name}".')
    people.set_dag(context, context.caller.username, dag_id)
    log.design(context, "Switch DAG (API)")
    return Count(1)
