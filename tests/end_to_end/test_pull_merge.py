"""`pull` into a folder with manifests: what REDCap changed goes in, all else stays as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from redcap_iac.merging.renames import Consent
from redcap_iac.merging.verdict import Preference, Side
from tests.emulator.served import Project
from tests.end_to_end.merging import Kept, row_of

FILES = {
    "redcap.yaml": """\
version: 1
# the study, in our words
project:
  title: Sleep          # agreed with the sponsor
  purpose: research
choice_lists:
  how_often: {0: "Never", 1: "Some days", 2: "Most days"}   # shared
instruments:
  - instruments/intake.yaml
  - instruments/labs.csv
  - instruments/more/*.yaml
x-owner: data management
""",
    "instruments/intake.yaml": """\
instrument: intake
matrices:
  phq: {type: radio, choices_from: how_often}
fields:
  record_id: {type: text, label: "Study ID"}
  # asked first
  age:
    type: text
    label: "Age"        # in years
    validation: integer
    x-source: protocol 4.2
  sex: {type: radio, label: "Sex", choices: {1: "Female", 2: "Male"}}
  snores: {type: radio, label: "Snores", choices_from: how_often}
  phq_1: {matrix: phq, label: "Little interest"}
  phq_2: {matrix: phq, label: "Feeling down"}
""",
    "instruments/labs.csv": (
        "Variable / Field Name,Form Name,Section Header,Field Type,Field Label,"
        '"Choices, Calculations, OR Slider Labels",Field Note\r\n'
        "hb,labs,,text,Haemoglobin,,g/dl\r\n"
        "crp,labs,,text,CRP,,\r\n"
    ),
    "instruments/more/notes.yaml": """\
instrument: remarks
fields:
  remark: {type: notes, label: "Remarks"}   # free text
""",
}


@pytest.fixture
def kept(project: Project, tmp_path: Path) -> Kept:
    return Kept.of(project, tmp_path, FILES)


def test_nothing_changed_is_nothing_to_pull(kept: Kept) -> None:
    pulled = kept.pull()
    assert (pulled.after, pulled.conflicts, pulled.waiting) == ({}, (), ())


def test_a_label_changed_in_redcap_changes_that_text_alone(kept: Kept) -> None:
    kept.field("age", field_label="Age at visit")
    pulled = kept.pull()
    assert list(pulled.after) == ["instruments/intake.yaml"]
    old = FILES["instruments/intake.yaml"]
    assert kept.read("instruments/intake.yaml") == old.replace('"Age" ', '"Age at visit" ')
    assert kept.left() == []


def test_a_cell_of_a_csv_is_changed_in_place(kept: Kept) -> None:
    kept.field("hb", field_note="in g/dl")
    kept.pull()
    old = FILES["instruments/labs.csv"]
    assert kept.read("instruments/labs.csv") == old.replace("g/dl", "in g/dl")
    assert kept.left() == []


def test_own_work_stays_and_waits(kept: Kept) -> None:
    kept.edit('"Age" ', '"Age today" ', "instruments/intake.yaml")
    kept.field("crp", field_label="C-reactive protein")
    pulled = kept.pull()
    assert [change.address for change in pulled.waiting] == ["field/age"]
    assert kept.left() == ["field/age"]
    assert "C-reactive protein" in kept.read("instruments/labs.csv")


def test_two_columns_of_one_field_are_two_changes(kept: Kept) -> None:
    kept.edit('"Age" ', '"Age today" ', "instruments/intake.yaml")
    kept.field("age", field_note="whole years")
    assert kept.pull().conflicts == ()
    text = kept.read("instruments/intake.yaml")
    assert '"Age today"        # in years' in text
    assert "whole years" in text
    assert "x-source: protocol 4.2" in text


def test_the_same_text_changed_on_both_sides_is_a_conflict(kept: Kept) -> None:
    kept.edit('"Age" ', '"Age today" ', "instruments/intake.yaml")
    kept.field("age", field_label="Age at visit")
    before = kept.read("instruments/intake.yaml")
    (conflict,) = kept.pull().conflicts
    assert (conflict.address, conflict.code) == ("field/age/label", "U101")
    assert (conflict.base, conflict.files, conflict.live) == ("Age", "Age today", "Age at visit")
    assert kept.read("instruments/intake.yaml") == before


@pytest.mark.parametrize(
    ("preference", "label"),
    [
        (Preference(Side.LIVE), "Age at visit"),
        (Preference(Side.FILES), "Age today"),
        (Preference(None, {"field/age/label": Side.LIVE}), "Age at visit"),
        (Preference(Side.LIVE, {"field/age": Side.FILES}), "Age today"),
        (Preference(Side.FILES, {"instrument/intake": Side.LIVE}), "Age at visit"),
    ],
)
def test_a_person_decides_a_conflict(kept: Kept, preference: Preference, label: str) -> None:
    kept.edit('"Age" ', '"Age today" ', "instruments/intake.yaml")
    kept.field("age", field_label="Age at visit")
    pulled = kept.pull(preference=preference)
    assert pulled.conflicts == ()
    assert f'"{label}"        # in years' in kept.read("instruments/intake.yaml")


def test_the_same_change_on_both_sides_is_none(kept: Kept) -> None:
    kept.edit('"Age" ', '"Age today" ', "instruments/intake.yaml")
    kept.field("age", field_label="Age today")
    pulled = kept.pull()
    assert (pulled.after, pulled.conflicts, pulled.waiting) == ({}, (), ())


def test_choices_are_merged_one_by_one(kept: Kept) -> None:
    kept.edit('2: "Male"', '2: "Man"', "instruments/intake.yaml")
    kept.field("sex", select_choices_or_calculations="1, Woman | 2, Male | 3, Other")
    assert kept.pull().conflicts == ()
    assert '{1: "Woman", 2: "Man", 3: "Other"}' in kept.read("instruments/intake.yaml")
    assert kept.left() == ["field/sex"]


def test_a_choice_changed_on_both_sides_is_one_conflict(kept: Kept) -> None:
    kept.edit('2: "Male"', '2: "Man"', "instruments/intake.yaml")
    kept.field("sex", select_choices_or_calculations="1, Woman | 2, Men")
    (conflict,) = kept.pull().conflicts
    assert conflict.address == "choice/sex/2"
    assert '{1: "Woman", 2: "Man"}' in kept.read("instruments/intake.yaml")


def test_a_shared_list_changes_where_all_its_users_changed(kept: Kept) -> None:
    def change(rows: list[dict[str, str]]) -> None:
        for row in rows:
            if row["field_name"] in ("snores", "phq_1", "phq_2"):
                row["select_choices_or_calculations"] = "0, Never | 1, Some days | 2, Nearly daily"

    kept.dictionary(change)
    pulled = kept.pull()
    assert list(pulled.after) == ["redcap.yaml"]
    assert kept.read() == FILES["redcap.yaml"].replace("Most days", "Nearly daily")


def test_one_user_of_a_shared_list_gets_its_own_choices(kept: Kept) -> None:
    kept.field("snores", select_choices_or_calculations="0, Never | 1, Some days | 2, Nearly daily")
    kept.pull()
    assert kept.read() == FILES["redcap.yaml"]
    assert kept.left() == []
    assert "matrix: phq" in kept.read("instruments/intake.yaml")


def test_a_field_added_in_redcap_stands_where_it_stands_there(kept: Kept) -> None:
    def add(rows: list[dict[str, str]]) -> None:
        one = row_of(
            rows[0], field_name="bmi", form_name="intake", field_type="text", field_label="BMI"
        )
        rows.insert(2, one)

    kept.dictionary(add)
    kept.pull()
    assert kept.left() == []
    text = kept.read("instruments/intake.yaml")
    assert text.index("age:") < text.index("bmi:") < text.index("sex:")


def test_a_field_removed_in_redcap_goes_with_its_comment(kept: Kept) -> None:
    kept.dictionary(lambda rows: [row for row in rows if row["field_name"] != "age"])
    pulled = kept.pull()
    assert [(c.address, c.action) for c in pulled.taken] == [("field/age", "delete")]
    text = kept.read("instruments/intake.yaml")
    assert "age:" not in text
    assert "# asked first" not in text
    assert kept.left() == []


def test_a_field_removed_there_and_changed_here_is_a_conflict(kept: Kept) -> None:
    kept.edit('"Age" ', '"Age today" ', "instruments/intake.yaml")
    kept.dictionary(lambda rows: [row for row in rows if row["field_name"] != "age"])
    (conflict,) = kept.pull().conflicts
    assert (conflict.address, conflict.code) == ("field/age", "U102")
    assert '"Age today"' in kept.read("instruments/intake.yaml")


def test_fields_moved_in_redcap_move_with_their_comments(kept: Kept) -> None:
    kept.dictionary(lambda rows: [rows[0], *rows[2:4], rows[1], *rows[4:]])
    kept.pull()
    text = kept.read("instruments/intake.yaml")
    assert text.index("snores:") < text.index("# asked first") < text.index("  age:")
    assert kept.left() == []


def test_an_instrument_added_in_redcap_gets_a_file_of_its_own(kept: Kept) -> None:
    def add(rows: list[dict[str, str]]) -> None:
        rows.append(
            row_of(
                rows[0], field_name="ae", form_name="events", field_type="notes", field_label="AE"
            )
        )

    kept.dictionary(add)
    pulled = kept.pull()
    new = [path for path, data in pulled.before.items() if data is None]
    assert new == ["instruments/more/events.yaml"]  # the pattern it comes behind takes it in
    assert kept.left() == []
    assert "# the study, in our words" in kept.read()


def test_an_instrument_removed_in_redcap_takes_its_file_away(kept: Kept) -> None:
    kept.dictionary(lambda rows: [row for row in rows if row["form_name"] != "labs"])
    pulled = kept.pull()
    assert pulled.after["instruments/labs.csv"] is None
    assert not (kept.folder / "instruments/labs.csv").exists()
    assert kept.left() == []


def test_a_removed_instrument_that_was_changed_here_keeps_its_file(kept: Kept) -> None:
    kept.edit("Haemoglobin", "Hb", "instruments/labs.csv")
    kept.dictionary(lambda rows: [row for row in rows if row["form_name"] != "labs"])
    pulled = kept.pull()
    assert "field/hb" in {one.address for one in pulled.conflicts}
    assert "hb,labs" in kept.read("instruments/labs.csv")


def renamed(rows: list[dict[str, str]]) -> None:
    rows[1]["field_name"] = "age_years"
    rows[2]["branching_logic"] = "[age_years] > 17"


def test_a_field_renamed_in_redcap_is_asked_about_before_anything_is_merged(kept: Kept) -> None:
    kept.dictionary(renamed)
    pulled = kept.pull()
    assert [one.word for one in pulled.open_renames] == ["age_years=age"]
    assert pulled.after == {}


def test_an_accepted_rename_keeps_the_place_and_the_hint(kept: Kept) -> None:
    kept.dictionary(renamed)
    pulled = kept.pull(consent=Consent(words=("age_years=age",)))
    text = kept.read("instruments/intake.yaml")
    assert "# asked first\n  age_years:" in text
    assert "renamed_from: age" in text
    assert "# in years" in text
    assert "[age_years] > 17" in text
    assert kept.left() == []
    assert ("field/age_years", "rename") in {(one.address, one.action) for one in pulled.taken}


def test_what_is_no_rename_goes_and_comes(kept: Kept) -> None:
    kept.dictionary(renamed)
    pulled = kept.pull(consent=Consent(all=False))
    assert {(one.address, one.action) for one in pulled.taken} >= {
        ("field/age", "delete"),
        ("field/age_years", "create"),
    }
    assert kept.left() == []


def test_without_a_base_every_difference_is_a_conflict(kept: Kept) -> None:
    kept.edit('"Age" ', '"Age today" ', "instruments/intake.yaml")
    kept.field("crp", field_label="C-reactive protein")
    pulled = kept.pull(base=None)
    assert {one.code for one in pulled.conflicts} == {"U103"}
    assert {one.address for one in pulled.conflicts} == {"field/age/label", "field/crp/label"}
    assert pulled.after == {}


def test_settings_change_where_they_are_declared(kept: Kept) -> None:
    answer = kept.study.project.post(
        "project_settings", data='{"project_title": "Sleep II", "project_notes": "new"}'
    )
    assert answer.status_code == 200
    kept.pull()
    changed = FILES["redcap.yaml"].replace("title: Sleep ", 'title: "Sleep II" ')
    assert kept.read() == changed
    assert kept.left() == []


@pytest.mark.parametrize(
    "text",
    [
        "a: b # c",
        "${site}",
        'it\'s "so"',
        "two\nlines",
        "two\r\nlines",
        " blank ",
        "x" * 4000,
        "- [x",
    ],
)
def test_hostile_text_comes_over_whole(kept: Kept, text: str) -> None:
    kept.field("remark", field_label=text)
    kept.field("crp", field_label=text)
    kept.pull()
    assert kept.left() == []
    assert "# free text" in kept.read("instruments/more/notes.yaml")


PLAIN = {
    "redcap.yaml": """\
version: 1
instruments:
  - a.yaml
  - b.yaml     # the second
  - c.yaml
""",
    "a.yaml": "instrument: a\nfields:\n  record_id: {type: text, label: ID}\n",
    "b.yaml": "instrument: b\nfields:\n  b1: {type: text, label: B}\n",
    "c.yaml": "instrument: c\nfields:\n  c1: {type: text, label: C}\n",
}


def test_instruments_change_places_as_in_redcap(project: Project, tmp_path: Path) -> None:
    kept = Kept.of(project, tmp_path, PLAIN)
    kept.dictionary(lambda rows: [rows[0], rows[2], rows[1]])
    pulled = kept.pull()
    text = kept.read()
    assert text.index("a.yaml") < text.index("c.yaml") < text.index("b.yaml")
    assert list(pulled.after) == ["redcap.yaml"]
    assert kept.left() == []


def reordered(rows: list[dict[str, str]], *forms: str) -> list[dict[str, str]]:
    """Put the forms in an order."""
    return sorted(rows, key=lambda row: forms.index(row["form_name"]))


def test_a_csv_and_a_pattern_change_places_as_in_redcap(kept: Kept) -> None:
    kept.dictionary(lambda rows: reordered(rows, "intake", "remarks", "labs"))
    pulled = kept.pull()
    assert list(pulled.after) == ["redcap.yaml"]
    assert "intake.yaml\n  - instruments/more/*.yaml\n  - instruments/labs.csv\n" in kept.read()
    assert kept.left() == []


def test_instruments_come_go_and_change_places_in_one_pull(kept: Kept) -> None:
    def change(rows: list[dict[str, str]]) -> list[dict[str, str]]:
        new = row_of(
            rows[0], field_name="ae", form_name="events", field_type="notes", field_label="AE"
        )
        moved(rows, "hb", "remarks", "remark")
        moved(rows, "crp", "events", "hb")
        rows.append(new)
        return reordered(rows, "intake", "events", "remarks")

    kept.dictionary(change)
    pulled = kept.pull()
    assert (pulled.conflicts, kept.left()) == ((), [])
    assert pulled.after["instruments/labs.csv"] is None
    assert "# free text" in kept.read("instruments/more/notes.yaml")


def test_forms_of_one_csv_cannot_stand_apart(project: Project, tmp_path: Path) -> None:
    table = "field_name,form_name,field_type,field_label\nb1,b,text,B\nc1,c,text,C\n"
    one = "version: 1\ninstruments:\n  - a.yaml\n  - t.csv\n  - d.yaml\n"
    last = "instrument: d\nfields:\n  d1: {type: text, label: D}\n"
    kept = Kept.of(project, tmp_path, {**PLAIN, "redcap.yaml": one, "t.csv": table, "d.yaml": last})
    kept.dictionary(lambda rows: reordered(rows, "a", "b", "d", "c"))
    (conflict,) = kept.pull().conflicts
    assert (conflict.address, conflict.code) == ("instruments/order", "U105")
    kept.dictionary(lambda rows: reordered(rows, "a", "d", "c", "b"))
    assert kept.pull().conflicts == ()
    assert kept.read("t.csv").splitlines()[1:] == ["c1,c,text,C", "b1,b,text,B"]
    assert kept.left() == []


def test_fields_put_in_two_orders_are_a_conflict(kept: Kept) -> None:
    sex = '  sex: {type: radio, label: "Sex", choices: {1: "Female", 2: "Male"}}\n'
    first = '  record_id: {type: text, label: "Study ID"}\n'
    kept.edit(sex, "", "instruments/intake.yaml")
    kept.edit(first, first + sex, "instruments/intake.yaml")
    kept.dictionary(lambda rows: [rows[0], rows[1], rows[3], rows[2], *rows[4:]])
    (conflict,) = kept.pull().conflicts
    assert (conflict.address, conflict.code) == ("instrument/intake/order", "U104")
    kept.pull(preference=Preference(None, {"instrument/intake/order": Side.LIVE}))
    assert kept.left() == []


def test_a_label_given_in_redcap_is_taken_over(kept: Kept) -> None:
    emulator, number = kept.study.project.emulator, kept.study.project.project_id
    kept.edit("instrument: intake\n", "instrument: intake\nlabel: Intake form\n",
              "instruments/intake.yaml")  # fmt: skip
    kept.base = kept.study.goal().desired
    with emulator.store.transaction() as db:
        db.execute(
            "UPDATE forms SET label = 'First visit' WHERE project_id = ? AND form_name = 'intake'",
            (number,),
        )
    kept.pull()
    assert "label: First visit\n" in kept.read("instruments/intake.yaml")


def test_a_label_never_set_in_redcap_stays_to_be_done(kept: Kept) -> None:
    kept.edit("instrument: intake\n", "instrument: intake\nlabel: Intake form\n",
              "instruments/intake.yaml")  # fmt: skip
    kept.base = kept.study.goal().desired
    assert kept.pull().after == {}


def moved(rows: list[dict[str, str]], name: str, form: str, behind: str) -> None:
    """Put a field into another form, behind a field there."""
    one = next(row for row in rows if row["field_name"] == name)
    rows.remove(one)
    one["form_name"] = form
    rows.insert([row["field_name"] for row in rows].index(behind) + 1, one)


def test_a_field_moved_to_another_instrument_takes_its_lines_along(kept: Kept) -> None:
    kept.dictionary(lambda rows: moved(rows, "age", "remarks", "remark"))
    pulled = kept.pull()
    assert (pulled.conflicts, kept.left()) == ((), [])
    lines = '  # asked first\n  age:\n    type: text\n    label: "Age"        # in years\n'
    assert lines + "    validation: integer\n    x-source: protocol 4.2\n" in kept.read(
        "instruments/more/notes.yaml"
    )
    old = FILES["instruments/intake.yaml"]
    start, end = old.index("  # asked first"), old.index("  sex:")
    assert kept.read("instruments/intake.yaml") == old[:start] + old[end:]


def test_a_field_that_is_changed_and_moved_keeps_its_comments(kept: Kept) -> None:
    def change(rows: list[dict[str, str]]) -> None:
        rows[1]["field_label"] = "Age at visit"
        moved(rows, "age", "remarks", "remark")

    kept.dictionary(change)
    kept.pull()
    assert kept.left() == []
    assert 'label: "Age at visit"        # in years' in kept.read("instruments/more/notes.yaml")


def test_a_field_moved_into_a_new_instrument_takes_its_lines_along(kept: Kept) -> None:
    def change(rows: list[dict[str, str]]) -> None:
        moved(rows, "age", "visit", "crp")
        moved(rows, "hb", "visit", "age")

    kept.dictionary(change)
    kept.pull()
    assert kept.left() == []
    text = kept.read("instruments/visit.yaml")
    assert text.index("# asked first") < text.index("age:") < text.index("hb:")
    assert "in years" in text


def test_a_matrix_moved_to_another_instrument_stays_one(kept: Kept) -> None:
    def change(rows: list[dict[str, str]]) -> None:
        moved(rows, "phq_1", "remarks", "remark")
        moved(rows, "phq_2", "remarks", "phq_1")

    kept.dictionary(change)
    kept.pull()
    assert kept.left() == []
    text = kept.read("instruments/more/notes.yaml")
    assert "matrices:\n  phq: {type: radio, choices_from: how_often}\n" in text
    assert "matrices" not in kept.read("instruments/intake.yaml")


def test_a_field_cannot_leave_its_own_keys_behind_in_yaml(kept: Kept) -> None:
    kept.dictionary(lambda rows: moved(rows, "age", "labs", "crp"))
    found = kept.pull().conflicts
    assert {one.code for one in found} == {"U105"}
    assert "x-source" in found[0].why
    assert "x-source: protocol 4.2" in kept.read("instruments/intake.yaml")


def test_an_instrument_whose_fields_went_elsewhere_goes(kept: Kept) -> None:
    def change(rows: list[dict[str, str]]) -> None:
        moved(rows, "hb", "intake", "sex")
        moved(rows, "crp", "intake", "hb")

    kept.dictionary(change)
    kept.pull()
    assert kept.left() == []
    assert not (kept.folder / "instruments/labs.csv").exists()
