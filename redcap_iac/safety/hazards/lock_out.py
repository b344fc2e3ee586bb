"""H123: somebody, or everybody, would be locked out; M421, M422: what this token may not do."""

from __future__ import annotations

from collections.abc import Iterator

from redcap_iac.findings import Finding, Severity
from redcap_iac.hazard import Answer, Undoable
from redcap_iac.kinds import all_kinds
from redcap_iac.kinds.kind import Work, encoded
from redcap_iac.kinds.people import folded
from redcap_iac.plan import Step
from redcap_iac.safety import preflight
from redcap_iac.safety.access import planned, present
from redcap_iac.safety.hazards import Counts
from redcap_iac.safety.lockout import lock_outs
from redcap_iac.safety.scene import Scene

#: How many calls a line names.
_MOST_CALLS = 3


def found(scene: Scene, counts: Counts) -> Iterator[Finding]:  # noqa: ARG001 - counts nothing
    """Refuse what would take from the token's user, or from all, what running a project needs."""
    yield from lock_outs(scene.difference, scene.live, scene.today)
    yield from _confined(scene)
    yield from _may_not(scene)


def _confined(scene: Scene) -> Iterator[Finding]:
    """H123, to be accepted: the token's own user would see one site's records only."""
    own = folded(scene.live.target.user)
    before = present(scene.live.state, scene.today).get(own)
    after = planned(scene.difference.final, scene.today).get(own)
    if before is None or after is None or before.site != "" or after.site == "" or scene.fresh:
        return
    yield scene.hazard(
        "H123",
        f"{own} {after.site_named}",
        lambda voice: (
            f"{voice.people([after.username])}, whose token this is, would be put into group"
            f" {after.site_named} and see its records alone: counts, backups and copies made with"
            " this token would be of that site only."
        ),
        Answer.ACCEPTANCE,
        Undoable.YES,
        address=f"user/{encoded(after.username)}/dag",
        names=(after.username,),
        advice="Keep the token's own user in no group.",
    )


def _may_not(scene: Scene) -> Iterator[Finding]:
    """M421 and M422, warnings: apply would refuse; a plan takes no more than an export token."""
    steps = _steps(scene)
    target = scene.live.target
    refused: dict[tuple[str, ...], list[preflight.Obstacle]] = {}
    for one in preflight.obstacles(steps, scene.live, scene.today):
        if not one.taken:
            refused.setdefault(one.lacking, []).append(one)
    for alike in refused.values():
        titles = [one.step.title for one in alike]
        calls = ", ".join(titles[:_MOST_CALLS])
        more = f" and {len(titles) - _MOST_CALLS} more" if len(titles) > _MOST_CALLS else ""
        yield Finding(
            "M421",
            Severity.WARNING,
            f"This token may not {calls}{more}: {target.user} does not hold {alike[0].said}.",
            address=f"user/{encoded(target.user)}",
            advice=preflight.advice(alike[0]),
        )
    for step, since in preflight.doubtful(steps, target.version):
        yield Finding(
            "M422",
            Severity.WARNING,
            f"This server may not {step.title}: REDCap {target.version} is older than {since}, the"
            " first known to have that method.",
            address="project/version",
            advice="It is tried all the same, and REDCap's own words are shown if it refuses.",
        )


def _steps(scene: Scene) -> tuple[Step, ...]:
    difference = scene.difference
    work = Work(difference.changes, scene.live, difference.desired, difference.final, {})
    steps = [step for kind in all_kinds() for step in kind.steps(work)]
    taken = [step for step in steps if preflight.is_taken_now(step, scene.live)]
    return tuple(sorted(taken, key=lambda step: step.phase))
