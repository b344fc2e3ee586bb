from dataclasses import replace

import pytest

from redcap_iac.findings import Findings, Position
from redcap_iac.kinds.dictionary import KIND
from redcap_iac.kinds.dictionary.field import CHOICES, VALIDATION, Field
from redcap_iac.state import State
from tests.kinds.dictionary.drafting import a_field, checked, found, radio


def findings_of(*fields: Field) -> list[str]:
    findings = Findings()
    KIND.check(State({KIND.name: fields}), findings)
    return [finding.code for finding in findings.all()]


def test_a_sound_dictionary_has_no_findings() -> None:
    assert (
        checked(
            a_field("age", branching_logic="[sex] = '1' and [visit_complete] = '2'"),
            radio("sex", "1, Female | 2, Male"),
            a_field("bmi", field_type="calc", **{CHOICES: "[age] * 2"}),
        )
        == ()
    )


def test_a_dictionary_that_is_not_managed_is_not_looked_at() -> None:
    findings = Findings()
    KIND.check(State({}), findings)
    assert findings.all() == ()


def test_a_dictionary_without_fields_is_an_error() -> None:
    assert findings_of() == ["M200"]


def test_a_name_is_used_once_in_a_project() -> None:
    twice = Field("age", "other", field_type="text", at=Position("b.csv", 9))
    first = Field("age", "visit", field_type="text", at=Position("a.csv", 2))
    (finding,) = checked(first, twice)
    assert (finding.code, finding.position) == ("M201", Position("b.csv", 9))
    assert "a.csv:2" in finding.message


def test_a_name_with_capitals_is_an_error_that_shows_the_name_to_use() -> None:
    (finding,) = checked(a_field("Date of Birth"))
    assert finding.code == "M202"
    assert finding.advice.endswith("For example: date_of_birth")


def test_a_name_begins_with_a_letter() -> None:
    assert found(a_field("1st_field")) == [("M202", "error")]


@pytest.mark.parametrize(
    ("word", "codes"), [("signature", []), ("enhanced_signature", []), ("autocomplete", ["M216"])]
)
def test_a_file_is_a_signature_or_an_enhanced_one(word: str, codes: list[str]) -> None:
    field = a_field("signed", field_type="file", **{VALIDATION: word})
    assert [finding.code for finding in checked(field)] == codes


def test_a_field_has_a_name() -> None:
    assert found(a_field("")) == [("M202", "error")]


def test_an_instrument_has_a_name_like_a_field() -> None:
    assert found(a_field("age", "Visit 1")) == [("M202", "error")]


def test_a_field_belongs_to_an_instrument() -> None:
    assert found(a_field("age", "")) == [("M203", "error")]


def test_fields_of_an_instrument_stand_together() -> None:
    (finding,) = checked(a_field("b", "other"), a_field("c", "visit"), a_field("d", "visit"))
    assert (finding.code, finding.address) == ("M204", "field/c")


def test_an_unknown_type_is_suggested_the_nearest() -> None:
    (finding,) = checked(a_field(field_type="chekbox"))
    assert (finding.code, finding.advice) == ("M205", "Did you mean `checkbox`?")


def test_a_type_of_project_files_is_suggested_its_name_here() -> None:
    (finding,) = checked(a_field(field_type="select"))
    assert finding.advice == "Did you mean `dropdown`?"


def test_a_field_has_a_type() -> None:
    assert found(a_field(field_type="")) == [("M205", "error")]


def test_the_first_field_is_text() -> None:
    assert findings_of(a_field("record_id", field_type="notes")) == ["M206"]


def test_lists_have_choices() -> None:
    assert found(radio("a", " "), radio("b", "", field_type="checkbox")) == [
        ("M207", "error"),
        ("M207", "error"),
    ]


def test_a_code_is_used_once_in_a_list() -> None:
    (finding,) = checked(radio("sex", "1, Female | 2, Male | 1, Other"))
    assert finding.code == "M208"
    assert '"Female" and "Other"' in finding.message


def test_a_choice_without_a_code_is_unusual() -> None:
    assert found(radio("sex", ", Female | 2, Male")) == [("M217", "warning")]


def test_choices_of_a_yes_no_field_are_unusual() -> None:
    assert found(a_field(field_type="yesno", **{CHOICES: "1, Oui"})) == [("M217", "warning")]


def test_a_calculation_is_not_empty() -> None:
    assert found(a_field(field_type="calc")) == [("M215", "error")]


def test_rows_of_a_matrix_stand_together() -> None:
    row = {"matrix_group_name": "m"}
    assert found(radio("a", "1, A", **row), a_field("b"), radio("c", "1, A", **row)) == [
        ("M209", "error")
    ]


def test_rows_of_a_matrix_stand_on_one_instrument() -> None:
    one = radio("a", "1, A", matrix_group_name="m")
    other = radio("b", "1, A", matrix_group_name="m", form_name="other")
    assert found(one, other) == [("M209", "error")]


def test_rows_of_a_matrix_have_one_type() -> None:
    one = radio("a", "1, A", matrix_group_name="m")
    other = radio("b", "1, A", matrix_group_name="m", field_type="checkbox")
    assert found(one, other) == [("M209", "error")]


def test_rows_of_a_matrix_have_the_same_choices() -> None:
    one = radio("a", "1, A | 2, B", matrix_group_name="m")
    other = radio("b", "1, A | 3, B", matrix_group_name="m")
    assert found(one, other) == [("M209", "error")]


def test_rows_of_a_matrix_may_space_their_choices_differently() -> None:
    one = radio("a", "1, A | 2, B", matrix_group_name="m")
    assert checked(one, radio("b", "1,A|2,B", matrix_group_name="m")) == ()


def test_a_matrix_has_rows_of_choices() -> None:
    assert found(a_field(matrix_group_name="m")) == [("M209", "error")]


def test_only_radio_buttons_are_ranked() -> None:
    row = radio("a", "1, A", field_type="checkbox", matrix_group_name="m", matrix_ranking="y")
    assert found(row) == [("M209", "error")]


def test_names_of_export_columns_are_reserved() -> None:
    assert found(a_field("redcap_event_name")) == [("M210", "error")]


def test_the_status_of_an_instrument_is_not_declared() -> None:
    assert found(a_field("visit_complete")) == [("M210", "error")]


def test_a_name_like_a_status_is_fine_where_no_instrument_has_it() -> None:
    assert checked(a_field("other_complete")) == ()


def test_names_have_at_most_100_characters() -> None:
    assert found(a_field("a" * 100)) == []
    assert found(a_field("a" * 101)) == [("M211", "error")]
    assert found(a_field("a", "f" * 101)) == [("M211", "error")]


def test_branching_logic_names_fields_that_are_there() -> None:
    (finding,) = checked(a_field("age", branching_logic="[sexx] = '1'"), radio("sex", "1, A"))
    assert (finding.code, str(finding.severity)) == ("M212", "error")
    assert finding.advice == "Did you mean `sex`?"


def test_references_disregard_case() -> None:
    assert checked(a_field("age", branching_logic="[AGE] = '1'")) == ()


def test_events_and_smart_variables_are_no_fields() -> None:
    logic = "[baseline_arm_1][age] = '1' and [user-role-name] = 'x' and [age][last-instance] = 1"
    assert checked(a_field("age", branching_logic=logic)) == ()


def test_a_calculation_names_fields_that_are_there() -> None:
    field = a_field("bmi", field_type="calc", **{CHOICES: "[weight] / 2"})
    assert found(field) == [("M213", "error")]


def test_a_thousand_unknown_names_are_found_in_no_time() -> None:
    fields = [a_field(f"field_{n}", branching_logic=f"[feild_{n}] = 1") for n in range(1000)]
    findings = checked(*fields)
    assert [finding.code for finding in findings] == ["M212"] * 1000
    assert sum(bool(finding.advice) for finding in findings) == 20


def test_logic_that_cannot_be_read_is_only_a_warning() -> None:
    assert found(a_field("age", branching_logic="[age] = = 1")) == [("M214", "warning")]


def test_a_validation_of_the_site_is_only_a_warning() -> None:
    assert found(a_field(text_validation_type_or_show_slider_number="dk_cpr")) == [
        ("M216", "warning")
    ]


def test_a_validation_on_notes_is_only_a_warning() -> None:
    field = a_field(field_type="notes", text_validation_type_or_show_slider_number="number")
    assert found(field) == [("M216", "warning")]


def test_words_of_other_types_are_no_validations() -> None:
    words = {"slider": "number", "file": "signature", "sql": "autocomplete"}
    fields = [
        a_field(type_name, field_type=type_name, text_validation_type_or_show_slider_number=word)
        for type_name, word in words.items()
    ]
    assert checked(*fields) == ()


def limited(validation: str, low: str) -> list[tuple[str, str]]:
    return found(
        a_field(text_validation_type_or_show_slider_number=validation, text_validation_min=low)
    )


def test_limits_of_dates_are_dates_as_stored() -> None:
    assert limited("date_mdy", "1900-01-01") == []
    assert limited("datetime_seconds_dmy", "2020-1-31 12:00:00") == []
    assert limited("date_mdy", "9/30/20") == [("M216", "warning")]


def test_limits_may_move() -> None:
    assert limited("date_ymd", "today") == limited("number", "[height]") == []


def test_limits_of_numbers_are_numbers() -> None:
    assert limited("number", "-0.5") == limited("number_1dp_comma_decimal", "0,0") == []
    assert limited("integer", "zero") == [("M216", "warning")]


def test_limits_without_a_validation_are_unusual() -> None:
    assert limited("", "5") == [("M216", "warning")]


def test_a_flag_is_y_or_nothing() -> None:
    assert found(a_field(identifier="Y", required_field="y")) == []
    assert found(a_field(identifier="yes")) == [("M219", "error")]


def test_an_unknown_alignment_is_unusual() -> None:
    assert found(a_field(custom_alignment="RX")) == [("M218", "warning")]


def hinted(renamed_from: str = "", recode: tuple[tuple[str, str], ...] = ()) -> list[str]:
    field = replace(radio("sex", "1, A | 2, B"), renamed_from=renamed_from, recode=recode)
    return [finding.code for finding in checked(field)]


def test_hints_that_can_be_followed_are_no_findings() -> None:
    assert hinted(renamed_from="gender", recode=(("3", "2"),)) == []


def test_a_field_is_not_renamed_from_one_that_is_still_declared() -> None:
    assert hinted(renamed_from="record_id") == ["M224"]
    assert hinted(renamed_from="sex") == ["M224"]


def test_two_fields_are_not_renamed_from_one() -> None:
    twins = [replace(a_field(name), renamed_from="old") for name in ("a", "b")]
    assert [finding.code for finding in checked(*twins)] == ["M224"]


def test_a_code_is_recoded_to_one_of_the_choices() -> None:
    assert hinted(recode=(("3", "4"),)) == ["M228"]


def test_a_code_that_stays_is_not_recoded() -> None:
    assert hinted(recode=(("1", "2"),)) == ["M228"]


def test_only_choices_are_recoded() -> None:
    field = Field("a", "visit", field_type="text", recode=(("1", "2"),))
    assert [finding.code for finding in checked(field)] == ["M228"]
