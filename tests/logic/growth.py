"""How the time something takes grows with what it is given."""

from __future__ import annotations

import time
from collections.abc import Callable

_TIMES_LONGER = 8
#: Between growth with the length (8) and with its square (64), far from both.
TOO_MUCH = 30


def growth(read: Callable[[str], object], text: Callable[[int], str], size: int) -> float:
    """Return how many times longer eight times the text takes, each at its best of three."""
    short, long = (_best(read, text(size * factor)) for factor in (1, _TIMES_LONGER))
    return long / short


def _best(read: Callable[[str], object], text: str) -> float:
    times = []
    for _ in range(3):
        start = time.process_time()
        read(text)
        times.append(time.process_time() - start)
    # below a millisecond the clock says more than the reading
    return max(min(times), 0.001)
