"""What was applied, and what a check of evidence found, for people and machines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict

from rich.text import Text

from redcap_iac.safety.evidence import Checked
from redcap_iac.safety.history import Run
from redcap_iac.views.findings import WIDTH, counted, wrapped
from redcap_iac.views.json import dumped, exit_json
from redcap_iac.views.printable import printable

_STYLES = {"done": "green"}
_SIGNS = {"create": "+", "update": "~", "rename": "→", "delete": "-"}


def history_lines(runs: Sequence[Run], width: int = WIDTH) -> Iterator[Text]:
    """Yield the runs, the newest first."""
    if not runs:
        yield Text("Nothing was applied from here.")
    for run in runs:
        changed = " ".join(f"{_SIGNS[action]}{number}" for action, number in run.changes if number)
        head = Text.assemble(
            (run.when, "bold"), "  ", (printable(run.how), _STYLES.get(run.how, "yellow")), "  ",
            f"{printable(run.purpose)} {printable(run.environment or 'default')}:"
            f" {printable(run.title)} (project {printable(run.project_id)})",
        )  # fmt: skip
        yield from wrapped(head, 4, width)
        facts = [changed] if changed else []
        if run.who:
            facts.append(f"by {printable(run.who)} (claimed)")
        if run.user:
            facts.append(f"token of {printable(run.user)}")
        if run.commit:
            facts.append(f"commit {run.commit[:7]}")
        if run.plan_id:
            facts.append(f"plan {run.plan_id[:12]}")
        if run.resumes:
            facts.append(f"goes on from {printable(run.resumes)}")
        if facts:
            yield from wrapped(Text(f"    {', '.join(facts)}"), 4, width)
        left = (
            f"evidence {run.evidence}, sha256 {run.digest[:16]}" if run.evidence else "no evidence"
        )
        yield from wrapped(Text(f"    {left}"), 4, width)


def history_json(runs: Sequence[Run]) -> str:
    """Return the runs as machines read them."""
    return dumped({"runs": [{**asdict(run), "changes": dict(run.changes)} for run in runs]})


def checked_lines(checked: Checked, width: int = WIDTH) -> Iterator[Text]:
    """Yield what a check found: every problem, or that all is whole."""
    for problem in checked.problems:
        line = Text.assemble(("altered: ", "bold red"), printable(problem))
        yield from wrapped(line, 4, width)
    said = f"{counted(len(checked.bundles), 'bundle')}, {counted(checked.files, 'file')}"
    if checked.problems:
        yield Text(f"{said}: {counted(len(checked.problems), 'problem')}.")
        return
    yield Text.assemble((f"{said}: ", ""), ("whole", "bold green"), ".")
    if checked.bundles:
        last = checked.bundles[-1]
        yield from wrapped(Text(f"{last.folder.name}: sha256 {last.digest}"), 4, width)
        yield from wrapped(
            Text("Hold this digest against the one the apply printed, or CI kept."), 4, width
        )


def checked_json(checked: Checked, exit_code: int) -> str:
    """Return what a check found as machines read it."""
    return dumped(
        {
            "bundles": [
                {"name": bundle.folder.name, "sha256": bundle.digest} for bundle in checked.bundles
            ],
            "files": checked.files,
            "problems": list(checked.problems),
            "exit": exit_json(exit_code),
        }
    )
