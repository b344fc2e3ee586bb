"""The column `redcap_data_access_group` of an import: which DAG a record goes to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from redcap_iac.emulator.errors import ApiFault
from redcap_iac.emulator.request import Context
from redcap_iac.emulator.resources.records.contents import Record
from redcap_iac.emulator.resources.records.incoming import IncomingRow
from redcap_iac.emulator.resources.records.validation import line

_COLUMN = "redcap_data_access_group"


class GroupColumn:
    """Reads unique group names; for users in no DAG, where the project has DAGs.

    `before` are the records there are. The refusal of the column to others is recorded from the
    import page; the words for unknown groups and foreign records are inferred.
    """

    def __init__(self, context: Context, before: Mapping[str, Record]) -> None:
        self._own = context.caller.dag_id
        self._before = before
        self._overwrites = context.request.text("overwriteBehavior") == "overwrite"
        self._ids: dict[str, int] = {
            row["unique_name"]: row["dag_id"]
            for row in context.db.execute(
                "SELECT unique_name, dag_id FROM dags WHERE project_id = ?", (context.project_id,)
            )
        }

    def faults(self, rows: Sequence[IncomingRow], names: Mapping[str, str]) -> Iterator[str]:
        """Yield the faults; raises ApiFault where the column has no business at all."""
        sent = any(row.dag for row in rows)
        if sent and (self._own is not None or not self._ids):
            raise ApiFault(f"Illegal use of '{_COLUMN}' field!")
        for row in rows:
            if row.dag and row.dag not in self._ids:
                message = f"The value is not a valid category for {_COLUMN}"
                yield line(names[row.record], _COLUMN, row.dag, message)
        yield from self._foreign(names)

    def _foreign(self, names: Mapping[str, str]) -> Iterator[str]:
        for name in names.values():
            record = self._before.get(name)
            if self._own is not None and record and self._own not in record.dags.values():
                message = "The record exists outside the Data Access Group of the user"
                yield line(name, "", "", message)

    def assignments(
        self, rows: Sequence[IncomingRow], names: Mapping[str, str]
    ) -> dict[str, int | None]:
        """Return record to DAG id for records that change group; a blank clears on overwrite."""
        wanted: dict[str, int | None] = {}
        for row in rows:
            if row.dag or (row.dag == "" and self._overwrites and self._own is None):
                wanted[names[row.record]] = self._ids.get(row.dag)
        return {
            name: dag_id
            for name, dag_id in wanted.items()
            if name not in self._before or self._before[name].dag_id != dag_id
        }
