"""What a run leaves behind: a backup before the first write, a journal of every call."""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from redcap_iac.changes import Delete
from redcap_iac.errors import RedcapIacError
from redcap_iac.findings import Finding
from redcap_iac.hazard import Acceptance
from redcap_iac.outcome import Unseen, Witness
from redcap_iac.plan import Plan, Step
from redcap_iac.plan_json import plan_id as identity_of
from redcap_iac.safety.acceptance import Answers, bound, needs_acceptance
from redcap_iac.safety.backup import About, Backup, as_text, take
from redcap_iac.safety.journal import DONE, ENDING, Heading, Journal
from redcap_iac.safety.journals import read_journal
from redcap_iac.safety.state_folder import BACKUPS, JOURNALS, alone, new_folder, prepared
from redcap_iac.safety.window import LogWindow
from redcap_iac.state import Live, Target
from redcap_iac.workflow.session import Applied, Goal, Planned, Session

_STAMP = re.compile(r"\d{8}T\d{6}Z(?=-)", re.ASCII)
#: What a run is for that applies the manifest: alone, or as the end of making its project.
APPLY, CREATE = "apply", "create"


@dataclass(frozen=True, slots=True)
class Keeping:
    """How a run is to be kept.

    `plan_id` is the id of the saved plan that was approved ("" for one made just now), `purpose`
    what the run is for, `resumes` the journal it goes on from; `records` seals, of a live project,
    the record values that the plan destroys (None: they are not kept).
    """

    plan_id: str = ""
    purpose: str = APPLY
    resumes: str = ""
    records: Callable[[Live], str] | None = None


class Kept:
    """What is kept of the run that is going on; nothing of it where nothing is kept."""

    def __init__(
        self,
        journal: Journal | None = None,
        backup: Path | None = None,
        window: LogWindow | None = None,
    ) -> None:
        self._journal = journal
        self._backup = backup
        self._window = window
        self.witness: Witness = Unseen() if journal is None else journal

    def plan(self, steps: tuple[Step, ...]) -> None:
        """Note that the run goes on with a new plan."""
        if self._journal is not None:
            self._journal.plan(steps)

    def told(self, applied: Applied) -> Applied:
        """Return the account with where things lie, who is exposed, who else was at work."""
        if self._journal is None:
            return applied
        exposed = read_journal(self._journal.path).exposed()
        outcomes = applied.outcomes
        if self._window is not None and outcomes and any(outcome.done for outcome in outcomes):
            said = (*outcomes[-1].remarks, *self._window.remarks())
            outcomes = (*outcomes[:-1], replace(outcomes[-1], remarks=said))
        return replace(
            applied, outcomes=outcomes, backup=self._backup, journal=self._journal.path,
            exposed=exposed,
        )  # fmt: skip

    def end(self, applied: Applied) -> None:
        """Note how the run ended; a full disk does not take back what was done."""
        if self._journal is not None:
            with suppress(RedcapIacError):
                self._journal.end(how_it_ended(applied))


@contextmanager
def kept(
    session: Session, goal: Goal, planned: Planned, answers: Answers, keeping: Keeping
) -> Iterator[Kept]:
    """Hold the project for this run, back it up and open its journal.

    Raises GuardError when nothing can be kept, or another run is going on: nothing was written.
    """
    plan = planned.plan
    if session.state_dir is None or not (plan.steps or keeping.resumes):
        yield Kept()
        return
    with alone(session.state_dir, subject(plan.target)):
        plan_id = keeping.plan_id or identity_of(plan)
        backup = back_up(session, plan.target, plan_id, keeping.records) if plan.steps else None
        journal = Journal(free_name(session, plan.target, plan_id), session.now)
        try:
            journal.begin(
                _heading(session, goal, planned, plan_id, answers, keeping, backup), plan.steps
            )
            window = LogWindow(session.client, plan.target.user, session.now())
            yield Kept(journal, None if backup is None else backup.folder, window)
        finally:
            journal.close()


def back_up(
    session: Session,
    target: Target,
    plan_id: str = "",
    records: Callable[[Live], str] | None = None,
    *,
    out: Path | None = None,
) -> Backup:
    """Take a backup into the state folder, or into a new folder `out`, and verify it.

    Raises GuardError when there is no place for it, and whatever reading the project raises.
    """
    if out is not None:
        folder = new_folder(prepared(out.parent), out.name)
    else:
        assert session.state_dir is not None
        parent = prepared(session.state_dir, BACKUPS)
        plan = f"-{plan_id[:8]}" if plan_id else ""
        folder = new_folder(parent, f"{_stamp(session)}-{target.project_id}{plan}")
    created = session.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    about = About(created, session.tool, session.environment, plan_id)
    return take(session.client, folder, about, user=target.user, records=records)


def words_of(plan: Plan, answers: Answers) -> tuple[Acceptance, ...]:
    """Return the word given for each hazard of a plan, bound to what was shown of it."""
    return tuple(
        replace(one, typed=word.typed)
        for finding in plan.findings
        if (word := _word(finding, answers)) is not None
        for one in bound((replace(word, typed=True, change=""),), (finding,))
    )


def deletions(planned: Planned) -> tuple[str, ...]:
    """Return the addresses of what a plan deletes."""
    changes = planned.difference.changes
    return tuple(sorted(change.address for change in changes if isinstance(change, Delete)))


def _word(finding: Finding, answers: Answers) -> Acceptance | None:
    """Return whose word opened a hazard, None for one that needed no word, or has none."""
    stake = finding.stake
    if stake is None or not needs_acceptance(stake) or not answers.covers(finding):
        return None
    return answers.acceptance_of(finding) or Acceptance(finding.code, finding.address, typed=True)


def _heading(
    session: Session,
    goal: Goal,
    planned: Planned,
    plan_id: str,
    answers: Answers,
    keeping: Keeping,
    backup: Backup | None,
) -> Heading:
    plan = planned.plan
    return Heading(
        plan_id=plan_id,
        target=as_text(plan.target),
        environment=session.environment,
        tool=session.tool,
        manifest_digest=goal.digest,
        started=session.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
        steps=len(plan.steps),
        purpose=keeping.purpose,
        resumes=keeping.resumes,
        backup="" if backup is None else backup.folder.name,
        backup_id="" if backup is None else backup.identity,
        allow_delete=tuple(sorted(str(unit) for unit in answers.allow_delete)),
        migrate_data=answers.migrate_data,
        acceptances=words_of(plan, answers),
        deletes=deletions(planned),
        pid=os.getpid(),
        host=socket.gethostname(),
    )


def how_it_ended(applied: Applied) -> str:
    """Return how a run ended, as its journal tells it: `done`, or why there is something left."""
    last = applied.outcomes[-1] if applied.outcomes else None
    if applied.outcomes and applied.is_complete:
        return DONE
    if applied.outcomes and applied.is_waiting:
        return "waiting"
    if last is not None and last.interrupted:
        return "interrupted"
    if last is not None and last.error is not None:
        return "uncertain" if last.uncertain else "failed"
    return "not proven"


def _stamp(session: Session) -> str:
    return session.now().strftime("%Y%m%dT%H%M%SZ")


def subject(target: Target) -> str:
    """Return the name under which one run at a time holds a project."""
    host = "".join(c if c.isalnum() else "-" for c in target.url.partition("://")[2])
    return f"{host.strip('-')}-{target.project_id}"


def free_name(session: Session, target: Target, identity: str) -> Path:
    """Return where a new journal goes: names sort by time, numbers tell those of one second apart.

    Where the clock went back, the time is that of the last journal there: the new one is the last.
    Raises GuardError when nothing can be written there.
    """
    assert session.state_dir is not None
    folder = prepared(session.state_dir, JOURNALS)
    stamps = [found[0] for path in folder.glob(f"*{ENDING}") if (found := _STAMP.match(path.name))]
    stamp = max([_stamp(session), *stamps])
    number = stamps.count(stamp) + 1
    name = f"{stamp}-{number:04}-{target.project_id}-{identity[:8]}"
    return folder / f"{name}{ENDING}"
