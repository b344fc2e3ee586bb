"""A token is in memory and nowhere else: not in output, files or traces, whatever goes wrong."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import requests

from redcap_iac.emulator.server import Emulator
from tests.cli.tool import Said, Tool, study
from tests.emulator.conftest import MakeEmulator
from tests.emulator.served import Project, new_project

MARKER = "C0FFEE00" * 4
SUPER_MARKER = "DECAFBAD" * 8

STUDY = """\
version: 1
project: {{title: Sleep, purpose: research}}
instruments:
  - instrument: diary
    fields:
      record_id: {{type: text, label: Study ID}}
environments:
  dev: {{url: "{url}", token: "env:MARKED"}}
"""
COMMANDS = (
    ("plan",),
    ("plan", "--format", "json", "--out", "plan.json"),
    ("apply", "--auto-approve"),
    ("apply", "--auto-approve", "--format", "json"),
    ("apply", "--auto-approve", "--allow-delete", "fields"),
    ("backup",),
    ("doctor",),
    ("pull", "copy"),
    ("create", "--token-file", "new.token", "--auto-approve"),
)
COMMAND_IDS = [" ".join(command) for command in COMMANDS]


def assert_clean(said: Said, folders: tuple[Path, ...], *secrets: str) -> None:
    for secret in secrets:
        assert secret.lower() not in said.all.lower()
        for folder in folders:
            for path in folder.rglob("*"):
                if path.is_file():
                    assert secret.lower() not in path.read_text(encoding="utf-8").lower(), path


class _Echo(BaseHTTPRequestHandler):
    """Answers with what was asked, token and all, as a careless server's error page does."""

    status = 200
    form = "{}"

    def do_POST(self) -> None:
        sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
        body = (self.form.replace("{}", json.dumps(sent)[1:-1])).encode()
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(body)))
        if self.status == 302:
            self.send_header("Location", f"https://elsewhere.example.org/{MARKER}/")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its own name
        """Keep the test's output clean."""


@contextmanager
def echoing(status: int, form: str) -> Iterator[str]:
    handler = type("Echo", (_Echo,), {"status": status, "form": form})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/api/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.parametrize("command", COMMANDS, ids=COMMAND_IDS)
@pytest.mark.parametrize(
    ("status", "form"),
    [
        (200, "{}"),
        (200, "<html>{}</html>"),
        (200, '{"error": "{}"}'),
        (302, "moved"),
        (400, '{"error": "{}"}'),
        (403, "{}"),
        (404, "{}"),
        (500, "{}"),
        (501, "<error>{}</error>"),
    ],
)
def test_a_server_that_echoes_the_token_makes_nobody_print_it(
    bare: Tool, command: tuple[str, ...], status: int, form: str
) -> None:
    with echoing(status, form) as url:
        bare.write(STUDY.format(url=url))
        tool = bare.having(MARKED=MARKER, REDCAP_SUPER_API_TOKEN=SUPER_MARKER)
        said = tool.run("-v", *command)
    assert said.code != 0
    assert "error" in said.all or "problem" in said.all
    assert_clean(said, (tool.folder, tool.home), MARKER, SUPER_MARKER)


@pytest.mark.parametrize("command", COMMANDS, ids=COMMAND_IDS)
@pytest.mark.parametrize("fault", ["html", "cut-before", "cut-after", "error=500", "noise"])
def test_faults_make_nobody_print_it(
    make_emulator: MakeEmulator, bare: Tool, command: tuple[str, ...], fault: str
) -> None:
    emulator = make_emulator()
    project = new_project(emulator)
    emulator.faults.order(fault)
    bare.write(STUDY.format(url=emulator.url))
    tool = bare.having(MARKED=project.token, REDCAP_SUPER_API_TOKEN=emulator.super_token)
    said = tool.run("-v", *command)
    assert_clean(said, (tool.folder, tool.home), project.token, emulator.super_token)


@pytest.mark.parametrize("command", COMMANDS, ids=COMMAND_IDS)
def test_where_all_goes_well_nobody_prints_it(
    project: Project, bare: Tool, command: tuple[str, ...]
) -> None:
    bare.write(study(project).replace(f"    project_id: {project.project_id}\n", ""))
    tool = bare.having(
        STUDY_TOKEN=project.token, REDCAP_SUPER_API_TOKEN=project.emulator.super_token
    )
    said = tool.run("-v", *command)
    assert said.code == 0
    assert_clean(said, (tool.folder, tool.home), project.token, project.emulator.super_token)


@pytest.mark.parametrize(
    "value", [MARKER + "0", MARKER[:-1], SUPER_MARKER, f"token={MARKER}", f"{MARKER} {MARKER}"]
)
def test_what_is_no_token_is_not_shown_either(project: Project, bare: Tool, value: str) -> None:
    bare.write(study(project))
    said = bare.having(STUDY_TOKEN=value).run("-v", "plan")
    assert said.code == 6
    assert_clean(said, (bare.folder, bare.home), value, MARKER[:-1])


def test_a_token_in_the_manifest_is_refused_unseen(project: Project, bare: Tool) -> None:
    bare.write(study(project).replace("env:STUDY_TOKEN", MARKER))
    said = bare.run("-v", "plan")
    assert said.code == 1
    assert MARKER.lower() not in said.all.lower()


def test_a_token_as_an_address_is_not_shown(bare: Tool) -> None:
    bare.write("version: 1\n")
    variables = {"REDCAP_API_URL": f"https://{MARKER}@redcap.example.org/api/"}
    said = bare.having(REDCAP_API_TOKEN=MARKER, **variables).run("-v", "plan")
    assert said.code == 6
    assert MARKER.lower() not in said.all.lower()


@pytest.mark.parametrize("write", [str.lower, str.upper, str.title])
def test_a_token_in_any_case_in_what_a_server_says_is_blacked_out(
    make_emulator: MakeEmulator, bare: Tool, write: Callable[[str], str]
) -> None:
    project = new_project(make_emulator())
    marker = write(MARKER)
    project.post("project_settings", action="import", data=json.dumps({"project_title": marker}))
    bare.write(study(project))
    for words in (("plan",), ("plan", "--format", "json", "--out", "plan.json"), ("doctor",)):
        said = bare.having(STUDY_TOKEN=project.token).run("-v", *words)
        assert said.code == 0
        assert_clean(said, (bare.folder, bare.home), project.token)


def test_of_an_emulator_only_tokens_and_accounts_hold_them(tmp_path: Path, bare: Tool) -> None:
    path = tmp_path / "emulator.db"
    with Emulator(path) as emulator:
        project = new_project(emulator)
        bare.write(study(project))
        tool = bare.having(STUDY_TOKEN=project.token)
        assert tool.run("apply", "--auto-approve", "--allow-delete", "fields").code == 0
        for words in (("log",), ("dump",)):
            said = bare.run("emulator", *words, "--db", str(path), "--project", "1")
            assert said.code == 0
            assert project.token not in said.all
        super_token = emulator.super_token
    with sqlite3.connect(path) as db:
        text = [line for line in db.iterdump() if "INSERT INTO" in line]
    db.close()
    holding = {
        line.split('"')[1] for line in text for one in (project.token, super_token) if one in line
    }
    assert holding == {"tokens", "accounts"}  # an account has its super token


def test_a_failing_connection_has_no_token_in_its_trace(
    bare: Tool, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(_session: object, url: str, data: object, **_: object) -> None:
        raise requests.exceptions.ConnectionError(f"{url} {data}")

    monkeypatch.setattr("requests.Session.post", lost)
    bare.write(study(project))
    said = bare.having(STUDY_TOKEN=project.token).run("-v", "plan")
    assert said.code == 6
    assert "Traceback" in said.err
    assert_clean(said, (bare.folder, bare.home), project.token)
