"""A plan for people: ready or stopped, hazards, what changes, one line that sums it up."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from rich.text import Text

from redcap_iac.plan import Plan, Stage, Step
from redcap_iac.safety.acceptance import Answers
from redcap_iac.views.access import access_lines
from redcap_iac.views.differences import ADDED, CHANGED, REMOVED, value_text
from redcap_iac.views.findings import WIDTH, counted, wrapped
from redcap_iac.views.hazards import all_hazard_lines, verdict_lines
from redcap_iac.views.printable import printable
from redcap_iac.views.rows import SYMBOLS, Row, Section, sections
from redcap_iac.views.standing import affected, standing

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
    answers: Answers | None = None,
    width: int = WIDTH,
) -> list[Text]:
    """Return the whole plan, 100 columns wide unless a terminal has fewer.

    `verbose` adds what is known of objects that come or go, and the calls in order; `concise`
    leaves one line to each object; `allowed` are units whose deletions were allowed already,
    `answers` those given beside the ones the plan was made with.
    """
    found = sections(plan)
    where = standing(plan, answers, allowed)
    lines = [*_head(plan, width), *verdict_lines(plan, where, width), Text()]
    lines += all_hazard_lines(where, width, verbose=verbose)
    layout = _Layout(width, _label_width(found, width) + 4)
    for section in found:
        lines += _section(section, layout, verbose=verbose, concise=concise)
    if found:
        lines.append(Text())
    if plan.access and not concise:
        lines += [*access_lines(plan, width, whole=verbose), Text()]
    if plan.stages:
        lines += [*_stages(plan.stages, width), Text()]
    if verbose and plan.steps:
        lines += [*_calls(plan.steps, width), Text()]
    return [*lines, *_foot(plan, found, width)]


def section_lines(section: Section, width: int) -> str:
    """Return the rows of one section as plain text that begins with their symbols."""
    layout = _Layout(width, _label_width((section,), width) + 4)
    lines = _section(section, layout, verbose=False, concise=False)[1:]
    return "\n".join(line.plain.rstrip().removeprefix("  ") for line in lines)


def section_text(section: Section, width: int) -> list[Text]:
    """Return a section as it stands in a plan, with its heading."""
    layout = _Layout(width, _label_width((section,), width) + 4)
    return _section(section, layout, verbose=False, concise=False)


def _section(section: Section, layout: _Layout, *, verbose: bool, concise: bool) -> list[Text]:
    lines = [_heading(section)]
    names = _name_width(section)
    for row in section.rows:
        lines += _concise(row, layout) if concise else _row(row, layout, names)
        if verbose and not concise:
            lines += _whole(row, layout.width)
    return lines


def summary_line(plan: Plan, found: Sequence[Section] | None = None) -> str:
    """Return `Plan: 3 to add, 4 to change, 1 to delete.`, or that there is nothing to do."""
    if plan.is_empty:
        return NO_CHANGES
    rows = [action for section in found or sections(plan) for action in section.actions]
    change = rows.count("update") + rows.count("rename")
    values = affected(plan)
    return (
        f"Plan: {rows.count('create'):,} to add, {change:,} to change,"
        f" {rows.count('delete'):,} to delete{f'; {values}' if values else ''}."
    )


def head_line(plan: Plan) -> str:
    """Return which project a plan is for: title, environment, id, status, data, server."""
    target = plan.target
    facts = [f"project {target.project_id}", target.status]
    if plan.data:
        facts.append(f"{plan.data} data")
    if plan.environment:
        facts.insert(0, plan.environment)
    head = f"redcap-iac plan · {target.title} ({', '.join(facts)})"
    return printable(f"{head} · REDCap {target.version}")


def foot_sentences(plan: Plan) -> list[str]:
    """Return what is left alone, what is for a person's hands, what no plan sees."""
    said = []
    if plan.kept:
        kept = ", ".join(f"{unit} ({count:,})" for unit, count in plan.kept.items())
        said.append(f"Left alone, as nobody declares them: {kept}.")
    said += [f"To do by hand: {printable(line).rstrip('.')}." for line in plan.todo]
    if plan.blind_spots:
        said.append(f"Not seen by this plan: {', '.join(plan.blind_spots)} (no API).")
    return said


def _heading(section: Section) -> Text:
    action = section.action
    said = {"create": "new instrument", "delete": "instrument goes"}.get(action)
    title = Text(section.title, "bold")
    return Text.assemble(title, "  ", (f"({said})", STYLES[action])) if said else title


def _head(plan: Plan, width: int) -> Iterator[Text]:
    yield from wrapped(Text(head_line(plan), "bold"), indent=4, width=width)


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


def _stages(stages: Sequence[Stage], width: int) -> Iterator[Text]:
    yield Text("Stages", "bold")
    for stage in stages:
        head = f"  {stage.number}  {printable(stage.who)}: {printable(stage.title)}"
        yield from wrapped(Text(head), indent=7, width=width)
        for line in stage.lines:
            yield from wrapped(Text(f"     {printable(line)}"), indent=7, width=width)


def _foot(plan: Plan, found: Sequence[Section], width: int) -> Iterator[Text]:
    yield from wrapped(Text(summary_line(plan, found), "bold"), indent=4, width=width)
    for line in foot_sentences(plan):
        yield from wrapped(Text(line), indent=4, width=width)
