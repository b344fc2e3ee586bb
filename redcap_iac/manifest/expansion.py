"""`events_from`: an arm with the same visits as another, each with this arm's own unique name."""

from __future__ import annotations

from redcap_iac.document import Listing, Map, Node, Text
from redcap_iac.findings import Findings
from redcap_iac.suggestions import in_words

_SHORTHAND = "events_from"


def expand(root: Map, findings: Findings) -> Map:
    """Return the document with the events of every `events_from` written out.

    A copied event has no unique name: REDCap makes it from name and arm (recorded).
    """
    arms = root.get("arms")
    if not isinstance(arms, Listing):
        return root
    if not arms.items:
        findings.error(
            "M130",
            "`arms` is an empty list, and REDCap keeps one arm at least.",
            arms.at,
            advice="Leave the section out if arms are not managed here; "
            "`longitudinal: false` under `project` makes a project classic.",
        )
    expanded = _Expansion(arms, findings)
    items = tuple(expanded.arm(arm) if isinstance(arm, Map) else arm for arm in arms.items)
    entries = tuple(
        (key, Listing(items, arms.at) if key.text == "arms" else value)
        for key, value in root.entries
    )
    return Map(entries, root.at)


class _Expansion:
    """Knows every arm by its number."""

    def __init__(self, arms: Listing, findings: Findings) -> None:
        self._findings = findings
        self._arms: dict[str, Map] = {}
        for arm in arms.items:
            if isinstance(arm, Map) and (number := arm.text("number")) is not None:
                self._arms.setdefault(number.text, arm)

    def arm(self, arm: Map) -> Map:
        """Return an arm with its events in place."""
        events = arm.get("events")
        if isinstance(events, Listing) and not events.items:
            self._findings.error(
                "M130",
                "`events` is an empty list; an arm without events cannot be seen in REDCap.",
                events.at,
                advice="Leave the arm out, or give it an event.",
            )
        other = arm.text(_SHORTHAND)
        if other is None:
            return arm
        if events is not None:
            self._findings.error(
                "M130", f"`events` and `{_SHORTHAND}` are both here.", other.at, advice="Keep one."
            )
        copied = self._events(arm, ())
        kept = [(key, value) for key, value in arm.entries if key.text != _SHORTHAND]
        if copied is not None and events is None:
            name = next(key for key, _ in arm.entries if key.text == _SHORTHAND)
            kept.append((Text("events", name.at), _without_unique_names(copied)))
        return Map(tuple(kept), arm.at)

    def _events(self, arm: Map, trail: tuple[str, ...]) -> Listing | None:
        """Return the events an arm has, its own or another's."""
        other = arm.text(_SHORTHAND)
        if other is None or arm.get("events") is not None:
            return arm.listing("events")
        number = arm.text("number")
        here = (*trail, number.text if number is not None else "")
        if other.text in here:
            if other.text == here[0]:
                circle = " → ".join((*here, other.text))
                own = self._arms[here[0]].text(_SHORTHAND) or other
                self._findings.error(
                    "M130", f"These arms take their events from each other: {circle}.", own.at
                )
            return None
        source = self._arms.get(other.text)
        if source is None:
            if not trail:
                self._findings.error(
                    "M130",
                    f"There is no arm {other.text} to take events from.",
                    other.at,
                    advice=f"There is {in_words(f'arm {one}' for one in self._arms)}.",
                )
            return None
        return self._events(source, here)


def _without_unique_names(events: Listing) -> Listing:
    """Return events without the names that belong to the arm they were written for."""
    return Listing(tuple(_without_unique_name(event) for event in events.items), events.at)


def _without_unique_name(event: Node) -> Node:
    if not isinstance(event, Map):
        return event
    kept = tuple((key, value) for key, value in event.entries if key.text != "unique_name")
    return Map(kept, event.at)
