"""Renames and recodes keep every value, wherever it stands, and every right to stop."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest

from redcap_iac import workflow
from redcap_iac.answers import Answer
from redcap_iac.calls import Call
from redcap_iac.errors import PartlyAppliedError
from redcap_iac.hazard import Acceptance
from redcap_iac.plan import PLACEHOLDER, Phase
from redcap_iac.workflow import Answers, Applied
from tests.end_to_end.renaming import SHAPES, Stored, after, before, expected, fill, stored, visible
from tests.end_to_end.study import Silent, Study, everything, said
from tests.end_to_end.watching import Watched, once, session

CASES = ("field", "checkbox", "recode", "instrument")
#: A recode to a choice that is there already cannot be undone: it needs a word of its own.
WORDS = Answers(
    migrate_data=True,
    accept=(
        Acceptance("H151", "choice/level/3", typed=True),
        Acceptance("H130", "fields", typed=True),
    ),
)
ID = {"record_id": {"type": "text", "label": "ID"}}
SECRET = "Zuzanna-7"


def prepared(study: Study, shape: str = "classic") -> set[Stored]:
    study.converge(before(shape))
    fill(study.project, shape)
    return stored(study)


def put(study: Study, *rows: dict[str, str]) -> None:
    answer = study.project.post("record", action="import", data=json.dumps(rows))
    assert answer.status_code == 200, answer.text


def one_form(**fields: dict[str, Any]) -> dict[str, Any]:
    return {"instruments": [{"instrument": "form_1", "fields": {**ID, **fields}}]}


def apply_watched(study: Study, client: Watched) -> Applied:
    goal = study.goal()
    return workflow.apply(
        session(study, client), goal, study.plan(goal), Silent(), answers=everything()
    )


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("case", CASES)
def test_every_value_is_under_its_new_name_and_in_sight(
    study: Study, shape: str, case: str
) -> None:
    was = prepared(study, shape)
    seen = visible(study)
    study.converge(after(shape, case))
    assert stored(study) == expected(was, case)
    assert visible(study) == expected(seen, case)


@pytest.mark.parametrize("shape", SHAPES)
def test_no_word_but_those_for_the_values_is_needed(study: Study, shape: str) -> None:
    was = prepared(study, shape)
    goal = study.declare(after(shape, *CASES))
    planned = study.plan(goal)
    applied = workflow.apply(study.session, goal, planned, Silent(), answers=WORDS)
    assert applied.is_complete, (applied.outcomes[-1].error, said(planned.plan))
    assert stored(study) == expected(was, *CASES)


def test_a_plan_tells_a_rename_as_one_change(study: Study) -> None:
    prepared(study, "repeating instrument")
    goal = study.declare(after("repeating instrument", "field", "instrument"))
    plan = study.plan(goal).plan
    assert {(change.action, change.address) for change in plan.changes} == {
        ("rename", "field/zip_code"),
        ("rename", "instrument/visit"),
        ("rename", "designation/base_arm_1/visit"),
        ("rename", "designation/late_arm_1/visit"),
        ("rename", "repeat/base_arm_1/visit"),
    }
    assert plan.deletions() == {}
    served = {address for step in plan.steps for address in step.serves}
    assert {change.address for change in plan.changes} <= served


def test_the_steps_are_in_the_order_that_loses_nothing(study: Study) -> None:
    prepared(study, "repeating instrument")
    plan = study.plan(study.declare(after("repeating instrument", *CASES))).plan
    assert [step.phase for step in plan.steps] == [
        Phase.DICTIONARY,
        Phase.DESIGNATIONS,
        Phase.REPEATING,
        Phase.MOVE_FIELDS,
        Phase.COPY,
        Phase.DROP_FIELDS,
        Phase.DROP_DESIGNATIONS,
        Phase.DROP_REPEATING,
    ]


def test_the_old_field_is_untouched_until_its_values_are_copied(study: Study) -> None:
    branched = {"type": "text", "label": "Old label", "branching": "[record_id] <> ''"}
    study.converge(one_form(postal=branched))
    put(study, {"record_id": "1", "postal": SECRET})
    study.declare(one_form(zip_code={"type": "text", "label": "Zip", "renamed_from": "postal"}))
    client = Watched(study.project)
    assert apply_watched(study, client).is_complete
    first = next(call for call in client.writes if call.content == "metadata")
    (old,) = (row for row in first.rows if row["field_name"] == "postal")
    assert old["field_label"] == "Old label"
    assert old["branching_logic"] == "[record_id] <> ''"
    assert old["field_annotation"] == ""


def test_designations_nobody_declares_go_with_their_instrument(study: Study) -> None:
    was = prepared(study, "repeating instrument")
    manifest = after("repeating instrument", "instrument")
    del manifest["arms"]
    study.converge(manifest)
    assert stored(study) == expected(was, "instrument")
    repeats = study.project.rows("repeatingFormsEvents")
    assert [(row["event_name"], row["form_name"]) for row in repeats] == [
        ("base_arm_1", "visit"),
    ]
    assert repeats[0]["custom_form_label"] == "[mood]"
    mapped = study.project.rows("formEventMapping")
    assert [row["form"] for row in mapped if row["unique_event_name"] == "late_arm_1"] == ["visit"]


def test_an_old_name_goes_even_where_undeclared_fields_are_left(study: Study) -> None:
    was = prepared(study)
    manifest = after("classic", "field")
    del manifest["instruments"][1]["fields"]["mood"]
    manifest["manage"] = {"fields": "additive"}
    study.converge(manifest)
    assert stored(study) == expected(was, "field")
    names = [row["field_name"] for row in study.project.rows("metadata")]
    assert "mood" in names
    assert "postal" not in names


def test_what_is_typed_after_the_copy_is_copied_before_the_old_name_goes(study: Study) -> None:
    prepared(study)
    study.declare(after("classic", "field"))
    imports: list[Call] = []

    def last_minute(call: Call) -> None:
        """Type under the old name while the project is read again before the last import."""
        if call.content == "record" and call.action == "import":
            imports.append(call)
        if call.content == "metadata" and call.action == "export" and len(imports) == 1:
            imports.append(call)
            put(study, {"record_id": "9", "postal": "last minute"})

    applied = apply_watched(study, Watched(study.project, last_minute))
    assert applied.is_complete, applied.outcomes[-1].error
    assert ("9", "event_1_arm_1", 1, "zip_code", "last minute") in stored(study)


def test_different_values_under_both_names_drop_nothing(study: Study) -> None:
    text = {"type": "text", "label": "P"}
    study.converge(one_form(postal=text, zip_code=text))
    put(study, {"record_id": "1", "postal": SECRET, "zip_code": "other"})
    study.declare(one_form(zip_code={**text, "renamed_from": "postal"}))
    was = stored(study)
    outcome = apply_watched(study, Watched(study.project)).outcomes[-1]
    assert isinstance(outcome.error, PartlyAppliedError)
    assert outcome.failed is not None
    assert outcome.failed.phase is Phase.COPY
    assert not outcome.uncertain
    assert SECRET not in repr(outcome)
    assert stored(study) == was
    assert "postal" in [row["field_name"] for row in study.project.rows("metadata")]


def test_both_names_live_with_equal_values_needs_the_last_import_alone(study: Study) -> None:
    text = {"type": "text", "label": "P"}
    study.converge(one_form(zip_code=text, postal=text))
    put(study, {"record_id": "1", "postal": "x", "zip_code": "x"})
    study.declare(one_form(zip_code={**text, "renamed_from": "postal"}))
    client = Watched(study.project)
    assert apply_watched(study, client).is_complete
    assert [call.content for call in client.writes] == ["metadata"]


def test_no_value_is_in_the_plan_or_the_outcome(study: Study) -> None:
    study.converge(one_form(postal={"type": "text", "label": "P"}))
    put(study, {"record_id": "1", "postal": SECRET})
    goal = study.declare(
        one_form(zip_code={"type": "text", "label": "P", "renamed_from": "postal"})
    )
    planned = study.plan(goal)
    applied = workflow.apply(study.session, goal, planned, Silent(), answers=everything())
    assert applied.is_complete
    assert SECRET not in repr(planned.plan)
    assert SECRET not in repr(applied)


def test_a_stop_in_the_middle_of_a_copy_is_an_interrupt(study: Study) -> None:
    was = prepared(study)
    goal = study.declare(after("classic", "field"))
    client = Watched(study.project)
    applied = workflow.apply(
        session(study, client), goal, study.plan(goal), Silent(), answers=everything(),
        should_stop=lambda: any(call.content == "record" for call in client.writes),
    )  # fmt: skip
    outcome = applied.outcomes[-1]
    assert outcome.interrupted
    assert (outcome.failed, outcome.error) == (None, None)
    assert outcome.not_tried[0].phase is Phase.COPY
    assert study.apply(study.goal()).is_complete
    assert stored(study) == expected(was, "field")


def test_a_placeholder_left_by_a_crash_goes_without_a_word(study: Study) -> None:
    was = prepared(study)
    study.declare(after("classic", "instrument"))
    written: list[Call] = []

    def crash(call: Call, answer: Answer) -> Answer:
        if call.content == "metadata" and call.writes:
            written.append(call)
            raise KeyboardInterrupt
        return answer

    with pytest.raises(KeyboardInterrupt):
        apply_watched(study, Watched(study.project, after=crash))
    names = [row["field_name"] for row in study.project.rows("metadata")]
    assert [name for name in names if name.startswith(PLACEHOLDER)] == [f"{PLACEHOLDER}visit"]
    goal = study.declare(before("classic"))  # somebody thinks better of it
    planned = study.plan(goal)
    assert planned.plan.deletions() == {}
    applied = workflow.apply(study.session, goal, planned, Silent(), answers=Answers())
    assert applied.is_complete, applied.outcomes[-1].error
    assert stored(study) == was


def test_free_text_becomes_choices(study: Study) -> None:
    study.converge(one_form(level={"type": "text", "label": "L"}))
    put(study, {"record_id": "1", "level": "low"}, {"record_id": "2", "level": "2"})
    level = {"type": "radio", "label": "L", "choices": {"1": "Low", "2": "Mid"}}
    study.converge(one_form(level={**level, "recode": {"low": "1"}}))
    assert {(row[0], row[4]) for row in stored(study) if row[3] == "level"} == {
        ("1", "1"), ("2", "2"),
    }  # fmt: skip


def test_choices_become_yes_and_no(study: Study) -> None:
    study.converge(
        one_form(smokes={"type": "radio", "label": "S", "choices": {"1": "Yes", "2": "No"}})
    )
    put(study, {"record_id": "1", "smokes": "2"}, {"record_id": "2", "smokes": "1"})
    study.converge(one_form(smokes={"type": "yesno", "label": "S", "recode": {"2": "0"}}))
    assert {(row[0], row[4]) for row in stored(study) if row[3] == "smokes"} == {
        ("1", "0"), ("2", "1"),
    }  # fmt: skip


def test_a_checkbox_is_recoded(study: Study) -> None:
    box = {"type": "checkbox", "label": "B", "choices": {"1": "A", "-9": "None"}}
    study.converge(one_form(box=box))
    put(study, {"record_id": "1", "box____9": "1", "box___1": "1"})
    fewer = {**box, "choices": {"1": "A", "x": "None"}, "recode": {"-9": "x"}}
    study.converge(one_form(box=fewer))
    assert {row[4] for row in stored(study) if row[3] == "box"} == {"1", "x"}


def test_a_rename_and_a_recode_in_one(study: Study) -> None:
    radio = {"type": "radio", "label": "L", "choices": {"1": "Low", "3": "High"}}
    study.converge(one_form(level=radio))
    put(study, {"record_id": "1", "level": "3"}, {"record_id": "2", "level": "1"})
    new = {**radio, "choices": {"1": "Low"}, "renamed_from": "level", "recode": {"3": "1"}}
    study.converge(one_form(degree=new))
    assert {row[3:] for row in stored(study) if row[3] == "degree"} == {("degree", "1")}


def test_logic_of_other_fields_takes_the_new_name_at_once(study: Study) -> None:
    text = {"type": "text", "label": "T"}
    study.converge(one_form(postal=text, more={**text, "branching": "[postal] <> ''"}))
    put(study, {"record_id": "1", "postal": "x", "more": "y"})
    study.converge(
        one_form(
            zip_code={**text, "renamed_from": "postal"},
            more={**text, "branching": "[zip_code] <> ''"},
        )
    )
    assert {row[3:] for row in stored(study) if row[3] in ("zip_code", "more")} == {
        ("zip_code", "x"), ("more", "y"),
    }  # fmt: skip


def test_logic_follows_a_renamed_event_in_what_is_written(study: Study) -> None:
    was = prepared(study, "two arms")
    manifest = after("two arms", "field")
    events = manifest["arms"][0]["events"]
    events[1] |= {"name": "Later", "unique_name": "later_arm_1", "renamed_from": "Late"}
    fields = manifest["instruments"][1]["fields"]
    fields["mood"] = {**fields["mood"], "branching": "[later_arm_1][zip_code] <> ''"}
    study.converge(manifest)
    now = {(*row[:1], row[1].replace("later", "late"), *row[2:]) for row in stored(study)}
    assert now == expected(was, "field")
    (mood,) = (r for r in study.project.rows("metadata") if r["field_name"] == "mood")
    assert mood["branching_logic"] == "[later_arm_1][zip_code] <> ''"


def test_people_in_groups_keep_their_records_and_labels_follow(study: Study) -> None:
    manifest = {**before("classic"), "dags": ["Lyons"]}
    study.converge(manifest)
    fill(study.project, "classic")
    put(study, {"record_id": "1", "redcap_data_access_group": "lyons"})
    renamed = deepcopy(after("classic", "field"))
    study.converge({**renamed, "dags": [{"name": "Lyon", "renamed_from": "Lyons"}]})
    rows = study.project.rows("record", exportDataAccessGroups="true", fields=["record_id"])
    assert {r["record_id"]: r["redcap_data_access_group"] for r in rows}["1"] == "lyon"


def test_somebody_else_changing_the_dictionary_meanwhile_drops_nothing(study: Study) -> None:
    was = prepared(study)
    study.declare(after("classic", "field"))

    def meddle() -> None:
        rows = study.project.rows("metadata")
        rows[-1]["field_label"] = "Meddled"
        study.project.post("metadata", action="import", data=json.dumps(rows)).raise_for_status()

    client = Watched(study.project, once("record", "import", meddle))
    applied = apply_watched(study, client)
    assert not applied.is_complete
    assert was <= stored(study)
