"""H151: what is written is told with numbers; what cannot be whole is refused beforehand."""

from __future__ import annotations

import json
from typing import Any

import pytest

from redcap_iac.errors import GuardError
from redcap_iac.findings import Finding
from redcap_iac.hazard import Answer
from redcap_iac.workflow import Answers, check_may_apply
from tests.emulator.served import Project
from tests.end_to_end.study import Study

Fields = dict[str, dict[str, Any]]
ID: Fields = {"record_id": {"type": "text", "label": "ID"}}
CHOICES = {"1": "Low", "2": "Mid", "3": "High"}


def text(**more: str) -> dict[str, Any]:
    return {"type": "text", "label": "Some", **more}


def one_form(fields: Fields) -> dict[str, Any]:
    return {"instruments": [{"instrument": "form_1", "fields": {**ID, **fields}}]}


def hazards(
    study: Study, live: dict[str, Any], desired: dict[str, Any], *rows: dict[str, str]
) -> list[Finding]:
    """Apply one manifest, import rows, plan the other; return its H151."""
    study.converge(live)
    if rows:
        answer = study.project.post("record", action="import", data=json.dumps(rows))
        assert answer.status_code == 200, answer.text
    plan = study.plan(study.declare(desired)).plan
    return [finding for finding in plan.findings if finding.code == "H151"]


def told(found: list[Finding], address: str) -> tuple[Answer, str]:
    (one,) = (finding for finding in found if finding.address == address)
    assert one.stake is not None
    return one.stake.answer, one.message


def test_a_rename_asks_with_the_number_of_records(study: Study) -> None:
    found = hazards(
        study, one_form({"postal": text()}), one_form({"zip_code": text(renamed_from="postal")}),
        {"record_id": "1", "postal": "x"}, {"record_id": "2", "postal": ""},
    )  # fmt: skip
    assert told(found, "field/zip_code") == (
        Answer.MIGRATION,
        (
            "postal becomes zip_code: values of 1 of 2 records are written under the new name and"
            " compared twice, then postal goes."
        ),
    )


def test_what_stays_behind_is_told_before_anybody_is_asked(study: Study) -> None:
    found = hazards(
        study, one_form({"postal": text()}), one_form({"zip_code": text(renamed_from="postal")}),
        {"record_id": "1", "postal": "x"},
    )  # fmt: skip
    answer, message = told(found, "project/data")
    assert answer is Answer.NOTE
    for word in ("alerts", "invitations", "history", "locks", "e-signatures", "links", "rights"):
        assert word in message


def test_without_values_nobody_is_asked(study: Study) -> None:
    found = hazards(
        study, one_form({"postal": text()}), one_form({"zip_code": text(renamed_from="postal")})
    )
    assert [told(found, finding.address)[0] for finding in found] == [Answer.NOTE]
    study.converge(one_form({"zip_code": text(renamed_from="postal")}))


def test_the_count_of_a_public_plan_is_masked(study: Study) -> None:
    (first, _) = hazards(
        study, one_form({"postal": text()}), one_form({"zip_code": text(renamed_from="postal")}),
        {"record_id": "1", "postal": "x"},
    )  # fmt: skip
    assert first.stake is not None
    assert "fewer than 5 of fewer than 5 records" in first.stake.public


def test_a_recode_asks_for_each_code(study: Study) -> None:
    live = one_form({"level": {"type": "radio", "label": "L", "choices": CHOICES}})
    fewer = {"type": "radio", "label": "L", "choices": {"1": "Low", "4": "New"}}
    desired = one_form({"level": {**fewer, "recode": {"2": "1", "3": "4"}}})
    found = hazards(study, live, desired, {"record_id": "1", "level": "3"})
    assert told(found, "choice/level/2")[0] is Answer.NOTE
    assert told(found, "choice/level/3") == (
        Answer.MIGRATION,
        "level is recoded from 3 to 4: answers of 1 of 1 record are rewritten, then choice 3 goes.",
    )


@pytest.mark.parametrize(("into", "undoable"), [("1", "no"), ("4", "partly")])
def test_answers_that_merge_cannot_be_told_apart_again(
    study: Study, into: str, undoable: str
) -> None:
    live = one_form({"level": {"type": "radio", "label": "L", "choices": {"1": "Low", "3": "H"}}})
    choices = {"type": "radio", "label": "L", "choices": {"1": "Low", "4": "New"}}
    found = hazards(
        study, live, one_form({"level": {**choices, "recode": {"3": into}}}),
        {"record_id": "1", "level": "3"},
    )  # fmt: skip
    stake = next(f.stake for f in found if f.address == "choice/level/3")
    assert stake is not None
    assert stake.undoable == undoable


CHECKBOX = {"type": "checkbox", "label": "C", "choices": {"1": "Low", "2": "Mid"}}
RADIO = {"type": "radio", "label": "R", "choices": {"1": "Low", "2": "Mid"}}
REFUSED: list[tuple[str, dict[str, Any], dict[str, Any], dict[str, str], str]] = [
    ("ticks to an answer", CHECKBOX, RADIO, {"old___1": "1"}, "ticks are no single values"),
    ("an answer to ticks", RADIO, CHECKBOX, {"old": "1"}, "ticks are no single values"),
    ("text to a calculation", text(), {"type": "calc", "label": "C", "calculation": "1+1"},
     {"old": "x"}, "a field of type calc takes no value"),
    ("text to a file", text(), {"type": "file", "label": "F"}, {"old": "x"},
     "documents of file fields and signatures cannot be imported"),
    ("a choice that is no longer there", RADIO, {**RADIO, "choices": {"1": "Low"}}, {"old": "2"},
     "new has no choice 2; say in `recode` what 2 becomes"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "row", "why"),
    [case[1:] for case in REFUSED],
    ids=[case[0] for case in REFUSED],
)
def test_values_that_cannot_be_carried_whole_are_refused(
    study: Study, old: dict[str, Any], new: dict[str, Any], row: dict[str, str], why: str
) -> None:
    desired = one_form({"new": {**new, "renamed_from": "old"}})
    found = hazards(study, one_form({"old": old}), desired, {"record_id": "1", **row})
    answer, message = told(found, "field/new")
    assert answer is Answer.REFUSED
    assert why in message


@pytest.mark.parametrize(
    ("old", "new"), [case[1:3] for case in REFUSED], ids=[case[0] for case in REFUSED]
)
def test_without_values_they_are_not_in_the_way(
    study: Study, old: dict[str, Any], new: dict[str, Any]
) -> None:
    desired = one_form({"new": {**new, "renamed_from": "old"}})
    found = hazards(study, one_form({"old": old}), desired, {"record_id": "1"})
    answers = [finding.stake.answer for finding in found if finding.stake is not None]
    assert set(answers) <= {Answer.NOTE}


def test_a_document_is_not_carried(study: Study) -> None:
    file = {"type": "file", "label": "F"}
    study.converge(one_form({"old": file}))
    study.project.post("record", action="import", data='[{"record_id": "1"}]')
    study.project.post(
        "file", action="import", record="1", field="old", file=("a.txt", b"x", "text/plain")
    )
    plan = study.plan(study.declare(one_form({"new": {**file, "renamed_from": "old"}}))).plan
    assert any("documents of file fields" in reason for reason in plan.stopped)


def two_events(second: list[str], name: str = "old", repeat: bool = False) -> dict[str, Any]:
    hint = {"renamed_from": "old"} if name == "new" else {}
    form = "visits" if name == "old" else "other"
    first: dict[str, Any] = {"name": "Base", "instruments": ["form_1", "visits", "other"]}
    if repeat:
        first["repeat"] = {"visits": ""}
    fields: dict[str, Fields] = {"visits": {"mood": text()}, "other": {"more": text()}}
    fields[form][name] = text(**hint)
    return {
        "instruments": [
            {"instrument": "form_1", "fields": ID},
            *({"instrument": one, "fields": fields[one]} for one in fields),
        ],
        "arms": [
            {"number": 1, "name": "A", "events": [first, {"name": "Late", "instruments": second}]}
        ],
    }


def test_an_event_the_new_instrument_is_not_on_is_in_the_way(study: Study) -> None:
    row = {"record_id": "1", "redcap_event_name": "late_arm_1", "old": "x"}
    found = hazards(study, two_events(["visits"]), two_events(["visits"], "new"), row)
    answer, message = told(found, "field/new")
    assert answer is Answer.REFUSED
    assert "other will not be on late_arm_1" in message


def test_instances_the_new_instrument_has_not_are_in_the_way(study: Study) -> None:
    row = {
        "record_id": "1", "redcap_event_name": "base_arm_1", "redcap_repeat_instrument": "visits",
        "redcap_repeat_instance": "2", "old": "x",
    }  # fmt: skip
    live, desired = two_events(["other"], repeat=True), two_events(["other"], "new", repeat=True)
    answer, message = told(hazards(study, live, desired, row), "field/new")
    assert answer is Answer.REFUSED
    assert "other will not repeat on base_arm_1" in message


def renamed(study: Study) -> dict[str, Any]:
    """Fill a field and return the manifest that renames it."""
    study.converge(one_form({"postal": text()}))
    rows = '[{"record_id": "1", "postal": "x"}]'
    assert study.project.post("record", action="import", data=rows).status_code == 200
    return one_form({"zip_code": text(renamed_from="postal")})


def stopped(study: Study, manifest: dict[str, Any]) -> str:
    return " ".join(study.plan(study.declare(manifest)).plan.stopped)


def change_user(project: Project, column: str, value: object) -> None:
    with project.emulator.store.transaction() as db:
        db.execute(
            f"UPDATE users SET {column} = ? WHERE project_id = ?", (value, project.project_id)
        )


def test_a_user_in_a_group_does_not_see_every_record(study: Study) -> None:
    manifest = renamed(study)
    study.project.post("dag", action="import", data='[{"data_access_group_name": "Lyon",'
                       '"unique_group_name": ""}]').raise_for_status()  # fmt: skip
    with study.project.emulator.store.transaction() as db:
        (group,) = db.execute("SELECT dag_id FROM dags").fetchone()
    change_user(study.project, "dag_id", group)
    assert "who may not see every record" in stopped(study, manifest)


def test_a_user_without_full_export_does_not_see_every_value(study: Study) -> None:
    manifest = renamed(study)
    change_user(study.project, "forms_export", json.dumps({"form_1": 3}))
    assert "without the full data export right on form_1" in stopped(study, manifest)


def test_a_project_does_not_become_longitudinal_meanwhile(study: Study) -> None:
    manifest = renamed(study)
    events = [{"name": name, "instruments": ["form_1"]} for name in ("Event 1", "Later")]
    manifest["arms"] = [{"number": 1, "name": "Arm 1", "events": events}]
    assert "while the project becomes longitudinal" in stopped(study, manifest)


def test_an_instrument_is_not_renamed_in_production(study: Study) -> None:
    live = {"instruments": [
        {"instrument": "form_1", "fields": ID},
        {"instrument": "visits", "fields": {"mood": text()}},
    ]}  # fmt: skip
    study.converge(live)
    rows = '[{"record_id": "1", "mood": "x"}]'
    assert study.project.post("record", action="import", data=rows).status_code == 200
    study.project.status("production")
    live["instruments"][1] |= {"instrument": "visit", "renamed_from": "visits"}
    plan = study.plan(study.declare(live)).plan
    messages = [finding.message for finding in plan.findings if finding.code == "H151"]
    assert any("cannot be renamed with its values outside development" in m for m in messages)


def test_an_instrument_keeps_no_field_nobody_declares(study: Study) -> None:
    live = {"instruments": [
        {"instrument": "form_1", "fields": ID},
        {"instrument": "visits", "fields": {"mood": text(), "extra": text()}},
    ]}  # fmt: skip
    study.converge(live)
    rows = '[{"record_id": "1", "mood": "x", "extra": "y"}]'
    assert study.project.post("record", action="import", data=rows).status_code == 200
    desired = {"manage": {"fields": "additive"}, "instruments": [
        {"instrument": "form_1", "fields": ID},
        {"instrument": "visit", "renamed_from": "visits", "fields": {"mood": text()}},
    ]}  # fmt: skip
    assert "stay on it: extra. Declare them on visit." in stopped(study, desired)


def test_migrate_data_is_the_word_that_opens_it(study: Study) -> None:
    plan = study.plan(study.declare(renamed(study))).plan
    with pytest.raises(GuardError) as waiting:
        check_may_apply(plan, Answers())
    assert "--migrate-data" in f"{waiting.value} {waiting.value.advice}"
    check_may_apply(plan, Answers(migrate_data=True))
