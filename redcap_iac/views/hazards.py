"""The head of a plan as text: ready or stopped, what to type, every hazard with its way out."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from redcap_iac.findings import Finding, Severity
from redcap_iac.hazard import Acceptance, Answer
from redcap_iac.plan import Plan
from redcap_iac.safety.acceptance import options
from redcap_iac.views.findings import STYLES, advice_lines, counted, hazard_lines, said, wrapped
from redcap_iac.views.standing import Standing, base_line, entry, sentence, words_of

_INDENT = 7
#: More options than these stand with their hazards instead of on top.
_MOST_ON_TOP = 6


def verdict_lines(plan: Plan, where: Standing, width: int) -> Iterator[Text]:
    """Yield whether it is ready or stopped and why, what apply asks for, what the base tells."""
    if where.is_stopped:
        why = Text.assemble(("STOPPED", "bold red"), f": {where.why}.")
    elif where.deletions:
        why = Text.assemble(("READY", "bold green"), ": it deletes, so apply needs ")
        why.append(" ".join(where.deletions))
    elif plan.changes:
        now = " now; then people act, as the stages say" if plan.stages else ""
        calls = "" if plan.public else f" {counted(len(plan.steps), 'call')} would be made{now}."
        why = Text.assemble(("READY", "bold green"), f":{calls or ' it may be applied.'}")
    else:
        why = Text.assemble(("READY", "bold green"), ": nothing to do.")
    if base := base_line(plan):
        why.append(f"{'' if why.plain.endswith('.') else '.'} {said(base)}")
    yield from wrapped(why, indent=4, width=width)
    if where.is_stopped and where.needed and not where.stops and not where.public:
        yield from _needed(where, width)
    if plan.public:
        yield Text("Published: without names of people, small numbers and calls.", "dim")


def _needed(where: Standing, width: int) -> Iterator[Text]:
    """Yield the options, each whole on its line, so that they can be copied."""
    needed = where.needed
    line = "    apply needs"
    if len(where.answers) > _MOST_ON_TOP:
        said = f"{line} an answer to each hazard, as it stands there"
        yield from wrapped(
            Text(f"{said}{', and' if where.deletions else ''}"), indent=4, width=width
        )
        needed, line = where.deletions, "       "
    for option in needed:
        if len(line) + 1 + len(option) > width and line.strip():
            yield Text(line)
            line = "       "
        line = f"{line} {option}"
    if line.strip():
        yield from wrapped(Text(line), indent=8, width=width)


def all_hazard_lines(where: Standing, width: int, *, verbose: bool) -> Iterator[Text]:
    """Yield what stands in the way, what waits, what was answered, then warnings and notes."""
    many = len(where.answers) > _MOST_ON_TOP and not where.public
    verbose = verbose and not where.public
    for finding in where.refused:
        yield from _open(finding, width, ("bold red", False, verbose))
    for finding in where.waiting:
        yield from _open(finding, width, ("bold yellow", many, verbose))
    for finding, given in where.accepted:
        yield from _accepted(finding, given, width)
    for finding in where.others:
        yield from hazard_lines(finding, width)
    if where.refused or where.waiting or where.accepted or where.others:
        yield Text()


def _open(finding: Finding, width: int, how: tuple[str, bool, bool]) -> Iterator[Text]:
    style, with_options, verbose = how
    if finding.stake is None:
        yield from hazard_lines(finding, width)
        return
    line = Text.assemble((f"! {finding.code}", style), f" {said(sentence(finding))}")
    yield from wrapped(line, indent=_INDENT, width=width)
    yield from advice_lines(finding.advice, _INDENT, width)
    if with_options:
        for option in options(finding):
            yield from wrapped(Text(f"{'':{_INDENT}}{said(option)}"), indent=9, width=width)
    if verbose:
        yield from _for_a_file(finding, width)


def _for_a_file(finding: Finding, width: int) -> Iterator[Text]:
    if finding.position is not None:
        where = Text(f"{'':{_INDENT}}declared at {said(str(finding.position))}", "dim")
        yield from wrapped(where, indent=9, width=width)
    if shown := entry(finding):
        line = Text.assemble(" " * _INDENT, ("accept: ", "dim"), said(shown))
        yield from wrapped(line, indent=9, width=width)
    elif finding.stake is not None and finding.stake.answer is Answer.COMMAND_LINE:
        yield Text(f"{'':{_INDENT}}no file accepts this: it is typed with apply", "dim")


def _accepted(finding: Finding, given: Acceptance | None, width: int) -> Iterator[Text]:
    line = Text.assemble(
        (f"accepted {finding.code}", STYLES[Severity.NOTE]), f" {said(sentence(finding))}"
    )
    yield from wrapped(line, indent=_INDENT, width=width)
    word = Text(f"{'':{_INDENT}}{said(words_of(given))}", "dim")
    yield from wrapped(word, indent=9, width=width)
