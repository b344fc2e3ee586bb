"""The pages of a package: for its reviewers (HTML, Markdown), the clicks, the ticket.

One self-contained file each; what servers and files say is escaped, and what nobody would see is
shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from rich.text import Text

from redcap_iac.changes import Aspect
from redcap_iac.findings import Finding, Severity
from redcap_iac.hazard import Undoable, Voice
from redcap_iac.plan import PlannedChange
from redcap_iac.production.package import DICTIONARY, Package
from redcap_iac.production.prediction import SETTING_WORDS, Approval, Outlook, Setting
from redcap_iac.production.record import sha256
from redcap_iac.secret import redact
from redcap_iac.views.differences import ADDED, REMOVED, lines, value_text
from redcap_iac.views.markdown import escaped, sentences
from redcap_iac.views.package_steps import to_do
from redcap_iac.views.printable import pieces, printable
from redcap_iac.views.rows import SYMBOLS, Row, sections

REVIEW_HTML, REVIEW_MARKDOWN = "review.html", "review.md"
CLICKS, TICKET = "CLICKS.md", "ticket.txt"
_TEMPLATES = Path(__file__).parent / "templates"
#: A run of a line: "=" stays, "+" comes, "-" goes.
Run = tuple[str, str]

APPROVALS: Mapping[Approval, str] = {
    Approval.AUTOMATIC: "approved automatically",
    Approval.REVIEW: "reviewed by an administrator",
    Approval.UNKNOWN: "depends on whether there are records, which is not known",
}
_ACTIONS = {"create": "added", "update": "changed", "delete": "removed", "rename": "renamed"}


@dataclass(frozen=True, slots=True)
class Line:
    """One aspect of a change: its name and what differs in it."""

    name: str
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One object that changes: how, its name, what differs, what REDCap's review says of it."""

    action: str
    symbol: str
    label: str
    lines: tuple[Line, ...]
    outlook: Outlook | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A heading (an instrument, the schedule) and what changes under it."""

    title: str
    entries: tuple[Entry, ...]


def package_files(package: Package, ticket: str = "") -> dict[str, str]:
    """Return all files of a package but its record: uploads, pages, clicks, the ticket's text.

    `ticket` is the number or name of a ticket that stands on the pages.
    """
    files = {upload.name: upload.content for upload in package.uploads}
    page = _page(package, files, ticket)
    files[REVIEW_HTML] = _template("package.html.j2")(**page)
    files[REVIEW_MARKDOWN] = _template("package.md.j2")(**page)
    files[CLICKS] = _template("package_clicks.md.j2")(**page)
    files[TICKET] = _template("package_ticket.txt.j2")(**page)
    return files


def _page(package: Package, files: Mapping[str, str], ticket: str) -> dict[str, object]:
    plan, prediction = package.plan, package.prediction
    return {
        "ticket": ticket,
        "plan": plan,
        "target": plan.target,
        "package": package,
        "prediction": prediction,
        "flagged": [one for one in prediction.fields if one.is_critical],
        "counts": {
            action: sum(one.action == action for one in prediction.fields)
            for action in ("added", "modified", "deleted")
        },
        "records": _records(package),
        "approvals": [
            (SETTING_WORDS[one], APPROVALS[package.approval(one)], one is package.setting)
            for one in Setting
        ],
        "expected": APPROVALS[package.approval(package.setting)],
        "setting": SETTING_WORDS[package.setting],
        "hazards": [(one, _sentence(one)) for one in package.hazards],
        "groups": groups(package, package.changes),
        "theirs": groups(package, package.theirs),
        "held": groups(package, package.held),
        "parts": to_do(package),
        "files": [(upload, sha256(files[upload.name])) for upload in package.uploads],
        "dictionary": DICTIONARY,
    }


def _sentence(finding: Finding) -> str:
    """Return a hazard with whether it can be taken back, though nothing waits for an answer."""
    lasting = finding.stake is not None and finding.stake.undoable is Undoable.NO
    weighs = finding.severity is not Severity.NOTE
    return f"{finding.message}{' Not undoable.' if lasting and weighs else ''}"


def _records(package: Package) -> str:
    count = package.records
    if count.number is None:
        return "unknown"
    plan = package.plan
    number = Voice(public=plan.public, mask_small=plan.mask_small).number(count.number)
    return f"at least {number}" if count.at_least else number


# changes


def groups(package: Package, changes: Sequence[PlannedChange]) -> tuple[Group, ...]:
    """Return changes under their headings, field by field."""
    plan = replace(package.plan, changes=tuple(changes))
    outlooks = {one.field: one for one in package.prediction.fields}
    found = []
    for section in sections(plan):
        entries = tuple(
            Entry(
                _ACTIONS[row.action],
                SYMBOLS[row.action],
                row.label,
                tuple(_lines(row.changes[0]) if len(row.changes) == 1 else _all(row)),
                outlooks.get(_field(row.changes[0])),
            )
            for row in section.rows
        )
        title = f"{section.title} ({_ACTIONS[section.action]})" if section.action else section.title
        found.append(Group(title, entries))
    return tuple(found)


def _field(change: PlannedChange) -> str:
    return change.address.removeprefix("field/") if change.address.startswith("field/") else ""


def _lines(change: PlannedChange) -> Iterator[Line]:
    """Yield what differs; all parts of what comes or goes."""
    if change.action in ("update", "rename"):
        yield from _aspects(change.aspects)
        return
    how = "+" if change.action == "create" else "-"
    for name, value in (change.after if change.action == "create" else change.before) or ():
        if value:
            yield Line(name, ((how, value_text(value, name)),))


def _aspects(aspects: Sequence[Aspect]) -> Iterator[Line]:
    for aspect in aspects:
        name = "" if aspect.name == "value" else aspect.name
        for line in lines(aspect):
            yield Line(name, tuple(_runs(line)))
            name = ""


def _all(row: Row) -> Iterator[Line]:
    """Yield what several changes of one object come to: an event and what is done on it."""
    if row.words:
        yield Line("", (("+", ", ".join(row.words)),))
    for name, texts in row.parts:
        title = name
        for line in texts:
            yield Line(title, tuple(_runs(line)))
            title = ""


def _runs(line: Text) -> Iterator[Run]:
    """Yield a line of a difference as runs, without the marks a terminal needs."""
    whole = _STYLED.get(str(line.style))
    if whole is not None:  # a line that comes or goes has its sign before it
        yield whole, line.plain.removeprefix(f"{whole} ")
        return
    styles = ["="] * len(line.plain)
    for span in line.spans:
        how = _STYLED.get(str(span.style), "=")
        styles[span.start : span.end] = [how] * (span.end - span.start)
    letters = zip(styles, line.plain, strict=True)
    for how, run in groupby(letters, key=lambda pair: pair[0]):
        text = "".join(letter for _, letter in run)
        marked = how != "=" and text.startswith(f"{{{how}") and text.endswith(f"{how}}}")
        yield how, text[2:-2] if marked else text


_STYLED = {ADDED: "+", REMOVED: "-"}


# templates


def plain(text: str) -> str:
    """Return a text as it stands in a file of plain text."""
    return printable(redact(text))


def _marked_up(text: str) -> Markup:
    """Return a sentence of this tool as HTML: what stands between backticks is code."""
    return Markup("").join(
        Markup("<code>{}</code>").format(plain(part)) if is_code else escape(plain(part))
        for part, is_code in pieces(text)
    )


#: By the end of a template's name: how a text of others is shown, how a sentence of this tool.
_FILTERS: Mapping[str, tuple[Callable[[str], str], Callable[[str], str]]] = {
    "html": (plain, _marked_up),
    "md": (escaped, sentences),
    "txt": (plain, plain),
}


@cache
def _template(name: str) -> Callable[..., str]:
    form = name.split(".")[-2]
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=form == "html",  # noqa: S701 - the others have filters of their own
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["said"], environment.filters["told"] = _FILTERS[form]
    return environment.get_template(name).render
