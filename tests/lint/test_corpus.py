"""The published designs of ../shared/corpus, judged: what REDCap runs has no error.

`python -m tests.lint.corpus` prints what is found, rule by rule and file by file.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from redcap_iac.design import Design
from redcap_iac.findings import Severity
from redcap_iac.lint.judging import judge
from redcap_iac.lint.registry import all_rules
from redcap_iac.lint.settings import Settings
from redcap_iac.manifest.fixing import fixed
from redcap_iac.manifest.loader import load
from tests.corpus.originals import ABSENT, DICTIONARIES
from tests.lint.corpus import Judged, judged
from tests.lint.judging import Texts

pytestmark = [pytest.mark.corpus, pytest.mark.skipif(not DICTIONARIES, reason=ABSENT)]


@pytest.fixture(scope="module")
def everything() -> tuple[Judged, ...]:
    return judged()


def test_the_corpus_is_whole(everything: tuple[Judged, ...]) -> None:
    accepted = [one for one in everything if not one.refused]
    assert len(everything) >= 80
    assert len(accepted) >= len(everything) - 6
    assert all(one.fields for one in accepted)


def test_no_rule_breaks(everything: tuple[Judged, ...]) -> None:
    faults = [(one.name, fault.rule.code) for one in everything for fault in one.report.faults]
    assert faults == []


def test_no_design_that_redcap_runs_has_an_error(everything: tuple[Judged, ...]) -> None:
    errors = [
        f"{one.name}: {finding.code} {finding.address}: {finding.message}"
        for one in everything
        if not one.refused
        for finding in one.report.findings
        if finding.severity is Severity.ERROR
    ]
    assert errors == []


def test_every_finding_has_an_address_and_a_sentence(everything: tuple[Judged, ...]) -> None:
    for one in everything:
        for finding in one.report.findings:
            assert finding.address, finding
            assert finding.message.endswith((".", "?")), finding
            assert not finding.message[0].islower() or finding.message[0] in "[`@", finding


def test_findings_about_fields_have_a_place(everything: tuple[Judged, ...]) -> None:
    without = [
        (one.name, finding.code, finding.address)
        for one in everything
        for finding in one.report.findings
        if finding.address.startswith("field/") and finding.position is None
    ]
    assert without == []


def test_a_finding_with_a_fix_is_of_a_rule_that_says_so(everything: tuple[Judged, ...]) -> None:
    fixable = {rule.code for rule in all_rules() if rule.fixable}
    fixed = {
        remark.finding.code for one in everything for remark in one.report.remarks if remark.fix
    }
    assert fixed <= fixable


@pytest.mark.parametrize(
    "name", ["vanderbilt-redcap__hub-settings.csv", "CCTC-team__rsvc-data-dictionary-file-2.csv"]
)
def test_every_fix_of_a_published_dictionary_can_be_made(name: str) -> None:
    data = next(path for path in DICTIONARIES if path.name == name).read_bytes()
    root = f"version: 1\ndictionary: {name}\n"
    files = Texts({"redcap.yaml": root, name: data.decode("utf-8-sig")})
    every = Settings(select=frozenset(rule.code for rule in all_rules()))
    report = judge(Design(load(Path(), files=files).desired.state), every)
    after = fixed(files, report, every)
    assert len(after.done) >= sum(bool(remark.fix) for remark in report.remarks) > 0
    assert after.left == ()
    assert not any(remark.fix for remark in after.report.remarks)
