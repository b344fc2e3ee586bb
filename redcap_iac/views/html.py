"""A plan as one self-contained HTML file: opened from a disk, printed, read aloud."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import jinja2
from markupsafe import Markup, escape
from rich.text import Text

from redcap_iac.findings import Finding
from redcap_iac.hazard import Answer
from redcap_iac.plan import Plan
from redcap_iac.plan_json import plan_id
from redcap_iac.safety.acceptance import options
from redcap_iac.secret import redact
from redcap_iac.views.access import TITLE, access_rows
from redcap_iac.views.differences import ADDED, CHANGED, REMOVED
from redcap_iac.views.findings import counted
from redcap_iac.views.printable import pieces, printable
from redcap_iac.views.rows import Row, Section, sections
from redcap_iac.views.standing import (
    Standing,
    base_line,
    entry,
    sentence,
    standing,
    words_of,
)
from redcap_iac.views.text import head_line, summary_line

_CHANGED, _CODE = Markup("<em>{}</em>"), Markup("<code>{}</code>")
_ELEMENTS = {
    ADDED: Markup("<ins>{}</ins>"),
    REMOVED: Markup("<del>{}</del>"),
    CHANGED: _CHANGED,
    "magenta": _CHANGED,
}
_ACTIONS = {"create": "added", "update": "changed", "delete": "removed", "rename": "renamed"}
_SIGNS = {"create": "+", "update": "~", "delete": "−", "rename": "→"}


@dataclass(frozen=True, slots=True)
class Card:
    """A hazard as it stands on a page: `sort` is refused, waiting, accepted, warning or note."""

    sort: str
    heading: str
    code: str
    address: str
    said: str
    advice: tuple[str, ...]
    options: str
    entry: str
    word: str


@dataclass(frozen=True, slots=True)
class Line:
    """One object in a table: what happens to it, its name, what differs as HTML."""

    action: str
    sign: str
    label: str
    parts: tuple[tuple[str, tuple[Markup, ...]], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A heading and its objects."""

    title: str
    about: str
    lines: tuple[Line, ...]


def plan_html(plan: Plan) -> str:
    """Return the page: no network, no script; hazards first, then changes, calls, blind spots."""
    where = standing(plan)
    found = sections(plan)
    template = environment().get_template("plan.html.j2")
    return template.render(
        plan=plan,
        identity=plan_id(plan)[:16],
        head=head_line(plan),
        where=where,
        verdict=_verdict(plan, where),
        base=base_line(plan),
        cards=tuple(_cards(where)),
        tables=tuple(_table(section) for section in found),
        access_title=TITLE,
        access=access_rows(plan),
        summary=summary_line(plan, found),
        calls=tuple(
            (step.title, f"{step.call.content} {step.call.action}", len(step.call.rows))
            for step in plan.steps
        ),
    ).rstrip()


@cache
def environment() -> jinja2.Environment:
    """Return where templates come from: everything is escaped, nothing is left out silently."""
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("redcap_iac.views", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_safe,
    )
    made.filters["counted"] = counted
    made.filters["coded"] = coded
    return made


def marked(line: Text) -> Markup:
    """Return a line with what comes, goes and changes as elements that are read aloud as such."""
    whole = _ELEMENTS.get(str(line.style))
    if whole is not None:
        return whole.format(_safe(line.plain))
    html = Markup()
    at = 0
    for span in sorted(line.spans, key=lambda span: span.start):
        html += escape(_safe(line.plain[at : span.start]))
        text = line.plain[span.start : span.end]
        element = _ELEMENTS.get(str(span.style), Markup("{}"))
        html += element.format(_safe(text if element is _CHANGED else _unmarked(text)))
        at = span.end
    return html + escape(_safe(line.plain[at:]))


def coded(text: str) -> Markup:
    """Return a sentence in which what stands between backticks is code."""
    parts = pieces(text)
    return Markup().join(
        _CODE.format(_safe(part)) if is_code else escape(_safe(part)) for part, is_code in parts
    )


def _unmarked(text: str) -> str:
    """Return a phrase without the marks a terminal needs for it."""
    for sign in "+-":
        if text.startswith(f"{{{sign}") and text.endswith(f"{sign}}}"):
            return text[2:-2]
    return text


def _safe(value: object) -> object:
    """Return what goes into a page: texts without tokens and without invisible signs."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return printable(redact(value))


def _verdict(plan: Plan, where: Standing) -> tuple[str, str, str]:
    """Return how it stands: a class, a word, a sentence."""
    if where.is_stopped:
        return "stopped", "Stopped", f"{where.why}."
    if not plan.changes:
        return "ready", "Ready", "nothing to do."
    if where.deletions:
        return "deletes", "Ready", "it deletes, so apply needs a word about that."
    if plan.stages:
        return "ready", "Ready", "for what the API takes now; then people act, as the stages say."
    return "ready", "Ready", "it may be applied."


def _cards(where: Standing) -> Iterator[Card]:
    for finding in where.refused:
        yield _card(finding, "refused", "Stands in the way")
    for finding in where.waiting:
        heading = _HEADINGS.get(_answer(finding), "Needs an answer")
        yield _card(finding, "waiting", heading, with_answer=not where.public)
    for finding, given in where.accepted:
        yield _card(finding, "accepted", "Accepted", words_of(given))
    for finding in where.others:
        yield _card(finding, str(finding.severity), str(finding.severity).capitalize())


_HEADINGS = {
    Answer.COMMAND_LINE: "Needs an answer typed with apply",
    Answer.MIGRATION: "Needs leave to carry stored values",
}


def _answer(finding: Finding) -> Answer:
    return finding.stake.answer if finding.stake is not None else Answer.NOTE


def _card(
    finding: Finding, sort: str, heading: str, word: str = "", *, with_answer: bool = False
) -> Card:
    return Card(
        sort,
        heading,
        finding.code,
        finding.address,
        sentence(finding),
        tuple(finding.advice.splitlines()),
        " ".join(options(finding)) if with_answer else "",
        entry(finding) if with_answer else "",
        word,
    )


def _table(section: Section) -> Table:
    counts = {name: section.actions.count(name) for name in _ACTIONS}
    about = ", ".join(f"{n:,} {_ACTIONS[name]}" for name, n in counts.items() if n)
    if section.action:
        about = f"the whole instrument is {_ACTIONS[section.action]}; {about}"
    return Table(section.title, about, tuple(_line(row) for row in section.rows))


def _line(row: Row) -> Line:
    parts: list[tuple[str, tuple[Markup, ...]]] = []
    if row.words:
        parts.append(("", (escape(_safe(", ".join(row.words))),)))
    parts += [(name, _marked(lines)) for name, lines in row.parts]
    return Line(_ACTIONS[row.action], _SIGNS[row.action], row.label, tuple(parts))


def _marked(lines: Sequence[Text]) -> tuple[Markup, ...]:
    return tuple(marked(line) for line in lines)
