"""What `check` found: the files, the design, the scenarios; and the three in a sentence."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from rich.text import Text

from redcap_iac.findings import Finding, Severity
from redcap_iac.lint.judging import Report
from redcap_iac.lint.settings import Settings
from redcap_iac.plan_json import finding_json
from redcap_iac.scenarios import Run
from redcap_iac.views.findings import WIDTH, counted, findings_lines, wrapped
from redcap_iac.views.json import dumped, exit_json
from redcap_iac.views.junit import Case, Suite, junit
from redcap_iac.views.lint import report_lines
from redcap_iac.views.lint_machine import fails, finding_cases, lint_suites, report_body
from redcap_iac.views.scenarios import run_json, run_lines, suites_junit

_NO_SCENARIOS = "There are no scenarios: tests/*.test.yaml holds them."


@dataclass(frozen=True, slots=True)
class Checked:
    """What each of the three said: `report` and `run` are None where they could not be asked.

    `findings` are those of validate, `unread` why scenario files cannot be read.
    """

    findings: tuple[Finding, ...]
    settings: Settings
    report: Report | None = None
    is_sound: bool = False
    run: Run | None = None
    unread: tuple[Finding, ...] = ()
    files: int = 0
    strict: bool = False

    @property
    def is_valid(self) -> bool:
        """Tell whether validate has nothing that fails."""
        return not any(fails(finding, strict=self.strict) for finding in self.findings)

    @property
    def is_tested(self) -> bool:
        """Tell whether every scenario there is passed."""
        return self.run is not None and self.run.passed

    @property
    def passed(self) -> bool:
        """Tell whether all three are content."""
        return self.is_valid and self.is_sound and self.is_tested


def checked_lines(
    checked: Checked, *, everything: bool = False, width: int = WIDTH, tool: str = "redcap-iac"
) -> Iterator[Text]:
    """Yield what each of the three has to say under its heading, then the sum."""
    yield Text("Validate", "bold")
    yield from findings_lines(checked.findings)
    if checked.report is None:
        yield Text()
        yield Text("Not valid; the design was neither judged nor tested.", "bold red")
        return
    if not checked.findings:
        yield Text(f"The manifest is valid ({counted(checked.files, 'file')}).")
    yield Text()
    yield Text("Lint", "bold")
    yield from report_lines(checked.report, everything=everything, width=width, tool=tool)
    yield Text()
    yield Text("Test", "bold")
    yield from findings_lines(checked.unread)
    if checked.run is not None and checked.run.results:
        yield from run_lines(checked.run, width=width)
    elif checked.run is not None:
        yield Text(_NO_SCENARIOS)
    yield Text()
    yield from wrapped(_sum(checked), width=width)


def checked_json(checked: Checked) -> str:
    """Return what each of the three has to say; null for what could not be asked."""
    code = 0 if checked.passed else 1
    report, run = checked.report, checked.run
    tested = None
    if run is not None:
        tested = json.loads(run_json(run, code))
        del tested["exit"]
    return dumped(
        {
            "validate": {
                "passed": checked.is_valid,
                "findings": [finding_json(finding) for finding in checked.findings],
            },
            "lint": None
            if report is None
            else {"passed": checked.is_sound, **report_body(report, checked.settings.profile)},
            "test": None
            if report is None
            else {
                "passed": checked.is_tested,
                "findings": [finding_json(finding) for finding in checked.unread],
                **(tested or {}),
            },
            "exit": exit_json(code),
        }
    )


def checked_junit(checked: Checked) -> str:
    """Return suites of the three in one report."""
    cases = finding_cases(checked.findings, group="validate", strict=checked.strict)
    suites = [Suite("validate", cases or (Case("the manifest is valid", "validate"),))]
    if checked.report is not None:
        suites += lint_suites(checked.report, strict=checked.strict)
    if checked.unread:
        suites.append(Suite("test", finding_cases(checked.unread, group="test")))
    if checked.run is not None:
        suites += suites_junit(checked.run)
    return junit(suites)


def _sum(checked: Checked) -> Text:
    """Return how the three ended, in a line."""
    assert checked.report is not None
    line = Text()
    parts = (
        ("validate", checked.is_valid, _counts(checked.findings)),
        ("lint", checked.is_sound, _counts(checked.report.findings)),
        ("test", checked.is_tested, _tests(checked)),
    )
    for name, passed, told in parts:
        line.append(", " if line.plain else "")
        line.append(f"{name} {'passed' if passed else 'failed'}", "green" if passed else "bold red")
        line.append(f" ({told})" if told else "")
    line.append(".")
    return line


def _counts(findings: tuple[Finding, ...]) -> str:
    numbers = {one: sum(f.severity is one for f in findings) for one in Severity}
    return ", ".join(counted(number, str(one)) for one, number in numbers.items() if number)


def _tests(checked: Checked) -> str:
    if checked.run is None:
        return "its files cannot be read"
    results = checked.run.results
    failed = sum(not result.passed for result in results)
    told = counted(len(results), "scenario") if results else "no scenarios"
    return f"{told}, {failed} failed" if failed else told
