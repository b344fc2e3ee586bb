"""The calls that write roles: what is new or differs, what new instruments open, deletions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from redcap_iac.calls import Call, Key, Row
from redcap_iac.changes import Create, Delete, Rename, Update
from redcap_iac.kinds import grants
from redcap_iac.kinds.grants import instruments_of
from redcap_iac.kinds.kind import Work
from redcap_iac.kinds.people import TOUCHED, Whereabouts, folded
from redcap_iac.kinds.roles.role import Role
from redcap_iac.kinds.roles.stages import RoleStages, role_stages
from redcap_iac.plan import Phase, Step

_NAME, _CONTENT = "roles", "userRole"


def steps(work: Work) -> Iterable[Step]:
    """Return the imports of what is new or differs, and one deletion of emptied roles.

    Rows always carry complete maps. Roles that would share a label get calls of their own:
    only the label tells which unique name was made for which row.
    """
    changes = work.of(_NAME)
    written = [c for c in changes if isinstance(c, Create | Update | Rename)]
    stages = {change.address: _stages(change, work) for change in written}
    waiting = [c for c in written if Phase.ROLES in stages[c.address]]
    while waiting:
        now = _first_of_each_label(waiting)
        waiting = [change for change in waiting if change not in now]
        yield _import(now, stages, work)
    for phase in (Phase.WIDEN_ROLES, Phase.OWN_ACCESS):
        late = [change for change in written if phase in stages[change.address]]
        if late:
            yield _import(late, stages, work, phase)
    opened = _opened({change.key for change in changes}, work)
    if opened:
        rows = tuple(_row(role, str(role.unique_name), work) for role in opened)
        yield Step(
            Phase.ROLES,
            _NAME,
            f"keep {_counted(len(opened))} as declared on new instruments",
            Call(_CONTENT, "import", rows),
            (),
            (_NAME, "role_assignments", "users"),
        )
    gone = [change for change in changes if isinstance(change, Delete)]
    if gone:
        yield Step(
            Phase.DELETE_ROLES,
            _NAME,
            f"delete {_counted(len(gone))}",
            Call(_CONTENT, "delete", params={"roles": tuple(c.key for c in gone)}),
            tuple(change.address for change in gone),
            (_NAME, *TOUCHED),
            replaces=True,
        )


def _opened(but: Collection[Key], work: Work) -> list[Role]:
    """Return declared roles that the import of new instruments gives more than is declared.

    That is the role of the token's own user where it is known, else it may be any.
    """
    own = folded(work.live.target.user)
    held = Whereabouts(work).role_before(own)
    return [
        role
        for role in work.desired.state.kinds.get(_NAME, ())
        if isinstance(role, Role)
        and isinstance(role.unique_name, str)
        and role.unique_name not in but
        and (not own or role.unique_name == held)
        and grants.is_opened(role.grants, work.live.state, work.final)
    ]


def _import(
    changes: Sequence[Create | Update | Rename],
    stages: Mapping[str, RoleStages],
    work: Work,
    phase: Phase = Phase.ROLES,
) -> Step:
    rows = tuple(
        _row(
            replace(role, grants=stages[change.address][phase]),
            "" if isinstance(change, Create) else str(change.key),
            work,
        )
        for change in changes
        if isinstance(role := change.after, Role)
    )
    title = {
        Phase.WIDEN_ROLES: "give {} what others are not to have first",
        Phase.OWN_ACCESS: "take from {} what earlier calls needed",
    }.get(phase, "create or change {}")
    return Step(
        phase,
        _NAME,
        title.format(_counted(len(changes))),
        Call(_CONTENT, "import", rows),
        tuple(change.address for change in changes),
        (_NAME, "role_assignments", "users"),
        makes=tuple(
            (change.address, number)
            for number, change in enumerate(changes)
            if isinstance(change, Create)
        ),
    )


def _stages(change: Create | Update | Rename, work: Work) -> RoleStages:
    before, after = getattr(change, "before", None), change.after
    assert isinstance(after, Role)
    if not isinstance(before, Role):
        return {Phase.ROLES: after.grants}
    renamed = before.label != after.label
    return role_stages(change.key, before.grants, after.grants, work, renamed=renamed)


def _first_of_each_label(
    changes: Sequence[Create | Update | Rename],
) -> list[Create | Update | Rename]:
    first: dict[str, Create | Update | Rename] = {}
    for change in changes:
        first.setdefault(str(getattr(change.after, "label", "")), change)
    return list(first.values())


def _row(role: Role, unique_name: str, work: Work) -> Row:
    return {
        "unique_role_name": unique_name,
        "role_label": role.label,
        **role.grants.cells(instruments_of(work.final), work.live.target),
    }


def _counted(count: int) -> str:
    return "1 role" if count == 1 else f"{count} roles"
