"""What lint found, for machines: JSON of its own, and cases for JUnit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from itertools import groupby
from typing import Any

from redcap_iac.findings import Finding, Severity
from redcap_iac.lint.docstrings import explanation
from redcap_iac.lint.judging import Remark, Report
from redcap_iac.lint.registry import Setting
from redcap_iac.lint.rule import Rule
from redcap_iac.lint.settings import Profile, Suppression
from redcap_iac.plan_json import finding_json
from redcap_iac.views.findings import said
from redcap_iac.views.json import dumped, exit_json
from redcap_iac.views.junit import Case, Ended, Suite


def report_json(report: Report, profile: Profile, exit_code: int) -> str:
    """Return a report, and the exit code of the command that shows it."""
    return dumped({**report_body(report, profile), "exit": exit_json(exit_code)})


def report_body(report: Report, profile: Profile) -> dict[str, Any]:
    """Return a report as plain JSON values."""
    return {
        "profile": str(profile),
        "findings": [_remark(remark) for remark in report.remarks],
        "suppressed": [
            {**finding_json(passed.finding), "suppression": _suppression(passed.suppression)}
            for passed in report.suppressed
        ],
        "unused": [_suppression(one) for one in report.unused],
        "faults": [
            {"code": fault.rule.code, "error": type(fault.error).__name__}
            for fault in report.faults
        ],
        "summary": {
            "rules": len(report.rules),
            **{f"{severity}s": report.count(severity) for severity in Severity},
            "suppressed": len(report.suppressed),
            "fixable": sum(bool(remark.fix) for remark in report.remarks),
        },
    }


def rules_json(rules: Iterable[Rule], settings: Iterable[Setting]) -> str:
    """Return the rules there are, and the settings they ask for."""
    listed = [
        {
            "code": rule.code,
            "name": rule.name,
            "title": explanation(rule).title,
            "severity": str(rule.severity),
            "profiles": [str(profile) for profile in Profile if profile in rule.profiles],
            "fixable": rule.fixable,
        }
        for rule in rules
    ]
    return dumped({"rules": listed, "settings": [asdict(one) for one in settings]})


def lint_suites(report: Report, *, strict: bool = False) -> Iterator[Suite]:
    """Yield a suite for each file: errors fail, and what fails with `strict`, the rest is told.

    A clean design is one case that passed; findings let pass are skipped, with the reason.
    """
    for file, remarks in groupby(report.findings, key=_file):
        yield Suite(f"lint {file}", tuple(_case(finding, strict) for finding in remarks))
    passed = tuple(
        Case(
            f"{one.finding.code} {one.finding.address}", f"lint.{one.finding.code}",
            Ended.SKIPPED, f"let pass: {one.suppression.reason}", text=one.finding.message,
        )
        for one in report.suppressed
    )  # fmt: skip
    faults = tuple(
        Case(
            fault.rule.code, f"lint.{fault.rule.code}", Ended.BROKEN,
            f"The rule broke: {type(fault.error).__name__}", type(fault.error).__name__,
        )
        for fault in report.faults
    )  # fmt: skip
    asked = Case(f"{len(report.rules)} rules asked", "lint")
    yield Suite("lint", (asked, *passed, *faults))


def fails(finding: Finding, *, strict: bool) -> bool:
    """Tell whether a finding makes a run fail."""
    return finding.severity is Severity.ERROR or (
        strict and finding.severity is Severity.WARNING
    )  # fmt: skip


def finding_cases(
    findings: Sequence[Finding], *, group: str = "lint", strict: bool = False
) -> tuple[Case, ...]:
    """Return findings as cases of a group."""
    return tuple(_case(finding, strict, group) for finding in findings)


def _case(finding: Finding, strict: bool, group: str = "lint") -> Case:
    at = finding.position
    place = "" if at is None else f"{at}: "
    told = "\n".join(part for part in (f"{place}{finding.message}", finding.advice) if part)
    bad = fails(finding, strict=strict)
    return Case(
        f"{finding.code} {finding.address}".strip(),
        f"{group}.{finding.code}",
        Ended.FAILED if bad else Ended.PASSED,
        finding.message,
        str(finding.severity),
        told,
        "" if at is None else at.file,
        0 if at is None else at.line,
    )


def _file(finding: Finding) -> str:
    return "" if finding.position is None else finding.position.file


def _remark(remark: Remark) -> dict[str, Any]:
    edits = [{"kind": type(edit).__name__, **asdict(edit)} for edit in remark.fix]
    return {**finding_json(remark.finding), "fix": edits}


def _suppression(one: Suppression) -> dict[str, Any]:
    at = one.at
    return {
        "code": one.code,
        "where": one.where,
        "reason": said(one.reason),
        "position": None if at is None else {"file": at.file, "line": at.line, "column": at.column},
    }
