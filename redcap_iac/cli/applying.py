"""Carry a plan out in front of a person: interrupts finish the call in flight, then the account."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from redcap_iac.cli.invocation import INTERRUPTED, Invocation
from redcap_iac.views.account import account_lines
from redcap_iac.views.json import applied_json
from redcap_iac.workflow import Answers, Applied, Goal, Planned, Session, apply

IN_PART = 5
_NO_ANSWERS = Answers()


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
) -> int:
    """Apply a plan, print its account, return the exit code."""
    with stoppable(invocation) as stop:
        applied = apply(
            session, goal, planned, invocation.screen, answers=answers, should_stop=stop
        )
    code = exit_code(applied)
    lines = account_lines(applied, invocation.screen.width)
    if invocation.machine:
        invocation.screen.fail(lines)
        invocation.screen.show(applied_json(applied, code))
    else:
        invocation.screen.show(lines)
    return code


def exit_code(applied: Applied) -> int:
    """Return 0 when all was done and proven, 130 for an interrupt, 5 when some calls were made.

    A failure before anything can have been written has the exit code of its error.
    """
    if applied.is_complete:
        return 0
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
