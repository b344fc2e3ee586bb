"""What becomes of stored values when a field changes its type: a verdict for every pair of types.

Sources: a checkbox keeps each tick in a row of its own, a single choice one code, which is why
REDCap's own pages treat going between them as critical (inferred); no matrix of allowed pairs was
found. Where no source says that values stay whole, the table says lossy, and where what is stored
means nothing to the other type, forbidden.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What a change of type does to stored values."""

    SAFE = "safe"
    LOSSY = "lossy"
    FORBIDDEN = "forbidden"  # while records hold a value


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict and why, as the end of a sentence."""

    verdict: Verdict
    why: str


_CHOSEN = ("radio", "dropdown", "yesno", "truefalse")
_TYPED = ("text", "notes")
_PLAIN = (*_TYPED, *_CHOSEN, "slider", "sql")
_APART = ("checkbox", "file", "calc", "descriptive")

#: Rows of (from, to, verdict, why): each stands for every pair of two different types in it.
_ROWS: tuple[tuple[tuple[str, ...], tuple[str, ...], Verdict, str], ...] = (
    (_CHOSEN, _CHOSEN, Verdict.SAFE, "one code is stored either way"),
    (("text",), ("notes",), Verdict.SAFE, "any text stays as it is"),
    (("notes",), ("text",), Verdict.LOSSY, "line breaks do not fit on one line"),
    (_TYPED, _CHOSEN, Verdict.LOSSY, "what is no code of a choice cannot be shown or saved again"),
    (_TYPED, ("slider",), Verdict.LOSSY, "what is no whole number cannot be shown or saved again"),
    (_TYPED, ("sql",), Verdict.LOSSY, "what the query does not answer cannot be shown"),
    (_CHOSEN, _TYPED, Verdict.LOSSY, "codes stay, what they mean goes"),
    (_CHOSEN, ("slider",), Verdict.LOSSY, "codes become places on a scale"),
    (_CHOSEN, ("sql",), Verdict.LOSSY, "codes the query does not answer lose their meaning"),
    (("slider",), _TYPED, Verdict.LOSSY, "numbers stay, the scale they were marked on goes"),
    (("slider",), _CHOSEN, Verdict.LOSSY, "numbers that are no code of a choice cannot be shown"),
    (("slider",), ("sql",), Verdict.LOSSY, "numbers the query does not answer cannot be shown"),
    (("sql",), _TYPED, Verdict.LOSSY, "codes stay, what they mean goes"),
    (("sql",), _CHOSEN, Verdict.LOSSY, "codes that are no choice lose their meaning"),
    (("sql",), ("slider",), Verdict.LOSSY, "codes become places on a scale"),
    (("descriptive",), (*_PLAIN, "checkbox", "file", "calc"), Verdict.SAFE, "nothing is stored"),
    (("checkbox",), (*_PLAIN, *_APART), Verdict.FORBIDDEN, "ticks do not fit into one value"),
    (_PLAIN, ("checkbox",), Verdict.FORBIDDEN, "one value does not fit into ticks"),
    (("file",), (*_PLAIN, *_APART), Verdict.FORBIDDEN, "documents mean nothing to another type"),
    (_PLAIN, ("file",), Verdict.FORBIDDEN, "values do not become documents"),
    (
        ("calc",), (*_PLAIN, *_APART), Verdict.FORBIDDEN,
        "calculated values are nobody's answers",
    ),
    (_PLAIN, ("calc",), Verdict.FORBIDDEN, "the first calculation overwrites what was answered"),
    (_PLAIN, ("descriptive",), Verdict.FORBIDDEN, "a descriptive field shows no values"),
)  # fmt: skip


def _pairs() -> Iterator[tuple[tuple[str, str], Judgement]]:
    for sources, targets, verdict, why in _ROWS:
        for source in sources:
            for target in targets:
                if source != target:
                    yield (source, target), Judgement(verdict, why)


#: Every ordered pair of two of REDCap's field types.
TABLE: dict[tuple[str, str], Judgement] = dict(_pairs())
_UNHEARD_OF = Judgement(Verdict.FORBIDDEN, "nothing is known about this type")


def judged(source: str, target: str) -> Judgement:
    """Return the verdict for a change of type; of a type nobody knows the safest."""
    return TABLE.get((source, target), _UNHEARD_OF)
