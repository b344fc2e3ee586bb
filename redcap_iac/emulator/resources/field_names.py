"""Export List of Export Field Names."""

from __future__ import annotations

from collections.abc import Iterator

from redcap_iac.emulator import design, log
from redcap_iac.emulator.errors import ApiFault
from redcap_iac.emulator.registry import API_EXPORT, method
from redcap_iac.emulator.request import Context
from redcap_iac.emulator.wire import Answer, Rows

_COLUMNS = ("original_field_name", "choice_value", "export_field_name")
#: Fields without a column in flat exports (recorded; calculated fields do have one).
_WITHOUT_COLUMN = ("file", "descriptive")


@method("exportFieldNames", "export", "Export List of Export Field Names", API_EXPORT)
def export_field_names(context: Context) -> Answer:
    """Answer a row per column of flat exports, of one field when `field` names it.

    The refusal of a name the project does not have is in words of another refusal (inferred).
    """
    rows = list(_rows(context))
    log.design(context, "Download export field names (API)")
    wanted = context.request.text("field")
    if not wanted:
        return Rows(_COLUMNS, rows, root="fields")
    chosen = [row for row in rows if row["original_field_name"] == wanted]
    if not chosen:
        raise ApiFault(f"The following values in the parameter \"field\" are not valid: '{wanted}'")
    return Rows(_COLUMNS, chosen, root="fields")


def _rows(context: Context) -> Iterator[dict[str, str]]:
    fields = design.fields(context.db, context.project_id)
    for form, _ in design.forms(context.db, context.project_id):
        for field in fields:
            if field.form == form and field.type not in _WITHOUT_COLUMN:
                yield from _columns_of(field)
        yield _row(f"{form}_complete", "", f"{form}_complete")


def _columns_of(field: design.Field) -> Iterator[dict[str, str]]:
    if field.type != "checkbox":
        yield _row(field.name, "", field.name)
        return
    for (code, _), column in zip(field.choices, field.export_names(), strict=True):
        yield _row(field.name, code, column)


def _row(field: str, code: str, column: str) -> dict[str, str]:
    return dict(zip(_COLUMNS, (field, code, column), strict=True))
