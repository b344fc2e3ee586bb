"""A saved plan edited by hand, its id made anew: carried out is what a plan made now says."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest

from redcap_iac.cli.applying import carry_out
from tests.cli.test_apply_accepting import DELETE, WORD, is_there, losing, record
from tests.cli.tool import Tool
from tests.emulator.served import Project

__all__ = ["losing"]

Body = dict[str, Any]


def edit(tool: Tool, change: Callable[[Body], object]) -> None:
    """Alter a saved plan and give it the id it should have."""
    path = tool.folder / "plan.json"
    body = json.loads(path.read_text(encoding="utf-8"))
    change(body)
    told = {name: value for name, value in body.items() if name not in ("id", "exit")}
    body["id"] = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:32]
    path.write_text(json.dumps(body), encoding="utf-8")
    assert tool.run("show", "plan.json").code == 0


def without_hazards(body: Body) -> None:
    body["findings"] = [one for one in body["findings"] if not one["code"].startswith("H1")]


def test_a_hazard_taken_out_still_needs_its_answer(losing: Tool, project: Project) -> None:
    losing.run("plan", "--out", "plan.json")
    edit(losing, without_hazards)
    said = losing.run("apply", "plan.json", "--auto-approve", *DELETE)
    assert said.code == 3
    assert "H101" in said.err
    assert is_there(project)


@pytest.mark.parametrize("number", [0, 1])
def test_a_smaller_count_binds_what_is_accepted(
    losing: Tool, project: Project, number: int
) -> None:
    losing.run("plan", "--out", "plan.json")

    def fewer(body: Body) -> None:
        for one in body["findings"]:
            if one["code"] == "H101":
                one["stake"]["count"]["number"] = number

    edit(losing, fewer)
    said = losing.run("apply", "plan.json", *DELETE, "--accept", WORD)
    assert said.code == 3
    assert "and now it is 2 records" in said.err
    assert is_there(project)


def test_an_acceptance_written_in_opens_nothing_of_another_change(
    losing: Tool, project: Project
) -> None:
    losing.run("plan", "--accept", WORD, "--out", "plan.json")

    def other(body: Body) -> None:
        for one in body["acceptances"]:
            one["change"] = "0" * 12

    edit(losing, other)
    said = losing.run("apply", "plan.json", *DELETE)
    assert said.code == 3
    assert "it was given for another change" in said.err
    assert is_there(project)


def test_a_plan_nobody_edited_is_carried_out_as_it_was_saved(losing: Tool) -> None:
    losing.run("plan", "--out", "plan.json")
    assert losing.run("apply", "plan.json", *DELETE, "--accept", WORD).code == 0
    (*_, kept) = sorted((losing.folder / ".redcap-iac" / "evidence").glob("*/plan.json"))
    ids = [json.loads(path.read_text())["id"] for path in (losing.folder / "plan.json", kept)]
    assert ids[0] == ids[1]


def test_words_that_come_with_the_file_are_told_before_anything_is_written(
    losing: Tool, project: Project
) -> None:
    losing.run("plan", "--accept", WORD, "--out", "plan.json")
    said = losing.run("apply", "plan.json", *DELETE)
    assert said.code == 0
    assert f"The saved plan brings a word for {WORD}" in " ".join(said.err.split())


def test_another_call_makes_it_stale(losing: Tool, project: Project) -> None:
    losing.run("plan", "--out", "plan.json")

    def other(body: Body) -> None:
        for step in body["steps"]:
            for row in step["call"]["rows"]:
                row["field_label"] = "x"

    edit(losing, other)
    said = losing.run("apply", "plan.json", *DELETE, "--accept", WORD)
    assert said.code == 4
    assert is_there(project)


def test_a_change_taken_out_makes_it_stale(losing: Tool, project: Project) -> None:
    losing.run("plan", "--out", "plan.json")
    edit(losing, lambda body: body["changes"].clear())
    said = losing.run("apply", "plan.json", *DELETE)
    assert said.code == 4
    assert is_there(project)


def test_a_count_made_unknown_does_not_spare_the_look_before_the_call(
    losing: Tool, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    losing.run("plan", "--out", "plan.json")

    def unknown(body: Body) -> None:
        for one in body["findings"]:
            if one["code"] == "H101":
                one["stake"]["count"] = {"number": None, "at_least": False, "of": None}

    edit(losing, unknown)

    def late(*parts: Any) -> int:  # noqa: ANN401 - what carry_out takes
        record(project, "3", "4")
        return carry_out(*parts)

    monkeypatch.setattr("redcap_iac.cli.apply.carry_out", late)
    said = losing.run("apply", "plan.json", *DELETE, "--accept", WORD)
    assert said.code == 4, said.all
    assert "hurt more now" in said.all
    assert is_there(project)


def test_a_plan_used_elsewhere_does_not_fit_any_more(losing: Tool, project: Project) -> None:
    losing.run("plan", "--out", "plan.json")
    words = ("apply", "plan.json", *DELETE, "--accept", WORD)
    assert losing.having(REDCAP_IAC_STATE_DIR="../there").run(*words).code == 0
    said = losing.having(REDCAP_IAC_STATE_DIR="../elsewhere").run(*words)
    assert said.code == 4
    assert "the live project was changed" in " ".join(said.err.split())


def test_a_guard_loosened_after_the_plan_makes_it_stale(losing: Tool, project: Project) -> None:
    losing.edit("data: test", "data: real")
    losing.run("plan", "--out", "plan.json")
    losing.edit("data: real", "data: test")
    said = losing.run("apply", "plan.json", *DELETE, "--accept", WORD)
    assert said.code == 4
    assert "the manifest's files were changed" in " ".join(said.err.split())
    assert is_there(project)


def test_two_machines_at_once_do_not_write_over_each_other(
    losing: Tool, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    losing.run("plan", "--out", "plan.json")
    label = json.dumps([
        {**row, "field_label": "Theirs"} if row["field_name"] == "dob" else row
        for row in project.rows("metadata")
    ])  # fmt: skip

    def late(*parts: Any) -> int:  # noqa: ANN401 - what carry_out takes
        project.post("metadata", action="import", data=label).raise_for_status()
        return carry_out(*parts)

    monkeypatch.setattr("redcap_iac.cli.apply.carry_out", late)
    said = losing.run("apply", "plan.json", *DELETE, "--accept", WORD)
    assert said.code == 4, said.all
    assert is_there(project)
