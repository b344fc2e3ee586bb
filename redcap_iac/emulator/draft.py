"""Draft mode: how the dictionary of a project in production is changed on REDCap's pages.

Enter, upload, submit; then it commits by itself or an administrator approves, rejects (the
project stays in draft mode) or removes it (recorded). No API method does any of this (documented);
what shows through the API are the lines of the log (recorded), in the name of who acted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from redcap_iac.emulator import admin, log
from redcap_iac.emulator.drafting import approval, instrument_page, kept, schedule_pages, tables
from redcap_iac.emulator.drafting.acting import (
    DraftError,
    acting,
    in_the_name_of,
    require_administrator,
    require_production,
)
from redcap_iac.emulator.drafting.approval import Summary
from redcap_iac.emulator.drafting.kept import Draft
from redcap_iac.emulator.request import Context, Server
from redcap_iac.emulator.resources import dictionary
from redcap_iac.emulator.store import Store

__all__ = [
    "DraftError", "Summary", "approve", "delete_arms", "delete_events", "delete_field", "download",
    "edit_field", "enter", "reject", "remove", "rename_instrument", "set_repeating", "state",
    "submit", "summary", "upload", "upload_arms", "upload_designations", "upload_events",
]  # fmt: skip

_MODIFICATIONS = "production project modifications"


def enter(store: Store, server: Server, project_id: int, username: str) -> None:
    """Put a project in production into draft mode; the draft starts as the live dictionary.

    Raises DraftError when it is there already or not in production.
    """
    with acting(store, server, project_id, username) as context:
        require_production(context)
        if kept.read(context.db, project_id) is not None:
            raise DraftError(f"project {project_id} is in draft mode already")
        kept.write(context.db, project_id, dictionary.stored(context.db, project_id))
        log.design(context, "Enter draft mode")


def upload(store: Store, server: Server, project_id: int, username: str, csv_text: str) -> int:
    """Replace the draft by a whole dictionary; return the number of its fields.

    `csv_text` has the 18 columns under page or API headers, parted by `,`, `;` or tab. Raises
    DraftError with the texts of the API's import for what is wrong with it.
    """
    with acting(store, server, project_id, username) as context:
        _editable(context)
        rows = dictionary.checked(context, tables.dictionary_rows(csv_text))
        kept.write(context.db, project_id, rows)
        log.design(context, "Upload data dictionary")
        return len(rows)


def edit_field(
    store: Store,
    server: Server,
    project_id: int,
    username: str,
    field: str,
    cells: Mapping[str, str],
) -> None:
    """Change or add one field of the draft, as the Online Designer does.

    `cells` are by API column; a new field goes to the end of its form. Raises DraftError for
    another name (a field cannot be renamed in production: documented) and for what does not fit.
    """
    if cells.get("field_name", field) != field:
        raise DraftError("a field cannot be renamed in production")
    with acting(store, server, project_id, username) as context:
        rows = [dict(row) for row in _editable(context).rows]
        old = next((row for row in rows if row["field_name"] == field), None)
        new = {**(old or {}), "field_name": field, **cells}
        rows = _placed(rows, old, new)
        kept.write(context.db, project_id, dictionary.checked(context, rows))
        log.design(context, "Create project field" if old is None else "Edit project field")


def _placed(
    rows: Sequence[dict[str, str]], old: dict[str, str] | None, new: dict[str, str]
) -> list[dict[str, str]]:
    """Return the rows with one put in: where it was, or last on its form."""
    form = new.get("form_name", "")
    if old is not None and old["form_name"] == form:
        return [new if row is old else row for row in rows]
    others = [row for row in rows if row is not old]
    ends = [place for place, row in enumerate(others, start=1) if row["form_name"] == form]
    place = ends[-1] if ends else len(others)
    return [*others[:place], new, *others[place:]]


def delete_field(store: Store, server: Server, project_id: int, username: str, field: str) -> None:
    """Take one field out of the draft; raises DraftError for the record ID field (documented)."""
    with acting(store, server, project_id, username) as context:
        rows = _editable(context).rows
        if not any(row["field_name"] == field for row in rows):
            raise DraftError(f"the draft of project {project_id} has no field {field!r}")
        if rows[0]["field_name"] == field:
            raise DraftError("the record ID field cannot be deleted")
        others = [row for row in rows if row["field_name"] != field]
        kept.write(context.db, project_id, dictionary.checked(context, others))
        log.design(context, "Delete project field")


def download(store: Store, project_id: int) -> str:
    """Return the dictionary of the draft as the Designer's CSV; the live one without a draft."""
    with store.transaction() as db:
        admin.project_row(db, project_id)
        draft = kept.read(db, project_id)
        rows = dictionary.stored(db, project_id) if draft is None else draft.rows
        return tables.dictionary_text(rows)


def summary(store: Store, server: Server, project_id: int) -> Summary:
    """Return what the draft changes, as the detailed summary shows it; raises DraftError."""
    with store.transaction() as db:
        admin.project_row(db, project_id)
        draft = kept.read(db, project_id)
        if draft is None:
            raise _no_draft(project_id)
        return approval.summarize(db, server, project_id, draft)


def submit(store: Store, server: Server, project_id: int, username: str) -> str:
    """Submit the draft; return `automatic` when it is committed at once, `review` when not."""
    with acting(store, server, project_id, username) as context:
        draft = _editable(context)
        if approval.summarize(context.db, server, project_id, draft).automatic:
            _commit(context, draft)
            log.design(context, f"Approve {_MODIFICATIONS} (automatic)")
            return "automatic"
        kept.write(
            context.db,
            project_id,
            draft.rows,
            state=kept.REVIEW,
            submitted_by=context.caller.username,
        )
        log.design(context, f"Request approval for {_MODIFICATIONS}")
        return "review"


def approve(store: Store, server: Server, project_id: int, username: str) -> None:
    """Commit a submitted draft; raises DraftError for all but administrators."""
    with acting(store, server, project_id, username) as context:
        draft = _reviewed(context, "approve drafted changes")
        _commit(in_the_name_of(context, draft.submitted_by), draft)
        log.design(context, f"Approve {_MODIFICATIONS}")


def reject(store: Store, server: Server, project_id: int, username: str) -> None:
    """Hand a submitted draft back: the project stays in draft mode (recorded)."""
    with acting(store, server, project_id, username) as context:
        draft = _reviewed(context, "reject drafted changes")
        kept.write(context.db, project_id, draft.rows)
        log.design(context, f"Reject {_MODIFICATIONS}")


def remove(store: Store, server: Server, project_id: int, username: str) -> None:
    """Remove all drafted changes, submitted or not: the project leaves draft mode (recorded)."""
    with acting(store, server, project_id, username) as context:
        require_administrator(context, "remove drafted changes")
        if kept.read(context.db, project_id) is None:
            raise _no_draft(project_id)
        kept.forget(context.db, project_id)
        log.design(context, f"Remove {_MODIFICATIONS}")


def state(store: Store, project_id: int) -> str:
    """Return `none`, `drafting` or `review`."""
    with store.transaction() as db:
        admin.project_row(db, project_id)
        draft = kept.read(db, project_id)
        return kept.NONE if draft is None else draft.state


def upload_arms(store: Store, server: Server, project_id: int, username: str, csv_text: str) -> int:
    """Upload the arms CSV on the page of arms; return the number of rows."""
    with acting(store, server, project_id, username) as context:
        return schedule_pages.upload_arms(context, csv_text)


def upload_events(
    store: Store, server: Server, project_id: int, username: str, csv_text: str
) -> int:
    """Upload the events CSV on the page of events; return the number of rows."""
    with acting(store, server, project_id, username) as context:
        return schedule_pages.upload_events(context, csv_text)


def upload_designations(
    store: Store, server: Server, project_id: int, username: str, csv_text: str
) -> int:
    """Upload the designations CSV, which replaces all; return the number of rows."""
    with acting(store, server, project_id, username) as context:
        return schedule_pages.upload_designations(context, csv_text)


def set_repeating(
    store: Store, server: Server, project_id: int, username: str, csv_text: str
) -> int:
    """Set what repeats, given as the CSV of the API, though the page has a dialog for it."""
    with acting(store, server, project_id, username) as context:
        return schedule_pages.set_repeating(context, csv_text)


def delete_arms(
    store: Store, server: Server, project_id: int, username: str, numbers: Sequence[str]
) -> None:
    """Delete arms on their page, with their events and data."""
    with acting(store, server, project_id, username) as context:
        schedule_pages.delete_arms(context, numbers)


def delete_events(
    store: Store, server: Server, project_id: int, username: str, unique_names: Sequence[str]
) -> None:
    """Delete events on their page, with their data."""
    with acting(store, server, project_id, username) as context:
        schedule_pages.delete_events(context, unique_names)


def rename_instrument(
    store: Store, server: Server, project_id: int, username: str, form: str, label: str
) -> str:
    """Rename an instrument in the Online Designer, at once; return its unique name.

    In production the label alone changes (documented), in development the unique name too, and
    all that hangs on it follows.
    """
    with acting(store, server, project_id, username) as context:
        return instrument_page.rename_instrument(context, form, label)


def _editable(context: Context) -> Draft:
    """Return the draft that may be edited; one that awaits its review may not."""
    require_production(context)
    draft = kept.read(context.db, context.project_id)
    if draft is None:
        raise _no_draft(context.project_id)
    if draft.state == kept.REVIEW:
        raise DraftError(
            f"the drafted changes of project {context.project_id} await their review by an"
            " administrator; until then they cannot be modified"
        )
    return draft


def _reviewed(context: Context, what: str) -> Draft:
    require_administrator(context, what)
    draft = kept.read(context.db, context.project_id)
    if draft is None:
        raise _no_draft(context.project_id)
    if draft.state != kept.REVIEW:
        raise DraftError(f"the draft of project {context.project_id} has not been submitted")
    return draft


def _no_draft(project_id: int) -> DraftError:
    return DraftError(f"project {project_id} is not in draft mode")


def _commit(context: Context, draft: Draft) -> None:
    """Put the draft in the place of the dictionary, with the effects of an import."""
    dictionary.replace(context, draft.rows)
    kept.forget(context.db, context.project_id)
