"""The Online Designer's rename of an instrument, which keeps all that hangs on it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from redcap_iac.emulator import design, log
from redcap_iac.emulator.drafting.acting import DraftError
from redcap_iac.emulator.request import Context

_LONGEST_NAME = 50


def rename_instrument(context: Context, form: str, label: str) -> str:
    """Give an instrument another label; return its unique name, which follows in development.

    In production only the label changes (documented). In development form status, designations,
    repeating and rights follow the new unique name (knowledge base); that the label makes it, how
    it is spelt and that logic is not rewritten are inferred.
    """
    label = label.strip()
    known = dict(design.forms(context.db, context.project_id))
    status = design.status(context.db, context.project_id)
    if form not in known:
        raise DraftError(f"project {context.project_id} has no instrument {form!r}")
    if not label:
        raise DraftError("an instrument must have a name")
    if status == "analysis":
        raise DraftError(f"the design cannot be modified while the project is in {status}")
    new = _unique_name(label, known.keys() - {form}) if status == "development" else form
    _relabel(context, form, label)
    if new != form:
        _follow(context, form, new)
    log.design(context, "Rename data collection instrument")
    return new


def _unique_name(label: str, taken: set[str]) -> str:
    words = re.sub(r"[^a-z0-9_]+", "", re.sub(r"[\s-]+", "_", label.lower())).strip("_")
    name = words[:_LONGEST_NAME].rstrip("_")
    if not name or not name[0].isalpha():
        name = f"form_{name}".rstrip("_")
    if name in taken:
        raise DraftError(f"there is an instrument {name!r} already")
    return name


def _relabel(context: Context, form: str, label: str) -> None:
    context.db.execute(
        "UPDATE forms SET label = ? WHERE project_id = ? AND form_name = ?",
        (label, context.project_id, form),
    )


def _follow(context: Context, form: str, new: str) -> None:
    names = {"new": new, "old": form, "project": context.project_id}
    for table in ("forms", "fields", "designations", "repeats", "locks"):
        context.db.execute(
            f"UPDATE {table} SET form_name = :new WHERE project_id = :project AND form_name = :old",
            names,
        )
    context.db.execute(
        "UPDATE data SET repeat_form = :new WHERE project_id = :project AND repeat_form = :old",
        names,
    )
    for ending in ("_complete", "_timestamp"):
        context.db.execute(
            "UPDATE data SET field_name = :new || :ending WHERE project_id = :project"
            " AND field_name = :old || :ending",
            {**names, "ending": ending},
        )
    for table, key in (("users", "username"), ("roles", "role_id")):
        _follow_rights(context, table, key, {form: new})
    _follow_reports(context, {f"{form}_complete": f"{new}_complete"})


def _follow_rights(context: Context, table: str, key: str, names: Mapping[str, str]) -> None:
    rows = context.db.execute(
        f"SELECT {key}, forms, forms_export FROM {table} WHERE project_id = ?",
        (context.project_id,),
    ).fetchall()
    for row in rows:
        forms, exports = (
            json.dumps({names.get(name, name): level for name, level in json.loads(text).items()})
            for text in (row["forms"], row["forms_export"])
        )
        context.db.execute(
            f"UPDATE {table} SET forms = ?, forms_export = ? WHERE project_id = ? AND {key} = ?",
            (forms, exports, context.project_id, row[key]),
        )


def _follow_reports(context: Context, names: Mapping[str, str]) -> None:
    rows = context.db.execute(
        "SELECT report_id, fields FROM reports WHERE project_id = ?", (context.project_id,)
    ).fetchall()
    for row in rows:
        fields = [names.get(name, name) for name in json.loads(row["fields"])]
        context.db.execute(
            "UPDATE reports SET fields = ? WHERE report_id = ?",
            (json.dumps(fields), row["report_id"]),
        )
