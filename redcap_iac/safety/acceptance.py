"""Which hazards of a plan are answered, and which still stop it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from redcap_iac.findings import Finding
from redcap_iac.hazard import Acceptance, Answer, Count
from redcap_iac.plan import Plan
from redcap_iac.state import Unit


@dataclass(frozen=True, slots=True)
class Answers:
    """What may be done that needs a word: deletions by unit, hazards, copying values."""

    allow_delete: frozenset[Unit] = frozenset()
    accept: tuple[Acceptance, ...] = ()
    migrate_data: bool = False

    def covers(self, finding: Finding, today: date | None = None) -> bool:
        """Tell whether a hazard is answered: by its code and address, and bound as it was."""
        stake = finding.stake
        if stake is None or stake.answer is Answer.NOTE:
            return True
        if stake.answer is Answer.REFUSED:
            return False
        if stake.answer is Answer.MIGRATION:
            return self.migrate_data
        return any(_fits(given, finding, today) for given in self.accept)


def open_hazards(plan: Plan, answers: Answers, today: date | None = None) -> Iterator[Finding]:
    """Yield the hazards that nobody answered."""
    for finding in plan.findings:
        if not answers.covers(finding, today):
            yield finding


def _fits(given: Acceptance, finding: Finding, today: date | None) -> bool:
    stake = finding.stake
    assert stake is not None
    if (given.code, given.address) != (finding.code, finding.address):
        return False
    if not given.typed and stake.answer is Answer.COMMAND_LINE:
        return False
    if given.until and today is not None and given.until < today.isoformat():
        return False
    if given.change and given.change != stake.change:
        return False
    if given.names is not None and not set(stake.names) <= set(given.names):
        return False
    return given.at_most is None or _within(stake.count, given.at_most)


def _within(count: Count | None, most: int) -> bool:
    if count is None:
        return True
    return count.number is not None and not count.at_least and count.number <= most
