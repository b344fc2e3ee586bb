"""A manifest from somewhere cannot send a token anywhere, start a program or read a file."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.cli.tool import Tool, study
from tests.emulator.served import Project

TRUSTED = "redcap.example.org"
TOKEN = "C0FFEE00" * 4


def manifest(environment: str) -> str:
    return f"""\
version: 1
instruments:
  - instrument: diary
    fields:
      record_id: {{type: text, label: Study ID}}
environments:
  dev:
{environment}
"""


@pytest.fixture
def trusting(bare: Tool) -> Tool:
    """The tool of a person who trusts one host and has a token."""
    return bare.having(REDCAP_IAC_HOSTS=TRUSTED, STUDY_TOKEN=TOKEN)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://redcap.example.org.evil.example/api/", 6),
        ("https://evil.example/redcap.example.org/api/", 6),
        ("https://redcap.example.org:8443/api/", 6),
        ("https://xn--redcp-3ra.example.org/api/", 6),
        ("https://redc\u0430p.example.org/api/", 1),
        ("https://redcap.example.org@evil.example/api/", 1),
        ("https://redcap.example.org%40evil.example/api/", 6),
        ("https://evil.example\\\\@redcap.example.org/api/", 1),
        ("https://redcap.example.org/api/#x", 1),
        ("https://redcap.example.org/api/?to=evil.example", 1),
        ("http://redcap.example.org/api/", 1),
        ("ftp://redcap.example.org/api/", 1),
        ("file:///etc/passwd", 1),
        ("https://redcap.example.org:99999/api/", 1),
        ("https://[redcap.example.org/api/", 1),
        ("https:///api/", 1),
    ],
)
def test_no_address_but_the_trusted_one_gets_a_token(
    trusting: Tool, monkeypatch: pytest.MonkeyPatch, url: str, code: int
) -> None:
    def sent(*_: object, **__: object) -> None:
        raise AssertionError("something was sent")

    monkeypatch.setattr("requests.Session.post", sent)
    trusting.write(manifest(f'    url: "{url}"\n    token: env:STUDY_TOKEN'))
    said = trusting.run("-v", "plan")
    assert said.code == code
    assert "error" in said.err
    assert "something was sent" not in said.all


def test_an_upper_case_host_is_the_trusted_one(
    trusting: Tool, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def sent(_session: object, url: str, **_: object) -> None:
        asked.append(url)
        raise OSError

    monkeypatch.setattr("requests.Session.post", sent)
    trusting.write(manifest(f"    url: https://{TRUSTED.upper()}/api/\n    token: env:STUDY_TOKEN"))
    assert trusting.run("plan").code == 6
    assert set(asked) == {f"https://{TRUSTED.upper()}/api/"}


def test_a_command_nobody_trusted_is_not_started(trusting: Tool, project: Project) -> None:
    made = trusting.folder / "made"
    command = f"command:{sys.executable} -c \"open(r'{made}', 'w')\""
    trusting.write(study(project).replace("env:STUDY_TOKEN", f"'{command.replace(chr(39), chr(39) * 2)}'"))  # fmt: skip # noqa: E501 - one line of YAML
    said = trusting.run("plan")
    assert said.code == 6
    assert "which nobody has trusted" in said.err
    assert not made.exists()


@pytest.mark.parametrize("way", ["../outside.token", "~/outside.token", "link.token"])
def test_a_file_outside_the_folder_is_not_read(
    trusting: Tool, project: Project, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    monkeypatch.setenv("HOME", str(trusting.folder.parent))
    outside = trusting.folder.parent / "outside.token"
    outside.write_text(project.token, "utf-8")
    (trusting.folder / "link.token").symlink_to(outside)
    trusting.write(study(project).replace("env:STUDY_TOKEN", f"file:{way}"))
    said = trusting.run("plan")
    assert said.code == 6
    assert f"`file:{way}`, which nobody has trusted" in said.err


def test_an_include_through_a_link_is_not_followed(bare: Tool) -> None:
    outside = bare.folder.parent / "passwords.yaml"
    outside.write_text("instrument: secret_words\n", "utf-8")
    (bare.folder / "link.yaml").symlink_to(outside)
    bare.write("version: 1\ninstruments: [link.yaml]\n")
    said = bare.run("validate")
    assert said.code == 1
    assert "leads out of the project folder" in said.err
    assert "secret_words" not in said.all


def test_certificates_of_the_project_need_trust(trusting: Tool) -> None:
    environment = (
        f"    url: https://{TRUSTED}/api/\n    token: env:STUDY_TOKEN\n    ca_bundle: ca.pem"
    )
    trusting.write(manifest(environment))
    trusting.write("-----BEGIN CERTIFICATE-----\n", "ca.pem")
    said = trusting.run("plan")
    assert said.code == 6
    assert "verify the server by `ca_bundle:ca.pem`, which nobody has trusted" in said.err


def test_certificates_of_this_machine_need_none(
    trusting: Tool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def sent(*_: object, **__: object) -> None:
        raise OSError

    monkeypatch.setattr("requests.Session.post", sent)
    bundle = trusting.folder.parent / "ca.pem"
    bundle.write_text("-----BEGIN CERTIFICATE-----\n", "utf-8")
    environment = f"    url: https://{TRUSTED}/api/\n    token: env:STUDY_TOKEN\n    ca_bundle: {bundle}"  # fmt: skip # noqa: E501 - one text
    trusting.write(manifest(environment))
    assert "No answer from" in trusting.run("plan").err


@contextmanager
def redirecting(location: str) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(302)
            self.send_header("Location", location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its own name
            """Keep the test's output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/api/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.parametrize(
    "location",
    [
        "https://evil.example/", "//evil.example/api/", "http://127.0.0.1:1/", "https://[bad/",
        "https://127.0.0.1:99999/", "", "javascript:alert(1)", "https://u:p@127.0.0.1/",
        "file:///etc/passwd",
    ],
)  # fmt: skip
def test_a_redirect_takes_no_token_along(trusting: Tool, location: str) -> None:
    with redirecting(location) as url:
        trusting.write(manifest(f"    url: {url}\n    token: env:STUDY_TOKEN"))
        said = trusting.run("-v", "plan")
    assert said.code == 6
    assert "redirects to" in said.err or "the connection failed" in said.err


def test_what_the_manifest_calls_itself_cannot_steer_the_terminal(
    bare: Tool, project: Project
) -> None:
    bare.write(
        study(project)
        .replace("title: Sleep", 'title: "a\\e]0;b\\a\\u009b2Jc"')
        .replace(f"    project_id: {project.project_id}\n", "")
    )
    tool = bare.having(REDCAP_SUPER_API_TOKEN=project.emulator.super_token)
    for words, answers in (
        (("create", "--token-file", "a"), "no\n"),
        (("create", "--token-file", "b", "--auto-approve"), ""),
    ):
        said = tool.asking().run(*words, answers=answers)
        assert "a␛]0;b␇<U+009B>2Jc" in said.all
        assert "\x1b" not in said.all
        assert "\x9b" not in said.all


def test_what_a_server_says_cannot_steer_the_terminal_of_a_trace(
    bare: Tool, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("\x1b[2J\x9b2J")

    monkeypatch.setattr("redcap_iac.cli.connecting.load", broken)
    bare.write(study(project))
    said = bare.run("-v", "plan")
    assert "ZeroDivisionError: ␛[2J<U+009B>2J" in said.err
    assert "\x1b" not in said.all
