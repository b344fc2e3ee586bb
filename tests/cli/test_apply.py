from __future__ import annotations

import json
import re
import signal

import pytest

from tests.cli.tool import Tool, during, interrupt, study
from tests.emulator.conftest import MakeEmulator
from tests.emulator.served import Project, new_project

WITHOUT_PAIN = '      pain: {type: radio, label: Pain, choices: {1: "None", 2: "Some"}}\n'


def names(project: Project) -> list[str]:
    return [row["field_name"] for row in project.rows("metadata")]


def test_apply_makes_the_project_as_the_manifest_says(tool: Tool, project: Project) -> None:
    said = tool.run("apply", "--auto-approve")
    assert said.code == 0
    assert names(project) == ["record_id", "dob", "pain"]
    assert said.out.endswith("Read again: no changes remain.\n")


def test_a_plan_after_an_apply_is_empty(applied: Tool) -> None:
    assert applied.run("plan", "--detailed-exitcode").code == 0


def test_each_step_is_told_before_it_is_made(tool: Tool) -> None:
    said = tool.run("apply", "--auto-approve")
    assert re.search(r"^\[1/2\] .*\(metadata, 3 rows\)$", said.err, re.MULTILINE)
    assert re.search(r"^\[2/2\] .*\(project_settings, 1 row\)$", said.err, re.MULTILINE)


def test_nothing_to_do_asks_nothing(applied: Tool) -> None:
    said = applied.run("apply")
    assert said.code == 0
    assert "Applied: nothing had to be done." in said.out


def test_a_person_is_asked_and_yes_applies(tool: Tool, project: Project) -> None:
    said = tool.asking().run("apply", answers="yes\n")
    assert said.code == 0
    assert "Apply these changes? Only 'yes' is accepted" in said.err
    assert "dob" in names(project)


@pytest.mark.parametrize("answer", ["y\n", "no\n", "YES\n", "\n"])
def test_any_other_answer_applies_nothing(tool: Tool, project: Project, answer: str) -> None:
    said = tool.asking().run("apply", answers=answer)
    assert said.code == 3
    assert "Not approved; nothing was done." in said.err
    assert names(project) == ["record_id"]


def test_no_answer_at_all_is_an_interrupt(tool: Tool, project: Project) -> None:
    assert tool.asking().run("apply").code == 130
    assert names(project) == ["record_id"]


def test_where_nobody_can_be_asked_nothing_is_done(tool: Tool, project: Project) -> None:
    said = tool.run("apply")
    assert said.code == 3
    assert "Add --auto-approve" in said.err
    assert names(project) == ["record_id"]


def test_a_deletion_needs_to_be_allowed(applied: Tool, project: Project) -> None:
    applied.edit(WITHOUT_PAIN, "")
    said = applied.run("apply", "--auto-approve")
    assert said.code == 3
    assert "--allow-delete fields" in said.err
    assert "pain" in names(project)


def test_an_allowed_deletion_is_made(applied: Tool, project: Project) -> None:
    applied.edit(WITHOUT_PAIN, "")
    said = applied.run("apply", "--auto-approve", "--allow-delete", "fields")
    assert said.code == 0
    assert "READY: 1 call would be made." in said.out
    assert names(project) == ["record_id", "dob"]


def test_deletions_of_another_unit_are_not_allowed_by_it(applied: Tool, project: Project) -> None:
    applied.edit(WITHOUT_PAIN, "")
    assert applied.run("apply", "--auto-approve", "--allow-delete", "users").code == 3
    assert "pain" in names(project)


def test_a_unit_that_is_none_is_a_usage_error(tool: Tool) -> None:
    assert tool.run("apply", "--allow-delete", "field").code == 64


def test_a_saved_plan_is_carried_out_without_a_question(tool: Tool, project: Project) -> None:
    tool.run("plan", "--out", "plan.json")
    said = tool.run("apply", "plan.json")
    assert said.code == 0
    assert "dob" in names(project)


def test_a_saved_plan_goes_to_the_environment_it_was_made_for(tool: Tool, project: Project) -> None:
    other = new_project(project.emulator, "Another one")
    second = f"""\
  other:
    url: {project.emulator.url}
    token: env:OTHER_TOKEN
    default: true
"""
    tool.write(study(project, environment=second))
    both = tool.having(OTHER_TOKEN=other.token)
    both.run("--env", "dev", "plan", "--out", "plan.json")
    assert both.run("apply", "plan.json").code == 0
    assert "dob" in names(project)
    assert names(other) == ["record_id"]


def test_a_saved_plan_is_used_once(tool: Tool) -> None:
    tool.run("plan", "--out", "plan.json")
    tool.run("apply", "plan.json")
    assert tool.run("apply", "plan.json").code == 4


def test_a_stopped_plan_is_not_applied(tool: Tool, project: Project) -> None:
    project.status("analysis")
    said = tool.run("apply", "--auto-approve")
    assert said.code == 3
    assert "The plan is stopped: H140 The project has been in production" in said.err
    assert names(project) == ["record_id"]


def test_read_only_makes_writing_impossible(tool: Tool, project: Project) -> None:
    said = tool.having(REDCAP_IAC_READ_ONLY="1").run("apply", "--auto-approve")
    assert said.code == 3
    assert "REDCAP_IAC_READ_ONLY is set" in said.all
    assert names(project) == ["record_id"]
    assert not (tool.folder / ".redcap-iac").exists()  # no run, so nothing to resume or to prove


def test_a_right_that_lacks_is_told_before_anything_is_written(
    tool: Tool, project: Project
) -> None:
    granted = {"username": "reader", "api_export": 1, "user_rights": 1, "data_access_groups": 1}
    project.post("user", action="import", data=json.dumps([granted]))
    tool.edit("    user: jdoe\n", "    user: reader\n")
    said = tool.having(STUDY_TOKEN=project.of("reader").token).run("apply", "--auto-approve")
    assert said.code == 6
    assert "reader needs API Import/Update and Project Design and Setup" in said.err
    assert "Done: " not in said.out
    assert names(project) == ["record_id"]


def served(make_emulator: MakeEmulator, bare: Tool, fault: str) -> tuple[Tool, Project]:
    project = new_project(make_emulator(faults=[fault]))
    bare.write(study(project))
    return bare.having(STUDY_TOKEN=project.token), project


def test_a_failure_on_the_way_is_accounted_for(make_emulator: MakeEmulator, bare: Tool) -> None:
    tool, project = served(make_emulator, bare, "error=502@project_settings/import")
    said = tool.run("apply", "--auto-approve")
    assert said.code == 5
    assert "Done: 1 call\n" in said.out
    assert "Failed: 1 call\n" in said.out
    assert "Not tried: none\n" in said.out
    assert names(project) == ["record_id", "dob", "pain"]


def test_what_was_not_tried_is_named(make_emulator: MakeEmulator, bare: Tool) -> None:
    tool, _ = served(make_emulator, bare, "cut-before@metadata/import")
    said = tool.run("apply", "--auto-approve")
    assert said.code == 5
    after = said.out[said.out.index("Not tried: 1 call\n") :]
    assert "title" in after.splitlines()[1]


def test_an_answer_that_was_lost_is_looked_up_in_the_project(
    make_emulator: MakeEmulator, bare: Tool
) -> None:
    tool, project = served(make_emulator, bare, "cut-after@metadata/import")
    said = tool.run("apply", "--auto-approve")
    assert said.code == 0
    assert "no answer, but read again, it was written." in said.out
    assert names(project) == ["record_id", "dob", "pain"]


def test_what_remains_after_an_apply_is_exit_5(
    tool: Tool, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def reword() -> None:
        rows = project.rows("metadata")
        rows[1]["field_label"] = "Birthday"
        project.post("metadata", action="import", data=json.dumps(rows))

    during(monkeypatch, project.emulator, "project_settings/import", reword)
    said = tool.run("apply", "--auto-approve")
    assert said.code == 5
    assert "Read again: 1 change remains:\n  ~ dob  (form_1)\n" in said.out


def test_the_account_in_json(make_emulator: MakeEmulator, bare: Tool) -> None:
    tool, _ = served(make_emulator, bare, "error=502@project_settings/import")
    made = tool.run("apply", "--auto-approve", "--format", "json").json
    assert made["exit"] == {"code": 5, "name": "applied in part"}
    assert [step["content"] for step in made["done"]] == ["metadata"]
    assert made["failed"]["content"] == "project_settings"
    assert made["not_tried"] == []
    assert made["uncertain"] is True
    assert made["remaining"] is None


def test_a_good_end_in_json(tool: Tool) -> None:
    made = tool.run("apply", "--auto-approve", "--format", "json").json
    assert made["exit"] == {"code": 0, "name": "done"}
    assert made["remaining"] == []
    assert made["error"] is None


def test_an_interrupt_finishes_the_call_in_flight_and_stops(
    tool: Tool, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    during(monkeypatch, project.emulator, "metadata/import", interrupt)
    said = tool.run("apply", "--auto-approve")
    assert said.code == 130
    assert "Stopping once the call in flight is answered" in said.err
    assert "Interrupted: the call in flight was finished, then nothing more." in said.out
    assert "Done: 1 call\n" in said.out
    assert "Not tried: 1 call\n" in said.out
    assert names(project) == ["record_id", "dob", "pain"]
    assert project.rows("project")["project_title"] == "A study"


def test_after_an_apply_an_interrupt_is_python_s_own_again(tool: Tool) -> None:
    before = signal.getsignal(signal.SIGINT)
    tool.run("apply", "--auto-approve")
    assert signal.getsignal(signal.SIGINT) is before
