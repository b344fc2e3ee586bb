"""Annotations: what a label holds cannot end a line, a property or a document."""

from __future__ import annotations

import json

import pytest

from redcap_iac.findings import Finding, Position, Severity
from redcap_iac.views.annotations import fingerprints, github_lines, gitlab_json


def found(
    message: str = "A sentence.", severity: Severity = Severity.WARNING, file: str = "redcap.yaml",
    code: str = "ZZ001", address: str = "field/age",
) -> Finding:  # fmt: skip
    return Finding(code, severity, message, Position(file, 7, 3), address)


@pytest.mark.parametrize(
    ("severity", "command"),
    [
        (Severity.ERROR, "::error "),
        (Severity.WARNING, "::warning "),
        (Severity.NOTE, "::notice "),
    ],
)
def test_each_severity_has_githubs_word(severity: Severity, command: str) -> None:
    assert github_lines([found(severity=severity)]).startswith(command)


def test_the_gravest_come_first_and_the_rest_as_it_was() -> None:
    findings = [
        found("a", Severity.NOTE), found("b", Severity.ERROR), found("c", Severity.WARNING),
        found("d", Severity.ERROR),
    ]  # fmt: skip
    lines = github_lines(findings).splitlines()
    assert [line[-1] for line in lines] == ["b", "d", "c", "a"]


def test_a_message_is_one_line_whatever_it_holds() -> None:
    line = github_lines([found("50 % \n::error ::x\r\n")])
    assert len(line.splitlines()) == 1
    assert "50 %25 " in line


def test_a_file_or_address_ends_no_property() -> None:
    line = github_lines([found(file="a,line=1::x.yaml", address="role/a,b: c\n%0A")])
    head = line.removeprefix("::warning ").partition("::")[0]
    names = [part.partition("=")[0] for part in head.split(",")]
    assert names == ["file", "line", "col", "title"]
    assert "a%2Cline=1%3A%3Ax.yaml" in head
    assert "%250A" in head


def test_a_cell_of_a_table_is_no_column() -> None:
    assert ",col=" not in github_lines([found(file="design.csv")])
    assert ",col=3" in github_lines([found()])


def test_what_has_no_place_names_no_file() -> None:
    line = github_lines([Finding("ZZ001", Severity.NOTE, "No purpose.", None, "project")])
    assert line == "::notice title=ZZ001 project::No purpose."


def test_a_prefix_leads_to_the_folder() -> None:
    assert "file=studies/a/redcap.yaml" in github_lines([found()], "studies/a/")
    (entry,) = json.loads(gitlab_json([found()], "studies/a/"))
    assert entry["location"]["path"] == "studies/a/redcap.yaml"


def test_gitlab_needs_a_place_for_everything() -> None:
    (entry,) = json.loads(gitlab_json([Finding("ZZ001", Severity.NOTE, "No purpose.")]))
    assert entry["location"] == {"path": "redcap.yaml", "lines": {"begin": 1}}
    assert entry["severity"] == "info"


def test_equal_findings_have_marks_of_their_own_that_come_again() -> None:
    findings = [found(), found(), found("Another.")]
    marks = fingerprints(findings)
    assert len(set(marks)) == 3
    assert fingerprints(findings) == marks
