"""Findings beside the lines they are about: in GitHub's and in GitLab's own forms."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence

from redcap_iac.findings import Finding, Position, Severity
from redcap_iac.views.findings import said
from redcap_iac.views.json import dumped

_GITHUB = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_GITLAB = {Severity.ERROR: "critical", Severity.WARNING: "minor", Severity.NOTE: "info"}
_RANK = {severity: rank for rank, severity in enumerate(Severity)}


def github_lines(findings: Iterable[Finding], prefix: str = "") -> str:
    """Return findings as commands of a workflow, the gravest first: GitHub shows the first ten.

    `prefix` leads from the top of the repository to the project folder, with a `/` at its end.
    """
    ordered = sorted(findings, key=lambda finding: _RANK[finding.severity])
    return "\n".join(_command(finding, prefix) for finding in ordered)


def gitlab_json(findings: Sequence[Finding], prefix: str = "") -> str:
    """Return findings as a Code Quality report; what has no place is at the top of the manifest."""
    return dumped(
        [
            {
                "description": said(" ".join((one.message, one.advice)).strip()),
                "check_name": one.code,
                "fingerprint": mark,
                "severity": _GITLAB[one.severity],
                "location": {
                    "path": prefix + _place(one).file,
                    "lines": {"begin": _place(one).line},
                },
            }
            for one, mark in zip(findings, fingerprints(findings), strict=True)
        ]
    )


def fingerprints(findings: Sequence[Finding]) -> tuple[str, ...]:
    """Return for each finding what tells it from all others, whatever line it moves to."""
    seen: Counter[str] = Counter()
    marks = []
    for one in findings:
        said_of = "\n".join((one.code, one.address, one.message))
        seen[said_of] += 1
        marks.append(hashlib.sha256(f"{said_of}\n{seen[said_of]}".encode()).hexdigest())
    return tuple(marks)


def has_columns(at: Position) -> bool:
    """Tell whether a column counts letters: in a table it is the number of a cell."""
    return not at.file.lower().endswith((".csv", ".zip"))


def _place(finding: Finding) -> Position:
    return finding.position or Position("redcap.yaml", 1)


def _command(finding: Finding, prefix: str) -> str:
    at = finding.position
    about: dict[str, str] = {}
    if at is not None:
        about = {"file": prefix + at.file, "line": str(at.line)}
        if has_columns(at):
            about["col"] = str(at.column)
    about["title"] = f"{finding.code} {finding.address}".strip()
    named = ",".join(f"{key}={_property(said(value))}" for key, value in about.items())
    text = "\n".join(said(part) for part in (finding.message, finding.advice) if part)
    return f"::{_GITHUB[finding.severity]} {named}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
