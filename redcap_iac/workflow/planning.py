"""Export, compare, count, foresee: how a plan is made."""

from __future__ import annotations

from dataclasses import replace
from typing import TypedDict

from redcap_iac.calls import Call
from redcap_iac.changes import Delete
from redcap_iac.differ import Difference, compare
from redcap_iac.errors import RightsError, SuspiciousReadError
from redcap_iac.exporter import fingerprint
from redcap_iac.findings import Findings
from redcap_iac.hazard import Guards
from redcap_iac.kinds import kind_named
from redcap_iac.kinds.visits import comparable
from redcap_iac.plan import Phase, Step
from redcap_iac.planner import Particulars, make_plan
from redcap_iac.production.apart import taken_apart
from redcap_iac.production.stages import for_reviewers, staged
from redcap_iac.safety.acceptance import holding
from redcap_iac.safety.blame import read_log
from redcap_iac.safety.draft_log import draft_state
from redcap_iac.safety.elsewhere import fetch
from redcap_iac.safety.entries import rotten
from redcap_iac.safety.hazards import foreseen, questions
from redcap_iac.safety.impact import count
from redcap_iac.safety.names_gone import may_lose_names
from redcap_iac.safety.origins import undone, with_origins
from redcap_iac.safety.scene import LogLine, Scene
from redcap_iac.state import Desired, Live
from redcap_iac.workflow.reading import read
from redcap_iac.workflow.session import Goal, Planned, Session


def plan(session: Session, goal: Goal) -> Planned:
    """Export, compare, foresee; a plan that would delete is made from two equal reads."""
    live = read(session)
    planned = plan_from(session, goal, live)
    check_deletions(session, planned, live)
    return planned


def check_deletions(session: Session, planned: Planned, live: Live) -> None:
    """Read once more before anything is deleted: a short read can look like an empty project."""
    if not any(isinstance(change, Delete) for change in planned.difference.changes):
        return
    if fingerprint(read(session)) != fingerprint(live):
        raise SuspiciousReadError(
            "Two reads in a row were not equal, and the plan would delete.",
            "Somebody may be saving at this moment, or the server answered short: try again.",
        )


def plan_from(session: Session, goal: Goal, live: Live) -> Planned:
    """Compare with what was read, count, foresee; makes no second read."""
    _check_readable(goal.desired, live)
    findings = Findings()
    desired = comparable(goal.desired, live, findings, fresh=goal.fresh)
    difference = compare(desired, live, findings)
    scene = Scene(
        difference,
        live,
        session.guards,
        session.now().date(),
        goal.fresh,
        oversight=session.oversight,
        **_outside(session, goal, difference, live),
    )
    if not goal.fresh and may_lose_names(difference):
        scene = replace(scene, elsewhere=fetch(session.client))
    apart = taken_apart(difference, live)
    if apart is not None:
        scene = replace(scene, draft=draft_state(session.client, session.now()))
    counts = count(session.client, live, questions(scene), session.guards.impact)
    today = session.now().date()
    found = foreseen(scene, counts)
    if apart is not None:
        found = for_reviewers(found, foreseen(replace(scene, difference=apart.now), counts), apart)
    for finding in found:
        findings.add(finding)
    for finding in rotten(session.guards, findings.all(), today):
        findings.add(finding)
    particulars = Particulars(
        created=session.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
        tool=session.tool,
        environment=session.environment,
        manifest_digest=goal.digest,
        fingerprint=fingerprint(live),
        data=session.guards.data,
    )
    made = make_plan(difference, live, particulars, findings.all())
    if apart is not None:
        api = make_plan(apart.now, live, particulars)
        made = staged(made, api, apart, live, session.guards)
    words = holding(session.guards.accept, made.findings, today)
    made = replace(made, acceptances=words, mask_small=session.guards.mask_small)
    if goal.base is not None and scene.outside is not None:
        made = replace(with_origins(made, difference, scene.outside), base=goal.base.said)
    return Planned(made, live, difference)


class _Outside(TypedDict, total=False):
    """What a scene knows of work done outside."""

    base: str
    outside: Difference
    log: tuple[LogLine, ...] | None
    base_guards: Guards | None


def _outside(session: Session, goal: Goal, difference: Difference, live: Live) -> _Outside:
    """Compare the manifest as it was at the base with live; read the log only where it matters."""
    if goal.base is None:
        return {}
    before = comparable(goal.base.desired, live, Findings(), fresh=False)
    outside = compare(before, live, Findings())
    matters = any(True for _ in undone(difference, outside))
    log = read_log(session.client, goal.base.when) if matters else None
    return {
        "base": goal.base.said,
        "outside": outside,
        "log": log,
        "base_guards": goal.base.guards,
    }


def plan_again(session: Session, goal: Goal, surplus: str) -> Planned:
    """Plan what is left once hidden events came to light; take a surplus one away at the end."""
    live = read(session)
    if not surplus:
        planned = plan_from(session, goal, live)
        check_deletions(session, planned, live)
        return planned
    kept = tuple(
        event
        for event in live.state.kinds.get("events", ())
        if getattr(event, "unique_name", "") != surplus
    )
    planned = plan_from(session, goal, replace(live, state=live.state.having("events", kept)))
    check_deletions(session, planned, live)
    away = Step(
        Phase.DELETE_EVENTS,
        "events",
        "delete the empty event made to see what the project held",
        Call("event", "delete", params={"events": (surplus,)}),
        (),
        ("arms", "events", "designations", "repeating"),
        replaces=True,
    )
    steps = sorted((*planned.plan.steps, away), key=lambda step: step.phase)
    return replace(planned, live=live, plan=replace(planned.plan, steps=tuple(steps)))


def _check_readable(desired: Desired, live: Live) -> None:
    """Refuse to plan a section the token may not read: it would look empty."""
    for name, reason in live.unreadable.items():
        if name in desired.state:
            kind = kind_named(name)
            raise RightsError(
                f"The manifest manages {kind.unit}, but the token may not read them: {reason}",
                f"Ask for the right, or leave the section out of the manifest ({kind.unit}).",
            )
