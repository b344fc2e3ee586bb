"""How many records a change concerns, counted without reading their values.

By default Export Records is asked for the record id, with a filter: values never leave the server
(`inquiry`). What cannot be known is unknown, never none: the token's user may see less than all
(`sight`), and an answer may be refused (`asking`). REDCap does not show instances that a repeat
setup since removed has hidden, so that these are in no count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from redcap_iac.client import Client
from redcap_iac.hazard import UNKNOWN, Count, ImpactMode
from redcap_iac.safety.hazards import Counts
from redcap_iac.safety.impact.asking import Asker
from redcap_iac.safety.impact.inquiry import inquiry, records
from redcap_iac.safety.impact.layout import Layout, layout_of
from redcap_iac.safety.impact.searching import answers
from redcap_iac.safety.impact.sight import Sight, sees_all
from redcap_iac.safety.impact.values import found_in_values
from redcap_iac.safety.scene import Question
from redcap_iac.state import Live

_EVERY_RECORD = Question()


def count_records(client: Client, live: Live) -> int | None:
    """Return how many records the token's user can see, None when REDCap does not tell.

    Asks for the record id alone. A user in a DAG sees that group's records only (recorded): where
    that may be so, none seen is not told as none.
    """
    layout = layout_of(live)
    if layout is None:
        return None
    found = _every_record(Asker(client), layout)
    return None if found is None or (not found and not sees_all(live)) else len(found)


def count(client: Client, live: Live, questions: Sequence[Question], mode: ImpactMode) -> Counts:
    """Return how many records each question concerns, of how many there are.

    `COUNTS` asks with filters, `VALUES` looks at exported values in memory and asks with filters
    what these cannot tell, `NONE` asks nothing. A project that has no record is asked twice and
    no more: one short answer must not stand for all of them.
    """
    layout = layout_of(live)
    if mode is ImpactMode.NONE or not questions or layout is None:
        return Counts()
    asker, sight = Asker(client), Sight(live, layout)
    everything = _every_record(asker, layout)
    if everything is not None and not everything:
        everything = _every_record(Asker(client), layout)
    if everything is None:
        return Counts()
    known: dict[Question, frozenset[str] | None] = {_EVERY_RECORD: everything}
    if not everything and sight.is_whole(_EVERY_RECORD):
        return Counts(dict.fromkeys(questions, Count(0, of=0)) | {_EVERY_RECORD: Count(0)})
    if mode is ImpactMode.VALUES:
        known |= found_in_values(client, layout, everything, questions)
    known |= _filtered(asker, layout, [one for one in questions if one not in known])
    total = len(everything) if sight.is_whole(_EVERY_RECORD) else None
    return Counts(
        {
            one: _said(known[one], None if one == _EVERY_RECORD else total, sight.is_whole(one))
            for one in questions
        }
    )


def _every_record(asker: Asker, layout: Layout) -> frozenset[str] | None:
    asked = inquiry(_EVERY_RECORD, layout)
    seen = asker.ask([asked])[asked]
    return None if seen is None else records(_EVERY_RECORD, seen)


def _filtered(
    asker: Asker, layout: Layout, questions: Sequence[Question]
) -> Mapping[Question, frozenset[str] | None]:
    asked = {one: inquiry(one, layout) for one in questions}
    seen = answers(asker, asked.values())
    return {
        one: None if (rows := seen[made]) is None else records(one, rows)
        for one, made in asked.items()
    }


def _said(found: frozenset[str] | None, total: int | None, is_whole: bool) -> Count:
    """Return a count; what may not be all is "at least", and none of it is not known."""
    if found is None or (not found and not is_whole):
        return UNKNOWN
    return Count(len(found), at_least=not is_whole, of=total if is_whole else None)
