"""What every code means: a catalogue in words, one table a code, beside this file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Explanation:
    """A code in words: what was found, what it could cost, the ways out, the best first.

    `answer` says what it takes to go on all the same, "" where there is nothing to answer;
    `family` is the heading it stands under in a list. A rule of lint has examples of a manifest
    it finds something in (`bad`) and of one it does not (`good`); `about` says how much
    it matters and in which profiles it is asked.
    """

    code: str
    title: str
    meaning: str
    why: str
    instead: tuple[str, ...]
    answer: str = ""
    family: str = ""
    bad: str = ""
    good: str = ""
    about: str = ""


@cache
def explanations() -> dict[str, Explanation]:
    """Return every explanation by its code, sorted."""
    found: dict[str, Explanation] = {}
    for file in sorted(resources.files(__name__).iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml"):
            tables = tomllib.loads(file.read_text(encoding="utf-8"))
            family = str(tables.pop("family"))
            found.update({code: _explanation(code, t, family) for code, t in tables.items()})
    return dict(sorted(found.items()))


def _explanation(code: str, table: dict[str, object], family: str) -> Explanation:
    instead = table["instead"]
    assert isinstance(instead, list)
    return Explanation(
        code,
        str(table["title"]),
        str(table["meaning"]),
        str(table["why"]),
        tuple(str(way) for way in instead),
        str(table.get("answer", "")),
        family,
    )
