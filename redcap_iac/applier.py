"""Plan → calls in order → outcome; reads again before it replaces, stops at anything foreign."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from redcap_iac.answers import Answer
from redcap_iac.calls import Call, made_in, resolve
from redcap_iac.carrier import Carrier, StoppedError
from redcap_iac.carrier.counted import counted
from redcap_iac.client import Client
from redcap_iac.errors import (
    AuthenticationError,
    GuardError,
    PartlyAppliedError,
    RedcapIacError,
    RefusedError,
    RightsError,
    StaleError,
    TrustError,
)
from redcap_iac.exporter import fingerprint, read_kinds
from redcap_iac.kinds import kind_named
from redcap_iac.kinds.kind import Kind
from redcap_iac.outcome import Expectation, Outcome, Progress, Unseen, Witness
from redcap_iac.plan import Phase, Plan, Step
from redcap_iac.safety.impact import count_records
from redcap_iac.safety.journal import Told
from redcap_iac.sending import Sender
from redcap_iac.state import Item, Live

#: A name may be empty for a while after an import: a server-side cache since 14.0.2 (recorded).
_READS_FOR_NAMES = 6


@dataclass(frozen=True, slots=True)
class _Pending:
    """A call whose names were not all found yet, with the items there were before it."""

    step: Step
    call: Call
    before: tuple[Item, ...]


@dataclass(slots=True)
class _Progress:
    """How far a call came: sent to the server, answered by it."""

    sent: bool = False
    answered: bool = False


class Applier:
    """Carries one plan out on one project, writes strictly one after the other."""

    def __init__(
        self,
        client: Client,
        plan: Plan,
        live: Live,
        expectation: Expectation,
        progress: Progress,
        *,
        should_stop: Callable[[], bool],
        sleep: Callable[[float], None],
        witness: Witness | None = None,
    ) -> None:
        self._client = client
        self._sender = Sender(client, expectation.left, sleep)
        self._witness = witness or Unseen()
        self._plan = plan
        self._live = live
        self._expectation = expectation
        self._progress = progress
        self._should_stop = should_stop
        self._sleep = sleep
        self._names: dict[str, str] = {}
        self._remarks: list[str] = []
        self._pending: list[_Pending] = []
        self._surplus = ""
        #: Kinds read after the last call, so that nobody else's change can hide behind the next.
        self._just_read: frozenset[str] = frozenset()
        #: Those who carried values in this run, to look once more before an old name goes.
        self._carriers: list[Carrier] = []

    def run(self) -> Outcome:
        """Make the calls in order; a failure stops there and is told, never raised."""
        steps = self._plan.steps
        for index, step in enumerate(steps):
            if self._should_stop():
                return self._outcome(index, None, steps[index:], interrupted=True)
            self._progress.step(index + 1, len(steps), step)
            progress = _Progress()
            try:
                self._before(step, steps[index:])
                if step.copies:
                    self._carry(step, progress, index + 1)
                    continue
                self._look_again(step)
                surfaced = self._make(step, progress, index + 1)
            except StoppedError:
                return self._outcome(index, None, steps[index:], interrupted=True)
            except RedcapIacError as error:
                return self._failed(index, progress, error)
            if surfaced:
                return self._outcome(index + 1, None, steps[index + 1 :], surfaced=True)
        return self._outcome(len(steps), None, ())

    def _failed(self, index: int, call: _Progress, error: RedcapIacError) -> Outcome:
        """Tell a failure: before the call, by the call, or only while looking at what it did."""
        steps = self._plan.steps
        if call.answered:
            return self._outcome(index + 1, None, steps[index + 1 :], error=error)
        uncertain = call.sent and not _refused(error)
        return self._outcome(
            index, steps[index], steps[index + 1 :], error=error, uncertain=uncertain
        )

    def _outcome(
        self,
        done: int,
        failed: Step | None,
        not_tried: Sequence[Step],
        *,
        error: RedcapIacError | None = None,
        uncertain: bool = False,
        surfaced: bool = False,
        interrupted: bool = False,
    ) -> Outcome:
        return Outcome(
            done=self._plan.steps[:done],
            failed=failed,
            not_tried=tuple(not_tried),
            error=error,
            uncertain=uncertain,
            surfaced=surfaced,
            surplus=self._surplus,
            interrupted=interrupted,
            remarks=tuple(self._remarks),
        )

    def _before(self, step: Step, left: Sequence[Step]) -> None:
        """Read again what is replaced or deleted; anything foreign since then stops it.

        That is what this call replaces, and what it may change and a later call replaces: read
        only afterwards, somebody else's work would pass for ours.
        """
        self._check_logic(step)
        self._await_pending(step)
        if step.replaces:  # counted first: nothing is to stand between the last read and the call
            self._expectation.recount(step, self._live)
        replaced = {other.kind for other in left if other.replaces}
        wanted = replaced & {step.kind, *step.touches} - self._just_read
        if step.replaces:
            wanted |= {step.kind}
        fresh = self._live
        if wanted:
            fresh = read_kinds(self._client, self._live, ("project", *wanted))
        if fresh.target.status != self._plan.target.status:
            raise StaleError(
                f"The project was moved to {fresh.target.status} meanwhile.",
                "Make a new plan; nothing more is written with this one.",
            )
        for kind in sorted(wanted & set(fresh.unreadable)):
            raise RightsError(f"{_said(kind)} can no longer be read: {fresh.unreadable[kind]}")
        then, now = fingerprint(self._live), fingerprint(fresh)
        self._live = fresh
        for kind in sorted(wanted):
            if then.get(kind) != now.get(kind):
                raise StaleError(
                    f"Somebody changed {_said(kind)} since it was read;"
                    f" the plan ({step.title}) knows nothing of it.",
                    "Make a new plan: it shows what changed.",
                )
        self._check_record_id(step)

    def _check_record_id(self, step: Step) -> None:
        """Refuse another record-id field once there are records, though the plan saw none."""
        fields = kind_named("fields").items(self._live.state)
        if step.phase is not Phase.DICTIONARY or not fields:
            return
        same = step.call.rows[0]["field_name"] == getattr(fields[0], "field_name", "")
        if not same and count_records(self._client, self._live) != 0:
            raise StaleError(
                "There are records now, and the record-id field would change (H109).",
                "Keep the first field of the first instrument, and plan again.",
            )

    def _check_logic(self, step: Step) -> None:
        """Stop before a dictionary whose logic names an event that the server named otherwise."""
        if step.phase is not Phase.DICTIONARY:
            return
        for address, expected in self._expectation.event_names.items():
            made = self._names.get(address, expected)
            used = f"[{expected}]"
            if made != expected and any(used in str(c) for r in step.call.rows for c in r.values()):
                raise PartlyAppliedError(
                    f"REDCap named {address} {made}, but logic in the dictionary says {used}.",
                    f"Write [{made}] there and unique_name: {made} at the event, then plan again.",
                )

    def _make(self, step: Step, progress: _Progress, number: int) -> bool:
        """Make the call, read what it touched, note the names made; tell if events surfaced."""
        self._await_names(step)
        call = resolve(step.call, self._names)
        before = kind_named(step.kind).items(self._live.state)
        self._just_read = frozenset()
        answer = self._sent(step, call, progress, number)
        self._remark(step, call, answer)
        self._live = read_kinds(self._client, self._live, ("project", *step.touches))
        self._just_read = frozenset(step.touches)
        if step.makes:
            self._pending.append(_Pending(step, call, before))
        self._note_names()
        return self._surfaced(step)

    def _carry(self, step: Step, progress: _Progress, number: int) -> None:
        """Copy stored values and prove that they arrived; the witness is told no value."""
        self._witness.before(number, step, step.call, self._names)
        self._just_read = frozenset()
        carrier = Carrier(
            self._client, self._live, step.copies, self._should_stop, progress=self._progress,
            counted=counted(self._plan.findings, step.copies),
        )  # fmt: skip
        try:
            carried = carrier.carry()
        except RedcapIacError as error:
            progress.sent = carrier.sent
            with suppress(RedcapIacError):  # what became of the copy matters more
                told = Told("uncertain" if carrier.sent else "refused", error=error)
                self._witness.after(number, step, told)
            raise
        self._carriers.append(carrier)
        self._remarks += carrier.remarks
        self._witness.after(number, step, Told("done", carried.written))

    def _look_again(self, step: Step) -> None:
        """Copy what was typed under an old name since, right before it goes."""
        for carrier in self._carriers if step.phase is Phase.DROP_FIELDS else ():
            carrier.look()

    def _sent(self, step: Step, call: Call, progress: _Progress, number: int) -> Answer:
        """Send the call between two lines of the witness; return the server's answer."""
        self._witness.before(number, step, call, self._names)
        progress.sent = True
        try:
            sent = self._sender.send(step, call, self._live)
        except RedcapIacError as error:
            ended = "refused" if _refused(error) else "uncertain"
            with suppress(RedcapIacError):  # what became of the call matters more
                self._witness.after(number, step, Told(ended, error=error))
            raise
        progress.answered = True
        self._remarks += sent.remarks
        told = Told("recognised" if sent.is_recognised else "done", sent.answer.count)
        self._witness.after(number, step, told)
        return sent.answer

    def _note_names(self) -> None:
        """Look for the names that calls made; what is not shown yet stays pending."""
        still: list[_Pending] = []
        for pending in self._pending:
            kind: Kind[Any] = kind_named(pending.step.kind)
            given = set(self._names.values())
            after = [i for i in kind.items(self._live.state) if kind.key(i) not in given]
            wanted = tuple(m for m in pending.step.makes if m[0] not in self._names)
            self._names.update(kind.resolve(pending.call, wanted, pending.before, after))
            if any(address not in self._names for address, _ in wanted):
                still.append(pending)
        self._pending = still

    def _await_pending(self, step: Step) -> None:
        """Wait for names of the kind a call replaces: filled in later they would look foreign."""
        waiting = [p for p in self._pending if step.replaces and p.step.kind == step.kind]
        self._read_for([made for pending in waiting for made, _ in pending.step.makes])

    def _await_names(self, step: Step) -> None:
        """Wait for the names a call needs; a classic project or a cache may hide them a while."""
        missing = self._read_for([made.address for made in made_in(step.call)])
        if not missing:
            return
        raise PartlyAppliedError(
            f"{', '.join(sorted(missing))} was written, but REDCap does not show the name it made.",
            "Look at the project in REDCap, then plan again.",
        )

    def _read_for(self, addresses: Sequence[str]) -> tuple[str, ...]:
        """Read until these names are known, some times at most; return those that are not."""
        for attempt in range(_READS_FOR_NAMES):
            if all(address in self._names for address in addresses):
                return ()
            if attempt:
                self._sleep(0.5 * attempt)
            kinds = {pending.step.kind for pending in self._pending}
            self._live = read_kinds(self._client, self._live, tuple(kinds))
            self._note_names()
        return tuple(address for address in addresses if address not in self._names)

    def _surfaced(self, step: Step) -> bool:
        """Tell whether events came to light that a classic project had hidden.

        After the flag: any but the one every project is born with. After the take-over: a
        second one. Then the event just written is new and empty; where it has the name of the
        one that was hidden it is surplus, and the next plan takes it away again.
        """
        events = kind_named("events").items(self._live.state)
        later = any(other.phase is Phase.TAKE_OVER for other in self._plan.steps)
        if step.phase is Phase.FLAGS and later:
            names = [str(getattr(event, "unique_name", "")) for event in events]
            return bool(names) and names != ["event_1_arm_1"]
        if step.phase is not Phase.TAKE_OVER or len(events) < 2:
            return False
        newest = max(events, key=lambda event: int(getattr(event, "event_id", 0) or 0))
        if any(_named(event) == _named(newest) for event in events if event is not newest):
            self._surplus = str(getattr(newest, "unique_name", ""))
        self._remarks.append("The project held an event that a classic project does not show.")
        return True

    def _remark(self, step: Step, call: Call, answer: Answer) -> None:
        expected = len(call.rows) or sum(len(v) for v in call.params.values() if type(v) is tuple)
        if call.content == "project_settings":
            expected = len(call.rows[0])
        if answer.count is not None and answer.count != expected:
            self._remarks.append(
                f"{step.title}: REDCap counted {answer.count} where {expected} were sent."
            )


def _refused(error: RedcapIacError) -> bool:
    """Tell whether the server said no, so that nothing of this call was written."""
    refusals = RefusedError | RightsError | AuthenticationError | TrustError | GuardError
    return isinstance(error, refusals)


def _named(event: Item) -> tuple[object, str]:
    return getattr(event, "arm", None), str(getattr(event, "name", "")).strip()


def _said(kind: str) -> str:
    return {"fields": "the dictionary"}.get(kind, kind.replace("_", " "))
