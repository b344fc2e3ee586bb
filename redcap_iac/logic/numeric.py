"""Arithmetic and the functions on numbers.

Each takes numbers already read from values and may raise ValueError or ArithmeticError; the caller
turns those into blank, because a REDCap calculation without a result is blank.
"""

from __future__ import annotations

import decimal
import math
import statistics
from collections.abc import Sequence

_MOST_DECIMALS = 15
# Wide enough for the largest float with its decimals, so that quantizing never overflows.
_EXACT = decimal.Context(prec=400)


def nearest(value: float, decimals: float = 0) -> float:
    """Round to ``decimals`` places; halves go away from zero, as PHP's do."""
    return _rounded(value, decimals, decimal.ROUND_HALF_UP)


def upward(value: float, decimals: float = 0) -> float:
    """Round towards plus infinity; below zero that is undocumented (I)."""
    return _rounded(value, decimals, decimal.ROUND_CEILING)


def downward(value: float, decimals: float = 0) -> float:
    """Round towards minus infinity; below zero that is undocumented (I)."""
    return _rounded(value, decimals, decimal.ROUND_FLOOR)


def _rounded(value: float, decimals: float, mode: str) -> float:
    places = max(-_MOST_DECIMALS, min(_MOST_DECIMALS, int(decimals)))
    # repr is the shortest text of a float: 1.005 rounds as it reads, not as its binary neighbour.
    exact = decimal.Decimal(repr(value))
    unit = decimal.Decimal(1).scaleb(-places)
    return float(exact.quantize(unit, rounding=mode, context=_EXACT))


def logarithm(value: float, base: float | None = None) -> float:
    """The logarithm to a base, natural without one."""
    return math.log(value) if base is None else math.log(value, base)


def power(base: float, exponent: float) -> float:
    """A base raised to an exponent; ValueError where the result is not real."""
    return math.pow(base, exponent)


def quotient(dividend: float, divisor: float) -> float:
    """Division; ZeroDivisionError by zero."""
    return dividend / divisor


def total(values: Sequence[float]) -> float:
    """The sum, free of the rounding errors of adding one by one."""
    return math.fsum(values)


def mean(values: Sequence[float]) -> float:
    """The arithmetic mean."""
    return math.fsum(values) / len(values)


def deviation(values: Sequence[float]) -> float:
    """The standard deviation of a sample (n - 1); StatisticsError, a ValueError, of one value."""
    return statistics.stdev(values)
