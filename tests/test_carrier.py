"""Values are carried whole, proved, and told to nobody."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from redcap_iac.answers import Answer
from redcap_iac.calls import Call
from redcap_iac.carrier import Carried, Carrier, StoppedError
from redcap_iac.emulator import locking
from redcap_iac.emulator.server import Emulator
from redcap_iac.errors import PartlyAppliedError, RightsError, UnreachableError
from redcap_iac.exporter import read_live
from redcap_iac.plan import Copy
from tests.emulator.served import Project, new_project
from tests.end_to_end.watching import Watched, grant, once

SECRET = "Zuzanna-7"
CHOICES = "a, A | -1, None | B2, B"
RENAME = Copy("old", "new")


def field(name: str, kind: str = "text", **cells: str) -> dict[str, str]:
    return {"field_name": name, "form_name": "form_1", "field_type": kind,
            "field_label": name, **cells}  # fmt: skip


def dictionary(project: Project, *fields: dict[str, str]) -> None:
    rows = [field("record_id"), *fields]
    answer = project.post("metadata", action="import", data=json.dumps(rows))
    assert answer.status_code == 200, answer.text


def put(project: Project, **values: dict[str, str]) -> None:
    """Store values; a record's name is the key after `r`."""
    rows = [{"record_id": name[1:], **row} for name, row in values.items()]
    answer = project.post(
        "record", action="import", data=json.dumps(rows), overwriteBehavior="overwrite"
    )
    assert answer.status_code == 200, answer.text


def held(project: Project, name: str) -> dict[str, str]:
    rows = project.rows("record", fields=["record_id", name])
    return {row["record_id"]: row[name] for row in rows if row[name]}


def carrier(client: Watched, *copies: Copy, **options: Any) -> Carrier:  # noqa: ANN401
    return Carrier(client, read_live(client, "jdoe"), copies or (RENAME,), **options)


def carry(project: Project, *copies: Copy) -> Carried:
    return carrier(Watched(project), *copies).carry()


@pytest.fixture
def renamed(project: Project) -> Project:
    """A project with a text under two names, the old one filled."""
    dictionary(project, field("old"), field("new"))
    put(project, r1={"old": SECRET}, r2={"old": "two"}, r3={"old": ""})
    return project


def test_every_value_is_written_under_the_new_name_and_kept_under_the_old(
    renamed: Project,
) -> None:
    carried = carry(renamed)
    assert held(renamed, "new") == held(renamed, "old") == {"1": SECRET, "2": "two"}
    assert (carried.values, carried.written) == (2, 2)


def test_two_rounds_in_a_row_have_to_be_equal(renamed: Project) -> None:
    assert carry(renamed).rounds == 3
    assert carry(renamed).rounds == 2


def test_run_again_it_writes_only_what_differs(renamed: Project) -> None:
    put(renamed, r2={"new": "two"})
    assert carry(renamed).written == 1
    client = Watched(renamed)
    assert carrier(client).carry().written == 0
    assert client.writes == []


def test_the_digest_is_of_places_and_values(renamed: Project) -> None:
    first = carry(renamed).digest
    assert carry(renamed).digest == first
    put(renamed, r3={"old": "three"})
    assert carry(renamed).digest != first


def test_it_never_erases_and_never_sends_a_blank(renamed: Project) -> None:
    client = Watched(renamed)
    carrier(client).carry()
    (sent,) = client.writes
    assert sent.params["overwriteBehavior"] == "normal"
    assert sent.params["forceAutoNumber"] == "false"
    assert all(row["value"] for row in sent.rows)


def test_a_value_typed_under_the_new_name_alone_stays(renamed: Project) -> None:
    put(renamed, r3={"new": "typed here"})
    carry(renamed)
    assert held(renamed, "new")["3"] == "typed here"


def test_what_comes_in_while_it_copies_is_copied(renamed: Project) -> None:
    act = once("record", "import", lambda: put(renamed, r4={"old": "late"}))
    client = Watched(renamed, act)
    assert carrier(client).carry().written == 3
    assert held(renamed, "new")["4"] == "late"


def after_first_import(act: Callable[[], object]) -> Callable[[Call, Answer], Answer]:
    done: list[Call] = []

    def after(call: Call, answer: Answer) -> Answer:
        if call.writes and not done:
            done.append(call)
            act()
        return answer

    return after


def test_a_value_changed_after_it_was_copied_is_copied_again(renamed: Project) -> None:
    act = after_first_import(lambda: put(renamed, r1={"old": "newer"}))
    carrier(Watched(renamed, after=act)).carry()
    assert held(renamed, "new")["1"] == "newer"


def test_a_value_blanked_after_it_was_copied_stops_it(renamed: Project) -> None:
    act = after_first_import(lambda: put(renamed, r1={"old": ""}))
    with pytest.raises(PartlyAppliedError, match="1 record was blanked under old"):
        carrier(Watched(renamed, after=act)).carry()


def test_different_values_under_both_names_stop_it_and_are_not_told(renamed: Project) -> None:
    put(renamed, r1={"new": "other"}, r2={"new": "another"})
    with pytest.raises(PartlyAppliedError) as stopped:
        carry(renamed)
    error = stopped.value
    assert error.message == "2 records hold one value under old and another under new."
    assert error.advice.startswith("Nothing was dropped")
    assert SECRET not in f"{error.message} {error.advice}"
    assert held(renamed, "new") == {"1": "other", "2": "another"}


def test_values_the_new_field_refuses_stop_it_without_being_told(project: Project) -> None:
    validation = {"text_validation_type_or_show_slider_number": "integer"}
    dictionary(project, field("old"), field("new", **validation))
    put(project, r1={"old": SECRET}, r2={"old": "two"})
    with pytest.raises(PartlyAppliedError) as stopped:
        carry(project)
    error = stopped.value
    assert "(2 of new)" in error.message
    assert SECRET not in f"{error.message} {error.advice}"
    assert (error.__cause__, error.__suppress_context__) == (None, True)
    assert held(project, "old") == {"1": SECRET, "2": "two"}


def test_a_refusal_wrote_nothing_and_a_lost_answer_leaves_it_open(renamed: Project) -> None:
    def cut(call: Call) -> None:
        if call.writes:
            raise UnreachableError("the line is dead")

    lost = carrier(Watched(renamed, cut))
    with pytest.raises(UnreachableError):
        lost.carry()
    assert lost.sent
    grant(renamed, "jdoe", api_import=0)
    refused = carrier(Watched(renamed))
    with pytest.raises(RightsError):
        refused.carry()
    assert not refused.sent


def test_ticks_of_all_codes_are_carried(project: Project) -> None:
    choices = {"select_choices_or_calculations": CHOICES}
    dictionary(project, field("old", "checkbox", **choices), field("new", "checkbox", **choices))
    put(project, r1={"old___a": "1", "old____1": "1"}, r2={"old___b2": "1"})
    carried = carry(project)
    rows = {row["record_id"]: row for row in project.rows("record")}
    assert {name: rows["1"][f"new___{name}"] for name in ("a", "_1", "b2")} == {
        "a": "1", "_1": "1", "b2": "0",
    }  # fmt: skip
    assert rows["2"]["new___b2"] == "1"
    assert carried.values == 3


def test_a_tick_without_a_choice_stops_it(project: Project) -> None:
    choices = {"select_choices_or_calculations": CHOICES}
    fewer = {"select_choices_or_calculations": "a, A"}
    dictionary(project, field("old", "checkbox", **choices), field("new", "checkbox", **fewer))
    put(project, r1={"old____1": "1"})
    with pytest.raises(PartlyAppliedError, match="Field new has no choice"):
        carry(project)


def test_answers_are_recoded_in_place(project: Project) -> None:
    choices = {"select_choices_or_calculations": "1, Low | 2, Mid | 3, High"}
    dictionary(project, field("level", "radio", **choices))
    put(project, r1={"level": "3"}, r2={"level": "1"}, r3={"level": "2"})
    carried = carry(project, Copy("level", "level", (("3", "2"),)))
    assert held(project, "level") == {"1": "2", "2": "1", "3": "2"}
    assert (carried.values, carried.written) == (3, 1)


def test_ticks_are_recoded_in_place(project: Project) -> None:
    choices = {"select_choices_or_calculations": CHOICES}
    dictionary(project, field("race", "checkbox", **choices))
    put(project, r1={"race____1": "1", "race___b2": "1"}, r2={"race___a": "1"})
    carry(project, Copy("race", "race", (("-1", "a"),)))
    rows = {row["record_id"]: row for row in project.rows("record")}
    ticked = {
        name: [code for code in ("a", "_1", "b2") if row[f"race___{code}"] == "1"]
        for name, row in rows.items()
    }
    assert ticked == {"1": ["a", "b2"], "2": ["a"]}


def test_a_status_nobody_chose_gives_way(project: Project) -> None:
    rows = [field("record_id"), field("one"), {**field("two"), "form_name": "other"}]
    project.post("metadata", action="import", data=json.dumps(rows)).raise_for_status()
    put(project, r1={"one": "x", "two": "y", "form_1_complete": "2"})
    assert held(project, "other_complete") == {"1": "0"}
    carry(project, Copy("form_1_complete", "other_complete"))
    assert held(project, "other_complete") == {"1": "2"}


def test_a_status_somebody_chose_does_not(project: Project) -> None:
    rows = [field("record_id"), field("one"), {**field("two"), "form_name": "other"}]
    project.post("metadata", action="import", data=json.dumps(rows)).raise_for_status()
    put(project, r1={"one": "x", "form_1_complete": "2", "other_complete": "1"})
    with pytest.raises(PartlyAppliedError, match="1 record holds one value"):
        carry(project, Copy("form_1_complete", "other_complete"))


def test_what_the_user_may_not_export_is_not_taken_for_nothing(project: Project) -> None:
    dictionary(project, field("old", identifier="y"), field("new"))
    put(project, r1={"old": SECRET})
    with project.emulator.store.transaction() as db:
        db.execute("UPDATE users SET forms_export = ?", (json.dumps({"form_1": 3}),))
    with pytest.raises(RightsError, match="may not export old"):
        carry(project)


def lock(project: Project, record: str, form: str, *, locked: bool = True) -> None:
    """Leave the recorded line of a lock in the log, as REDCap's page does."""

    with project.emulator.store.transaction() as db:
        place = locking.place(db, project.project_id, record, "", form, 1)
        now = project.emulator.server.clock()
        if locked:
            locking.lock(db, project.project_id, place, "jdoe", now, esigned=False)
        else:
            locking.unlock(db, project.project_id, place, "jdoe", now)


def test_a_locked_record_stops_it_before_it_is_written(renamed: Project) -> None:
    grant(renamed, "jdoe", logging=1)
    lock(renamed, "1", "form_1")
    client = Watched(renamed)
    with pytest.raises(PartlyAppliedError, match="1 record is locked where old is to become new"):
        carrier(client).carry()
    assert client.writes == []


def test_a_record_unlocked_again_is_free(renamed: Project) -> None:
    grant(renamed, "jdoe", logging=1)
    lock(renamed, "1", "form_1")
    lock(renamed, "1", "form_1", locked=False)
    carry(renamed)
    assert held(renamed, "new")["1"] == SECRET


def test_without_the_log_a_lock_is_learnt_from_the_refusal(renamed: Project) -> None:
    grant(renamed, "jdoe", logging=0)
    lock(renamed, "1", "form_1")
    blind = carrier(Watched(renamed))
    with pytest.raises(PartlyAppliedError, match="REDCap does not take values"):
        blind.carry()
    assert blind.remarks == ("Locks could not be looked for: the token may not read the log.",)
    assert held(renamed, "old")["1"] == SECRET


def test_it_stops_between_two_calls_when_asked(renamed: Project) -> None:
    client = Watched(renamed)
    with pytest.raises(StoppedError):
        carrier(client, should_stop=lambda: True).carry()
    assert client.writes == []


def test_progress_is_told_records_and_numbers_alone(renamed: Project) -> None:
    told: list[tuple[int, int, int]] = []

    class Telling:
        def copied(self, looked_at: int, total: int, written: int) -> None:
            told.append((looked_at, total, written))

    carrier(Watched(renamed), progress=Telling()).carry()
    assert told == [(3, 3, 2), (3, 3, 0), (3, 3, 0)]


def test_it_gives_up_when_old_and_new_never_become_equal(renamed: Project) -> None:
    turn: list[int] = []

    def before(call: Call) -> None:
        if (call.content, call.params.get("type")) == ("record", "eav") and not call.writes:
            turn.append(len(turn))
            put(renamed, r2={"old": f"value {len(turn)}"})

    with pytest.raises(PartlyAppliedError, match="not equal after 8 rounds"):
        carrier(Watched(renamed, before)).carry()


def test_a_last_look_copies_what_came_since(renamed: Project) -> None:
    one = carrier(Watched(renamed))
    one.carry()
    assert one.look() == 0
    put(renamed, r3={"old": "last minute"}, r1={"old": "changed"})
    assert one.look() == 2
    assert held(renamed, "new") == {"1": "changed", "2": "two", "3": "last minute"}


def test_many_records_go_in_parts(project: Project) -> None:
    dictionary(project, field("old"), field("new"))
    put(project, **{f"r{number}": {"old": f"v{number}"} for number in range(1, 1001)})
    client = Watched(project)
    assert carrier(client).carry().values == 1000
    sizes = [len(call.params.get("records", ())) for call in client.calls]
    assert max(sizes) <= 450
    assert len(client.writes) == 3


TEXTS = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\x00"), min_size=1,
    max_size=12,
).filter(lambda text: text.strip() == text)  # fmt: skip


@settings(
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(values=st.dictionaries(st.integers(1, 40).map(str), TEXTS, max_size=8))
def test_whatever_is_stored_arrives(values: dict[str, str]) -> None:
    with Emulator() as emulator:
        project = new_project(emulator)
        dictionary(project, field("old"), field("new"))
        if values:
            put(project, **{f"r{name}": {"old": value} for name, value in values.items()})
        carried = carry(project)
        assert held(project, "new") == held(project, "old") == values
        assert carried.values == len(values)
