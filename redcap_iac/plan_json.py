"""A plan as JSON; `design/cli.md`, "Plan as JSON", is its shape. `plan_reading` reads it back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from redcap_iac.calls import Cell, Made
from redcap_iac.changes import Aspect, Normal, Value
from redcap_iac.findings import Finding
from redcap_iac.hazard import Acceptance, Count, Stake
from redcap_iac.plan import FORMAT_VERSION, Plan, PlannedChange, Shift, Stage, Step
from redcap_iac.state import Target


def to_json(plan: Plan, exit_code: int = 0, reason: str = "") -> dict[str, Any]:
    """Return a plan as plain JSON values; `id` is a digest over all the rest but `exit`.

    `exit_code` is what the command that made it ends with: 0, or 2 for changes when asked to tell;
    `reason` says why it may not be applied as it is, where more than `stopped` is in the way.
    """
    body: dict[str, Any] = {
        "format_version": FORMAT_VERSION,
        "created": plan.created,
        "tool": plan.tool,
        "environment": plan.environment,
        "target": _target(plan.target),
        "manifest_digest": plan.manifest_digest,
        "base": plan.base or None,
        "publish": "public" if plan.public else "private",
        "fingerprint": dict(plan.fingerprint),
        "changes": [change_json(change) for change in plan.changes],
        "findings": [finding_json(finding) for finding in plan.findings],
        "impact": [_impact(finding) for finding in plan.findings if _counted(finding)],
        "kept": dict(plan.kept),
        "steps": [_step(step) for step in plan.steps],
        "stages": [_stage(stage) for stage in plan.stages],
        "access": [_shift(shift) for shift in plan.access],
        "acceptances": [_acceptance(acceptance) for acceptance in plan.acceptances],
        "todo": list(plan.todo),
        "blind_spots": list(plan.blind_spots),
        "exit": {
            "code": exit_code,
            "name": "changes" if exit_code else "done",
            "reason": "; ".join((*plan.stopped, *([reason] if reason else [])))
            or ("changes" if plan.changes else "no changes"),
        },
        "stopped": list(plan.stopped),
        "data": plan.data,
        "mask_small": plan.mask_small,
    }
    return {"format_version": FORMAT_VERSION, "id": digest(body), **body}


def plan_id(plan: Plan) -> str:
    """Return what a plan is known by: the same for the plan in memory and the saved one."""
    return str(to_json(plan)["id"])


def digest(body: Mapping[str, Any]) -> str:
    """Return the digest of a plan in JSON, without how the command ended that printed it."""
    told = {name: value for name, value in body.items() if name not in ("id", "exit")}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:32]


def finding_json(finding: Finding) -> dict[str, Any]:
    """Return a finding as plain JSON values."""
    at = finding.position
    return {
        "code": finding.code,
        "severity": str(finding.severity),
        "message": finding.message,
        "address": finding.address,
        "advice": finding.advice,
        "position": None if at is None else {"file": at.file, "line": at.line, "column": at.column},
        "stake": None if finding.stake is None else _stake(finding.stake),
    }


def _stake(stake: Stake) -> dict[str, Any]:
    return {
        "answer": str(stake.answer),
        "undoable": str(stake.undoable),
        "change": stake.change,
        "count": None if stake.count is None else _count(stake.count),
        "names": list(stake.names),
        "public": stake.public,
    }


def _count(count: Count) -> dict[str, Any]:
    return {"number": count.number, "at_least": count.at_least, "of": count.of}


def _counted(finding: Finding) -> bool:
    return finding.stake is not None and finding.stake.count is not None


def _impact(finding: Finding) -> dict[str, Any]:
    assert finding.stake is not None
    assert finding.stake.count is not None
    return {"code": finding.code, "address": finding.address, **_count(finding.stake.count)}


def _shift(shift: Shift) -> dict[str, Any]:
    return {
        "username": shift.username,
        "gained": [_aspect(aspect) for aspect in shift.gained],
        "lost": [_aspect(aspect) for aspect in shift.lost],
    }


def _stage(stage: Stage) -> dict[str, Any]:
    return {
        "number": stage.number,
        "who": stage.who,
        "title": stage.title,
        "lines": list(stage.lines),
        "serves": list(stage.serves),
    }


def _acceptance(given: Acceptance) -> dict[str, Any]:
    return {
        "code": given.code,
        "address": given.address,
        "typed": given.typed,
        "change": given.change,
        "at_most": given.at_most,
        "names": None if given.names is None else list(given.names),
        "who": given.who,
        "why": given.why,
        "until": given.until,
        "at_least": given.at_least,
    }


def _target(target: Target) -> dict[str, Any]:
    return {
        "url": target.url,
        "project_id": target.project_id,
        "title": target.title,
        "status": target.status,
        "version": str(target.version),
        "longitudinal": target.longitudinal,
        "form_rights_in_bits": target.form_rights_in_bits,
        "user": target.user,
    }


def change_json(change: PlannedChange) -> dict[str, Any]:
    """Return a change as it stands in a plan."""
    return {
        "address": change.address,
        "action": change.action,
        "unit": change.unit,
        "group": change.group,
        "label": change.label,
        "before": _normal(change.before),
        "after": _normal(change.after),
        "aspects": [_aspect(aspect) for aspect in change.aspects],
        "origin": change.origin,
    }


def _aspect(aspect: Aspect) -> dict[str, Any]:
    return {
        "name": aspect.name,
        "before": _value(aspect.before),
        "after": _value(aspect.after),
        "origin": aspect.origin,
    }


def _normal(normal: Normal | None) -> list[Any] | None:
    return None if normal is None else [[name, _value(value)] for name, value in normal]


def _value(value: Value) -> Any:
    return value if isinstance(value, str) else [list(pair) for pair in value]


def _step(step: Step) -> dict[str, Any]:
    return {
        "phase": step.phase.name.lower(),
        "kind": step.kind,
        "title": step.title,
        "call": {
            "content": step.call.content,
            "action": step.call.action,
            "rows": [{name: _cell(cell) for name, cell in row.items()} for row in step.call.rows],
            "params": {
                name: value if isinstance(value, str) else [_cell(part) for part in value]
                for name, value in step.call.params.items()
            },
            "header": list(step.call.header),
        },
        "serves": list(step.serves),
        "touches": list(step.touches),
        "makes": [list(made) for made in step.makes],
        "replaces": step.replaces,
        "copies": [
            {"source": c.source, "target": c.target, "codes": [list(pair) for pair in c.codes]}
            for c in step.copies
        ],
    }


def _cell(cell: Cell) -> Any:
    if isinstance(cell, Made):
        return {"$made": cell.address}
    return cell if isinstance(cell, str) else {"$map": dict(cell)}
