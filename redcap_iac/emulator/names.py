"""Names that REDCap makes: of events, DAGs and roles."""

from __future__ import annotations

import itertools
import random
import re
import string
from collections.abc import Collection, Iterator

_LIMIT = 18
_ROLE_LETTERS = "34789ACDEFHJKLMNPRTWXY"


def _reduced(label: str) -> str:
    """Lower-case, blanks to underscores, anything else outside a-z 0-9 _ removed, cut at 18.

    Inferred from recorded pairs (part 1 §3.1, part 2 §6): doubled underscores stay, trailing
    ones go, letters outside ASCII vanish.
    """
    lowered = label.strip().lower().replace(" ", "_")
    kept = re.sub(r"[^a-z0-9_]", "", lowered)
    return kept[:_LIMIT].rstrip("_")


def unique_event_name(name: str, arm: int, taken: Collection[str]) -> str:
    """Make an event's unique name: `baseline_arm_1`, then `baseline_arm_1b`, `…1c` (recorded)."""
    base = f"{_reduced(name) or 'event'}_arm_{arm}"
    if base not in taken:
        return base
    return next(base + suffix for suffix in _suffixes() if base + suffix not in taken)


def unique_dag_name(name: str, taken: Collection[str]) -> str:
    """Make the unique name of a DAG; how a collision's suffix looks is inferred."""
    base = _reduced(name) or "group"
    if base not in taken:
        return base
    number = 2
    while f"{base[: _LIMIT - len(str(number))]}{number}" in taken:
        number += 1
    return f"{base[: _LIMIT - len(str(number))]}{number}"


def unique_role_name(chance: random.Random, taken: Collection[str]) -> str:
    """Make `U-` + three digits 1-9 + seven of 22 letters and digits (recorded: 72 names fit)."""
    while True:
        digits = "".join(chance.choice("123456789") for _ in range(3))
        name = "U-" + digits + "".join(chance.choice(_ROLE_LETTERS) for _ in range(7))
        if name not in taken:
            return name


def token(chance: random.Random, length: int = 32) -> str:
    """Make a token of upper-case hexadecimal digits: 32 for a project, 64 for a super token."""
    return "".join(chance.choice("0123456789ABCDEF") for _ in range(length))


def instrument_label(form_name: str) -> str:
    """Make the label of a new instrument: `adverse_event_log` → `Adverse Event Log` (recorded)."""
    return string.capwords(form_name.replace("_", " "))


def _suffixes() -> Iterator[str]:
    """Yield b to z, then aa, ab and on without end; only the single letters are recorded."""
    letters = string.ascii_lowercase
    yield from letters[1:]
    for length in itertools.count(2):
        yield from map("".join, itertools.product(letters, repeat=length))
