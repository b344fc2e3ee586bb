"""The unique name an event will have, for reading logic; never for writing to a server."""

from __future__ import annotations

import re
from collections.abc import Collection

#: How much of the event's name is kept (recorded).
_KEPT = 18


def predicted_name(name: str, arm: int, taken: Collection[str] = ()) -> str:
    """Return the unique name REDCap would make: `Week 4` of arm 1 → `week_4_arm_1`.

    Lower case, blanks to underscores, anything but a to z, 0 to 9 and `_` removed, cut after 18
    characters, trailing underscores removed (recorded pairs; hyphens and other letters inferred).
    A name in `taken` gets a letter: `…1b`, `…1c` (recorded).
    """
    kept = re.sub(r"[^a-z0-9_]", "", name.strip().lower().replace(" ", "_"))
    base = f"{kept[:_KEPT].rstrip('_') or 'event'}_arm_{arm}"
    suffixes = ("", *"bcdefghijklmnopqrstuvwxyz")
    return next((base + letter for letter in suffixes if base + letter not in taken), base)
