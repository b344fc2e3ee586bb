"""Which live event a declared one is: by unique name, else by arm and name."""

from __future__ import annotations

from collections.abc import Sequence

from redcap_iac.findings import Findings
from redcap_iac.kinds.events.event import Event
from redcap_iac.kinds.visits import event_address


class Identity:
    """The declared and the live events side by side.

    Unique names go stale when the server makes them anew on a rename, so a declared one may be
    another event's by now. It is believed unless the event it points at carries the name of
    another declared event while this one's own name is found at an event nobody claims. A live
    event is one declared event at most: who points at it comes before who has its name.
    """

    def __init__(self, desired: Sequence[Event], live: Sequence[Event]) -> None:
        self._by_unique = {str(item.unique_name): item for item in live}
        self._by_name: dict[tuple[int, str], list[Event]] = {}
        for item in live:
            self._by_name.setdefault(_named(item), []).append(item)
        self._claimed = {item.declared_name for item in desired if item.declared_name}
        self._wanted = {_named(item) for item in desired}
        self._taken: set[str] = set()
        self._drop_stale_claims(desired)

    def matches(
        self, desired: Sequence[Event], findings: Findings
    ) -> Sequence[tuple[Event, Event]]:
        """Return declared events with the live event each is, new ones left out; say what is odd.

        Those whose unique name points at a live event are looked at first.
        """
        found: list[tuple[Event, Event]] = []
        for item in sorted(desired, key=lambda one: one.declared_name not in self._by_unique):
            match = self._match(item, findings)
            if match is None or str(match.unique_name) in self._taken:
                continue
            self._taken.add(str(match.unique_name))
            self._tell_stale(item, match, findings)
            found.append((item, match))
        return found

    def _drop_stale_claims(self, desired: Sequence[Event]) -> None:
        """Forget the claims of stale unique names, and of those that only these made look good."""
        waiting = list(desired)
        while stale := [item for item in waiting if self._is_stale(item)]:
            self._claimed -= {item.declared_name for item in stale}
            waiting = [item for item in waiting if item not in stale]

    def _is_stale(self, item: Event) -> bool:
        """Tell whether a unique name is another event's by now: each has its name elsewhere."""
        pointed, named = self._pointed_live(item), self._named_live(item)
        if pointed is None or named is None or pointed is named:
            return False
        return str(named.unique_name) not in self._claimed and _named(pointed) in self._wanted

    def _match(self, item: Event, findings: Findings) -> Event | None:
        pointed, named = self._pointed_live(item), self._named_live(item)
        if named is None and item.declared_name in self._by_unique and pointed is None:
            self._refuse_other_arm(item, findings)
        if pointed is None or pointed is named or self._is_stale(item):
            found = named
        elif named is None or str(named.unique_name) in self._claimed:
            found = pointed
        else:
            findings.error(
                "M313",
                f'unique_name {item.declared_name} is the event "{pointed.name.strip()}" in REDCap,'
                f' but there is also an event "{item.name.strip()}" ({named.unique_name}).',
                item.at,
                address=event_address(item.arm, item.name),
                advice=f"Write unique_name: {named.unique_name}, or leave it out, or rename.",
            )
            found = pointed
        return self._renamed(item, found, findings)

    def _refuse_other_arm(self, item: Event, findings: Findings) -> None:
        there = self._by_unique[item.declared_name]
        findings.error(
            "M317",
            f'unique_name {item.declared_name} is the event "{there.name.strip()}" of arm'
            f" {there.arm}; an event cannot go to another arm.",
            item.at,
            address=event_address(item.arm, item.name),
            advice=f"Leave unique_name out, which makes a new event in arm {item.arm}.",
        )

    def _pointed_live(self, item: Event) -> Event | None:
        """Return the event of this unique name, if it is of the same arm: it stays (inferred)."""
        found = self._by_unique.get(item.declared_name)
        return found if found is not None and found.arm == item.arm else None

    def _named_live(self, item: Event) -> Event | None:
        found = self._by_name.get(_named(item), [])
        return found[0] if len(found) == 1 else None

    def _renamed(self, item: Event, found: Event | None, findings: Findings) -> Event | None:
        """Return the live event, the one a new name comes from; both of them there is an error."""
        old = self._by_name.get((item.arm, item.renamed_from.strip()), [])
        if not item.renamed_from or not old or found in old:
            return found
        if found is None and len(old) == 1:
            return old[0]
        there = "several events" if found is None else f'both "{item.name.strip()}" and an event'
        findings.error(
            "M314",
            f'"{item.name.strip()}" is renamed from "{item.renamed_from}", but REDCap has'
            f" {there} of that name.",
            item.at,
            address=event_address(item.arm, item.name),
            advice="Remove `renamed_from`, or write the `unique_name` of the one that is meant.",
        )
        return found

    def _tell_stale(self, item: Event, found: Event, findings: Findings) -> None:
        if not item.declared_name or item.declared_name == found.unique_name:
            return
        findings.warning(
            "M315",
            f'REDCap calls the event "{item.name.strip()}" {found.unique_name},'
            f" not {item.declared_name}.",
            item.at,
            address=event_address(item.arm, item.name),
            advice=f"Write unique_name: {found.unique_name}; logic uses it.",
        )


def _named(item: Event) -> tuple[int, str]:
    return item.arm, item.name.strip()
