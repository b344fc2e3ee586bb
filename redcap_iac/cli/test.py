"""`redcap-iac test`: plays scenario files against the design; needs files only."""

from __future__ import annotations

import click

from redcap_iac.cli.connecting import read_manifest
from redcap_iac.cli.invocation import Invocation, pass_invocation
from redcap_iac.cli.playing import played
from redcap_iac.design import Design
from redcap_iac.errors import RedcapIacError
from redcap_iac.findings import Finding, Severity
from redcap_iac.scenarios import Run
from redcap_iac.suggestions import nearest_or_all
from redcap_iac.views.findings import counted, finding_lines
from redcap_iac.views.scenarios import (
    run_json,
    run_junit,
    run_lines,
    semantics_json,
    semantics_lines,
)


@click.command()
@click.argument("paths", nargs=-1, metavar="[FILE]...")
@click.option(
    "--only", multiple=True, metavar="NAME",
    help="Only scenarios of this name, or pattern (\"*BMI*\"). Repeatable.",
)  # fmt: skip
@click.option(
    "--format", "format_", type=click.Choice(["text", "json", "junit"]), default="text",
    show_default=True, help="For people, for scripts, for a test report.",
)  # fmt: skip
@click.option("--coverage", is_flag=True, help="List every condition never seen either way.")
@click.option(
    "--fail-under", type=click.FloatRange(0, 100), metavar="PERCENT",
    help="Fail when less of the logic was seen.",
)  # fmt: skip
@click.option("--dialects", is_flag=True, help="Play each also where logic is read otherwise.")
@click.option("--semantics", is_flag=True, help="Print what logic means here, and play nothing.")
@click.option(
    "--draft", is_flag=True,
    help="Print a file of scenarios for the logic of the design, or of the fields named.",
)  # fmt: skip
@pass_invocation
def test(
    invocation: Invocation,
    paths: tuple[str, ...],
    only: tuple[str, ...],
    format_: str,
    fail_under: float | None,
    *,
    coverage: bool,
    dialects: bool,
    semantics: bool,
    draft: bool,
) -> int:
    r"""Test a form offline: values in, what is shown, computed and missing out.

    Scenario files are tests/*.test.yaml, or those named. Needs no server and no token; ends with
    1 when anything is not as expected. Reports quote the values that scenarios give: invent them,
    and put nobody's record into a scenario file.

    \b
    Example:
        redcap-iac test
        redcap-iac test --coverage --fail-under 80
        redcap-iac test --draft > tests/first.test.yaml
    """
    invocation.machine = format_ == "json"
    if semantics:
        shown = semantics_json() if format_ == "json" else list(semantics_lines())
        invocation.screen.show(shown)
        return 0
    if draft:
        return _draft(invocation, paths)
    run = played(invocation, read_manifest(invocation), paths, only, dialects=dialects)
    too_little = _too_little(run, fail_under)
    code = 0 if run.passed and too_little is None else 1
    if format_ == "json":
        invocation.screen.show(run_json(run, code))
    elif format_ == "junit":
        invocation.screen.show(run_junit(run).rstrip("\n"))
    elif not run.results:
        invocation.screen.show("There are no scenarios: tests/*.test.yaml holds them, and")
        invocation.screen.show(f"`{invocation.command('test', '--draft')}` proposes some.")
    else:
        width = invocation.screen.width
        invocation.screen.show(list(run_lines(run, everything=coverage, width=width)))
    if too_little is not None:
        invocation.screen.fail(finding_lines(too_little))
    return code


def _too_little(run: Run, fail_under: float | None) -> Finding | None:
    percent = run.coverage.percent
    if fail_under is None or percent >= fail_under:
        return None
    message = f"{percent:.1f} % of the outcomes of logic were seen, and {fail_under:g} % are asked."
    return Finding("T114", Severity.ERROR, message, advice="--coverage lists what was never seen.")


def _draft(invocation: Invocation, names: tuple[str, ...]) -> int:
    # solves expressions, which a run of tests never needs
    from redcap_iac.manifest.scenario_drafts import draft_text  # noqa: PLC0415
    from redcap_iac.scenarios.drafting import drafts  # noqa: PLC0415 - as above

    design = Design(read_manifest(invocation).desired.state)
    for name in names:
        if design.field(name) is None:
            near = nearest_or_all(name, (field.field_name for field in design.fields))
            raise RedcapIacError(f"There is no field {name}.", near)
    clock = invocation.outside.now().replace(tzinfo=None)
    number = sum(bool(field.branching_logic.strip()) for field in design.fields)
    what = ", ".join(names) if 0 < len(names) < 4 else counted(len(names) or number, "field")
    with invocation.screen.working(f"Looking for values that show and hide {what}"):
        text = draft_text(drafts(design, clock, names), clock)
    invocation.screen.show(text)
    return 0
