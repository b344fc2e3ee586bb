"""How many records hold anything at all in several fields: an instrument, a part of one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from redcap_iac.hazard import UNKNOWN, Count
from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.logic import Expression
from redcap_iac.logic.tree import Text
from redcap_iac.safety.hazards import Counts
from redcap_iac.safety.holding import any_of, asking, compared, holds_value
from redcap_iac.safety.scene import Question

#: Statuses that somebody gave: Unverified, Complete.
_GIVEN = ("1", "2")

#: One question, or several where the fields are too many for one; None is what no text says.
Asked = tuple[Question | None, ...]


def holding_any(
    fields: Iterable[Field], events: Iterable[str] = (), *, status_of: str = ""
) -> Asked:
    """Return the questions which records hold a value in any of these fields, on these events.

    `status_of` is an instrument whose status counts as well where somebody gave it: Unverified or
    Complete. Incomplete is what REDCap gives by itself (knowledge base). Descriptive fields hold no
    value; without any other field there is no question.
    """
    parts = [(one.field_name, tree) for one in fields if (tree := holds_value(one)) is not None]
    if status_of:
        status = f"{status_of}_complete"
        given = any_of(tuple(compared(status, "=", Text(level)) for level in _GIVEN))
        assert given is not None
        parts.append((status, given))
    about = tuple(events)
    return tuple(
        None if question is None else replace(question, events=about) for question in _asked(parts)
    )


def _asked(parts: Sequence[tuple[str, Expression]]) -> Asked:
    if not parts:
        return ()
    question = asking(any_of(tuple(tree for _, tree in parts)), *(name for name, _ in parts))
    if question is not None or len(parts) == 1:
        return (question,)
    middle = len(parts) // 2
    return (*_asked(parts[:middle]), *_asked(parts[middle:]))


def altogether(counts: Counts, asked: Asked) -> Count:
    """Return how many records answer any of the questions.

    Of several only the largest is sure: which records they have in common is not known.
    """
    answers = [UNKNOWN if question is None else counts[question] for question in asked]
    if len(answers) == 1:
        return answers[0]
    if all(count.is_zero for count in answers):
        return answers[0] if answers else Count(0)
    most = max((count.number or 0 for count in answers), default=0)
    return Count(most, at_least=True) if most else UNKNOWN
