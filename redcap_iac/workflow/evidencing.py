"""After a run: the bundle of evidence, from what was planned, done, read before and after."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from redcap_iac.errors import RedcapIacError
from redcap_iac.plan import Plan
from redcap_iac.plan_json import plan_id as identity_of
from redcap_iac.plan_json import to_json
from redcap_iac.safety.acceptance import Answers
from redcap_iac.safety.backup import RECORDS, About, Backup, take
from redcap_iac.safety.evidence import Bundle, write_bundle
from redcap_iac.safety.state_folder import CACHE, EVIDENCE, prepared
from redcap_iac.secret import redact
from redcap_iac.state import Target
from redcap_iac.workflow.keeping import Keeping, how_it_ended, words_of
from redcap_iac.workflow.session import Applied, Planned, Session


def attested(
    session: Session, planned: Planned, answers: Answers, applied: Applied, keeping: Keeping
) -> Applied:
    """Return the account with its bundle, or with why none could be written: the run is done."""
    try:
        bundle = evidence(session, planned, answers, applied, keeping)
    except (RedcapIacError, OSError) as error:
        said = error.message if isinstance(error, RedcapIacError) else error.strerror or ""
        return replace(applied, no_evidence=said or "the folder cannot be written")
    return replace(applied, evidence=bundle)


def evidence(
    session: Session, planned: Planned, answers: Answers, applied: Applied, keeping: Keeping
) -> Bundle | None:
    """Write the bundle of a run that has ended; None where nothing is kept.

    It says what the run was for, and which one it went on from.

    What REDCap shows after the run is exported once more; where that fails, the bundle says so.
    Raises GuardError, RedcapIacError or OSError when the bundle cannot be written.
    """
    if session.state_dir is None or applied.journal is None:
        return None
    how = how_it_ended(applied)
    plan = planned.plan
    created = session.now()
    plan_id = identity_of(plan)
    after, not_read = _after(session, plan)
    files = {
        "plan.json": _json(to_json(plan)),
        "acceptances.json": _json([asdict(one) for one in words_of(plan, answers)]),
        "provenance.json": _json(asdict(session.provenance)),
        "proof.json": _json(_proof(applied, how, not_read)),
        "journal.jsonl": applied.journal.read_bytes(),
        **_under("before", _contents(applied.backup)),
        **_under("after", after),
    }
    about = {
        "created": created.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "tool": session.tool,
        "environment": session.environment,
        "target": {"url": plan.target.url, "project_id": plan.target.project_id},
        "title": plan.target.title,
        "user": plan.target.user,
        "plan_id": plan_id,
        "manifest_digest": plan.manifest_digest,
        "journal": applied.journal.name,
        "purpose": keeping.purpose,
        "resumes": keeping.resumes,
        "how": how,
        "changes": {
            action: plan.count(action) for action in ("create", "update", "rename", "delete")
        },
        "provenance": asdict(session.provenance),
    }
    stamp = created.strftime("%Y%m%dT%H%M%SZ")
    name = f"{stamp}-{plan.target.project_id}-{plan_id[:8]}"
    return write_bundle(prepared(session.state_dir, EVIDENCE), name, files, about)


def values_evidence(
    session: Session, target: Target, backup: Backup, journal: Path, missing: int
) -> Bundle:
    """Write the bundle of values that were brought back: how many did not come, never a value.

    Raises GuardError, RedcapIacError or OSError when it cannot be written.
    """
    assert session.state_dir is not None
    created = session.now()
    how = "done" if not missing else "not proven"
    files = {
        "provenance.json": _json(asdict(session.provenance)),
        "proof.json": _json({"how": how, "proven": not missing, "values_missing": missing}),
        "journal.jsonl": journal.read_bytes(),
    }
    about = {
        "created": created.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "tool": session.tool,
        "environment": session.environment,
        "target": {"url": target.url, "project_id": target.project_id},
        "title": target.title,
        "user": target.user,
        "plan_id": "",
        "backup_id": backup.identity,
        "journal": journal.name,
        "purpose": f"values of the backup {backup.folder.name}",
        "resumes": "",
        "how": how,
        "changes": {},
        "provenance": asdict(session.provenance),
    }
    name = f"{created.strftime('%Y%m%dT%H%M%SZ')}-{target.project_id}-values"
    return write_bundle(prepared(session.state_dir, EVIDENCE), name, files, about)


def _proof(applied: Applied, how: str, not_read: str) -> Mapping[str, Any]:
    """Return what a plan made after the run still found, and what else was seen."""
    proof = applied.proof
    error = applied.outcomes[-1].error if applied.outcomes else None
    error = error or applied.trouble
    return {
        "how": how,
        "proven": applied.is_complete,
        "remaining": None if proof is None else [change.address for change in proof.changes],
        "side_effects": list(applied.side_effects),
        "remarks": [remark for outcome in applied.outcomes for remark in outcome.remarks],
        "error": None if error is None else redact(f"{type(error).__name__}: {error.message}"),
        "after_not_read": not_read,
    }


def _after(session: Session, plan: Plan) -> tuple[Mapping[str, bytes], str]:
    """Return every export as it is now, by file name, or why it could not be read."""
    assert session.state_dir is not None
    created = session.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    about = About(created, session.tool, session.environment, identity_of(plan))
    with TemporaryDirectory(dir=prepared(session.state_dir, CACHE)) as folder:
        try:
            taken = take(session.client, Path(folder), about, user=plan.target.user)
        except RedcapIacError as error:
            return {}, redact(error.message)
        return _contents(taken.folder), ""


def _contents(folder: Path | None) -> Mapping[str, bytes]:
    """Return the files of a backup by name, sealed record values left where they are."""
    if folder is None:
        return {}
    files = (path for path in folder.iterdir() if path.is_file() and path.name != RECORDS)
    return {path.name: path.read_bytes() for path in files}


def _under(folder: str, files: Mapping[str, bytes]) -> Mapping[str, bytes]:
    return {f"{folder}/{name}": data for name, data in files.items()}


def _json(body: object) -> bytes:
    return (json.dumps(body, indent=1) + "\n").encode()
