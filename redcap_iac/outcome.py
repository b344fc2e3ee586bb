"""What an apply is told and tells: progress, witness, expectation, and how it ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from redcap_iac.calls import Call
from redcap_iac.errors import RedcapIacError
from redcap_iac.plan import Step
from redcap_iac.safety.journal import Told
from redcap_iac.state import Live


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an apply did: steps done, the one that failed, those not tried, why it stopped.

    `uncertain` is True when the failed call may have been written all the same; `surfaced` when
    events came to light that the plan could not see, so that a new plan has to be made; `surplus`
    is the unique name of an empty event made on the way that this new plan has to delete;
    `remarks` are sentences for the account, such as counts that were not as expected.
    """

    done: tuple[Step, ...]
    failed: Step | None = None
    not_tried: tuple[Step, ...] = ()
    error: RedcapIacError | None = None
    uncertain: bool = False
    surfaced: bool = False
    surplus: str = ""
    interrupted: bool = False
    remarks: tuple[str, ...] = ()


class Progress(Protocol):
    """Told before and after each step."""

    def step(self, number: int, total: int, step: Step) -> None:
        """A step is about to be made."""


class Witness(Protocol):
    """Told of each call before it is sent and after it ended; may refuse to let one be sent."""

    def before(self, number: int, step: Step, call: Call, names: Mapping[str, str]) -> None:
        """A call is about to be sent; `names` are those the server made so far, by address."""

    def after(self, number: int, step: Step, told: Told) -> None:
        """The call ended."""


class Unseen:
    """The witness of a run that nobody keeps."""

    def before(self, number: int, step: Step, call: Call, names: Mapping[str, str]) -> None:
        """Keep nothing."""

    def after(self, number: int, step: Step, told: Told) -> None:
        """Keep nothing."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a run takes for granted.

    `event_names` are the unique event names that the manifest's logic uses, by address; `left`
    returns the addresses of what a live state still lacks; `recount` looks before a replacing or
    deleting call whether it hurts more than was accepted, and raises StaleError then.
    """

    event_names: Mapping[str, str]
    left: Callable[[Live], frozenset[str]] | None = None
    recount: Callable[[Step, Live], None] = lambda _step, _live: None
