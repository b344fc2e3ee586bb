"""Which guards of an environment a change takes off: what stood at the base and stands no more.

Whoever writes a manifest writes its guards as well, so a change could loosen them and use that at
once. A policy outside the project can ask that none is loosened.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from redcap_iac.hazard import Guards, Limit, Protection
from redcap_iac.state import Unit


def loosened(before: Guards, after: Guards) -> Iterator[tuple[str, str]]:
    """Yield each guard that is looser than it was: its key in the environment, and a sentence.

    Acceptances are no guards: each is bound to its change, and says who gave it and why.
    """
    if before.data == "real" and after.data != "real":
        yield "data", f"`data: real` became {after.data or 'nothing'}"
    for part in fields(Protection):
        kept = set(getattr(after.protect, part.name))
        for name in getattr(before.protect, part.name):
            if name not in kept:
                yield f"protect/{name}", f"{name} is no longer under `protect: {part.name}`"
    for unit in Unit:
        was, now = before.limit(str(unit)), after.limit(str(unit))
        if any(getattr(now, part.name) > getattr(was, part.name) for part in fields(Limit)):
            yield f"limits/{unit}", f"the limits of {unit} are wider than they were"
    if before.mask_small and not after.mask_small:
        yield "mask_small", "small numbers are no longer masked"
