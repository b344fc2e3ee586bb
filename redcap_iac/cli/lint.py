"""`redcap-iac lint`: judges the design; needs files only."""

from __future__ import annotations

from dataclasses import dataclass, replace

import click

from redcap_iac.cli.connecting import read_manifest
from redcap_iac.cli.invocation import Invocation, pass_invocation
from redcap_iac.cli.judged import failed, fault_traces, prefix_of, print_report, print_unread
from redcap_iac.cli.options import approve_option
from redcap_iac.design import Design
from redcap_iac.errors import ManifestError
from redcap_iac.findings import Severity
from redcap_iac.lint.codes import ENGINE, covers
from redcap_iac.lint.judging import Report, judge
from redcap_iac.lint.registry import all_rules, all_settings
from redcap_iac.lint.settings import Profile, Settings
from redcap_iac.manifest.files import Folder
from redcap_iac.suggestions import did_you_mean
from redcap_iac.views.findings import counted
from redcap_iac.views.lint import rules_lines
from redcap_iac.views.lint_machine import rules_json

FORMATS = ("text", "json", "sarif", "junit", "github", "gitlab")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line says about how to judge and show."""

    select: frozenset[str]
    ignore: frozenset[str]
    profile: str | None
    threshold: Severity
    strict: bool


def _codes(
    context: click.Context, parameter: click.Parameter, given: tuple[str, ...]
) -> frozenset[str]:
    """Return codes, or the beginnings of some: repeated, or with commas between them."""
    known = [*(rule.code for rule in all_rules()), *ENGINE]
    words = [word.strip().upper() for text in given for word in text.split(",") if word.strip()]
    for word in words:
        if not any(covers(word, code) for code in known):
            near = did_you_mean(word, known) or "`redcap-iac lint --rules` lists all."
            raise click.BadParameter(f"there is no rule {word}. {near}", context, parameter)
    return frozenset(words)


@click.command()
@click.option(
    "--select", multiple=True, metavar="CODES", callback=_codes,
    help="Only these rules: codes or the beginning of some (LG), with commas or repeated.",
)  # fmt: skip
@click.option(
    "--ignore", multiple=True, metavar="CODES", callback=_codes,
    help="Leave these rules out; what is let pass for good belongs into the files.",
)  # fmt: skip
@click.option(
    "--profile", type=click.Choice([str(profile) for profile in Profile]),
    help="What the design is held to; what the manifest says, or else default.",
)  # fmt: skip
@click.option(
    "--severity", "threshold", type=click.Choice([str(one) for one in Severity]),
    default=str(Severity.NOTE), show_default=True, help="Show findings of this severity and above.",
)  # fmt: skip
@click.option("--strict", is_flag=True, help="Warnings fail too.")
@click.option(
    "--format", "format_", type=click.Choice(FORMATS), default="text", show_default=True,
    help="For people, for scripts, for code scanning, for a test report, as annotations.",
)  # fmt: skip
@click.option("--all", "everything", is_flag=True, help="Show findings that repeat in full.")
@click.option("--statistics", is_flag=True, help="Show how often each code is found, nothing else.")
@click.option("--rules", "list_rules", is_flag=True, help="List the rules there are.")
@click.option("--fix", "fixing", is_flag=True, help="Fix what changes no meaning; asks first.")
@click.option("--diff", "--dry-run", "diff", is_flag=True, help="Print what --fix would change.")
@approve_option
@pass_invocation
def lint(
    invocation: Invocation,
    select: frozenset[str],
    ignore: frozenset[str],
    profile: str | None,
    threshold: str,
    *,
    strict: bool,
    format_: str,
    everything: bool,
    statistics: bool,
    list_rules: bool,
    fixing: bool,
    diff: bool,
    auto_approve: bool,
) -> int:
    r"""Judge the design: what REDCap takes and people will trip over.

    Needs no server and no token. Errors end with 1; what is let pass, and how much each rule
    matters, stands in the manifest under `lint:` and `ignore`.

    \b
    Example:
        redcap-iac lint
        redcap-iac lint --profile go-live --statistics
        redcap-iac lint --fix
        redcap-iac lint --format sarif > lint.sarif
    """
    invocation.machine = format_ == "json"
    if list_rules:
        return _list(invocation)
    if (fixing or diff) and format_ != "text":
        raise click.UsageError("--fix and --diff speak to people; leave --format out.")
    asked = Asked(select, ignore, profile, Severity(threshold), strict)
    try:
        manifest = read_manifest(invocation, told=False)
    except ManifestError as error:
        print_unread(invocation, error, format_)
        raise
    if manifest.findings:
        are = "is" if len(manifest.findings) == 1 else "are"
        others = counted(len(manifest.findings), "finding")
        command = invocation.command("validate")
        invocation.screen.say(f"Beside these there {are} {others} of validate: {command}")
    today = invocation.outside.now().date()
    settings = replace(settled(manifest.lint, asked), today=today)
    report = judge(Design(manifest.desired.state), settings)
    if fixing or diff:
        from redcap_iac.cli.fixing import fix  # noqa: PLC0415 - loads what changes files

        report = fix(
            invocation, Folder(invocation.folder), report, settings, ask=not auto_approve,
            write=not diff,
        )  # fmt: skip
    fault_traces(invocation, report)
    code = failed(report, strict=strict)
    if not diff:
        shown = above(report, asked.threshold)
        print_report(
            invocation, shown, format_, settings, code, strict=strict, everything=everything,
            statistics=statistics, prefix=prefix_of(invocation),
        )  # fmt: skip
    return code


def settled(settings: Settings, asked: Asked) -> Settings:
    """Return the settings of the manifest with what the command line says put before them."""
    return replace(
        settings,
        profile=Profile(asked.profile) if asked.profile else settings.profile,
        select=asked.select or settings.select,
        ignore=settings.ignore | asked.ignore,
    )


def above(report: Report, threshold: Severity) -> Report:
    """Return a report without what matters less than a severity."""
    rank = list(Severity)
    most = rank.index(threshold)
    kept = (one for one in report.remarks if rank.index(one.finding.severity) <= most)
    return replace(report, remarks=tuple(kept))


def _list(invocation: Invocation) -> int:
    rules, settings = all_rules(), all_settings()
    if invocation.machine:
        invocation.screen.show(rules_json(rules, settings))
    else:
        invocation.screen.show(list(rules_lines(rules, settings, invocation.screen.width)))
    return 0
