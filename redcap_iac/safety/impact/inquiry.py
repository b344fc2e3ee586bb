"""A question as an export of records, and what of the answer is looked at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from redcap_iac.answers import Answer
from redcap_iac.calls import Call
from redcap_iac.safety.impact.layout import Layout
from redcap_iac.safety.scene import Question

_GROUP = "redcap_data_access_group"


class Seen(NamedTuple):
    """A row of an answer; `group` is None where the answer has no such column."""

    record: str
    group: str | None
    instrument: str
    instance: int


@dataclass(frozen=True, slots=True)
class Inquiry:
    """One export of records: which fields, filter and events, and whether with their groups."""

    fields: tuple[str, ...]
    logic: str = ""
    events: tuple[str, ...] = ()
    groups: bool = False

    def call(self) -> Call:
        """Return the export: flat, and no field but these (recorded: exactly what is asked)."""
        params: dict[str, str | tuple[str, ...]] = {"type": "flat", "fields": self.fields}
        if self.logic:
            params["filterLogic"] = self.logic
        if self.events:
            params["events"] = self.events
        if self.groups:
            params["exportDataAccessGroups"] = "true"
        return Call("record", params=dict(params))

    def read(self, answer: Answer) -> frozenset[Seen]:
        """Return the rows of an answer."""
        return frozenset(_seen(row, self.fields[0]) for row in answer.rows)


def inquiry(question: Question, layout: Layout) -> Inquiry:
    """Return what to ask the server for.

    The record id alone, but where instruments repeat: their rows are in an answer only when
    something of them is asked for (recorded: exactly the fields asked for), and that is the
    status of the instrument, which REDCap keeps itself (Incomplete, Unverified, Complete) and
    which is no value anybody entered about a person. Instances are then told by the columns
    `redcap_repeat_instrument` and `redcap_repeat_instance` that come with the record id
    (recorded), and no filter on smart variables is needed, which no source says to work.
    """
    everything = question == Question()
    forms = () if everything and not layout.id_repeats else layout.repeating(question)
    return Inquiry(
        (layout.id_field, *(f"{form}_complete" for form in forms)),
        question.logic,
        question.events if layout.longitudinal else (),
        bool(question.group),
    )


def records(question: Question, seen: Iterable[Seen]) -> frozenset[str] | None:
    """Return the records that count, each once; None when the answer does not tell."""
    rows = frozenset(seen)
    if question.group and any(row.group is None for row in rows):
        return None  # the column comes to users in no group only (documented)
    return frozenset(
        row.record
        for row in rows
        if (not question.group or row.group == question.group)
        and (not question.beyond_first or _is_later(question, row))
    )


def _is_later(question: Question, row: Seen) -> bool:
    return row.instance > 1 and row.instrument == question.instrument


def _seen(row: Mapping[str, object], id_field: str) -> Seen:
    group = row.get(_GROUP)
    instance = str(row.get("redcap_repeat_instance") or "")
    return Seen(
        str(row.get(id_field, "")),
        None if group is None else str(group),
        str(row.get("redcap_repeat_instrument") or ""),
        int(instance) if instance.isdigit() else 1,
    )
