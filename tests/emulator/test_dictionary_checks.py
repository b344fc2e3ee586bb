import pytest

from tests.emulator.conftest import MakeEmulator
from tests.emulator.designing import RECORD_ID, Row, field, grant, refusal, send, sent
from tests.emulator.served import Project, new_project

CHOICES = "select_choices_or_calculations"
MISSING_VARIABLES = (
    "There are variables used in the branching logic that are not listed as real variables in"
    " column A. All variables used in branching logic must exist in column A. Below are the"
    " variables not found in column A."
)


def radio(name: str, choices: str = "1, A | 2, B", **cells: str) -> Row:
    return field(name, "form_1", "radio", **{CHOICES: choices, **cells})


def refused(project: Project, *rows: Row) -> list[str]:
    """Import rows behind the record ID field and return the lines of the refusal."""
    return refusal(send(project, "metadata", [RECORD_ID, *rows])).split("\n")


def test_an_empty_dictionary_is_refused(project: Project) -> None:
    assert refusal(send(project, "metadata", [])) == "No data were provided."
    assert len(project.rows("metadata")) == 1


def test_a_payload_of_another_format_is_refused(project: Project) -> None:
    text = refusal(project.post("metadata", "import", data="field_name,form_name"))
    assert text == "The data is not in the specified format."


def test_duplicate_names_are_refused_in_the_recorded_words(project: Project) -> None:
    text = (
        "The following variable/field names were duplicated. Please rename these field names so"
        " that they only appear once."
    )
    assert refused(project, field("age"), field("age")) == [text, "age (A4)"]


def test_names_that_differ_in_case_alone_are_duplicates(project: Project) -> None:
    assert refused(project, field("age"), field("AGE"))[1] == "age (A4)"


def test_missing_form_names_are_refused_in_the_recorded_words(project: Project) -> None:
    rows = [field(name, "") for name in ("a1", "b1", "c1")]
    assert refusal(send(project, "metadata", rows)) == (
        "Each row MUST have a form name, but the following cells have a form name missing:"
        " B2, B3, B4"
    )


def test_forms_in_pieces_are_refused_in_the_recorded_words(project: Project) -> None:
    lines = refused(project, field("a1", "vitals"), field("b1", "form_1"))
    assert lines[0].startswith(
        "Form names must be sequential and cannot repeat again after being used for another form."
        " Rename the following form names"
    )
    assert lines[0].endswith("beginning with the values listed below:")
    assert lines[1] == "form_1 (B4)"


@pytest.mark.parametrize("kind", ["Text", "textarea", "select", "sql", "", "number"])
def test_other_field_types_are_refused_in_the_recorded_words(project: Project, kind: str) -> None:
    lines = refused(project, field("age", "form_1", kind))
    assert lines[0].startswith(
        "The only valid field types are text, notes, radio, dropdown, calc, file, checkbox, yesno,"
        " truefalse, descriptive, slider and must all"
    )
    assert lines[1] == f"{kind} (D3)".strip()


def test_branching_on_an_unknown_field_is_refused_in_the_recorded_words(project: Project) -> None:
    assert refused(project, field("age", branching_logic="[record_id] <> '' and [sex] = '1'")) == [
        MISSING_VARIABLES,
        "sex (L3)",
    ]


def test_a_calculation_on_an_unknown_field_is_refused(project: Project) -> None:
    lines = refused(project, field("bmi", "form_1", "calc", **{CHOICES: "[weight] / 2"}))
    assert lines[-1] == "weight (F3)"


@pytest.mark.parametrize(
    "logic",
    [
        "[event_1_arm_1][age] > 1",
        "[previous-event-name][age] > 1",
        "[AGE] > 1",
        "[race(2)] = '1'",
        "[form_1_complete] = '2'",
        "[user-name] = 'x' and [age][last-instance] > 1",
        "$('#age').val([nothing])",
    ],
)
def test_logic_may_name_events_choices_instances_and_smart_variables(
    project: Project, logic: str
) -> None:
    race = field("race", "form_1", "checkbox", **{CHOICES: "1, A | 2, B"})
    rows = [RECORD_ID, field("age"), race, field("term", branching_logic=logic)]
    assert sent(project, "metadata", rows) == 4


def test_a_field_behind_an_event_must_exist_too(project: Project) -> None:
    assert refused(project, field("age", branching_logic="[x_arm_1][sex] = '1'"))[1] == "sex (L3)"


def test_the_record_id_field_is_text(project: Project) -> None:
    text = refusal(send(project, "metadata", [field("record_id", "form_1", "notes")]))
    assert text.endswith("record_id (D2)")


@pytest.mark.parametrize("kind", ["radio", "dropdown", "checkbox"])
def test_choices_may_not_be_missing(project: Project, kind: str) -> None:
    lines = refused(project, field("sex", "form_1", kind, **{CHOICES: " | "}))
    assert lines == ["The following multiple choice fields have no choices:", "sex (F3)"]


def test_a_calculated_field_needs_an_equation(project: Project) -> None:
    assert refused(project, field("bmi", "form_1", "calc"))[1] == "bmi (F3)"


@pytest.mark.parametrize("choices", ["1, A | 1, B", "1, A | , B", "A | A"])
def test_choice_codes_are_there_and_unique(project: Project, choices: str) -> None:
    assert refused(project, radio("sex", choices))[1] == "sex (F3)"


def test_checkbox_codes_may_not_share_a_column_of_records(project: Project) -> None:
    choices = {CHOICES: "a, One | A, Two"}
    assert refused(project, field("race", "form_1", "checkbox", **choices))[1] == "race (F3)"
    assert sent(project, "metadata", [RECORD_ID, radio("sex", choices[CHOICES])]) == 2


@pytest.mark.parametrize(
    "name",
    [
        "1st", "_age", "a b", "größe", "age_", "a__b", "a" * 101,
        "form_1_complete", "redcap_event_name",
    ],
)  # fmt: skip
def test_names_that_cannot_be_are_refused(project: Project, name: str) -> None:
    assert refused(project, field(name))[1] == f"{name} (A3)"


def test_a_name_of_100_letters_and_one_of_one_are_taken(project: Project) -> None:
    assert sent(project, "metadata", [RECORD_ID, field("a" * 100), field("q")]) == 3


def test_a_name_may_not_be_missing(project: Project) -> None:
    (line,) = refused(project, field(""), field(""))
    assert line.endswith("missing: A3, A4")


@pytest.mark.parametrize("form", ["1st_form", "my form", "f" * 101])
def test_form_names_that_cannot_be_are_refused(project: Project, form: str) -> None:
    assert refused(project, field("age", form))[1] == f"{form} (B3)"


@pytest.mark.parametrize(
    ("column", "value", "place"),
    [
        ("identifier", "yes", "K3"),
        ("required_field", "1", "M3"),
        ("custom_alignment", "left", "N3"),
        ("text_validation_type_or_show_slider_number", "Date (D-M-Y)", "H3"),
    ],
)
def test_cells_with_few_values_take_no_others(
    project: Project, column: str, value: str, place: str
) -> None:
    assert refused(project, field("age", **{column: value}))[1].endswith(f"({place})")


def matrix(name: str, group: str = "phq", **cells: str) -> Row:
    return radio(name, **{"matrix_group_name": group, **cells})


def test_a_matrix_of_adjacent_equal_radios_is_taken(project: Project) -> None:
    rows = [
        matrix("a1", section_header="Scale", matrix_ranking="y"),
        matrix("b1", matrix_ranking="y", select_choices_or_calculations="1,A|2,B"),
    ]
    assert sent(project, "metadata", [RECORD_ID, *rows]) == 3


@pytest.mark.parametrize(
    "rows",
    [
        [matrix("a1"), field("x1"), matrix("b1")],
        [matrix("a1"), matrix("b1", select_choices_or_calculations="1, A")],
        [matrix("a1"), matrix("b1", field_type="checkbox")],
        [matrix("a1"), matrix("b1", matrix_ranking="y")],
        [matrix("a1"), matrix("b1", form_name="vitals")],
    ],
    ids=["apart", "other choices", "other type", "other ranking", "other form"],
)
def test_the_fields_of_a_matrix_are_adjacent_and_alike(project: Project, rows: list[Row]) -> None:
    assert refused(project, *rows)[1] == f"b1 (P{len(rows) + 2})"


def test_a_matrix_holds_radios_and_checkboxes_only(project: Project) -> None:
    assert refused(project, field("a1", matrix_group_name="phq"))[1] == "a1 (P3)"


def test_a_matrix_name_is_of_letters_digits_and_underscores(project: Project) -> None:
    assert refused(project, matrix("a1", "the scale"))[1] == "the scale (P3)"


def test_only_matrices_of_radios_are_ranked(project: Project) -> None:
    row = matrix("a1", field_type="checkbox", matrix_ranking="y")
    assert refused(project, row)[1] == "a1 (Q3)"
    assert refused(project, radio("a1", matrix_ranking="y"))[1] == "a1 (Q3)"


def test_all_faults_are_told_in_one_text_and_nothing_changes(project: Project) -> None:
    lines = refused(project, field("age"), field("age"), radio("sex", ""), field("x1", "f 1"))
    assert [line for line in lines if line.endswith(")")] == ["age (A4)", "f 1 (B6)", "sex (F5)"]
    assert [row["field_name"] for row in project.rows("metadata")] == ["record_id"]


SITES = field("site", "form_1", "sql", **{CHOICES: "select value from sites"})


def test_sql_rows_are_for_administrators(project: Project) -> None:
    assert refused(project, SITES)[1] == "sql (D3)"
    admin = grant(project, "admin", api_import=1, design=1)
    assert sent(admin, "metadata", [RECORD_ID, SITES]) == 2
    assert project.rows("metadata")[1][CHOICES] == "select value from sites"


def test_sql_rows_are_refused_even_unchanged(project: Project) -> None:
    admin = grant(project, "admin", api_import=1, design=1)
    sent(admin, "metadata", [RECORD_ID, SITES])
    assert refused(project, SITES)[1] == "sql (D3)"


def test_sql_rows_are_refused_to_all_by_switch(make_emulator: MakeEmulator) -> None:
    project = new_project(make_emulator(sql_rows="refuse"))
    admin = grant(project, "admin", api_import=1, design=1)
    assert refused(admin, SITES)[1] == "sql (D3)"


def test_sql_rows_are_taken_from_anybody_by_switch(make_emulator: MakeEmulator) -> None:
    project = new_project(make_emulator(sql_rows="accept"))
    assert sent(project, "metadata", [RECORD_ID, SITES]) == 2
