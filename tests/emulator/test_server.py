from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest
import requests

from redcap_iac.emulator.request import Request
from redcap_iac.emulator.server import Emulator
from tests.emulator.conftest import MakeEmulator
from tests.emulator.served import PATIENCE, Project, new_project, post


def base(emulator: Emulator) -> str:
    return emulator.url.removesuffix("/api/")


def test_the_url_ends_in_api_and_a_slash(emulator: Emulator) -> None:
    assert emulator.url.endswith("/api/")


def test_a_get_is_not_implemented(emulator: Emulator) -> None:
    response = requests.get(emulator.url, timeout=PATIENCE)
    assert (response.status_code, response.text) == (
        501,
        "The requested method is not implemented.",
    )


@pytest.mark.parametrize("verb", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_verbs_are_not_implemented(emulator: Emulator, verb: str) -> None:
    assert requests.request(verb, emulator.url, timeout=PATIENCE).status_code == 501


def test_the_address_without_its_slash_redirects_to_the_one_with_it(emulator: Emulator) -> None:
    response = requests.post(
        base(emulator) + "/api", data={}, timeout=PATIENCE, allow_redirects=False
    )
    assert (response.status_code, response.headers["Location"]) == (301, emulator.url)


def test_the_address_without_api_answers_a_login_page(emulator: Emulator) -> None:
    response = requests.post(base(emulator) + "/", data={"content": "version"}, timeout=PATIENCE)
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("text/html")
    assert "<html" in response.text


def test_other_addresses_are_a_page_that_is_not_found(emulator: Emulator) -> None:
    response = requests.post(base(emulator) + "/redcap/api/", data={}, timeout=PATIENCE)
    assert response.status_code == 404
    assert response.headers["Content-Type"].startswith("text/html")


def test_a_body_of_many_megabytes_is_read(project: Project) -> None:
    note = "x" * (8 * 1024 * 1024)
    answer = project.post(
        "project_settings", data=f'[{{"project_notes":"{note}"}}]', returnFormat="json"
    )
    assert answer.json() == 1
    assert project.rows("project")["project_notes"] == note


def test_a_large_field_of_a_multipart_form_is_read(project: Project) -> None:
    note = "x" * (2 * 1024 * 1024)
    answer = project.post(
        "project_settings",
        data=f'[{{"project_notes":"{note}"}}]',
        file=("unused.txt", b"", "text/plain"),
    )
    assert answer.json() == 1


def test_a_multipart_form_is_read_like_any_other(project: Project) -> None:
    parts = {
        name: (None, value)
        for name, value in (
            ("token", project.token),
            ("content", "project"),
            ("format", "json"),
        )
    }
    response = requests.post(project.emulator.url, files=parts, timeout=PATIENCE)
    assert response.json()["project_title"] == "A study"


def test_text_beyond_ascii_comes_back_as_it_was_sent(emulator: Emulator) -> None:
    project = new_project(emulator, title="Évaluation 初回 🫀")
    assert project.rows("project")["project_title"] == "Évaluation 初回 🫀"


def test_two_emulators_know_nothing_of_each_other(make_emulator: MakeEmulator) -> None:
    one, other = make_emulator(), make_emulator()
    project = new_project(one)
    assert post(other, {"token": project.token, "content": "version"}).status_code == 403


def test_what_was_written_is_there_after_a_restart(
    make_emulator: MakeEmulator, tmp_path: Path
) -> None:
    first = Emulator(tmp_path / "study.db")
    first.start()
    project = new_project(first, title="Kept")
    first.stop()
    again = make_emulator(path=tmp_path / "study.db")
    assert Project(again, project.project_id, project.token).rows("project")["project_title"] == (
        "Kept"
    )


def test_the_super_token_stays_over_a_restart(tmp_path: Path) -> None:
    first = Emulator(tmp_path / "study.db")
    first.stop()
    again = Emulator(tmp_path / "study.db")
    again.stop()
    assert again.super_token == first.super_token


def test_a_super_token_that_is_given_replaces_the_one_before(tmp_path: Path) -> None:
    first = Emulator(tmp_path / "study.db")
    first.stop()
    with Emulator(tmp_path / "study.db", super_token="ab" * 32) as again:
        assert again.super_token == "AB" * 32
        answers = [
            post(again, {"token": token, "content": "version"}).status_code
            for token in (first.super_token, again.super_token)
        ]
    assert answers == [403, 200]


def test_an_emulator_answers_in_process_as_well(emulator: Emulator) -> None:
    request = Request.from_form([("token", emulator.super_token), ("content", "version")])
    assert emulator.answer(request).body == b"16.1.3"


def test_starting_twice_is_a_mistake(emulator: Emulator) -> None:
    with pytest.raises(RuntimeError):
        emulator.start()


def test_a_taken_port_is_an_os_error(emulator: Emulator) -> None:
    port = int(base(emulator).rpartition(":")[2])
    second = Emulator()
    with pytest.raises(OSError, match="in use"):
        second.start(port=port)
    second.stop()


def test_after_stopping_nobody_answers() -> None:
    emulator = Emulator()
    emulator.start()
    emulator.stop()
    with pytest.raises(requests.ConnectionError):
        requests.get(emulator.url, timeout=PATIENCE)


def test_stopping_ends_the_threads_it_started() -> None:
    with Emulator() as emulator:
        requests.get(emulator.url, timeout=PATIENCE)
    assert not [thread for thread in threading.enumerate() if thread.name == "emulator"]


def test_without_a_clock_it_is_the_local_time() -> None:
    before = datetime.now().replace(microsecond=0)
    with Emulator() as emulator:
        created = new_project(emulator).rows("project")["creation_time"]
    assert before <= datetime.fromisoformat(created) <= datetime.now()


@pytest.mark.parametrize("on_disk", [False, True], ids=["memory", "file"])
def test_parallel_writes_all_happen(
    make_emulator: MakeEmulator, tmp_path: Path, on_disk: bool
) -> None:
    project = new_project(make_emulator(path=tmp_path / "study.db" if on_disk else None))

    def write(number: int) -> int:
        return project.post(
            "project_settings", data=f'[{{"project_notes":"note {number}"}}]'
        ).status_code

    with ThreadPoolExecutor(16) as threads:
        answers = list(threads.map(write, range(80)))
    assert answers == [200] * 80
    imports = [
        row for row in project.rows("log") if row["details"] == "Import project information (API)"
    ]
    assert len(imports) == 80


@pytest.mark.parametrize("on_disk", [False, True], ids=["memory", "file"])
def test_parallel_imports_never_share_a_forced_record_number(
    make_emulator: MakeEmulator, tmp_path: Path, on_disk: bool
) -> None:
    project = new_project(make_emulator(path=tmp_path / "study.db" if on_disk else None))

    def write(_: int) -> list[str]:
        answer: list[str] = project.post(
            "record",
            "import",
            data='[{"record_id":"1","form_1_complete":"2"}]',
            forceAutoNumber="true",
            returnContent="ids",
        ).json()
        return answer

    with ThreadPoolExecutor(16) as threads:
        numbered = [record for answer in threads.map(write, range(60)) for record in answer]
    assert sorted(numbered, key=int) == [str(number) for number in range(1, 61)]
