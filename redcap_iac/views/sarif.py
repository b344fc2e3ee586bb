"""SARIF 2.1.0: what code scanning reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote

from redcap_iac.edits import SetCell
from redcap_iac.explanations import Explanation, explanations
from redcap_iac.findings import Finding, Position, Severity
from redcap_iac.lint.docstrings import explanation
from redcap_iac.lint.judging import Passed, Report
from redcap_iac.views.annotations import fingerprints, has_columns
from redcap_iac.views.findings import said
from redcap_iac.views.json import dumped

if TYPE_CHECKING:
    from redcap_iac.manifest.fixing import Replacement

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
#: Where the address of a finding is found among the marks that tell it from others.
MARK = "redcapIac/v1"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}

Fixes = Mapping[tuple[SetCell, ...], "tuple[Replacement, ...]"]
Body = dict[str, object]


def sarif(
    report: Report,
    version: str,
    prefix: str = "",
    fixes: Fixes | None = None,
) -> str:
    """Return a report as a SARIF log of one run.

    `prefix` leads from the top of the repository to the project folder, `fixes` says what the
    edits of a fix replace in which file.
    """
    run = _Run(report, prefix, fixes or {})
    faults = [
        {
            "level": "error",
            "message": {"text": f"The rule {fault.rule.code} broke: {type(fault.error).__name__}."},
            "associatedRule": {"id": fault.rule.code},
        }
        for fault in report.faults
    ]
    invocation: Body = {"executionSuccessful": not faults}
    if faults:
        invocation["toolExecutionNotifications"] = faults
    body: Body = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": run.driver(version)},
                "columnKind": "unicodeCodePoints",
                "invocations": [invocation],
                "results": run.results(report),
            }
        ],
    }
    return dumped(body)


class _Run:
    """One run: its rules by their place in the list, which results refer to."""

    def __init__(self, report: Report, prefix: str, fixes: Fixes) -> None:
        self._rules = [_rule(explanation(rule), rule.severity) for rule in report.rules]
        self._number = {rule.code: number for number, rule in enumerate(report.rules)}
        others = {finding.code: finding.severity for finding in report.findings}
        for code, severity in sorted(others.items()):
            if code not in self._number:  # what no rule finds: unused words, a broken manifest
                self._number[code] = len(self._rules)
                self._rules.append(_rule(explanations()[code], severity))
        self._prefix = prefix
        self._fixes = fixes

    def driver(self, version: str) -> Body:
        """Return the tool and what its rules say about themselves."""
        return {
            "name": "redcap-iac",
            "semanticVersion": version,
            "rules": self._rules,
        }

    def results(self, report: Report) -> list[Body]:
        """Return what is found, then what is let pass, with the reason."""
        found = [*report.findings, *(passed.finding for passed in report.suppressed)]
        marks = fingerprints(found)
        edits = [*(remark.fix for remark in report.remarks), *([()] * len(report.suppressed))]
        results = [
            self._result(finding, mark, fix)
            for finding, mark, fix in zip(found, marks, edits, strict=True)
        ]
        passed = results[len(report.remarks) :]
        for result, one in zip(passed, report.suppressed, strict=True):
            result["suppressions"] = [_suppression(one)]
        return results

    def _result(self, finding: Finding, mark: str, fix: tuple[SetCell, ...]) -> Body:
        text = " ".join(part for part in (finding.message, finding.advice) if part)
        result: Body = {
            "ruleId": finding.code,
            "ruleIndex": self._number[finding.code],
            "level": _LEVELS[finding.severity],
            "message": {"text": said(text)},
            "locations": [self._location(finding)],
            "partialFingerprints": {MARK: mark},
        }
        if fix and fix in self._fixes:
            result["fixes"] = [self._fix(self._fixes[fix])]
        return result

    def _location(self, finding: Finding) -> Body:
        at = finding.position or Position("redcap.yaml", 1)
        region: dict[str, int] = {"startLine": at.line}
        if has_columns(at):
            region["startColumn"] = at.column
        location: Body = {
            "physicalLocation": {"artifactLocation": self._artifact(at.file), "region": region}
        }
        if finding.address:
            location["logicalLocations"] = [{"fullyQualifiedName": said(finding.address)}]
        return location

    def _artifact(self, file: str) -> Body:
        return {"uri": quote(self._prefix + file), "uriBaseId": "%SRCROOT%"}

    def _fix(self, replacements: Sequence[Replacement]) -> Body:
        changes: dict[str, list[Body]] = {}
        for one in replacements:
            # a region from the first letter of a line to the first of another: whole lines
            region = {
                "startLine": one.line, "startColumn": 1, "endLine": one.end, "endColumn": 1,
            }  # fmt: skip
            replaced: Body = {"deletedRegion": region, "insertedContent": {"text": one.text}}
            changes.setdefault(one.file, []).append(replaced)
        return {
            "description": {"text": "Changes no meaning."},
            "artifactChanges": [
                {"artifactLocation": self._artifact(file), "replacements": replaced}
                for file, replaced in changes.items()
            ],
        }


def _rule(explained: Explanation, severity: Severity) -> Body:
    ways = "\n".join(f"- {way}" for way in explained.instead)
    text = f"{explained.meaning}\n\n{explained.why}\n\n{ways}"
    blocks = [text]
    for heading, example in (("Bad", explained.bad), ("Good", explained.good)):
        if example:
            blocks.append(f"{heading}:\n\n```yaml\n{example}\n```")
    return {
        "id": explained.code,
        "shortDescription": {"text": f"{explained.title}."},
        "fullDescription": {"text": explained.meaning},
        "help": {"text": text, "markdown": "\n\n".join(blocks)},
        "defaultConfiguration": {"level": _LEVELS[severity]},
        "properties": {"tags": [explained.family]},
    }


def _suppression(passed: Passed) -> Body:
    kind = "inSource" if passed.suppression.places else "external"
    return {"kind": kind, "status": "accepted", "justification": said(passed.suppression.reason)}
