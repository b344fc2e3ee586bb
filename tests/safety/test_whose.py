"""Whose token it is, found in the project's own log."""

from __future__ import annotations

from redcap_iac.client import Client, Connection
from redcap_iac.safety.whose import user_in_log
from redcap_iac.secret import Secret
from tests.emulator.conftest import NOW
from tests.emulator.served import Project


def client_of(project: Project) -> Client:
    return Client(
        Connection(project.emulator.url), Secret(project.token), sleep=lambda _: None, attempts=1
    )


def test_the_name_stands_in_the_line_that_reading_the_log_leaves(project: Project) -> None:
    project.of("somebody").post("log")
    assert user_in_log(client_of(project), NOW) == "jdoe"


def test_without_the_logging_right_it_cannot_be_told(project: Project) -> None:
    reader = project.of("reader")
    project.post("user", data='[{"username":"reader","api_export":1,"data_access_group":""}]')
    assert user_in_log(client_of(reader), NOW) == ""


def test_a_server_that_fails_tells_nothing(project: Project) -> None:
    project.emulator.faults.order("error=500@log")
    assert user_in_log(client_of(project), NOW) == ""


def test_two_who_read_their_logs_at_once_cannot_be_told_apart(project: Project) -> None:
    other = project.of("other")
    project.post(
        "user", data='[{"username":"other","api_export":1,"logging":1,"data_access_group":""}]'
    )

    class Interrupted(Client):
        def send(self, call):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
            answer = super().send(call)
            other.post("log").raise_for_status()
            return answer

    client = Interrupted(Connection(project.emulator.url), Secret(project.token))
    assert user_in_log(client, NOW) == ""
