from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from redcap_iac.emulator.store import Store


@pytest.fixture(params=["memory", "file"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "study.db" if request.param == "file" else None)
    yield opened
    opened.close()


def add(store: Store, username: str) -> None:
    with store.transaction() as db:
        db.execute("INSERT INTO accounts (username) VALUES (?)", (username,))


def names(store: Store) -> list[str]:
    with store.transaction() as db:
        rows = db.execute("SELECT username FROM accounts ORDER BY username").fetchall()
    return [row["username"] for row in rows]


def test_a_finished_transaction_is_kept(store: Store) -> None:
    add(store, "akim")
    assert names(store) == ["akim"]


def add_and_fail(store: Store, error: BaseException) -> None:
    with store.transaction() as db:
        db.execute("INSERT INTO accounts (username) VALUES ('akim')")
        raise error


@pytest.mark.parametrize("error", [RuntimeError(), KeyboardInterrupt()])
def test_a_transaction_that_fails_leaves_nothing(store: Store, error: BaseException) -> None:
    with pytest.raises(type(error)):
        add_and_fail(store, error)
    assert names(store) == []


def test_a_transaction_can_follow_one_that_failed(store: Store) -> None:
    with pytest.raises(RuntimeError):
        add_and_fail(store, RuntimeError())
    add(store, "zoe")
    assert names(store) == ["zoe"]


def test_transactions_of_many_threads_do_not_overlap(store: Store) -> None:
    with store.transaction() as db:
        db.execute("INSERT INTO server (name, value) VALUES ('count', '0')")

    def count_up(_: int) -> None:
        with store.transaction() as db:
            value = db.execute("SELECT value FROM server WHERE name = 'count'").fetchone()[0]
            db.execute("UPDATE server SET value = ? WHERE name = 'count'", (int(value) + 1,))

    with ThreadPoolExecutor(12) as threads:
        list(threads.map(count_up, range(200)))
    with store.transaction() as db:
        assert db.execute("SELECT value FROM server WHERE name = 'count'").fetchone()[0] == "200"


def test_two_stores_on_one_file_see_each_others_writes(tmp_path: Path) -> None:
    one, other = Store(tmp_path / "study.db"), Store(tmp_path / "study.db")
    add(one, "akim")
    add(other, "zoe")
    assert names(one) == names(other) == ["akim", "zoe"]
    one.close()
    other.close()


def test_opening_a_file_again_keeps_what_is_in_it(tmp_path: Path) -> None:
    first = Store(tmp_path / "study.db")
    add(first, "akim")
    first.close()
    again = Store(tmp_path / "study.db")
    assert names(again) == ["akim"]
    again.close()


def test_a_closed_store_refuses_work(store: Store) -> None:
    store.close()
    with pytest.raises(sqlite3.ProgrammingError):
        names(store)


def test_a_project_has_one_of_three_statuses(store: Store) -> None:
    with pytest.raises(sqlite3.IntegrityError), store.transaction() as db:
        db.execute("INSERT INTO projects (creation_time, status) VALUES ('', 'gone')")
