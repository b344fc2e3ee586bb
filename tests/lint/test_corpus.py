"""The published designs of ../shared/corpus, judged: what REDCap runs has no error.

`python -m tests.lint.corpus` prints what is found, rule by rule and file by file.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from redcap_iac.design import Design
from redcap_iac.findings import Finding, Severity
from redcap_iac.lint.judging import judge
from redcap_iac.lint.registry import all_rules
from redcap_iac.lint.settings import Settings
from redcap_iac.manifest.fixing import fixed
from redcap_iac.manifest.loader import load
from tests.corpus.originals import ABSENT, DICTIONARIES
from tests.corpus.test_apply import REFUSED
from tests.lint.corpus import FILES, judged_file
from tests.lint.judging import Texts

pytestmark = [pytest.mark.corpus, pytest.mark.skipif(not DICTIONARIES, reason=ABSENT)]


def test_the_corpus_is_whole() -> None:
    assert len(FILES) >= 80


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_what_is_found_in_a_published_design_can_be_used(path: Path) -> None:
    # one test for all of it, because judging is what takes the time
    one = judged_file(path)
    assert not one.refused or path.name in REFUSED
    assert one.fields or one.refused
    assert [fault.rule.code for fault in one.report.faults] == []
    errors = [finding for finding in one.report.findings if finding.severity is Severity.ERROR]
    assert errors == [] or one.refused, "REDCap runs this design"
    assert [finding for finding in one.report.findings if not is_said_well(finding)] == []
    fixed_by = {remark.finding.code for remark in one.report.remarks if remark.fix}
    assert fixed_by <= {rule.code for rule in all_rules() if rule.fixable}


def is_said_well(finding: Finding) -> bool:
    """Tell whether a finding has an address, a place where it is a field's, and a sentence."""
    said = finding.message
    is_sentence = said.endswith((".", "?")) and (not said[0].islower() or said[0] in "[`@")
    is_placed = not finding.address.startswith("field/") or finding.position is not None
    return bool(finding.address) and is_placed and is_sentence


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
