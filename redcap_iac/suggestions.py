"""Did you mean: the nearest of the words there are."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def did_you_mean(word: str, known: Iterable[str], nearness: float = 0.6) -> str:
    """Return `Did you mean …?` when a known word is near, whatever its case, else nothing.

    `nearness` is the least likeness, from 0 for any word to 1 for the same.
    """
    by_lower = {known_word.lower(): known_word for known_word in known}
    near = difflib.get_close_matches(word.strip().lower(), by_lower, n=1, cutoff=nearness)
    return f"Did you mean `{by_lower[near[0]]}`?" if near else ""


def nearest_or_all(word: str, known: Iterable[str]) -> str:
    """Return `Did you mean …?`, or the first ten words there are."""
    words = sorted(known)
    return did_you_mean(word, words) or f"There are: {', '.join(words[:10])}"


def in_words(parts: Iterable[str], joint: str = "or") -> str:
    """Return `a, b or c`."""
    words = list(parts)
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {joint} {words[-1]}"


def first_in_words(parts: Iterable[str], most: int = 8) -> str:
    """Return `a, b and c`, or `a, b and 5 more` where there are more than `most`."""
    words = list(parts)
    more = [f"{len(words) - most} more"] if len(words) > most else []
    return in_words([*words[:most], *more], "and")
