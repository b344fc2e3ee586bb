"""Export Logging."""

from __future__ import annotations

import re

from redcap_iac.emulator import log
from redcap_iac.emulator.registry import API_EXPORT, method
from redcap_iac.emulator.request import Context
from redcap_iac.emulator.wire import Answer, Rows

_COLUMNS = ("timestamp", "username", "action", "details", "record")
#: Seconds are cut off: a published client sends them.
_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2} \d{2}:\d{2})(:\d{2})?")
#: `record` asks for everything that happened to records (inferred).
_KINDS = {
    "record": ("record", "record_add", "record_edit", "record_delete", "lock_record"),
}


@method("log", "export", "Export Logging", API_EXPORT, "logging")
def export_log(context: Context) -> Answer:
    """Answer the entries that pass every filter, newest first, by the minute (recorded).

    The call's own entry is there only for the next call (inferred). A moment in another format
    is ignored (documented), and so is a kind that does not exist (inferred).
    """
    conditions, values = _conditions(context)
    rows = context.db.execute(
        f"SELECT {', '.join(_COLUMNS)} FROM log WHERE {' AND '.join(conditions)}"
        " ORDER BY timestamp DESC, log_id DESC",
        values,
    ).fetchall()
    log.design(context, "Export Logging (API)")
    return Rows(_COLUMNS, [dict(row) for row in rows], root="logs")


def _conditions(context: Context) -> tuple[list[str], list[str | int]]:
    request = context.request
    conditions = ["project_id = ?"]
    values: list[str | int] = [context.project_id]
    kind = request.text("logtype")
    if kind in log.LOGTYPES:
        kinds = _KINDS.get(kind, (kind,))
        conditions.append(f"logtype IN ({', '.join('?' * len(kinds))})")
        values += kinds
    else:
        conditions.append("logtype <> 'page_view'")
    for name, condition in (
        ("user", "username = ? COLLATE NOCASE"),
        ("record", "record = ?"),
        ("dag", "dag_id = ?"),
    ):
        if request.text(name):
            conditions.append(condition)
            values.append(request.text(name))
    for name, condition in (("beginTime", "timestamp >= ?"), ("endTime", "timestamp <= ?")):
        moment = _MOMENT.fullmatch(request.text(name).strip())
        if moment:
            conditions.append(condition)
            values.append(moment[1])
    return conditions, values
