"""The `arms:` section of the manifest, read once for the four kinds that declare from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from redcap_iac.calls import Made
from redcap_iac.document import Listing, Map, Node, Text
from redcap_iac.findings import Findings, Position
from redcap_iac.kinds.kind import Source, encoded
from redcap_iac.state import Desired, Live, State

#: Kinds that a project which reads as classic cannot show.
_HIDDEN_KINDS = ("arms", "events", "designations", "repeating")


@dataclass(frozen=True, slots=True)
class Visit:
    """One event as the manifest writes it; `key` is the name that REDCap will make or has made."""

    arm: int
    name: Text
    unique_name: Text | None
    node: Map
    told_apart: bool

    @property
    def at(self) -> Position:
        """Where its name stands."""
        return self.name.at

    @property
    def address(self) -> str:
        """Its address; events of one name within an arm are told apart by their unique names."""
        last = self.unique_name if self.told_apart and self.unique_name else self.name
        return event_address(self.arm, last.text)

    @property
    def key(self) -> Made:
        """What stands for its unique name until it is bound to a live one."""
        return Made(self.address)

    @property
    def instruments(self) -> tuple[Text, ...] | None:
        """The instruments designated, None when the event does not say."""
        listing = self.node.listing("instruments")
        return None if listing is None else tuple(texts(listing))

    @property
    def repeat(self) -> Node | None:
        """What repeats: a flag for the whole event, a list, or a map of instrument labels."""
        return self.node.get("repeat")


@dataclass(frozen=True, slots=True)
class ArmSection:
    """One arm as the manifest writes it."""

    number: int
    name: Text
    visits: tuple[Visit, ...]
    at: Position


def arm_sections(source: Source) -> tuple[ArmSection, ...] | None:
    """Return the arms the manifest declares, None when it manages none."""
    listing = source.root.listing("arms")
    if listing is None:
        return None
    return tuple(_arm(node) for node in listing.items if isinstance(node, Map))


def visits(source: Source) -> tuple[Visit, ...] | None:
    """Return every event of every arm in order, None when the manifest manages none."""
    sections = arm_sections(source)
    if sections is None:
        return None
    return tuple(visit for section in sections for visit in section.visits)


def texts(listing: Listing) -> Iterator[Text]:
    """Yield the texts of a list."""
    return (item for item in listing.items if isinstance(item, Text))


def event_address(arm: int, name: str) -> str:
    """Return the address of an event: `event/1/Week 4`."""
    return f"event/{arm}/{encoded(name.strip())}"


def _arm(node: Map) -> ArmSection:
    number = node.text("number")
    digits = int(number.text) if number is not None and number.text.isdigit() else 0
    name = node.text("name") or Text(f"Arm {digits}", node.at, plain=False)
    listing = node.listing("events")
    nodes = [item for item in listing.items if isinstance(item, Map)] if listing else []
    names = Counter((event.text("name") or name).text.strip() for event in nodes)
    events = tuple(_visit(digits, event, names) for event in nodes)
    return ArmSection(digits, name, events, number.at if number is not None else node.at)


def _visit(arm: int, node: Map, names: Counter[str]) -> Visit:
    name = node.text("name") or Text("", node.at)
    return Visit(arm, name, node.text("unique_name"), node, names[name.text.strip()] > 1)


def comparable(desired: Desired, live: Live, findings: Findings, *, fresh: bool = False) -> Desired:
    """Leave out what a project that reads as classic can never show: a single event's schedule.

    REDCap reads a project with one arm and one event as classic (sources conflict; assumed), so
    that such a schedule would be planned for ever. On a project just created (`fresh`) arm and
    event are still written, over the ones it is born with, but what names them is left out.
    """
    events = desired.state.kinds.get("events", ())
    if live.target.longitudinal or len(events) != 1:
        return desired
    findings.warning(
        "M340",
        "One arm with one event: REDCap may read this project as classic, and then shows neither"
        " arms nor events; nothing of them is compared.",
        events[0].at,
        address="project/longitudinal",
        advice="Leave out `arms:` for a classic project, or declare the second event.",
    )
    hidden = ("designations", "repeating") if fresh else _HIDDEN_KINDS
    kinds = {name: items for name, items in desired.state.kinds.items() if name not in hidden}
    if not fresh and "project" in kinds:
        kinds["project"] = tuple(
            item for item in kinds["project"] if getattr(item, "name", "") != "is_longitudinal"
        )
    return replace(desired, state=State(kinds))
