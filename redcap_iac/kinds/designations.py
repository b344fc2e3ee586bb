"""Designations: which instrument is filled in at which event.

`formEventMapping` import replaces the designations of all arms at once (recorded); there is no
partial mode. Deleting a form or an event drops its rows without a word (inferred), so all rows are
sent again whenever forms or events changed. An empty list is never sent: nothing says what it does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar

from redcap_iac.calls import Call, Cell, Key, Made
from redcap_iac.changes import Create, Delete, Normal, Rename
from redcap_iac.findings import Findings, Position
from redcap_iac.kinds.arms import CLASSIC
from redcap_iac.kinds.dictionary.hints import Followed, copies, followed
from redcap_iac.kinds.grants import instruments_of
from redcap_iac.kinds.kind import Draft, Kind, Reading, Source, WireRow, Work, encoded
from redcap_iac.kinds.visits import visits
from redcap_iac.plan import Phase, Step
from redcap_iac.state import State, Unit
from redcap_iac.suggestions import nearest_or_all


@dataclass(frozen=True, slots=True)
class Designation:
    """An instrument on an event."""

    event: Key
    instrument: str
    at: Position | None = field(default=None, compare=False)


class DesignationKind(Kind[Designation]):
    """Designations, known by event and instrument."""

    name: ClassVar[str] = "designations"
    unit: ClassVar[Unit] = Unit.DESIGNATIONS
    after: ClassVar[tuple[str, ...]] = ("events", "fields")
    content: ClassVar[str] = "formEventMapping"

    def declare(self, source: Source, findings: Findings) -> tuple[Designation, ...] | None:
        """Read the instruments of the events; managed once any event has them."""
        declared = visits(source)
        if declared is None or all(visit.instruments is None for visit in declared):
            return None
        items: list[Designation] = []
        for visit in declared:
            seen: set[str] = set()
            for name in visit.instruments or ():
                if name.text in seen:
                    findings.error(
                        "M320", f"{name.text} stands twice in this event.", name.at,
                        address=visit.address,
                    )  # fmt: skip
                    continue
                seen.add(name.text)
                items.append(Designation(visit.key, name.text, name.at))
        return tuple(items)

    def describe(self, state: State, draft: Draft) -> None:
        """Add the instruments to their events."""
        by_event: dict[str, list[str]] = {}
        for item in self.items(state):
            by_event.setdefault(str(item.event), []).append(item.instrument)
        for event in described_events(draft):
            event["instruments"] = by_event.get(str(event["unique_name"]), [])

    def check(self, desired: State, findings: Findings) -> None:
        """Find designations of instruments that are not declared."""
        known = instrument_names(desired)
        for item in self.items(desired):
            if known is not None and item.instrument not in known:
                refuse_unknown(
                    "M321", self.address(item), item.instrument, item.at, known, findings
                )

    def key(self, item: Designation) -> Key:
        """Event and instrument together."""
        return _pair(item.event, item.instrument)

    def address(self, item: Designation) -> str:
        """`designation/baseline_arm_1/vitals`; an event not yet made stands by its address."""
        return f"designation/{event_part(item.event)}/{encoded(item.instrument)}"

    def rebound(self, item: Designation, names: Mapping[Made, str]) -> Designation:
        """Take over the event's unique name."""
        if isinstance(item.event, Made) and item.event in names:
            return replace(item, event=names[item.event])
        return item

    def normal(self, item: Designation) -> Normal:
        """A designation is there or not; it has nothing to differ in."""
        return (("instrument", item.instrument),)

    def group(self, item: Designation) -> str:
        """Designations stand in the schedule."""
        return "schedule"

    def label(self, item: Designation) -> str:
        """`vitals on baseline_arm_1`."""
        return f"{item.instrument} on {said_event(item.event)}"

    def means_none(self, refusal: str) -> bool:
        """A classic project has no designations to show."""
        return CLASSIC in refusal

    def read(self, rows: Sequence[WireRow], reading: Reading) -> tuple[Designation, ...]:
        """Read unique event name and form; the arm is in the event."""
        return tuple(Designation(str(row["unique_event_name"]), str(row["form"])) for row in rows)

    def foresee(self, work: Work, findings: Findings) -> None:
        """Refuse instruments that will not be there, and to send an empty list."""
        forms = final_forms(work)
        for item in self.items(work.desired.state):
            if item.instrument not in forms:
                refuse_unknown(
                    "M321", self.address(item), item.instrument, item.at, forms, findings
                )
        mine = work.of(self.name)
        if mine and not self._final_rows(work) and work.live.target.longitudinal:
            findings.error(
                "M322",
                "No event would have any instrument: what REDCap does with an empty list of"
                " designations is not known, so it is never sent.",
                address="designation",
                advice="Leave at least one instrument on one event.",
            )

    def steps(self, work: Work) -> Iterable[Step]:
        """Send all rows, when any of them changed or forms or events did.

        While values are copied what is live stays beside what comes, so that nothing is out of
        sight; it goes afterwards.
        """
        rows = self._final_rows(work)
        mine = work.of(self.name)
        if not rows or not (mine or rows_may_drop(work)):
            return
        meanwhile = rows
        if is_carrying(work):
            items = (*self._final_items(work), *self.items(work.live.state))
            meanwhile = _rows(tuple(dict.fromkeys(items)), work, forms_meanwhile(work))
        serves = tuple(change.address for change in mine)
        yield _step(Phase.DESIGNATIONS, meanwhile, serves)
        if {*map(_said, meanwhile)} != {*map(_said, rows)}:
            yield _step(Phase.DROP_DESIGNATIONS, rows, serves)

    def _final_items(self, work: Work) -> tuple[Designation, ...]:
        """Return the designations there will be; those of a renamed instrument go with it."""
        names = carried_by(work).instruments
        items = (
            replace(item, instrument=names.get(item.instrument, item.instrument))
            for item in self.items(work.final)
        )
        return tuple(dict.fromkeys(items))

    def _final_rows(self, work: Work) -> tuple[Mapping[str, Cell], ...]:
        return _rows(self._final_items(work), work, final_forms(work))

    def pairs(self, work: Work) -> frozenset[tuple[Key, str]]:
        """Return event and instrument of every designation there will be."""
        return frozenset((item.event, item.instrument) for item in self._final_items(work))


def carried_by(work: Work) -> Followed:
    """Return the hints that a plan follows by carrying values over."""
    return followed(work.desired.state, work.live.state)


def is_carrying(work: Work) -> bool:
    """Tell whether values are copied on the way."""
    return bool(copies(carried_by(work), work.desired.state, work.live.state))


def forms_meanwhile(work: Work) -> tuple[str, ...]:
    """Return the instruments there are while values are copied: those to come, those to go."""
    return tuple(dict.fromkeys((*final_forms(work), *instruments_of(work.live.state))))


def _step(phase: Phase, rows: tuple[Mapping[str, Cell], ...], serves: tuple[str, ...]) -> Step:
    return Step(
        phase,
        DesignationKind.name,
        f"write all {len(rows)} designations",
        Call("formEventMapping", "import", rows),
        serves,
        ("designations", "repeating"),
        replaces=True,
    )


def _said(row: Mapping[str, Cell]) -> str:
    return repr(sorted(row.items()))


def rows_may_drop(work: Work) -> bool:
    """Tell whether this plan adds or removes forms, or adds, removes or renames events."""
    events = work.of("events")
    before = {getattr(item, "form_name", "") for item in work.live.state.kinds.get("fields", ())}
    after = {getattr(item, "form_name", "") for item in work.final.kinds.get("fields", ())}
    return before != after or any(isinstance(c, Create | Delete | Rename) for c in events)


def final_arms(work: Work) -> Mapping[Key, int]:
    """Return the arm of every event there will be, by key."""
    return {
        item.unique_name: item.arm  # type: ignore[attr-defined]
        for item in work.final.kinds.get("events", ())
    }


def final_forms(work: Work) -> tuple[str, ...]:
    """Return the instruments there will be, in order."""
    return instruments_of(work.final)


def refuse_unknown(
    code: str,
    address: str,
    instrument: str,
    at: Position | None,
    known: Iterable[str],
    findings: Findings,
) -> None:
    """Find an instrument that is neither declared nor in REDCap."""
    findings.error(
        code, f"There is no instrument {instrument}.", at, address=address,
        advice=nearest_or_all(instrument, known),
    )  # fmt: skip


def described_events(draft: Draft) -> Iterable[dict[str, object]]:
    """Return the event maps of a draft."""
    arms = draft.get("arms")
    return [event for arm in arms for event in arm["events"]] if isinstance(arms, list) else []


def instrument_names(desired: State) -> frozenset[str] | None:
    """Return the names of the declared instruments, None when the dictionary is not managed."""
    return frozenset(instruments_of(desired)) if "fields" in desired else None


def event_part(event: Key) -> str:
    """Return the event's part of an address."""
    if isinstance(event, Made):
        return encoded(event.address.removeprefix("event/"))
    return encoded(event)


def said_event(event: Key) -> str:
    """Return an event as people read it."""
    return event.address.rpartition("/")[2] if isinstance(event, Made) else event


def _pair(event: Key, instrument: str) -> Key:
    if isinstance(event, Made):
        return Made(f"{event.address}|{instrument}")
    return f"{event}|{instrument}"


def _rows(
    items: Sequence[Designation], work: Work, forms: Sequence[str]
) -> tuple[Mapping[str, Cell], ...]:
    arms = final_arms(work)
    place = {name: number for number, name in enumerate(forms)}
    order = {key: number for number, key in enumerate(arms)}
    kept = [item for item in items if item.event in arms and item.instrument in place]
    kept.sort(key=lambda i: (arms[i.event], order[i.event], place[i.instrument]))
    return tuple(
        {
            "arm_num": str(arms[item.event]),
            "unique_event_name": work.name(item.event),
            "form": item.instrument,
        }
        for item in kept
    )


KIND = DesignationKind()
