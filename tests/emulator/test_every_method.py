"""What holds for every method of the table: it works, and it logs what it writes."""

from __future__ import annotations

import json

import pytest

from redcap_iac.emulator import admin, registry
from redcap_iac.emulator.server import Emulator
from tests.emulator.calls import SECRET, Furnished, Pair, furnished, working_calls

ANSWERED = [(one.content, one.action) for one in registry.methods() if one.answered]
WRITES = [(one.content, one.action) for one in registry.methods() if one.answered and one.writes]


@pytest.fixture
def study(emulator: Emulator) -> Furnished:
    """A project with a little of everything."""
    return furnished(emulator)


def test_a_working_call_is_known_for_every_method_that_is_answered(study: Furnished) -> None:
    assert sorted(working_calls(study)) == sorted(ANSWERED)


@pytest.mark.parametrize("pair", ANSWERED)
def test_every_method_that_is_answered_answers(study: Furnished, pair: Pair) -> None:
    status, body = study.send(pair, working_calls(study)[pair])
    assert (status, "ERROR" in body) == (200, False)


def log_of(study: Furnished, pair: Pair) -> tuple[admin.LogEntry, ...]:
    """Return the log of the project a call writes to, newest first."""
    store = study.project.emulator.store
    if pair != ("project", "create"):
        return admin.log(store, study.project.project_id)
    with store.transaction() as db:
        (newest,) = db.execute("SELECT MAX(project_id) FROM projects").fetchone()
    return admin.log(store, newest) if newest != study.project.project_id else ()


@pytest.mark.parametrize("pair", WRITES)
def test_every_write_leaves_a_log_entry_of_the_minute(study: Furnished, pair: Pair) -> None:
    call = working_calls(study)[pair]
    before = len(log_of(study, pair))
    assert study.send(pair, call)[0] == 200
    new = log_of(study, pair)[: len(log_of(study, pair)) - before]
    assert {entry.timestamp for entry in new} == {"2026-03-14 15:09"}
    assert {entry.username for entry in new} <= {"jdoe", "admin"}


def test_no_log_entry_holds_a_token_or_a_value(study: Furnished) -> None:
    order = sorted(WRITES, key=lambda pair: (pair[1] in ("delete", "rename", "switch"), pair))
    calls = working_calls(study)
    # an event, a designation or an arm less would leave the later calls nothing to write to
    for pair in order:
        study.send(pair, calls[pair])
    with study.project.emulator.store.transaction() as db:
        text = json.dumps([tuple(row) for row in db.execute("SELECT * FROM log")])
        tokens = [row["token"] for row in db.execute("SELECT token FROM tokens")]
    assert text.count('"2026-03-14 15:09"') > len(order)
    secrets = [*tokens, study.project.emulator.super_token, SECRET]
    assert [secret for secret in secrets if secret in text] == []
