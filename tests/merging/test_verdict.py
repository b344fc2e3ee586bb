"""What a person says about differences, and what stands or falls together."""

from __future__ import annotations

from dataclasses import replace

import pytest

from redcap_iac.errors import GuardError
from redcap_iac.merging.together import together
from redcap_iac.merging.verdict import Decision, Preference, Side, Verdict

LABEL = Decision(
    "fields", "age", "field/age/label", "label", Verdict.CONFLICT, "Age", "Age 1", "Age 2",
    place="field_label", group="intake", within=(("instruments", "intake"),),
)  # fmt: skip
EVENT = Decision(
    "events", "week_4", "event/1/Week 4", "Week 4", Verdict.TAKE, "there", "there", None,
    within=(("arms", "1"),),
)  # fmt: skip
VISIT = Decision(
    "designations", "week_4|ae", "designation/week_4/ae", "ae", Verdict.OWN, None, "there", None,
    within=(("events", "week_4"), ("instruments", "ae")),
)  # fmt: skip


@pytest.mark.parametrize("address", ["field/age/label", "field/age", "instrument/intake"])
def test_an_address_names_a_part_an_item_or_an_instrument(address: str) -> None:
    assert Preference(None, {address: Side.LIVE}).of(LABEL) is Side.LIVE


@pytest.mark.parametrize("address", ["field/ag", "field", "field/age/note", "instrument/labs"])
def test_another_address_says_nothing(address: str) -> None:
    preference = Preference(None, {address: Side.LIVE})
    assert preference.of(LABEL) is None
    with pytest.raises(GuardError, match=f"--take names {address}"):
        preference.require_used([LABEL])


def test_the_longest_address_counts() -> None:
    words = {"field/age": Side.FILES, "field/age/label": Side.LIVE}
    assert Preference(None, words).of(LABEL) is Side.LIVE


def test_an_event_stays_while_own_work_stands_on_it() -> None:
    event, visit = together([EVENT, VISIT])
    assert (event.verdict, event.code) == (Verdict.CONFLICT, "U102")
    assert "designation/week_4/ae" in event.why
    assert visit.verdict is Verdict.OWN


def test_an_event_goes_with_what_redcap_lost_on_it() -> None:
    gone = replace(VISIT, verdict=Verdict.TAKE, base="there")
    assert [one.verdict for one in together([EVENT, gone])] == [Verdict.TAKE, Verdict.TAKE]


def test_what_redcap_changed_on_a_removed_event_is_a_conflict_about_the_event() -> None:
    removed = replace(EVENT, verdict=Verdict.OWN, files=None, live="there")
    added = replace(VISIT, verdict=Verdict.TAKE, files=None, live="there")
    event, visit = together([removed, added])
    assert (event.verdict, visit.verdict) == (Verdict.CONFLICT, Verdict.OWN)


def test_an_instrument_in_new_use_here_is_not_taken_away() -> None:
    form = Decision(
        "instruments", "ae", "instrument/ae", "ae", Verdict.TAKE, "there", "there", None
    )
    field = replace(form, kind="fields", key="term", within=(("instruments", "ae"),))
    found = together([form, field, VISIT])
    assert [one.verdict for one in found] == [Verdict.CONFLICT, Verdict.CONFLICT, Verdict.OWN]


def test_an_event_repeats_as_a_whole_or_by_instrument() -> None:
    on = (("events", "week_4"),)
    whole = Decision(
        "repeating", "week_4||repeat", "repeat/week_4", "week 4", Verdict.OWN, None, "there", None,
        within=on,
    )  # fmt: skip
    part = replace(
        whole, key="week_4|ae|repeat", verdict=Verdict.TAKE, files=None, live="there",
        within=(*on, ("instruments", "ae")),
    )  # fmt: skip
    assert [one.verdict for one in together([whole, part])] == [Verdict.OWN, Verdict.CONFLICT]
