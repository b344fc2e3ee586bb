"""One call of a plan, sent once; again only where two reads in a row show that nothing changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from redcap_iac.answers import Answer
from redcap_iac.calls import Call
from redcap_iac.client import Client
from redcap_iac.errors import RedcapIacError, ServerError, UnreachableError
from redcap_iac.exporter import fingerprint, read_kinds
from redcap_iac.plan import Step
from redcap_iac.state import Live

#: Seconds before each look: a server may still be at work on a call whose answer was lost.
_PATIENCE = 2.0


@dataclass(frozen=True, slots=True)
class Sent:
    """How a call went: its answer, whether only reading showed that it was written."""

    answer: Answer
    is_recognised: bool = False
    remarks: tuple[str, ...] = ()


class Sender:
    """Sends the calls of one plan; after a lost answer it looks what became of the call.

    `left` returns the addresses of what a live state still lacks, None where nobody can say.
    """

    def __init__(
        self,
        client: Client,
        left: Callable[[Live], frozenset[str]] | None,
        sleep: Callable[[float], None],
    ) -> None:
        self._client = client
        self._left = left
        self._sleep = sleep

    def send(self, step: Step, call: Call, before: Live) -> Sent:
        """Send a call; `before` is the live state it meets.

        An import whose answer was lost is sent a second time if two equal reads show that nothing
        changed, and taken for written if they show that all it serves is there. Where the server
        makes a name for what is new it is never sent twice: it might be there twice. Raises what
        the client raises, then whether it was written is not known.
        """
        try:
            return Sent(self._client.send(call))
        except (UnreachableError, ServerError):
            if call.action != "import" or call.content == "record" or self._left is None:
                raise
            seen = self._seen_twice(step, before)
            if seen is None:
                raise
            if _equal(step, before, seen):
                if step.makes:
                    raise
                again = f"{step.title}: no answer, and nothing had changed; sent once more."
                return Sent(self._client.send(call), remarks=(again,))
            if not step.serves or self._left(seen) & set(step.serves):
                raise
            found = f"{step.title}: no answer, but read again, it was written."
            return Sent(Answer(), is_recognised=True, remarks=(found,))

    def _seen_twice(self, step: Step, before: Live) -> Live | None:
        """Read what the call touches twice; None when it cannot be read or is still changing."""
        reads: list[Live] = []
        try:
            for _ in range(2):
                self._sleep(_PATIENCE)
                reads.append(read_kinds(self._client, before, ("project", *step.touches)))
        except RedcapIacError:
            return None
        first, second = reads
        unread = set(second.unreadable) & set(step.touches)
        if unread or second.target.status != before.target.status:
            return None
        return second if _equal(step, first, second) else None


def _equal(step: Step, one: Live, other: Live) -> bool:
    then, now = fingerprint(one), fingerprint(other)
    kinds = ("project", *step.touches)
    return all(then.get(kind) == now.get(kind) for kind in kinds)
