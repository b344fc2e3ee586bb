"""What judging a design brought up, printed in the form that was asked for."""

from __future__ import annotations

import os
import traceback
from collections.abc import Mapping
from pathlib import PurePath
from typing import TYPE_CHECKING

from redcap_iac.cli.invocation import Invocation
from redcap_iac.cli.root import version
from redcap_iac.edits import SetCell
from redcap_iac.errors import ManifestError
from redcap_iac.findings import Severity
from redcap_iac.lint.judging import Remark, Report
from redcap_iac.lint.settings import Settings
from redcap_iac.views.findings import trace_lines
from redcap_iac.views.lint import report_lines, statistics_lines

if TYPE_CHECKING:
    from redcap_iac.manifest.fixing import Replacement


def print_report(
    invocation: Invocation, report: Report, format_: str, settings: Settings, code: int,
    *, strict: bool = False, everything: bool = False, statistics: bool = False, prefix: str = "",
) -> None:  # fmt: skip
    """Print a report; `prefix` leads from where the tool was called to the project folder."""
    screen = invocation.screen
    if format_ == "text":
        width, tool = screen.width, invocation.command().strip()
        if statistics:
            screen.show(list(statistics_lines(report, width, tool)))
        else:
            lines = report_lines(report, everything=everything, width=width, tool=tool)
            screen.show(list(lines))
    elif format_ == "json":
        from redcap_iac.views.lint_machine import report_json  # noqa: PLC0415 - one form is needed

        screen.show(report_json(report, settings.profile, code))
    elif format_ == "sarif":
        from redcap_iac.views.sarif import sarif  # noqa: PLC0415 - as above

        screen.show(sarif(report, version(), prefix, _fixes(invocation, report)))
    elif format_ == "junit":
        from redcap_iac.views.junit import junit  # noqa: PLC0415 - as above
        from redcap_iac.views.lint_machine import lint_suites  # noqa: PLC0415 - as above

        screen.show(junit(lint_suites(report, strict=strict)))
    else:
        from redcap_iac.views.annotations import github_lines, gitlab_json  # noqa: PLC0415

        if format_ == "gitlab":
            screen.show(gitlab_json(report.findings, prefix))
        else:
            screen.show(github_lines(report.findings, prefix))


def _fixes(
    invocation: Invocation, report: Report
) -> Mapping[tuple[SetCell, ...], tuple[Replacement, ...]]:
    """Return what fixes would replace; nothing is loaded for it when there are none."""
    if not any(remark.fix for remark in report.remarks):
        return {}
    from redcap_iac.cli.fixing import replaced  # noqa: PLC0415 - loads what changes files

    return replaced(invocation, report)


def print_unread(invocation: Invocation, error: ManifestError, format_: str) -> None:
    """Print why a manifest cannot be judged where a machine waits for findings."""
    if format_ in ("sarif", "junit", "github", "gitlab"):
        report = Report(tuple(Remark(one) for one in error.findings), (), (), (), ())
        prefix = prefix_of(invocation)
        print_report(invocation, report, format_, Settings(), error.exit_code, prefix=prefix)


def failed(report: Report, *, strict: bool) -> int:
    """Return the exit code of a report: 1 for errors, broken rules, and with strict warnings."""
    bad = report.count(Severity.ERROR) + (report.count(Severity.WARNING) if strict else 0)
    return 1 if bad or report.faults else 0


def fault_traces(invocation: Invocation, report: Report) -> None:
    """Show where rules broke, to whoever wants every detail."""
    for fault in report.faults if invocation.verbose else ():
        trace = "".join(traceback.format_exception(fault.error))
        invocation.screen.fail(trace_lines(trace))


def prefix_of(invocation: Invocation) -> str:
    """Return the way from here to the project folder, with `/` at its end.

    Machines name files from the top of the repository they were checked out to, which is where
    they call the tool. "" for the folder itself, and for one that lies elsewhere.
    """
    try:
        way = PurePath(os.path.relpath(invocation.folder)).as_posix()
    except ValueError:  # another drive
        return ""
    return "" if way == "." or way.startswith("..") else f"{way}/"
