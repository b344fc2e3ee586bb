"""Scenario files: found, read with their places, refused whole when anything in them is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from redcap_iac.errors import ManifestError
from redcap_iac.logic.dialect import Dialect
from redcap_iac.manifest.files import Folder
from redcap_iac.manifest.scenarios import read_suites
from redcap_iac.scenarios import Claim, Suite

WHOLE = """\
today: 2026-01-15
redcap_version: 16.1.3
semantics: {blank_is_below: true, halves_go_up: false}
scenarios:
  - name: The second visit
    record: 101
    given:
      height: 180
      race: [1, 3]
      weight:
      baseline_arm_1: {dob: 1990-01-01}
      week_4_arm_1/adverse_events/2: {ae_term: ~}
    at: week_4_arm_1/adverse_events/2
    as: {survey: true, user: jdoe, role: Data entry, dag: Lyon}
    expect:
      - shown: [pregnant]
        missing: []
      - at: week_4_arm_1
        values: {bmi: 24.7}
        hidden_choices: {drug: [b]}
"""


def read(folder: Path, text: str, name: str = "tests/a.test.yaml") -> Suite:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    (suite,) = read_suites(Folder(folder), [name])
    return suite


def problems(folder: Path, text: str) -> list[tuple[str, str, int]]:
    with pytest.raises(ManifestError) as caught:
        read(folder, text)
    return [
        (one.code, one.message, one.position.line)
        for one in caught.value.findings
        if one.position is not None
    ]


def story(*lines: str) -> str:
    return "scenarios:\n  - " + "\n    ".join(lines) + "\n"


def test_a_file_is_read_whole(tmp_path: Path) -> None:
    suite = read(tmp_path, WHOLE)
    assert suite.today is not None
    assert (suite.today.text, suite.version) == ("2026-01-15", "16.1.3")
    assert suite.dialect == Dialect(blank_is_below=True)
    (scenario,) = suite.scenarios
    assert (scenario.name.text, scenario.record) == ("The second visit", "101")
    assert scenario.place is not None
    assert scenario.place.text == "week_4_arm_1/adverse_events/2"
    viewer = scenario.viewer
    assert viewer.survey
    words = (viewer.user, viewer.role, viewer.dag)
    assert [word and word.text for word in words] == ["jdoe", "Data entry", "Lyon"]


def test_what_is_given_keeps_its_place_and_position(tmp_path: Path) -> None:
    (scenario,) = read(tmp_path, WHOLE).scenarios
    given = [
        (one.place and one.place.text, one.field.text, [value.text for value in one.values])
        for one in scenario.given
    ]
    assert given == [
        (None, "height", ["180"]),
        (None, "race", ["1", "3"]),
        (None, "weight", [""]),
        ("baseline_arm_1", "dob", ["1990-01-01"]),
        ("week_4_arm_1/adverse_events/2", "ae_term", [""]),
    ]
    assert str(scenario.given[1].values[1].at) == "tests/a.test.yaml:9:17"


def test_expectations_are_claims_about_fields(tmp_path: Path) -> None:
    (scenario,) = read(tmp_path, WHOLE).scenarios
    found = [
        (
            one.claim,
            one.field and one.field.text,
            [word.text for word in one.expected],
            one.place and one.place.text,
        )
        for one in scenario.expectations
    ]
    assert found == [
        (Claim.SHOWN, "pregnant", [], None),
        (Claim.MISSING, None, [], None),
        (Claim.VALUES, "bmi", ["24.7"], "week_4_arm_1"),
        (Claim.HIDDEN_CHOICES, "drug", ["b"], "week_4_arm_1"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ("M106", "The file is empty.", 1)),
        ("scenarios: []\n", ("M113", "`scenarios` may not be an empty list.", 1)),
        (story("name: a"), ("M112", "`expect` is missing in `scenarios`.", 2)),
        (
            story("name: a", "expects: {shown: [x]}", "expect: {shown: [x]}"),
            ("M111", "`expects` is not a key of `scenarios`.", 3),
        ),
        (
            story("name: a", "expect: {shown: x}"),
            ("M110", "`shown` must be a list (lines that begin with `-`), not `x`.", 3),
        ),
        (
            story("name: a", "expect: {shown: []}"),
            ("T108", 'The scenario "a" expects nothing.', 2),
        ),
        (
            "redcap_version: newest\n" + story("name: a", "expect: {shown: [x]}"),
            ("M113", "`redcap_version` must be a version, as in 16.1.3, not `newest`.", 1),
        ),
        (
            "today: tomorrow\n" + story("name: a", "expect: {shown: [x]}"),
            ("T112", "`today` is no day: tomorrow.", 1),
        ),
        (
            "semantics: {blank_is_zero: true}\n" + story("name: a", "expect: {shown: [x]}"),
            ("M111", "`blank_is_zero` is not a key of `semantics`.", 1),
        ),
        (
            story("name: a", "expect: {shown: [x]}") + "  - name: a\n    expect: {shown: [x]}\n",
            ("T108", 'Two scenarios are named "a"; the first in 2.', 4),
        ),
        (
            story("name: a", "given: {x: 1, x: 2}", "expect: {shown: [x]}"),
            ("M104", "`x` stands here a second time; the first is in line 3.", 3),
        ),
    ],
)
def test_a_malformed_file_gets_one_clear_error(
    tmp_path: Path, text: str, expected: tuple[str, str, int]
) -> None:
    assert problems(tmp_path, text) == [expected]


def test_every_file_is_read_before_anything_is_told(tmp_path: Path) -> None:
    for name in ("a", "b"):
        path = tmp_path / f"tests/{name}.test.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text("scenarios: 3\n", encoding="utf-8")
    with pytest.raises(ManifestError) as caught:
        read_suites(Folder(tmp_path))
    files = [one.position.file for one in caught.value.findings if one.position is not None]
    assert files == ["tests/a.test.yaml", "tests/b.test.yaml"]


# which files


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    good = story("name: a", "expect: {shown: [x]}")
    for name in ("tests/a.test.yaml", "tests/deep/b.test.yaml", "other/c.test.yaml"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(good, encoding="utf-8")
    (tmp_path / "tests/notes.yaml").write_text(good, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("asked", "files"),
    [
        ([], ["tests/a.test.yaml", "tests/deep/b.test.yaml"]),
        (["other"], ["other/c.test.yaml"]),
        (["tests/deep/", "tests/a.test.yaml"], ["tests/deep/b.test.yaml", "tests/a.test.yaml"]),
        (["*/c.test.yaml"], ["other/c.test.yaml"]),
        (["tests/notes.yaml"], ["tests/notes.yaml"]),
        (["tests", "tests/a.test.yaml"], ["tests/a.test.yaml", "tests/deep/b.test.yaml"]),
        (["."], ["other/c.test.yaml", "tests/a.test.yaml", "tests/deep/b.test.yaml"]),
    ],
)
def test_files_are_found_by_name_folder_and_pattern(
    folder: Path, asked: list[str], files: list[str]
) -> None:
    assert [suite.file for suite in read_suites(Folder(folder), asked)] == files


@pytest.mark.parametrize(
    ("asked", "message", "advice"),
    [
        ("tests/a.test.yml", "There is no scenario file tests/a.test.yml.",
         "Did you mean `tests/a.test.yaml`?"),
        ("zzz", "There is no scenario file zzz.", "Scenario files are named `*.test.yaml`."),
        ("../a.test.yaml", "../a.test.yaml is outside the project folder.", ""),
    ],
)  # fmt: skip
def test_a_file_that_is_not_there_is_an_error(
    folder: Path, asked: str, message: str, advice: str
) -> None:
    with pytest.raises(ManifestError) as caught:
        read_suites(Folder(folder), [asked])
    (finding,) = caught.value.findings
    assert (finding.code, finding.message, finding.advice) == ("T115", message, advice)


def test_a_folder_without_scenario_files_has_none(tmp_path: Path) -> None:
    assert read_suites(Folder(tmp_path)) == ()
