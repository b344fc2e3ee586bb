from __future__ import annotations

import pytest

from redcap_iac.design import Design
from redcap_iac.design.vocabulary import DesignVocabulary
from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.kinds.project import Setting
from redcap_iac.logic import Reference
from redcap_iac.logic.types import Sort, Type
from redcap_iac.state import State
from tests.design.building import design_of

FIELDS = """
    fields:
      sex: {type: radio, label: L, choices: {1: Male, 2: Female}}
      yn: {type: yesno, label: L}
      drugs: {type: checkbox, label: L, choices: {1: Aspirin, 2: Other}}
      age: {type: text, validation: integer, min: "18", max: "99", label: L}
      kept: {type: text, validation: number, max: "9", label: L, annotation: "@FORCE-MINMAX"}
      comma: {type: text, validation: number_1dp_comma_decimal, label: L}
      seen: {type: text, validation: date_mdy, label: L}
      came: {type: text, validation: datetime_dmy, label: L}
      came2: {type: text, validation: datetime_seconds_ymd, label: L}
      at: {type: text, validation: time, label: L}
      mail: {type: text, validation: email, label: L}
      free: {type: text, label: L}
      words: {type: text, label: L, annotation: "@CALCTEXT('x')"}
      notes: {type: notes, label: L}
      sum: {type: calc, label: L, calculation: "1 + 1"}
      sl: {type: slider, label: L}
      zero: {type: slider, label: L, min: "-10", max: "0"}
      scan: {type: file, label: L}
      hint: {type: descriptive, label: L}
"""


@pytest.fixture(scope="module")
def words() -> DesignVocabulary:
    return DesignVocabulary(design_of(FIELDS))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("sex", Type(Sort.CHOICE, (("1", "Male"), ("2", "Female")))),
        ("SEX", Type(Sort.CHOICE, (("1", "Male"), ("2", "Female")))),
        ("yn", Type(Sort.CHOICE, (("1", "Yes"), ("0", "No")))),
        ("drugs", Type(Sort.CHECKBOX, (("1", "Aspirin"), ("2", "Other")))),
        ("age", Type(Sort.NUMBER, is_whole=True, minimum=18, maximum=99)),
        ("kept", Type(Sort.NUMBER, maximum=9, are_hard=True)),
        ("comma", Type(Sort.NUMBER)),
        ("seen", Type(Sort.DATE, order="mdy")),
        ("came", Type(Sort.DATETIME, order="dmy")),
        ("came2", Type(Sort.DATETIME, order="ymd")),
        ("at", Type(Sort.TIME)),
        ("mail", Type(Sort.UNKNOWN)),
        ("free", Type(Sort.TEXT, is_free=True)),
        ("words", Type(Sort.UNKNOWN)),
        ("notes", Type(Sort.TEXT, is_free=True)),
        ("sum", Type(Sort.NUMBER)),
        ("sl", Type(Sort.NUMBER, is_whole=True, minimum=0, maximum=100, are_hard=True)),
        ("zero", Type(Sort.NUMBER, is_whole=True, minimum=-10, maximum=0, are_hard=True)),
        ("scan", Type(Sort.FILE)),
        ("hint", Type(Sort.NOTHING)),
        (
            "form_complete",
            Type(Sort.CHOICE, (("0", "Incomplete"), ("1", "Unverified"), ("2", "Complete"))),
        ),
        ("nobody", Type(Sort.UNKNOWN)),
    ],
)
def test_every_field_is_of_a_type(words: DesignVocabulary, name: str, expected: Type) -> None:
    assert words.type_of(Reference(name)) == expected


def test_a_choice_of_a_checkbox_is_ticked_or_not(words: DesignVocabulary) -> None:
    assert words.type_of(Reference("drugs", code="2")).sort is Sort.CHECKED


def test_a_code_behind_another_field_changes_nothing(words: DesignVocabulary) -> None:
    assert words.type_of(Reference("sex", code="2")).sort is Sort.CHOICE


def test_missing_data_codes_are_those_of_the_project() -> None:
    field = Field.of({"field_name": "record_id", "form_name": "form", "field_type": "text"})
    setting = Setting("missing_data_codes", "-99, Unknown | UNK , Refused")
    design = Design(State({"fields": (field,), "project": (setting,)}))
    assert DesignVocabulary(design).missing_codes == {"-99", "UNK"}


def test_missing_data_codes_may_be_told_beside() -> None:
    field = Field.of({"field_name": "record_id", "form_name": "form", "field_type": "text"})
    design = Design(State({"fields": (field,)}))
    assert DesignVocabulary(design, ("UNK",)).missing_codes == {"UNK"}


def test_without_the_setting_there_are_none(words: DesignVocabulary) -> None:
    assert words.missing_codes == frozenset()
