from __future__ import annotations

import json
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner, Result

from redcap_iac.cli.emulator import emulator

PATIENCE = 30.0
SERVE = "from redcap_iac.cli.emulator import emulator; emulator()"


@dataclass(frozen=True, slots=True)
class Served:
    """`emulator serve` in a process of its own."""

    process: subprocess.Popen[str]
    url: str
    super_token: str

    def post(self, token: str, **form: str) -> requests.Response:
        data = {"token": token, "format": "json", **form}
        return requests.post(self.url, data=data, timeout=PATIENCE)

    def end(self, how: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(how)
        return self.process.wait(PATIENCE)


Serve = Callable[..., Served]


@pytest.fixture
def serve() -> Iterator[Serve]:
    processes: list[subprocess.Popen[str]] = []

    def start(*options: str) -> Served:
        command = [sys.executable, "-c", SERVE, "serve", "--port", "0", *options]
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        processes.append(process)
        assert process.stdout is not None
        return Served(process, process.stdout.readline().strip(), process.stdout.readline().strip())

    yield start
    for process in processes:
        process.kill()
        process.communicate()


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "study.db"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(emulator, [str(argument) for argument in arguments])


def printed(*arguments: object) -> list[str]:
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return result.stdout.splitlines()


@pytest.fixture
def made(db: Path) -> Path:
    """A database that was served once and holds the project 1 of jdoe."""
    from redcap_iac.emulator.server import Emulator

    Emulator(db).stop()
    printed("create-project", "--db", db, "--title", "Pilot", "--user", "jdoe")
    return db


def test_the_first_lines_are_the_url_and_the_super_token(serve: Serve) -> None:
    served = serve()
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/api/", served.url)
    assert re.fullmatch(r"[0-9A-F]{64}", served.super_token)
    assert served.post(served.super_token, content="version").text == "16.1.3"


def test_nothing_secret_is_printed_besides(serve: Serve) -> None:
    served = serve()
    data = '[{"project_title":"New","purpose":"0"}]'
    token = served.post(served.super_token, content="project", data=data).text
    served.post(token, content="project_settings", data="not json")
    served.process.send_signal(signal.SIGINT)
    out, err = served.process.communicate(timeout=PATIENCE)
    assert (out, token in err, served.super_token in err) == ("", False, False)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_interrupted(serve: Serve, how: signal.Signals) -> None:
    served = serve()
    assert served.end(how) == 0
    with pytest.raises(requests.ConnectionError):
        served.post("", content="version")


def test_options_choose_version_token_switch_and_fault(serve: Serve) -> None:
    served = serve(
        "--redcap-version=15.0.1",
        f"--super-token={'ab' * 32}",
        "--switch=one_event_longitudinal=longitudinal",
        "--fault=error-once=503",
    )
    assert served.super_token == "AB" * 32
    answers = [served.post(served.super_token, content="version") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [503, 200]
    assert answers[1].text == "15.0.1"
    data = '[{"project_title":"New","purpose":"0","is_longitudinal":"1"}]'
    token = served.post(served.super_token, content="project", data=data).text
    assert served.post(token, content="project").json()["is_longitudinal"] == 1


def test_what_was_answered_survives_a_kill(serve: Serve, db: Path) -> None:
    first = serve("--db", str(db))
    data = '[{"project_title":"Survivor","purpose":"0"}]'
    token = first.post(first.super_token, content="project", data=data).text
    first.end(signal.SIGKILL)
    again = serve("--db", str(db))
    assert again.super_token == first.super_token
    assert again.post(token, content="project").json()["project_title"] == "Survivor"


def test_administration_works_while_it_serves(serve: Serve, db: Path) -> None:
    served = serve("--db", str(db))
    project, token = printed("create-project", "--db", db, "--title", "Pilot", "--user", "jdoe")
    assert served.post(token, content="project").json()["project_title"] == "Pilot"
    printed("status", "--db", db, "--project", project, "production")
    assert served.post(token, content="project").json()["in_production"] == 1


def test_administration_writes_rights_as_the_served_version_does(serve: Serve, db: Path) -> None:
    served = serve("--db", str(db), "--redcap-version", "15.5.0")
    _, token = printed("create-project", "--db", db, "--title", "Pilot", "--user", "jdoe")
    assert served.post(token, content="user").json()[0]["forms"] == {"form_1": 1}


def test_a_taken_port_is_an_error(serve: Serve) -> None:
    port = serve().url.split(":")[2].partition("/")[0]
    result = run("serve", "--port", port)
    assert result.exit_code == 1
    assert "cannot listen" in result.stderr


def test_without_the_web_server_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "redcap_iac.emulator.server", raising=False)
    monkeypatch.setitem(sys.modules, "flask", None)
    result = run("serve", "--port", 0)
    assert result.exit_code == 1
    assert "redcap-iac[emulator]" in result.stderr


def test_a_file_that_is_no_database_is_an_error(db: Path) -> None:
    db.write_bytes(b"not a database at all" * 100)
    result = run("serve", "--db", db, "--port", 0)
    assert result.exit_code == 1
    assert "database" in result.stderr


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("--switch", "rename=keep", "event_rename"),
        ("--switch", "event_rename=never", "regenerate"),
        ("--fault", "fire", "cut-after"),
        ("--fault", "latency=soon", "SECONDS"),
        ("--redcap-version", "16", "16.1.3"),
        ("--super-token", "ABC", "64"),
    ],
)
def test_an_option_that_cannot_be_is_a_usage_error(option: str, value: str, told: str) -> None:
    result = run("serve", option, value)
    assert result.exit_code == 64
    assert told in result.stderr


def test_the_help_explains_every_fault() -> None:
    text = " ".join(run("serve", "--help").stdout.split())
    assert "cut-after@metadata/import#1" in text
    assert "rate-limit=N" in text


def test_creating_a_project_prints_its_id_and_the_token(made: Path) -> None:
    lines = printed("create-project", "--db", made, "--title", "Second", "--user", "jdoe")
    assert lines[0] == "2"
    assert re.fullmatch("[0-9A-F]{32}", lines[1])
    assert len(lines) == 2


def test_a_token_is_printed_alone(made: Path) -> None:
    lines = printed("token", "--db", made, "--project", 1, "--user", "akim")
    assert re.fullmatch("[0-9A-F]{32}", lines[0])
    assert len(lines) == 1


def test_a_token_is_the_same_when_asked_again(made: Path) -> None:
    asked = ("token", "--db", made, "--project", 1, "--user", "akim")
    assert printed(*asked) == printed(*asked)


def state(db: Path) -> dict[str, list[dict[str, object]]]:
    loaded: dict[str, list[dict[str, object]]] = json.loads(
        "\n".join(printed("dump", "--db", db, "--project", 1))
    )
    return loaded


def add_groups(db: Path) -> None:
    connection = sqlite3.connect(db)
    with connection:
        connection.executemany(
            "INSERT INTO dags (project_id, name, unique_name) VALUES (1, ?, ?)",
            [("Lyon", "lyon"), ("Paris", "paris")],
        )
    connection.close()


def test_several_groups_are_given_to_a_user(made: Path) -> None:
    add_groups(made)
    assert printed("dags", "--db", made, "--project", 1, "--user", "jdoe", "lyon", "paris") == []
    assert len(state(made)["dag_switcher"]) == 2


def test_a_report_prints_its_id(made: Path) -> None:
    options = ("--title", "All", "--field", "record_id", "--field", "form_1_complete")
    assert printed("report", "--db", made, "--project", 1, *options) == ["1"]
    assert state(made)["reports"][0]["fields"] == ["record_id", "form_1_complete"]


@pytest.mark.parametrize("status", ["production", "analysis", "development"])
def test_a_status_is_set_without_a_word(made: Path, status: str) -> None:
    assert printed("status", "--db", made, "--project", 1, status) == []
    assert state(made)["projects"][0]["status"] == status


def test_the_log_is_a_line_per_entry_newest_first(serve: Serve, made: Path) -> None:
    token = printed("token", "--db", made, "--project", 1, "--user", "jdoe")[0]
    served = serve("--db", str(made))
    for content in ("instrument", "project"):
        served.post(token, content=content)
    lines = [line.split("\t") for line in printed("log", "--db", made, "--project", 1)]
    assert [line[1:] for line in lines] == [
        ["jdoe", "Manage/Design", "Export project information (API)"],
        ["jdoe", "Manage/Design", "Export instruments (API)"],
    ]


def test_a_dump_is_json_without_tokens(made: Path) -> None:
    token = printed("token", "--db", made, "--project", 1, "--user", "jdoe")[0]
    text = "\n".join(printed("dump", "--db", made, "--project", 1))
    assert json.loads(text)["users"][0]["username"] == "jdoe"
    assert token not in text


@pytest.mark.parametrize(
    "arguments",
    [
        ["token", "--project", "9", "--user", "jdoe"],
        ["dags", "--project", "9", "--user", "jdoe", "lyon"],
        ["report", "--project", "9", "--title", "All", "--field", "record_id"],
        ["status", "--project", "9", "production"],
        ["log", "--project", "9"],
        ["dump", "--project", "9"],
    ],
)
def test_a_project_that_does_not_exist_is_an_error(made: Path, arguments: list[str]) -> None:
    result = run(arguments[0], "--db", made, *arguments[1:])
    assert (result.exit_code, result.stdout) == (1, "")
    assert "no project 9" in result.stderr


def test_a_group_that_does_not_exist_is_an_error(made: Path) -> None:
    result = run("dags", "--db", made, "--project", 1, "--user", "jdoe", "lyon")
    assert result.exit_code == 1
    assert "lyon" in result.stderr


def test_a_user_who_is_not_in_the_project_is_an_error(made: Path) -> None:
    result = run("dags", "--db", made, "--project", 1, "--user", "akim", "lyon")
    assert result.exit_code == 1
    assert "akim" in result.stderr


def test_a_field_that_does_not_exist_is_an_error(made: Path) -> None:
    result = run("report", "--db", made, "--project", 1, "--title", "All", "--field", "weight")
    assert result.exit_code == 1
    assert "weight" in result.stderr


def test_a_database_that_is_not_there_is_an_error_and_not_made(db: Path) -> None:
    result = run("create-project", "--db", db, "--title", "Pilot", "--user", "jdoe")
    assert result.exit_code == 1
    assert "emulator serve" in result.stderr
    assert not db.exists()


def test_methods_prints_a_line_per_method() -> None:
    lines = printed("methods")
    assert lines[0].split()[:2] == ["content", "action"]
    assert any(line.startswith("version ") for line in lines)


def test_methods_prints_markdown() -> None:
    assert printed("methods", "--format", "markdown")[1] == "| --- | --- | --- | --- | --- | --- |"


def test_methods_prints_switches_with_their_defaults() -> None:
    lines = [line.split() for line in printed("methods", "--switches")]
    assert ["event_rename", "regenerate", "keep"] in [line[:3] for line in lines]
