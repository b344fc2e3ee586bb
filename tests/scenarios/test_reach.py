from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from redcap_iac.design import Design
from redcap_iac.scenarios.coverage import Seen
from redcap_iac.scenarios.expressions import Expressions
from redcap_iac.scenarios.outcome import Played
from redcap_iac.scenarios.place import Page, Place
from redcap_iac.scenarios.playing import MOST_PASSES, play
from redcap_iac.scenarios.reach import Reach
from redcap_iac.scenarios.scope import Circumstances
from tests.scenarios.forms import NOW, form, trial
from tests.scenarios.test_properties import NAMES, VALUES, designs


def reached(design: Design, *names: str, passes: int = MOST_PASSES) -> list[str]:
    fields = Reach(design, passes).of(names)
    return [field.field_name for there in fields.values() for field in there]


def played(design: Design, values: dict[str, str], narrow: tuple[str, ...] = ()) -> Played:
    given = {Place(): {name: (value,) for name, value in values.items()}}
    pages = tuple(Page(Place(), name) for name in design.instruments)
    fields = Reach(design, MOST_PASSES).of({*narrow, *values}) if narrow else None
    return play(Circumstances(design, NOW), Expressions(design), given, pages, Seen(), fields)


def test_a_field_is_held_with_what_it_reads_and_what_that_reads() -> None:
    design = form(
        'shown: {type: text, label: S, branching: "[total] > 3"}',
        'total: {type: calc, label: T, calculation: "[part] + 1"}',
        "part: {type: text, label: P, branching: \"[sex] = '1'\"}",
        "sex: {type: yesno, label: Sex}",
        'other: {type: text, label: "O [sex]", branching: "[sex] = \'1\'"}',
    )
    assert reached(design, "shown") == ["shown", "total", "part", "sex"]
    assert reached(design, "part", "other") == ["part", "sex", "other"]


def test_what_is_read_of_another_event_is_held_too() -> None:
    assert set(reached(trial(), "age")) >= {"age", "dob", "seen"}


def test_a_circle_elsewhere_is_always_held() -> None:
    design = form(
        "x: {type: text, label: X, branching: \"[sex] = '1'\"}",
        "sex: {type: yesno, label: Sex}",
        "a: {type: text, label: A, branching: \"[b] = ''\"}",
        "b: {type: text, label: B, branching: \"[a] = ''\"}",
    )
    assert reached(design, "x") == ["x", "sex", "a", "b"]


def test_a_chain_longer_than_a_play_is_always_held() -> None:
    design = form(
        "x: {type: yesno, label: X}",
        "c: {type: text, label: C, branching: \"[b] = '1'\"}",
        "b: {type: text, label: B, branching: \"[a] = '1'\"}",
        "a: {type: text, label: A, branching: \"[x] = '1'\"}",
    )
    assert reached(design, "x", passes=4) == ["x"]
    assert reached(design, "x", passes=3) == ["x", "c", "b", "a"]


@settings(max_examples=25)
@given(
    design=designs(),
    values=st.dictionaries(st.sampled_from(NAMES), VALUES.filter(bool), max_size=3),
    name=st.sampled_from(NAMES),
)
def test_a_field_ends_up_as_on_the_whole_page(
    design: Design, values: dict[str, str], name: str
) -> None:
    whole, narrow = played(design, values), played(design, values, (name,))
    assert bool(whole.restless) is bool(narrow.restless)
    if not whole.restless:
        assert {key: whole.seen[key] for key in narrow.seen} == narrow.seen
        assert name in {key[1] for key in narrow.seen}
