"""Carry a plan out in front of a person: interrupts finish the call in flight, then the account."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from types import FrameType

from redcap_iac.cli.invocation import INTERRUPTED, Invocation
from redcap_iac.errors import GuardError, RedcapIacError
from redcap_iac.manifest.provenance import provenance
from redcap_iac.safety.evidence import Bundle
from redcap_iac.safety.state_folder import NAME as STATE_FOLDER
from redcap_iac.views.account import account_lines
from redcap_iac.views.findings import error_lines
from redcap_iac.views.journal import exposed_lines
from redcap_iac.views.json import applied_json
from redcap_iac.views.printable import printable
from redcap_iac.workflow import Answers, Applied, Goal, Planned, Session, apply
from redcap_iac.workflow.keeping import Keeping

NO_EVIDENCE = 1
IN_PART = 5
WAITING = 7
_NO_ANSWERS = Answers()
_AS_USUAL = Keeping()


class Stop:
    """Whether somebody asked to stop."""

    def __init__(self, invocation: Invocation) -> None:
        self._invocation = invocation
        self.asked = False

    def __call__(self) -> bool:
        """Tell whether to make no more calls."""
        return self.asked

    def ask(self, _number: int, _frame: FrameType | None) -> None:
        """Note an interrupt; the call in flight is not cut."""
        if not self.asked:
            self._invocation.screen.say("Stopping once the call in flight is answered …")
        self.asked = True


def carry_out(
    invocation: Invocation,
    session: Session,
    goal: Goal,
    planned: Planned,
    answers: Answers = _NO_ANSWERS,
    keeping: Keeping = _AS_USUAL,
) -> int:
    """Apply a plan, print its account, return the exit code."""
    applied = made(invocation, session, goal, planned, answers, keeping)
    code = exit_code(applied)
    lines = account_lines(applied, invocation.screen.width)
    if invocation.machine:
        invocation.screen.fail(lines)
        invocation.screen.show(applied_json(applied, code))
    else:
        invocation.screen.show(lines)
    say_what_is_kept(invocation, applied)
    return code


def made(
    invocation: Invocation,
    session: Session,
    goal: Goal,
    planned: Planned,
    answers: Answers,
    keeping: Keeping,
) -> Applied:
    """Apply a plan where what is kept of it will last; interrupts finish the call in flight."""
    if planned.plan.steps:
        session.client.require_writable()  # no backup and no journal of a run that cannot be
        require_durable(invocation, session)
    session = knowing(invocation, session)
    with stoppable(invocation) as stop:
        return apply(
            session, goal, planned, invocation.screen, answers=answers, should_stop=stop,
            keeping=keeping,
        )  # fmt: skip


def knowing(invocation: Invocation, session: Session) -> Session:
    """Return the session with who runs it and from which commit."""
    source = provenance(invocation.folder, invocation.outside.environ)
    return replace(session, provenance=source)


def say_evidence(invocation: Invocation, bundle: Bundle) -> None:
    """Say where the bundle lies, and its digest, to be kept where nobody who applies reaches."""
    invocation.screen.say(printable(f"Evidence: {bundle.folder}"))
    invocation.screen.say(f"  sha256 {bundle.digest}")


def say_no_evidence(invocation: Invocation, why: str) -> None:
    """Say that a run is over and nothing vouches for it."""
    error = RedcapIacError(
        f"The run is over, but no evidence could be written: {why}",
        "The journal and REDCap's own log tell what was done.",
    )
    invocation.screen.fail(error_lines(error))


def say_what_is_kept(invocation: Invocation, applied: Applied) -> None:
    """Say where backup and journal lie, who is exposed, and how to go on."""
    invocation.screen.fail(list(exposed_lines(applied.exposed, invocation.screen.width)))
    for name, path in (("Backup", applied.backup), ("Journal", applied.journal)):
        if path is not None:
            invocation.screen.say(printable(f"{name}: {path}"))
    if applied.evidence is not None:
        say_evidence(invocation, applied.evidence)
    elif applied.no_evidence:
        say_no_evidence(invocation, applied.no_evidence)
    if applied.journal is not None and not applied.is_complete:
        invocation.screen.say(f"{_when(applied)}: {invocation.command('apply', '--resume')}")


def _when(applied: Applied) -> str:
    if applied.is_waiting:
        return "Once that is done, go on with"
    if applied.outcomes[-1].interrupted:
        return "Go on with"
    return "Once the cause is mended, go on with"


def require_durable(invocation: Invocation, session: Session) -> None:
    """Refuse to write real data's project from CI into a folder that goes with the job.

    Elsewhere, and for other data, it is only said.
    """
    kept = session.state_dir == invocation.folder / STATE_FOLDER
    if not kept or not invocation.outside.environ.get("CI"):
        return
    advice = "Name a durable folder: `state_dir:` in the environment, or REDCAP_IAC_STATE_DIR."
    if session.guards.data == "real":
        raise GuardError(
            "Backup and journal would lie in the project folder, which goes with this CI job, and"
            " the environment has real data. Nothing was written.",
            advice,
        )
    invocation.screen.say(f"Backup and journal lie in a folder that goes with this job. {advice}")


def exit_code(applied: Applied) -> int:
    """Return 0 when all was done and proven, 7 when a person has to act on the rest.

    130 for an interrupt, 5 when some calls were made. A failure before anything can have been
    written has the exit code of its error.
    """
    if applied.is_complete:
        return NO_EVIDENCE if applied.no_evidence else 0
    if applied.is_waiting:
        return WAITING
    last = applied.outcomes[-1]
    if last.interrupted:
        return INTERRUPTED
    written = any(outcome.done for outcome in applied.outcomes) or last.uncertain
    if last.error is not None and not written:
        return last.error.exit_code
    return IN_PART


@contextmanager
def stoppable(invocation: Invocation) -> Iterator[Stop]:
    """Note interrupts meanwhile instead of ending at them."""
    stop = Stop(invocation)
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, stop.ask) for number in numbers]
    try:
        yield stop
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
