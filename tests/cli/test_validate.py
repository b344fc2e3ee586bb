from __future__ import annotations

from tests.cli.tool import Tool

STUDY = """\
version: 1
instruments:
  - instrument: form_1
    fields:
      record_id: {type: text, label: Study ID}
"""


def test_good_files_are_valid(bare: Tool) -> None:
    bare.write(STUDY)
    said = bare.run("validate")
    assert said.code == 0
    assert said.out == "The manifest is valid (1 file).\n"


def test_everything_that_is_wrong_is_told_at_once_with_its_place(bare: Tool) -> None:
    bare.write(STUDY.replace("type: text", "type: texxt") + "users: 7\n")
    said = bare.run("validate")
    assert said.code == 1
    assert "redcap.yaml:5:" in said.err
    assert "redcap.yaml:6:8: error M110 " in said.err
    assert said.err.rstrip().endswith("2 errors; nothing was changed.")


def test_a_finding_is_one_line_however_long(bare: Tool) -> None:
    bare.write(STUDY + f"{'very_' * 40}long: 1\n")
    lines = bare.run("validate").err.splitlines()
    assert f"{'very_' * 40}long" in lines[0]
    assert lines[0].startswith("redcap.yaml:6:1: error M111 ")


def test_a_folder_without_a_manifest_gets_advice(bare: Tool) -> None:
    said = bare.run("validate")
    assert said.code == 1
    assert "redcap.yaml is not there." in said.err
    assert "`redcap-iac init` writes one; -C names another folder." in said.err


def test_a_folder_that_is_not_there_is_told(bare: Tool) -> None:
    said = bare.run("-C", str(bare.folder / "nowhere"), "validate")
    assert said.code == 1
    assert "There is no folder" in said.err


def test_validate_needs_no_environment(bare: Tool) -> None:
    bare.write(STUDY + "environments:\n  a: {url: 'https://a.example.org/api/', token: 'env:A'}\n")
    assert bare.run("validate").code == 0


def test_valid_files_in_json(bare: Tool) -> None:
    bare.write(STUDY)
    said = bare.run("validate", "--format", "json")
    assert said.json == {"findings": [], "exit": {"code": 0, "name": "done"}}


def test_findings_in_json(bare: Tool) -> None:
    bare.write(STUDY + "users: 7\n")
    made = bare.run("validate", "--format", "json").json
    assert made["exit"] == {"code": 1, "name": "error"}
    assert made["findings"][0]["position"] == {"file": "redcap.yaml", "line": 6, "column": 8}


def test_warnings_are_told_and_do_not_fail(bare: Tool) -> None:
    bare.write(STUDY.replace("Study ID}", "Study ID, branching: '[x'}"))
    said = bare.run("validate")
    assert said.code == 0
    assert "redcap.yaml:5:" in said.err
    assert "warning M214" in said.err


def test_a_file_in_place_of_the_folder_is_told(bare: Tool) -> None:
    bare.write("version: 1\n", "study.yaml")
    said = bare.run("-C", str(bare.folder / "study.yaml"), "validate")
    assert said.code == 1
    assert "study.yaml is not a folder." in said.err
