"""Which live event a declared one is: by unique name, else by arm and name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from redcap_iac.findings import Findings

if TYPE_CHECKING:
    from redcap_iac.kinds.events import Event


class Identity:
    """The declared and the live events side by side.

    Unique names go stale when the server makes them anew on a rename, so a declared one may be
    another event's by now. It is believed unless the event it points at carries the name of
    another declared event while this one's own name is found at an event nobody claims.
    """

    def __init__(self, desired: Sequence[Event], live: Sequence[Event]) -> None:
        self._by_unique = {str(item.unique_name): item for item in live}
        self._by_name: dict[tuple[int, str], list[Event]] = {}
        for item in live:
            self._by_name.setdefault(_named(item), []).append(item)
        self._claimed = {item.declared_name for item in desired if item.declared_name}
        self._wanted = {_named(item) for item in desired}

    def match(self, item: Event, findings: Findings) -> Event | None:
        """Return the live event a declared one is, None when it is new; say what is odd."""
        pointed = self._by_unique.get(item.declared_name)
        named = self._named_live(item)
        if pointed is None or pointed is named:
            found = named or self._renamed(item, findings)
        elif named is None or str(named.unique_name) in self._claimed:
            found = pointed
        elif _named(pointed) in self._wanted:
            found = named
        else:
            findings.error(
                "M313",
                f'unique_name {item.declared_name} is the event "{pointed.name.strip()}" in REDCap,'
                f' but there is also an event "{item.name.strip()}" ({named.unique_name}).',
                item.at,
                address=f"event/{item.arm}/{item.name.strip()}",
                advice=f"Write unique_name: {named.unique_name}, or leave it out, or rename.",
            )
            found = pointed
        self._tell_stale(item, found, findings)
        return found

    def _named_live(self, item: Event) -> Event | None:
        found = self._by_name.get(_named(item), [])
        return found[0] if len(found) == 1 else None

    def _renamed(self, item: Event, findings: Findings) -> Event | None:
        """Return the live event a new name comes from; the old name declared too is an error."""
        if not item.renamed_from:
            return None
        old = (item.arm, item.renamed_from.strip())
        if old in self._wanted:
            findings.error(
                "M314",
                f'"{item.name.strip()}" is renamed from "{item.renamed_from}",'
                " which is declared too.",
                item.at,
                address=f"event/{item.arm}/{item.name.strip()}",
                advice="Remove `renamed_from`, or the old event.",
            )
        found = self._by_name.get(old, [])
        return found[0] if len(found) == 1 else None

    def _tell_stale(self, item: Event, found: Event | None, findings: Findings) -> None:
        if found is None or not item.declared_name or item.declared_name == found.unique_name:
            return
        findings.warning(
            "M315",
            f'REDCap calls the event "{item.name.strip()}" {found.unique_name},'
            f" not {item.declared_name}.",
            item.at,
            address=f"event/{item.arm}/{item.name.strip()}",
            advice=f"Write unique_name: {found.unique_name}; logic uses it.",
        )


def _named(item: Event) -> tuple[int, str]:
    return item.arm, item.name.strip()
