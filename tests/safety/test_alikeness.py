"""How much two fields look alike: by rule, by property, and on published dictionaries."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from redcap_iac.findings import Findings
from redcap_iac.formats.dictionary_csv import read_dictionary
from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.safety.alikeness import (
    ENOUGH,
    Standing,
    alikeness,
    distance,
    label_likeness,
    name_likeness,
    pairs,
)
from tests.kinds.dictionary.drafting import a_field, radio

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
FILES = sorted((CORPUS / "dictionaries").glob("*.csv"))
_NAMES = st.from_regex(r"[a-z][a-z0-9]{0,8}(_[a-z0-9]{1,8}){0,2}", fullmatch=True)
_LABELS = st.text("abcdefghijklmnop ?é", min_size=1, max_size=30).filter(str.strip)


VALIDATION = "text_validation_type_or_show_slider_number"


def points(old: Field, new: Field) -> float:
    return alikeness(Standing(old, "a", "b"), Standing(new, "c", "d"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (("age", "Age"), ("age_years", "Age (years)")),
        (("dob", "Date of birth"), ("birth_date", "Date of birth")),
        (("dob", "Birth date"), ("date_of_birth", "Date of birth")),
        (("adress", "Adress"), ("address", "Address")),
        (("sbp", "Systolic blood pressure"), ("bp_sys", "Systolic blood pressure (mmHg)")),
        (("postal", ""), ("postal_code", "")),
        (("smoke", "Do you smoke?"), ("smoking", "Do you <b>smoke</b>?")),
    ],
)
def test_renamed_fields_look_alike(old: tuple[str, str], new: tuple[str, str]) -> None:
    one, two = (a_field(name, "visit", field_label=label) for name, label in (old, new))
    assert points(one, two) >= ENOUGH


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (("age", "Age"), ("weight", "Weight in kilograms")),
        (("doomed", "Doomed"), ("end", "End")),
        (("item_1", "Item 1"), ("item_2", "Item 2")),
        (("visit_1_date", "Date of visit 1"), ("visit_2_date", "Date of visit 2")),
        (("mood", ""), ("more", "")),
        (("consent", "I agree"), ("consent_date", "Signed on")),
    ],
)
def test_other_fields_do_not(old: tuple[str, str], new: tuple[str, str]) -> None:
    one, two = (a_field(name, "visit", field_label=label) for name, label in (old, new))
    assert points(one, two) < ENOUGH


def test_the_kind_of_answer_counts() -> None:
    old = radio("well", "1, Good | 2, Bad", field_label="Feeling today")
    same = radio("feeling", "1, Good | 2, Bad", field_label="Feeling now")
    other = a_field("feeling", field_label="Feeling now")
    assert points(old, same) == points(old, other) + 8 + 8


def test_the_place_counts() -> None:
    old, new = a_field("a", "visit", field_label="Alpha"), a_field("b", "visit", field_label="Alp")
    apart = alikeness(Standing(old, "x", "y"), Standing(replace(new, form_name="other"), "v", "w"))
    together = alikeness(Standing(old, "x", "y"), Standing(new, "x", "y"))
    assert together == pytest.approx(apart + 10)


ZIP = a_field("postal", field_label="Post", **{VALIDATION: "zipcode"})
OTHER_ZIP = a_field("zip_code", field_label="ZIP", **{VALIDATION: "zipcode"})


def test_what_stands_in_its_place_with_the_same_telling_answer_is_alike() -> None:
    assert alikeness(Standing(ZIP, "a", "b"), Standing(OTHER_ZIP, "a", "b")) >= ENOUGH


@pytest.mark.parametrize(
    ("new", "before", "behind"),
    [
        (OTHER_ZIP, "a", "c"),
        (replace(OTHER_ZIP, form_name="other"), "a", "b"),
        (a_field("zip_code", field_label="ZIP", **{VALIDATION: "integer"}), "a", "b"),
        (replace(OTHER_ZIP, field_type="notes"), "a", "b"),
    ],
    ids=["elsewhere", "on another form", "of another validation", "of another type"],
)
def test_what_does_not_is_not(new: Field, before: str, behind: str) -> None:
    assert alikeness(Standing(ZIP, "a", "b"), Standing(new, before, behind)) < ENOUGH


def test_plain_text_in_the_same_place_tells_nothing() -> None:
    old, new = a_field("town", field_label="Town"), a_field("diet", field_label="What you eat")
    assert alikeness(Standing(old, "a", "b"), Standing(new, "a", "b")) < ENOUGH


def test_a_field_is_in_one_pair_at_most_and_gets_the_best() -> None:
    old = tuple(Standing(a_field(name, field_label="Town")) for name in ("town_b", "town"))
    names = ("towns", "other", "town_c")
    new = tuple(Standing(a_field(name, field_label="Town")) for name in names)
    found = pairs(old, new)
    assert len({pair.old for pair in found}) == len({pair.new for pair in found}) == len(found) == 2
    best = max(alikeness(one, two) for one in old for two in new)
    assert found[0].points == best


@pytest.mark.parametrize(
    ("one", "two", "edits"),
    [("", "", 0), ("ab", "ba", 1), ("kitten", "sitting", 3), ("abc", "", 3), ("age", "ages", 1)],
)
def test_distance_counts_edits(one: str, two: str, edits: int) -> None:
    assert distance(one, two) == distance(two, one) == edits


def test_labels_without_letters_tell_nothing() -> None:
    assert label_likeness("<br>", " ...") is None
    assert label_likeness("", "Age") == 0.0


def test_initials_are_a_name() -> None:
    assert name_likeness("dob", "date_of_birth") == 0.8
    assert name_likeness("dob", "date_birth") < 0.6


@given(_NAMES, _NAMES, _LABELS, st.sampled_from(["text", "notes", "calc", "yesno", "file"]))
def test_the_same_label_type_and_choices_are_always_found(
    old: str, new: str, label: str, type_name: str
) -> None:
    assume(old != new)
    field = a_field(old, "visit", field_label=label, field_type=type_name)
    assume(label_likeness(label, label) is not None)
    assert points(field, replace(field, field_name=new, form_name="other")) >= ENOUGH


@given(_NAMES, _NAMES)
def test_nothing_in_common_is_never_found(old: str, new: str) -> None:
    one = a_field(old, field_label="Quick brown fox")
    two = radio(new, "1, A | 2, B", field_label="Lazy sleepy hound")
    assert points(one, two) < ENOUGH


@given(_NAMES, _NAMES, _LABELS, _LABELS)
def test_it_is_the_same_both_ways(old: str, new: str, label: str, other: str) -> None:
    one, two = a_field(old, field_label=label), a_field(new, field_label=other)
    assert points(one, two) == pytest.approx(points(two, one))
    assert 0 <= points(one, two) <= 100


def _published(path: Path) -> tuple[Field, ...]:
    fields = read_dictionary(path.read_bytes(), path.name, Findings())
    return tuple(one for one in fields if one.field_type not in ("descriptive", ""))


@pytest.mark.corpus
@pytest.mark.skipif(not FILES, reason="no corpus at ../shared/corpus beside the project")
def test_two_fields_of_one_published_file_seldom_look_alike() -> None:
    """Of two fields drawn at random that do not bear the same label, fewer than one in fifty."""
    chance = random.Random(11)
    alike = compared = 0
    for path in FILES:
        fields = _published(path)
        for _ in range(100 if len(fields) >= 20 else 0):
            (at, one), (other, two) = chance.sample(list(enumerate(fields)), 2)
            if label_likeness(one.field_label, two.field_label) == 1.0:
                continue
            compared += 1
            alike += alikeness(_standing(fields, at), _standing(fields, other)) >= ENOUGH
    assert compared > 1_500
    assert alike / compared < 0.02


@pytest.mark.corpus
@pytest.mark.skipif(not FILES, reason="no corpus at ../shared/corpus beside the project")
def test_a_published_field_that_only_got_another_name_is_found() -> None:
    missed = []
    for path in FILES:
        fields = _published(path)[:100]
        for number, one in enumerate(fields):
            standing = _standing(fields, number)
            renamed = replace(standing, field=replace(one, field_name=f"{one.field_name}_v2"))
            if label_likeness(one.field_label, one.field_label) is not None:
                missed += [one.field_name] if alikeness(standing, renamed) < ENOUGH else []
    assert missed == []


def _standing(fields: tuple[Field, ...], at: int) -> Standing:
    names = ["", *(one.field_name for one in fields), ""]
    return Standing(fields[at], names[at], names[at + 2])
