"""Conversion there and back: what the report does not name is the same."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path
from typing import NoReturn

import pytest

from redcap_iac.errors import ManifestError, RedcapIacError
from redcap_iac.findings import Finding, Position, Severity
from redcap_iac.formats.losses import losses
from redcap_iac.formats.naming import named
from redcap_iac.manifest.loader import load
from redcap_iac.workflow import converting
from redcap_iac.workflow.converted_files import Target
from redcap_iac.workflow.converting import convert
from tests.formats.conversions import EXAMPLES, addresses, codes, convert_back, put, to

MANIFESTS = sorted(path.parent for path in EXAMPLES.glob("*/redcap.yaml"))
EVERYTHING = [("p.xml", ""), ("tables", "csv-folder"), ("tables", "json-folder"),
              ("zips", "instrument-zips"), ("d.csv", ""), ("d.json", "dictionary"),
              ("copy", "manifest")]  # fmt: skip


@pytest.mark.parametrize("source", MANIFESTS, ids=lambda path: path.name)
@pytest.mark.parametrize(("name", "format_"), EVERYTHING)
def test_what_is_not_named_as_lost_comes_back(
    source: Path, name: str, format_: str, tmp_path: Path
) -> None:
    there = to(source, name, format_)
    back = put(tmp_path / "back", convert_back(there, tmp_path / "there").files)

    before, after = (named(load(folder).desired.state) for folder in (source, back))
    told = {finding.address for finding in there.lost}
    assert {finding.address for finding in losses(before, after)} <= told


@pytest.mark.parametrize("source", MANIFESTS, ids=lambda path: path.name)
@pytest.mark.parametrize(("name", "format_"), EVERYTHING)
def test_the_second_time_nothing_more_is_lost(
    source: Path, name: str, format_: str, tmp_path: Path
) -> None:
    once = convert_back(to(source, name, format_), tmp_path / "once")
    folder = put(tmp_path / "folder", once.files)

    twice = convert_back(to(folder, name, format_), tmp_path / "twice")

    assert twice.files == once.files


def test_a_folder_of_tables_loses_of_a_trial_only_who_is_in_unnamed_roles() -> None:
    there = to(EXAMPLES / "trial", "tables", "csv-folder")

    assert codes(there.lost) == {"C118": 3, "C116": 3}
    assert all(address.endswith("/role") for address in addresses(there.lost, "C116"))


def test_a_project_file_loses_people_and_the_number_of_the_ethics_approval() -> None:
    there = to(EXAMPLES / "trial", "p.xml")

    assert addresses(there.lost, "C112") == ["project/irb_number"]
    users = [one for one in addresses(there.lost, "C116") if one.count("/") == 1]
    assert users == [f"user/{name}" for name in
                     ("boston_data", "lyon_data", "monitor", "statistician")]  # fmt: skip
    assert set(codes(there.lost)) == {"C112", "C116", "C118"}


def test_a_dictionary_loses_schedule_and_access() -> None:
    there = to(EXAMPLES / "trial", "d.csv")

    assert {"C112", "C113", "C114", "C115", "C116", "C118"} <= set(codes(there.lost))
    assert "C110" not in codes(there.lost)


MANIFEST = """version: 1
project: {title: A study, purpose: practice}
manage: {users: additive}
instruments:
  - instrument: visit
    label: First visit
    fields:
      record_id: {type: text, label: Record}
      new_name: {type: text, label: Name, renamed_from: old_name}  # who to ask
x-note: mine
"""


def test_what_is_the_manifests_own_is_told_with_its_count(tmp_path: Path) -> None:
    folder = put(tmp_path / "study", {"redcap.yaml": MANIFEST})

    there = to(folder, "d.csv")

    told = [one.message for one in there.lost if one.code == "C118"]
    assert told == [
        "Of the manifest itself: what is managed and how (1).",
        "Of the manifest itself: keys that begin with x- (1).",
        "Of the manifest itself: comments (1).",
    ]
    assert addresses(there.lost, "C117") == ["field/new_name"]
    assert addresses(there.lost, "C111") == ["instrument/visit"]


def test_several_files_make_one_project(tmp_path: Path) -> None:
    put(tmp_path, {
        "dict.csv": "field_name,form_name,field_type,field_label\nid,visit,text,Id\n",
        "events.csv": "event_name,arm_num\nBaseline,1\nWeek 4,1\n",
        "arms.csv": "arm_num,name\n1,Drug A\n",
        "designations.csv": "arm_num,unique_event_name,form\n1,week_4_arm_1,visit\n",
    })  # fmt: skip
    names = ("dict.csv", "events.csv", "arms.csv", "designations.csv")

    made = convert([tmp_path / name for name in names], "", Target("study"))

    assert made.lost == ()
    assert dict(made.held) == {"fields": 1, "arms": 1, "events": 2, "designations": 1}
    assert b"unique_name" not in made.files["redcap.yaml"]
    load(put(tmp_path / "study", made.files))


def test_names_redcap_gave_are_recorded(tmp_path: Path) -> None:
    put(tmp_path, {"e.csv": "event_name,arm_num,unique_event_name\nBaseline,1,base_arm_1\n"})

    made = to(tmp_path / "e.csv", "study")

    assert b"unique_name: base_arm_1" in made.files["redcap.yaml"]


def test_designations_of_an_unknown_event_are_lost_in_a_manifest(tmp_path: Path) -> None:
    put(tmp_path, {"d.csv": "arm_num,unique_event_name,form\n1,week_4_arm_1,visit\n"})

    made = convert([tmp_path / "d.csv"], "", Target("study", "manifest"))

    assert addresses(made.lost, "C113") == ["designation/week_4_arm_1/visit"]


def test_a_manifest_that_is_not_valid_is_written_and_told(tmp_path: Path) -> None:
    put(tmp_path, {"d.csv": DICT.replace("id,", "1x,")})

    made = to(tmp_path / "d.csv", "study")

    assert codes(made.notes)["C125"] == 1
    assert made.files


def test_zips_hold_one_instrument_each(tmp_path: Path) -> None:
    there = to(EXAMPLES / "trial", "zips", "instrument-zips")

    assert list(there.files) == ["demographics.zip", "vitals.zip", "mood.zip",
                                 "adverse_events.zip"]  # fmt: skip
    with zipfile.ZipFile(BytesIO(there.files["mood.zip"])) as archive:
        assert archive.namelist() == ["OriginID.txt", "instrument.csv"]


def test_one_zip_of_several_instruments_is_refused() -> None:
    with pytest.raises(RedcapIacError, match="one instrument, and here are 4") as refusal:
        to(EXAMPLES / "trial", "p.zip")

    assert "instrument-zips" in refusal.value.advice


HEADER = "field_name,form_name,field_type,field_label\n"
DICT = "field_name,form_name,field_type,field_label\nid,visit,text,Größe\n"


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("utf-8-sig", ","), ("cp1252", ";"), ("utf-16", "\t")]
)
def test_every_encoding_and_delimiter_is_written_and_read(
    encoding: str, delimiter: str, tmp_path: Path
) -> None:
    put(tmp_path, {"d.csv": DICT})
    target = Target("o.csv", page=False, delimiter=delimiter, encoding=encoding)

    made = convert([tmp_path / "d.csv"], "", target)

    text = made.files["o.csv"].decode(encoding)
    assert text.startswith(f"field_name{delimiter}form_name")
    assert (made.lost, "Größe" in text) == ((), True)


def test_a_letter_the_encoding_lacks_stops_the_conversion(tmp_path: Path) -> None:
    put(tmp_path, {"d.csv": DICT.replace("Größe", "数")})

    with pytest.raises(RedcapIacError, match="no sign for '数' in line 2"):
        convert([tmp_path / "d.csv"], "", Target("o.csv", encoding="cp1252"))


def test_the_header_is_that_of_the_page_unless_asked(tmp_path: Path) -> None:
    put(tmp_path, {"d.csv": DICT})

    made = to(tmp_path / "d.csv", "o.csv")

    assert made.files["o.csv"].startswith(b'"Variable / Field Name"')


def test_a_single_table_is_written_by_its_own_name(tmp_path: Path) -> None:
    put(tmp_path, {"a.csv": "arm_num;name\n1;A\n"})

    made = to(tmp_path / "a.csv", "o.json")

    assert made.format == "arms"
    assert made.files["o.json"] == b'[\n {\n  "arm_num": 1,\n  "name": "A"\n }\n]\n'


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"a.csv": DICT, "b.csv": DICT}, "C106"),
        ({"a.csv": "arm_num,name\n1,A\n", "b.csv": "arm_num,name\n1,A\n"}, "C106"),
        ({"a.csv": "arm_num,name\nx,A\n"}, "C104"),
        ({"a.csv": "one,two\n1,2\n"}, "C101"),
        ({"a.xml": "<a/>"}, "C105"),
        ({"a.zip": "no zip"}, "M256"),
    ],
)
def test_what_cannot_be_read_stops_everything(
    files: dict[str, str], code: str, tmp_path: Path
) -> None:
    put(tmp_path, files)

    with pytest.raises(ManifestError) as refusal:
        convert([tmp_path / name for name in files], "", Target("study"))

    assert code in codes(refusal.value.findings)


@pytest.mark.parametrize(
    ("files", "target", "said"),
    [
        ({}, Target("study"), "holds no redcap.yaml"),
        ({"a.csv": DICT}, Target("o.txt"), "does not say which format"),
        ({"a.csv": DICT}, Target("u.csv", "users"), "There is no users"),
        ({"a.csv": "arm_num,name\n"}, Target("study"), "holds nothing"),
    ],
)
def test_what_cannot_be_written_is_said(
    files: dict[str, str], target: Target, said: str, tmp_path: Path
) -> None:
    put(tmp_path / "in", {**files, "read.me": ""})

    with pytest.raises(RedcapIacError, match=said):
        convert([tmp_path / "in"], "", target)


def test_a_file_named_as_a_folder_is_refused(tmp_path: Path) -> None:
    put(tmp_path, {"d.csv": DICT})

    with pytest.raises(RedcapIacError, match="and a folder is a folder"):
        convert([tmp_path / "d.csv"], "folder", Target("study"))


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(RedcapIacError, match="cannot be read: No such file"):
        convert([tmp_path / "d.csv"], "", Target("study"))


def test_the_format_that_is_named_is_used(tmp_path: Path) -> None:
    put(tmp_path, {"u.csv": "username\njdoe\n"})

    made = convert([tmp_path / "u.csv"], "users", Target("o.csv"))

    assert made.sources == (((tmp_path / "u.csv").as_posix(), "users"),)


def test_what_a_zip_holds_besides_is_told(tmp_path: Path) -> None:
    data = BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("instrument.csv", DICT)
        archive.writestr("attachments/visit/a.pdf", "")
    put(tmp_path, {"visit.zip": data.getvalue()})

    assert codes(to(tmp_path / "visit.zip", "study").lost) == {"C121": 1}


def test_a_hostile_name_of_an_instrument_names_no_file(tmp_path: Path) -> None:
    put(tmp_path, {"d.csv": DICT.replace("visit", "../../visit")})

    with pytest.raises(RedcapIacError, match="no name of an instrument"):
        to(tmp_path / "d.csv", "zips", "instrument-zips")


@pytest.mark.parametrize(
    ("name", "format_", "foreseen"),
    [
        ("d.csv", "dictionary", ""),
        ("p.xml", "", "baseline_arm_1, baseline_arm_2, unscheduled_arm_1"),
        ("tables", "csv-folder", "baseline_arm_1, baseline_arm_2, boston, lyon"),
        ("u.csv", "dag-assignments", "boston, lyon."),
        ("copy", "manifest", ""),
    ],
)
def test_names_are_foreseen_only_where_they_are_written(
    name: str, format_: str, foreseen: str
) -> None:
    told = [
        one.message for one in to(EXAMPLES / "trial", name, format_).notes if one.code == "C122"
    ]

    assert bool(told) == bool(foreseen)
    assert all(f"foreseen: {foreseen}" in message for message in told)


@pytest.mark.parametrize(("text", "code"), [(DICT, "M251"), ("arm_num,name\n1,Größe\n", "C102")])
def test_a_guessed_encoding_is_told_once(text: str, code: str, tmp_path: Path) -> None:
    put(tmp_path, {"a.csv": text.encode("cp1252")})

    assert codes(to(tmp_path / "a.csv", "study").notes)[code] == 1
    assert len(codes(to(tmp_path / "a.csv", "study").notes).keys() & {"M251", "C102"}) == 1


@pytest.mark.parametrize(
    ("name", "header", "row"),
    [
        ("events", "event_name,arm_num", "Baseline,1"),
        ("role-assignments", "username,unique_role_name", "jdoe,U-1234567890"),
        ("dag-assignments", "username,redcap_data_access_group", "jdoe,lyon"),
    ],
)
def test_one_table_alone_is_written_as_the_same_table(
    name: str, header: str, row: str, tmp_path: Path
) -> None:
    put(tmp_path, {"a.csv": f"{header}\n{row}\n"})

    assert to(tmp_path / "a.csv", "b.csv").format == name


def test_a_field_without_an_instrument_is_told_with_its_place(tmp_path: Path) -> None:
    put(tmp_path, {"a.csv": f"{HEADER}id,,text,Id\n"})

    for name in ("study", "p.xml"):
        with pytest.raises(ManifestError) as told:
            to(tmp_path / "a.csv", name)
        (error,) = told.value.findings
        assert str(error.position).endswith("a.csv:2:2")


def test_what_could_not_be_read_again_is_not_written(tmp_path: Path) -> None:
    put(tmp_path, {"a.csv": f"{HEADER}id,visit,text,Id\nid,visit,text,Other\n"})

    with pytest.raises(RedcapIacError, match="could not be read again") as told:
        to(tmp_path / "a.csv", "p.xml")

    assert "p.xml:" not in told.value.message


def test_a_project_file_without_fields_is_refused(tmp_path: Path) -> None:
    put(tmp_path, {"a.csv": "arm_num,name\n1,A\n"})

    with pytest.raises(RedcapIacError, match="needs fields"):
        to(tmp_path / "a.csv", "p.xml")


def test_a_spreadsheet_is_refused_whatever_it_is_said_to_be(tmp_path: Path) -> None:
    put(tmp_path, {"a.xlsx": b"PK\x03\x04"})

    with pytest.raises(ManifestError) as told:
        convert([tmp_path / "a.xlsx"], "dictionary", Target("d.csv"))

    assert [error.code for error in told.value.findings] == ["C101"]


def test_what_could_not_be_loaded_is_told_at_its_own_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, {"d.csv": "field_name,form_name,field_type,field_label\nid,visit,text,Id\n"})
    wrong = [
        Finding("M113", Severity.ERROR, "Not a value.", Position("instruments/visit.yaml", line, 5))
        for line in (4, 5)
    ]

    def refused(*_: object, **__: object) -> NoReturn:
        raise ManifestError(tuple(wrong))

    monkeypatch.setattr(converting, "look_over", refused)
    with pytest.raises(ManifestError) as told:
        to(tmp_path / "d.csv", "study")

    (one,) = told.value.findings
    assert one.message == "Not a value (field: id)."
    assert one.position == Position((tmp_path / "d.csv").as_posix(), 2)
