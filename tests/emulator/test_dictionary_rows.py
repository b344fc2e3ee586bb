import pytest

from tests.emulator.designing import RECORD_ID, field, sent
from tests.emulator.served import Project

CHOICES = "select_choices_or_calculations"
VALIDATION = "text_validation_type_or_show_slider_number"


def kept(project: Project, kind: str, column: str, value: str) -> str:
    """Import one field with one cell and return what the export tells of it."""
    cells = {CHOICES: "1, One"} if kind == "radio" else {}
    cells |= {CHOICES: "1 + 1"} if kind == "calc" else {}
    sent(project, "metadata", [RECORD_ID, {**field("age", "form_1", kind, **cells), column: value}])
    return str(project.rows("metadata")[1][column])


@pytest.mark.parametrize(
    "text",
    ["0, Female|1, Male", "0, Female | 1, Male", "2, x| 3, y", "Mr. | Mrs.", " 1, A , b |2,  C "],
)
def test_choices_are_kept_as_given(project: Project, text: str) -> None:
    assert kept(project, "radio", CHOICES, text) == text


@pytest.mark.parametrize(
    "text", ["1, A\n2, B", "1, A\r\n2, B", "1, A |\n2, B", "1, A\n| 2, B", "1, A\n2, B\n"]
)
def test_choices_on_lines_are_joined_with_a_pipe(project: Project, text: str) -> None:
    assert kept(project, "radio", CHOICES, text) == "1, A | 2, B"


def test_a_calculation_keeps_its_line_ends(project: Project) -> None:
    assert kept(project, "calc", CHOICES, "if(1 = 1,\n  2, 3)") == "if(1 = 1,\n  2, 3)"


@pytest.mark.parametrize("kind", ["yesno", "truefalse"])
def test_implicit_choices_are_not_stored(project: Project, kind: str) -> None:
    assert kept(project, kind, CHOICES, "1, Yes | 0, No") == ""


@pytest.mark.parametrize(
    ("sent_name", "stored_name"),
    [
        ("int", "integer"),
        ("float", "number"),
        ("date", "date_ymd"),
        ("datetime", "datetime_ymd"),
        ("datetime_seconds", "datetime_seconds_ymd"),
        ("date_dmy", "date_dmy"),
        ("site_own_type", "site_own_type"),
    ],
)
def test_older_validation_names_are_told_by_their_newer_ones(
    project: Project, sent_name: str, stored_name: str
) -> None:
    assert kept(project, "text", VALIDATION, sent_name) == stored_name


@pytest.mark.parametrize("column", ["identifier", "required_field"])
def test_flags_are_lower_case(project: Project, column: str) -> None:
    assert kept(project, "text", column, "Y") == "y"


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("field_label", " Integer \n<b>x</b> "),
        ("field_note", " note "),
        ("section_header", " "),
        ("field_annotation", " @DEFAULT='1' "),
        ("branching_logic", " [record_id]  <>  '' "),
        ("question_number", " 1a"),
        ("text_validation_min", "0,0"),
    ],
)
def test_other_texts_are_kept_to_the_last_blank(project: Project, column: str, text: str) -> None:
    assert kept(project, "text", column, text) == text


def test_names_are_lower_case(project: Project) -> None:
    rows = [field("Record_ID", "Form_1"), field("AGE", "form_1")]
    sent(project, "metadata", rows)
    found = [(row["field_name"], row["form_name"]) for row in project.rows("metadata")]
    assert found == [("record_id", "form_1"), ("age", "form_1")]
