"""Evidence and history on the command line: what an apply leaves, and what alters it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.tool import Said, Tool
from tests.emulator.served import Project

APPLY = ("apply", "--auto-approve", "--allow-delete", "fields")


def bundles(tool: Tool) -> list[Path]:
    return sorted(
        path.parent for path in (tool.folder / ".redcap-iac").glob("evidence/*/evidence.json")
    )


def relabelled(tool: Tool, label: str = "Your pain") -> Said:
    tool.edit("label: Pain", f"label: {label}")
    return tool.run(*APPLY)


def test_an_apply_leaves_a_bundle_and_says_its_digest(applied: Tool) -> None:
    said = relabelled(applied)
    assert said.code == 0, said.all
    *_, last = bundles(applied)
    assert f"Evidence: {last}" in said.err
    checked = applied.run("evidence", "check", "--format", "json")
    assert checked.code == 0
    (first, second) = checked.json["bundles"]
    assert second["name"] == last.name
    assert f"sha256 {second['sha256']}" in said.err
    assert first["name"] < second["name"]


def test_a_bundle_holds_plan_words_exports_journal_proof(applied: Tool) -> None:
    relabelled(applied)
    *_, last = bundles(applied)
    names = {path.relative_to(last).as_posix() for path in last.rglob("*") if path.is_file()}
    assert {
        "plan.json", "acceptances.json", "provenance.json", "proof.json", "journal.jsonl",
        "before/metadata.json", "after/metadata.json", "before/user.json", "evidence.json",
    } <= names  # fmt: skip
    before, after = (
        {row["field_name"]: row["field_label"] for row in json.loads(read(last / side))}
        for side in ("before/metadata.json", "after/metadata.json")
    )
    assert (before["pain"], after["pain"]) == ("Pain", "Your pain")
    proof = json.loads(read(last / "proof.json"))
    assert (proof["how"], proof["proven"], proof["remaining"]) == ("done", True, [])


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_no_token_and_no_value_is_in_it(applied: Tool, project: Project) -> None:
    data = json.dumps([{"record_id": "1", "pain": "2", "dob": "1931-07-05"}])
    assert project.post("record", data=data).status_code == 200
    assert relabelled(applied).code == 0
    for path in (applied.folder / ".redcap-iac").rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert project.token.encode() not in content
            assert b"1931-07-05" not in content


def test_an_altered_byte_ends_with_1_and_is_named(applied: Tool) -> None:
    relabelled(applied)
    first, _ = bundles(applied)
    journal = first / "journal.jsonl"
    journal.write_text(read(journal).replace("done", "gone", 1), encoding="utf-8")
    said = applied.run("evidence", "check")
    assert said.code == 1
    assert f"{first.name}: journal.jsonl was altered" in said.out
    assert applied.run("evidence", "check", str(bundles(applied)[1])).code == 0


@pytest.mark.parametrize(("wrong", "code"), [(False, 0), (True, 1)])
def test_a_digest_kept_elsewhere_is_held_against_it(applied: Tool, wrong: bool, code: int) -> None:
    digest = applied.run("evidence", "check", "--format", "json").json["bundles"][-1]["sha256"]
    given = digest[::-1] if wrong else digest[:16]
    assert applied.run("evidence", "check", "--digest", given).code == code


def test_a_few_digits_are_no_proof(applied: Tool) -> None:
    digest = applied.run("evidence", "check", "--format", "json").json["bundles"][-1]["sha256"]
    assert applied.run("evidence", "check", "--digest", digest[:4]).code == 1


def told(folder: Path) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(read(folder / "evidence.json"))
    return body


def test_a_machine_is_told_where_backup_journal_and_evidence_lie(applied: Tool) -> None:
    applied.edit("label: Pain", "label: Your pain")
    account = applied.run(*APPLY, "--format", "json").json
    *_, last = bundles(applied)
    checked = applied.run("evidence", "check", "--format", "json").json["bundles"][-1]
    assert account["evidence"] == {"folder": str(last), "sha256": checked["sha256"]}
    assert account["no_evidence"] is None
    assert Path(account["backup"]).is_dir()
    assert Path(account["journal"]).name == told(last)["journal"]


def in_the_way(applied: Tool, project: Project) -> Said:
    """Apply while somebody puts a file where evidence goes, once the backup has been taken."""
    state = applied.folder / ".redcap-iac"

    def block(phase: str, content: str, action: str, number: int) -> None:
        if phase == "before" and (content, action) == ("metadata", "import"):
            (state / "evidence").rename(state / "aside")
            (state / "evidence").write_text(f"{number}", encoding="utf-8")

    project.emulator.on_call = block
    applied.edit("label: Pain", "label: Your pain")
    return applied.run(*APPLY, "--format", "json")


def test_a_run_without_evidence_ends_with_1_and_says_why(applied: Tool, project: Project) -> None:
    said = in_the_way(applied, project)
    assert said.code == 1
    assert said.json["exit"] == {"code": 1, "name": "error"}
    assert said.json["evidence"] is None
    assert said.json["no_evidence"]
    assert said.json["remaining"] == []
    assert "The run is over, but no evidence could be written" in said.err


def test_a_run_without_evidence_is_done_all_the_same(applied: Tool, project: Project) -> None:
    in_the_way(applied, project)
    labels = {row["field_name"]: row["field_label"] for row in project.rows("metadata")}
    assert labels["pain"] == "Your pain"


def test_a_resumed_run_names_the_run_it_goes_on_from(applied: Tool, project: Project) -> None:
    project.emulator.faults.order("error=500@metadata/import")
    assert relabelled(applied).code != 0
    project.emulator.faults.clear()
    cut = told(bundles(applied)[-1])["journal"]
    assert applied.run("apply", "--resume", "--auto-approve").code == 0
    assert told(bundles(applied)[-1])["resumes"] == cut
    run, *_ = applied.run("history", "--format", "json").json["runs"]
    assert (run["purpose"], run["resumes"]) == ("apply", cut)
    assert f"goes on from {cut}" in " ".join(applied.run("history").out.split())


def test_a_restore_leaves_evidence_of_its_own(applied: Tool) -> None:
    assert applied.run("backup", "--out", "mine").code == 0
    relabelled(applied)
    assert applied.run("restore", "mine", "--auto-approve").code == 0
    assert told(bundles(applied)[-1])["purpose"] == "restore mine"
    run, *_ = applied.run("history", "--format", "json").json["runs"]
    assert run["purpose"] == "restore mine"
    assert run["evidence"] == bundles(applied)[-1].name


def test_a_failed_apply_leaves_evidence_too(applied: Tool, project: Project) -> None:
    project.emulator.faults.order("error=500@metadata/import")
    assert relabelled(applied).code != 0
    *_, last = bundles(applied)
    proof = json.loads(read(last / "proof.json"))
    assert proof["proven"] is False
    assert proof["how"] in ("failed", "uncertain")


def test_without_evidence_it_is_said(tool: Tool) -> None:
    said = tool.run("evidence", "check")
    assert said.code == 1
    assert "There is no evidence" in said.err


def test_history_tells_every_run_the_newest_first(applied: Tool) -> None:
    relabelled(applied)
    said = applied.having(GITHUB_ACTOR="octo").run("history")
    assert said.code == 0
    heads = [line for line in said.out.splitlines() if line.startswith("2026-")]
    assert len(heads) == 2
    assert "done  apply dev: Sleep (project 1)" in heads[0]
    assert "~1" in said.out.splitlines()[1]


def test_who_started_it_is_told_as_claimed(applied: Tool) -> None:
    applied.edit("label: Pain", "label: Your pain")
    applied.having(GITHUB_ACTOR="octo", GITHUB_RUN_ID="7").run(*APPLY)
    run, _ = applied.run("history", "--format", "json").json["runs"]
    assert run["who"] == "octo"
    assert "by octo (claimed)" in applied.run("history").out


def test_a_limit_leaves_the_newest(applied: Tool) -> None:
    relabelled(applied)
    runs = applied.run("history", "--format", "json").json["runs"]
    assert applied.run("history", "--limit", "1", "--format", "json").json["runs"] == runs[:1]


def test_nothing_applied_is_said(tool: Tool) -> None:
    assert tool.run("history").out == "Nothing was applied from here.\n"


def test_a_run_that_was_killed_is_told_from_its_journal(applied: Tool) -> None:
    """As after a kill before the bundle was written: only the journal is there."""
    relabelled(applied)
    state = applied.folder / ".redcap-iac"
    *_, last = bundles(applied)
    name = json.loads(read(last / "evidence.json"))["journal"]
    journal = state / "journals" / name
    lines = read(journal).splitlines(keepends=True)
    journal.write_text("".join(lines[:3]), encoding="utf-8")
    for path in sorted(last.rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    last.rmdir()
    run, *_ = applied.run("history", "--format", "json").json["runs"]
    assert (run["how"], run["evidence"]) == ("killed", "")
    assert "no evidence" in applied.run("history").out
