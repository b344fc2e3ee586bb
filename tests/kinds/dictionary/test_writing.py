"""What is described is declared again as it was; only spacing of choices may change (§12.4)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import cast

from hypothesis import given
from hypothesis import strategies as st

from redcap_iac.kinds.dictionary import KIND
from redcap_iac.kinds.dictionary.field import (
    CHOICE_TYPES,
    CHOICES,
    COLUMNS,
    TYPES,
    VALIDATION,
    Field,
)
from redcap_iac.kinds.kind import Draft
from redcap_iac.state import State
from tests.kinds.dictionary.drafting import a_field, declared, radio


def described(*fields: Field) -> list[dict[str, object]]:
    draft: Draft = {}
    KIND.describe(State({KIND.name: fields}), draft)
    return cast("list[dict[str, object]]", draft["instruments"])


def definition(field: Field) -> Mapping[str, object]:
    (instrument,) = described(field)
    fields = cast("Mapping[str, Mapping[str, object]]", instrument["fields"])
    return fields[field.field_name]


def test_choices_are_written_as_a_map() -> None:
    assert definition(radio("sex", "1, Female|2, Male"))["choices"] == {"1": "Female", "2": "Male"}


def test_choices_a_map_cannot_hold_are_written_as_text() -> None:
    for text in ("1, A | 1, B", "Mr. | Mrs.", "1, A | ", "1, two\nlines", ", no code"):
        assert definition(radio("sex", text))["choices"] == text


def test_choices_of_other_types_are_written_as_text() -> None:
    field = a_field(field_type="yesno", **{CHOICES: "1, Yes | 0, No"})
    assert definition(field)["choices"] == "1, Yes | 0, No"


def test_a_flag_is_written_as_a_flag() -> None:
    assert definition(a_field(identifier="y", required_field="Y")) == {
        "type": "text",
        "label": "",
        "identifier": True,
        "required": "Y",
    }


def test_a_slider_is_one_map() -> None:
    field = a_field(field_type="slider", **{CHOICES: "0 |  | 100", VALIDATION: "number"})
    assert definition(field)["slider"] == {"left": "0", "right": "100", "show_number": True}


def test_slider_labels_in_another_spacing_are_written_as_text() -> None:
    field = a_field(field_type="slider", **{CHOICES: "a|b|c"})
    assert definition(field)["choices"] == "a|b|c"


def test_what_rows_of_a_matrix_share_is_written_once() -> None:
    rows = [
        radio(name, "0, No | 1, Yes", matrix_group_name="phq", section_header=section)
        for name, section in (("phq_1", "Weeks"), ("phq_2", ""))
    ]
    assert described(*rows) == [
        {
            "instrument": "visit",
            "matrices": {
                "phq": {"type": "radio", "choices": {"0": "No", "1": "Yes"}, "section": "Weeks"}
            },
            "fields": {
                "phq_1": {"matrix": "phq", "label": ""},
                "phq_2": {"matrix": "phq", "label": ""},
            },
        }
    ]


def test_what_rows_of_a_matrix_do_not_share_stays_with_them() -> None:
    rows = [
        radio("phq_1", "0, No | 1, Yes", matrix_group_name="phq"),
        radio("phq_2", "1, Yes | 0, No", matrix_group_name="phq", section_header="Later"),
    ]
    (instrument,) = described(*rows)
    assert instrument["matrices"] == {"phq": {"type": "radio"}}
    assert declared([instrument]) == (tuple(rows), ())


TEXT = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["", " ", "y", "Y", "true", "null", "no", "01", "number", "signature", "autocomplete", "x-",
         "1, A | 2, B", "1,A|2,B", "Mr. | Mrs.", "a |  | c", "1, A | 1, B", "BIOPORTAL:ICD10",
         "1, A\r\n | 2, B", " 1 , A , B |2,", ", A", "|", "<<", "tab\there", "\u2028 \ufeff\x85"]
    ),
)  # fmt: skip
TYPE = st.one_of(st.sampled_from([*sorted(TYPES)]), TEXT)


@st.composite
def dictionaries(draw: st.DrawFn) -> tuple[Field, ...]:
    """Any dictionary with one field of a name and instruments in one piece."""
    names = draw(st.lists(st.text(min_size=1, max_size=8), min_size=1, max_size=6, unique=True))
    forms = draw(st.lists(st.text(min_size=1, max_size=8), min_size=1, max_size=3, unique=True))
    per_form = sorted(draw(st.sampled_from(range(len(forms)))) for _ in names)
    fields = []
    for name, form in zip(names, per_form, strict=True):
        row = {column: draw(TEXT) for column in COLUMNS[2:]}
        row["field_type"] = draw(TYPE)
        row["matrix_group_name"] = draw(st.sampled_from(["", "", "m", "n"]))
        fields.append(Field.of({**row, "field_name": name, "form_name": forms[form]}))
    return tuple(fields)


@given(dictionaries())
def test_any_dictionary_comes_back_from_its_manifest(fields: tuple[Field, ...]) -> None:
    again, findings = declared(described(*fields))
    assert findings == ()
    assert [KIND.normal(field) for field in again] == [KIND.normal(field) for field in fields]
    assert [exactly(field) for field in again] == [exactly(field) for field in fields]


def exactly(field: Field) -> Field:
    """Leave out the choices of a list: only their spacing may change, which `normal` says."""
    return (
        replace(field, select_choices_or_calculations="")
        if field.field_type in CHOICE_TYPES
        else field
    )
