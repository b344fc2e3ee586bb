"""What stands or falls together: events with their arm, designations with event and instrument.

An event that REDCap lost is not taken out of the files while something of one's own stands on it;
what belongs to something the files removed does not come back by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from redcap_iac.merging.verdict import Decision, Verdict

#: What may hold other things, the innermost first.
_HOLDERS = ("instruments", "events", "arms")


def together(decisions: Sequence[Decision]) -> list[Decision]:
    """Return the decisions, with those changed that cannot be carried out beside the others."""
    found = list(decisions)
    leaving = {one.key for one in found if one.place == "form_name" and one.verdict is Verdict.TAKE}
    for kind in _HOLDERS:
        for number, one in enumerate(found):
            if one.kind == kind and one.whole:
                held = [
                    other
                    for other in found
                    if (kind, one.key) in other.within
                    and not (other.kind == "fields" and other.key in leaving)
                ]
                found[number] = _holding(one, held)
        standing = {
            (one.kind, one.key)
            for one in found
            if one.kind == kind and one.whole and one.verdict is not Verdict.TAKE
        }
        found = [_held(one, standing) for one in found]
    return _repeats(_used(found))


def _used(decisions: Sequence[Decision]) -> list[Decision]:
    """Keep an instrument that REDCap lost whole while the files use it somewhere new."""
    users = {
        key: other.address
        for other in decisions
        if other.kind in ("designations", "repeating")
        and other.verdict is not Verdict.TAKE
        and other.files is not None
        and other.base is None
        for kind, key in other.within
        if kind == "instruments"
    }
    lost = {
        one.key
        for one in decisions
        if one.kind == "instruments" and one.whole and one.live is None and one.key in users
    }
    return [
        _in_use(one, next((users[form] for form in _forms(one) if form in lost), ""))
        for one in decisions
    ]


def _forms(one: Decision) -> list[str]:
    """Return the instrument that a decision about an instrument or a field is about."""
    if one.kind == "instruments":
        return [one.key]
    return [key for kind, key in one.within if kind == "instruments"] * (one.kind == "fields")


def _in_use(one: Decision, user: str) -> Decision:
    if not user or not one.whole or one.verdict is not Verdict.TAKE or one.live is not None:
        return one
    why = f"REDCap removed it, the files have {user} on it"
    return replace(one, verdict=Verdict.CONFLICT, why=why)


def _repeats(decisions: Sequence[Decision]) -> list[Decision]:
    """Find events that would repeat as a whole and by instrument: REDCap takes one of them."""
    events: dict[str, set[bool]] = {}
    for one in decisions:
        if one.kind == "repeating":
            comes = one.live if one.verdict is Verdict.TAKE else one.files
            if comes is not None:
                events.setdefault(_event(one), set()).add(_is_whole_event(one))
    return [
        replace(one, verdict=Verdict.CONFLICT, why="an event repeats as a whole or by instrument")
        if one.kind == "repeating"
        and one.verdict is Verdict.TAKE
        and len(events.get(_event(one), ())) > 1
        else one
        for one in decisions
    ]


def _event(one: Decision) -> str:
    return next((key for kind, key in one.within if kind == "events"), "")


def _is_whole_event(one: Decision) -> bool:
    return not any(kind == "instruments" for kind, _ in one.within)


def _holding(one: Decision, held: Iterable[Decision]) -> Decision:
    """Return the decision about something that holds others."""
    others = [other for other in held if other.kind != "fields" or other.place != "order"]
    if one.verdict is Verdict.TAKE and one.live is None:
        own = [other for other in others if other.verdict is not Verdict.TAKE]
        if own and one.kind == "instruments":
            fields = {other.verdict for other in own if other.kind == "fields"}
            if not fields:
                return one
            verdict = Verdict.CONFLICT if Verdict.CONFLICT in fields else Verdict.OWN
            return replace(one, verdict=verdict, why="REDCap removed it, the files change it")
        if own:
            why = f"REDCap removed it, the files have {own[0].address} on it"
            return replace(one, verdict=Verdict.CONFLICT, why=why)
    if one.verdict is Verdict.OWN and one.files is None and not one.asked:
        theirs = [other for other in others if other.verdict is not Verdict.OWN]
        if theirs:
            why = f"the files remove it, REDCap changed {theirs[0].address}"
            return replace(one, verdict=Verdict.CONFLICT, why=why)
    return one


def _held(one: Decision, standing: Iterable[tuple[str, str]]) -> Decision:
    """Return the decision about what stands on something that is not REDCap's to decide."""
    if one.verdict is Verdict.TAKE and one.kind != "fields" and set(one.within) & set(standing):
        return replace(one, verdict=Verdict.OWN)
    return one
