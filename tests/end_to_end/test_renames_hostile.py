"""A rename under hostile circumstances: whatever is answered, no value goes before it is safe."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from redcap_iac import workflow
from redcap_iac.answers import Answer
from redcap_iac.calls import Call
from redcap_iac.carrier import records
from redcap_iac.emulator import locking
from redcap_iac.errors import PartlyAppliedError, RedcapIacError, UnreachableError
from redcap_iac.workflow import Applied
from tests.end_to_end.study import Silent, Study, everything
from tests.end_to_end.watching import Before, Watched, grant, once, session

Manifest = dict[str, Any]
CODES = {"-7": "None", "a": "A", "B.2": "B", "10": "Ten"}
NAMES = ["007", "Zoë, 1", "Ω-2", "a b", "1.0"]
VALUES = {
    "007": "0",
    "Zoë, 1": "first line\nsecond line",
    "Ω-2": "NA",
    "a b": "x" * 60_000,
    "1.0": "=SUM(A1), \"quoted\" 'and' <b>bold</b>",
}


def design(*, renamed: bool, **note: str) -> Manifest:
    """Return a classic study with a note and a checkbox, under their first names or the others."""
    words: Manifest = {"type": "notes", "label": "Words", **note}
    ticks: Manifest = {"type": "checkbox", "label": "Ticks", "choices": CODES}
    fields: Manifest = {"record_id": {"type": "text", "label": "ID"}}
    if renamed:
        fields["notes"] = {**words, "renamed_from": "words"}
        fields["marks"] = {**ticks, "renamed_from": "ticks"}
    else:
        fields |= {"words": words, "ticks": ticks}
    return {"instruments": [{"instrument": "intake", "fields": fields}]}


def put(study: Study, *rows: dict[str, str]) -> None:
    answer = study.project.post("record", action="import", data=json.dumps(rows))
    assert answer.status_code == 200, answer.text


def ticking(study: Study, number: int) -> None:
    """Tick two choices in so many records."""
    put(study, *(
        {"record_id": str(one), "ticks___a": "1", "ticks___10": "1"}
        for one in range(100, 100 + number)
    ))  # fmt: skip


def stored(study: Study, *names: str) -> set[tuple[str, str, str]]:
    """Return record, field and value from the emulator's own tables."""
    with study.project.emulator.store.transaction() as db:
        rows = db.execute(
            "SELECT record, field_name, value FROM data WHERE project_id = ?",
            (study.project.project_id,),
        ).fetchall()
    return {tuple(row) for row in rows if row["field_name"] in names}


def as_renamed(values: set[tuple[str, str, str]]) -> set[tuple[str, str, str]]:
    names = {"words": "notes", "ticks": "marks"}
    return {(record, names.get(field, field), value) for record, field, value in values}


@pytest.fixture
def filled(study: Study) -> Study:
    """A study with hostile names and values, its renamed design declared."""
    study.converge(design(renamed=False))
    put(study, *({"record_id": name, "words": VALUES[name]} for name in NAMES))
    put(study, {"record_id": "007", "ticks____7": "1", "ticks___b_2": "1"},
        {"record_id": "Ω-2", "ticks___a": "1", "ticks___10": "1"})  # fmt: skip
    study.declare(design(renamed=True))
    return study


def applied_with(
    study: Study,
    before: Before = lambda _: None,
    after: Callable[[Call, Answer], Answer] = lambda _, answer: answer,
) -> Applied:
    """Plan undisturbed, then apply while each call is met by `before` and `after`."""
    goal = study.goal()
    planned = study.plan(goal)
    watched = session(study, Watched(study.project, before, after))
    return workflow.apply(watched, goal, planned, Silent(), answers=everything())


def is_of_values(call: Call) -> bool:
    return call.content == "record" and not call.writes


def copying() -> Callable[[Call], bool]:
    """Return what tells of each call whether the copy is at work: from its look at the log on."""
    met: list[Call] = []

    def is_copying(call: Call) -> bool:
        if call.content == "exportFieldNames":
            met.append(call)
        return bool(met)

    return is_copying


def stopped(applied: Applied) -> RedcapIacError:
    error = applied.outcomes[-1].error
    assert error is not None
    return error


def finished(study: Study, values: set[tuple[str, str, str]]) -> None:
    """Apply undisturbed; everything that is to be there is there under its new name."""
    applied = study.apply(study.goal())
    assert applied.is_complete, applied.outcomes[-1].error
    assert stored(study, "words", "ticks", "notes", "marks") == as_renamed(values)


def test_hostile_names_values_and_codes_arrive_byte_by_byte(filled: Study) -> None:
    was = stored(filled, "words", "ticks")
    assert {value for record, field, value in was if field == "words"} == set(VALUES.values())
    finished(filled, was)


def test_blanks_at_both_ends_arrive(filled: Study) -> None:
    with filled.project.emulator.store.transaction() as db:
        db.execute("UPDATE data SET value = '  so  ' WHERE field_name = 'words' AND record = '007'")
    was = stored(filled, "words", "ticks")
    assert ("007", "words", "  so  ") in was
    finished(filled, was)


def test_missing_data_codes_arrive_where_the_new_validation_takes_only_numbers(
    filled: Study,
) -> None:
    number = {"type": "text", "label": "Age", "validation": "integer"}
    codes = json.dumps({"missing_data_codes": "NA, Not applicable"})
    project = filled.project
    with project.emulator.store.transaction() as db:
        (kept,) = db.execute(
            "SELECT settings FROM projects WHERE project_id = ?", (project.project_id,)
        ).fetchone()
        db.execute(
            "UPDATE projects SET settings = ? WHERE project_id = ?",
            (json.dumps({**json.loads(kept), **json.loads(codes)}), project.project_id),
        )
    fields: Manifest = design(renamed=False)
    fields["instruments"][0]["fields"]["age"] = number
    filled.converge(fields)
    put(filled, {"record_id": "007", "age": "NA"}, {"record_id": "a b", "age": "41"})
    fields["instruments"][0]["fields"]["years"] = {**number, "renamed_from": "age"}
    del fields["instruments"][0]["fields"]["age"]
    filled.converge(fields)
    assert stored(filled, "years") == {("007", "years", "NA"), ("a b", "years", "41")}


@pytest.mark.parametrize("share", [0, 2], ids=["nothing", "some"])
def test_exports_that_are_short_every_time_prove_nothing(filled: Study, share: int) -> None:
    was = stored(filled, "words", "ticks")
    is_copying = copying()

    def short(call: Call, answer: Answer) -> Answer:
        if is_copying(call) and is_of_values(call):
            return replace(answer, rows=answer.rows[:share])
        return answer

    applied = applied_with(filled, after=short)
    assert isinstance(stopped(applied), PartlyAppliedError)
    assert "Nothing was dropped" in str(stopped(applied).advice)
    assert was <= stored(filled, "words", "ticks")
    finished(filled, was)


def test_a_proof_that_sees_less_than_the_copy_did_is_none(filled: Study) -> None:
    was = stored(filled, "words", "ticks")
    written: list[Call] = []

    def short(call: Call, answer: Answer) -> Answer:
        if call.content == "record" and call.writes:
            written.append(call)
        if written and is_of_values(call) and call.params.get("type") == "eav":
            return replace(answer, rows=answer.rows[:3])
        return answer

    error = stopped(applied_with(filled, after=short))
    assert "Nothing was dropped" in str(error.advice)
    assert was <= stored(filled, "words", "ticks")
    finished(filled, was)


def test_an_import_that_drops_values_and_answers_less_is_seen(filled: Study) -> None:
    was = stored(filled, "words", "ticks")

    class Losing(Watched):
        def send(self, call: Call) -> Answer:
            if call.content == "record" and call.writes:
                call = replace(call, rows=call.rows[:1])
            return super().send(call)

    goal = filled.goal()
    planned = filled.plan(goal)
    losing = session(filled, Losing(filled.project))
    error = stopped(workflow.apply(losing, goal, planned, Silent(), answers=everything()))
    assert "Nothing was dropped" in str(error.advice)
    assert was <= stored(filled, "words", "ticks")


def test_an_import_that_writes_nothing_never_comes_to_rest(filled: Study) -> None:
    was = stored(filled, "words", "ticks")

    class Deaf(Watched):
        def send(self, call: Call) -> Answer:
            if call.content == "record" and call.writes:
                return Answer(text='{"count": 0}', count=0)
            return super().send(call)

    goal = filled.goal()
    planned = filled.plan(goal)
    applied = workflow.apply(
        session(filled, Deaf(filled.project)), goal, planned, Silent(), answers=everything()
    )
    assert "not equal after" in stopped(applied).message
    assert was <= stored(filled, "words", "ticks")
    finished(filled, was)


def after_the_first_import(act: Callable[[], object]) -> Callable[[Call, Answer], Answer]:
    done: list[Call] = []

    def after(call: Call, answer: Answer) -> Answer:
        if call.content == "record" and call.writes and not done:
            done.append(call)
            act()
        return answer

    return after


def test_a_record_deleted_meanwhile_stops_it_and_stays_deleted(filled: Study) -> None:
    project = filled.project
    was = {one for one in stored(filled, "words", "ticks") if one[0] != "a b"}

    def delete() -> None:
        grant(project, "jdoe", record_delete=1)
        project.post("record", action="delete", records=["a b"]).raise_for_status()

    error = stopped(applied_with(filled, after=after_the_first_import(delete)))
    assert "1 record shows no value under words any more" in error.message
    assert was <= stored(filled, "words", "ticks")
    finished(filled, was)


def test_a_record_renamed_meanwhile_keeps_its_values(filled: Study) -> None:
    project = filled.project
    grant(project, "jdoe", record_rename=1)
    was = {
        ("a c" if record == "a b" else record, field, value)
        for record, field, value in stored(filled, "words", "ticks")
    }

    def rename() -> None:
        project.post(
            "record", action="rename", record="a b", new_record_name="a c"
        ).raise_for_status()

    error = stopped(applied_with(filled, after=after_the_first_import(rename)))
    assert "no value under words any more" in error.message
    finished(filled, was)


def test_a_user_put_into_a_group_meanwhile_does_not_take_the_rest_for_nothing(
    filled: Study,
) -> None:
    """Three groups, the token's user in none; then somebody puts them into one."""
    project = filled.project
    groups = [{"data_access_group_name": name, "unique_group_name": ""} for name in "PQR"]
    project.post("dag", action="import", data=json.dumps(groups)).raise_for_status()
    put(filled, *(
        {"record_id": name, "redcap_data_access_group": group}
        for name, group in zip(NAMES, "pqrpq", strict=True)
    ))  # fmt: skip
    was = stored(filled, "words", "ticks")

    def enclose() -> None:
        row = [{"username": "jdoe", "redcap_data_access_group": "p"}]
        project.post("userDagMapping", action="import", data=json.dumps(row)).raise_for_status()

    applied = applied_with(filled, once("exportFieldNames", "export", enclose))
    assert "records that hold a value under words are shown now" in stopped(applied).message
    assert was <= stored(filled, "words", "ticks")
    row = [{"username": "jdoe", "redcap_data_access_group": ""}]
    project.post("userDagMapping", action="import", data=json.dumps(row)).raise_for_status()
    finished(filled, was)


def test_rights_lost_after_the_first_look_do_not_make_it_nothing(filled: Study) -> None:
    project = filled.project
    was = stored(filled, "words", "ticks")

    def blind(level: int) -> None:
        with project.emulator.store.transaction() as db:
            db.execute("UPDATE users SET forms_export = ?", (json.dumps({"intake": level}),))

    applied = applied_with(filled, after=after_the_first_import(lambda: blind(0)))
    assert stopped(applied) is not None
    assert was <= stored(filled, "words", "ticks")
    blind(1)
    finished(filled, was)


def test_a_record_locked_meanwhile_stops_it_without_a_loss(filled: Study) -> None:
    project = filled.project
    was = stored(filled, "words", "ticks")

    def lock(*, locked: bool = True) -> None:
        with project.emulator.store.transaction() as db:
            place = locking.place(db, project.project_id, "007", "", "intake", 1)
            now = project.emulator.server.clock()
            if locked:
                locking.lock(db, project.project_id, place, "jdoe", now, esigned=True)
            else:
                locking.unlock(db, project.project_id, place, "jdoe", now)

    grant(project, "jdoe", logging=1)
    error = stopped(applied_with(filled, once("exportFieldNames", "export", lock)))
    assert "1 record is locked" in error.message
    assert was <= stored(filled, "words", "ticks")
    lock(locked=False)
    finished(filled, was)


def test_values_the_new_validation_refuses_stay_where_they_are(filled: Study) -> None:
    fields = design(renamed=True)
    fields["instruments"][0]["fields"]["notes"] |= {"type": "text", "validation": "integer"}
    filled.declare(fields)
    was = stored(filled, "words", "ticks")
    error = stopped(applied_with(filled))
    assert "REDCap does not take values under their new name" in error.message
    assert "bold" not in f"{error.message} {error.advice}"
    assert was <= stored(filled, "words", "ticks")


def test_a_cut_between_two_imports_leaves_no_half_of_a_checkbox(
    filled: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "_MOST_VALUES", 5)
    ticking(filled, 10)
    was = stored(filled, "words", "ticks")
    for cut in range(1, 6):
        imports: list[Call] = []

        def before(call: Call, imports: list[Call] = imports, cut: int = cut) -> None:
            if call.content == "record" and call.writes:
                imports.append(call)
                if len(imports) > cut:
                    raise UnreachableError("the line is dead")

        applied = applied_with(filled, before)
        if applied.is_complete:
            break
        assert isinstance(stopped(applied), UnreachableError)
    finished(filled, was)
