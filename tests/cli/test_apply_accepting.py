"""Hazards of a plan are answered on the command line, in a file, or one by one by a person."""

from __future__ import annotations

import json
import re

import pytest

from tests.cli.tool import Tool
from tests.emulator.served import Project

PAIN = '      pain: {type: radio, label: Pain, choices: {1: "None", 2: "Some"}}\n'
WORD = "H101:field/pain"
DELETE = ("--allow-delete", "fields")


def record(project: Project, *names: str) -> None:
    """Save a value of pain in each record."""
    rows = [{"record_id": name, "pain": "1"} for name in names]
    assert project.post("record", action="import", data=json.dumps(rows)).status_code == 200


@pytest.fixture
def losing(applied: Tool, project: Project) -> Tool:
    """The tool in a folder whose plan removes a field in which two records hold a value."""
    record(project, "1", "2")
    applied.edit(PAIN, "")
    return applied


def is_there(project: Project) -> bool:
    return "pain" in [row["field_name"] for row in project.rows("metadata")]


def digest(tool: Tool) -> str:
    """Return the digits that -v prints for a file."""
    found = re.search(r'change: "([0-9a-f]{12})"', tool.run("-v", "plan").out)
    assert found is not None
    return found[1]


def entry(tool: Tool, **parts: str) -> None:
    """Write an entry into the environment."""
    known = {
        "hazard": f'"{WORD}"', "change": f'"{digest(tool)}"', "at_most": "2",
        "who": "Data manager", "why": "never used", "until": "2026-12-31", **parts,
    }  # fmt: skip
    said = ", ".join(f"{key}: {value}" for key, value in known.items() if value)
    tool.edit("    data: test\n", f"    data: test\n    accept:\n      - {{{said}}}\n")


def test_a_hazard_stops_apply_and_says_what_to_type(losing: Tool, project: Project) -> None:
    said = losing.run("apply", "--auto-approve", *DELETE)
    assert said.code == 3
    assert 'If it is meant: --accept "H101:field/pain"' in said.err
    assert "Nothing was written." in said.err
    assert is_there(project)


def test_a_plan_shows_what_apply_needs(losing: Tool) -> None:
    lines = losing.run("plan").out.splitlines()
    assert lines[1] == "STOPPED: 1 hazard needs an answer."
    assert lines[2] == '    apply needs --accept "H101:field/pain" --allow-delete fields'
    assert any(line.startswith("! H101 ") for line in lines)
    assert any(line.endswith("; 2 record values affected.") for line in lines)


def test_an_accepted_hazard_is_carried_out(losing: Tool, project: Project) -> None:
    said = losing.run("apply", "--auto-approve", *DELETE, "--accept", WORD)
    assert said.code == 0, said.all
    assert "accepted H101" in said.out
    assert not is_there(project)


def test_accepting_a_hazard_allows_no_deletion(losing: Tool, project: Project) -> None:
    said = losing.run("apply", "--auto-approve", "--accept", WORD)
    assert said.code == 3
    assert "If it is meant: --allow-delete fields" in said.err
    assert is_there(project)


def test_an_acceptance_of_no_hazard_has_a_suggestion(losing: Tool) -> None:
    for command in (("plan",), ("apply", "--auto-approve", *DELETE)):
        said = losing.run(*command, "--accept", "H101:field/pian")
        assert said.code == 3
        assert "H101:field/pian is no hazard of this plan." in said.err
        assert "Did you mean `H101:field/pain`?" in said.err


def test_what_is_no_code_and_address_is_a_usage_error(losing: Tool) -> None:
    said = losing.run("plan", "--accept", "field/pain")
    assert said.code == 64
    assert "is not CODE:ADDRESS, as in H101:field/postal" in said.err


def test_where_nothing_changes_nothing_has_to_be_accepted(applied: Tool) -> None:
    said = applied.run("apply", "--auto-approve", "--accept", WORD)
    assert said.code == 0
    assert "Nothing changes, so nothing has to be accepted." in said.err


def test_a_plan_with_the_answer_says_who_gave_it(losing: Tool) -> None:
    lines = losing.run("plan", "--accept", WORD).out.splitlines()
    assert lines[1] == "READY: it deletes, so apply needs --allow-delete fields"
    assert "       accepted at the command" in lines


def test_a_person_is_asked_for_each_hazard(losing: Tool, project: Project) -> None:
    said = losing.asking().run("apply", *DELETE, answers="yes\nyes\n")
    assert said.code == 0, said.all
    assert "Accept H101 field/pain: " in said.err
    assert "Not undoable." in said.err
    assert not is_there(project)


@pytest.mark.parametrize("answer", ["y\n", "no\n", "\n"])
def test_a_person_who_does_not_say_yes_accepts_nothing(
    losing: Tool, project: Project, answer: str
) -> None:
    said = losing.asking().run("apply", *DELETE, answers=answer)
    assert said.code == 3
    assert "H101:field/pain was not accepted; nothing was done." in said.err
    assert is_there(project)


def test_nobody_is_asked_what_would_be_stopped_anyway(losing: Tool) -> None:
    said = losing.asking().run("apply", answers="yes\nyes\n")
    assert said.code == 3
    assert "Accept H101" not in said.err
    assert '--accept "H101:field/pain" --allow-delete fields' in said.err


def test_approving_accepts_nothing(losing: Tool, project: Project) -> None:
    said = losing.asking().run("apply", "--auto-approve", *DELETE, answers="yes\n")
    assert said.code == 3
    assert is_there(project)


def test_what_only_the_command_line_opens_is_never_asked(losing: Tool, project: Project) -> None:
    losing.edit("data: test", "data: real")
    said = losing.asking().run("apply", *DELETE, "--accept", WORD, answers="yes\nyes\n")
    assert said.code == 3
    assert "Accept H150" not in said.err
    assert '--accept "H150:project/data"' in said.err
    typed = losing.asking().run(
        "apply", *DELETE, "--accept", WORD, "--accept", "H150:project/data", answers="yes\n"
    )
    assert typed.code == 0, typed.all
    assert not is_there(project)


def test_an_entry_of_the_environment_accepts(losing: Tool, project: Project) -> None:
    entry(losing)
    shown = losing.run("plan").out
    assert "accepted by Data manager until 2026-12-31: never used" in shown
    assert losing.run("apply", "--auto-approve", *DELETE).code == 0
    assert not is_there(project)


@pytest.mark.parametrize(
    ("parts", "code", "words"),
    [
        ({"at_most": "1"}, "M505", "it was given for 1 record, and now it is 2 records"),
        ({"at_most": ""}, "M505", "it was given for 0 records, and now it is 2 records"),
        ({"until": "2026-03-13"}, "M503", "held until 2026-03-13 and accepts nothing"),
        ({"change": '"000000000000"'}, "M505", "it was given for another change (000000000000)"),
        ({"hazard": '"H101:field/other"'}, "M504", "fits nothing in this plan"),
    ],
)
def test_an_entry_that_does_not_hold_is_told_and_accepts_nothing(
    losing: Tool, project: Project, parts: dict[str, str], code: str, words: str
) -> None:
    entry(losing, **parts)
    shown = losing.run("plan").out
    assert f"warning {code} The acceptance of" in shown
    assert words in " ".join(shown.split())
    assert losing.run("apply", "--auto-approve", *DELETE).code == 3
    assert is_there(project)


def test_an_entry_for_any_number_holds(losing: Tool) -> None:
    entry(losing, at_most="any")
    assert losing.run("apply", "--auto-approve", *DELETE).code == 0


def test_an_entry_that_did_its_work_is_told_to_go(losing: Tool) -> None:
    entry(losing)
    losing.run("apply", "--auto-approve", *DELETE)
    said = losing.run("plan", "--detailed-exitcode")
    assert said.code == 0
    assert "warning M504 The acceptance of H101:field/pain fits nothing in this plan." in said.out


def test_an_entry_does_not_open_what_only_the_command_line_does(losing: Tool) -> None:
    losing.edit("data: test", "data: test # still")
    losing.edit(
        "    data: test # still\n",
        "    data: real\n    accept:\n      - {hazard: H150:project/data, change: '000000000000',"
        " at_most: any, who: x, why: y, until: 2026-12-31}\n",
    )
    shown = " ".join(losing.run("plan").out.split())
    assert "warning M506 The acceptance of H150:project/data accepts nothing" in shown


def test_not_counting_is_said_and_still_asks(losing: Tool) -> None:
    shown = losing.run("plan", "--impact", "none").out
    assert "an unknown number of records" in " ".join(shown.split())
    assert "STOPPED: 1 hazard needs an answer." in shown


def test_a_saved_plan_binds_what_is_accepted_to_what_it_showed(
    losing: Tool, project: Project
) -> None:
    losing.run("plan", "--out", "plan.json")
    record(project, "3")
    said = losing.run("apply", "plan.json", *DELETE, "--accept", WORD)
    assert said.code == 3
    assert "it was given for 2 records, and now it is 3 records" in said.err
    assert is_there(project)


def test_a_saved_plan_may_concern_fewer_records_now(losing: Tool, project: Project) -> None:
    losing.run("plan", "--out", "plan.json")
    project.post("record", action="delete", records=["2"])
    said = losing.run("apply", "plan.json", *DELETE, "--accept", WORD)
    assert said.code == 0, said.all


def test_a_saved_plan_keeps_what_was_accepted_when_it_was_made(
    losing: Tool, project: Project
) -> None:
    losing.run("plan", "--accept", WORD, "--out", "plan.json")
    assert losing.run("apply", "plan.json", *DELETE).code == 0
    assert not is_there(project)


def test_what_a_saved_plan_accepted_is_bound_as_well(losing: Tool, project: Project) -> None:
    losing.run("plan", "--accept", WORD, "--out", "plan.json")
    record(project, "3", "4")
    said = losing.run("apply", "plan.json", *DELETE)
    assert said.code == 3
    assert "it was given for 2 records, and now it is 4 records" in said.err


def test_a_saved_plan_does_not_open_what_only_the_command_line_does(
    losing: Tool, project: Project
) -> None:
    losing.edit("data: test", "data: real")
    both = ("--accept", WORD, "--accept", "H150:project/data")
    losing.run("plan", *both, "--out", "plan.json")
    said = losing.run("apply", "plan.json", *DELETE)
    assert said.code == 3
    assert "H150:project/data was accepted, but this hazard is only accepted where" in said.err
    assert losing.run("apply", "plan.json", *DELETE, *both).code == 0
    assert not is_there(project)


def test_what_the_saved_plan_did_not_show_is_not_accepted(losing: Tool) -> None:
    losing.run("plan", "--out", "plan.json")
    said = losing.run("apply", "plan.json", "--accept", "H101:field/dob")
    assert said.code == 3
    assert "H101:field/dob is no hazard of the saved plan." in said.err
