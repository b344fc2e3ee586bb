"""Arms of a longitudinal project.

`arm` import adds or renames by number; export lists only arms that have an event (documented), so
a declared arm without events can never be seen: it is left out, with a warning. Deleting an arm
deletes its events and their data. A classic project answers 400 to the export (recorded).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from redcap_iac.calls import Call
from redcap_iac.changes import Create, Delete, Normal, Rename, Update
from redcap_iac.findings import Findings, Position
from redcap_iac.kinds.kind import Draft, Kind, Reading, Settling, Source, WireRow, Work
from redcap_iac.kinds.visits import arm_sections
from redcap_iac.plan import Phase, Step
from redcap_iac.state import State, Unit

CLASSIC = "for classic projects"
TOUCHED = ("arms", "events", "designations", "repeating")


@dataclass(frozen=True, slots=True)
class Arm:
    """One arm: its number, its name, whether the manifest gives it events."""

    number: int
    name: str
    has_events: bool = field(default=True, compare=False)
    at: Position | None = field(default=None, compare=False)


class ArmKind(Kind[Arm]):
    """Arms, known by their numbers; the name changes freely."""

    name: ClassVar[str] = "arms"
    unit: ClassVar[Unit] = Unit.ARMS
    after: ClassVar[tuple[str, ...]] = ("project",)
    content: ClassVar[str] = "arm"
    properties: ClassVar[Mapping[str, object]] = {
        "arms": {
            "type": "array",
            "minItems": 1,
            "items": {"$ref": "#/$defs/arm"},
            "x-message": "must have at least one arm; leave it out for a classic project",
            "description": "Arms with their events; present means longitudinal.",
            "examples": [[{"number": 1, "name": "Intervention", "events": [{"name": "Baseline"}]}]],
        }
    }
    definitions: ClassVar[Mapping[str, object]] = {
        "arm": {
            "type": "object",
            "additionalProperties": False,
            "required": ["number"],
            "description": "One arm with its events.",
            "properties": {
                "number": {
                    "type": "integer",
                    "minimum": 1,
                    "description": "Number of the arm; it is known by it.",
                    "examples": [1],
                },
                "name": {
                    "$ref": "#/$defs/text",
                    "description": "Name of the arm; it may change freely.",
                    "examples": ["Intervention"],
                },
                "events": {
                    "type": "array",
                    "minItems": 1,
                    "items": {"$ref": "#/$defs/event"},
                    "x-message": "must have at least one event",
                    "description": "Events of the arm, in the order of the schedule.",
                    "examples": [[{"name": "Baseline", "instruments": ["demographics"]}]],
                },
                "events_from": {
                    "type": "integer",
                    "description": "The same events as the arm of that number.",
                    "examples": [1],
                },
            },
        }
    }

    def declare(self, source: Source, findings: Findings) -> tuple[Arm, ...] | None:
        """Read the arms; one number twice is an error."""
        sections = arm_sections(source)
        if sections is None:
            return None
        seen: dict[int, Position] = {}
        for section in sections:
            if section.number in seen:
                findings.error(
                    "M301", f"Arm {section.number} is declared twice (also at"
                    f" {seen[section.number]}).", section.at, address=f"arm/{section.number}",
                )  # fmt: skip
            seen.setdefault(section.number, section.at)
            if not section.visits:
                findings.warning(
                    "M302",
                    f"Arm {section.number} has no event: REDCap shows no such arm, so it is not"
                    " made before its first event.",
                    section.at,
                    address=f"arm/{section.number}",
                )
        return tuple(Arm(s.number, s.name.text, bool(s.visits), s.at) for s in sections)

    def describe(self, state: State, draft: Draft) -> None:
        """Add the arms; the events add themselves."""
        arms = self.items(state)
        if arms:
            draft["arms"] = [{"number": str(arm.number), "name": arm.name} for arm in arms]

    def key(self, item: Arm) -> str:
        """An arm is known by its number."""
        return str(item.number)

    def address(self, item: Arm) -> str:
        """`arm/1`."""
        return f"arm/{item.number}"

    def settle(self, items: tuple[Arm, ...], settling: Settling) -> tuple[Arm, ...]:
        """Leave out arms without events: no server shows them."""
        live = {arm.number: arm for arm in self.items(settling.live.state)}
        return tuple(arm for arm in items if arm.has_events or arm.number in live)

    def normal(self, item: Arm) -> Normal:
        """Compare the names."""
        return (("name", item.name.strip()),)

    def group(self, item: Arm) -> str:
        """Arms stand in the schedule."""
        return "schedule"

    def label(self, item: Arm) -> str:
        """`arm 1`."""
        return f"arm {item.number}"

    def means_none(self, refusal: str) -> bool:
        """A classic project has no arms to show."""
        return CLASSIC in refusal

    def read(self, rows: Sequence[WireRow], reading: Reading) -> tuple[Arm, ...]:
        """Read `arm_num` and `name`."""
        return tuple(Arm(int(str(row["arm_num"])), str(row["name"])) for row in rows)

    def steps(self, work: Work) -> Iterable[Step]:
        """One import for new and renamed arms, one deletion."""
        changes = work.of(self.name)
        written = [c for c in changes if isinstance(c, Create | Update | Rename)]
        arms = [change.after for change in written if isinstance(change.after, Arm)]
        if arms:
            rows = tuple({"arm_num": str(arm.number), "name": arm.name} for arm in arms)
            serves = tuple(change.address for change in written)
            title = f"write {_said(arms)}"
            yield Step(Phase.ARMS, self.name, title, Call("arm", "import", rows), serves, TOUCHED)
        gone = [c for c in changes if isinstance(c, Delete)]
        if gone:
            numbers = tuple(str(change.key) for change in gone)
            call = Call("arm", "delete", params={"arms": numbers})
            yield Step(
                Phase.DELETE_ARMS,
                self.name,
                f"delete arm {', '.join(numbers)}",
                call,
                tuple(change.address for change in gone),
                TOUCHED,
                replaces=True,
            )


def _said(arms: Sequence[Arm]) -> str:
    return ", ".join(f"arm {arm.number}" for arm in arms)


KIND = ArmKind()
