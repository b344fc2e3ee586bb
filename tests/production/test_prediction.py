"""What REDCap's review will say of a draft, and how it is approved under each setting."""

from __future__ import annotations

import pytest

from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.production.prediction import (
    DELETED,
    LABEL_MISMATCH,
    MIGHT_BE_LOST,
    WILL_BE_LOST,
    Approval,
    Outlook,
    Prediction,
    Setting,
    perhaps_identifying,
    predict,
)

ID = Field("record_id", "form", "", "text", "ID")


def radio(choices: str, type_: str = "radio", name: str = "mood") -> Field:
    return Field(name, "form", "", type_, "Mood", choices)


def of(before: Field | None, after: Field | None) -> Outlook | None:
    live = (ID,) if before is None else (ID, before)
    draft = (ID,) if after is None else (ID, after)
    found = predict(live, draft).fields
    return found[0] if found else None


def only(before: Field | None, after: Field | None) -> Outlook:
    found = of(before, after)
    assert found is not None
    return found


def test_a_field_left_out_will_be_deleted_and_is_critical() -> None:
    found = only(radio("1, A"), None)
    assert (found.action, found.flags, found.is_critical) == ("deleted", (DELETED,), True)


def test_a_new_field_is_added_without_a_flag() -> None:
    found = only(None, radio("1, A"))
    assert (found.action, found.flags, found.is_critical) == ("added", (), False)


@pytest.mark.parametrize("type_", ["radio", "dropdown"])
def test_a_code_that_goes_might_lose_data(type_: str) -> None:
    found = only(radio("1, A | 2, B", type_), radio("1, A", type_))
    assert (found.flags, found.removed, found.is_critical) == ((MIGHT_BE_LOST,), ("2",), True)


def test_a_tick_that_goes_will_lose_data() -> None:
    found = only(radio("1, A | 2, B", "checkbox"), radio("1, A", "checkbox"))
    assert found.flags == (WILL_BE_LOST,)


def test_the_same_code_with_another_label_is_a_mismatch() -> None:
    found = only(radio("1, A | 2, B"), radio("1, A | 2, C"))
    assert (found.flags, found.altered) == ((LABEL_MISMATCH,), ("2",))


def test_a_label_that_moves_to_a_new_code_has_both_flags_and_counts_once() -> None:
    # recorded: code 100 is removed, 101 altered, one potentially critical issue in all
    live, draft = (ID, radio("100, Blue | 2, B")), (ID, radio("101, Blue | 2, B"))
    prediction = predict(live, draft)
    (found,) = prediction.fields
    assert found.flags == (MIGHT_BE_LOST, LABEL_MISMATCH)
    assert (found.removed, found.altered) == (("100",), ("101",))
    assert prediction.critical == 1


@pytest.mark.parametrize(
    "after", ["2, B | 1, A", "1, A | 2, B | 3, C"], ids=["order", "a choice added"]
)
def test_order_and_new_choices_are_not_critical(after: str) -> None:
    found = only(radio("1, A | 2, B"), radio(after))
    assert (found.action, found.flags, found.is_critical) == ("modified", (), False)


def test_the_spacing_of_choices_is_no_change() -> None:
    assert of(radio("1, A | 2, B"), radio("1,A|2,B")) is None


@pytest.mark.parametrize(
    ("before", "after"),
    [("radio", "dropdown"), ("checkbox", "radio"), ("radio", "checkbox")],
)
def test_another_type_is_critical(before: str, after: str) -> None:
    assert only(radio("1, A", before), radio("1, A", after)).is_critical


@pytest.mark.parametrize(
    "after",
    [
        Field("age", "form", "", "text", "Age in years"),
        Field("age", "form", "", "text", "Age", field_note="in years"),
        Field("age", "form", "", "text", "Age", branching_logic="[mood] = 1"),
        Field("age", "form", "", "text", "Age", identifier="y"),
        Field("age", "form", "", "text", "Age", required_field="y"),
        Field("age", "form", "Section", "text", "Age"),
        Field("age", "form", "", "text", "Age", text_validation_min="1"),
        Field("age", "other", "", "text", "Age"),
    ],
    ids=["label", "note", "branching", "identifier", "required", "section", "min", "instrument"],
)
def test_other_columns_modify_and_are_not_critical(after: Field) -> None:
    found = only(Field("age", "form", "", "text", "Age"), after)
    assert (found.action, found.flags, found.is_critical) == ("modified", (), False)


def test_the_order_of_fields_is_no_change() -> None:
    one, two = radio("1, A", name="one"), radio("1, A", name="two")
    assert predict((ID, one, two), (ID, two, one)).fields == ()


def test_another_record_id_field_is_critical() -> None:
    other = Field("subject", "form", "", "text", "Subject")
    found = predict((ID, other), (other, ID)).fields
    assert found == ()
    found = predict((ID,), (other, ID)).fields
    assert [one.is_critical for one in found] == [True]


def prediction(*, modified: bool, critical: bool, added: bool = True) -> Prediction:
    fields = [Outlook("a", "form", "added")] if added else []
    if modified or critical:
        fields.append(Outlook("b", "form", "modified", is_critical=critical))
    return Prediction(tuple(fields))


A, R, U = Approval.AUTOMATIC, Approval.REVIEW, Approval.UNKNOWN


@pytest.mark.parametrize(
    ("setting", "records", "additions", "modified", "critical"),
    [
        (Setting.NEVER, 0, R, R, R),
        (Setting.NEVER, 5, R, R, R),
        (Setting.UNMODIFIED, 0, A, R, R),
        (Setting.UNMODIFIED, 5, A, R, R),
        (Setting.NORECORDS_OR_UNMODIFIED, 0, A, A, A),
        (Setting.NORECORDS_OR_UNMODIFIED, 5, A, R, R),
        (Setting.NORECORDS_OR_UNMODIFIED, None, A, U, U),
        (Setting.NOCRITICAL, 0, A, A, R),
        (Setting.NOCRITICAL, 5, A, A, R),
        (Setting.NORECORDS_OR_NOCRITICAL, 0, A, A, A),
        (Setting.NORECORDS_OR_NOCRITICAL, 5, A, A, R),
        (Setting.NORECORDS_OR_NOCRITICAL, None, A, A, U),
    ],
)
def test_the_approval_under_each_setting(
    setting: Setting, records: int | None, additions: Approval, modified: Approval,
    critical: Approval,
) -> None:  # fmt: skip
    found = [
        prediction(modified=False, critical=False).approval(setting, records),
        prediction(modified=True, critical=False).approval(setting, records),
        prediction(modified=True, critical=True).approval(setting, records),
    ]
    assert found == [additions, modified, critical]


def test_a_choice_added_needs_review_where_nothing_may_be_modified_and_a_field_does_not() -> None:
    # recorded for the setting `unmodified`
    live = (ID, radio("1, A"))
    choice = predict(live, (ID, radio("1, A | 2, B")))
    field = predict(live, (*live, Field("new", "form", "", "text", "New")))
    assert choice.approval(Setting.UNMODIFIED, 3) is Approval.REVIEW
    assert field.approval(Setting.UNMODIFIED, 3) is Approval.AUTOMATIC


@pytest.mark.parametrize(
    ("name", "label", "looks"),
    [
        ("home_phone", "Reachable at", True),
        ("q1", "Date of birth", True),
        ("ssn", "Number", True),
        ("q2", "Social  security number", False),
        ("q3", "Your social security number", True),
        ("shape", "Shape of the stage", False),
        ("mood", "Mood", False),
    ],
)
def test_new_fields_that_look_like_identifiers_are_named(
    name: str, label: str, looks: bool
) -> None:
    new = Field(name, "form", "", "text", label)
    assert perhaps_identifying((ID,), (ID, new)) == ((name,) if looks else ())


def test_fields_there_already_are_not_named() -> None:
    phone = Field("phone", "form", "", "text", "Phone")
    assert perhaps_identifying((ID, phone), (ID, phone)) == ()
