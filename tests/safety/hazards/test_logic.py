"""H112: values that new branching logic hides, calculations that are others."""

from __future__ import annotations

from dataclasses import replace

import pytest

from redcap_iac.hazard import Answer, Undoable
from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.kinds.events import Event
from redcap_iac.kinds.repeating.repeat import Repeat
from redcap_iac.state import Item
from tests.kinds.dictionary.drafting import a_field, radio
from tests.kinds.scheduling import event, live
from tests.safety.hazards.scenes import RECORD_ID, asked, scene, told

SEX = radio("sex", "1, Male | 2, Female", form_name="intake")
RACE = replace(radio("race", "1, A | 2, B", form_name="intake"), field_type="checkbox")
WEEKS = a_field("weeks", "intake")
MOOD = a_field("mood", "visit")
BMI = a_field("bmi", "intake", field_type="calc", select_choices_or_calculations="[weeks] * 2")


def branched(logic: str, field: Field = WEEKS) -> Field:
    return replace(field, branching_logic=logic)


def counted(logic: str, *, repeats: tuple[Item, ...] = (), events: tuple[Event, ...] = ()) -> str:
    """Return what is asked when `weeks` gets this logic; "" for nothing."""
    fields = (SEX, RACE, WEEKS, MOOD)
    there = live(*repeats, *events, fields=(RECORD_ID, *fields), longitudinal=bool(events))
    of = scene(fields, (SEX, RACE, branched(logic), MOOD), there=there)
    return "".join(asked(of))


def test_values_that_would_be_hidden_wait_for_a_word() -> None:
    (hazard,) = told(scene((SEX, WEEKS), (SEX, branched("[sex] = '2'"))), 3, "H112")
    assert "hides values in 3 of 10 records" in hazard.message
    assert "erases" in hazard.message
    assert hazard.address == "field/weeks"
    assert '[weeks] <> "" and not ([sex] = "2")' in hazard.advice
    assert hazard.stake is not None
    assert (hazard.stake.answer, hazard.stake.undoable) == (Answer.ACCEPTANCE, Undoable.PARTLY)


@pytest.mark.parametrize(("number", "hazards"), [(0, 0), (None, 1), (3, 1)])
def test_where_no_value_is_hidden_nothing_is_said(number: int | None, hazards: int) -> None:
    of = scene((SEX, WEEKS), (SEX, branched("[sex] = '2'")))
    assert len(told(of, number, "H112")) == hazards


@pytest.mark.parametrize(
    ("logic", "question"),
    [
        ("[sex] = '2'", '[weeks] <> "" and not ([sex] = "2")'),
        ("[race(2)] = 1", '[weeks] <> "" and not ([race(2)] = 1)'),
        (
            "[sex]='1' or ([sex]='2' and [mood]<>'')",
            '[weeks] <> "" and not ([sex] = "1" or ([sex] = "2" and [mood] <> ""))',
        ),
        ("[intake_complete] = 2", '[weeks] <> "" and not ([intake_complete] = 2)'),
        ("[race(9)] = 1", '[weeks] <> "" and not ("0" = 1)'),
        ("datediff([weeks], 'today', 'd') > 3", ""),
    ],
)
def test_the_logic_is_asked_as_a_filter(logic: str, question: str) -> None:
    if question:
        assert counted(logic) == question
    else:
        assert "datediff([weeks]" in counted(logic)


@pytest.mark.parametrize(
    "logic",
    [
        "[sex:value] = '2'",
        "[user-name] = 'amy'",
        "[previous-event-name][sex] = '2'",
        "[sex][1] = '2'",
        "[nowhere_arm_1][sex] = '2'",
        "[sex] = ",
    ],
    ids=["a modifier", "who asks", "an event nearby", "an instance", "no event", "no expression"],
)
def test_what_a_filter_cannot_say_is_not_known(logic: str) -> None:
    assert counted(logic) == ""
    of = scene((SEX, WEEKS), (SEX, branched(logic)))
    (hazard,) = told(of, 3, "H112")
    assert "an unknown number of records" in hazard.message


def test_a_named_event_is_asked_for() -> None:
    events = (event("Base", "base_arm_1"), event("Week", "week_arm_1"))
    found = counted("[base_arm_1][sex] = '2'", events=events)
    assert found == '[weeks] <> "" and not ([base_arm_1][sex] = "2")'


def test_a_named_event_that_repeats_is_not() -> None:
    events = (event("Base", "base_arm_1"), event("Week", "week_arm_1"))
    repeats = (Repeat("base_arm_1", ""),)
    assert counted("[base_arm_1][sex] = '2'", events=events, repeats=repeats) == ""


def test_values_of_another_instrument_are_no_row_of_one_that_repeats() -> None:
    assert counted("[mood] = '2'", repeats=(Repeat("", "intake"),)) == ""
    assert counted("[mood] = '2'", repeats=(Repeat("", "visit"),)) == ""
    assert counted("[sex] = '2'", repeats=(Repeat("", "intake"),)) != ""


def test_a_field_still_to_come_is_blank_in_every_record() -> None:
    new = radio("new", "1, A | 2, B", form_name="intake", field_label="Entirely new question")
    of = scene((SEX, WEEKS), (SEX, new, branched("[new] = '1' or [sex] = '1'")))
    assert '[weeks] <> "" and not ("" = "1" or [sex] = "1")' in asked(of)


def test_a_renamed_field_is_asked_for_by_its_live_name() -> None:
    renamed = replace(SEX, field_name="sex_at_birth", renamed_from="sex")
    of = scene((SEX, WEEKS), (renamed, branched("[sex_at_birth] = '1'")))
    assert '[weeks] <> "" and not ([sex] = "1")' in asked(of)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("[sex] = '1'", '([sex]="1")'),
        ("[sex] = '1'", ""),
        ("[sex] = '1'", "[sex]  =  '1'"),
    ],
    ids=["written otherwise", "taken away", "spaced otherwise"],
)
def test_logic_that_hides_no_more_is_none(before: str, after: str) -> None:
    of = scene((SEX, branched(before)), (SEX, branched(after)))
    assert asked(of) == []
    assert told(of, 3, "H112") == []


def test_descriptive_text_has_no_value_to_hide() -> None:
    hint = a_field("hint", "intake", field_type="descriptive")
    of = scene((SEX, hint), (SEX, branched("[sex] = '1'", hint)))
    assert told(of, 3, "H112") == []


def test_another_calculation_leaves_values_of_before() -> None:
    of = scene((WEEKS, BMI), (WEEKS, replace(BMI, select_choices_or_calculations="[weeks] * 3")))
    assert asked(of) == ['[bmi] <> ""']
    (hazard,) = told(of, 3, "H112")
    assert "values in 3 of 10 records are of before" in hazard.message
    assert "rule H" in hazard.advice
    assert told(of, 0, "H112") == []


def test_the_same_calculation_written_otherwise_is_none() -> None:
    of = scene((WEEKS, BMI), (WEEKS, replace(BMI, select_choices_or_calculations="([weeks]*2)")))
    assert told(of, 3, "H112") == []


@pytest.mark.parametrize(
    ("before", "after", "hazards"),
    [
        ("", "@CALCTEXT(if([sex] = '1', 'a', 'b'))", 1),
        ("@CALCTEXT([sex])", "@CALCTEXT([weeks])", 1),
        ("@CALCDATE([a], 1, 'd')", "@CALCDATE([a], 2, 'd')", 1),
        ("@CALCTEXT([sex])", "@HIDDEN @CALCTEXT( [sex])", 0),
        ("@CALCTEXT([sex])", "", 0),
        ("@HIDDEN", "@READONLY", 0),
    ],
)
def test_a_field_computed_by_an_action_tag_is_a_calculation(
    before: str, after: str, hazards: int
) -> None:
    fields = (replace(WEEKS, field_annotation=text) for text in (before, after))
    old, new = fields
    assert len(told(scene((SEX, old), (SEX, new)), 3, "H112")) == hazards
