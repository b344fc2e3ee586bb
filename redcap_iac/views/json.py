"""What machines read: plans, findings, the account of an apply, errors; exit code and its name."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from redcap_iac.errors import ManifestError, RedcapIacError
from redcap_iac.findings import Finding
from redcap_iac.plan import Plan, Step
from redcap_iac.plan_json import finding_json, to_json
from redcap_iac.secret import redact
from redcap_iac.views.standing import standing
from redcap_iac.workflow import Applied

EXIT_NAMES: Mapping[int, str] = {
    0: "done",
    1: "error",
    2: "changes",
    3: "stopped",
    4: "stale",
    5: "applied in part",
    6: "access",
    7: "waiting",
    64: "usage",
    130: "interrupted",
}

#: Controls (those of ASCII are escaped by json itself), what reorders a line, halves of letters.
_HIDDEN = re.compile(r"[\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")


def plan_json(plan: Plan, exit_code: int = 0) -> str:
    """Return a plan as the JSON that `show` and `apply` read back."""
    return dumped(to_json(plan, exit_code, _reason(plan)))


def findings_json(findings: Iterable[Finding], exit_code: int) -> str:
    """Return findings, and the exit code of the command that shows them."""
    found = [finding_json(finding) for finding in findings]
    return dumped({"findings": found, "exit": exit_json(exit_code)})


def applied_json(applied: Applied, exit_code: int) -> str:
    """Return the account of an apply."""
    last = applied.outcomes[-1]
    error = last.error or applied.trouble
    proof = applied.proof
    return dumped(
        {
            "done": [_step(step) for each in applied.outcomes for step in each.done],
            "failed": None if last.failed is None else _step(last.failed),
            "not_tried": [_step(step) for step in last.not_tried],
            "uncertain": last.uncertain,
            "interrupted": last.interrupted,
            "error": None if error is None else _error(error),
            "remarks": [remark for each in applied.outcomes for remark in each.remarks],
            "side_effects": list(applied.side_effects),
            "exposed": list(applied.exposed),
            "backup": None if applied.backup is None else str(applied.backup),
            "journal": None if applied.journal is None else str(applied.journal),
            "evidence": _evidence(applied),
            "no_evidence": applied.no_evidence or None,
            "remaining": None if proof is None else [change.address for change in proof.changes],
            "exit": exit_json(exit_code),
        }
    )


def error_json(error: RedcapIacError, exit_code: int) -> str:
    """Return an error, and the findings of a manifest that cannot be read."""
    body: dict[str, Any] = {"error": _error(error)}
    if isinstance(error, ManifestError):
        body["findings"] = [finding_json(finding) for finding in error.findings]
    return dumped({**body, "exit": exit_json(exit_code)})


def exit_json(code: int) -> dict[str, Any]:
    """Return an exit code and its name."""
    return {"code": code, "name": EXIT_NAMES[code]}


def dumped(body: object) -> str:
    """Return JSON as everything here is written: indented, letters as they are.

    What a terminal would obey or nobody would see is escaped, and so are halves of letters, which
    a server's JSON may hold and no file can.
    """
    text = json.dumps(body, indent=2, ensure_ascii=False)
    return _HIDDEN.sub(lambda found: json.dumps(found[0])[1:-1], text)


def _reason(plan: Plan) -> str:
    """Return what waits for an answer, or for a word about deletions."""
    where = standing(plan)
    waits = "" if not where.waiting else where.why_waiting
    needs = f"apply needs {' '.join(where.needed)}" if where.needed else ""
    return ": ".join(part for part in (waits, needs) if part)


def _error(error: RedcapIacError) -> dict[str, str]:
    return {
        "kind": type(error).__name__,
        "message": redact(error.message),
        "advice": redact(error.advice),
    }


def _evidence(applied: Applied) -> dict[str, str] | None:
    """Return where the bundle lies and its digest, to be kept where nobody who applies reaches."""
    bundle = applied.evidence
    return None if bundle is None else {"folder": str(bundle.folder), "sha256": bundle.digest}


def _step(step: Step) -> dict[str, Any]:
    return {
        "title": step.title,
        "content": step.call.content,
        "action": step.call.action,
        "serves": list(step.serves),
    }
