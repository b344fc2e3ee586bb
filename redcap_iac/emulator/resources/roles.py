"""User roles: content `userRole`.

The unique name is made by the server and is the only key: two roles may share a label
(documented). Rights go out as text, unlike those of users (recorded).
"""

from __future__ import annotations

from dataclasses import dataclass

from redcap_iac.emulator import log, names, payload, people, right_columns
from redcap_iac.emulator.granted import Granted, Reading, Scale
from redcap_iac.emulator.registry import API_EXPORT, API_IMPORT, method
from redcap_iac.emulator.request import Context
from redcap_iac.emulator.versions import Version
from redcap_iac.emulator.wire import Cell, Count, Row, Rows


@dataclass(frozen=True, slots=True)
class _Wanted:
    role_id: int | None
    label: str
    granted: Granted


def columns(version: Version, features: frozenset[str]) -> tuple[str, ...]:
    """Return the columns of Export User Roles in order (recorded)."""
    return ("unique_role_name", "role_label", *right_columns.role_columns(version, features))


@method("userRole", "export", "Export User Roles", API_EXPORT, "user_rights")
def export_roles(context: Context) -> Rows:
    """Answer every role, the newest last; rights are text, the form maps integers (recorded)."""
    scale = Scale.of(context)
    found = context.db.execute(
        "SELECT * FROM roles WHERE project_id = ? ORDER BY role_id", (context.project_id,)
    ).fetchall()
    rows = [
        {
            "unique_role_name": row["unique_name"],
            "role_label": row["label"],
            **_as_text(scale.cells(Granted.of(row))),
        }
        for row in found
    ]
    log.design(context, "Export user roles (API)")
    return Rows(columns(scale.version, scale.features), rows, root="roles")


def _as_text(cells: dict[str, Cell]) -> dict[str, Cell]:
    return {name: str(cell) if isinstance(cell, int) else cell for name, cell in cells.items()}


@method("userRole", "import", "Import User Roles", API_IMPORT, "user_rights")
def import_roles(context: Context) -> Count:
    """Create roles (no unique name) or change them; answers how many rows came, never a name.

    An unknown unique name is refused after all other faults (documented words).
    """
    rows = people.imported(context)
    scale = Scale.of(context)
    known = {role.unique_name: role for role in people.roles(context.db, context.project_id)}
    faults = _repeated(rows)
    wanted = [_wanted(context, scale, row, known, faults) for row in rows]
    named = dict.fromkeys(people.text(row, "unique_role_name") for row in rows)
    unknown = [name for name in named if name and name not in known]
    if unknown:
        faults.append(f"Invalid Unique Role Names: {', '.join(unknown)}")
    payload.refuse_all(faults)
    for role in wanted:
        _write(context, role)
    return Count(len(rows))


def _repeated(rows: list[dict[str, Cell]]) -> list[str]:
    """Two rows for one role are refused like two rows for one user (inferred)."""
    unique = [people.text(row, "unique_role_name") for row in rows]
    twice = dict.fromkeys(name for name in unique if name and unique.count(name) > 1)
    return [f'The unique role name "{name}" appears more than once.' for name in twice]


def _wanted(
    context: Context, scale: Scale, row: Row, known: dict[str, people.Role], faults: list[str]
) -> _Wanted:
    unique_name = people.text(row, "unique_role_name")
    role = known.get(unique_name)
    label = people.text(row, "role_label")
    if not label and (role is None or "role_label" in row):
        faults.append(f'The user role "{unique_name}" must have a label in "role_label".')
    before = scale.nothing() if role is None else _granted(context, role.role_id)
    reading = Reading(scale, f'user role "{unique_name or label}"', faults)
    return _Wanted(
        role_id=None if role is None else role.role_id,
        label=label or (role.label if role else ""),
        granted=reading.over(before, row),
    )


def _granted(context: Context, role_id: int) -> Granted:
    found = context.db.execute("SELECT * FROM roles WHERE role_id = ?", (role_id,)).fetchone()
    return Granted.of(found)


def _write(context: Context, role: _Wanted) -> None:
    if role.role_id is None:
        taken = {known.unique_name for known in people.roles(context.db, context.project_id)}
        context.db.execute(
            "INSERT INTO roles (project_id, unique_name, label, rights, forms, forms_export)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (
                context.project_id,
                names.unique_role_name(context.server.chance, taken),
                role.label,
                *role.granted.stored(),
            ),
        )
        _log(context, "Create user role", role.label)
        return
    context.db.execute(
        "UPDATE roles SET label = ?, rights = ?, forms = ?, forms_export = ? WHERE role_id = ?",
        (role.label, *role.granted.stored(), role.role_id),
    )
    _log(context, "Edit user role", role.label)


@method("userRole", "delete", "Delete User Roles", API_IMPORT, "user_rights")
def delete_roles(context: Context) -> Count:
    """Delete roles; unknown ones are ignored and not counted (documented).

    Roles with members are refused, all or none (switch `role_delete_with_members`), or their
    members fall back to their own rights.
    """
    named = people.to_delete(context, "roles")
    leaving = [
        role for role in people.roles(context.db, context.project_id) if role.unique_name in named
    ]
    if context.switch("role_delete_with_members", "refuse"):
        _refuse_members(context, leaving)
    for role in leaving:
        for statement in (
            "UPDATE users SET role_id = NULL WHERE role_id = ?",
            "UPDATE folders SET role_id = NULL WHERE role_id = ?",
            "DELETE FROM roles WHERE role_id = ?",
        ):
            context.db.execute(statement, (role.role_id,))
        _log(context, "Delete user role", role.label)
    return Count(len(leaving))


def _refuse_members(context: Context, leaving: list[people.Role]) -> None:
    held = {user.role_id for user in people.users(context.db, context.project_id)}
    payload.refuse_all(
        f'The user role "{role.unique_name}" cannot be deleted because users are assigned to it.'
        for role in leaving
        if role.role_id in held
    )


def _log(context: Context, action: str, label: str) -> None:
    """Add an entry in the words recorded for roles edited in the browser."""
    log.write(context, action, f"role = '{label}'", logtype="user")
