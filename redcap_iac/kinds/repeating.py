"""Repeating setup: which instruments, or which whole events, may be filled in again and again.

`repeatingFormsEvents` import replaces the whole setup; a header-only CSV clears it and answers 0
(recorded; an empty JSON list is not). A project without any answers 400 to the export (recorded).
An event repeats as a whole or has repeating instruments, never both (documented).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from typing import ClassVar

from redcap_iac.calls import Call, Cell, Key, Made
from redcap_iac.changes import Normal
from redcap_iac.document import Listing, Map, Node, Text
from redcap_iac.findings import Findings, Position
from redcap_iac.kinds.designations import KIND as DESIGNATIONS
from redcap_iac.kinds.designations import (
    carried_by,
    described_events,
    event_part,
    final_arms,
    final_forms,
    forms_meanwhile,
    instrument_names,
    is_carrying,
    refuse_unknown,
    rows_may_drop,
    said_event,
)
from redcap_iac.kinds.kind import Draft, Kind, Reading, Source, WireRow, Work, encoded
from redcap_iac.kinds.visits import texts, visits
from redcap_iac.plan import Phase, Step
from redcap_iac.state import State, Unit

_NONE = "does not contain any repeating instruments and events"


@dataclass(frozen=True, slots=True)
class Repeat:
    """A repeating instrument on an event.

    `event` is "" in a classic project, `instrument` "" for a whole event; `label` names instances.
    """

    event: Key
    instrument: str
    label: str = ""
    at: Position | None = field(default=None, compare=False)


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
        if any(not i.event for i in self.items(state)) and not _ends_classic(work):
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
        """Send the whole setup, when any of it changed or forms or events did.

        While values are copied what repeats as live repeats beside what comes: instances above
        the first stay in sight until they are written under the new name.
        """
        mine = work.of(self.name)
        classic = _ends_classic(work)
        final = self._final_items(work)
        pairs = DESIGNATIONS.pairs(work)
        rows = _rows(final, work, set(final_forms(work)), pairs, classic=classic)
        if not (mine or (rows and rows_may_drop(work))):
            return
        if not rows and not self.items(work.live.state):
            return
        serves = tuple(change.address for change in mine)
        if classic and work.live.target.longitudinal:
            yield _step(Phase.CLASSIC_REPEATING, rows, serves, classic=True)
            return
        meanwhile = self._meanwhile(work, classic=classic) if is_carrying(work) else rows
        yield _step(Phase.REPEATING, meanwhile, serves, classic=classic)
        if meanwhile != rows:
            yield _step(Phase.DROP_REPEATING, rows, serves, classic=classic)

    def _final_items(self, work: Work) -> tuple[Repeat, ...]:
        """Return what will repeat; what is said of a renamed instrument goes with it."""
        names = carried_by(work).instruments
        items = (
            replace(item, instrument=names.get(item.instrument, item.instrument))
            for item in self.items(work.final)
        )
        return tuple({(item.event, item.instrument): item for item in items}.values())

    def _meanwhile(self, work: Work, *, classic: bool) -> tuple[Mapping[str, Cell], ...]:
        """Return the setup while values are copied: what comes, and what is live behind it."""
        final = self._final_items(work)
        known = {(item.event, item.instrument) for item in final}
        live = self.items(work.live.state)
        left = tuple(item for item in live if (item.event, item.instrument) not in known)
        pairs = {(d.event, d.instrument) for d in DESIGNATIONS.items(work.live.state)}
        pairs |= DESIGNATIONS.pairs(work)
        return _rows((*final, *left), work, {*forms_meanwhile(work)}, pairs, classic=classic)


def _step(
    phase: Phase, rows: tuple[Mapping[str, Cell], ...], serves: tuple[str, ...], *, classic: bool
) -> Step:
    columns = ("form_name", "custom_form_label")
    header = columns if classic else ("event_name", *columns)
    return Step(
        phase,
        RepeatingKind.name,
        f"write all {len(rows)} repeats" if rows else "clear the repeating setup",
        Call("repeatingFormsEvents", "import", rows, header=header),
        serves,
        ("project", "repeating"),
        replaces=True,
    )


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


def _ends_classic(work: Work) -> bool:
    """Tell whether the project will be classic once the plan is carried out."""
    flags = {getattr(s, "name", ""): s for s in work.final.kinds.get("project", ())}
    wanted = str(getattr(flags.get("is_longitudinal"), "value", ""))
    if wanted:
        return wanted != "1"
    return not work.live.target.longitudinal


def _rows(
    items: Sequence[Repeat],
    work: Work,
    forms: Set[str],
    designated: Set[tuple[Key, str]],
    *,
    classic: bool,
) -> tuple[Mapping[str, Cell], ...]:
    kept = [item for item in items if not item.instrument or item.instrument in forms]
    if classic:
        return tuple(
            {"form_name": item.instrument, "custom_form_label": item.label}
            for item in kept
            if not item.event
        )
    arms = final_arms(work)
    return tuple(
        {
            "event_name": work.name(item.event),
            "form_name": item.instrument,
            "custom_form_label": item.label,
        }
        for item in kept
        if item.event in arms
        # what is no longer on its event cannot repeat there; REDCap drops it (inferred)
        and (not item.instrument or (item.event, item.instrument) in designated)
    )


KIND = RepeatingKind()
