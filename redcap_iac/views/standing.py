"""Where a plan stands: ready or stopped, what waits for an answer, what was answered, how many."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, replace

from redcap_iac.findings import Finding, Severity
from redcap_iac.hazard import SMALL, Acceptance, Answer, Count, Undoable
from redcap_iac.plan import Plan
from redcap_iac.safety.acceptance import Answers, needs_acceptance, options
from redcap_iac.safety.stops import allowing, closed_deletions

_UNDOABLE = {Undoable.NO: " Not undoable.", Undoable.PARTLY: " Undoable in part."}


@dataclass(frozen=True, slots=True)
class Standing:
    """A plan's findings, sorted by what they mean for whoever wants to apply it.

    `refused` stand in the way and nothing opens them, `waiting` need an answer, `accepted` have
    one; `others` are warnings and notes. `answers` and `deletions` are the options apply still
    asks for; of a `public` plan no answers are told, as it lost what they are bound to.
    """

    refused: tuple[Finding, ...]
    waiting: tuple[Finding, ...]
    accepted: tuple[tuple[Finding, Acceptance | None], ...]
    others: tuple[Finding, ...]
    answers: tuple[str, ...]
    deletions: tuple[str, ...]
    stops: int
    public: bool = False

    @property
    def needed(self) -> tuple[str, ...]:
        """Return every option apply still asks for."""
        return (*self.answers, *self.deletions)

    @property
    def is_stopped(self) -> bool:
        """Tell whether apply would refuse, whatever deletions it is allowed."""
        return bool(self.stops or self.waiting)

    @property
    def why(self) -> str:
        """Return `3 hazards need an answer`, `1 finding below stands in the way`, or nothing."""
        said = []
        if self.stops:
            stands = "finding below stands" if self.stops == 1 else "findings below stand"
            said.append(f"{self.stops:,} {stands} in the way")
        if self.waiting:
            said.append(self.why_waiting)
        return ", and ".join(said)

    @property
    def why_waiting(self) -> str:
        """Return `3 hazards need an answer`."""
        need = "hazard needs" if len(self.waiting) == 1 else "hazards need"
        return f"{len(self.waiting):,} {need} an answer"


def standing(plan: Plan, answers: Answers | None = None, allowed: Collection[str] = ()) -> Standing:
    """Return where a plan stands, with the answers it was made with unless others are given."""
    given = Answers(accept=plan.acceptances) if answers is None else answers
    refused, waiting, accepted, others = [], [], [], []
    for finding in plan.findings:
        stake, shown = finding.stake, _shown(finding, plan)
        if finding.severity is Severity.ERROR:
            refused.append(shown)
        elif stake is None or stake.answer is Answer.NOTE:
            others.append(shown)
        elif given.covers(finding):
            word = given.acceptance_of(finding) if needs_acceptance(stake) else None
            accepted.append((shown, word))
        else:
            waiting.append(shown)
    order = list(Severity)
    others.sort(key=lambda finding: order.index(finding.severity))
    closed = closed_deletions(plan, {*allowed, *given.allow_delete})
    typed = (option for finding in waiting for option in options(finding) if not plan.public)
    return Standing(
        tuple(refused),
        tuple(waiting),
        tuple(accepted),
        tuple(others),
        tuple(dict.fromkeys(typed)),
        tuple(map(allowing, closed)),
        len(plan.stopped),
        plan.public,
    )


def _shown(finding: Finding, plan: Plan) -> Finding:
    """Return a finding as people see it: where small numbers are masked, 4 stands for 1 to 4."""
    stake = finding.stake
    if not plan.mask_small or stake is None or stake.count is None or not _is_small(stake.count):
        return finding
    count = replace(stake.count, number=SMALL - 1)
    return replace(finding, stake=replace(stake, count=count))


def _is_small(count: Count) -> bool:
    return count.number is not None and 0 < count.number < SMALL


def sentence(finding: Finding) -> str:
    """Return what a hazard does, and whether it can be taken back."""
    stake = finding.stake
    if stake is None or stake.answer is Answer.NOTE:
        return finding.message
    end = "" if finding.message.endswith((".", "?", "!")) else "."
    return f"{finding.message}{end}{_UNDOABLE.get(stake.undoable, '')}"


def entry(finding: Finding) -> str:
    """Return a hazard's `accept:` entry as it would be typed, "" where a file cannot accept it."""
    stake = finding.stake
    if stake is None or not stake.change or not needs_acceptance(stake):
        return ""
    if stake.answer is Answer.COMMAND_LINE:
        return ""
    parts = [f'hazard: "{finding.code}:{_typed(finding.address)}"', f'change: "{stake.change}"']
    if stake.count is not None:
        sure = stake.count.number is not None and not stake.count.at_least
        parts.append(f"at_most: {stake.count.number if sure else 'any'}")
    if stake.names:
        parts.append(f"names: [{', '.join(map(_quoted, stake.names))}]")
    return f"- {{{', '.join(parts)}, who: …, why: …, until: …}}"


def words_of(given: Acceptance | None) -> str:
    """Return who answered, until when and why."""
    if given is None:
        return "answered at the command"
    if given.typed:
        return "accepted at the command"
    who = f" by {given.who}" if given.who else ""
    until = f" until {given.until}" if given.until else ""
    return f"accepted{who}{until}{f': {given.why}' if given.why else ''}"


def affected(plan: Plan) -> str:
    """Return `412 record values affected`, "" where nothing is; an unknown number is said.

    What several hazards say of one object counts once, what is said of the whole project not at
    all: it speaks of the same records again. Where small numbers are masked a sum is `at least`
    when a part of it is not told.
    """
    worst: dict[str, list[Count]] = {}
    for finding in plan.findings:
        stake = finding.stake
        if stake is None or stake.count is None or finding.address.startswith("project/"):
            continue
        if stake.answer is not Answer.NOTE:
            hidden = plan.mask_small and _is_small(stake.count)
            count = replace(stake.count, number=None) if hidden else stake.count
            worst.setdefault(finding.address, []).append(count)
    counts = [count for found in worst.values() for count in [_highest(found)]]
    total = sum(count.number or 0 for count in counts)
    unsure = any(count.number is None or count.at_least for count in counts)
    if not total:
        few = f"fewer than {SMALL}, or " if plan.public or plan.mask_small else ""
        return f"{few}an unknown number of record values affected" if unsure else ""
    values = "record value" if total == 1 else "record values"
    return f"{'at least ' if unsure else ''}{total:,} {values} affected"


def base_line(plan: Plan) -> str:
    """Return what a base commit tells: whether this plan undoes what was done outside."""
    if not plan.base:
        return ""
    undoing = sum(change.origin in ("outside", "both") for change in plan.changes)
    if not undoing:
        return f"Nothing here undoes an outside change (base: {plan.base})."
    changes = "change undoes" if undoing == 1 else "changes undo"
    return f"{undoing:,} {changes} what was done outside, marked below (base: {plan.base})."


def _highest(counts: list[Count]) -> Count:
    known = [count for count in counts if count.number is not None]
    if not known:
        return counts[0]
    return max(known, key=lambda count: (count.number or 0, count.at_least))


def _typed(address: str) -> str:
    return address.replace("\\", "%5C").replace('"', "%22")


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
