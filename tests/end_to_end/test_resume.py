"""What is kept of a run, and what it is good for afterwards."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from redcap_iac import workflow
from redcap_iac.answers import Answer
from redcap_iac.calls import Call
from redcap_iac.client import Client
from redcap_iac.errors import GuardError, StaleError
from redcap_iac.hazard import Acceptance
from redcap_iac.safety.backup import read_backup
from redcap_iac.safety.journal import payload_digest
from redcap_iac.safety.journals import Record, read_journal
from redcap_iac.safety.state_folder import alone
from redcap_iac.state import Unit
from redcap_iac.workflow import Answers, Applied, Session
from redcap_iac.workflow.keeping import free_name, subject
from redcap_iac.workflow.resuming import unfinished, with_words_of
from tests.emulator.served import Project
from tests.end_to_end.study import NOW, Silent, Study, everything
from tests.end_to_end.watching import Watched, kept
from tests.end_to_end.whole import AFTER, BEFORE

RECORDS = '[{"record_id":"1","redcap_event_name":"baseline_arm_1","doomed":"Zanzibar"}]'


@pytest.fixture
def study(project: Project, tmp_path: Path) -> Study:
    """The first design, live, with a record; the second one declared."""
    found = Study(project, tmp_path)
    found.converge(BEFORE)
    project.post("record", action="import", data=RECORDS).raise_for_status()
    found.declare(AFTER)
    return found


def session_of(study: Study, client: Client | None = None) -> Session:
    session = replace(study.session, state_dir=study.folder / "kept")
    return session if client is None else replace(session, client=client)


def apply(study: Study, client: Client | None = None) -> Applied:
    session, goal = session_of(study, client), study.goal()
    planned = workflow.plan(session, goal)
    return workflow.apply(session, goal, planned, Silent(), answers=everything())


def journal_of(study: Study) -> Record:
    (path,) = (study.folder / "kept" / "journals").iterdir()
    return read_journal(path)


class Stopped(BaseException):
    """The end of a process."""


def killed(study: Study, content: str, action: str) -> Record:
    """Apply until the server has written the first such call, and no further."""

    def after(call: Call, answer: Answer) -> Answer:
        if (call.content, call.action) == (content, action):
            raise Stopped
        return answer

    with pytest.raises(Stopped):
        apply(study, Watched(study.project, after=after))
    return journal_of(study)


def test_every_call_has_its_two_lines_with_what_was_sent(study: Study) -> None:
    client = Watched(study.project)
    applied = apply(study, client)
    assert applied.is_complete
    assert applied.journal is not None
    lines = [json.loads(line) for line in applied.journal.read_text().splitlines()]
    before = [line for line in lines if line["line"] == "before"]
    after = [line for line in lines if line["line"] == "after"]
    assert [line["sha256"] for line in before] == [payload_digest(call) for call in client.writes]
    assert [line["outcome"] for line in after] == ["done"] * len(client.writes)
    assert lines[-1]["how"] == "done"


def test_the_line_before_a_call_is_on_the_disk_when_it_is_sent(study: Study) -> None:
    seen: list[int] = []

    def before(call: Call) -> None:
        if call.writes:
            (path,) = (study.folder / "kept" / "journals").iterdir()
            seen.append(path.read_text().count('"line": "before"'))

    apply(study, Watched(study.project, before))
    assert seen == list(range(1, len(seen) + 1))


def test_the_backup_is_whole_before_the_first_write(study: Study) -> None:
    seen: list[str] = []

    def before(call: Call) -> None:
        if call.writes and not seen:
            (folder,) = (study.folder / "kept" / "backups").iterdir()
            seen.append(read_backup(folder).target["title"])

    applied = apply(study, Watched(study.project, before))
    assert seen == ["Before"]
    assert applied.backup is not None
    assert journal_of(study).heading.backup == applied.backup.name
    assert journal_of(study).heading.backup_id == read_backup(applied.backup).identity


def test_where_the_backup_fails_nothing_is_written(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise GuardError("full")

    monkeypatch.setattr("redcap_iac.workflow.keeping.take", full)
    before = kept(study.project)
    with pytest.raises(GuardError, match="full"):
        apply(study)
    assert kept(study.project) == before


def test_where_a_line_cannot_be_written_the_call_is_not_made(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Watched(study.project)
    calls: list[int] = []

    def full(*_: object, **__: object) -> None:
        calls.append(len(client.writes))
        raise GuardError("The journal cannot be written: No space left on device.")

    monkeypatch.setattr("redcap_iac.safety.journal.Journal.before", full)
    applied = apply(study, client)
    outcome = applied.outcomes[-1]
    assert isinstance(outcome.error, GuardError)
    assert (outcome.done, outcome.uncertain, client.writes, calls) == ((), False, [], [0])


def test_two_runs_at_once_are_refused(study: Study) -> None:
    before = kept(study.project)
    target = workflow.read(study.session).target
    with (
        alone(study.folder / "kept", subject(target)),
        pytest.raises(GuardError, match="Another apply"),
    ):
        apply(study)
    assert kept(study.project) == before


def test_nothing_that_is_kept_holds_a_value_or_the_token(study: Study) -> None:
    apply(study)
    for path in (study.folder / "kept").rglob("*"):
        if path.is_file():
            text = path.read_text()
            assert "Zanzibar" not in text, path.name
            assert study.project.token.lower() not in text.lower(), path.name


def test_after_a_kill_the_journal_says_which_call_is_open(study: Study) -> None:
    record = killed(study, "metadata", "import")
    assert record.how == ""
    assert [entry.title for entry in record.uncertain] == [record.steps[len(record.done)]]
    assert len(record.not_tried) == len(record.steps) - len(record.done) - 1


def test_whoever_was_taken_out_of_a_role_is_exposed_until_it_is_done(study: Study) -> None:
    record = killed(study, "userRoleMapping", "import")
    assert record.exposed() == ("dan",)


def test_after_a_whole_run_nobody_is_exposed(study: Study) -> None:
    applied = apply(study)
    assert applied.exposed == ()


def test_the_words_of_the_journal_are_enough_to_go_on(study: Study) -> None:
    killed(study, "metadata", "import")
    session, goal = session_of(study), study.goal()
    planned = workflow.plan(session, goal)
    record = unfinished(session, goal, planned.plan.target)
    answers = with_words_of(record, Answers(), planned)
    applied = workflow.apply(session, goal, planned, Silent(), answers=answers)
    assert applied.is_complete, applied.outcomes[-1].error


def test_words_are_bound_to_what_was_shown(study: Study) -> None:
    heading = killed(study, "dag", "import").heading
    assert heading.allow_delete == tuple(sorted(str(unit) for unit in Unit))
    assert heading.acceptances != ()
    for word in heading.acceptances:
        assert word.change != ""
        assert word.names is not None


def test_how_much_goes_at_once_holds_only_while_nothing_else_goes(study: Study) -> None:
    record = killed(study, "metadata", "import")
    planned = workflow.plan(session_of(study), study.goal())

    def bound(these: Record) -> set[bool]:
        words = with_words_of(these, Answers(), planned).accept
        return {word.change != "" for word in words if word.code == "H130"}

    assert bound(record) == {False}
    fewer = replace(record.heading, deletes=record.heading.deletes[1:])
    assert bound(replace(record, heading=fewer)) == {True}


def test_a_word_for_a_changed_field_stays_bound_to_that_change(study: Study) -> None:
    record = killed(study, "metadata", "import")
    word = Acceptance("H106", "choice/mood/1", typed=True, change="abc", at_most=3)
    heading = replace(record.heading, acceptances=(word,))
    planned = workflow.plan(session_of(study), study.goal())
    answers = with_words_of(replace(record, heading=heading), Answers(), planned)
    assert answers.accept == (replace(word, typed=False),)


def test_what_only_the_command_line_opens_is_typed_again(study: Study) -> None:
    record = killed(study, "dag", "import")
    session = session_of(study)
    session = replace(session, guards=replace(session.guards, data="real"))
    planned = workflow.plan(session, study.goal())
    (real,) = (found for found in planned.plan.findings if found.code == "H150")
    assert real.stake is not None
    word = Acceptance("H150", real.address, typed=True, change=real.stake.change)
    record = replace(record, heading=replace(record.heading, acceptances=(word,)))
    assert not with_words_of(record, Answers(), planned).covers(real)
    assert with_words_of(record, Answers(accept=(word,)), planned).covers(real)


def test_a_clock_that_went_back_does_not_hide_the_last_run(study: Study) -> None:
    killed(study, "metadata", "import")
    earlier = replace(session_of(study), now=lambda: NOW - timedelta(days=400))
    target = workflow.read(earlier).target
    path = free_name(earlier, target, "0" * 32)
    assert path.name > journal_of(study).path.name


def test_another_manifest_is_another_work(study: Study) -> None:
    killed(study, "metadata", "import")
    session, goal = session_of(study), replace(study.goal(), digest="other")
    target = workflow.read(session).target
    with pytest.raises(StaleError, match="manifest was changed"):
        unfinished(session, goal, target)


def test_a_run_that_kept_nothing_cannot_be_resumed(study: Study) -> None:
    target = workflow.read(study.session).target
    with pytest.raises(GuardError, match="nothing to resume"):
        unfinished(study.session, study.goal(), target)
