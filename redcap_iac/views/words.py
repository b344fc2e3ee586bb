"""What differs between two long texts, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

#: A run of a text: "=" stays, "+" comes, "-" goes.
Run = tuple[str, str]

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
#: Longer texts are compared as a whole between what they begin and end with alike: finding the
#: least difference takes time by the square of their length.
_MOST_WORDS = 3_000
#: Texts less alike than this read better one after the other.
_ALIKE = 0.4
_BESIDE = 8


def runs(before: str, after: str) -> tuple[Run, ...]:
    """Return the runs that lead from one text to the other, exact to the letter."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    head = _alike(old, new)
    tail = _alike(old[head:][::-1], new[head:][::-1])
    found = [("=", "".join(old[:head]))]
    found += _middle(old[head : len(old) - tail], new[head : len(new) - tail])
    found.append(("=", "".join(old[len(old) - tail :])))
    return tuple(_joined(found))


def are_alike(before: str, after: str) -> bool:
    """Tell whether word by word reads better than one text after the other.

    It does when much stays, or when words are only added to what stays, or only taken away.
    """
    found = runs(before, after)
    same = sum(len(text) for how, text in found if how == "=" and text.strip())
    if same and len({how for how, _ in found if how != "="}) == 1:
        return True
    return 2 * same >= _ALIKE * (len(before) + len(after))


def abridged(found: tuple[Run, ...]) -> tuple[Run, ...]:
    """Return the runs with what stays cut to some words beside what differs."""
    last = len(found) - 1
    return tuple(
        (how, _cut(text, begins=number == 0, ends=number == last)) if how == "=" else (how, text)
        for number, (how, text) in enumerate(found)
    )


def _alike(old: list[str], new: list[str]) -> int:
    pairs = zip(old, new, strict=False)
    return next(
        (number for number, (was, will) in enumerate(pairs) if was != will),
        min(len(old), len(new)),
    )


def _middle(old: list[str], new: list[str]) -> Iterable[Run]:
    if len(old) > _MOST_WORDS or len(new) > _MOST_WORDS:
        yield "-", "".join(old)
        yield "+", "".join(new)
        return
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for how, start, end, first, stop in matcher.get_opcodes():
        if how == "equal":
            yield "=", "".join(old[start:end])
            continue
        yield "-", "".join(old[start:end])
        yield "+", "".join(new[first:stop])


def _joined(found: Iterable[Run]) -> Iterable[Run]:
    """Join runs between which only blanks stay: one replaced phrase, not three words."""
    gone = come = ""
    waiting = ""
    for how, text in found:
        if not text:
            continue
        if how == "=":
            if not text.strip() and (gone or come):
                waiting += text
                continue
            yield from _pair(gone, come)
            yield "=", waiting + text
            gone = come = waiting = ""
        else:
            if waiting and gone and come:
                gone, come, waiting = gone + waiting, come + waiting, ""
            elif waiting:
                yield from _pair(gone, come)
                yield "=", waiting
                gone = come = waiting = ""
            gone, come = (gone + text, come) if how == "-" else (gone, come + text)
    yield from _pair(gone, come)
    if waiting:
        yield "=", waiting


def _pair(gone: str, come: str) -> Iterable[Run]:
    if gone:
        yield "-", gone
    if come:
        yield "+", come


def _cut(text: str, *, begins: bool, ends: bool) -> str:
    words = re.findall(r"\s*\S+\s*", text)
    before = 0 if ends else _BESIDE  # words shown at the right, before the next difference
    after = 0 if begins else _BESIDE
    if len(words) <= before + after + 3:
        return text
    left, right = "".join(words[:after]), "".join(words[len(words) - before :])
    return f"{left.rstrip()} … {right}".lstrip() if begins else f"{left.rstrip()} … {right}"
