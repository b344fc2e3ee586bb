"""Many at once: nothing crashes, nothing is lost, and what was answered survives a kill."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from redcap_iac.emulator import admin
from redcap_iac.emulator.clock import local_time
from redcap_iac.emulator.request import Server
from redcap_iac.emulator.store import Store
from redcap_iac.emulator.switches import Settings
from tests.emulator.conftest import MakeEmulator
from tests.emulator.designing import RECORD_ID, field, sent
from tests.emulator.served import PATIENCE, Project, new_project

THREADS, ROUNDS = 8, 12
SERVE = "from redcap_iac.cli.emulator import emulator; emulator()"
DICTIONARY = [RECORD_ID, field("weight"), field("note", kind="notes")]


def one_thread(project: Project, number: int) -> list[tuple[int, str]]:
    """Import records and dictionaries in turn with exports; return every status and body."""
    answers = []
    for turn in range(ROUNDS):
        row = {"record_id": f"{number}-{turn}", "weight": str(turn)}
        last = field("note", kind="notes", field_label=f"As thread {number} has it")
        calls: tuple[tuple[str, dict[str, str]], ...] = (
            ("record", {"data": json.dumps([row])}),
            ("metadata", {"data": json.dumps([*DICTIONARY[:2], last])}),
            ("record", {}),
            ("metadata", {}),
        )
        for content, parameters in calls:
            response = project.post(content, None, **parameters)
            answers.append((response.status_code, response.text))
    return answers


@pytest.mark.parametrize("on_disk", [False, True], ids=["memory", "file"])
def test_eight_threads_lose_nothing(
    make_emulator: MakeEmulator, tmp_path: Path, on_disk: bool
) -> None:
    project = new_project(make_emulator(path=tmp_path / "study.db" if on_disk else None))
    sent(project, "metadata", DICTIONARY)
    with ThreadPoolExecutor(THREADS) as pool:
        found = list(pool.map(lambda number: one_thread(project, number), range(THREADS)))
    answers = [answer for thread in found for answer in thread]
    assert {status for status, _ in answers} == {200}
    writes = [text for number, (_, text) in enumerate(answers) if number % 4 < 2]
    assert set(writes) == {'{"count": 1}', "3"}
    kept = {row["record_id"]: row["weight"] for row in project.rows("record")}
    assert kept == {
        f"{number}-{turn}": str(turn) for number in range(THREADS) for turn in range(ROUNDS)
    }
    details = [row["details"] for row in project.rows("log")]
    assert details.count("Import metadata (API)") == THREADS * ROUNDS + 1


def test_an_export_amid_imports_is_of_one_moment(project: Project) -> None:
    sent(project, "metadata", DICTIONARY)
    halves = ["left", "right"]
    ended = threading.Event()

    def swap() -> None:
        for turn in range(30):
            rows = [{"record_id": half, "weight": str(turn)} for half in halves]
            assert project.post("record", data=json.dumps(rows)).status_code == 200
        ended.set()

    writer = threading.Thread(target=swap)
    writer.start()
    seen = []
    while not ended.is_set():
        seen.append([row["weight"] for row in project.rows("record", fields=["weight"])])
    writer.join()
    assert [weights for weights in seen if len(set(weights)) > 1] == []


@contextmanager
def serving(db: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Serve a database from a process of its own; give the process and its URL."""
    command = [sys.executable, "-c", SERVE, "serve", "--port", "0", "--db", str(db)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield process, process.stdout.readline().strip()
    finally:
        process.kill()
        process.communicate()


def import_until_killed(url: str, token: str, number: int, answered: list[str]) -> None:
    """Import one record after another, noting those that were answered."""
    for turn in range(100_000):
        record = f"{number}-{turn}"
        form = {
            "token": token,
            "content": "record",
            "format": "json",
            "data": json.dumps([{"record_id": record}]),
        }
        try:
            if requests.post(url, data=form, timeout=PATIENCE).text != '{"count": 1}':
                return
        except requests.RequestException:
            return
        answered.append(record)


def test_what_was_answered_before_a_kill_amid_imports_is_there_after_it(tmp_path: Path) -> None:
    db = tmp_path / "study.db"
    store = Store(db)
    _, token = admin.create_project(store, Server(Settings(), local_time), "A study", "jdoe")
    store.close()
    answered: list[str] = []
    with serving(db) as (process, url):
        threads = [
            threading.Thread(target=import_until_killed, args=(url, token, number, answered))
            for number in range(4)
        ]
        for thread in threads:
            thread.start()
        while len(answered) < 40 and threads[0].is_alive():
            threads[0].join(0.01)
        process.kill()
        for thread in threads:
            thread.join(PATIENCE)
    form = {"token": token, "content": "record", "format": "json"}
    with serving(db) as (_, url):
        rows = requests.post(url, data=form, timeout=PATIENCE).json()
    kept = {row["record_id"] for row in rows}
    assert len(answered) >= 40
    assert set(answered) - kept == set()
    # at most one import per thread was written without its answer reaching anybody
    assert len(kept) <= len(answered) + len(threads)
