"""`redcap-iac check`: validate, lint and test in one; needs files only."""

from __future__ import annotations

from dataclasses import replace

import click

from redcap_iac.cli.connecting import read_manifest
from redcap_iac.cli.invocation import Invocation, pass_invocation
from redcap_iac.cli.judged import failed, fault_traces
from redcap_iac.cli.playing import played
from redcap_iac.design import Design
from redcap_iac.errors import ManifestError
from redcap_iac.findings import Finding
from redcap_iac.lint.judging import judge
from redcap_iac.lint.settings import Profile, Settings
from redcap_iac.manifest.loader import Manifest
from redcap_iac.scenarios import Run
from redcap_iac.views.checking import Checked, checked_json, checked_junit, checked_lines


@click.command()
@click.option(
    "--profile", type=click.Choice([str(profile) for profile in Profile]),
    help="What the design is held to; what the manifest says, or else default.",
)  # fmt: skip
@click.option("--strict", is_flag=True, help="Warnings fail too.")
@click.option(
    "--format", "format_", type=click.Choice(["text", "json", "junit"]), default="text",
    show_default=True, help="For people, for scripts, for a test report.",
)  # fmt: skip
@click.option("--all", "everything", is_flag=True, help="Show findings that repeat in full.")
@pass_invocation
def check(
    invocation: Invocation, profile: str | None, *, strict: bool, format_: str, everything: bool
) -> int:
    r"""Validate, lint and test in one: one summary, one exit code.

    Needs no server and no token: the step for every pull request. Files that are not valid are
    neither judged nor tested.

    \b
    Example:
        redcap-iac check
        redcap-iac check --profile go-live --strict
        redcap-iac check --format junit > check.xml
    """
    invocation.machine = format_ == "json"
    checked = _checked(invocation, profile, strict=strict)
    screen = invocation.screen
    if format_ == "json":
        screen.show(checked_json(checked))
    elif format_ == "junit":
        screen.show(checked_junit(checked))
    else:
        tool = invocation.command().strip()
        lines = checked_lines(checked, everything=everything, width=screen.width, tool=tool)
        screen.show(list(lines))
    return 0 if checked.passed else 1


def _checked(invocation: Invocation, profile: str | None, *, strict: bool) -> Checked:
    """Return what each of the three says, as far as the one before lets the next be asked."""
    try:
        manifest = read_manifest(invocation, told=False, every=True)
    except ManifestError as error:
        return Checked(error.findings, Settings(), strict=strict)
    said = manifest.lint
    settings = replace(said, profile=Profile(profile)) if profile else said
    settings = replace(settings, today=invocation.outside.now().date())
    report = judge(Design(manifest.desired.state), settings)
    fault_traces(invocation, report)
    run, unread = _tested(invocation, manifest)
    return Checked(
        manifest.findings, settings, report, failed(report, strict=strict) == 0, run, unread,
        len(manifest.files), strict,
    )  # fmt: skip


def _tested(invocation: Invocation, manifest: Manifest) -> tuple[Run | None, tuple[Finding, ...]]:
    """Return the run of the scenarios, or why their files cannot be read."""
    try:
        return played(invocation, manifest), ()
    except ManifestError as error:
        return None, error.findings
