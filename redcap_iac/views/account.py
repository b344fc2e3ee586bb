"""The account of an apply: what was done, what failed, what was not tried, and the proof."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.text import Text

from redcap_iac.plan import Step
from redcap_iac.views.findings import WIDTH, counted, error_lines, wrapped
from redcap_iac.views.printable import printable
from redcap_iac.views.rows import SYMBOLS, sections
from redcap_iac.views.text import STYLES
from redcap_iac.workflow import Applied

_UNCERTAIN = "Whether REDCap wrote this call is not known: the answer did not arrive."


def account_lines(applied: Applied, width: int = WIDTH) -> list[Text]:
    """Return the truth about what was done, for every way an apply can end."""
    done = [step for outcome in applied.outcomes for step in outcome.done]
    lines: list[Text] = []
    for outcome in applied.outcomes:
        for remark in outcome.remarks:
            lines += wrapped(Text(f"Note: {printable(remark)}"), indent=6, width=width)
    last = applied.outcomes[-1]
    if last.error is not None or last.interrupted or last.surfaced:
        return [*lines, *_unfinished(applied, done, width)]
    made = f"{counted(len(done), 'call')} made" if done else "nothing had to be done"
    lines += [Text(f"Applied: {made}.", "bold"), *_proof(applied)]
    for said in applied.side_effects:
        lines += wrapped(Text(f"Changed as well: {printable(said)}"), indent=4, width=width)
    return lines


def _unfinished(applied: Applied, done: Sequence[Step], width: int) -> Iterator[Text]:
    outcome = applied.outcomes[-1]
    if outcome.interrupted:
        yield Text("Interrupted: the call in flight was finished, then nothing more.", "bold")
    elif outcome.surfaced:
        yield Text("Stopped: events came to light that the plan could not see.", "bold")
    for error in (outcome.error, applied.trouble):
        if error is not None:
            yield from error_lines(error)
    yield from _steps("Done", done, width)
    if outcome.failed is not None:
        yield from _steps("Failed", [outcome.failed], width)
        if outcome.uncertain:
            yield Text(f"  {_UNCERTAIN}", "yellow")
    yield from _steps("Not tried", outcome.not_tried, width)
    if not done and not outcome.uncertain:
        yield Text("Nothing was written.")
    elif applied.journal is None:  # else the journal's own way to go on is told
        yield Text("Plan again: it starts from what is there now.")


def _steps(title: str, steps: Sequence[Step], width: int) -> Iterator[Text]:
    yield Text(f"{title}: {counted(len(steps), 'call')}" if steps else f"{title}: none", "bold")
    for step in steps:
        yield from wrapped(Text(f"  {printable(step.title)}"), indent=4, width=width)


def _proof(applied: Applied) -> Iterator[Text]:
    proof = applied.proof
    if proof is None:
        yield Text("Not proven: the project could not be read again.", "bold red")
        if applied.trouble is not None:
            yield from error_lines(applied.trouble)
        yield Text("Plan again: it shows what is left to do, if anything.")
        return
    if proof.is_empty:
        yield Text("Read again: no changes remain.", "green")
        return
    if applied.is_waiting:
        yield Text("Read again: what is left waits for a person.", "yellow")
        for stage in proof.stages:
            yield Text(f"  {stage.number} {stage.who}: {printable(stage.title)}")
            for said in stage.lines:
                yield from wrapped(Text(f"      {printable(said)}"), indent=6)
        return
    left = counted(len(proof.changes), "change")
    remain = "remains" if len(proof.changes) == 1 else "remain"
    yield Text(f"Read again: {left} {remain}:", "bold red")
    for section in sections(proof):
        if section.action:
            sign = (SYMBOLS[section.action], STYLES[section.action])
            yield Text.assemble("  ", sign, f" instrument {section.title}")
        for row in section.rows:
            line = Text.assemble("  ", (SYMBOLS[row.action], STYLES[row.action]), f" {row.label}")
            yield Text.assemble(line, f"  ({section.title})")
    yield Text("REDCap did not keep what was sent. Look at these in REDCap, then plan again.")
