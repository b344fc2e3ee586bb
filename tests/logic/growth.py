"""How the time something takes grows with what it is given."""

from __future__ import annotations

import time
from collections.abc import Callable

_TIMES_LONGER = 8
_ROUNDS = 5
#: Between growth with the length (8) and with its square (64), far from both.
TOO_MUCH = 30


def growth(read: Callable[[str], object], text: Callable[[int], str], size: int) -> float:
    """Return how many times longer eight times the text takes, each at its best.

    Measured again, up to five times, while the answer is too much: a loaded machine makes single
    readings slow, and what grows with the square is slow in every round.
    """
    short, long = text(size), text(size * _TIMES_LONGER)
    times, ratio = [(_time(read, short), _time(read, long))], float(TOO_MUCH)
    for _ in range(_ROUNDS):
        ratio = min(one for _, one in times) / min(one for one, _ in times)
        if ratio < TOO_MUCH:
            break
        times.append((_time(read, short), _time(read, long)))
    return ratio


def _time(read: Callable[[str], object], text: str) -> float:
    start = time.process_time()
    read(text)
    # below a millisecond the clock says more than the reading
    return max(time.process_time() - start, 0.001)
