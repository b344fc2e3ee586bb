"""What looks renamed in REDCap, and what a person says about it."""

from __future__ import annotations

import pytest

from redcap_iac.calls import Made
from redcap_iac.errors import GuardError
from redcap_iac.kinds.dags import Dag
from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.merging.renames import Consent, Proposal, accepted, proposals
from redcap_iac.merging.sides import Renamed, Sides, sides
from redcap_iac.state import Desired, Live, State, Target, Version

TARGET = Target(
    "https://redcap.example.org/api/",
    "1",
    "T",
    "development",
    Version(16, 1, 3),
    longitudinal=False,
)


def looked_at(files: State, live: State) -> Sides:
    desired = Desired(files)
    return sides(desired, desired, Live(TARGET, live), Renamed())


def groups(*names: str) -> State:
    return State({"dags": tuple(Dag(name, Made(f"dag/{name}")) for name in names)})


def live_groups(**ids: str) -> State:
    made = (Dag(name, name.lower(), group_id) for name, group_id in ids.items())
    return State({"dags": tuple(made)})


def test_a_group_of_nearly_the_same_name_is_proposed() -> None:
    (one,) = proposals(looked_at(groups("Lyons"), live_groups(Lyon="7")))
    assert (one.old, one.new, one.word) == ("dag/Lyons", "dag/Lyon", "dag/Lyon=dag/Lyons")


def test_a_group_of_another_name_is_none() -> None:
    assert proposals(looked_at(groups("Lyons"), live_groups(Oslo="7"))) == ()


def test_the_id_of_an_earlier_run_tells_a_group_of_another_name() -> None:
    then = live_groups(Lyons="7", Boston="8")
    seen = looked_at(groups("Lyons", "Boston"), live_groups(Oslo="7", Boston="8"))
    (one,) = proposals(seen, then)
    assert (one.old, one.new) == ("dag/Lyons", "dag/Oslo")


def test_two_that_could_be_meant_are_not_proposed() -> None:
    assert proposals(looked_at(groups("Lyons"), live_groups(Lyon="7", Lyonss="8"))) == ()


def test_a_field_with_its_label_and_place_is_proposed() -> None:
    first = Field("record_id", "intake", field_type="text", field_label="ID")
    old = Field("dob", "intake", field_type="text", field_label="Date of birth")
    new = Field("birth_date", "intake", field_type="text", field_label="Date of birth")
    (one,) = proposals(looked_at(State({"fields": (first, old)}), State({"fields": (first, new)})))
    assert one.word == "birth_date=dob"


ONE = Proposal("fields", "field/dob", "field/birth_date", "dob", "birth_date")


def nobody(_: Proposal) -> None:
    return None


def test_what_nobody_answers_stays_open() -> None:
    assert accepted([ONE], Consent(), nobody) == (Renamed(), (ONE,))


@pytest.mark.parametrize(
    "consent", [Consent(all=True), Consent(words=("birth_date=dob",)),
                Consent(all=False, words=("birth_date=dob",))],
)  # fmt: skip
def test_a_word_accepts(consent: Consent) -> None:
    assert accepted([ONE], consent, nobody) == (Renamed({"dob": "birth_date"}), ())


def test_a_word_refuses() -> None:
    assert accepted([ONE], Consent(all=False), nobody) == (Renamed(), ())


def test_a_person_answers() -> None:
    assert accepted([ONE], Consent(), lambda _: True) == (Renamed({"dob": "birth_date"}), ())


def test_a_word_for_what_is_not_proposed_is_refused() -> None:
    with pytest.raises(GuardError, match="--accept-rename x=y names nothing"):
        accepted([ONE], Consent(words=("x=y",)), nobody)
