"""Which values are worth trying on an expression: those it names, their neighbours, plain ones."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from redcap_iac.logic import Expression, as_text
from redcap_iac.logic.tree import Number, Prefix, Text, walk
from redcap_iac.scenarios.scope import Circumstances


def constants(tree: Expression) -> Iterator[str]:
    """Yield the numbers and texts an expression names."""
    for node in walk(tree):
        if isinstance(node, Prefix) and node.operator == "-" and isinstance(node.operand, Number):
            yield f"-{node.operand.text}"
        elif isinstance(node, Number):
            yield node.text
        elif isinstance(node, Text) and node.value:
            yield node.value


def neighbours(text: str) -> Iterator[str]:
    """Yield a constant and what lies just beside it."""
    yield text
    try:
        number = float(text)
    except ValueError:
        return
    for other in (number + 1, number - 1):
        yield as_text(other)
    yield f"{number:.1f}"
    yield f"{number + 1:.1f}"


def ordinary(validation: str, around: Circumstances) -> Iterator[str]:
    """Yield values nobody would be surprised by."""
    if validation.startswith("date"):
        today = around.clock.date()
        for day in (today, today - timedelta(days=1), date(today.year - 40, 1, 1),
                    date(today.year - 10, 1, 1)):  # fmt: skip
            text = day.isoformat()
            if validation.startswith("datetime"):
                text += " 12:00:00" if "seconds" in validation else " 12:00"
            yield text
    elif validation.startswith("time"):
        yield from ("12:00", "12:00:00")
    else:
        yield from ("1", "0", "100", "1.0", "50.0", "text")
