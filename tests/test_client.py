"""The client: what it sends, what it refuses, what it makes of a server's answers."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import requests

from redcap_iac.calls import Call, Made
from redcap_iac.client import Client, Connection, Throttle
from redcap_iac.errors import (
    AuthenticationError,
    GuardError,
    RefusedError,
    RightsError,
    ServerError,
    TrustError,
    UnreachableError,
)
from redcap_iac.secret import Secret
from tests.emulator.served import Project

TOKEN = "0123456789ABCDEF0123456789ABCDEF"


def client_of(project: Project, **options: bool) -> Client:
    return Client(
        Connection(project.emulator.url, timeout=20),
        Secret(project.token),
        sleep=lambda _: None,
        **options,
    )


class Canned(BaseHTTPRequestHandler):
    """Answers every POST as its server says, and keeps what was asked."""

    def do_POST(self) -> None:
        server = self.server
        assert isinstance(server, CannedServer)
        server.asked.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
        status, kind, body = server.answers[min(len(server.asked), len(server.answers)) - 1]
        self.send_response(status)
        self.send_header("Location" if status in (301, 302) else "Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name it has
        """Say nothing."""


class CannedServer(HTTPServer):
    answers: list[tuple[int, str, bytes]]
    asked: list[str]


@pytest.fixture
def canned() -> Iterator[CannedServer]:
    server = CannedServer(("127.0.0.1", 0), Canned)
    server.answers, server.asked = [(200, "application/json", b"[]")], []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def asking(canned: CannedServer, path: str = "/api/") -> Client:
    url = f"http://127.0.0.1:{canned.server_address[1]}{path}"
    return Client(Connection(url, timeout=20), Secret(TOKEN), sleep=lambda _: None)


def test_an_export_comes_as_rows(project: Project) -> None:
    rows = client_of(project).send(Call("metadata")).rows
    assert [row["field_name"] for row in rows] == ["record_id"]


def test_one_object_comes_as_one_row(project: Project) -> None:
    (row,) = client_of(project).send(Call("project")).rows
    assert row["project_title"] == "A study"


def test_an_import_answers_how_many_were_taken(project: Project) -> None:
    call = Call("project_settings", "import", ({"project_notes": "x", "project_irb_number": "7"},))
    assert client_of(project).send(call).count == 2


def test_array_parameters_go_out_indexed(project: Project) -> None:
    call = Call("metadata", params={"fields": ("record_id", "no_such")})
    assert len(client_of(project).send(call).rows) == 1


def test_without_rows_a_header_only_csv_goes_out(canned: CannedServer) -> None:
    canned.answers = [(200, "text/csv", b"0")]
    call = Call("repeatingFormsEvents", "import", header=("form_name", "custom_form_label"))
    assert asking(canned).send(call).count == 0
    assert "data=form_name%2Ccustom_form_label%0A" in canned.asked[0]
    assert "format=csv" in canned.asked[0]


def test_a_time_out_is_tried_again_once(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []

    def slow(_session: object, url: str, **_: object) -> None:
        tried.append(url)
        raise requests.exceptions.ReadTimeout

    monkeypatch.setattr("requests.Session.post", slow)
    client = Client(Connection("http://127.0.0.1:1/api/"), Secret(TOKEN), sleep=lambda _: None)
    with pytest.raises(UnreachableError, match=r"No answer from 127\.0\.0\.1 within 120 s"):
        client.send(Call("metadata"))
    assert len(tried) == 2


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"a":' * 100_000])
def test_an_answer_nested_without_end_is_no_answer(canned: CannedServer, body: bytes) -> None:
    canned.answers = [(200, "application/json", body)]
    with pytest.raises(ServerError, match="cannot be read as JSON"):
        asking(canned).send(Call("metadata"))


def test_a_refusal_nested_without_end_is_a_refusal(canned: CannedServer) -> None:
    canned.answers = [(400, "application/json", b"[" * 100_000)]
    with pytest.raises(RefusedError):
        asking(canned).send(Call("metadata"))


def test_settings_refused_as_json_go_out_once_more_as_csv(canned: CannedServer) -> None:
    refused = b'{"error":"The data is not in the specified format."}'
    canned.answers = [(400, "application/json", refused), (200, "text/csv", b"1")]
    call = Call("project_settings", "import", ({"project_notes": "a, b"},))
    assert asking(canned).send(call).count == 1
    assert "data=project_notes%0A%22a%2C+b%22%0A" in canned.asked[1]


def test_other_refused_imports_are_not_sent_again(canned: CannedServer) -> None:
    refused = b'{"error":"The data is not in the specified format."}'
    canned.answers = [(400, "application/json", refused)]
    with pytest.raises(RefusedError):
        asking(canned).send(Call("arm", "import", ({"arm_num": "1", "name": "x"},)))
    assert len(canned.asked) == 1


def test_a_name_still_to_be_made_is_never_sent(canned: CannedServer) -> None:
    call = Call("event", "delete", params={"events": (Made("event/1/Week 4"),)})
    with pytest.raises(ValueError, match="still to be made"):
        asking(canned).send(call)
    assert canned.asked == []


def test_a_wrong_token_is_an_authentication_error_that_does_not_show_it(project: Project) -> None:
    client = Client(Connection(project.emulator.url), Secret(TOKEN))
    with pytest.raises(AuthenticationError, match="You do not have permissions") as caught:
        client.send(Call("metadata"))
    assert TOKEN not in f"{caught.value} {caught.value.advice} {client!r}"


def test_a_missing_right_is_told_in_redcaps_words(project: Project) -> None:
    nobody = project.of("reader")
    with pytest.raises(AuthenticationError):
        client_of(nobody).send(Call("metadata"))
    project.post(
        "user", data='[{"username":"reader","api_export":"1","data_access_group":""}]'
    ).raise_for_status()
    with pytest.raises(RightsError, match="'Data Access Groups' privileges"):
        client_of(nobody).send(Call("dag"))
    with pytest.raises(RightsError, match="API Import/Update privileges"):
        client_of(nobody).send(Call("arm", "import", ({"arm_num": "1", "name": "x"},)))


def test_a_refusal_keeps_redcaps_words(project: Project) -> None:
    with pytest.raises(RefusedError) as caught:
        client_of(project).send(Call("arm"))
    assert caught.value.text == "You cannot export arms for classic projects"


def test_exports_are_tried_again_after_a_passing_fault(project: Project) -> None:
    project.emulator.faults.order("error-once=502@metadata")
    assert len(client_of(project).send(Call("metadata")).rows) == 1


def test_exports_are_tried_again_after_a_lost_connection(project: Project) -> None:
    project.emulator.faults.order("cut-before@metadata#1")
    assert len(client_of(project).send(Call("metadata")).rows) == 1


def test_a_lasting_fault_is_told_with_its_status(project: Project) -> None:
    project.emulator.faults.order("error=503@metadata")
    with pytest.raises(ServerError, match="503"):
        client_of(project).send(Call("metadata"))


@pytest.mark.parametrize("fault", ["error=502", "cut-before", "cut-after"])
def test_an_import_is_never_repeated(project: Project, fault: str) -> None:
    project.emulator.faults.order(f"{fault}@project_settings#1")
    call = Call("project_settings", "import", ({"project_notes": "once"},))
    with pytest.raises((ServerError, UnreachableError)):
        client_of(project).send(call)
    project.emulator.faults.clear()
    notes = project.rows("project")["project_notes"]
    assert notes == ("once" if fault == "cut-after" else "")


def test_a_web_page_with_status_200_is_no_answer(project: Project) -> None:
    project.emulator.faults.order("html@metadata")
    with pytest.raises(UnreachableError, match="web page"):
        client_of(project).send(Call("metadata"))


def test_an_address_without_api_gets_the_hint(project: Project) -> None:
    url = project.emulator.url.removesuffix("api/")
    client = Client(Connection(url), Secret(project.token))
    with pytest.raises(UnreachableError) as caught:
        client.send(Call("metadata"))
    assert "ends in /api/" in caught.value.advice


def test_an_error_key_with_status_200_is_a_refusal(canned: CannedServer) -> None:
    canned.answers = [(200, "application/json", b'{"error":"Something is wrong"}')]
    with pytest.raises(RefusedError, match="Something is wrong"):
        asking(canned).send(Call("metadata"))


@pytest.mark.parametrize("body", [b"", b"Fatal error", b"[1, 2]", b'"text"', b"[{]"])
def test_an_answer_that_is_no_rows_is_an_error(canned: CannedServer, body: bytes) -> None:
    canned.answers = [(200, "application/json", body)]
    with pytest.raises(ServerError):
        asking(canned).send(Call("metadata"))


def test_a_token_in_a_servers_answer_is_blacked_out(canned: CannedServer) -> None:
    canned.answers = [(400, "application/json", b'{"error":"bad ' + TOKEN.encode() + b'"}')]
    with pytest.raises(RefusedError) as caught:
        asking(canned).send(Call("metadata"))
    assert TOKEN not in str(caught.value)
    assert "[token]" in str(caught.value)


def test_a_redirect_is_not_followed_with_the_token(canned: CannedServer) -> None:
    canned.answers = [(301, "https://elsewhere.example.org/api/", b"")]
    with pytest.raises(TrustError, match=r"elsewhere\.example\.org"):
        asking(canned).send(Call("metadata"))
    assert len(canned.asked) == 1


def test_a_redirect_down_to_http_is_not_followed(canned: CannedServer) -> None:
    canned.answers = [(302, f"http://127.0.0.1:{canned.server_address[1]}/login", b"")]
    with pytest.raises(TrustError):
        asking(canned).send(Call("metadata"))


@pytest.mark.parametrize(
    "url", ["http://redcap.example.org/api/", "https://me:secret@redcap.example.org/api/"]
)
def test_a_token_travels_by_https_without_a_login_only(url: str) -> None:
    with pytest.raises(TrustError):
        Client(Connection(url), Secret(TOKEN))


@pytest.mark.parametrize("url", ["", "redcap.example.org/api/", "ftp://redcap.example.org/"])
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(UnreachableError, match="not an address"):
        Client(Connection(url), Secret(TOKEN))


def test_read_only_makes_every_write_impossible(project: Project) -> None:
    client = client_of(project, read_only=True)
    with pytest.raises(GuardError, match="REDCAP_IAC_READ_ONLY"):
        client.send(Call("project_settings", "import", ({"project_notes": "no"},)))
    assert project.rows("project")["project_notes"] == ""


def test_nobody_listening_is_unreachable() -> None:
    client = Client(
        Connection("http://127.0.0.1:9/api/", timeout=5), Secret(TOKEN), sleep=lambda _: None
    )
    with pytest.raises(UnreachableError, match="connection failed"):
        client.send(Call("metadata"))


def test_the_new_token_is_the_end_of_the_answer(project: Project) -> None:
    project.emulator.faults.order("noise@project")
    client = Client(Connection(project.emulator.url), Secret(project.emulator.super_token))
    call = Call("project", "create", ({"project_title": "New", "purpose": "0"},))
    made = client.create_project(call)
    project.emulator.faults.clear()
    (row,) = Client(Connection(project.emulator.url), made).send(Call("project")).rows
    assert row["project_title"] == "New"


def test_create_project_is_never_tried_again(project: Project) -> None:
    project.emulator.faults.order("cut-after@project#1")
    client = Client(
        Connection(project.emulator.url), Secret(project.emulator.super_token),
        sleep=lambda _: None,
    )  # fmt: skip
    call = Call("project", "create", ({"project_title": "Once", "purpose": "0"},))
    with pytest.raises(UnreachableError):
        client.create_project(call)
    with project.emulator.store.transaction() as db:
        assert db.execute("SELECT count(*) FROM projects").fetchone()[0] == 2


def test_an_answer_without_a_token_is_an_error(canned: CannedServer) -> None:
    canned.answers = [(200, "text/html", b"created")]
    with pytest.raises(ServerError, match="not with a token"):
        asking(canned).create_project(Call("project", "create", ({},)))


def test_calls_keep_a_distance_of_a_fifth_of_a_second() -> None:
    slept: list[float] = []
    throttle = Throttle(100, now=lambda: 10.0, sleep=slept.append)
    for _ in range(3):
        throttle.wait()
    assert slept == pytest.approx([0.2, 0.4])


def test_a_minutes_calls_are_limited() -> None:
    slept: list[float] = []
    throttle = Throttle(2, per_second=1000, now=lambda: 10.0, sleep=slept.append)
    for _ in range(3):
        throttle.wait()
    assert slept[-1] == pytest.approx(60.0)


def test_a_secret_does_not_print() -> None:
    secret = Secret(TOKEN)
    assert TOKEN not in f"{secret} {secret!r} {[secret]} {{'a': {secret!r}}}"
