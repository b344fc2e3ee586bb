"""H104 to H107: choices that go, get another label, or another code."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redcap_iac.findings import Finding
from redcap_iac.hazard import Answer, Undoable
from redcap_iac.kinds.dictionary.field import Field
from tests.kinds.dictionary.drafting import a_field, radio
from tests.safety.hazards.scenes import asked, scene, told

CODES = ("H104", "H105", "H106", "H107")


def boxes(choices: str, **columns: str) -> Field:
    return replace(radio("race", choices, **columns), field_type="checkbox")


def hazards(before: Field, after: Field, number: int | None = 3) -> list[Finding]:
    return told(scene((before,), (after,)), number, *CODES)


def codes(before: Field, after: Field) -> list[tuple[str, str]]:
    return [(hazard.code, hazard.address) for hazard in hazards(before, after)]


def answers(found: list[Finding]) -> list[tuple[Answer, Undoable]]:
    stakes = [hazard.stake for hazard in found]
    return [(stake.answer, stake.undoable) for stake in stakes if stake is not None]


def test_a_removed_radio_choice_stays_stored_without_a_label() -> None:
    found = hazards(radio("race", "1, Asian | 2, Black"), radio("race", "1, Asian"))
    assert [(one.code, one.address) for one in found] == [("H104", "choice/race/2")]
    assert "stays stored, without a label, in 3 of 10 records" in found[0].message
    assert "@HIDECHOICE='2'" in found[0].advice
    assert answers(found) == [(Answer.ACCEPTANCE, Undoable.YES)]


def test_ticks_of_a_removed_checkbox_choice_are_deleted() -> None:
    found = hazards(boxes("1, Asian | 2, Black"), boxes("1, Asian"))
    assert [(one.code, one.address) for one in found] == [("H105", "choice/race/2")]
    assert "deletes its ticks in 3 of 10 records" in found[0].message
    assert answers(found) == [(Answer.ACCEPTANCE, Undoable.NO)]


@pytest.mark.parametrize(
    ("before", "after", "logic"),
    [
        (radio("race", "1, A | 2, B"), radio("race", "1, A"), '[race] = "2"'),
        (boxes("1, A | -2, B"), boxes("1, A"), '[race(-2)] = "1"'),
    ],
)
def test_who_holds_the_choice_is_counted(before: Field, after: Field, logic: str) -> None:
    assert asked(scene((before,), (after,))) == [logic]


def test_another_label_under_the_same_code_changes_what_was_answered() -> None:
    found = hazards(radio("race", "1, Asian"), radio("race", "1, African"))
    assert [(one.code, one.address) for one in found] == [("H106", "choice/race/1")]
    assert 'from "Asian" to "African"' in found[0].message
    assert answers(found) == [(Answer.ACCEPTANCE, Undoable.PARTLY)]


def test_a_corrected_label_is_only_noted() -> None:
    found = hazards(radio("race", "1, Carribean"), radio("race", "1, Caribbean"))
    assert answers(found) == [(Answer.ACCEPTANCE, Undoable.PARTLY)]  # two edits
    found = hazards(radio("race", "1, Caribean"), radio("race", "1, Caribbean"))
    assert answers(found) == [(Answer.NOTE, Undoable.PARTLY)]


def test_the_same_label_under_another_code_keeps_the_old_code_stored() -> None:
    found = hazards(radio("race", "100, Asian"), radio("race", "101, asian"))
    assert [(one.code, one.address) for one in found] == [("H107", "choice/race/100")]
    assert "from 100 to 101" in found[0].message
    assert "recode: {'100': '101'}" in found[0].advice


def test_ticks_go_also_where_the_label_moves_to_another_code() -> None:
    found = hazards(boxes("1, Asian"), boxes("5, Asian"))
    assert [one.code for one in found] == ["H105"]
    assert "its label would stand under 5" in found[0].message
    assert "recode: {'1': '5'}" in found[0].advice


def test_labels_that_change_places_are_two_changes_of_meaning() -> None:
    found = codes(radio("sex", "1, Male | 2, Female"), radio("sex", "1, Female | 2, Male"))
    assert found == [("H106", "choice/sex/1"), ("H106", "choice/sex/2")]


def test_every_choice_is_told_once() -> None:
    before = radio("race", "1, Asian | 2, Black | 3, White | 4, Other")
    after = radio("race", "1, African | 9, Black | 3, White")
    assert codes(before, after) == [
        ("H106", "choice/race/1"), ("H107", "choice/race/2"), ("H104", "choice/race/4"),
    ]  # fmt: skip


@pytest.mark.parametrize("number", [0, 3, None])
def test_a_choice_nobody_holds_is_only_noted(number: int | None) -> None:
    found = hazards(radio("race", "1, A | 2, B"), radio("race", "1, A"), number)
    expected = Answer.NOTE if number == 0 else Answer.ACCEPTANCE
    assert answers(found) == [(expected, Undoable.YES)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("1, A | 2, B", "2, B | 1, A"),
        ("1, A | 2, B", "1,A|2,  B"),
        ("1, A | 2, B", "1, A | 2, B | 3, C"),
    ],
    ids=["another order", "another spacing", "a choice more"],
)
def test_what_changes_no_answer_is_none(before: str, after: str) -> None:
    assert codes(radio("race", before), radio("race", after)) == []


def test_a_recoded_choice_is_told_where_it_is_carried() -> None:
    after = replace(radio("race", "1, A | 5, B"), recode=(("2", "5"),))
    assert codes(radio("race", "1, A | 2, B"), after) == []


def test_a_hint_for_another_code_is_no_answer() -> None:
    after = replace(radio("race", "5, B"), recode=(("2", "5"),))
    assert codes(radio("race", "1, A | 2, B"), after) == [("H104", "choice/race/1")]


def test_choices_of_yesno_are_redcaps_own() -> None:
    before = a_field("well", field_type="yesno")
    assert codes(before, radio("well", "1, Yes | 0, No")) == []
    assert codes(before, radio("well", "1, Yes")) == [("H104", "choice/well/0")]
    assert codes(before, radio("well", "0, Yes | 1, No")) == [
        ("H106", "choice/well/1"), ("H106", "choice/well/0"),
    ]  # fmt: skip


def test_yes_and_true_are_one_answer() -> None:
    assert codes(a_field("well", field_type="yesno"), a_field("well", field_type="truefalse")) == []


def test_a_code_that_yesno_does_not_have_goes() -> None:
    before = radio("well", "1, Yes | 0, No | 9, Unknown")
    assert codes(before, a_field("well", field_type="yesno")) == [("H104", "choice/well/9")]


def test_between_ticks_and_one_answer_the_type_is_told_instead() -> None:
    assert codes(radio("race", "1, A | 2, B"), boxes("1, A")) == []


def test_rows_of_a_matrix_are_told_each() -> None:
    rows = tuple(radio(name, "1, A | 2, B", matrix_group_name="m") for name in ("one", "two"))
    after = tuple(radio(name, "1, A", matrix_group_name="m") for name in ("one", "two"))
    found = told(scene(rows, after), 3, *CODES)
    assert [one.address for one in found] == ["choice/one/2", "choice/two/2"]


def test_a_code_with_a_slash_has_an_address_of_its_own() -> None:
    assert codes(radio("race", "a/b, A | 2, B"), radio("race", "2, B")) == [
        ("H104", "choice/race/a%2Fb")
    ]


def test_acceptance_is_bound_to_the_choice() -> None:
    found = hazards(radio("race", "1, A | 2, B | 3, C"), radio("race", "1, A"))
    assert len({one.stake.change for one in found if one.stake is not None}) == 2


_LABELS = st.lists(
    st.text("abcdefghij ", min_size=1, max_size=12).map(str.strip).filter(bool),
    min_size=1, max_size=8, unique=True,
)  # fmt: skip


def _written(labels: list[str]) -> str:
    return " | ".join(f"{code}, {label}" for code, label in enumerate(labels))


@given(_LABELS, st.sampled_from(["radio", "dropdown", "checkbox"]), st.text("xyz ", max_size=9))
def test_what_leaves_column_f_alone_is_no_hazard_of_choices(
    labels: list[str], type_name: str, note: str
) -> None:
    before = replace(radio("race", _written(labels)), field_type=type_name)
    assert codes(before, replace(before, field_label="Race", field_note=note)) == []


@given(_LABELS, st.sampled_from(["radio", "dropdown", "checkbox"]), st.data())
def test_so_many_labels_changed_so_many_hazards(
    labels: list[str], type_name: str, data: st.DataObject
) -> None:
    chosen = data.draw(st.sets(st.sampled_from(range(len(labels)))))
    after = [f"ZZ{n} {x}" if n in chosen else x for n, x in enumerate(labels)]
    before = replace(radio("race", _written(labels)), field_type=type_name)
    found = codes(before, replace(before, select_choices_or_calculations=_written(after)))
    assert found == [("H106", f"choice/race/{number}") for number in sorted(chosen)]


@given(_LABELS, st.sampled_from(["radio", "checkbox"]), st.data())
def test_every_code_that_goes_is_told_once(
    labels: list[str], type_name: str, data: st.DataObject
) -> None:
    kept = data.draw(st.sets(st.sampled_from(range(len(labels))), min_size=1))
    before = replace(radio("race", _written(labels)), field_type=type_name)
    pairs = " | ".join(f"{number}, {labels[number]}" for number in sorted(kept))
    found = codes(before, replace(before, select_choices_or_calculations=pairs))
    code = "H105" if type_name == "checkbox" else "H104"
    gone = sorted(set(range(len(labels))) - kept)
    assert found == [(code, f"choice/race/{number}") for number in gone]
