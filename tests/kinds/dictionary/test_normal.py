"""Each rule is a row of redcap-api design, §12.4."""

from dataclasses import replace

import pytest

from redcap_iac.kinds.dictionary import KIND
from redcap_iac.kinds.dictionary.field import CHOICES, VALIDATION
from redcap_iac.kinds.dictionary.normal import collapsed
from tests.kinds.dictionary.drafting import a_field, radio


def test_aspects_are_named_and_ordered_as_people_expect() -> None:
    field = radio(
        "sex", "1, Female | 2, Male", field_label="Sex", required_field="y", identifier=""
    )
    assert KIND.normal(field) == (
        ("instrument", "visit"),
        ("type", "radio"),
        ("label", "Sex"),
        ("choices", (("1", "Female"), ("2", "Male"))),
        ("required", "yes"),
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            {"field_type": "radio", CHOICES: "1, A|2, B"},
            {"field_type": "radio", CHOICES: "1,A | 2,B"},
        ),
        (
            {"field_type": "radio", CHOICES: "Mr. | Mrs."},
            {"field_type": "radio", CHOICES: "Mr., Mr. | Mrs., Mrs."},
        ),
        ({"field_type": "yesno", CHOICES: "1, Yes | 0, No"}, {"field_type": "yesno"}),
        ({"field_type": "truefalse", CHOICES: "1, True | 0, False"}, {"field_type": "truefalse"}),
        ({"custom_alignment": "RV"}, {"custom_alignment": ""}),
        ({"identifier": "Y"}, {"identifier": "y"}),
        ({"required_field": "Y "}, {"required_field": "y"}),
        ({VALIDATION: "int"}, {VALIDATION: "integer"}),
        ({VALIDATION: "float"}, {VALIDATION: "number"}),
        ({VALIDATION: "date"}, {VALIDATION: "date_ymd"}),
        ({VALIDATION: "datetime_seconds"}, {VALIDATION: "datetime_seconds_ymd"}),
        (
            {"branching_logic": "[a] = '1'\r\n and  [b]='2'"},
            {"branching_logic": "[a] = '1' and [b]='2'"},
        ),
        (
            {"field_type": "calc", CHOICES: "sum([a],\n[b])"},
            {"field_type": "calc", CHOICES: "sum([a], [b])"},
        ),
        ({"field_label": "one\r\ntwo"}, {"field_label": "one\ntwo"}),
        ({"section_header": "  "}, {"section_header": " "}),
        (
            {"field_type": "slider", CHOICES: "a|b|c"},
            {"field_type": "slider", CHOICES: "a | b | c"},
        ),
    ],
)
def test_what_the_server_may_change_is_no_difference(
    one: dict[str, str], other: dict[str, str]
) -> None:
    assert KIND.normal(a_field(**one)) == KIND.normal(a_field(**other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            {"field_type": "radio", CHOICES: "1, A|2, B"},
            {"field_type": "radio", CHOICES: "2, B|1, A"},
        ),
        ({"field_label": "Age "}, {"field_label": "Age"}),
        ({"field_annotation": " @HIDDEN"}, {"field_annotation": "@HIDDEN"}),
        ({"section_header": " "}, {"section_header": ""}),
        ({"text_validation_min": "0.0"}, {"text_validation_min": "0"}),
        ({"branching_logic": "[a] = 'x  y'"}, {"branching_logic": "[a] = 'x y'"}),
        ({"custom_alignment": "RH"}, {"custom_alignment": ""}),
        ({"identifier": "y"}, {"identifier": ""}),
        ({VALIDATION: "date_mdy"}, {VALIDATION: "date_ymd"}),
        ({"field_type": "slider", VALIDATION: "number"}, {"field_type": "slider"}),
        ({"field_type": "notes", CHOICES: "x"}, {"field_type": "notes"}),
    ],
)
def test_everything_else_is_a_difference(one: dict[str, str], other: dict[str, str]) -> None:
    assert KIND.normal(a_field(**one)) != KIND.normal(a_field(**other))


@pytest.mark.parametrize(
    ("columns", "aspect"),
    [
        ({"field_type": "calc", CHOICES: "[a]*2"}, ("calculation", "[a]*2")),
        ({"field_type": "sql", CHOICES: "select 1"}, ("sql", "select 1")),
        ({"field_type": "text", CHOICES: "BIOPORTAL:ICD10"}, ("ontology", "BIOPORTAL:ICD10")),
        (
            {"field_type": "slider", CHOICES: "a |  | c"},
            ("slider labels", (("left", "a"), ("right", "c"))),
        ),
        ({"field_type": "slider", VALIDATION: "number"}, ("show number", "yes")),
        ({"field_type": "file", VALIDATION: "signature"}, ("signature", "yes")),
        ({"field_type": "dropdown", VALIDATION: "autocomplete"}, ("autocomplete", "yes")),
        ({"field_type": "text", VALIDATION: "email"}, ("validation", "email")),
    ],
)
def test_columns_of_many_meanings_are_called_by_the_one_of_the_type(
    columns: dict[str, str], aspect: tuple[str, object]
) -> None:
    assert aspect in KIND.normal(a_field(**columns))


def test_columns_that_mean_the_same_keep_the_live_text() -> None:
    live = radio("sex", "1, A|2, B", custom_alignment="RV", field_label="Sex")
    declared = radio("sex", "1, A | 2, B", field_label="Gender")
    assert KIND.merge(live, declared) == radio(
        "sex", "1, A|2, B", custom_alignment="RV", field_label="Gender"
    )


def test_merging_keeps_the_hints_of_the_manifest() -> None:
    live, declared = a_field(field_label="A"), a_field(field_label="B")
    hinted = replace(declared, renamed_from="years", recode=(("3", "2"),))
    merged = KIND.merge(live, hinted)
    assert (merged.renamed_from, merged.recode) == ("years", (("3", "2"),))


def test_a_new_type_takes_over_no_text_of_the_old_one() -> None:
    live = a_field(field_type="yesno", **{CHOICES: "1, Yes | 0, No"})
    assert KIND.merge(live, a_field(field_type="truefalse")) == a_field(field_type="truefalse")


@pytest.mark.parametrize(
    "logic", ["[a] = 'two  blanks'", '[a] = "line\nbreak"', "[a] = 'open  quote", "[a]='it''s'"]
)
def test_white_space_inside_quotes_stays(logic: str) -> None:
    assert collapsed(logic) == logic


def test_a_comment_keeps_its_line() -> None:
    assert collapsed("[a]  = '1' // no\n and [b]") == "[a] = '1' // no\n and [b]"
