"""`accept:` entries that answer nothing any more, told so that they do not rot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from redcap_iac.findings import Finding, Severity
from redcap_iac.hazard import Acceptance, Answer, Guards, Stake, Undoable, Voice
from redcap_iac.safety.acceptance import needs_acceptance, speaks_of, unfit

_AGAIN = "Read the hazard again; `plan -v` prints the entry as it would have to be now."
_REMOVE = "Take the entry out of `accept:`."


def rotten(guards: Guards, findings: Sequence[Finding], today: date | None) -> Iterator[Finding]:
    """Yield a warning for every entry that has run out, fits nothing, or is bound otherwise.

    M503 expired, M504 no such hazard in this plan, M505 bound to another change, to fewer records
    or to other people, M506 a hazard that no entry opens.
    """
    for entry in guards.accept:
        if entry.typed:
            continue
        if entry.until and today is not None and entry.until < today.isoformat():
            yield _warning("M503", entry, f"held until {entry.until} and accepts nothing.", _AGAIN)
            continue
        met = [found for found in findings if found.stake and speaks_of(entry, found)]
        if not met:
            yield _warning("M504", entry, "fits nothing in this plan.", _REMOVE)
        elif all(unfit(entry, found, today) for found in met):
            yield _unfitting(entry, met[0], guards, today)
        elif not any(found.stake and needs_acceptance(found.stake) for found in met):
            yield _warning("M504", entry, "answers a hazard that asks nothing.", _REMOVE)


def _unfitting(entry: Acceptance, finding: Finding, guards: Guards, today: date | None) -> Finding:
    assert finding.stake is not None
    closed = finding.stake.answer in (Answer.REFUSED, Answer.COMMAND_LINE)
    private, public = (
        f"accepts nothing: {unfit(entry, finding, today, voice)}."
        for voice in (Voice(mask_small=guards.mask_small), Voice(public=True))
    )
    code, advice = ("M506", _REMOVE) if closed else ("M505", _AGAIN)
    return _warning(code, entry, private, advice, public)


def _warning(code: str, entry: Acceptance, said: str, advice: str, public: str = "") -> Finding:
    about = f"The acceptance of {entry.code}:{entry.address}"
    return Finding(
        code,
        Severity.WARNING,
        f"{about} {said}",
        entry.at,
        entry.address,
        advice,
        Stake(Answer.NOTE, Undoable.YES, "", public=f"{about} {public or said}"),
    )
