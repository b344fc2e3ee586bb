"""Which hazards of a plan are answered, by whom, and which still stop it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import quote, unquote

from redcap_iac.findings import Finding
from redcap_iac.hazard import Acceptance, Answer, Count, Stake, Undoable, Voice
from redcap_iac.plan import Plan
from redcap_iac.state import Unit

#: Answers a person gives hazard by hazard; the others are a note, an option, or none.
GIVEN_ONE_BY_ONE = frozenset({Answer.ACCEPTANCE, Answer.COMMAND_LINE, Answer.MIGRATION})
_SPELLED = re.compile(r"(?P<code>H[0-9]{3}):(?P<address>.+)")
#: What a shell reads inside double quotes: of POSIX, cmd and PowerShell, typographic quotes too.
_STEERING = frozenset('"$`\\!“”„')
_PRIVATE = Voice()


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
        if stake.answer is Answer.MIGRATION and not self.migrate_data:
            return False
        return not needs_acceptance(stake) or self.acceptance_of(finding, today) is not None

    def acceptance_of(self, finding: Finding, today: date | None = None) -> Acceptance | None:
        """Return the first word that fits a hazard, None when there is none."""
        return next((given for given in self.accept if not unfit(given, finding, today)), None)


def needs_acceptance(stake: Stake) -> bool:
    """Tell whether a hazard waits for `--accept`; carrying values does where they could be lost."""
    if stake.answer is Answer.MIGRATION:
        return stake.undoable is Undoable.NO
    return stake.answer in (Answer.ACCEPTANCE, Answer.COMMAND_LINE)


def open_hazards(plan: Plan, answers: Answers, today: date | None = None) -> Iterator[Finding]:
    """Yield the hazards that nobody answered."""
    for finding in plan.findings:
        if not answers.covers(finding, today):
            yield finding


def spoken(text: str) -> Acceptance:
    """Return what `--accept CODE:ADDRESS` says; ValueError when it is not of that form."""
    found = _SPELLED.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text!r} is not CODE:ADDRESS, as in H101:field/postal")
    return Acceptance(found["code"], found["address"], typed=True)


def speaks_of(given: Acceptance, finding: Finding) -> bool:
    """Tell whether a word is about a hazard: its code, and its address however that is spelled."""
    return given.code == finding.code and _parts(given.address) == _parts(finding.address)


def options(finding: Finding) -> tuple[str, ...]:
    """Return what has to be typed to answer a hazard, `--accept "H101:field/postal"`.

    In double quotes, which POSIX shells, cmd and PowerShell read alike; what they would read
    inside is percent-encoded, as any sign of an address may be. Empty where nothing opens it.
    """
    if finding.stake is None or finding.stake.answer not in GIVEN_ONE_BY_ONE:
        return ()
    migrate = ("--migrate-data",) if finding.stake.answer is Answer.MIGRATION else ()
    if not needs_acceptance(finding.stake):
        return migrate
    return (*migrate, f'--accept "{finding.code}:{typeable(finding.address)}"')


def typeable(address: str) -> str:
    """Return an address that means the same between double quotes in any shell."""
    return "".join(
        quote(letter, safe="") if letter in _STEERING or not letter.isprintable() else letter
        for letter in address
    )


def bound(given: Iterable[Acceptance], findings: Sequence[Finding]) -> tuple[Acceptance, ...]:
    """Return typed words bound to what was shown: change, count, names; entries as they are.

    A word that speaks of nothing that was shown is not among them.
    """
    return tuple(
        one
        for word in given
        for one in (_bound(word, findings) if word.typed and not word.change else (word,))
    )


def holding(
    given: Iterable[Acceptance], findings: Sequence[Finding], today: date | None
) -> tuple[Acceptance, ...]:
    """Return the words that answer something that was found, for the plan that shows it."""
    return tuple(
        word
        for word in bound(given, findings)
        if any(speaks_of(word, found) and not unfit(word, found, today) for found in findings)
    )


def from_file(given: Iterable[Acceptance]) -> tuple[Acceptance, ...]:
    """Return words as a file says them: what only the command line opens, they do not open."""
    return tuple(replace(word, typed=False) for word in given)


def unfit(
    given: Acceptance, finding: Finding, today: date | None = None, voice: Voice = _PRIVATE
) -> str:
    """Return why a word does not answer a hazard, "" when it does."""
    stake = finding.stake
    if stake is None or not speaks_of(given, finding):
        return "it speaks of something else"
    return _unanswerable(given, stake) or _expired(given, today) or _outgrown(given, stake, voice)


def _unanswerable(given: Acceptance, stake: Stake) -> str:
    if stake.answer is Answer.REFUSED:
        return "nothing opens this hazard"
    if stake.answer is Answer.COMMAND_LINE and not given.typed:
        return "this hazard is only accepted where apply is typed, whatever a file says"
    return ""


def _expired(given: Acceptance, today: date | None) -> str:
    if given.until and today is not None and given.until < today.isoformat():
        return f"it held until {given.until}"
    return ""


def _outgrown(given: Acceptance, stake: Stake, voice: Voice) -> str:
    if given.change and given.change != stake.change:
        return f"it was given for another change ({given.change}); this one is {stake.change}"
    if more := _more(given, stake.count, voice):
        return more
    others = sorted(set(stake.names) - set(given.names or ()))
    if given.names is None or not others:
        return ""
    return f"it does not speak of {voice.people(others)}"


def _more(given: Acceptance, count: Count | None, voice: Voice) -> str:
    if count is None or given.at_most is None:
        return ""
    sure = count.number is not None and (given.at_least or not count.at_least)
    if sure and count.number is not None and count.number <= given.at_most:
        return ""
    was = voice.records(Count(given.at_most, at_least=given.at_least))
    now = voice.records(replace(count, of=None))
    return f"it was given for {was}, and now it is {now}"


def _bound(given: Acceptance, findings: Sequence[Finding]) -> Iterator[Acceptance]:
    for finding in findings:
        stake = finding.stake
        if stake is not None and speaks_of(given, finding):
            count = stake.count
            yield replace(
                given,
                change=stake.change,
                at_most=None if count is None else count.number,
                at_least=count is not None and count.at_least,
                names=stake.names,
            )


def _parts(address: str) -> tuple[str, ...]:
    return tuple(unquote(part) for part in address.split("/"))
