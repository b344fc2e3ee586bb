"""What a rule is: a function from a design to what it finds, with a code and a way out.

A rule::

    @rule("LG011", Severity.WARNING)
    def zero_or_blank(design: Design, settings: Settings) -> Iterator[Found]:
        '''A comparison with 0 is not true while the field is blank.

        Why: Somebody who has not answered is counted neither as 0 nor as another number.

        Bad:
            instruments:
              - instrument: visit
                fields:
                  record_id: {type: text, label: "Study ID"}
                  …
        Good:
            …
        Instead: Write what you mean for blank: `[x] = "" or [x] = 0`.
        '''

`Bad` and `Good` are manifests without `version:`; a test judges them: every bad one has the
finding and no good one does. `explain CODE` prints the docstring in its parts; its first sentence
is the title.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from redcap_iac.design import Design
from redcap_iac.edits import SetCell
from redcap_iac.findings import Severity
from redcap_iac.lint.settings import Profile, Settings
from redcap_iac.position import Position


@dataclass(frozen=True, slots=True)
class Found:
    """One thing a rule finds: where, what, what to do next, and a fix where one is safe.

    `message` is a sentence with names and numbers; `address` names the object (`field/age`).
    A fix changes no stored value and no meaning: only then it is one.
    """

    address: str
    message: str
    at: Position | None = None
    advice: str = ""
    fix: tuple[SetCell, ...] = ()


Judge = Callable[[Design, Settings], Iterator[Found]]

#: Every profile includes what is in none of them by name: the sound core.
EVERYWHERE = frozenset(Profile)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its code, how much it matters, in which profiles it runs, what it says about itself.

    `fixable` tells whether any of its findings may carry a fix.
    """

    code: str
    severity: Severity
    judge: Judge = field(compare=False)
    profiles: frozenset[Profile] = EVERYWHERE
    fixable: bool = False

    @property
    def name(self) -> str:
        """The name of its function, as a second handle: `zero_or_blank`."""
        return self.judge.__name__

    @property
    def docstring(self) -> str:
        """What it says about itself."""
        return self.judge.__doc__ or ""


#: What has been registered so far; `lint.registry` sees to it that all have been.
REGISTERED: dict[str, Rule] = {}


def rule(
    code: str,
    severity: Severity,
    *,
    profiles: frozenset[Profile] = EVERYWHERE,
    fixable: bool = False,
) -> Callable[[Judge], Judge]:
    """Register a function as the rule of a code; ValueError when the code is taken."""

    def register(judge: Judge) -> Judge:
        other = REGISTERED.get(code)
        if other is not None and other.judge.__qualname__ != judge.__qualname__:
            raise ValueError(f"the code {code} is taken by {other.name}")
        REGISTERED[code] = Rule(code, severity, judge, profiles, fixable)
        return judge

    return register
