"""A plan for people: ready or stopped, hazards, what changes, one line that sums it up."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from rich.text import Text

from redcap_iac.findings import Severity
from redcap_iac.plan import Plan, Step
from redcap_iac.views.differences import ADDED, CHANGED, REMOVED, value_text
from redcap_iac.views.findings import WIDTH, counted, hazard_lines, wrapped
from redcap_iac.views.printable import printable
from redcap_iac.views.rows import SYMBOLS, Row, Section, sections

STYLES = {"create": ADDED, "update": CHANGED, "delete": REMOVED, "rename": "cyan"}
_NARROWEST_LABEL, _WIDEST_LABEL = 15, 32
_WIDEST_NAME = 26
_NARROWEST_BODY = 20

NO_CHANGES = "No changes. The live project matches the manifest."


@dataclass(frozen=True, slots=True)
class _Layout:
    """Columns of a line, and how many of them stand before what differs."""

    width: int
    lead: int

    @property
    def body(self) -> int:
        """Columns there are for what differs."""
        return self.width - self.lead


def plan_lines(
    plan: Plan,
    *,
    verbose: bool = False,
    concise: bool = False,
    allowed: Collection[str] = (),
    width: int = WIDTH,
) -> list[Text]:
    """Return the whole plan, 100 columns wide unless a terminal has fewer.

    `verbose` adds what is known of objects that come or go, and the calls in order; `concise`
    leaves one line to each object; `allowed` are units whose deletions were allowed already.
    """
    found = sections(plan)
    lines = [*_head(plan, allowed, width), Text()]
    lines += _hazards(plan, width)
    layout = _Layout(width, _label_width(found, width) + 4)
    for section in found:
        lines.append(_heading(section))
        names = _name_width(section)
        for row in section.rows:
            lines += _concise(row, layout) if concise else _row(row, layout, names)
            if verbose and not concise:
                lines += _whole(row, width)
    if found:
        lines.append(Text())
    if verbose and plan.steps:
        lines += [*_calls(plan.steps, width), Text()]
    return [*lines, *_foot(plan, found, width)]


def summary_line(plan: Plan, found: Sequence[Section] | None = None) -> str:
    """Return `Plan: 3 to add, 4 to change, 1 to delete.`, or that there is nothing to do."""
    if plan.is_empty:
        return NO_CHANGES
    rows = [action for section in found or sections(plan) for action in section.actions]
    change = rows.count("update") + rows.count("rename")
    return (
        f"Plan: {rows.count('create'):,} to add, {change:,} to change,"
        f" {rows.count('delete'):,} to delete."
    )


def _heading(section: Section) -> Text:
    action = section.action
    said = {"create": "new instrument", "delete": "instrument goes"}.get(action)
    title = Text(section.title, "bold")
    return Text.assemble(title, "  ", (f"({said})", STYLES[action])) if said else title


def _head(plan: Plan, allowed: Collection[str], width: int) -> Iterator[Text]:
    target = plan.target
    facts = [f"project {target.project_id}", target.status]
    if plan.data:
        facts.append(f"{plan.data} data")
    if plan.environment:
        facts.insert(0, plan.environment)
    title = printable(target.title)
    head = f"redcap-iac plan · {title} ({', '.join(map(printable, facts))})"
    yield from wrapped(Text(f"{head} · REDCap {target.version}", "bold"), indent=4, width=width)
    if plan.stopped:
        stands = "stands" if len(plan.stopped) == 1 else "stand"
        what = counted(len(plan.stopped), "finding")
        yield Text.assemble(("STOPPED", "bold red"), f": {what} below {stands} in the way.")
    elif closed := [unit for unit in plan.deletions() if unit not in allowed]:
        options = " ".join(f"--allow-delete {unit}" for unit in closed)
        ready = Text.assemble(("READY", "bold green"), f": it deletes, so apply needs {options}")
        yield from wrapped(ready, indent=4, width=width)
    elif plan.changes:
        calls = counted(len(plan.steps), "call")
        yield Text.assemble(("READY", "bold green"), f": {calls} would be made.")
    else:
        yield Text.assemble(("READY", "bold green"), ": nothing to do.")


def _hazards(plan: Plan, width: int) -> Iterator[Text]:
    order = list(Severity)
    for finding in sorted(plan.findings, key=lambda found: order.index(found.severity)):
        yield from hazard_lines(finding, width)
    if plan.findings:
        yield Text()


def _label_width(found: Iterable[Section], width: int) -> int:
    longest = max((Text(r.label).cell_len for s in found for r in s.rows), default=0)
    return max(_NARROWEST_LABEL, min(longest + 2, _WIDEST_LABEL, width // 3))


def _name_width(section: Section) -> int:
    longest = max((len(name) for row in section.rows for name, _ in row.parts), default=0)
    return min(longest + 2, _WIDEST_NAME) if longest else 0


def _row(row: Row, layout: _Layout, names: int) -> Iterator[Text]:
    head = _lead(row)
    body = list(_body(row, names, layout.body))
    if not body:
        yield from wrapped(head, indent=4, width=layout.width)
        return
    if head.cell_len > layout.lead - 2:  # a long name has a line of its own
        yield from wrapped(head, indent=4, width=layout.width)
    else:
        head.pad_right(layout.lead - head.cell_len)
        yield Text.assemble(head, body.pop(0))
    for line in body:
        yield Text.assemble(" " * layout.lead, line)


def _lead(row: Row) -> Text:
    return Text.assemble("  ", (SYMBOLS[row.action], STYLES[row.action]), " ", row.label)


def _body(row: Row, names: int, width: int) -> Iterator[Text]:
    if row.words:
        yield from wrapped(Text(", ".join(row.words)), width=width)
    for name, lines in row.parts:
        title = name
        for line in lines:
            yield from _named(title, line, names, width)
            title = ""


def _named(name: str, line: Text, names: int, width: int) -> Iterator[Text]:
    narrow = width - names < _NARROWEST_BODY  # then names stand on lines of their own
    pieces = wrapped(line, width=width if narrow else width - names)
    if narrow:
        names = 0
    if len(name) > names - 2 and name:
        yield from wrapped(Text(name), width=width)
        name = ""
    for piece in pieces:
        yield Text.assemble(name.ljust(names), piece)
        name = ""


def _concise(row: Row, layout: _Layout) -> Iterator[Text]:
    line = _lead(row)
    named = (name or ", ".join(line.plain for line in lines) for name, lines in row.parts)
    said = ", ".join(row.words or dict.fromkeys(named))
    if said:
        line.pad_right(max(layout.lead - line.cell_len, 2))
        line.append(said)
    line.truncate(layout.width, overflow="ellipsis")
    yield line


def _whole(row: Row, width: int) -> Iterator[Text]:
    """Return all parts of what comes or goes."""
    for change in row.changes:
        parts = (change.after if change.action == "create" else change.before) or ()
        if change.action in ("create", "delete"):
            for name, value in parts:
                text = Text.assemble(
                    " " * 6, (f"{printable(name)}: ", "dim"), value_text(value, name)
                )
                yield from wrapped(text, indent=8, width=width)


def _calls(steps: Sequence[Step], width: int) -> Iterator[Text]:
    yield Text("Calls, in order", "bold")
    wide = len(str(len(steps)))
    for number, step in enumerate(steps, 1):
        call = step.call
        sent = counted(len(call.rows), "row") if call.rows else ""
        said = f"{call.content} {call.action}{f', {sent}' if sent else ''}: {step.title}"
        line = Text(f"  {number:>{wide}}  {printable(said)}")
        yield from wrapped(line, indent=4 + wide, width=width)


def _foot(plan: Plan, found: Sequence[Section], width: int) -> Iterator[Text]:
    yield Text(summary_line(plan, found), "bold")
    said = []
    if plan.kept:
        kept = ", ".join(f"{unit} ({count:,})" for unit, count in plan.kept.items())
        said.append(f"Left alone, as nobody declares them: {kept}.")
    said += [f"To do by hand: {printable(line).rstrip('.')}." for line in plan.todo]
    if plan.blind_spots:
        said.append(f"Not seen by this plan: {', '.join(plan.blind_spots)} (no API).")
    for line in said:
        yield from wrapped(Text(line), indent=4, width=width)
