"""Changes that somebody makes in REDCap past the files, for any study; each says if it could."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.end_to_end.merging import Kept, row_of

Rows = list[dict[str, Any]]
CHOICES = "select_choices_or_calculations"


def _rows(kept: Kept) -> Rows:
    return [dict(row) for row in kept.study.project.rows("metadata")]


def _choosing(rows: Rows) -> dict[str, Any] | None:
    found = [row for row in rows if row[CHOICES].count("|") > 1 and not row["matrix_group_name"]]
    return found[0] if found else None


def label(kept: Kept) -> bool:
    """Give the second field another label."""
    rows = _rows(kept)
    rows[1]["field_label"] = "Said: otherwise, now"
    kept.outside("metadata", *rows)
    return True


def choice_added(kept: Kept) -> bool:
    """Add a choice at the end of the first list."""
    return _choices(kept, lambda parts: [*parts, "77, Rather: not"])


def choice_removed(kept: Kept) -> bool:
    """Take the last choice off the first list."""
    return _choices(kept, lambda parts: parts[:-1])


def choice_relabelled(kept: Kept) -> bool:
    """Give the first choice another label."""
    return _choices(kept, lambda parts: [f"{parts[0]} (new)", *parts[1:]])


def choices_reordered(kept: Kept) -> bool:
    """Put the last choice first."""
    return _choices(kept, lambda parts: [parts[-1], *parts[:-1]])


def _choices(kept: Kept, change: Callable[[list[str]], list[str]]) -> bool:
    rows = _rows(kept)
    row = _choosing(rows)
    if row is not None:
        row[CHOICES] = " | ".join(change([part.strip() for part in row[CHOICES].split("|")]))
        kept.outside("metadata", *rows)
    return row is not None


def every_list(kept: Kept) -> bool:
    """Relabel the first choice wherever that list is used."""
    rows = _rows(kept)
    row = _choosing(rows) or next((row for row in rows if row["matrix_group_name"]), None)
    if row is None:
        return False
    old = row[CHOICES]
    first, *others = old.split("|")
    for other in rows:
        if other[CHOICES] == old:
            other[CHOICES] = "|".join([f"{first.strip()} everywhere ", *others])
    kept.outside("metadata", *rows)
    return True


def field_added(kept: Kept) -> bool:
    """Put a field behind the second."""
    rows = _rows(kept)
    if rows[1]["matrix_group_name"]:
        return False
    new = {"field_name": "came", "form_name": rows[1]["form_name"], "field_type": "text"}
    rows.insert(2, row_of(rows[0], **new, field_label="Came: later", field_note="a: note"))
    kept.outside("metadata", *rows)
    return True


def field_removed(kept: Kept) -> bool:
    """Take the last field of all away."""
    rows = _rows(kept)
    kept.outside("metadata", *rows[:-1])
    return True


def field_moved(kept: Kept) -> bool:
    """Let the second and the third field change places."""
    rows = _rows(kept)
    if rows[1]["form_name"] != rows[2]["form_name"] or rows[1]["matrix_group_name"]:
        return False
    rows[1], rows[2] = rows[2], rows[1]
    kept.outside("metadata", *rows)
    return True


def branching(kept: Kept) -> bool:
    """Show the last field on a condition."""
    rows = _rows(kept)
    rows[-1]["branching_logic"] = "[record_id] <> '' and [hb] > 3" if _has(rows, "hb") else (
        "[record_id] <> ''"
    )  # fmt: skip
    kept.outside("metadata", *rows)
    return True


def _has(rows: Rows, name: str) -> bool:
    return any(row["field_name"] == name for row in rows[:-1])


def attributes(kept: Kept) -> bool:
    """Change a little of everything on a text field."""
    rows = _rows(kept)
    row = next((row for row in rows[1:] if row["field_type"] == "text"), None)
    if row is None:
        return False
    row.update(
        text_validation_type_or_show_slider_number="integer", text_validation_min="1",
        text_validation_max="99", required_field="y", field_note="a note: here",
        field_annotation="@HIDDEN", identifier="y", custom_alignment="RH",
        section_header="Part: two",
    )  # fmt: skip
    kept.outside("metadata", *rows)
    return True


def matrix_item(kept: Kept) -> bool:
    """Add an item to the first matrix."""
    rows = _rows(kept)
    places = [n for n, row in enumerate(rows) if row["matrix_group_name"]]
    if not places:
        return False
    group = rows[places[0]]["matrix_group_name"]
    last = max(n for n in places if rows[n]["matrix_group_name"] == group)
    new = {**rows[last], "field_name": "item_9", "field_label": "Item 9", "section_header": ""}
    rows.insert(last + 1, new)
    kept.outside("metadata", *rows)
    return True


def instrument_added(kept: Kept) -> bool:
    """Add a form at the end."""
    rows = _rows(kept)
    new = {"field_name": "w1", "form_name": "withdrawal", "field_type": "notes"}
    kept.outside("metadata", *rows, row_of(rows[0], **new, field_label="Why"))
    return True


def instrument_removed(kept: Kept) -> bool:
    """Take the last form away."""
    rows = _rows(kept)
    last = rows[-1]["form_name"]
    kept.outside("metadata", *(row for row in rows if row["form_name"] != last))
    return True


def instrument_between(kept: Kept) -> bool:
    """Add a form behind the first."""
    rows = _rows(kept)
    place = next((n for n, r in enumerate(rows) if r["form_name"] != rows[0]["form_name"]), None)
    if place is None:
        return False
    new = {"field_name": "b1", "form_name": "between_us", "field_type": "notes"}
    rows.insert(place, row_of(rows[0], **new, field_label="Between"))
    kept.outside("metadata", *rows)
    return True


def _events(kept: Kept) -> Rows:
    answer = kept.study.project.post("event")
    return list(answer.json()) if answer.status_code == 200 else []


def event_renamed(kept: Kept) -> bool:
    """Give the first event another name."""
    found = _events(kept)
    for row in found:
        if row["event_name"] == found[0]["event_name"]:
            kept.outside("event", {**row, "event_name": "First: visit"})
    return bool(found)


def event_added(kept: Kept) -> bool:
    """Add an event with an instrument."""
    if not _events(kept):
        return False
    kept.outside("event", {"event_name": "Close-out", "arm_num": "1"})
    new = next(row for row in _events(kept) if row["event_name"] == "Close-out")
    rows = kept.study.project.rows("formEventMapping")
    one = {
        "arm_num": 1, "unique_event_name": new["unique_event_name"], "form": rows[0]["form"],
    }  # fmt: skip
    kept.outside("formEventMapping", *rows, one)
    return True


def designation(kept: Kept) -> bool:
    """Take an instrument off the first event."""
    rows = kept.study.project.rows("formEventMapping") if _events(kept) else []
    if len(rows) < 2:
        return False
    kept.outside("formEventMapping", *rows[1:])
    return True


def repeat_label(kept: Kept) -> bool:
    """Give instances another label."""
    answer = kept.study.project.post("repeatingFormsEvents")
    rows = list(answer.json()) if answer.status_code == 200 else []
    for row in rows:
        if row.get("form_name"):
            row["custom_form_label"] = "[record_id]: [hb]"
    if rows:
        kept.outside("repeatingFormsEvents", *rows)
    return bool(rows)


def role_right(kept: Kept) -> bool:
    """Grant a role another right, and take one of an instrument away."""
    rows = [dict(row) for row in kept.study.project.rows("userRole")]
    if not rows:
        return False
    form = next(iter(rows[0]["forms"]))
    kept.outside("userRole", {**rows[0], "logging": "1", "forms": {**rows[0]["forms"], form: 0}})
    return True


def user_expiry(kept: Kept) -> bool:
    """Let a user's access end."""
    names = [row["username"] for row in kept.study.project.rows("user")]
    if "akim" not in names:
        return False
    for name, date in (("akim", "2028-01-31"), ("mlee", "")):
        mapping = next(
            row for row in kept.study.project.rows("userRoleMapping") if row["username"] == name
        )
        kept.outside("userRoleMapping", {**mapping, "unique_role_name": ""})
        kept.outside("user", {"username": name, "expiration": date})
        kept.outside("userRoleMapping", mapping)
    return True


def group_added(kept: Kept) -> bool:
    """Add a data access group, where there are some."""
    if not kept.study.project.rows("dag"):
        return False
    row = {"data_access_group_name": "Graz: west", "unique_group_name": ""}
    kept.outside("dag", row)
    return True


def group_removed(kept: Kept) -> bool:
    """Take a data access group away."""
    rows = kept.study.project.rows("dag")
    gone = [r["unique_group_name"] for r in rows if r["data_access_group_name"] == "Oslo"]
    if gone:
        kept.study.project.post("dag", "delete", dags=gone)
    return bool(gone)


def settings(kept: Kept) -> bool:
    """Change the title and the notes."""
    values = {"project_title": "Another: title", "project_notes": "one\ntwo"}
    return kept.study.project.post("project_settings", data=json.dumps(values)).ok


CHANGES: tuple[Callable[[Kept], bool], ...] = (
    label, choice_added, choice_removed, choice_relabelled, choices_reordered, every_list,
    field_added, field_removed, field_moved, branching, attributes, matrix_item,
    instrument_added, instrument_removed, instrument_between, event_renamed, event_added,
    designation, repeat_label, role_right, user_expiry, group_added, group_removed, settings,
)  # fmt: skip
