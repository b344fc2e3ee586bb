"""Whether a label was only corrected: one edit that can hardly change what an answer means.

One letter, blank or comma put in, left out, replaced or swapped with its neighbour, in labels of
eight or more letters. Not small, however near, is what touches a digit or a sign, brings or takes
a negation, changes the first letter of a word (`symptomatic`, `asymptomatic`; `interior`,
`anterior`) or a short word or numeral (`stage I`, `stage II`).
"""

from __future__ import annotations

import re

_LETTERS = 8
_SHORTEST_WORD = 4
_WORD = re.compile(r"[^\W\d_]+")
_HARMLESS = re.compile(r"[^\W\d_]|[\s.,;:!?'\"()’]")
#: What stands between words and makes none.
_STOPS = frozenset('.,;:!?()"')
_NUMERAL = re.compile(r"[ivxlcdm]+", re.IGNORECASE)
#: Words that turn a sentence round, in the languages of the dictionaries seen.
_NEGATIONS = frozenset(
    """
    no not none never nobody nothing nor neither without cannot except non un
    don't doesn't didn't isn't aren't wasn't weren't won't can't couldn't shouldn't wouldn't
    dont doesnt didnt isnt arent wasnt werent wont cant couldnt shouldnt wouldnt hasn't haven't
    nicht kein keine keinen keiner nie niemals ohne weder noch
    pas jamais aucun aucune sans ni ne rien
    nunca ningún ninguno ninguna sin tampoco nada
    não nenhum nenhuma sem geen niet nooit zonder
    """.split()  # noqa: SIM905 - a list of words reads better than a list of strings
)
_APOSTROPHES = str.maketrans("’", "'")
_TOKEN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")


def is_small(before: str, after: str) -> bool:
    """Tell whether the one label is the other but for one harmless edit."""
    start, old, new = _middle(before, after)
    if not _is_one_edit(old, new) or min(_letters(before), _letters(after)) < _LETTERS:
        return False
    if re.findall(r"\d+", before) != re.findall(r"\d+", after):
        return False
    if _negations(before) != _negations(after):
        return False
    if not all(_HARMLESS.fullmatch(letter) for letter in old + new):
        return False
    return _STOPS.issuperset(old + new) or (
        _is_inside(before, start, start + len(old)) and _is_inside(after, start, start + len(new))
    )


def _is_one_edit(old: str, new: str) -> bool:
    swapped = len(old) == 2 and old == new[::-1]
    return swapped or (old != new and max(len(old), len(new)) == 1)


def _letters(text: str) -> int:
    return sum(letter.isalpha() for letter in text)


def _negations(text: str) -> list[str]:
    words = _TOKEN.findall(text.casefold().translate(_APOSTROPHES))
    return [word for word in words if word in _NEGATIONS]


def _middle(before: str, after: str) -> tuple[int, str, str]:
    """Return where two texts part, and what stands there in each until they are equal again."""
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    end = 0
    most = min(len(before), len(after)) - start
    while end < most and before[len(before) - 1 - end] == after[len(after) - 1 - end]:
        end += 1
    return start, before[start : len(before) - end], after[start : len(after) - end]


def _is_inside(text: str, start: int, end: int) -> bool:
    """Tell whether no word that an edit touches is short or a numeral, or begins with it."""
    for word in _WORD.finditer(text):
        touched = word.start() <= end and start <= word.end()
        if not touched:
            continue
        begins = start < end and word.start() in range(start, end)
        if begins or len(word[0]) < _SHORTEST_WORD or _NUMERAL.fullmatch(word[0]):
            return False
    return True
