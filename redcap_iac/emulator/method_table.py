"""The table of methods, for a terminal and for the README, and the list of switches."""

from __future__ import annotations

from collections.abc import Sequence

import redcap_iac.emulator.resources  # noqa: F401 - registers the methods
from redcap_iac.emulator import registry, rights
from redcap_iac.emulator.registry import Method
from redcap_iac.emulator.switches import SWITCHES

_HEADER = ("content", "action", "method", "needs", "answer", "remark")


def methods_text() -> str:
    """Return the methods in columns, sorted by content and action."""
    return _columns([_HEADER, *(_row(method) for method in registry.methods())])


def methods_markdown() -> str:
    """Return the methods as a Markdown table, in the same order."""
    lines = [_HEADER, tuple("---" for _ in _HEADER)]
    lines += [_markdown_row(method) for method in registry.methods()]
    return "".join("| " + " | ".join(cells) + " |\n" for cells in lines)


def switches_text() -> str:
    """Return every switch with its default, its other values and what it is about."""
    header = ("switch", "default", "otherwise", "about")
    rows = [
        (switch.name, switch.default, ", ".join(switch.values[1:]), switch.meaning)
        for switch in sorted(SWITCHES, key=lambda switch: switch.name)
    ]
    return _columns([header, *rows])


def _row(method: Method) -> tuple[str, ...]:
    needs = " + ".join(rights.LABELS.get(right, right) for right in method.rights)
    answer = "answered" if method.answered else "refused"
    return (method.content, method.action, method.title, needs, answer, method.remark)


def _markdown_row(method: Method) -> tuple[str, ...]:
    content, action, *others = (cell.replace("|", "\\|") for cell in _row(method))
    return (f"`{content}`", f"`{action}`", *others)


def _columns(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = (
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )
    return "".join(f"{line}\n" for line in lines)
