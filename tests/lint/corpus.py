"""Every published design judged by every rule; run it as `python -m tests.lint.corpus`.

Prints for each rule how often it finds something and in how many files, then what is found in each
file, by severity. `CODE` as an argument prints what that rule finds, with its place.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from redcap_iac.design import Design
from redcap_iac.findings import Finding, Findings, Severity
from redcap_iac.formats.dictionary_csv import read_dictionary
from redcap_iac.formats.instrument_zip import read_instrument
from redcap_iac.formats.project_xml import read_project_xml
from redcap_iac.kinds import all_kinds
from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.lint.judging import Report, judge
from redcap_iac.lint.registry import all_rules
from redcap_iac.lint.settings import Profile, Settings
from redcap_iac.state import State
from redcap_iac.views.lint import profiles_said
from tests.corpus.originals import CORPUS, DICTIONARIES

PROJECTS = tuple(sorted((CORPUS / "xml").glob("*.xml")))
FILES = (*DICTIONARIES, *PROJECTS)
#: A zip is no whole project: REDCap adds it to one, which has its record id elsewhere.
_RECORD_ID = Field("record_id", "base", field_type="text", field_label="Record")


@dataclass(frozen=True, slots=True)
class Judged:
    """A file, what is found in it, and whether the manifest's own checks take it.

    `refused` are the errors of `validate`, "" where there are none.
    """

    name: str
    report: Report
    fields: int
    refused: str


@cache
def judged() -> tuple[Judged, ...]:
    """Return every file of the corpus, judged by all rules of all profiles."""
    return tuple(judged_file(path) for path in FILES)


def judged_file(path: Path) -> Judged:
    """Return one file of the corpus, judged by all rules of all profiles."""
    settings = Settings(select=frozenset(rule.code for rule in all_rules()))
    state, refused = _design(path)
    report = judge(Design(state), settings)
    return Judged(path.name, report, len(state.kinds.get("fields", ())), refused)


def findings() -> Iterator[tuple[str, Finding]]:
    """Yield every finding with the name of its file."""
    for one in judged():
        for finding in one.report.findings:
            yield one.name, finding


def _design(path: Path) -> tuple[State, str]:
    told = Findings()
    data = path.read_bytes()
    if path.suffix == ".xml":
        state = read_project_xml(data, path.name, told)
    elif path.suffix == ".zip":
        fields = (_RECORD_ID, *read_instrument(data, path.name, told))
        state = State({"fields": fields})
    else:
        state = State({"fields": read_dictionary(data, path.name, told)})
    if not told.errors():
        for kind in all_kinds():
            kind.check(state, told)
    errors = told.errors()
    return state, errors[0].code if errors else ""


def lines_about(word: str) -> Iterator[str]:
    """Yield what the rules of a code, or the beginning of one, find."""
    for name, finding in findings():
        if finding.code.startswith(word):
            yield f"{finding.position or name}: {finding.code} {finding.message}"


def table() -> Iterator[str]:
    """Yield the counts of each rule, then those of each file."""
    numbers = Counter(finding.code for _, finding in findings())
    files: dict[str, set[str]] = {}
    for name, finding in findings():
        files.setdefault(finding.code, set()).add(name)
    yield f"{len(judged())} files, {len(all_rules())} rules\n"
    yield "rule   severity  findings  files  profiles"
    for rule in all_rules():
        found, where = numbers[rule.code], len(files.get(rule.code, ()))
        profiles = profiles_said(rule) or "every profile"
        yield f"{rule.code}  {rule.severity:8}  {found:8,}  {where:5}  {profiles}"
    usual = {rule.code for rule in all_rules() if Profile.DEFAULT in rule.profiles}
    yield "\nerrors  warnings  notes  by default  fields  file"
    for one in judged():
        counts = [one.report.count(severity) for severity in Severity]
        default = sum(finding.code in usual for finding in one.report.findings)
        refused = f"  (refused: {one.refused})" if one.refused else ""
        yield (
            f"{counts[0]:6,}  {counts[1]:8,}  {counts[2]:5,}  {default:10,}  {one.fields:6,}"
            f"  {one.name}{refused}"
        )


if __name__ == "__main__":
    told = lines_about(sys.argv[1]) if len(sys.argv) > 1 else table()
    sys.stdout.write("".join(f"{line}\n" for line in told))
