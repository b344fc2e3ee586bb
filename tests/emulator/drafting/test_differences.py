"""What REDCap's reviewer is shown, change by change (production rules §3.2)."""

from __future__ import annotations

import pytest

from redcap_iac.emulator.drafting.differences import (
    FIELD_DELETED,
    LABEL_MISMATCH,
    MIGHT_BE_LOST,
    WILL_BE_LOST,
)
from tests.emulator.conftest import MakeEmulator
from tests.emulator.designing import RECORD_ID, Row, field, put
from tests.emulator.drafting.production import (
    CHOICES,
    FIELDS,
    PAIN,
    SYMPTOMS,
    WEIGHT,
    drafted,
    in_production,
    only_change,
    summary,
)
from tests.emulator.served import Project, new_project


@pytest.fixture
def live(project: Project) -> Project:
    return in_production(project)


def with_pain(**cells: str) -> list[Row]:
    return [RECORD_ID, {**PAIN, **cells}, SYMPTOMS, WEIGHT]


def with_symptoms(**cells: str) -> list[Row]:
    return [RECORD_ID, PAIN, {**SYMPTOMS, **cells}, WEIGHT]


def test_the_words_of_the_flags_are_redcaps() -> None:
    assert (LABEL_MISMATCH, MIGHT_BE_LOST, WILL_BE_LOST) == (
        "Possible label mismatch because of label changes",
        "Data MIGHT be lost due to deleted choice(s)",
        "Data WILL be lost",
    )


def test_a_new_field_is_not_critical(live: Project) -> None:
    change = only_change(live, [*FIELDS, field("height")])
    assert (change.what, change.flags, change.critical) == ("added", (), False)


def test_a_deleted_field_is_critical_and_counts_its_records(live: Project) -> None:
    for record in ("1", "2"):
        put(live, record, "weight", "70")
    change = only_change(live, [RECORD_ID, PAIN, SYMPTOMS])
    assert (change.what, change.flags, change.records) == ("deleted", (FIELD_DELETED,), 2)
    assert change.critical


def test_a_removed_radio_choice_might_lose_data(live: Project) -> None:
    put(live, "1", "pain", "100")
    change = only_change(live, with_pain(**{CHOICES: "9, None | 99, Refused"}))
    assert (change.flags, change.critical) == ((MIGHT_BE_LOST,), True)
    assert [(code.code, code.what, code.records) for code in change.codes] == [
        ("100", "Removed", 1)
    ]


def test_a_removed_checkbox_choice_will_lose_data(live: Project) -> None:
    put(live, "1", "symptoms", "2")
    change = only_change(live, with_symptoms(**{CHOICES: "1, Cough"}))
    assert (change.flags, change.critical) == ((WILL_BE_LOST,), True)
    assert [(code.code, code.records) for code in change.codes] == [("2", 1)]


def test_another_label_for_a_code_is_a_possible_mismatch(live: Project) -> None:
    put(live, "1", "pain", "100")
    change = only_change(live, with_pain(**{CHOICES: "9, None | 100, Much | 99, Refused"}))
    assert (change.flags, change.critical) == ((LABEL_MISMATCH,), True)
    (code,) = change.codes
    assert (code.code, code.what, code.label_before, code.label_after, code.records) == (
        "100",
        "Altered",
        "Some",
        "Much",
        1,
    )


def test_a_label_moved_to_a_new_code_carries_both_flags_and_counts(live: Project) -> None:
    for record in "12345678":
        put(live, record, "pain", "100")
    change = only_change(live, with_pain(**{CHOICES: "9, None | 101, Some | 99, Refused"}))
    assert set(change.flags) == {LABEL_MISMATCH, MIGHT_BE_LOST}
    assert [(code.code, code.what, code.records) for code in change.codes] == [
        ("100", "Removed", 8),
        ("101", "Altered", 0),
    ]


def test_labels_that_change_places_are_both_altered(live: Project) -> None:
    change = only_change(live, with_pain(**{CHOICES: "9, Some | 100, None | 99, Refused"}))
    assert change.flags == (LABEL_MISMATCH,)
    assert [code.code for code in change.codes] == ["9", "100"]


def test_an_added_choice_is_a_modification_without_a_flag(live: Project) -> None:
    more = "9, None | 100, Some | 99, Refused | 101, Much"
    change = only_change(live, with_pain(**{CHOICES: more}))
    assert (change.what, change.flags, change.codes, change.critical) == ("modified", (), (), False)


def test_choices_in_another_order_are_a_modification_without_a_flag(live: Project) -> None:
    change = only_change(live, with_pain(**{CHOICES: "99, Refused | 9, None | 100, Some"}))
    assert (change.what, change.flags, change.critical) == ("modified", (), False)


def test_choices_spaced_otherwise_are_no_change(live: Project) -> None:
    drafted(live, with_pain(**{CHOICES: "9,None|100,Some|99,Refused"}))
    assert summary(live).changes == ()


def test_the_default_alignment_spelt_out_is_no_change(live: Project) -> None:
    drafted(live, with_pain(custom_alignment="RV"))
    assert summary(live).changes == ()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("field_label", "Pain now"),
        ("field_note", "0 to 10"),
        ("section_header", "Today"),
        ("branching_logic", "[weight] <> ''"),
        ("required_field", "y"),
        ("identifier", "y"),
        ("custom_alignment", "LH"),
        ("field_annotation", "@HIDECHOICE='100'"),
    ],
)
def test_other_cells_are_modifications_without_a_flag(
    live: Project, column: str, value: str
) -> None:
    change = only_change(live, with_pain(**{column: value}))
    assert (change.columns, change.flags, change.critical) == ((column,), (), False)


def test_another_type_is_critical(live: Project) -> None:
    change = only_change(live, [RECORD_ID, PAIN, SYMPTOMS, field("weight", kind="notes")])
    assert (change.columns, change.flags, change.critical) == (("field_type",), (), True)


@pytest.mark.parametrize(("value", "critical"), [("critical", True), ("safe", False)])
def test_whether_a_radio_may_become_a_dropdown_is_a_switch(
    make_emulator: MakeEmulator, value: str, critical: bool
) -> None:
    live = in_production(new_project(make_emulator(draft_radio_dropdown=value)))
    assert only_change(live, with_pain(field_type="dropdown")).critical is critical


def test_a_safe_dropdown_still_loses_its_choices(make_emulator: MakeEmulator) -> None:
    live = in_production(new_project(make_emulator(draft_radio_dropdown="safe")))
    change = only_change(live, with_pain(field_type="dropdown", **{CHOICES: "9, None"}))
    assert (change.flags, change.critical) == ((MIGHT_BE_LOST,), True)


def test_a_checkbox_turned_into_a_single_choice_will_lose_data(live: Project) -> None:
    change = only_change(live, with_symptoms(field_type="radio"))
    assert (change.flags, change.critical) == ((WILL_BE_LOST,), True)


def test_another_record_id_field_is_critical(live: Project) -> None:
    drafted(live, [WEIGHT, RECORD_ID, PAIN, SYMPTOMS])
    (change,) = summary(live).changes
    assert (change.field, change.flags, change.critical) == ("weight", (WILL_BE_LOST,), True)


def test_a_field_on_another_form_is_modified(live: Project) -> None:
    change = only_change(live, [RECORD_ID, PAIN, SYMPTOMS, {**WEIGHT, "form_name": "vitals"}])
    assert (change.columns, change.form, change.critical) == (("form_name",), "vitals", False)


def test_a_field_under_another_name_is_deleted_and_added(live: Project) -> None:
    drafted(live, [RECORD_ID, PAIN, SYMPTOMS, field("mass")])
    assert [(change.field, change.what) for change in summary(live).changes] == [
        ("mass", "added"),
        ("weight", "deleted"),
    ]


def test_a_record_counts_once_however_many_events_it_has(longitudinal: Project) -> None:
    live = in_production(longitudinal)
    for event in ("event_1_arm_1", "event_2_arm_1"):
        put(live, "1", "weight", "70", event=event)
    assert only_change(live, [RECORD_ID, PAIN, SYMPTOMS]).records == 1
