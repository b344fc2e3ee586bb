"""What was applied from here: one line for each run, from evidence and journals."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from redcap_iac.errors import RedcapIacError
from redcap_iac.safety.evidence import bundles
from redcap_iac.safety.journals import Record, journals, read_journal
from redcap_iac.safety.state_folder import EVIDENCE, JOURNALS


@dataclass(frozen=True, slots=True)
class Run:
    """One apply or restore: when, where, by whom (claimed), with what end and what proof.

    `who` is the CI service's actor, else the login; `changes` counts by action, empty when only a
    journal tells of the run; `evidence` is the folder of its bundle, "" without; `resumes` the
    journal of the run it went on from.
    """

    when: str
    environment: str
    project_id: str
    title: str
    purpose: str
    who: str
    user: str
    commit: str
    how: str
    plan_id: str
    changes: tuple[tuple[str, int], ...] = ()
    evidence: str = ""
    digest: str = ""
    resumes: str = ""


def history(state_dir: Path) -> tuple[Run, ...]:
    """Return every run that left a trace, the newest first; vouches for none of it."""
    found: list[tuple[str, Run]] = []
    told: set[str] = set()
    for bundle in bundles(state_dir / EVIDENCE):
        body: Any = bundle.body
        try:
            run = _of_bundle(body, bundle.folder.name, bundle.digest)
        except (KeyError, TypeError, ValueError, AttributeError):
            continue  # damaged, as below
        told.add(str(body["journal"]))
        found.append((str(body["journal"]), run))
    for path in journals(state_dir / JOURNALS):
        if path.name in told:
            continue
        try:
            record = read_journal(path)
        except RedcapIacError:
            continue  # damaged: `evidence check` speaks of that
        if record.entries:
            found.append((path.name, _of_journal(record)))
    return tuple(run for _, run in sorted(found, key=lambda one: one[0], reverse=True))


def _of_bundle(body: Any, name: str, digest: str) -> Run:  # noqa: ANN401 - json as written
    source = body["provenance"]
    return Run(
        when=body["created"],
        environment=body["environment"],
        project_id=body["target"]["project_id"],
        title=body["title"],
        purpose=body.get("purpose", "apply"),
        who=source["ci"].get("actor") or source["claimed"].get("login", ""),
        user=body["user"],
        commit=source["commit"],
        how=body["how"],
        plan_id=body["plan_id"],
        changes=tuple((action, int(number)) for action, number in body["changes"].items()),
        evidence=name,
        digest=digest,
        resumes=str(body.get("resumes", "")),
    )


def _of_journal(record: Record) -> Run:
    heading = record.heading
    return Run(
        when=heading.started,
        environment=heading.environment,
        project_id=heading.target.get("project_id", ""),
        title=heading.target.get("title", ""),
        purpose=heading.purpose,
        who="",
        user=heading.target.get("user", ""),
        commit="",
        how=record.how or "killed",
        plan_id=heading.plan_id,
        resumes=heading.resumes,
    )
