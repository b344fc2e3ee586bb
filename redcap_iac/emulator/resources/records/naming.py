"""Names for new records (`content=generateNextRecordName`, and forced auto-numbering).

Recorded: the highest number plus one, 1 where no name is a number; in a DAG the group's id, a
hyphen and a number of the group's own, `20-1`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from redcap_iac.emulator.registry import API_EXPORT, method
from redcap_iac.emulator.request import Context
from redcap_iac.emulator.resources.records import store
from redcap_iac.emulator.wire import Answer, Text


@method("generateNextRecordName", "export", "Generate Next Record Name", API_EXPORT)
def generate_next_record_name(context: Context) -> Answer:
    """Answer the name as bare text, without keeping it for anyone."""
    return Text(next(next_names(context)))


def next_names(context: Context) -> Iterator[str]:
    """Yield the names that new records of the caller get, one after another."""
    taken = store.dags_of(context.db, context.project_id)
    dag_id = context.caller.dag_id
    prefix = "" if dag_id is None else f"{dag_id}-"
    number = _highest(name.removeprefix(prefix) for name in taken if name.startswith(prefix))
    while True:
        number += 1
        yield f"{prefix}{number}"


def _highest(names: Iterable[str]) -> int:
    return max((int(name) for name in names if name.isascii() and name.isdigit()), default=0)
