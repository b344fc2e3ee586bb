"""One table of how commands end; the number and its name stand in JSON too, alone on stdout."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import jsonschema
import pytest

from redcap_iac.views import plan_schema
from redcap_iac.views.json import EXIT_NAMES
from tests.cli.tool import Tool, during, interrupt
from tests.emulator.served import Project


@dataclass(frozen=True, slots=True)
class Case:
    """A project folder that was applied already, its project, and what may be replaced."""

    tool: Tool
    project: Project
    patch: pytest.MonkeyPatch


Arrange = Callable[[Case], Tool | None]


def nothing(_case: Case) -> None:
    """Leave all as it is: there is nothing to do."""


def label(case: Case) -> None:
    case.tool.edit("label: Pain", "label: Ache")


def less(case: Case) -> None:
    lines = (case.tool.folder / "redcap.yaml").read_text("utf-8").splitlines(keepends=True)
    case.tool.write("".join(line for line in lines if "pain:" not in line))


def broken(case: Case) -> None:
    case.tool.edit("type: radio", "type: radios")


def production(case: Case) -> None:
    label(case)
    case.project.status("production")


def unknown_status(case: Case) -> None:
    label(case)
    case.project.status("analysis")


def stale(case: Case) -> None:
    label(case)
    assert case.tool.run("plan", "--out", "plan.json").code == 0
    assert case.tool.run("apply", "plan.json").code == 0


def half(case: Case) -> None:
    label(case)
    case.tool.edit("title: Sleep", "title: Rest")
    case.project.emulator.faults.order("error=502@project_settings/import")


def no_token(case: Case) -> Tool:
    return case.tool.having(STUDY_TOKEN="")


def wrong_token(case: Case) -> Tool:
    return case.tool.having(STUDY_TOKEN="A" * 32)


def untrusted(case: Case) -> None:
    case.tool.edit(case.project.emulator.url, "https://redcap.example.org/api/")


def interrupted(case: Case) -> None:
    label(case)
    case.tool.edit("title: Sleep", "title: Rest")
    during(case.patch, case.project.emulator, "metadata/import", interrupt)


def interrupted_read(case: Case) -> None:
    def raised(*_: object) -> None:
        raise KeyboardInterrupt

    case.patch.setattr("redcap_iac.cli.plan.make_plan", raised)


DETAILED = ("plan", "--detailed-exitcode")
APPLY = ("apply", "--auto-approve")
TABLE: tuple[tuple[int, Arrange, tuple[str, ...]], ...] = (
    (0, nothing, ("validate",)),
    (0, label, ("plan",)),
    (0, nothing, DETAILED),
    (0, less, ("plan",)),
    (0, label, APPLY),
    (0, nothing, APPLY),
    (1, broken, ("validate",)),
    (1, broken, ("plan",)),
    (1, nothing, ("show", "none.json")),
    (2, label, DETAILED),
    (2, less, DETAILED),
    (3, label, ("apply",)),
    (3, less, APPLY),
    (3, unknown_status, APPLY),
    (4, stale, ("apply", "plan.json")),
    (5, half, APPLY),
    (6, no_token, ("plan",)),
    (6, wrong_token, ("plan",)),
    (6, untrusted, APPLY),
    (7, production, APPLY),
    (64, nothing, ("plan", "--no-such-option")),
    (64, nothing, ("apply", "--allow-delete", "everything")),
    (130, interrupted, APPLY),
    (130, interrupted_read, ("plan",)),
)
IDS = [f"{code}-{arrange.__name__}-{words[0]}" for code, arrange, words in TABLE]


def test_every_code_of_this_version_is_in_the_table() -> None:
    assert {code for code, _, _ in TABLE} == set(EXIT_NAMES)


@pytest.fixture
def case(applied: Tool, project: Project, monkeypatch: pytest.MonkeyPatch) -> Case:
    return Case(applied, project, monkeypatch)


@pytest.mark.parametrize(("code", "arrange", "words"), TABLE, ids=IDS)
def test_a_command_ends_with_its_code(
    case: Case, code: int, arrange: Arrange, words: tuple[str, ...]
) -> None:
    said = (arrange(case) or case.tool).run(*words)
    assert said.code == code, said.all
    assert "Traceback" not in said.all
    if code in (1, 3, 4, 6):
        assert "error" in said.err


@pytest.mark.parametrize(
    ("code", "arrange", "words"),
    [row for row in TABLE if row[0] != 64],
    ids=[name for name in IDS if not name.startswith("64")],
)
def test_json_is_alone_on_stdout_and_holds_the_same_code(
    case: Case, code: int, arrange: Arrange, words: tuple[str, ...]
) -> None:
    said = (arrange(case) or case.tool).run(*words, "--format", "json")
    told = said.json["exit"]
    assert (told["code"], told["name"]) == (code, EXIT_NAMES[code])
    assert said.code == code


@pytest.mark.parametrize("arrange", [nothing, label, less, production, unknown_status])
def test_a_plan_in_json_is_as_its_schema_says(case: Case, arrange: Arrange) -> None:
    arrange(case)
    said = case.tool.run("plan", "--format", "json")
    jsonschema.Draft202012Validator(plan_schema.schema()).validate(said.json)


@pytest.mark.parametrize("words", [("plan",), ("plan", "--format", "json"), ("-v", "plan")])
def test_the_same_input_gives_the_same_bytes(case: Case, words: tuple[str, ...]) -> None:
    label(case)
    assert case.tool.run(*words).out == case.tool.run(*words).out
