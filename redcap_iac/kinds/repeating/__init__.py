"""Repeating setup: which instruments, or which whole events, may be filled in again and again.

`repeatingFormsEvents` import replaces the whole setup; a header-only CSV clears it and answers 0
(recorded; an empty JSON list is not). A project without any answers 400 to the export (recorded).
An event repeats as a whole or has repeating instruments, never both (documented).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

from redcap_iac.calls import Key, Made
from redcap_iac.changes import Normal
from redcap_iac.document import Listing, Map, Node, Text
from redcap_iac.findings import Findings
from redcap_iac.kinds.designations import KIND as DESIGNATIONS
from redcap_iac.kinds.designations import (
    described_events,
    event_part,
    final_forms,
    instrument_names,
    refuse_unknown,
    said_event,
)
from redcap_iac.kinds.kind import Draft, Kind, Reading, Source, WireRow, Work, encoded
from redcap_iac.kinds.repeating import writing
from redcap_iac.kinds.repeating.repeat import Repeat
from redcap_iac.kinds.repeating.writing import ends_classic
from redcap_iac.kinds.visits import texts, visits
from redcap_iac.plan import Step
from redcap_iac.state import State, Unit

_NONE = "does not contain any repeating instruments and events"


class RepeatingKind(Kind[Repeat]):
    """Repeats, known by event and instrument."""

    name: ClassVar[str] = "repeating"
    unit: ClassVar[Unit] = Unit.REPEATING
    after: ClassVar[tuple[str, ...]] = ("designations",)
    content: ClassVar[str] = "repeatingFormsEvents"
    properties: ClassVar[Mapping[str, object]] = {
        "repeat": {
            "anyOf": [{"$ref": "#/$defs/names"}, {"$ref": "#/$defs/labels"}],
            "description": "Repeating instruments of a classic project; value = instance label.",
            "examples": [["night"], {"adverse_events": "[ae_term]"}],
        }
    }
    definitions: ClassVar[Mapping[str, object]] = {
        "labels": {
            "type": "object",
            "additionalProperties": {"$ref": "#/$defs/text_or_null"},
            "description": "Instruments that repeat, with the label of their instances.",
        },
        "repeat": {
            "anyOf": [
                {"$ref": "#/$defs/flag"},
                {"$ref": "#/$defs/names"},
                {"$ref": "#/$defs/labels"},
            ],
            "description": "What repeats here: true for the whole event, or instruments.",
        },
    }

    def declare(self, source: Source, findings: Findings) -> tuple[Repeat, ...] | None:
        """Read `repeat` of the project and of the events; managed once there is any."""
        declared = visits(source)
        top = source.root.get("repeat")
        events = [visit for visit in declared or () if visit.repeat is not None]
        if top is None and not events:
            return None
        if top is not None and declared is not None:
            findings.error(
                "M330", "`repeat` of the whole project and `arms:` contradict each other.", top.at,
                address="repeat", advice="Write `repeat` at the events.",
            )  # fmt: skip
            return ()
        items = list(_declared("", top)) if top is not None else []
        for visit in events:
            if visit.repeat is not None:
                items += _declared(visit.key, visit.repeat)
        for item, times in Counter(items).items():
            if times > 1:
                findings.error(
                    "M333", f"{item.instrument} stands twice in this `repeat`.", item.at,
                    address=self.address(item),
                )  # fmt: skip
        return tuple(dict.fromkeys(items))

    def describe(self, state: State, draft: Draft) -> None:
        """Add `repeat` to the events, or to a classic project."""
        by_event: dict[str, dict[str, str]] = {}
        for item in self.items(state):
            by_event.setdefault(str(item.event), {})[item.instrument] = item.label
        for event in described_events(draft):
            repeats = by_event.get(str(event["unique_name"]))
            if repeats:
                event["repeat"] = _short(repeats)
        if "" in by_event:
            draft["repeat"] = _short(by_event[""])

    def check(self, desired: State, findings: Findings) -> None:
        """Find repeats of instruments that are not there, or not on that event."""
        known = instrument_names(desired)
        designated = desired.kinds.get("designations")
        pairs = {(d.event, d.instrument) for d in designated or ()}  # type: ignore[attr-defined]
        for item in self.items(desired):
            if not item.instrument:
                continue
            if known is not None and item.instrument not in known:
                refuse_unknown(
                    "M331", self.address(item), item.instrument, item.at, known, findings
                )
            elif (
                item.event and designated is not None and (item.event, item.instrument) not in pairs
            ):
                _refuse_undesignated(item, self.address(item), findings)

    def key(self, item: Repeat) -> Key:
        """Event and instrument together."""
        if isinstance(item.event, Made):
            return Made(f"{item.event.address}|{item.instrument}|repeat")
        return f"{item.event}|{item.instrument}"

    def address(self, item: Repeat) -> str:
        """`repeat/week_4_arm_1/adverse_events`; parts that are not there are left out."""
        parts = [event_part(item.event) if item.event else "", encoded(item.instrument)]
        return "/".join(["repeat", *(part for part in parts if part)])

    def rebound(self, item: Repeat, names: Mapping[Made, str]) -> Repeat:
        """Take over the event's unique name."""
        if isinstance(item.event, Made) and item.event in names:
            return replace(item, event=names[item.event])
        return item

    def normal(self, item: Repeat) -> Normal:
        """Compare the instance labels."""
        return (("instance label", item.label),)

    def group(self, item: Repeat) -> str:
        """Repeats stand in the schedule."""
        return "schedule"

    def label(self, item: Repeat) -> str:
        """`adverse_events repeats on week_4_arm_1`."""
        what = item.instrument or "whole event"
        return f"{what} repeats" + (f" on {said_event(item.event)}" if item.event else "")

    def means_none(self, refusal: str) -> bool:
        """A project without any repeats refuses the export."""
        return _NONE in refusal

    def read(self, rows: Sequence[WireRow], reading: Reading) -> tuple[Repeat, ...]:
        """Read the setup; classic projects have no event column."""
        return tuple(
            Repeat(
                str(row.get("event_name") or ""),
                str(row.get("form_name") or ""),
                str(row.get("custom_form_label") or ""),
            )
            for row in rows
        )

    def foresee(self, work: Work, findings: Findings) -> None:
        """Refuse instruments that will not be there, or not on that event."""
        forms = final_forms(work)
        designated = DESIGNATIONS.pairs(work)
        state = work.desired.state
        if any(not i.event for i in self.items(state)) and not ends_classic(work):
            findings.error(
                "M334",
                "`repeat` of the whole project is for classic projects; REDCap's is longitudinal.",
                self.items(state)[0].at,
                address="repeat",
                advice="Declare `arms:` with `repeat` at the events, or"
                " `project: {longitudinal: false}`.",
            )
        final = self.items(work.final)
        parts = {item.event for item in final if item.instrument}
        for item in final if work.of(self.name) else ():
            if item.event and not item.instrument and item.event in parts:
                _refuse_both(item, self.address(item), findings)
        for item in self.items(state):
            if not item.instrument:
                continue
            if item.instrument not in forms:
                address = self.address(item)
                refuse_unknown("M331", address, item.instrument, item.at, forms, findings)
            elif (
                item.event
                and DESIGNATIONS.name not in state
                and (item.event, item.instrument) not in designated
            ):
                _refuse_undesignated(item, self.address(item), findings)

    def steps(self, work: Work) -> Iterable[Step]:
        """Send the whole setup, when any of it changed or forms or events did."""
        return writing.steps(work)


def _declared(event: Key, node: Node) -> Iterator[Repeat]:
    if isinstance(node, Text):
        if node.flag:
            yield Repeat(event, "", "", node.at)
    elif isinstance(node, Listing):
        for name in texts(node):
            yield Repeat(event, name.text, "", name.at)
    elif isinstance(node, Map):
        for key, value in node.named():
            label = value.text if isinstance(value, Text) and not value.is_null else ""
            yield Repeat(event, key.text, label, key.at)


def _refuse_undesignated(item: Repeat, address: str, findings: Findings) -> None:
    findings.error(
        "M332",
        f"{item.instrument} repeats on {said_event(item.event)}, but is not among its instruments.",
        item.at,
        address=address,
        advice=f"Add {item.instrument} to `instruments:` of the event.",
    )


def _refuse_both(item: Repeat, address: str, findings: Findings) -> None:
    """Refuse what only declared and kept repeats together can be: the manifest says one of them."""
    findings.error(
        "M335",
        f"{said_event(item.event)} would repeat as a whole and by instrument; REDCap takes one"
        " of them.",
        item.at,
        address=address,
        advice="Declare what it is, with `repeating: authoritative` under `manage:`.",
    )


def _short(repeats: Mapping[str, str]) -> object:
    if "" in repeats:
        return True
    if any(repeats.values()):
        return dict(repeats)
    return list(repeats)


KIND = RepeatingKind()
