"""Lock-out: nobody saws off the branch the plan, or the project, sits on (H123)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from redcap_iac.differ import Difference
from redcap_iac.findings import Finding, Severity
from redcap_iac.kinds.kind import Work, encoded
from redcap_iac.kinds.people import Whereabouts, folded
from redcap_iac.kinds.rights import BY_NAME
from redcap_iac.kinds.role_assignments import KIND as ROLE_ASSIGNMENTS
from redcap_iac.kinds.roles import KIND as ROLES
from redcap_iac.kinds.users import KIND as USERS
from redcap_iac.safety.access import Access, People, planned, present
from redcap_iac.safety.preflight import obstacles
from redcap_iac.safety.sequence import access_steps
from redcap_iac.state import Live

#: What the token's own user must keep: User Rights in full, read-only is not enough.
_OWN = ("api_import", "api_export", "design", "user_rights")
#: What somebody has to keep, so that the project can still be run.
_SOMEBODY = frozenset({"design", "user_rights"})
#: What nobody may lose while it is not known whose token this is.
_ANYBODY = ("design", "user_rights", "api_import")


@dataclass(frozen=True, slots=True)
class _Standing:
    """What one person can do: rights held in full, none once access has ended."""

    username: str
    held: frozenset[str]
    why_not: str = ""


def lock_outs(difference: Difference, live: Live, today: date | None = None) -> Iterator[Finding]:
    """Yield H123, an error, for everybody whom the plan would lock out.

    Rights of their own of somebody who leaves a role are not known (no export shows them) and
    count as none unless declared. Access ends on the day of `expiration`; without `today` a day
    that is new or earlier than before counts as passed.
    """
    if USERS.of(live.state) is None or not _concerns_access(difference):
        return
    people = present(live.state, today)
    before = _standings(people)
    after = _standings(_aged(planned(difference.final, today), people, today))
    own = folded(live.target.user)
    if own in before:
        yield from _own_user(before[own], after.get(own), difference, live, today)
    else:
        for key, standing in before.items():
            yield from _anybody(standing, after.get(key))
    if _may_run(before) and not _may_run(after):
        yield Finding(
            "H123",
            Severity.ERROR,
            f"Nobody would keep both {_said(sorted(_SOMEBODY))}; now it is"
            f" {', '.join(_may_run(before))}.",
            address="project/users",
            advice="Leave both to somebody.",
        )


def _concerns_access(difference: Difference) -> bool:
    kinds = {USERS.name, ROLES.name, ROLE_ASSIGNMENTS.name}
    return any(change.kind in kinds for change in difference.changes)


def _standings(people: People) -> dict[str, _Standing]:
    return {
        key: _Standing(
            one.username,
            frozenset(
                name
                for name in BY_NAME
                if one.grants is not None and not one.ended and one.grants.holds(name)
            ),
            f"access ends on {one.expires}" if one.ended else "",
        )
        for key, one in people.items()
    }


def _aged(people: People, before: People, today: date | None) -> People:
    """Return people whose access ended as it would seem without a clock: an earlier day came."""
    if today is not None:
        return people
    return {key: replace(one, ended=_sooner(one, before.get(key))) for key, one in people.items()}


def _sooner(after: Access, before: Access | None) -> bool:
    was = before.expires if before is not None else after.expires
    return after.expires != "" and (was == "" or after.expires < was)


def _own_user(
    before: _Standing,
    after: _Standing | None,
    difference: Difference,
    live: Live,
    today: date | None,
) -> Iterator[Finding]:
    name = before.username
    lost = _lost(before, after, (*_OWN, *_managing(difference)))
    if lost:
        yield _refused(
            f"{name}, whose token this is, would lose {_said(lost)}{_why(after)}.",
            name,
            "Leave that to another administrator's token, or keep it in the manifest.",
        )
    elif _people(difference, live).must_leave(name):
        yield _refused(
            f"{name}, whose token this is, would be taken out of a role on the way; whether the"
            " rights of their own that REDCap kept allow going on cannot be seen.",
            name,
            "Let another administrator's token do this.",
        )
    else:
        yield from _mid_way(name, difference, live, today)


def _managing(difference: Difference) -> tuple[str, ...]:
    """Return what the token's own user must keep to read what the manifest manages."""
    desired = difference.desired.state
    groups = "dags" in desired or "dag_assignments" in desired
    return ("data_access_groups",) if groups else ()


def _mid_way(
    name: str, difference: Difference, live: Live, today: date | None
) -> Iterator[Finding]:
    """Refuse a sequence in which an earlier call takes what a later one needs."""
    for found in obstacles(access_steps(difference, live), live, today):
        if found.taken:
            yield _refused(
                f"{name}, whose token this is, would lose {found.said} on the way, before the call"
                f" to {found.step.title}.",
                name,
                "Leave that to another administrator's token.",
            )
            return


def _anybody(before: _Standing, after: _Standing | None) -> Iterator[Finding]:
    lost = _lost(before, after, _ANYBODY)
    if lost:
        yield _refused(
            f"{before.username} would lose {_said(lost)}{_why(after)}, and whose token this is is"
            " not known: it may be theirs.",
            before.username,
            "Say in the environment whose token it is: `user: NAME`.",
        )


def _lost(before: _Standing, after: _Standing | None, rights: Iterable[str]) -> list[str]:
    kept: frozenset[str] = frozenset() if after is None else after.held
    return [right for right in rights if right in before.held - kept]


def _why(after: _Standing | None) -> str:
    if after is None:
        return ": they are removed from the project"
    return f": {after.why_not}" if after.why_not else ""


def _may_run(standings: Mapping[str, _Standing]) -> list[str]:
    return [one.username for one in standings.values() if one.held >= _SOMEBODY]


def _people(difference: Difference, live: Live) -> Whereabouts:
    return Whereabouts(Work(difference.changes, live, difference.desired, difference.final, {}))


def _refused(message: str, username: str, advice: str) -> Finding:
    return Finding(
        "H123", Severity.ERROR, message, address=f"user/{encoded(username)}", advice=advice
    )


def _said(rights: Iterable[str]) -> str:
    return " and ".join(BY_NAME[right].label for right in rights)
