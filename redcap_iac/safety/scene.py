"""What hazards are looked for in: what differs, what is live, what guards the environment."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from redcap_iac.changes import Change, Create, Delete
from redcap_iac.differ import Difference
from redcap_iac.findings import Finding, Position, Severity
from redcap_iac.hazard import Answer, Count, Guards, Stake, Undoable, Voice
from redcap_iac.kinds import kind_named
from redcap_iac.kinds.kind import Kind
from redcap_iac.safety.draft_log import DraftState
from redcap_iac.safety.policy import NO_OVERSIGHT, Oversight
from redcap_iac.state import Item, Live

_SEVERITIES = {Answer.NOTE: Severity.NOTE, Answer.REFUSED: Severity.ERROR}


@dataclass(frozen=True, slots=True)
class Question:
    """Which records are to be counted, without their values leaving the server.

    `logic` is REDCap logic, true on the rows that count ("" is every row that is there); `fields`
    are those whose values it looks at (without full export of their instruments the answer is
    `at least` or unknown); `events` are the unique names of the events that count (none: all);
    `beyond_first` counts only instances above 1, of the repeating `instrument` or, where that is
    "", of the whole event; `group` is the unique name of the only DAG that counts.
    """

    logic: str = ""
    fields: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    beyond_first: bool = False
    instrument: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line of the project's log; `when` is `YYYY-MM-DD HH:MM`, in the server's own time."""

    when: str
    username: str
    action: str
    details: str


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything an analyser may look at; pure, counts are handed in beside it.

    `outside` is what differs between the manifest at the base commit and live: the changes that
    would undo outside work, None without a base (`base` is the commit as asked for). `elsewhere`
    is the project XML without data, None where it was not or could not be read. `log` are lines of
    the project's log since the base, None where they were not or could not be read; `base_guards`
    is what guarded the environment at the base, None where it was not there. `fresh` marks
    a project just created, without records. `draft` is where drafted changes stand, None where
    nobody looked. `oversight` are the policies that hold, and what they ask about the run.
    """

    difference: Difference
    live: Live
    guards: Guards = field(default_factory=Guards)
    today: date | None = None
    fresh: bool = False
    base: str = ""
    outside: Difference | None = None
    elsewhere: str | None = None
    log: tuple[LogLine, ...] | None = None
    base_guards: Guards | None = None
    draft: DraftState | None = None
    oversight: Oversight = NO_OVERSIGHT

    def of(self, kind: str) -> tuple[Change, ...]:
        """Return the changes of one kind."""
        return tuple(change for change in self.difference.changes if change.kind == kind)

    def before(self, kind: str) -> tuple[Any, ...]:
        """Return the live items of one kind."""
        return self.live.state.kinds.get(kind, ())

    def after(self, kind: str) -> tuple[Any, ...]:
        """Return the items of one kind there will be."""
        return self.difference.final.kinds.get(kind, ())

    def removed(self, kind: str) -> Iterator[tuple[Delete, Any]]:
        """Yield the deletions of one kind with the item that goes."""
        for change in self.of(kind):
            if isinstance(change, Delete):
                yield change, change.before

    def hazard(
        self,
        code: str,
        change: Change | str,
        sentence: Callable[[Voice], str],
        answer: Answer,
        undoable: Undoable,
        *,
        address: str = "",
        count: Count | None = None,
        names: tuple[str, ...] = (),
        advice: str = "",
        at: Position | None = None,
    ) -> Finding:
        """Return a hazard; `change` is what it comes from, or text that stands for all of it.

        `sentence` is asked twice: for those who may read names and numbers, and for everybody.
        """
        stake = Stake(
            answer=answer,
            undoable=undoable,
            change=digest(change),
            count=count,
            names=names,
            public=sentence(Voice(public=True)),
        )
        return Finding(
            code,
            _SEVERITIES.get(answer, Severity.WARNING),
            sentence(Voice(mask_small=self.guards.mask_small)),
            at or (None if isinstance(change, str | Delete) else change.after.at),
            address or ("" if isinstance(change, str) else change.address),
            advice,
            stake,
        )


def digest(change: Change | str) -> str:
    """Return what an acceptance is bound to: 12 hexadecimal digits over the change itself."""
    said = change if isinstance(change, str) else json.dumps(_parts(change), sort_keys=True)
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _parts(change: Change) -> list[object]:
    kind: Kind[Any] = kind_named(change.kind)
    before: Item | None = None if isinstance(change, Create) else change.before
    after: Item | None = None if isinstance(change, Delete) else change.after
    return [
        type(change).__name__,
        change.address,
        None if before is None else kind.normal(before),
        None if after is None else kind.normal(after),
    ]
