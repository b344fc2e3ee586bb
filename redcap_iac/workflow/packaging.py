"""Packages for Draft Mode: made from a plan in production, proven by reading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from redcap_iac.carrier import Carrier
from redcap_iac.carrier.counted import counted
from redcap_iac.differ import Difference, compare
from redcap_iac.errors import GuardError, PartlyAppliedError
from redcap_iac.exporter import fingerprint
from redcap_iac.findings import Finding, Findings, Severity
from redcap_iac.hazard import Answer
from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.plan import PlannedChange
from redcap_iac.planner import Particulars, make_plan
from redcap_iac.production.apart import fields_of, taken_apart
from redcap_iac.production.merge import merge
from redcap_iac.production.package import Colleague, Package, make_package
from redcap_iac.production.record import Record
from redcap_iac.production.verification import Verification, verify_draft, verify_live
from redcap_iac.safety.draft_log import draft_state
from redcap_iac.state import Desired, Live, State
from redcap_iac.workflow.planning import plan
from redcap_iac.workflow.reading import read
from redcap_iac.workflow.session import Goal, Planned, Session


@dataclass(frozen=True, slots=True)
class Draft:
    """A dictionary downloaded from REDCap in Draft Mode: its file, its fields."""

    file: str
    fields: tuple[Field, ...]


class ConflictError(GuardError):
    """A colleague's draft and the manifest want different things; every one is there."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        many = "1 conflict" if len(findings) == 1 else f"{len(findings):,} conflicts"
        super().__init__(
            f"The draft and the manifest do not fit together: {many}. Nothing was written.",
            "Agree with whoever drafted it, then download the draft again.",
        )
        self.findings = findings


@dataclass(frozen=True, slots=True)
class Packaged:
    """A package and the plan it comes from; None when there is nothing to package."""

    planned: Planned
    package: Package | None


def package(session: Session, goal: Goal, draft: Draft | None = None) -> Packaged:
    """Plan, and put the package of a change in production together; reads only.

    With `draft` it is merged with what somebody drafted already. Raises GuardError for a project
    that is not in production, a plan that is stopped, a draft that is open and was not given, a
    package that removes old names before their values are under the new ones, and ConflictError
    where the draft contradicts the manifest.
    """
    planned = plan(session, goal)
    _require_production(planned)
    if planned.plan.stopped:
        raise GuardError(f"The plan is stopped: {planned.plan.stopped[0]}", "Nothing was written.")
    apart = taken_apart(planned.difference, planned.live)
    if apart is None:
        return Packaged(planned, None)
    if apart.copies:
        _require_copied(session, planned)
    colleague = None
    if draft is None:
        _require_no_draft(planned)
    else:
        colleague = _merged(planned, draft, apart.fields)
    made = make_package(planned.plan, planned.live, apart, session.guards, colleague)
    return Packaged(planned, made)


def _require_production(planned: Planned) -> None:
    target = planned.live.target
    if target.status == "development":
        raise GuardError(
            "The project is in development: there is nothing to package, the API takes it all.",
            "`redcap-iac apply` makes the changes.",
        )


def _require_copied(session: Session, planned: Planned) -> None:
    """Refuse to remove old names while values are under them alone: approved, they were lost."""
    findings, live = planned.plan.findings, planned.live
    for one in findings:
        if one.code == "H151" and one.stake is not None and one.stake.answer is Answer.REFUSED:
            raise GuardError(f"H151 {one.message} Nothing was written.", one.advice)
    copies = [copy for step in planned.plan.steps for copy in step.copies]
    known = counted(findings, copies)
    try:
        lacking = Carrier(session.client, live, copies, counted=known).lacking()
    except PartlyAppliedError as error:
        raise GuardError(f"{error.message} No package was written.", error.advice or "") from None
    if lacking:
        said = "1 value is" if lacking == 1 else f"{lacking:,} values are"
        raise GuardError(
            f"This package removes old names, and {said} not under the new ones yet: it would lose"
            " them. No package was written.",
            "`redcap-iac apply --migrate-data` copies them; then package again.",
        )


def _require_no_draft(planned: Planned) -> None:
    for finding in planned.plan.findings:
        if finding.code == "H141" and finding.severity is Severity.WARNING:
            raise GuardError(f"H141 {finding.message} Nothing was written.", finding.advice)


def _merged(planned: Planned, draft: Draft, ours: Sequence[Field]) -> Colleague:
    live = planned.live
    base = fields_of(live.state)
    found = merge(base, draft.fields, ours)
    if found.conflicts:
        raise ConflictError(found.conflicts)
    return Colleague(draft.file, found.fields, _changes(planned, draft.fields))


def _changes(planned: Planned, fields: tuple[Field, ...]) -> tuple[PlannedChange, ...]:
    """Return what a draft changes in the live dictionary, as a plan says it."""
    live = planned.live
    only = Live(live.target, State({"fields": fields_of(live.state)}), live.unreadable)
    bare = tuple(replace(field, at=None) for field in fields)
    difference: Difference = compare(Desired(State({"fields": bare})), only, Findings())
    particulars = Particulars(planned.plan.created, planned.plan.tool, "", "", {})
    return make_plan(difference, only, particulars).changes


def verify(
    session: Session,
    record: Record,
    wanted: tuple[Field, ...] | None,
    draft: Draft | None = None,
) -> Verification:
    """Prove the draft before it is submitted, or without one the live project after approval.

    `wanted` is the dictionary of the package, None when it brings none. Raises GuardError for a
    package of another project.
    """
    live = read(session)
    target = live.target
    if (record.project_id, record.url) != (target.project_id, target.url):
        raise GuardError(
            f'This package is for project {record.project_id} ("{record.title}") at {record.url},'
            f' not for project {target.project_id} ("{target.title}") at {target.url}.',
            "Name the package of this project, or the environment of the package.",
        )
    log = draft_state(session.client, session.now())
    if draft is None:
        return verify_live(record, wanted, live, fingerprint(live), log)
    if wanted is None:
        raise GuardError(
            "This package brings no dictionary: there is no draft to prove.",
            "Leave --draft out: the live project is looked at.",
        )
    return verify_draft(record, wanted, draft.fields, live, fingerprint(live), log)
