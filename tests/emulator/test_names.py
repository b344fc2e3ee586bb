from __future__ import annotations

import random
import re

import pytest

from redcap_iac.emulator import names


@pytest.mark.parametrize(
    ("name", "arm", "unique"),
    [
        ("Event 1", 1, "event_1_arm_1"),
        ("Final visit", 1, "final_visit_arm_1"),
        ("Deadline to opt out of study", 2, "deadline_to_opt_ou_arm_2"),
        ("Deadline to return feedback", 2, "deadline_to_return_arm_2"),
        ("integration_event_20260314", 3, "integration_event_arm_3"),
        ("WRA Follow-Up Visit", 1, "wra_followup_visit_arm_1"),
        ("Screening & Enrollment", 1, "screening__enrollm_arm_1"),
        ("3 month", 1, "3_month_arm_1"),
        ("Évaluation initiale", 1, "valuation_initiale_arm_1"),
    ],
)
def test_recorded_event_names_get_their_recorded_unique_names(
    name: str, arm: int, unique: str
) -> None:
    assert names.unique_event_name(name, arm, ()) == unique


def test_equal_event_names_get_letters_from_b() -> None:
    taken: list[str] = []
    for _ in range(5):
        taken.append(names.unique_event_name("After 1 month from", 1, taken))
    assert taken == [f"after_1_month_from_arm_1{letter}" for letter in ("", "b", "c", "d", "e")]


def test_more_equal_names_than_letters_stay_apart() -> None:
    taken: list[str] = []
    for _ in range(60):
        taken.append(names.unique_event_name("Visit", 1, taken))
    assert len(set(taken)) == 60


def test_an_event_name_with_nothing_left_still_gets_a_unique_name() -> None:
    assert names.unique_event_name("…", 2, ()).endswith("_arm_2")


@pytest.mark.parametrize(
    ("label", "unique"),
    [
        ("Test DAG", "test_dag"),
        ("dag-a", "daga"),
        ("Integration Test DAG", "integration_test_d"),
        ("A different name", "a_different_name"),
    ],
)
def test_recorded_group_labels_get_their_recorded_unique_names(label: str, unique: str) -> None:
    assert names.unique_dag_name(label, ()) == unique


def test_equal_group_labels_stay_apart_and_short() -> None:
    taken: list[str] = []
    for _ in range(12):
        taken.append(names.unique_dag_name("Integration Test DAG", taken))
    assert len(set(taken)) == 12
    assert {len(name) <= 18 for name in taken} == {True}


def test_a_role_name_is_u_and_ten_characters() -> None:
    made = names.unique_role_name(random.Random(1), ())
    assert re.fullmatch(r"U-[1-9]{3}[0-9A-Z]{7}", made)


def test_a_role_name_that_is_taken_is_not_made_again() -> None:
    first = names.unique_role_name(random.Random(1), ())
    assert names.unique_role_name(random.Random(1), (first,)) != first


@pytest.mark.parametrize("length", [32, 64])
def test_a_token_is_upper_case_hexadecimal(length: int) -> None:
    assert re.fullmatch(rf"[0-9A-F]{{{length}}}", names.token(random.Random(1), length))


@pytest.mark.parametrize(
    ("form", "label"),
    [("phq9", "Phq9"), ("adverse_event_log", "Adverse Event Log"), ("form_1", "Form 1")],
)
def test_a_new_instrument_is_labelled_after_its_name(form: str, label: str) -> None:
    assert names.instrument_label(form) == label
