"""Counts against the emulator's own tables: by field, choice, event, instance, group."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redcap_iac import workflow
from redcap_iac.emulator.server import Emulator
from redcap_iac.errors import ServerError
from redcap_iac.hazard import Count, ImpactMode
from redcap_iac.safety.hazards import Counts
from redcap_iac.safety.impact import count
from redcap_iac.safety.scene import Question
from redcap_iac.state import Live
from tests.emulator.served import new_project
from tests.end_to_end.study import Study
from tests.end_to_end.watching import Watched, grant
from tests.safety.holding import designed, fill, in_group, rows, stored

Counted = Callable[[str, Any], bool]

_TICKED = Question("[drugs(2)] = '1'", ("drugs",))
_EITHER = Question("[town] <> '' or [more] <> ''", ("town", "more"))
#: Every sort of question, and which stored values it is about.
QUESTIONS: dict[Question, Counted] = {
    Question(): lambda *_: True,
    Question("[town] <> ''", ("town",)): lambda _, row: row["field_name"] == "town",
    Question("[mood] <> ''", ("mood",)): lambda _, row: row["field_name"] == "mood",
    Question("[void] <> ''", ("void",)): lambda _, row: row["field_name"] == "void",
    _TICKED: lambda _, row: (row["field_name"], row["value"]) == ("drugs", "2"),
    _EITHER: lambda _, row: row["field_name"] in ("town", "more"),
    Question("[mood] = 'x'", ("mood",), ("week_arm_1",)): lambda event, row: (
        event == "week_arm_1" and (row["field_name"], row["value"]) == ("mood", "x")
    ),
    Question(events=("week_arm_1",)): lambda event, _: event == "week_arm_1",
    Question(events=("open_arm_1", "base_arm_2")): lambda event, _: (
        event in ("open_arm_1", "base_arm_2")
    ),
    Question(events=("week_arm_1",), beyond_first=True, instrument="visit"): lambda event, row: (
        event == "week_arm_1" and row["repeat_form"] == "visit" and row["instance"] > 1
    ),
    Question(events=("open_arm_1",), beyond_first=True): lambda event, row: (
        event == "open_arm_1" and row["instance"] > 1
    ),
}


@pytest.fixture(scope="module")
def whole() -> Any:  # noqa: ANN401 - a fixture that yields
    """One project for all examples; each fills it anew."""
    with Emulator() as emulator, TemporaryDirectory() as folder:
        yield designed(Study(new_project(emulator), Path(folder)))


def asked(study: Study, mode: ImpactMode, *questions: Question) -> Counts:
    client = study.session.client
    return count(client, workflow.read(study.session), questions, mode)


@settings(max_examples=12)
@given(made=rows())
@pytest.mark.parametrize("mode", [ImpactMode.COUNTS, ImpactMode.VALUES])
def test_a_count_is_what_the_tables_hold(
    whole: Study, mode: ImpactMode, made: list[dict[str, str]]
) -> None:
    fill(whole.project, made)
    counts = asked(whole, mode, *QUESTIONS)
    total = stored(whole.project, lambda *_: True)
    for question, counted in QUESTIONS.items():
        of = None if question == Question() else total
        assert counts[question] == Count(stored(whole.project, counted), of=of), question


@settings(max_examples=12)
@given(made=rows())
def test_groups_are_counted_apart(whole: Study, made: list[dict[str, str]]) -> None:
    fill(whole.project, made)
    counts = asked(whole, ImpactMode.COUNTS, Question(group="lyon"), Question(group="paris"))
    for group in ("lyon", "paris"):
        assert counts[Question(group=group)].number == in_group(whole.project, group)


_SOME = st.sampled_from(["[town]", "[mood]", "[more]", "[drugs(1)]", "[week_arm_1][more]"])
_COMPARED = st.builds("{} {} {}".format, _SOME, st.sampled_from(["=", "<>", "<", ">="]),
                      st.sampled_from(["''", "'x'", "0", "1"]))  # fmt: skip
_LOGIC = st.recursive(
    _COMPARED,
    lambda inner: st.one_of(
        st.builds("({}) and ({})".format, inner, inner),
        st.builds("({}) or ({})".format, inner, inner),
        st.builds("not ({})".format, inner),
    ),
    max_leaves=4,
)


@settings(max_examples=12)
@given(made=rows(), logic=_LOGIC)
def test_values_say_what_filters_say(whole: Study, made: list[dict[str, str]], logic: str) -> None:
    fill(whole.project, made)
    question = Question(logic, ("town", "mood", "more", "drugs"))
    by_filter = asked(whole, ImpactMode.COUNTS, question)[question]
    assert asked(whole, ImpactMode.VALUES, question)[question] == by_filter


ROW = {"record_id": "1", "redcap_event_name": "base_arm_1", "town": "x"}


@pytest.fixture
def filled(study: Study) -> Study:
    fill(designed(study).project, [ROW, {**ROW, "record_id": "2", "town": ""}])
    return study


TOWN = Question("[town] <> ''", ("town",))
VOID = Question("[void] <> ''", ("void",))


def limited(study: Study, level: int, form: str = "intake") -> None:
    """Set the creator's export right for an instrument."""
    project = study.project
    with project.emulator.store.transaction() as db:
        db.execute(
            "UPDATE users SET forms_export = json_set(forms_export, ?, ?) WHERE project_id = ?",
            (f"$.{form}", level, project.project_id),
        )


class TestRights:
    """What export rights hide is not told as nothing."""

    @pytest.mark.parametrize("level", [0, 2])
    def test_without_full_export_a_count_is_at_least(self, filled: Study, level: int) -> None:
        limited(filled, level)
        assert asked(filled, ImpactMode.COUNTS, TOWN)[TOWN] == Count(1, at_least=True)

    @pytest.mark.parametrize("level", [0, 2])
    def test_without_full_export_none_is_not_known(self, filled: Study, level: int) -> None:
        limited(filled, level, "extra")
        assert asked(filled, ImpactMode.COUNTS, VOID)[VOID] == Count(None)

    def test_what_is_no_identifier_is_seen_by_who_sees_no_identifiers(self, filled: Study) -> None:
        limited(filled, 3)
        assert asked(filled, ImpactMode.COUNTS, TOWN)[TOWN] == Count(1, of=2)

    def test_rights_on_other_instruments_do_not_matter(self, filled: Study) -> None:
        limited(filled, 0, "visit")
        assert asked(filled, ImpactMode.COUNTS, VOID)[VOID] == Count(0, of=2)

    def test_rights_that_cannot_be_read_are_not_taken_for_full(self, filled: Study) -> None:
        grant(filled.project, "jdoe", user_rights=0)
        assert asked(filled, ImpactMode.COUNTS, TOWN)[TOWN] == Count(1, at_least=True)
        assert asked(filled, ImpactMode.COUNTS, VOID)[VOID] == Count(None)

    def test_who_is_in_a_group_does_not_know_of_the_others(self, filled: Study) -> None:
        users = [{"username": "jdoe", "redcap_data_access_group": "lyon"}]
        filled.project.post(
            "userDagMapping", action="import", data=json.dumps(users)
        ).raise_for_status()
        counts = asked(filled, ImpactMode.COUNTS, Question(), TOWN, Question(group="lyon"))
        assert {counts[one].number for one in (Question(), TOWN, Question(group="lyon"))} == {None}


class TestTrouble:
    """A count that fails is not known, and never an error of the plan."""

    def test_a_refused_filter_is_not_known_and_others_are(self, filled: Study) -> None:
        wrong = Question("[nothing] <> ''", ("town",))
        counts = asked(filled, ImpactMode.COUNTS, wrong, TOWN)
        assert (counts[wrong], counts[TOWN]) == (Count(None), Count(1, of=2))

    @pytest.mark.parametrize("fault", ["error=500", "cut-before", "html", "error=403"])
    def test_a_server_that_fails_is_not_asked_on_and_on(self, filled: Study, fault: str) -> None:
        live = workflow.read(filled.session)
        filled.project.emulator.faults.order(f"{fault}@record/export")
        client = Watched(filled.project)
        many = [Question(f"[town] = '{number}'", ("town",)) for number in range(50)]
        counts = count(client, live, many, ImpactMode.COUNTS)
        assert {counts[one] for one in many} == {Count(None)}
        assert len(client.calls) <= 4

    def test_one_short_answer_is_not_an_empty_project(self, filled: Study) -> None:
        live = workflow.read(filled.session)
        filled.project.emulator.faults.order("short-read@record/export#1")
        counts = count(filled.session.client, live, [TOWN], ImpactMode.COUNTS)
        assert counts[TOWN] == Count(1, of=2)

    def test_values_that_cannot_be_exported_are_asked_for_with_a_filter(
        self, filled: Study
    ) -> None:
        def refuse(call: Any) -> None:  # noqa: ANN401 - a call
            if call.params.get("type") == "eav":
                raise ServerError("it failed", status=500)

        live = workflow.read(filled.session)
        client = Watched(filled.project, refuse)
        assert count(client, live, [TOWN], ImpactMode.VALUES)[TOWN] == Count(1, of=2)


class TestPoliteness:
    """As few calls as can be, and no value in any of them."""

    def calls(self, study: Study, *questions: Question, mode: ImpactMode) -> list[Any]:
        live: Live = workflow.read(study.session)
        client = Watched(study.project)
        count(client, live, questions, mode)
        return client.calls

    def test_nothing_is_asked_when_counts_are_off(self, filled: Study) -> None:
        assert self.calls(filled, TOWN, mode=ImpactMode.NONE) == []

    def test_nothing_is_asked_when_there_is_no_question(self, filled: Study) -> None:
        assert self.calls(filled, mode=ImpactMode.COUNTS) == []

    def test_a_question_is_one_call_and_one_more_for_all(self, filled: Study) -> None:
        assert len(self.calls(filled, TOWN, TOWN, VOID, mode=ImpactMode.COUNTS)) == 3

    def test_groups_share_a_call(self, filled: Study) -> None:
        both = (Question(group="lyon"), Question(group="paris"))
        assert len(self.calls(filled, *both, mode=ImpactMode.COUNTS)) == 2

    def test_an_empty_project_is_asked_twice_only(self, filled: Study) -> None:
        fill(filled.project, [])
        assert len(self.calls(filled, *QUESTIONS, mode=ImpactMode.COUNTS)) == 2

    def test_only_ids_and_statuses_of_repeating_instruments_leave_the_server(
        self, filled: Study
    ) -> None:
        calls = self.calls(filled, *QUESTIONS, mode=ImpactMode.COUNTS)
        asked = {name for call in calls for name in call.params["fields"]}
        assert asked == {"record_id", "visit_complete", "extra_complete"}

    def test_values_are_asked_for_once_whatever_the_number_of_questions(
        self, filled: Study
    ) -> None:
        many = [Question(f"[town] = '{number}'", ("town",)) for number in range(30)]
        assert len(self.calls(filled, *many, mode=ImpactMode.VALUES)) == 2
