"""Edits in the words of the design change the files at the right place, proven by loading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from redcap_iac.edits import (
    AddField,
    AddInstrument,
    Edit,
    MoveField,
    RemoveField,
    RemoveInstrument,
    RemoveSection,
    RenameField,
    RenameInstrument,
    RenameSection,
    SetCell,
    SetInstrumentLabel,
    SetSection,
)
from redcap_iac.errors import EditError
from redcap_iac.kinds.dictionary.field import CHOICES, VALIDATION
from redcap_iac.manifest.editing import rewritten
from tests.manifest.editing.projects import InMemory, fields_of, lines_apart, with_cell

ROOT = """\
# the study
version: 1
choice_lists:
  yn: {1: "Yes", 0: "No"}   # shared
instruments:
  - instruments/*.yaml   # all of them
  - tables/labs.csv
  - instrument: consent   # inline
    fields:
      consent_date:   # when
        type: text
        label: Date of consent
x-note: mine
"""
INTAKE = """\
instrument: intake
label: Intake
matrices:
  phq: {type: radio, choices: {0: "No", 1: "Yes"}, section: "Two weeks"}
fields:
  record_id: {type: text, label: "Study ID"}

  # about you
  sex:
    type: radio
    label: "Sex"   # asked
    choices:
      1: "Female"  # f
      2: "Male"
  smoker: {type: radio, label: "Smoke?", choices_from: yn}
  drinks: {type: radio, label: "Drink?", choices_from: yn}
  phq_1: {matrix: phq, label: "Little"}
  phq_2: {matrix: phq, label: "Down"}
  pain: {type: slider, label: "Pain", slider: {left: "none", show_number: true}}
  bmi: {type: calc, label: "BMI", calculation: "1+1"}
  hand: {type: radio, label: "Hand", choices: "1, Left|2, Right"}
"""
LABS = (
    "Variable / Field Name,Form Name,Section Header,Field Type,Field Label,"
    '"Choices, Calculations, OR Slider Labels",Field Note,'
    "Text Validation Type OR Show Slider Number,Text Validation Min,Text Validation Max,"
    "Identifier?,Branching Logic (Show field only if...),Required Field?,Custom Alignment,"
    "Question Number (surveys only),Matrix Group Name,Matrix Ranking?,Field Annotation\r\n"
    'bp,vitals,,text,"Blood, pressure",,,,,,,,,,,,,\r\n'
    "pulse,vitals,,text,Pulse,,,,,,y,,,,,,,\r\n"
    "lab1,labs,,text,Lab,,,,,,,,,,,,,\r\n"
)
FILES = InMemory({"redcap.yaml": ROOT, "instruments/intake.yaml": INTAKE, "tables/labs.csv": LABS})
ROW = {"field_name": "fresh", "field_type": "text", "field_label": "Fresh one"}
PLACES = {"y": "instruments/intake.yaml", "r": "redcap.yaml", "c": "tables/labs.csv"}


def changed_lines(edits: Sequence[Edit], file: str) -> tuple[list[str], list[str]]:
    made = rewritten(FILES, edits)
    assert set(made) == {PLACES[file]}
    return lines_apart(FILES.read(PLACES[file]), made[PLACES[file]])


def test_no_edit_changes_no_file() -> None:
    assert rewritten(FILES, ()) == {}
    assert rewritten(FILES, [SetCell("sex", "field_label", "Sex")]) == {}


CELLS = [
    (SetCell("sex", "field_label", "Gender"), "y", '    label: "Gender"   # asked'),
    (SetCell("sex", "field_note", "hint"), "y", "    note: hint"),
    (SetCell("sex", "required_field", "y"), "y", "    required: true"),
    (SetCell("sex", CHOICES, "1, Female | 2, Man"), "y", '      2: "Man"'),
    (SetCell("bmi", CHOICES, "2+2"), "y",
     '  bmi: {type: calc, label: "BMI", calculation: "2+2"}'),
    (SetCell("pain", CHOICES, "low |  | top"), "y",
     '  pain: {type: slider, label: "Pain", slider: {left: "low", right: top, show_number: true}}'),
    (SetCell("pain", VALIDATION, ""), "y",
     '  pain: {type: slider, label: "Pain", slider: {left: "none"}}'),
    (SetCell("hand", CHOICES, "1, L|2, R"), "y",
     '  hand: {type: radio, label: "Hand", choices: "1, L|2, R"}'),
    (SetCell("hand", "field_type", "dropdown"), "y",
     '  hand: {type: dropdown, label: "Hand", choices: "1, Left|2, Right"}'),
    (SetCell("sex", "field_label", "${x}"), "y", '    label: "$${x}"   # asked'),
    (SetCell("consent_date", "field_label", "Day of consent"), "r",
     "        label: Day of consent"),
    (SetCell("consent_date", VALIDATION, "date_ymd"), "r", "        validation: date_ymd"),
    (SetCell("bp", "field_label", "BP"), "c", 'bp,vitals,,text,"BP",,,,,,,,,,,,,'),
]  # fmt: skip


@pytest.mark.parametrize(("edit", "file", "line"), CELLS)
def test_a_cell_is_changed_where_it_is_said(edit: SetCell, file: str, line: str) -> None:
    gone, new = changed_lines([edit], file)
    assert new == [line]
    assert len(gone) <= 1
    made = rewritten(FILES, [edit])
    assert fields_of(FILES, made) == tuple(
        with_cell(field, edit.column, edit.text) if field.field_name == edit.field else field
        for field in fields_of(FILES)
    )


def test_a_cell_emptied_takes_its_key_away() -> None:
    made = rewritten(FILES, [SetCell("pulse", "identifier", ""), SetCell("sex", CHOICES, ""),
                             SetCell("sex", "field_type", "text")])  # fmt: skip
    assert b"pulse,vitals,,text,Pulse,,,,,,,,,,,,,\r\n" in (made["tables/labs.csv"] or b"")
    intake = (made["instruments/intake.yaml"] or b"").decode()
    assert '  sex:\n    type: text\n    label: "Sex"   # asked\n  smoker:' in intake


@pytest.mark.parametrize("name", ["sex", "smoker", "hand"])
def test_choices_that_a_new_type_cannot_have_as_a_map_become_text(name: str) -> None:
    made = rewritten(FILES, [SetCell(name, "field_type", "text")])
    before = fields_of(FILES)
    assert fields_of(FILES, made) == tuple(
        with_cell(field, "field_type", "text") if field.field_name == name else field
        for field in before
    )


def test_a_shared_list_changes_when_all_its_users_want_the_same() -> None:
    new = "1, Yes | 0, No | 9, Unknown"
    edits = [SetCell("smoker", CHOICES, new), SetCell("drinks", CHOICES, new)]
    assert changed_lines(edits, "r")[1] == ['  yn: {1: "Yes", 0: "No", 9: "Unknown"}   # shared']


def test_a_field_that_leaves_a_shared_list_gets_its_own_choices() -> None:
    gone, new = changed_lines([SetCell("smoker", CHOICES, "1, Yes | 0, Never")], "y")
    assert gone == ['  smoker: {type: radio, label: "Smoke?", choices_from: yn}']
    assert new == ['  smoker: {type: radio, label: "Smoke?", choices: {1: "Yes", 0: Never}}']


def test_a_matrix_changes_when_all_its_rows_want_the_same() -> None:
    new = "0, No | 1, Often"
    edits = [SetCell("phq_1", CHOICES, new), SetCell("phq_2", CHOICES, new)]
    assert len(changed_lines(edits, "y")[1]) == 1
    assert "Often" in changed_lines(edits, "y")[1][0]


def test_the_section_of_a_matrix_changes_in_its_block() -> None:
    _, new = changed_lines([SetCell("phq_1", "section_header", "Four weeks")], "y")
    assert new == [
        '  phq: {type: radio, choices: {0: "No", 1: "Yes"}, section: "Four weeks"}'
    ]  # fmt: skip


def test_a_row_that_leaves_its_matrix_says_what_the_matrix_said() -> None:
    edit = SetCell("phq_2", "matrix_group_name", "")
    made = rewritten(FILES, [edit])
    before = {field.field_name: field for field in fields_of(FILES)}
    after = {field.field_name: field for field in fields_of(FILES, made)}
    assert after == {**before, "phq_2": replace(before["phq_2"], matrix_group_name="")}


def test_rows_of_one_matrix_cannot_part_their_choices() -> None:
    with pytest.raises(EditError, match="After the change the files would be wrong"):
        rewritten(FILES, [SetCell("phq_1", CHOICES, "5, Five")])


# fields


def test_a_new_field_stands_behind_the_one_it_is_to_follow() -> None:
    made = rewritten(FILES, [AddField({**ROW, "form_name": "intake"}, "sex")])
    intake = (made["instruments/intake.yaml"] or b"").decode()
    expected = '      2: "Male"\n  fresh: {type: text, label: "Fresh one"}\n  smoker'
    assert expected in intake


def test_a_new_row_of_a_matrix_takes_what_the_matrix_says() -> None:
    row = {**ROW, "field_name": "phq_3", "form_name": "intake", "field_type": "radio"}
    row |= {"field_label": "Three", CHOICES: "0, No | 1, Yes", "matrix_group_name": "phq"}
    gone, new = changed_lines([AddField(row, "phq_2")], "y")
    assert (gone, new) == ([], ["  phq_3: {matrix: phq, label: Three}"])


@pytest.mark.parametrize(("form", "after"), [("vitals", "bp"), ("vitals", None), ("labs", None)])
def test_a_new_row_of_a_csv_stands_in_its_form(form: str, after: str | None) -> None:
    made = rewritten(FILES, [AddField({**ROW, "form_name": form}, after)])
    assert set(made) == {"tables/labs.csv"}
    names = [field.field_name for field in fields_of(FILES, made) if field.form_name == form]
    assert names[names.index("fresh") - 1 if after else 0] == (after or "fresh")


def test_a_field_goes_with_its_comments_and_a_row_as_a_line() -> None:
    edits = [RemoveField("sex"), RemoveField("pulse")]
    made = rewritten(FILES, edits)
    gone, new = lines_apart(INTAKE.encode(), made["instruments/intake.yaml"])
    assert new == []
    assert gone[0] == "  # about you"
    assert lines_apart(LABS.encode(), made["tables/labs.csv"]) == (
        ["pulse,vitals,,text,Pulse,,,,,,y,,,,,,,"], [],
    )  # fmt: skip


def test_a_renamed_field_keeps_its_lines_and_its_old_name_as_a_hint() -> None:
    gone, new = changed_lines([RenameField("sex", "gender", hint=True)], "y")
    assert (gone, new) == (["  sex:"], ["  gender:", "    renamed_from: sex"])


def test_a_second_rename_keeps_the_oldest_name() -> None:
    edits = [RenameField("sex", "gender", hint=True), RenameField("gender", "sex_2", hint=True)]
    assert changed_lines(edits, "y")[1] == ["  sex_2:", "    renamed_from: sex"]


def test_the_hint_of_a_csv_row_stands_under_renamed() -> None:
    made = rewritten(FILES, [RenameField("pulse", "hr", hint=True)])
    assert lines_apart(ROOT.encode(), made["redcap.yaml"])[1] == [
        "renamed:", "  fields:", "    hr: pulse",
    ]  # fmt: skip


def test_a_field_moves_with_its_comments() -> None:
    made = rewritten(FILES, [MoveField("sex", "pain"), MoveField("bp", "pulse")])
    names = [field.field_name for field in fields_of(FILES, made)]
    assert names[names.index("pain") + 1] == "sex"
    assert names[names.index("pulse") + 1] == "bp"
    assert lines_apart(INTAKE.encode(), made["instruments/intake.yaml"]) == ([], [])


# instruments


def test_a_new_instrument_is_a_file_that_its_pattern_brings_in() -> None:
    made = rewritten(FILES, [AddInstrument("visit", "Visit", (ROW,), "intake")])
    assert made == {
        "instruments/visit.yaml": b"instrument: visit\nlabel: Visit\nfields:\n  fresh:\n"
        b'    type: text\n    label: "Fresh one"\n'
    }


def test_a_pattern_is_written_out_where_it_would_sort_otherwise() -> None:
    made = rewritten(FILES, [AddInstrument("a_first", "", (ROW,), "intake")])
    assert [field.form_name for field in fields_of(FILES, made)].index("a_first") > 0
    assert lines_apart(ROOT.encode(), made["redcap.yaml"])[1] == [
        "  - instruments/intake.yaml   # all of them", "  - instruments/a_first.yaml",
    ]  # fmt: skip


def test_between_the_forms_of_a_csv_a_new_instrument_is_rows() -> None:
    made = rewritten(FILES, [AddInstrument("between", "", (ROW,), "vitals")])
    assert set(made) == {"tables/labs.csv"}
    forms = list(dict.fromkeys(field.form_name for field in fields_of(FILES, made)))
    assert forms == ["intake", "vitals", "between", "labs", "consent"]


@pytest.mark.parametrize("after", [None, "intake", "vitals", "labs", "consent"])
def test_a_new_instrument_stands_where_it_is_to_stand(after: str | None) -> None:
    made = rewritten(FILES, [AddInstrument("fresh_one", "", (ROW,), after)])
    forms = list(dict.fromkeys(field.form_name for field in fields_of(FILES, made)))
    old = ["intake", "vitals", "labs", "consent"]
    place = 0 if after is None else old.index(after) + 1
    assert forms == [*old[:place], "fresh_one", *old[place:]]


def test_a_folder_without_instruments_gets_its_first() -> None:
    files = InMemory({"redcap.yaml": "version: 1\n"})
    made = rewritten(files, [AddInstrument("one", "", (ROW,), None)])
    assert made["redcap.yaml"] == b"version: 1\ninstruments:\n  - instruments/one.yaml\n"


def test_a_dictionary_in_one_file_gets_rows() -> None:
    files = InMemory({"redcap.yaml": "version: 1\ndictionary: d.csv\n", "d.csv": LABS})
    made = rewritten(files, [AddInstrument("last", "", (ROW,), "labs")])
    assert set(made) == {"d.csv"}


def test_a_removed_instrument_takes_its_file_and_its_entry_along() -> None:
    made = rewritten(FILES, [RemoveInstrument("vitals"), RemoveInstrument("labs")])
    assert made["tables/labs.csv"] is None
    assert lines_apart(ROOT.encode(), made["redcap.yaml"]) == (["  - tables/labs.csv"], [])


def test_an_inline_instrument_goes_from_its_list() -> None:
    made = rewritten(FILES, [RemoveInstrument("consent")])
    assert set(made) == {"redcap.yaml"}
    assert b"consent" not in (made["redcap.yaml"] or b"")


def test_an_instrument_gets_another_label_and_loses_it() -> None:
    assert changed_lines([SetInstrumentLabel("intake", "Start")], "y")[1] == ["label: Start"]
    assert changed_lines([SetInstrumentLabel("intake", "")], "y")[0] == ["label: Intake"]
    assert changed_lines([SetInstrumentLabel("consent", "C")], "r")[1] == ["    label: C"]


def test_a_renamed_instrument_keeps_its_file_and_its_old_name() -> None:
    edits = [RenameInstrument("intake", "start", hint=True)]
    assert changed_lines(edits, "y")[1] == ["instrument: start", "renamed_from: intake"]
    made = rewritten(FILES, [RenameInstrument("vitals", "signs", hint=True)])
    assert b"renamed:\n  instruments:\n    signs: vitals\n" in (made["redcap.yaml"] or b"")
    assert [one.form_name for one in fields_of(FILES, made)].count("signs") == 2


# sections


def test_sections_are_set_renamed_and_removed_in_place() -> None:
    edits: list[Edit] = [
        SetSection(("dags",), ["Boston"]),
        SetSection(("dags", 1), "Lyon"),
        RenameSection(("x-note",), "x-ours"),
        RemoveSection(("choice_lists", "yn", "0")),
        SetSection(("choice_lists", "yn", "0"), "No"),
    ]
    gone, new = changed_lines(edits, "r")
    assert (gone, new) == (["x-note: mine"], ["x-ours: mine", "dags: [Boston, Lyon]"])


# refusals

REFUSED = [
    (SetCell("nobody", "field_label", "x"), "There is no field nobody"),
    (SetCell("sex", "field_name", "x"), "names are changed by renaming"),
    (SetCell("sex", "colour", "x"), "REDCap has no column colour"),
    (RemoveField("nobody"), "There is no field nobody"),
    (RenameField("sex", "bmi"), "Field bmi is declared already"),
    (MoveField("sex", "bp"), "stand in different instruments"),
    (AddField({**ROW, "form_name": "nowhere"}, None), "There is no instrument nowhere"),
    (AddField({**ROW, "form_name": "intake"}, "bp"), "bp is no field of intake"),
    (AddField({**ROW, "field_name": "sex", "form_name": "intake"}, None), "declared already"),
    (AddInstrument("intake", "", (ROW,), None), "Instrument intake is declared already"),
    (AddInstrument("x", "", (), "vitals"), "A CSV cannot hold an instrument without fields"),
    (RemoveInstrument("nobody"), "There is no instrument nobody"),
    (RenameInstrument("intake", "labs"), "Instrument labs is declared already"),
    (SetInstrumentLabel("labs", "Labs"), "a CSV, which has no place for the label"),
    (SetSection(("rolls",), {}), "`rolls` is not a key"),
    (RemoveSection(("users",)), "`users` in redcap.yaml is not there"),
    (RemoveField("record_id"), "After the change the files would be wrong"),
]


@pytest.mark.parametrize(("edit", "why"), REFUSED)
def test_what_the_files_cannot_say_is_refused(edit: Edit, why: str) -> None:
    with pytest.raises(EditError, match=why.replace("(", r"\(")):
        rewritten(FILES, [edit])


def test_files_that_are_wrong_as_they_are_are_not_edited() -> None:
    files = InMemory({"redcap.yaml": "version: 2\n"})
    with pytest.raises(EditError, match=r"cannot be loaded as they are.*redcap\.yaml:1:10"):
        rewritten(files, [SetSection(("dags",), ["A"])])


def test_the_last_fields_of_a_dictionary_cannot_all_go() -> None:
    files = InMemory({"redcap.yaml": "version: 1\ndictionary: d.csv\n", "d.csv": LABS})
    with pytest.raises(EditError, match="would be left without a field"):
        rewritten(files, [RemoveInstrument("vitals"), RemoveInstrument("labs")])


# any cell

COLUMNS_OF_TEXT = (
    "field_label",
    "field_note",
    "section_header",
    "field_annotation",
    "question_number",
)
ANY = st.text(st.sampled_from("ab :#'\"\n{}[],|&*${%é") | st.characters(codec="utf-8"), max_size=10)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["sex", "smoker", "phq_1", "bp", "consent_date", "pain"]),
            st.sampled_from(COLUMNS_OF_TEXT),
            ANY.filter(lambda text: "\r" not in text and "\x00" not in text),
        ),
        max_size=4,
        unique_by=lambda one: one[:2],
    )
)
def test_any_cells_are_what_was_asked_for_and_all_others_as_before(
    cells: list[tuple[str, str, str]],
) -> None:
    made = rewritten(FILES, [SetCell(*one) for one in cells])
    expected = {field.field_name: field for field in fields_of(FILES)}
    for name, column, text in cells:
        expected[name] = with_cell(expected[name], column, text)
    assert fields_of(FILES, made) == tuple(expected.values())
