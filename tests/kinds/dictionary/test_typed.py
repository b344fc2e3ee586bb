import pytest

from redcap_iac.findings import Findings
from redcap_iac.kinds.dictionary import KIND
from redcap_iac.kinds.dictionary.field import CHOICES, VALIDATION
from tests.kinds.dictionary.drafting import a_field, declared, declared_field, problems, source


def test_without_instruments_the_dictionary_is_not_managed() -> None:
    assert KIND.declare(source(None), Findings()) is None


def test_no_instruments_at_all_is_an_empty_dictionary() -> None:
    assert KIND.declare(source([]), Findings()) == ()


@pytest.mark.parametrize(
    ("definition", "columns"),
    [
        ({"label": "Age"}, {"field_label": "Age"}),
        ({"section": " "}, {"section_header": " "}),
        ({"note": "in years"}, {"field_note": "in years"}),
        ({"validation": "number", "min": "50", "max": "[height]"},
         {VALIDATION: "number", "text_validation_min": "50", "text_validation_max": "[height]"}),
        ({"identifier": True, "required": False}, {"identifier": "y"}),
        ({"required": "Y"}, {"required_field": "Y"}),
        ({"branching": "[sex] = '1'"}, {"branching_logic": "[sex] = '1'"}),
        ({"annotation": " @HIDDEN"}, {"field_annotation": " @HIDDEN"}),
        ({"alignment": "RH", "question_number": "1a"},
         {"custom_alignment": "RH", "question_number": "1a"}),
        ({"ontology": "BIOPORTAL:ICD10"}, {CHOICES: "BIOPORTAL:ICD10"}),
        ({"type": "radio", "choices": {"01": "Female", "2": "Male"}},
         {"field_type": "radio", CHOICES: "01, Female | 2, Male"}),
        ({"type": "radio", "choices": "1, Left|2, Right "},
         {"field_type": "radio", CHOICES: "1, Left|2, Right "}),
        ({"type": "yesno", "choices": "1, Oui | 0, Non"},
         {"field_type": "yesno", CHOICES: "1, Oui | 0, Non"}),
        ({"type": "calc", "calculation": "[a]*2"}, {"field_type": "calc", CHOICES: "[a]*2"}),
        ({"type": "sql", "sql": "select 1"}, {"field_type": "sql", CHOICES: "select 1"}),
        ({"type": "file", "signature": True}, {"field_type": "file", VALIDATION: "signature"}),
        ({"type": "dropdown", "choices": {"a": ""}, "autocomplete": True},
         {"field_type": "dropdown", CHOICES: "a,", VALIDATION: "autocomplete"}),
        ({"type": "dropdown", "choices": {"a": "A"}, "autocomplete": False},
         {"field_type": "dropdown", CHOICES: "a, A"}),
        ({"type": "slider", "slider": {"left": "none", "right": "worst", "show_number": True}},
         {"field_type": "slider", CHOICES: "none |  | worst", VALIDATION: "number"}),
        ({"type": "slider", "slider": {"show_number": False}}, {"field_type": "slider"}),
    ],
)  # fmt: skip
def test_a_key_fills_its_column(definition: dict[str, object], columns: dict[str, str]) -> None:
    assert declared_field({"type": "text", **definition}) == a_field(**columns)


def test_a_null_is_an_empty_column() -> None:
    assert declared_field({"type": "text", "note": None, "identifier": None}) == a_field()


def test_a_shared_list_of_choices_is_copied() -> None:
    lists = {"choice_lists": {"yes_no": {"1": "Yes", "0": "No"}}}
    field = declared_field({"type": "radio", "choices_from": "yes_no"}, lists)
    assert field.select_choices_or_calculations == "1, Yes | 0, No"


def test_a_shared_list_may_be_text() -> None:
    lists = {"choice_lists": {"sides": "1, Left|2, Right"}}
    field = declared_field({"type": "radio", "choices_from": "sides"}, lists)
    assert field.select_choices_or_calculations == "1, Left|2, Right"


def test_an_unknown_list_is_an_error_with_the_nearest_name() -> None:
    _, (finding,) = declared(
        [{"instrument": "visit", "fields": {"a": {"type": "radio", "choices_from": "yes_on"}}}],
        {"choice_lists": {"yes_no": {"1": "Yes"}}},
    )
    assert (finding.code, finding.advice) == ("M220", "Did you mean `yes_no`?")
    assert finding.address == "field/a"
    assert finding.position is not None


@pytest.mark.parametrize(
    ("definition", "code"),
    [
        ({"type": "radio", "choices": {"1": "A"}, "choices_from": "yes_no"}, "M222"),
        ({"type": "calc", "calculation": "1", "choices": "2"}, "M222"),
        ({"type": "sql", "autocomplete": True, "validation": "x"}, "M222"),
        ({"type": "text", "choices": {"1": "A"}}, "M227"),
        ({"type": "radio", "calculation": "[a]"}, "M227"),
        ({"type": "text", "slider": {"left": "a"}}, "M227"),
        ({"type": "radio", "choices": {"1": "A"}, "signature": True}, "M227"),
        ({"type": "radio", "choices": {"1": "A|B"}}, "M225"),
        ({"type": "radio", "choices": {"1": "A\nB"}}, "M225"),
        ({"type": "radio", "choices": {"1,5": "A"}}, "M225"),
        ({"type": "slider", "slider": {"left": "a|b"}}, "M225"),
        ({"type": "radio", "matrix": "phq"}, "M221"),
    ],
)  # fmt: skip
def test_what_contradicts_itself_is_one_error(definition: dict[str, object], code: str) -> None:
    assert problems(definition, {"choice_lists": {"yes_no": {"1": "Yes"}}}) == [code]


PHQ = {
    "instrument": "mood",
    "matrices": {
        "phq": {"type": "radio", "choices": {"0": "Never"}, "section": "Weeks", "ranking": True}
    },
    "fields": {
        "phq_1": {"matrix": "phq", "label": "Interest"},
        "phq_2": {"matrix": "phq", "label": "Mood"},
    },
}


def test_rows_of_a_matrix_take_over_what_it_says() -> None:
    fields, findings = declared([PHQ])
    assert findings == ()
    assert [field.field_type for field in fields] == ["radio", "radio"]
    assert [field.select_choices_or_calculations for field in fields] == ["0, Never", "0, Never"]
    assert [field.matrix_ranking for field in fields] == ["y", "y"]


def test_the_section_of_a_matrix_stands_above_its_first_row() -> None:
    fields, _ = declared([PHQ])
    assert [field.section_header for field in fields] == ["Weeks", ""]


def test_what_a_row_says_itself_goes_before_its_matrix() -> None:
    rows = {"phq_1": {"matrix": "phq", "type": "checkbox", "choices_from": "often"}}
    (field,), findings = declared(
        [{**PHQ, "fields": rows}], {"choice_lists": {"often": {"1": "Often"}}}
    )
    assert findings == ()
    assert (field.field_type, field.select_choices_or_calculations) == ("checkbox", "1, Often")


def test_what_is_wrong_with_a_shared_list_is_said_once() -> None:
    rows = {name: {"type": "radio", "choices_from": "bad"} for name in ("a", "b", "c")}
    _, findings = declared(
        [{"instrument": "visit", "fields": rows}], {"choice_lists": {"bad": {"1": "A|B"}}}
    )
    assert [finding.code for finding in findings] == ["M225"]


def test_an_undefined_matrix_is_suggested_the_nearest_name() -> None:
    _, (finding,) = declared([{**PHQ, "fields": {"a": {"matrix": "pqh", "label": "A"}}}])
    assert finding.advice == "Did you mean `phq`?"


def test_an_instrument_without_fields_adds_none() -> None:
    assert declared([{"instrument": "visit", "fields": {}}]) == ((), ())


def test_fields_of_csv_files_are_taken_as_they_are_in_their_place() -> None:
    fields, _ = declared(
        [
            {"instrument": "one", "fields": {"a": {"type": "text"}}},
            (a_field("b", "two"),),
            {"instrument": "three", "fields": {"c": {"type": "text"}}},
        ]
    )
    assert [(field.form_name, field.field_name) for field in fields] == [
        ("one", "a"),
        ("two", "b"),
        ("three", "c"),
    ]


def test_hints_stay_with_the_field() -> None:
    field = declared_field(
        {"type": "radio", "choices": {"2": "B"}, "renamed_from": "old", "recode": {"3": "2"}}
    )
    assert (field.renamed_from, field.recode) == ("old", (("3", "2"),))


def test_hints_for_csv_files_stand_at_the_top() -> None:
    (field,), findings = declared([(a_field("zip"),)], {"renamed": {"fields": {"zip": "postal"}}})
    assert (field.renamed_from, findings) == ("postal", ())


def test_a_hint_for_an_undeclared_field_is_an_error() -> None:
    _, (finding,) = declared([(a_field("zip"),)], {"renamed": {"fields": {"zap": "postal"}}})
    assert (finding.code, finding.advice) == ("M224", "Did you mean `zip`?")


def test_every_column_knows_where_it_stands() -> None:
    (field,), _ = declared(
        [{"instrument": "visit", "fields": {"a": {"type": "text", "label": "A", "note": "n"}}}]
    )
    note, label = field.place("field_note"), field.place("field_label")
    assert note is not None
    assert label is not None
    assert note.line > label.line
