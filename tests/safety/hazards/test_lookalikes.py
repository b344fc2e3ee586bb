"""H103: a rename that nobody said."""

from __future__ import annotations

from dataclasses import replace

from redcap_iac.hazard import Answer
from redcap_iac.safety.hazards.lookalikes import lookalikes
from tests.kinds.dictionary.drafting import a_field
from tests.safety.hazards.scenes import asked, scene, told

AGE = a_field("age", "intake", field_label="Age at enrolment")
YEARS = replace(AGE, field_name="age_years")
TOWN = a_field("town", "intake", field_label="Where do you live?")


def test_it_stops_with_the_hint_first() -> None:
    (hazard,) = told(scene((AGE, TOWN), (YEARS, TOWN)), 3, "H103")
    assert hazard.address == "field/age"
    assert "age_years" in hazard.message
    assert "3 of 10 records" in hazard.message
    assert hazard.advice.startswith("If it is the same field, say `renamed_from: age` on age_years")
    assert hazard.stake is not None
    assert hazard.stake.answer is Answer.ACCEPTANCE


def test_it_stops_in_an_empty_project_too() -> None:
    """The same manifest meets projects that are not empty."""
    (hazard,) = told(scene((AGE, TOWN), (YEARS, TOWN)), 0, "H103")
    assert hazard.stake is not None
    assert hazard.stake.answer is Answer.ACCEPTANCE


def test_the_old_field_is_counted_once() -> None:
    assert asked(scene((AGE, TOWN), (YEARS, TOWN))) == ['[age] <> ""']


def test_a_hint_is_an_answer() -> None:
    hinted = replace(YEARS, renamed_from="age")
    assert told(scene((AGE, TOWN), (hinted, TOWN)), 3, "H103") == []


def test_another_field_is_none() -> None:
    other = a_field("consent_date", "intake", field_label="Signed on")
    assert told(scene((AGE, TOWN), (other, TOWN)), 3, "H103") == []


def test_each_field_is_in_one_pair_the_most_alike_first() -> None:
    other = replace(AGE, field_name="age_group", field_label="Age at the enrolment")
    pairs = lookalikes(scene((AGE, TOWN), (other, YEARS, TOWN)))
    assert [(pair.old.field_name, pair.new.field_name) for pair in pairs] == [("age", "age_years")]


def test_documents_are_renamed_on_redcaps_own_page() -> None:
    scan = a_field("scan", "intake", field_label="Scan of the form", field_type="file")
    of = scene((scan, TOWN), (replace(scan, field_name="scan_form"), TOWN))
    (hazard,) = told(of, 3, "H103")
    assert "REDCap's own page" in hazard.advice
    assert "renamed_from" not in hazard.advice


def test_descriptive_text_is_no_loss() -> None:
    hint = a_field("hint", "intake", field_label="Read this", field_type="descriptive")
    assert lookalikes(scene((hint, TOWN), (replace(hint, field_name="hint2"), TOWN))) == ()


def test_acceptance_is_bound_to_both_fields() -> None:
    other = replace(YEARS, field_note="in years")
    (one,) = told(scene((AGE, TOWN), (YEARS, TOWN)), 3, "H103")
    (two,) = told(scene((AGE, TOWN), (other, TOWN)), 3, "H103")
    assert one.stake is not None
    assert two.stake is not None
    assert one.stake.change != two.stake.change
