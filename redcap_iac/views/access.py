"""Who gains access by a plan and who loses some: the same data for every format."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rich.text import Text

from redcap_iac.changes import Aspect
from redcap_iac.plan import Plan, Shift
from redcap_iac.views.differences import ADDED, REMOVED
from redcap_iac.views.findings import wrapped
from redcap_iac.views.printable import printable

TITLE = "Who gains and who loses access"
#: How many people have lines of their own; the rest are counted unless all are asked for.
MOST = 20
_WIDEST_NAME = 24


@dataclass(frozen=True, slots=True)
class AccessRow:
    """One person, or several whose access differs alike: what they gain, what they lose.

    Lines are `export of demographics: deidentified → full`, printable.
    """

    who: tuple[str, ...]
    gained: tuple[str, ...]
    lost: tuple[str, ...]


def access_rows(plan: Plan) -> tuple[AccessRow, ...]:
    """Return the rows of a plan: those who gain first, people who differ alike in one."""
    alike: dict[tuple[tuple[str, ...], tuple[str, ...]], list[str]] = {}
    for shift in sorted(plan.access, key=lambda shift: not shift.gained):
        alike.setdefault(_lines(shift), []).append(printable(shift.username))
    return tuple(AccessRow(tuple(who), *lines) for lines, who in alike.items())


def access_lines(plan: Plan, width: int, *, whole: bool = False) -> Iterator[Text]:
    """Yield the section of a plan as text; nothing where nobody's access differs."""
    rows = access_rows(plan)
    if not rows:
        return
    yield Text(TITLE, "bold")
    shown = rows if whole else rows[:MOST]
    for row in shown:
        yield from _row(row, width)
    left = sum(len(row.who) for row in rows[len(shown) :])
    if left:
        yield Text(f"  and {left} more (-v shows everybody)")


def _row(row: AccessRow, width: int) -> Iterator[Text]:
    who = ", ".join(row.who)
    lead = 4 + _WIDEST_NAME
    head = Text(f"  {who}")
    if head.cell_len > lead - 2 or width < lead * 2:
        yield from wrapped(head, indent=4, width=width)
        lead = 6
        head = Text()
    marked = (*(("+", ADDED, line) for line in row.gained), *(("-", REMOVED, x) for x in row.lost))
    for sign, style, line in marked:
        head.pad_right(lead - head.cell_len)
        yield from wrapped(Text.assemble(head, (sign, style), f" {line}"), lead + 2, width)
        head = Text()


def _lines(shift: Shift) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return tuple(map(_line, shift.gained)), tuple(map(_line, shift.lost))


def _line(aspect: Aspect) -> str:
    before, after = str(aspect.before), str(aspect.after)
    return printable(f"{aspect.name}: {before} → {after}" if before else f"{aspect.name}: {after}")
