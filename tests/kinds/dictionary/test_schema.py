"""The schema lets through what the kind reads and writes, and nothing else."""

from typing import cast

import pytest
from jsonschema import Draft202012Validator

from redcap_iac.kinds.dictionary import KIND
from redcap_iac.kinds.dictionary.field import TYPES
from redcap_iac.kinds.dictionary.schema import DEFINITIONS
from redcap_iac.kinds.dictionary.typed import FLAG_KEYS, PLAIN_KEYS
from redcap_iac.kinds.kind import Draft
from redcap_iac.manifest.schema import schema
from redcap_iac.state import State
from tests.kinds.dictionary.drafting import a_field, radio


@pytest.fixture(scope="module")
def instrument() -> Draft202012Validator:
    return Draft202012Validator(schema("instrument"))


def keys(definition: str) -> set[str]:
    properties = cast("dict[str, dict[str, object]]", DEFINITIONS)[definition]["properties"]
    return set(cast("dict[str, object]", properties))


def test_every_key_of_a_field_is_read() -> None:
    cells = {"choices", "choices_from", "calculation", "slider", "sql", "ontology"}
    words = {"validation", "autocomplete", "signature"}
    hints = {"renamed_from", "recode"}
    assert keys("field") == {*PLAIN_KEYS, *FLAG_KEYS} | cells | words | hints


def test_every_type_is_offered() -> None:
    field = cast("dict[str, dict[str, dict[str, dict[str, object]]]]", DEFINITIONS)["field"]
    assert set(cast("list[str]", field["properties"]["type"]["enum"])) == TYPES


def test_what_is_described_is_valid(instrument: Draft202012Validator) -> None:
    fields = (
        a_field("record_id"),
        radio("sex", "1, A | 2, B", required_field="y", identifier="Y"),
        radio("title", "Mr. | Mrs."),
        radio("phq_1", "0, No", matrix_group_name="phq", matrix_ranking="y"),
        a_field(
            "pain",
            field_type="slider",
            select_choices_or_calculations="a |  | c",
            text_validation_type_or_show_slider_number="number",
        ),
        a_field(
            "signature",
            field_type="file",
            text_validation_type_or_show_slider_number="signature",
        ),
    )
    draft: Draft = {}
    KIND.describe(State({KIND.name: fields}), draft)
    (described,) = cast("list[object]", draft["instruments"])
    assert list(instrument.iter_errors(described)) == []


@pytest.mark.parametrize(
    "definition",
    [
        {"type": "text", "lable": "Age"},
        {"type": "tekst"},
        {"type": "text", "label": None},
        {"type": "radio", "choices": ["A", "B"]},
        {"type": "radio", "choices": {"1": None}},
        {"type": "slider", "slider": {"top": "A"}},
        {"type": "dropdown", "autocomplete": "perhaps"},
        {"type": "text", "recode": "3"},
        ["text"],
    ],
)
def test_what_nobody_reads_is_not_valid(
    instrument: Draft202012Validator, definition: object
) -> None:
    value = {"instrument": "visit", "fields": {"age": definition}}
    assert not instrument.is_valid(value)


def test_codes_and_limits_may_be_numbers(instrument: Draft202012Validator) -> None:
    definition = {"type": "text", "min": 50, "max": 2.5, "label": True}
    assert instrument.is_valid({"instrument": "visit", "fields": {"age": definition}})


def test_lists_and_hints_stand_at_the_top() -> None:
    whole = Draft202012Validator(schema("manifest"))
    sound = {
        "version": 1,
        "choice_lists": {"yes_no": {"1": "Yes"}, "sides": "1, Left | 2, Right"},
        "renamed": {"fields": {"zip": "postal"}, "instruments": {"visit": "visits"}},
    }
    assert list(whole.iter_errors(sound)) == []
    assert not whole.is_valid({**sound, "renamed": {"events": {"a": "b"}}})
