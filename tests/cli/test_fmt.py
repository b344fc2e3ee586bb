"""`fmt` lays files out, tells which, and touches nothing it is not asked to."""

from __future__ import annotations

import pytest

from tests.cli.tool import Tool, files_of

ROOT = """\
# the study
version: 1
instruments:
    - one.yaml   # first
    - two.csv
"""
ONE = "instrument: one\nfields:\n  record_id: {label: 'Study ID',   type: text}  # first\n"
TWO = "Variable / Field Name,Form Name,Field Type,Field Label\na,two,text,A\n"
GOOD_ROOT = "# the study\nversion: 1\n\ninstruments:\n  - one.yaml     # first\n  - two.csv\n"
GOOD_ONE = 'instrument: one\nfields:\n  record_id: {type: text, label: "Study ID"}  # first\n'


@pytest.fixture
def messy(bare: Tool) -> Tool:
    bare.write(ROOT)
    bare.write(ONE, "one.yaml")
    bare.write(TWO, "two.csv")
    return bare


def test_files_are_laid_out_and_named_and_the_rest_is_left(messy: Tool) -> None:
    said = messy.run("fmt")
    assert said.code == 0
    assert said.out == "redcap.yaml\none.yaml\n"
    assert said.err == "2 files laid out anew.\n"
    assert files_of(messy.folder) == {
        "redcap.yaml": GOOD_ROOT, "one.yaml": GOOD_ONE, "two.csv": TWO,
    }  # fmt: skip


def test_the_second_time_nothing_is_left_to_do(messy: Tool) -> None:
    messy.run("fmt")
    said = messy.run("fmt")
    assert (said.code, said.out, said.err) == (0, "", "2 files left as they are.\n")


def test_check_names_the_files_writes_nothing_and_ends_with_1(messy: Tool) -> None:
    before = files_of(messy.folder)
    said = messy.run("fmt", "--check")
    assert (said.code, said.out) == (1, "redcap.yaml\none.yaml\n")
    assert said.err == "2 files would be laid out anew.\n"
    assert files_of(messy.folder) == before


def test_check_ends_with_0_when_all_is_in_the_layout(messy: Tool) -> None:
    messy.run("fmt")
    assert messy.run("fmt", "--check").code == 0


def test_diff_shows_the_lines_and_writes_nothing(messy: Tool) -> None:
    before = files_of(messy.folder)
    said = messy.run("fmt", "--diff")
    assert said.code == 0
    assert "-    - two.csv\n+  - two.csv" in said.out.replace("+  - one.yaml     # first\n", "")
    assert files_of(messy.folder) == before
    assert messy.run("fmt", "--diff", "--check").code == 1


def test_named_files_alone_are_laid_out_and_folders_stand_for_theirs(messy: Tool) -> None:
    messy.write("a:   1\n", "deep/er/x.yaml")
    messy.write("a:   1\n", ".hidden/x.yaml")
    assert messy.run("fmt", "one.yaml").out == "one.yaml\n"
    assert messy.run("fmt", "deep").out == "deep/er/x.yaml\n"
    assert messy.run("fmt", "--check", ".").out == "redcap.yaml\n"


def test_policy_and_scenarios_belong_to_the_project(messy: Tool) -> None:
    messy.write("a:   1\n", "policy.yaml")
    messy.write("a:   1\n", "tests/x.test.yaml")
    messy.write("a:   1\n", "other.yaml")
    assert messy.run("fmt").out == "redcap.yaml\none.yaml\npolicy.yaml\ntests/x.test.yaml\n"


def test_a_file_that_cannot_be_read_is_told_and_the_others_are_laid_out(messy: Tool) -> None:
    messy.write("instrument: [\n", "one.yaml")
    said = messy.run("fmt")
    assert said.code == 1
    assert "one.yaml cannot be read" in said.err
    assert "1 file laid out anew, 1 file cannot be read." in said.err
    assert files_of(messy.folder)["redcap.yaml"] == GOOD_ROOT


def test_a_manifest_with_errors_of_meaning_can_be_laid_out(messy: Tool) -> None:
    messy.write("version:   2\n")
    assert messy.run("fmt").code == 0
    assert files_of(messy.folder)["redcap.yaml"] == "version: 2\n"


def test_what_is_no_yaml_file_of_the_folder_is_refused(messy: Tool) -> None:
    before = files_of(messy.folder)
    for path, why in (
        ("two.csv", "two.csv is not a YAML file"),
        ("nowhere.yaml", "There is no file nowhere.yaml"),
        ("../x.yaml", "outside the project folder"),
    ):
        said = messy.run("fmt", path)
        assert said.code == 1
        assert why in said.err
    assert files_of(messy.folder) == before


def test_a_link_that_leads_out_of_the_folder_is_not_followed(messy: Tool) -> None:
    outside = messy.home / "two.yaml"
    outside.write_text("a:   1\n", encoding="utf-8")
    (messy.folder / "one.yaml").unlink()
    (messy.folder / "one.yaml").symlink_to(outside)
    said = messy.run("fmt")
    assert said.code == 1
    assert "one.yaml is a link that leads out of the project folder" in said.err
    assert outside.read_text(encoding="utf-8") == "a:   1\n"


def test_a_folder_without_a_manifest_gets_advice(bare: Tool) -> None:
    said = bare.run("fmt")
    assert said.code == 1
    assert "There is no redcap.yaml here" in said.err


def test_line_ends_of_windows_stay_where_every_line_has_them(messy: Tool) -> None:
    (messy.folder / "one.yaml").write_bytes(ONE.replace("\n", "\r\n").encode())
    messy.run("fmt")
    expected = GOOD_ONE.replace("\n", "\r\n").encode()
    assert (messy.folder / "one.yaml").read_bytes() == expected
