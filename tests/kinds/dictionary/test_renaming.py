"""The dictionaries a rename goes through: nothing goes before its values are elsewhere."""

from __future__ import annotations

from dataclasses import replace

from redcap_iac.kinds.dictionary.field import CHOICES, Field
from redcap_iac.kinds.dictionary.placeholders import placeholder
from redcap_iac.kinds.dictionary.renaming import Stages, both_names, said_copies, stages
from redcap_iac.kinds.instruments import Instrument
from redcap_iac.plan import Copy
from redcap_iac.state import State
from tests.kinds.dictionary.drafting import a_field, radio

ID = a_field("record_id", "intake")
POSTAL = a_field("postal", "intake", field_label="As live", branching_logic="[record_id] <> ''")
ZIP = replace(a_field("zip_code", "intake"), renamed_from="postal")
LONG = "1, Mild | 2, Severe | 3, Very"


def staged(
    live: tuple[Field, ...], desired: tuple[Field, ...], renamed: dict[str, str] | None = None
) -> Stages:
    wanted = State({"fields": desired, "instruments": instruments(desired, renamed or {})})
    return stages(wanted, State({"fields": live, "instruments": instruments(live, {})}), desired)


def instruments(fields: tuple[Field, ...], renamed: dict[str, str]) -> tuple[Instrument, ...]:
    names = dict.fromkeys(field.form_name for field in fields)
    return tuple(Instrument(name, renamed_from=renamed.get(name, "")) for name in names)


def names(fields: tuple[Field, ...]) -> list[str]:
    return [f"{field.form_name}/{field.field_name}" for field in fields]


def test_the_old_field_stays_as_it_is_live_beside_the_new_one() -> None:
    found = staged((ID, POSTAL), (ID, ZIP))
    assert names(found.both) == ["intake/record_id", "intake/zip_code", "intake/postal"]
    assert found.both[2] == POSTAL
    assert found.first == found.both
    assert names(found.final) == ["intake/record_id", "intake/zip_code"]


def test_without_anything_to_copy_there_is_one_dictionary() -> None:
    found = staged((ID, POSTAL), (ID,))
    assert found.first == found.both == found.final == (ID,)
    assert found.copies == ()


def test_nothing_else_goes_before_the_copy_either() -> None:
    other = a_field("other", "intake")
    found = staged((ID, POSTAL, other), (ID, ZIP))
    assert "intake/other" in names(found.both)
    assert "intake/other" not in names(found.final)


def test_an_old_field_on_an_instrument_that_ends_keeps_it() -> None:
    found = staged((ID, replace(POSTAL, form_name="old_form")), (ID, ZIP))
    assert names(found.both) == ["intake/record_id", "intake/zip_code", "old_form/postal"]


def test_a_row_that_goes_leaves_a_matrix_that_stays() -> None:
    grid = {"field_type": "radio", CHOICES: "1, A", "matrix_group_name": "grid"}
    live = (ID, a_field("a", "intake", **grid), a_field("b", "intake", **grid))
    new = replace(a_field("c", "intake", **grid), renamed_from="a")
    found = staged(live, (ID, live[2], new))
    left = next(field for field in found.both if field.field_name == "a")
    assert (left.matrix_group_name, left.matrix_ranking) == ("", "")


def test_a_recoded_choice_stays_beside_the_new_ones() -> None:
    desired = replace(radio("severity", "1, Mild | 2, Severe"), recode=(("3", "2"),))
    found = staged((ID, radio("severity", LONG)), (ID, desired))
    assert getattr(found.both[1], CHOICES) == LONG
    assert getattr(found.final[1], CHOICES) == "1, Mild | 2, Severe"


def test_all_rows_of_a_matrix_have_the_choice_for_a_while() -> None:
    grid = {"field_type": "radio", CHOICES: "1, A | 2, B", "matrix_group_name": "grid"}
    live = (ID, a_field("a", "intake", **grid), a_field("b", "intake", **grid))
    short = {**grid, CHOICES: "1, A"}
    one = replace(a_field("a", "intake", **short), recode=(("2", "1"),))
    found = staged(live, (ID, one, a_field("b", "intake", **short)))
    assert [getattr(field, CHOICES) for field in found.both[1:]] == ["1, A | 2, B"] * 2


def test_free_values_are_recoded_before_the_field_has_choices() -> None:
    live = a_field("severity", "intake", field_label="Typed")
    desired = replace(radio("severity", "1, Mild", form_name="intake"), recode=(("mild", "1"),))
    found = staged((ID, live), (ID, desired))
    assert found.both[1] == live


def test_a_yesno_to_be_is_a_list_until_its_answers_are_recoded() -> None:
    live = radio("severity", "1, Yes | 2, No", form_name="intake")
    desired = replace(a_field("severity", "intake", field_type="yesno"), recode=(("2", "0"),))
    found = staged((ID, live), (ID, desired))
    assert found.both[1].field_type == "radio"
    assert getattr(found.both[1], CHOICES) == "1, Yes | 2, No | 0, No"


MOOD = a_field("mood", "visits")
MOVED = replace(MOOD, form_name="visit")


def test_a_new_instrument_is_there_before_its_fields_are() -> None:
    found = staged((ID, MOOD), (ID, MOVED), {"visit": "visits"})
    assert names(found.first) == [
        "intake/record_id", "visits/mood", "visit/redcap_iac_keeps_visit",
    ]  # fmt: skip
    assert names(found.both) == [
        "intake/record_id", "visit/mood", "visits/redcap_iac_keeps_visits",
    ]  # fmt: skip
    assert found.copies == (Copy("visits_complete", "visit_complete"),)


def test_the_record_id_stays_first_while_its_instrument_is_renamed() -> None:
    renamed = replace(ID, form_name="start")
    found = staged((ID, MOOD), (renamed, MOOD), {"start": "intake"})
    firsts = [one[0].field_name for one in (found.first, found.both, found.final)]
    assert firsts == ["record_id"] * 3


def test_after_a_crash_it_goes_on_where_it_was() -> None:
    whole = staged((ID, MOOD), (ID, MOVED), {"visit": "visits"})
    second = staged(whole.first, (ID, MOVED), {"visit": "visits"})
    assert (second.first, second.both) == (whole.first, whole.both)
    third = staged(whole.both, (ID, MOVED), {"visit": "visits"})
    assert third.first == third.both == whole.both


def test_a_placeholder_left_behind_goes_with_the_next_dictionary() -> None:
    left = placeholder("visit", ())
    found = staged((ID, POSTAL, left), (ID, ZIP))
    assert left not in found.first
    assert left not in found.final


def test_a_field_may_be_renamed_with_its_instrument() -> None:
    feeling = replace(a_field("feeling", "visit"), renamed_from="mood")
    found = staged((ID, MOOD), (ID, feeling), {"visit": "visits"})
    assert names(found.both) == ["intake/record_id", "visit/feeling", "visits/mood"]


def test_it_is_ready_once_both_names_and_codes_are_live() -> None:
    found = staged((ID, POSTAL), (ID, ZIP))
    assert not found.is_ready((ID, POSTAL))
    assert found.is_ready(found.both)
    desired = replace(radio("severity", "1, Mild | 4, New"), recode=(("3", "4"),))
    recoding = staged((ID, radio("severity", LONG)), (ID, desired))
    assert not recoding.is_ready((ID, radio("severity", LONG)))
    assert recoding.is_ready(recoding.both)


def test_production_is_given_the_dictionary_with_both_names() -> None:
    live, desired = State({"fields": (ID, POSTAL)}), State({"fields": (ID, ZIP)})
    both = both_names(desired, live, (ID, ZIP))
    assert both is not None
    assert names(both) == ["intake/record_id", "intake/zip_code", "intake/postal"]
    assert both_names(live, live, (ID, POSTAL)) is None


def test_copies_are_said_in_a_title() -> None:
    found = (
        Copy("a", "b"),
        Copy("c", "c", (("1", "2"), ("3", "2"))),
        Copy("d", "e", (("x", "y"),)),
    )
    assert said_copies(found) == "copy a to b, recode c (1 to 2, 3 to 2), copy d to e (x to y)"
    assert said_copies(found * 2).endswith("and 2 more")
