"""Why a plan may not be applied as it is: everything that stands in the way, at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date

from redcap_iac.errors import GuardError
from redcap_iac.findings import Finding
from redcap_iac.hazard import Acceptance, Answer, Voice
from redcap_iac.plan import Plan
from redcap_iac.safety.acceptance import (
    Answers,
    needs_acceptance,
    open_hazards,
    options,
    speaks_of,
    unfit,
)
from redcap_iac.state import Unit
from redcap_iac.suggestions import did_you_mean, in_words

_NOUNS: Mapping[str, str] = {
    Unit.PROJECT: "project setting", Unit.REPEATING: "repeating setting", Unit.DAGS: "DAG",
}  # fmt: skip

#: Further hazards told in an error; the plan, which a person has just read, tells all.
_MOST_TOLD = 2


def stop_for(
    plan: Plan,
    answers: Answers,
    today: date | None = None,
    *,
    born_with: Collection[Unit] = (),
) -> GuardError | None:
    """Return what refuses a plan that is stopped, waits for answers or may not delete, else None.

    Deletions in units the project was `born_with` need no word.
    """
    if plan.stopped:
        first, *others = plan.stopped
        more = "".join(f"\nAlso: {other}" for other in others)
        return GuardError(f"The plan is stopped: {first}", f"Nothing was written.{more}")
    waiting = tuple(open_hazards(plan, answers, today))
    closed = closed_deletions(plan, {*answers.allow_delete, *born_with})
    if waiting:
        voice = Voice(mask_small=plan.mask_small)
        return _waits(waiting, answers, today, closed, voice)
    if not closed:
        return None
    said = in_words((_deleted(unit, count) for unit, count in closed.items()), "and")
    return GuardError(
        f"The plan deletes {said}; deletions are off unless allowed.",
        f"Nothing was written. If it is meant: {' '.join(map(allowing, closed))}",
    )


def closed_deletions(plan: Plan, allowed: Collection[str]) -> Mapping[str, int]:
    """Return how many deletions of each unit nobody allowed."""
    return {unit: count for unit, count in plan.deletions().items() if unit not in allowed}


def allowing(unit: str) -> str:
    """Return the option that allows deletions of a unit."""
    return f"--allow-delete {unit}"


def require_spoken_of(
    given: Sequence[Acceptance], findings: Sequence[Finding], where: str = "this plan"
) -> None:
    """Raise GuardError for a typed acceptance of something that does not wait for one."""
    for word in given:
        met = [found for found in findings if found.stake and speaks_of(word, found)]
        if not met:
            raise GuardError(f"{_named(word)} is no hazard of {where}.", _nearest(word, findings))
        if all(found.stake and found.stake.answer is Answer.REFUSED for found in met):
            raise GuardError(f"{_named(word)} cannot be accepted: nothing opens it.", met[0].advice)


def _waits(
    waiting: Sequence[Finding],
    answers: Answers,
    today: date | None,
    closed: Mapping[str, int],
    voice: Voice,
) -> GuardError:
    first, *others = waiting
    what = "an answer" if not others else f"{len(waiting):,} answers"
    lines = [f"Also: {other.code} {other.message}" for other in others[:_MOST_TOLD]]
    if len(others) > _MOST_TOLD:
        lines.append(f"And {len(others) - _MOST_TOLD:,} more; the plan tells each.")
    lines += [
        f"{_named(given)} was accepted, but {why}."
        for found in waiting
        for given, why in _refused(found, answers, today, voice)
    ]
    typed = dict.fromkeys(option for found in waiting for option in options(found))
    needed = [*typed, *map(allowing, closed)]
    if typed:
        lines.append(f"If it is meant: {' '.join(needed)}")
    lines.append("Nothing was written.")
    return GuardError(f"The plan waits for {what}: {first.code} {first.message}", "\n".join(lines))


def _refused(
    finding: Finding, answers: Answers, today: date | None, voice: Voice
) -> Iterator[tuple[Acceptance, str]]:
    """Yield the acceptances of a hazard that do not hold any more, and why."""
    if finding.stake is not None and needs_acceptance(finding.stake):
        for given in answers.accept:
            if speaks_of(given, finding) and (why := unfit(given, finding, today, voice)):
                yield given, why


def _nearest(word: Acceptance, findings: Sequence[Finding]) -> str:
    there = [
        f"{found.code}:{found.address}"
        for found in findings
        if found.stake and needs_acceptance(found.stake)
    ]
    if not there:
        return "No hazard of it waits for an acceptance."
    near = did_you_mean(_named(word), there)
    more = f" and {len(there) - 5:,} more" if len(there) > 5 else ""
    return near or f"There are: {', '.join(there[:5])}{more}"


def _named(given: Acceptance) -> str:
    return f"{given.code}:{given.address}"


def _deleted(unit: str, count: int) -> str:
    """Return `1 field`, `3 events`, `2 repeating settings`."""
    noun = _NOUNS.get(unit) or unit.removesuffix("s")
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
