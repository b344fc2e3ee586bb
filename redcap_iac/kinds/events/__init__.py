"""Events of a longitudinal project.

`event` import updates by `unique_event_name` and creates without; an unknown unique name is no
error but a new event (recorded). Unique names are the server's: made from name and arm, made anew
on a rename by some sources (conflict), so they are never predicted, always read back. `event_id`
stays through renames. Offsets are shown only while scheduling is on (recorded). A classic project
holds its records in a hidden event, `event_1_arm_1`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import ClassVar

from redcap_iac.calls import Call, Key, Made
from redcap_iac.changes import Normal
from redcap_iac.document import Text
from redcap_iac.findings import Findings
from redcap_iac.kinds.arms import CLASSIC
from redcap_iac.kinds.events import writing
from redcap_iac.kinds.events.event import OFFSETS, Event
from redcap_iac.kinds.events.identity import Identity
from redcap_iac.kinds.kind import Draft, Kind, Reading, Settling, Source, WireRow, Work
from redcap_iac.kinds.visits import Visit, event_address, visits
from redcap_iac.plan import Step
from redcap_iac.state import State, Unit

_MOST_DIGITS = 20
#: Columns of the dictionary that may name an event.
_LOGIC = (
    "branching_logic",
    "select_choices_or_calculations",
    "field_annotation",
    "field_label",
    "field_note",
    "section_header",
    "text_validation_min",
    "text_validation_max",
)


class EventKind(Kind[Event]):
    """Events, known by the unique names the server makes."""

    name: ClassVar[str] = "events"
    unit: ClassVar[Unit] = Unit.EVENTS
    after: ClassVar[tuple[str, ...]] = ("arms",)
    content: ClassVar[str] = "event"
    name_follows_label: ClassVar[bool] = True
    definitions: ClassVar[Mapping[str, object]] = {
        "event": {
            "type": "object",
            "additionalProperties": False,
            "required": ["name"],
            "description": "One event: a visit, a phase.",
            "properties": {
                "name": {
                    "$ref": "#/$defs/text",
                    "description": "Name of the event, as people read it.",
                    "examples": ["Week 4"],
                },
                "unique_name": {
                    "$ref": "#/$defs/text",
                    "description": "The name REDCap made; logic uses it, `pull` records it.",
                    "examples": ["baseline_arm_1"],
                },
                "custom_label": {
                    "$ref": "#/$defs/text",
                    "description": "Custom event label; fields are piped into it.",
                    "examples": ["[visit_date]"],
                },
                "day_offset": {
                    "type": "number",
                    "description": "Days from the first event (scheduling).",
                    "examples": [28],
                },
                "offset_min": {
                    "type": "number",
                    "description": "How many days before the day offset are still in time.",
                    "examples": [2],
                },
                "offset_max": {
                    "type": "number",
                    "description": "How many days after the day offset are still in time.",
                    "examples": [2],
                },
                "renamed_from": {
                    "$ref": "#/$defs/text",
                    "description": "Its name until now.",
                    "examples": ["Visit 2"],
                },
                "instruments": {
                    "$ref": "#/$defs/names",
                    "description": "Instruments designated to the event.",
                    "examples": [["demographics", "vitals"]],
                },
                "repeat": {
                    "$ref": "#/$defs/repeat",
                    "description": "What repeats here: true for the whole event, or instruments, "
                    "with or without the label of their instances.",
                    "examples": [True, ["vitals"], {"adverse_events": "[ae_term]"}],
                },
            },
        }
    }

    def declare(self, source: Source, findings: Findings) -> tuple[Event, ...] | None:
        """Read the events; equal names within an arm need unique names."""
        declared = visits(source)
        if declared is None:
            return None
        for visit in declared:
            if visit.told_apart and visit.unique_name is None:
                findings.error(
                    "M310",
                    f'Arm {visit.arm} has several events named "{visit.name.text.strip()}".',
                    visit.at,
                    address=visit.address,
                    advice="Add `unique_name:` to each of them, as REDCap shows it.",
                )
            if not visit.name.text.strip():
                findings.error("M311", "An event needs a name.", visit.at, address=visit.address)
        given = Counter(visit.unique_name.text for visit in declared if visit.unique_name)
        for visit in declared:
            if visit.unique_name is not None and given[visit.unique_name.text] > 1:
                findings.error(
                    "M312", f"unique_name {visit.unique_name.text} is given to several events.",
                    visit.unique_name.at, address=visit.address,
                )  # fmt: skip
        return tuple(_declared(visit) for visit in declared)

    def describe(self, state: State, draft: Draft) -> None:
        """Add the events to their arms."""
        arms = draft.get("arms")
        if not isinstance(arms, list):
            return
        for arm in arms:
            found = [item for item in self.items(state) if str(item.arm) == arm["number"]]
            arm["events"] = [_described(item) for item in found]

    def check(self, desired: State, findings: Findings) -> None:
        """Find events renamed from one that is declared too."""
        items = self.items(desired)
        names = {(item.arm, item.name.strip()) for item in items}
        for item in items:
            if item.renamed_from and (item.arm, item.renamed_from.strip()) in names:
                findings.error(
                    "M314",
                    f'"{item.name.strip()}" is renamed from "{item.renamed_from}",'
                    " which is declared too.",
                    item.at,
                    address=self.address(item),
                    advice="Remove `renamed_from`, or the old event.",
                )

    def key(self, item: Event) -> Key:
        """An event is known by its unique name, or by what will be made."""
        return item.unique_name

    def address(self, item: Event) -> str:
        """`event/1/Week 4`; with the unique name where names are equal."""
        if isinstance(item.unique_name, Made):
            return item.unique_name.address
        told = str(item.declared_name or item.unique_name) if item.told_apart else item.name
        return event_address(item.arm, told)

    def bind(
        self, desired: Sequence[Event], live: Sequence[Event], findings: Findings
    ) -> Mapping[Made, str]:
        """Match by unique name, else by arm and name; a stale unique name is told with its fix."""
        matches = Identity(desired, live).matches(desired, findings)
        return {
            item.unique_name: str(match.unique_name)
            for item, match in matches
            if isinstance(item.unique_name, Made)
        }

    def rebound(self, item: Event, names: Mapping[Made, str]) -> Event:
        """Take over the server's unique name."""
        name = item.unique_name
        return replace(item, unique_name=names.get(name, name)) if isinstance(name, Made) else item

    def settle(self, items: tuple[Event, ...], settling: Settling) -> tuple[Event, ...]:
        """Leave undeclared offsets as found, and all of them where they cannot be seen."""
        live = {item.unique_name: item for item in self.items(settling.live.state)}
        flags = {getattr(s, "name", ""): s for s in settling.final.kinds.get("project", ())}
        scheduling = getattr(flags.get("scheduling_enabled"), "value", "0") == "1"
        return tuple(_settled(item, live.get(item.unique_name), scheduling) for item in items)

    def normal(self, item: Event) -> Normal:
        """Compare name, custom label and the offsets that are known, as numbers."""
        offsets = (
            (name.replace("_", " "), _number(value, absolute=name == "offset_min"))
            for name in OFFSETS
            if (value := getattr(item, name)) is not None
        )
        label = (("custom label", item.custom_label),) if item.custom_label else ()
        return (("name", item.name.strip()), ("arm", str(item.arm)), *offsets, *label)

    def is_rename(self, before: Event, after: Event) -> bool:
        """A new name for the same event id."""
        return before.name.strip() != after.name.strip()

    def group(self, item: Event) -> str:
        """Events stand in the schedule."""
        return "schedule"

    def label(self, item: Event) -> str:
        """The event's own name, with its arm."""
        return f"{item.name.strip()} (arm {item.arm})"

    def means_none(self, refusal: str) -> bool:
        """A classic project has no events to show."""
        return CLASSIC in refusal

    def read(self, rows: Sequence[WireRow], reading: Reading) -> tuple[Event, ...]:
        """Read the events; offsets only where the server shows them."""
        names = Counter((str(row["arm_num"]), str(row["event_name"]).strip()) for row in rows)
        return tuple(
            Event(
                unique_name=str(row["unique_event_name"]),
                arm=int(str(row["arm_num"])),
                name=str(row["event_name"]),
                day_offset=_shown(row, "day_offset"),
                offset_min=_shown(row, "offset_min"),
                offset_max=_shown(row, "offset_max"),
                custom_label=str(row.get("custom_event_label") or ""),
                event_id=str(row.get("event_id") or ""),
                told_apart=names[str(row["arm_num"]), str(row["event_name"]).strip()] > 1,
            )
            for row in rows
        )

    def steps(self, work: Work) -> Iterable[Step]:
        """Renames and updates, the take-over of the hidden event, creations, deletions."""
        return writing.steps(self.name, work)

    def foresee(self, work: Work, findings: Findings) -> None:
        """Refuse logic that is about to be sent and says a unique name REDCap does not use."""
        if not work.of("fields"):
            return
        cells = " ".join(
            str(getattr(field, column, ""))
            for field in work.final.kinds.get("fields", ())
            for column in _LOGIC
        )
        for item in self.items(work.desired.state):
            told, real = item.declared_name, item.unique_name
            stale = told and isinstance(real, str) and told != real and real not in work.volatile
            if stale and f"[{told}]" in cells:
                findings.error(
                    "M316",
                    f"Logic in the dictionary says [{told}], but REDCap calls the event"
                    f' "{item.name.strip()}" {real}.',
                    item.at,
                    address=self.address(item),
                    advice=f"Write [{real}] there and unique_name: {real} at the event.",
                )

    def resolve(
        self,
        call: Call,
        makes: tuple[tuple[str, int], ...],
        before: Sequence[Event],
        after: Sequence[Event],
    ) -> Mapping[str, str]:
        """Find renamed events by their id, new ones by arm, name and age."""
        return writing.names_made(call, makes, before, after)


def _declared(visit: Visit) -> Event:
    node = visit.node
    return Event(
        unique_name=visit.key,
        arm=visit.arm,
        name=visit.name.text,
        day_offset=_text(node.text("day_offset")),
        offset_min=_text(node.text("offset_min")),
        offset_max=_text(node.text("offset_max")),
        custom_label=_text(node.text("custom_label")) or "",
        declared_name=_text(visit.unique_name) or "",
        renamed_from=_text(node.text("renamed_from")) or "",
        told_apart=visit.told_apart,
        at=visit.at,
    )


def _described(item: Event) -> dict[str, object]:
    described: dict[str, object] = {"name": item.name, "unique_name": str(item.unique_name)}
    if item.custom_label:
        described["custom_label"] = item.custom_label
    for name in OFFSETS:
        value = getattr(item, name)
        if value is not None:
            described[name] = _unquoted(_number(value, absolute=False))
    return described


def _settled(item: Event, live: Event | None, scheduling: bool) -> Event:
    if live is None:
        return item
    visible = scheduling or live.day_offset is not None
    return replace(
        item,
        event_id=live.event_id,
        day_offset=_offset(item.day_offset, live.day_offset, visible=visible),
        offset_min=_offset(item.offset_min, live.offset_min, visible=visible),
        offset_max=_offset(item.offset_max, live.offset_max, visible=visible),
    )


def _offset(declared: str | None, live: str | None, *, visible: bool) -> str | None:
    if not visible:
        return None
    return live if declared is None else declared


def _text(node: Text | None) -> str | None:
    return None if node is None or node.is_null else node.text


def _shown(row: WireRow, column: str) -> str | None:
    return str(row[column]) if row.get(column) not in (None, "") else None


def _number(text: str, *, absolute: bool) -> str:
    """Return a number as it is usually written; the sign of offset_min is open (conflict)."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    if not number.is_finite() or abs(number.adjusted()) > _MOST_DIGITS:
        return text
    number = abs(number) if absolute else number
    return f"{number.normalize():f}" if number else "0"


def _unquoted(number: str) -> object:
    """Return a number as one, so that it is written without quotes: in quotes it is text."""
    try:
        return float(number) if "." in number else int(number)
    except ValueError:
        return number


KIND = EventKind()

__all__ = ["KIND", "Event", "EventKind"]
