"""The way of a change in production, numbered: who does what, and after what.

Only the dictionary goes through Draft Mode; arms, events, designations and the repeating setup
take effect at once on their own pages (recorded), so what logic may name comes before the draft
and what names new instruments after its approval.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import dropwhile

from redcap_iac.changes import Change, Delete
from redcap_iac.errors import WaitingError
from redcap_iac.findings import Finding, Severity
from redcap_iac.hazard import Answer, Guards
from redcap_iac.plan import TOOL, Plan, Stage, Step
from redcap_iac.production.apart import Apart, fields_of
from redcap_iac.production.package import certain, declared_setting, records
from redcap_iac.production.prediction import (
    SETTING_WORDS,
    Approval,
    Prediction,
    predict,
)
from redcap_iac.state import Live

YOU, ADMINISTRATOR = "you", "administrator"
_DICTIONARY = ("fields", "instruments")


def for_reviewers(
    found: Sequence[Finding], api: Sequence[Finding], apart: Apart
) -> tuple[Finding, ...]:
    """Return hazards of a plan in production: those of the packaged part wait for no answer here.

    Whoever approves the package answers for them; `api` are the hazards of what the API does now.
    Copying values is done now, once it can be; what nothing opens stays refused.
    """
    mine = {(finding.code, finding.address) for finding in api}
    kept = {Answer.NOTE, Answer.REFUSED, *((Answer.MIGRATION,) if apart.copies else ())}
    return tuple(
        finding
        if finding.stake is None
        or finding.stake.answer in kept
        or (finding.code, finding.address) in mine
        else replace(finding, stake=replace(finding.stake, answer=Answer.NOTE))
        for finding in found
    )


def staged(plan: Plan, api: Plan, apart: Apart, live: Live, guards: Guards) -> Plan:
    """Return a plan in production: the calls of now, and all stages; empty ones are left out.

    `api` is a plan of what the API takes now; copies of values are taken over from the whole one.
    """
    copies = [step for step in plan.steps if step.copies] if apart.copies else []
    steps = tuple(sorted((*copies, *api.steps), key=lambda step: step.phase))
    made = [
        stage
        for stage in (
            _now(steps, api),
            _before(apart),
            _draft(apart),
            _approval(plan, apart, live, guards),
            _after(apart, plan.todo),
            _then(apart),
            _copied(apart),
            _second(apart),
        )
        if stage is not None
    ]
    numbered = tuple(replace(stage, number=number) for number, stage in enumerate(made, 1))
    return replace(plan, steps=steps, stages=numbered)


_WAITS = (
    "The project is in production, and what is left to do waits for a person. Nothing was written."
)


def waiting(plan: Plan) -> WaitingError:
    """Return what says who has to act next, and that nothing was written."""
    drafts = [one for one in plan.findings if one.code == "H141" and one.severity != Severity.NOTE]
    if drafts:  # entering and uploading would be wrong: a draft is there already
        said = "\n".join(f"{one.message}\n{one.advice}" for one in drafts)
        return WaitingError(_WAITS, said)
    first, *others = dropwhile(lambda stage: stage.who == TOOL, plan.stages)
    lines = [f"Next, {first.who}: {first.title}.", *first.lines]
    lines += [f"Then, {stage.who}: {stage.title}." for stage in others]
    return WaitingError(_WAITS, "\n".join(lines))


def _now(steps: Sequence[Step], api: Plan) -> Stage | None:
    if not steps:
        return None
    return Stage(
        0,
        TOOL,
        "what the API takes now",
        tuple(step.title for step in steps),
        tuple(change.address for change in api.changes),
    )


def _before(apart: Apart) -> Stage | None:
    """New arms and events, and renamed ones: logic of the draft may name them."""
    changes = [change for change in _schedule(apart) if _comes_before(change)]
    if not changes:
        return None
    return _stage(
        apart,
        YOU,
        "add to the schedule",
        (
            "`redcap-iac package` writes the files and the clicks; they take effect at once.",
            "Your server may leave these pages to administrators.",
        ),
        changes,
    )


def _draft(apart: Apart) -> Stage | None:
    changes = [change for change in apart.packaged if change.kind in _DICTIONARY]
    if not changes:
        return None
    return _stage(
        apart,
        YOU,
        "upload the dictionary in Draft Mode",
        (
            "`redcap-iac package` writes data_dictionary.csv, the reviewer's page and the ticket.",
            "In REDCap: Online Designer, Enter Draft Mode, upload the data dictionary.",
            "Download the draft's dictionary; `redcap-iac package verify --draft FILE` proves it.",
            "Then submit the changes for review.",
        ),
        changes,
    )


def _approval(plan: Plan, apart: Apart, live: Live, guards: Guards) -> Stage | None:
    changes = [change for change in apart.packaged if change.kind in _DICTIONARY]
    if not changes:
        return None
    prediction = predict(fields_of(live.state), apart.fields)
    setting = declared_setting(guards)
    approval = prediction.approval(setting, certain(records(plan)))
    said = f'"{SETTING_WORDS[setting]}"' + ("" if guards.auto_approval else " (not declared)")
    return _stage(
        apart,
        ADMINISTRATOR,
        "approve the draft" if approval is not Approval.AUTOMATIC else "approval, by itself",
        (
            f"{_counted(prediction)}.",
            f"With automatic approval set to {said}: {_EXPECTED[approval]}.",
        ),
        changes,
    )


_EXPECTED = {
    Approval.AUTOMATIC: "REDCap approves it by itself",
    Approval.REVIEW: "an administrator reviews it",
    Approval.UNKNOWN: "it depends on whether there are records, which nobody could tell",
}


def _counted(prediction: Prediction) -> str:
    critical = prediction.critical
    return (
        f"{prediction.added} added, {prediction.modified} modified or deleted;"
        f" {critical} potentially critical issue{'' if critical == 1 else 's'}"
    )


def _after(apart: Apart, labels: Sequence[str]) -> Stage | None:
    changes = [change for change in _schedule(apart) if not _comes_before(change)]
    if not changes:
        return None
    more = ("Instrument labels too: the package lists them.",) if labels else ()
    return _stage(
        apart,
        YOU,
        "finish the schedule",
        (
            "The package has the clicks, and designations.csv once REDCap has named all events.",
            "They take effect at once.",
            *_takes_away(changes),
            *more,
        ),
        changes,
    )


def _takes_away(changes: Sequence[Change]) -> tuple[str, ...]:
    gone = any(isinstance(change, Delete) for change in changes)
    return ("Taking away is for administrators in production.",) if gone else ()


def _then(apart: Apart) -> Stage | None:
    if not apart.later:
        return None
    lines = ("`redcap-iac apply` again: it does the rest and proves it.",)
    return _stage(apart, TOOL, "what the API takes after approval", lines, apart.later)


def _copied(apart: Apart) -> Stage | None:
    if not apart.held:
        return None
    lines = ("`redcap-iac apply --migrate-data` copies the values, old and new names being there.",)
    return Stage(0, TOOL, "copy the values of what is renamed", lines)


def _second(apart: Apart) -> Stage | None:
    if not apart.held:
        return None
    lines = (
        "`redcap-iac package` again: it leaves the old names out. Upload it as the first.",
        (
            "Right before its approval `redcap-iac apply --migrate-data` once more: it copies what"
            " was typed under the old names since; what is typed after it is lost."
        ),
    )
    return _stage(apart, YOU, "a second package that removes the old names", lines, apart.held)


def _stage(
    apart: Apart, who: str, title: str, lines: tuple[str, ...], changes: Sequence[Change]
) -> Stage:
    return Stage(0, who, title, lines, apart.addresses(changes))


def _schedule(apart: Apart) -> Iterator[Change]:
    return (change for change in apart.packaged if change.kind not in _DICTIONARY)


def _comes_before(change: Change) -> bool:
    """Tell whether logic of the draft may name what this brings."""
    if change.kind == "project":
        return True
    return change.kind in ("arms", "events") and not isinstance(change, Delete)
