"""`redcap-iac apply --resume`: goes on with an apply that did not come to its end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from redcap_iac.emulator.dispatch import Reply
from redcap_iac.emulator.registry import key_of
from redcap_iac.emulator.request import Request
from redcap_iac.safety.journals import read_journal, used_plans
from tests.cli.tool import Tool, during
from tests.emulator.served import Project
from tests.end_to_end.watching import grant

DOB = "      dob: {type: text, label: Date of birth, validation: date_ymd, identifier: true}\n"


def state(tool: Tool) -> Path:
    return tool.folder / ".redcap-iac"


def journals(tool: Tool) -> list[Path]:
    return sorted((state(tool) / "journals").iterdir())


def cut(tool: Tool, project: Project) -> Tool:
    """Cut the first apply off for good, in its first call."""
    faults = project.emulator.faults
    faults.order("error=500@metadata/import")
    said = tool.run("apply", "--auto-approve", "--allow-delete", "fields")
    assert said.code == 5, said.all
    faults.clear()
    return tool


@pytest.fixture
def broken(tool: Tool, project: Project) -> Tool:
    return cut(tool, project)


def test_a_broken_run_says_how_to_go_on(tool: Tool, project: Project) -> None:
    project.emulator.faults.order("error=500@metadata/import")
    said = tool.run("apply", "--auto-approve", "--allow-delete", "fields")
    assert "apply --resume" in said.err
    assert "Journal: " in said.err
    assert "Backup: " in said.err


def test_it_tells_and_does_what_is_left_with_the_words_given_then(
    broken: Tool, project: Project
) -> None:
    said = broken.run("apply", "--resume", "--auto-approve")
    assert said.code == 0, said.all
    assert "did not come to its end (uncertain)" in said.out
    assert "Done: none" in said.out
    assert "Not tried: 1 call" in said.out
    assert "Not known whether REDCap wrote it: 1 call" in said.out
    assert [row["field_name"] for row in project.rows("metadata")] == ["record_id", "dob", "pain"]
    record = read_journal(journals(broken)[-1])
    assert record.how == "done"
    assert record.heading.resumes == journals(broken)[0].name
    assert record.heading.allow_delete == ("fields",)


def test_after_a_good_end_there_is_nothing_to_resume(broken: Tool) -> None:
    assert broken.run("apply", "--resume", "--auto-approve").code == 0
    said = broken.run("apply", "--resume", "--auto-approve")
    assert said.code == 3
    assert "came to its end" in " ".join(said.err.split())


def test_without_a_journal_there_is_nothing_to_resume(tool: Tool) -> None:
    said = tool.run("apply", "--resume", "--auto-approve")
    assert said.code == 3
    assert "nothing to resume" in said.err


def test_a_changed_manifest_needs_a_fresh_plan(broken: Tool, project: Project) -> None:
    broken.edit("label: Pain", "label: Ache")
    said = broken.run("apply", "--resume", "--auto-approve")
    assert said.code == 4
    assert "manifest was changed" in said.err
    assert broken.run("apply", "--auto-approve", "--allow-delete", "fields").code == 0


def test_a_saved_plan_and_a_journal_exclude_each_other(tool: Tool) -> None:
    assert tool.run("apply", "plan.json", "--resume").code == 64


def test_somebody_is_asked(broken: Tool) -> None:
    assert broken.run("apply", "--resume").code == 3
    assert broken.asking().run("apply", "--resume", answers="no\n").code == 3
    assert broken.asking().run("apply", "--resume", answers="yes\n").code == 0


def test_where_nothing_is_left_the_journal_is_brought_to_its_end(
    tool: Tool, project: Project
) -> None:
    cut(tool, project)
    assert tool.run("apply", "--auto-approve", "--allow-delete", "fields").code == 0
    journals(tool)[-1].unlink()
    said = tool.run("apply", "--resume", "--auto-approve")
    assert said.code == 0, said.all
    assert read_journal(journals(tool)[-1]).how == "done"
    assert tool.run("apply", "--resume").code == 3


def test_more_records_than_were_accepted_stop_it(
    applied: Tool, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = '[{"record_id": "1", "dob": "1961-02-03"}]'
    two = '[{"record_id": "2", "dob": "1962-03-04"}]'
    project.post("record", action="import", data=one).raise_for_status()
    applied.edit(DOB, "")
    applied.edit("  title: Sleep\n", "  title: Sleep 2\n")
    words = [*accepting(applied), "--auto-approve", "--allow-delete", "fields"]
    during(
        monkeypatch, project.emulator, "metadata/import",
        lambda: project.emulator.faults.order("error=500@metadata/import"),
    )  # fmt: skip
    said = applied.run("apply", *words)
    assert said.code in (5, 1), said.all
    project.emulator.faults.clear()
    project.post("record", action="import", data=two).raise_for_status()
    said = applied.run("apply", "--resume", "--auto-approve")
    assert said.code == 3, said.all
    assert "H101" in said.err
    assert "dob" in [row["field_name"] for row in project.rows("metadata")]
    assert applied.run("apply", "--resume", *accepting(applied), "--auto-approve").code == 0


def accepting(tool: Tool) -> list[str]:
    """Return the words that answer every hazard a plan shows now."""
    words: list[str] = []
    for one in json.loads(tool.run("plan", "--format", "json").out)["findings"]:
        if one["stake"] and one["stake"]["answer"] in ("acceptance", "command line"):
            words += ["--accept", f"{one['code']}:{one['address']}"]
    return words


def test_records_that_came_right_before_the_call_stop_it(
    applied: Tool, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = '[{"record_id": "1", "dob": "1961-02-03"}]'
    more = '[{"record_id": "2", "dob": "1962-03-04"}]'
    project.post("record", action="import", data=row).raise_for_status()
    applied.edit(DOB, "")
    words = [*accepting(applied), "--auto-approve", "--allow-delete", "fields"]
    during(
        monkeypatch, project.emulator, "log/export",  # after the plan, before the first write
        lambda: project.post("record", action="import", data=more).raise_for_status(),
    )  # fmt: skip
    said = applied.run("apply", *words)
    assert said.code == 4, said.all
    assert "It would hurt more now than when it was shown: H101" in " ".join(said.out.split())
    assert "dob" in [row["field_name"] for row in project.rows("metadata")]


def test_somebody_else_s_work_meanwhile_is_told(
    tool: Tool, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = project.of("mlee")
    grant(project, "mlee", design=1, api_import=1, api_export=1)
    change = '{"project_pi_lastname": "Somebody"}'
    during(
        monkeypatch, project.emulator, "metadata/import",
        lambda: other.post("project_settings", action="import", data=change).raise_for_status(),
    )  # fmt: skip
    said = tool.run("apply", "--auto-approve", "--allow-delete", "fields")
    assert said.code == 0, said.all
    assert "Meanwhile mlee worked on the design" in " ".join(said.out.split())


def test_without_the_log_it_is_said_to_be_unknown(tool: Tool, project: Project) -> None:
    grant(project, "jdoe", logging=0)
    said = tool.run("apply", "--auto-approve", "--allow-delete", "fields")
    assert said.code == 0, said.all
    assert "meanwhile is not known" in " ".join(said.out.split())


def test_a_saved_plan_is_known_as_used(tool: Tool) -> None:
    assert tool.run("plan", "--out", "plan.json").code == 0
    saved = json.loads((tool.folder / "plan.json").read_text())["id"]
    assert tool.run("apply", "plan.json", "--allow-delete", "fields").code == 0
    assert list(used_plans(state(tool))) == [saved]


class TestKilledForGood:
    """A real process, ended by kill -9 in the middle of a call."""

    @pytest.mark.parametrize("call", ["project_settings/import", "metadata/import"])
    @pytest.mark.parametrize("written", [False, True])
    def test_it_is_finished_by_its_journal(
        self,
        tool: Tool,
        project: Project,
        monkeypatch: pytest.MonkeyPatch,
        call: str,
        written: bool,
    ) -> None:
        killed = self.run(tool, project, monkeypatch, call, written=written)
        assert killed == -signal.SIGKILL
        record = read_journal(journals(tool)[0])
        assert record.how == ""
        assert len(record.uncertain) == 1
        said = tool.run("apply", "--resume", "--auto-approve")
        assert said.code == 0, said.all
        assert "did not come to its end (killed)" in said.out
        assert [r["field_name"] for r in project.rows("metadata")] == ["record_id", "dob", "pain"]
        assert project.rows("project")["project_title"] == "Sleep"

    def run(
        self,
        tool: Tool,
        project: Project,
        monkeypatch: pytest.MonkeyPatch,
        call: str,
        *,
        written: bool,
    ) -> int:
        emulator = project.emulator
        answer = emulator.answer
        process: list[subprocess.Popen[bytes]] = []

        def answered(request: Request) -> Reply:
            content, action = key_of(request, super_token=False)
            if f"{content}/{action}" != call:
                return answer(request)
            reply = answer(request) if written else None
            process[0].kill()
            process[0].wait()
            return reply or Reply(500, b"", "text/html")

        monkeypatch.setattr(emulator, "answer", answered)
        environ: dict[str, Any] = {
            "PATH": os.environ["PATH"],
            "XDG_CONFIG_HOME": str(tool.home / "config"),
            **tool.environ,
        }
        words = ("apply", "--auto-approve", "--allow-delete", "fields")
        command = [sys.executable, "-m", "redcap_iac", "-C", str(tool.folder), *words]
        process.append(
            subprocess.Popen(
                command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
        )
        code = process[0].wait(timeout=60)
        monkeypatch.setattr(emulator, "answer", answer)
        return code
