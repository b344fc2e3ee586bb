"""Changes → ordered steps → plan; pure: counts and clocks are handed in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from redcap_iac.calls import Call, Made
from redcap_iac.changes import Change, Create, Delete, Rename, Update
from redcap_iac.differ import Difference
from redcap_iac.findings import Finding, Findings
from redcap_iac.kinds import all_kinds, kind_named
from redcap_iac.kinds.dictionary.hints import followed
from redcap_iac.kinds.dictionary.renames import renamed
from redcap_iac.kinds.kind import Kind, Work
from redcap_iac.plan import Plan, PlannedChange, Shift, Step
from redcap_iac.safety.access import difference as differing_access
from redcap_iac.safety.access import planned, present, under_new_names
from redcap_iac.state import DESIGN_UNITS, Live

#: What no export of the API shows; closes every plan.
BLIND_SPOTS = (
    "alerts",
    "survey settings and automated invitations",
    "form display logic",
    "data quality rules",
    "reports",
    "external modules",
)

#: Array parameters are cut to pieces of this size: PHP reads at most 1,000 variables (inferred).
_MOST_IN_ONE_CALL = 500


@dataclass(frozen=True, slots=True)
class Particulars:
    """What a plan says of itself besides its changes: when, by which tool, from which manifest."""

    created: str
    tool: str
    environment: str
    manifest_digest: str
    fingerprint: Mapping[str, str]
    data: str = ""


def make_plan(
    difference: Difference,
    live: Live,
    particulars: Particulars,
    findings: Sequence[Finding] = (),
) -> Plan:
    """Order what differs into calls; findings of severity error stop the plan."""
    work = _work(difference, live)
    found = Findings()
    for finding in findings:
        found.add(finding)
    for kind in all_kinds():
        kind.foresee(work, found)
    return Plan(
        created=particulars.created,
        tool=particulars.tool,
        environment=particulars.environment,
        target=live.target,
        manifest_digest=particulars.manifest_digest,
        fingerprint=particulars.fingerprint,
        changes=_all_planned(difference, live),
        findings=found.all(),
        steps=_steps(work),
        kept=difference.kept,
        todo=tuple(line for kind in all_kinds() for line in kind.todo(work)),
        blind_spots=BLIND_SPOTS,
        stopped=tuple(f"{finding.code} {finding.message}" for finding in found.errors()),
        data=particulars.data,
        access=_shifts(difference, live, particulars.created),
    )


def _shifts(difference: Difference, live: Live, created: str) -> tuple[Shift, ...]:
    """Return how everybody's access differs, on the day the plan was made."""
    today = date.fromisoformat(created[:10]) if created else None
    names = followed(difference.desired.state, live.state).instruments
    before = under_new_names(present(live.state, today), names)
    return differing_access(before, planned(difference.final, today))


def _work(difference: Difference, live: Live) -> Work:
    return Work(
        changes=difference.changes,
        live=live,
        desired=difference.desired,
        final=difference.final,
        volatile=_volatile(difference.changes),
    )


def _volatile(changes: Sequence[Change]) -> Mapping[str, Made]:
    """Return the live names that renames may change: those the server makes from the label."""
    return {
        change.key: Made(change.address)
        for change in changes
        if isinstance(change, Rename)
        and isinstance(change.key, str)
        and kind_named(change.kind).name_follows_label
    }


def _steps(work: Work) -> tuple[Step, ...]:
    steps = [step for kind in all_kinds() for step in kind.steps(work)]
    pieces = [piece for step in steps for piece in _cut(step)]
    return tuple(sorted(pieces, key=lambda step: step.phase))  # stable: kinds keep their order


def _cut(step: Step) -> Sequence[Step]:
    """Cut a deletion of very many into several calls; anything else stays one."""
    arrays = {name: v for name, v in step.call.params.items() if isinstance(v, tuple)}
    if not arrays or step.call.rows:
        return [step]
    (name, values), *others = arrays.items()
    if others or len(values) <= _MOST_IN_ONE_CALL:
        return [step]
    starts = range(0, len(values), _MOST_IN_ONE_CALL)
    return [_with_array(step, name, values[at : at + _MOST_IN_ONE_CALL]) for at in starts]


def _with_array(step: Step, name: str, values: tuple[str | Made, ...]) -> Step:
    call = Call(step.call.content, step.call.action, (), {**step.call.params, name: values})
    return Step(
        step.phase, step.kind, step.title, call, step.serves, step.touches, (), step.replaces
    )


def _all_planned(difference: Difference, live: Live) -> tuple[PlannedChange, ...]:
    """Return the changes; what is said of an event names it as people know it."""
    names = _event_names(difference, live)
    hints = followed(difference.desired.state, live.state)
    changes = renamed(difference.changes, hints) if hints else difference.changes
    return tuple(_planned(change, names) for change in changes)


def _event_names(difference: Difference, live: Live) -> Mapping[object, str]:
    """Return `Baseline (arm 1)` by unique name, of events that are alone in having that name."""
    kind: Kind[Any] = kind_named("events")
    events = (*kind.items(live.state), *kind.items(difference.final))
    labels = {kind.key(event): kind.label(event) for event in events}
    often = Counter(labels.values())
    return {key: label for key, label in labels.items() if often[label] == 1}


def _planned(change: Change, event_names: Mapping[object, str]) -> PlannedChange:
    kind: Kind[Any] = kind_named(change.kind)
    action = {Create: "create", Update: "update", Delete: "delete", Rename: "rename"}
    before = None if isinstance(change, Create) else change.before
    after = None if isinstance(change, Delete) else change.after
    shown = before if after is None else after
    assert shown is not None
    return PlannedChange(
        address=change.address,
        action=action[type(change)],
        unit=str(kind.unit),
        group=kind.group(shown),
        label=_label(kind, shown, event_names),
        before=None if before is None else kind.normal(before),
        after=None if after is None else kind.normal(after),
        aspects=() if isinstance(change, Create | Delete) else change.aspects,
    )


def _label(kind: Kind[Any], item: Any, event_names: Mapping[object, str]) -> str:  # noqa: ANN401
    """Return the label of an item, of one on an event with the name people know the event by."""
    named = event_names.get(getattr(item, "event", None))
    return kind.label(replace(item, event=named) if named else item)


def design_steps(plan: Plan) -> tuple[Step, ...]:
    """Return the steps that REDCap's API refuses outside development; values it takes always."""
    refused = {str(unit) for unit in DESIGN_UNITS}
    return tuple(
        step
        for step in plan.steps
        if str(kind_named(step.kind).unit) in refused and not step.copies
    )
