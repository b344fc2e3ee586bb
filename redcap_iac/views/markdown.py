"""A plan as Markdown that fits a pull request's comment: worst first, the rest folded or counted.

What servers and files say cannot become Markdown, HTML, a link, a mention or a reference there:
in sentences every sign that could is a character reference, tables of changes stand in fences
longer than any run of backticks in them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from redcap_iac.findings import Finding
from redcap_iac.plan import Plan
from redcap_iac.safety.acceptance import options
from redcap_iac.secret import redact
from redcap_iac.views.access import TITLE, access_lines
from redcap_iac.views.printable import pieces, printable, shortened
from redcap_iac.views.rows import Section, sections
from redcap_iac.views.standing import (
    Standing,
    base_line,
    entry,
    sentence,
    standing,
    words_of,
)
from redcap_iac.views.text import foot_sentences, head_line, section_lines, summary_line

#: A comment on GitHub holds 65,536 characters; counted in bytes here, which are never fewer.
MOST = 65_000
#: What hazards may take of it, and each of the lists at the end.
_FOR_HAZARDS, _FOR_A_LIST = 36_000, 4_000
_WIDTH = 88
_LONGEST = 1_500
#: What Markdown and HTML read as more than text, inside a line.
_MARKUP = re.compile(r"[\\`*_\[\]<>|~#&$]")
#: Where a mention, a reference, an emoji or an address begins for GitHub and GitLab, which look
#: for them once references are letters again.
_BEGINNING = re.compile(
    r"(?<=[@#!$%~&])(?=\w)|(?<=:)(?=[A-Za-z/+_-])|(?<=www)(?=\.)|(?<=GH-)(?=\d)", re.IGNORECASE
)
_NO_BREAK = "\u200b"


def plan_markdown(plan: Plan, most: int = MOST) -> str:
    """Return the whole plan in at most so many bytes of UTF-8."""
    where = standing(plan)
    found = sections(plan)
    head = [f"## {escaped(head_line(plan))}", "", *_verdict(plan, where)]
    foot = ["", f"**{escaped(summary_line(plan, found))}**", *_foot(plan)]
    hazards = list(_within(_hazards(where), _FOR_HAZARDS))
    room = most - sum(map(_size, (*head, *hazards, *foot)))
    changes = _sections(plan, found, room)
    return "\n".join((*head, *hazards, *changes, *foot)).rstrip()


def escaped(text: str) -> str:
    """Return a text that is shown as it is, wherever Markdown or HTML is read."""
    shown = _BEGINNING.sub(_NO_BREAK, printable(redact(text)))
    return _MARKUP.sub(lambda sign: f"&#{ord(sign[0])};", shown)


def sentences(text: str) -> str:
    """Return a sentence of this tool: what stands between backticks is code, the rest escaped."""
    return "".join(code(part) if is_code else escaped(part) for part, is_code in pieces(text))


def code(text: str) -> str:
    """Return a text as code: its fence is longer than any run of backticks in it."""
    shown = printable(redact(text))
    fence = "`" * (_longest_run(shown) + 1)
    blank = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{blank}{shown}{blank}{fence}"


def _verdict(plan: Plan, where: Standing) -> Iterator[str]:
    if where.is_stopped:
        yield f"🛑 **STOPPED: {where.why}.**"
    elif not plan.changes:
        yield "✅ **READY: nothing to do.**"
    elif where.deletions:
        yield "⚠️ **READY, and it deletes.**"
    elif plan.stages:
        yield "✅ **READY** for what the API takes now; then people act, as the stages say."
    else:
        yield "✅ **READY**"
    if base := base_line(plan):
        yield from ("", escaped(base))
    if where.needed and not where.stops and not where.public:
        yield from ("", "Apply needs:", "")
        yield from _fenced(_command(plan, where.needed), "sh")
    if plan.public:
        yield from ("", "<sub>Published without names of people, small numbers and calls.</sub>")
    yield ""


def _command(plan: Plan, needed: Sequence[str]) -> str:
    """Return one line that every shell takes as it is: continued lines differ between shells."""
    most = 40
    environment = f" --env {plan.environment}" if plan.environment else ""
    line = f"redcap-iac{environment} apply {' '.join(needed[:most])}"
    if len(needed) > most:
        line += f"\n# and {len(needed) - most:,} more: redcap-iac show FILE tells them"
    return line


def _hazards(where: Standing) -> Iterator[tuple[str, str]]:
    """Yield hazards as code and text, worst first."""
    for finding in where.refused:
        yield finding.code, _hazard(finding, "⛔ ")
    for finding in where.waiting:
        yield finding.code, _hazard(finding, "❗ ", with_answer=not where.public)
    for finding, given in where.accepted:
        said = f"{_hazard(finding, '☑️ ')}\n  *{escaped(words_of(given))}*"
        yield finding.code, said
    for finding in where.others:
        yield finding.code, _hazard(finding, f"{str(finding.severity).capitalize()} ")


def _hazard(finding: Finding, sign: str, *, with_answer: bool = False) -> str:
    said = shortened(sentence(finding), _LONGEST)
    lines = [f"- {sign}**{escaped(finding.code)}** {sentences(said)}"]
    lines += (
        f"  <br>→ {sentences(shortened(advice, _LONGEST))}"
        for advice in finding.advice.splitlines()
    )
    if with_answer and (typed := options(finding)):
        lines.append(f"  <br>If it is meant: {code(' '.join(typed))}")
        if shown := entry(finding):
            lines.append(f"  <br>or in `accept:` {code(shown)}")
    return "\n".join(lines)


def _within(parts: Iterator[tuple[str, str]], room: int) -> Iterator[str]:
    """Yield what there is room for, then how many of each code are left out."""
    lost: Counter[str] = Counter()
    any_shown = False
    for name, text in parts:
        room -= _size(text)
        if room < 0 or lost:
            lost[name] += 1
        else:
            any_shown = True
            yield text
    if lost:
        yield _left_out(lost)
    if any_shown or lost:
        yield ""


def _left_out(lost: Counter[str]) -> str:
    named = ", ".join(f"{name} ({count:,})" for name, count in sorted(lost.items()))
    return f"- … and {sum(lost.values()):,} more: {escaped(named)}"


def _sections(plan: Plan, found: Sequence[Section], room: int) -> Iterator[str]:
    """Yield each section folded; counted where there is no room for its lines."""
    heads = [_counts(section) for section in found]
    room -= sum(_size(head) + 8 for head in heads)
    for section, head in zip(found, heads, strict=True):
        body = "\n".join(_fenced(section_lines(section, _WIDTH), "diff"))
        folded = f"<details><summary>{head}</summary>\n\n{body}\n\n</details>\n"
        extra = _size(folded) - _size(head)
        if extra <= room:
            room -= extra
            yield folded
        else:
            yield f"- {head}: no room for it here\n"
    yield from _access(plan, room)
    if plan.stages:
        yield "**Stages**\n"
        for stage in plan.stages:
            said = f"{stage.number}\\. **{escaped(stage.who)}**: {sentences(stage.title)}"
            yield "\n".join((said, *(f"   - {sentences(line)}" for line in stage.lines)))


def _access(plan: Plan, room: int) -> Iterator[str]:
    people = len(plan.access)
    if not people:
        return
    head = f"{TITLE}: {people:,} {'person' if people == 1 else 'people'}"
    lines = "\n".join(line.plain.rstrip() for line in list(access_lines(plan, _WIDTH))[1:])
    body = "\n".join(_fenced(lines, "diff"))
    folded = f"<details><summary>{head}</summary>\n\n{body}\n\n</details>\n"
    yield folded if _size(folded) <= room else f"- {head}: no room for it here\n"


def _counts(section: Section) -> str:
    words = {
        "create": "to add",
        "update": "to change",
        "rename": "to rename",
        "delete": "to delete",
    }
    counts = Counter(section.actions)
    said = ", ".join(f"{counts[name]:,} {word}" for name, word in words.items() if counts[name])
    return f"{escaped(shortened(section.title, 80))}: {said}"


def _foot(plan: Plan) -> Iterator[str]:
    room = _FOR_A_LIST
    for number, line in enumerate(foot_sentences(plan)):
        said = escaped(shortened(line, _LONGEST))
        room -= _size(said)
        if room < 0:
            yield f"\n… and {len(foot_sentences(plan)) - number:,} more notes."
            return
        yield f"\n{said}"


def _fenced(text: str, language: str) -> tuple[str, ...]:
    fence = "`" * max(3, _longest_run(text) + 1)
    return (f"{fence}{language}", redact(text), fence)


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)


def _size(text: str) -> int:
    return len(text.encode("utf-8", "replace")) + 1
