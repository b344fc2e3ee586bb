"""`lint --fix`: the changes shown first, then written, then judged again."""

from __future__ import annotations

from collections.abc import Mapping

from redcap_iac.cli.connecting import named_environment
from redcap_iac.cli.invocation import Invocation
from redcap_iac.edits import SetCell
from redcap_iac.lint.judging import Report
from redcap_iac.lint.settings import Settings
from redcap_iac.manifest.files import Folder, ProjectFiles
from redcap_iac.manifest.fixing import Replacement, fixed, replacements
from redcap_iac.manifest.replacing import replace_files
from redcap_iac.views.file_diff import diff_lines
from redcap_iac.views.findings import counted

#: With more fixes than this SARIF holds none of them: each is tried in the files by itself.
_MOST = 40


def fix(
    invocation: Invocation, files: ProjectFiles, report: Report, settings: Settings,
    *, ask: bool, write: bool,
) -> Report:  # fmt: skip
    """Show what fixing changes and write it; return what is found after.

    Without `write` nothing but the difference is shown. GuardError when nobody can be asked, or
    somebody said no.
    """
    screen = invocation.screen
    after = fixed(files, report, settings, named_environment(invocation))
    for remark, reason in after.left:
        screen.say(f"{remark.finding.code} {remark.finding.address} is not fixed: {reason}")
    if not after.files:
        screen.say("There is nothing to fix.")
        return report
    for path, data in after.files.items():
        screen.show(diff_lines(path, files.read(path), data))
    if not write:
        return report
    made = f"{counted(len(after.done), 'finding')} in {counted(len(after.files), 'file')}"
    if ask:
        invocation.confirm(f"Fix {made}?")
    replace_files(invocation.folder, after.files)
    screen.say(f"Fixed {made}.")
    return after.report


def replaced(
    invocation: Invocation, report: Report
) -> Mapping[tuple[SetCell, ...], tuple[Replacement, ...]]:
    """Return what each fix of a report replaces in the files, where they are not too many."""
    fixes = {remark.fix for remark in report.remarks if remark.fix}
    if len(fixes) > _MOST:
        return {}
    files = Folder(invocation.folder)
    name = named_environment(invocation)
    found = {fix: replacements(files, fix, name) for fix in fixes}
    return {fix: replaced for fix, replaced in found.items() if replaced}
