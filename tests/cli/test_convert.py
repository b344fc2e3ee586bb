from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.tool import Tool, files_of

STUDY = """\
version: 1
# the study
project: {title: Sleep, purpose: practice}
instruments:
  - instrument: form_1
    label: First form
    fields:
      record_id: {type: text, label: Study ID}
dags: [Lyon]
users:
  jdoe: {rights: {design: true}, dag: Lyon}
"""
DICTIONARY = "field_name,form_name,field_type,field_label\nid,visit,text,Id\n"


@pytest.fixture
def study(bare: Tool) -> Tool:
    bare.write(STUDY, "study/redcap.yaml")
    return bare


def test_a_dictionary_becomes_a_valid_manifest(bare: Tool) -> None:
    bare.write(DICTIONARY, "d.csv")

    said = bare.run("convert", "d.csv", "new")

    assert said.code == 0
    assert "Nothing is lost." in said.out
    assert set(files_of(bare.folder / "new")) == {
        ".gitignore", "redcap.yaml", "instruments/visit.yaml",
    }  # fmt: skip
    assert Tool(bare.folder / "new", bare.home).run("validate").code == 0


def test_what_is_lost_is_told_by_code_with_place_and_count(study: Tool) -> None:
    said = study.run("convert", "study", "d.csv")

    assert said.code == 0
    assert "Not held by a dictionary: 7 things" in said.out
    assert "C111 Labels of instruments that are not held (1)" in said.out
    assert 'redcap.yaml:5:17: instrument/form_1: the label "First form" is not held.' in said.out
    assert (study.folder / "d.csv").exists()


def test_people_are_counted_and_named_only_when_asked_for(study: Tool) -> None:
    short = study.run("convert", "study", "d.csv", "--dry-run").out
    long = study.run("-v", "convert", "study", "d.csv", "--dry-run").out

    assert "jdoe" not in short
    assert "C116 Users and their assignments that are not held (2)" in short
    assert "user/jdoe is not held" in long


def test_the_report_as_json_has_every_loss(study: Tool) -> None:
    said = study.run("convert", "study", "d.csv", "--report", "json")

    report = said.json
    assert report["format"] == "dictionary"
    assert [source["format"] for source in report["sources"]] == ["manifest"]
    assert report["written"] == ["d.csv"]
    assert sum(report["counts"].values()) == len(report["lost"]) == 7
    assert report["exit"] == {"code": 0, "name": "done"}


def test_strict_writes_nothing_when_something_is_lost(study: Tool) -> None:
    said = study.run("convert", "study", "d.csv", "--strict")

    assert said.code == 1
    assert "Nothing was written; it would be" in said.out
    assert not (study.folder / "d.csv").exists()


def test_strict_writes_when_nothing_is_lost(bare: Tool) -> None:
    bare.write(DICTIONARY, "d.csv")

    assert bare.run("convert", "d.csv", "o.csv", "--strict").code == 0
    assert (bare.folder / "o.csv").exists()


def test_a_dry_run_writes_nothing(study: Tool) -> None:
    before = files_of(study.folder)

    said = study.run("convert", "study", "tables", "--to", "csv-folder", "--dry-run")

    assert said.code == 0
    assert files_of(study.folder) == before


def test_a_file_that_is_there_is_never_overwritten(study: Tool) -> None:
    study.write("mine", "d.csv")

    said = study.run("convert", "study", "d.csv")

    assert said.code == 3
    assert "is there already; nothing was written." in said.err
    assert "--force" in said.err
    assert (study.folder / "d.csv").read_text(encoding="utf-8") == "mine"


def test_force_replaces_it(study: Tool) -> None:
    study.write("mine", "d.csv")

    assert study.run("convert", "study", "d.csv", "--force").code == 0
    assert (study.folder / "d.csv").read_text(encoding="utf-8").startswith('"Variable')


def test_a_manifest_that_is_there_is_left_to_pull(study: Tool) -> None:
    study.write(DICTIONARY, "d.csv")

    said = study.run("convert", "d.csv", "study")

    assert said.code == 3
    assert "`redcap-iac pull`" in said.err
    assert (study.folder / "study/redcap.yaml").read_text(encoding="utf-8") == STUDY


def test_several_files_are_one_project(bare: Tool) -> None:
    bare.write(DICTIONARY, "d.csv")
    bare.write("arm_num;name\n1;A\n", "arms.csv")
    bare.write("event_name\tarm_num\nBaseline\t1\n", "events.csv")

    said = bare.run("convert", "d.csv", "arms.csv", "events.csv", "study")

    assert said.code == 0
    assert "It holds 1 field, 1 arm, 1 event." in said.out


def test_from_is_for_one_file(bare: Tool) -> None:
    bare.write(DICTIONARY, "a.csv")
    bare.write(DICTIONARY, "b.csv")

    assert bare.run("convert", "a.csv", "b.csv", "o", "--from", "dictionary").code == 64


def test_a_cell_that_cannot_be_is_told_with_its_place(bare: Tool) -> None:
    bare.write("arm_num,name\n1,A\nx,B\n", "arms.csv")

    said = bare.run("convert", "arms.csv", "o.json")

    assert said.code == 1
    assert "arms.csv:3:1: error C104 arm_num is the number of an arm, 1 or more." in said.err
    assert "1 error; nothing was changed." in said.err
    assert not (bare.folder / "o.json").exists()


def test_errors_are_json_too(bare: Tool) -> None:
    bare.write("<!DOCTYPE a><a/>", "p.xml")

    said = bare.run("convert", "p.xml", "study", "--report", "json")

    assert said.code == 1
    assert [finding["code"] for finding in said.json["findings"]] == ["C105"]


@pytest.mark.parametrize("name", ["p.xml", "tables", "zips"])
def test_a_study_goes_there_and_back(name: str, study: Tool) -> None:
    formats = {"tables": ["--to", "csv-folder"], "zips": ["--to", "instrument-zips"]}
    assert study.run("convert", "study", name, *formats.get(name, [])).code == 0

    assert study.run("convert", name, "back").code == 0

    back = Tool(study.folder / "back", study.home)
    assert back.run("validate").code == 0
    assert "record_id" in (back.folder / "instruments/form_1.yaml").read_text(encoding="utf-8")


def test_every_loss_is_explained(study: Tool) -> None:
    counts = study.run("convert", "study", "d.csv", "--report", "json", "--dry-run").json["counts"]

    for code in counts:
        assert study.run("explain", code).code == 0


def test_nothing_of_this_machine_is_in_what_is_written(study: Tool, tmp_path: Path) -> None:
    study.run("convert", "study", "p.xml")

    text = (study.folder / "p.xml").read_text(encoding="utf-8")
    assert str(tmp_path) not in text
    assert "<StudyName>Sleep</StudyName>" in text


def test_what_is_wrong_is_told_at_its_own_row_and_once(bare: Tool) -> None:
    header, row = DICTIONARY.splitlines()
    bare.write("\n".join([header, row, "a,visit,txt,A", "b,visit,txt,B"]) + "\n", "d.csv")

    said = bare.run("convert", "d.csv", "new", "--dry-run", "--report", "json")

    (note,) = [note for note in said.json["notes"] if note["code"] == "C125"]
    assert (note["position"]["file"].rpartition("/")[2], note["position"]["line"]) == ("d.csv", 3)
    assert note["message"].endswith("not `txt` (2 fields: a, b).")


def test_that_the_name_of_the_form_is_empty_is_said_once(bare: Tool) -> None:
    header, row = DICTIONARY.splitlines()
    bare.write("\n".join([header, row, "a,,text,A", "b,,text,B"]) + "\n", "d.csv")

    said = bare.run("convert", "d.csv", "new")

    assert said.code == 1
    assert "d.csv:3:2: error C104 2 fields are on no instrument: a, b." in said.err
    assert "1 error; nothing was changed." in said.err
    assert not (bare.folder / "new").exists()


@pytest.mark.parametrize("columns", ["40", "100", "300"])
def test_after_a_manifest_was_written_the_next_command_is_named_on_one_line(
    bare: Tool, columns: str
) -> None:
    bare.write(DICTIONARY, "d.csv")

    said = bare.having(COLUMNS=columns).run("convert", "d.csv", "new")

    last = said.out.splitlines()[-1]
    assert last.startswith("Next: redcap-iac -C ")
    assert last.endswith("new check")
    assert "Next:" not in bare.run("convert", "d.csv", "o.csv").out


@pytest.mark.parametrize(
    ("given", "sign"),
    [(";", ";"), (",", ","), ("\t", "\t"), ("\\t", "\t"), ("semicolon", ";"), ("tab", "\t")],
)
def test_a_delimiter_is_a_word_or_the_sign_itself(given: str, sign: str, bare: Tool) -> None:
    bare.write(DICTIONARY, "d.csv")

    assert bare.run("convert", "d.csv", "o.csv", "--delimiter", given).code == 0

    text = (bare.folder / "o.csv").read_text(encoding="utf-8")
    assert text.startswith(f'"Variable / Field Name"{sign}')


def test_another_delimiter_is_refused(bare: Tool) -> None:
    bare.write(DICTIONARY, "d.csv")

    assert bare.run("convert", "d.csv", "o.csv", "--delimiter", "|").code == 64
