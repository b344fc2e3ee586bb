from __future__ import annotations

import time
from datetime import datetime, timedelta

import pytest
import requests

from redcap_iac.emulator.faults import FAULTS, Fault, FaultError, Faults, parse_fault
from tests.emulator.conftest import NOW
from tests.emulator.ordering import SETTINGS, notes, order
from tests.emulator.served import PATIENCE, Project


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("html", Fault("html")),
        ("latency=0.5", Fault("latency", "0.5")),
        ("error=503@metadata", Fault("error", "503", "metadata")),
        ("cut-after@metadata/import#1", Fault("cut-after", "", "metadata", "import", 1)),
        ("error-once=502", Fault("error-once", "502", nth=1)),
        ("error-once=502#3", Fault("error-once", "502", nth=3)),
        ("redirect=http://a.example/api/@arm", Fault("redirect", "http://a.example/api/", "arm")),
    ],
)
def test_a_fault_is_read_from_its_text(text: str, fault: Fault) -> None:
    assert parse_fault(text) == fault


@pytest.mark.parametrize(
    "text",
    [
        "",
        "fire",
        "html=1",
        "latency",
        "latency=soon",
        "error=200",
        "error=5000",
        "redirect=elsewhere",
        "rate-limit=few",
        "html#0",
        "html@metadata/",
        "cut-after@metadata/import#first",
    ],
)
def test_what_is_no_fault_is_refused(text: str) -> None:
    with pytest.raises(FaultError):
        parse_fault(text)


@pytest.mark.parametrize(
    "text", ["html", "latency=0.5", "error=503@metadata", "cut-after@metadata/import#1"]
)
def test_a_fault_is_written_as_it_is_read(text: str) -> None:
    assert str(parse_fault(text)) == text


def test_every_fault_can_be_ordered() -> None:
    arguments = {"SECONDS": "1", "STATUS": "502", "URL": "http://a.example/", "N": "5", "": ""}
    for name, (argument, _) in FAULTS.items():
        text = f"{name}={arguments[argument]}" if argument else name
        assert parse_fault(text).name == name


def test_without_a_target_every_call_is_struck(project: Project) -> None:
    order(project, "error=502")
    assert [project.post(content).status_code for content in ("version", "project")] == [502, 502]


def test_a_target_spares_other_contents(project: Project) -> None:
    order(project, "error=502@project")
    assert [project.post(content).status_code for content in ("version", "project")] == [200, 502]


def test_a_target_spares_other_actions(project: Project) -> None:
    order(project, "error=502@project_settings/import")
    assert project.post("project_settings").status_code == 400
    assert project.post("project_settings", data=SETTINGS).status_code == 502


def test_an_order_for_the_second_call_strikes_that_one_only(project: Project) -> None:
    order(project, "error=502@version#2")
    assert [project.post("version").status_code for _ in range(3)] == [200, 502, 200]


def test_error_once_strikes_once(project: Project) -> None:
    order(project, "error-once=503")
    assert [project.post("version").status_code for _ in range(2)] == [503, 200]


def test_an_error_keeps_the_method_from_running(project: Project) -> None:
    order(project, "error=500")
    project.post("project_settings", data=SETTINGS)
    assert notes(project) == ""


def test_latency_answers_later(project: Project) -> None:
    order(project, "latency=0.3")
    started = time.monotonic()
    project.post("version")
    assert time.monotonic() - started >= 0.3


def test_a_cut_before_the_write_leaves_nothing_written(project: Project) -> None:
    order(project, "cut-before")
    with pytest.raises(requests.ConnectionError):
        project.post("project_settings", data=SETTINGS)
    assert notes(project) == ""


def test_a_cut_after_the_write_leaves_it_written(project: Project) -> None:
    order(project, "cut-after@project_settings/import")
    with pytest.raises(requests.ConnectionError):
        project.post("project_settings", data=SETTINGS)
    assert notes(project) == "changed"


def test_after_a_cut_the_server_goes_on_serving(project: Project) -> None:
    order(project, "cut-before#1")
    with pytest.raises(requests.ConnectionError):
        project.post("version")
    assert project.post("version").status_code == 200


def test_html_comes_with_status_200(project: Project) -> None:
    order(project, "html")
    response = project.post("metadata")
    assert response.status_code == 200
    assert "<html" in response.text


def test_a_redirect_names_the_other_address(project: Project) -> None:
    order(project, "redirect=http://elsewhere.example/api/")
    response = requests.post(
        project.emulator.url,
        data={"token": project.token, "content": "version"},
        timeout=PATIENCE,
        allow_redirects=False,
    )
    assert response.status_code == 301
    assert response.headers["Location"] == "http://elsewhere.example/api/"


def test_over_the_limit_every_call_gets_the_page_of_a_ban(project: Project) -> None:
    order(project, "rate-limit=2")
    answers = [project.post("version").text for _ in range(4)]
    assert answers[:2] == ["16.1.3", "16.1.3"]
    assert ["suspected abuse" in answer for answer in answers[2:]] == [True, True]


def limited(*moments: timedelta) -> list[bool]:
    faults = Faults((parse_fault("rate-limit=2"),))
    return [bool(faults.striking("version", "export", NOW + moment)) for moment in moments]


def test_calls_of_an_earlier_minute_do_not_count_towards_the_limit() -> None:
    assert limited(*(timedelta(seconds=40 * turn) for turn in range(6))) == [False] * 6


def test_a_ban_does_not_end_by_waiting() -> None:
    seconds = (0, 1, 2, 3600)
    assert limited(*(timedelta(seconds=second) for second in seconds)) == [
        False,
        False,
        True,
        True,
    ]


def test_two_faults_strike_together(project: Project) -> None:
    order(project, "latency=0.2", "html")
    started = time.monotonic()
    assert "<html" in project.post("version").text
    assert time.monotonic() - started >= 0.2


def test_faults_cleared_strike_no_more(project: Project) -> None:
    order(project, "html")
    project.emulator.faults.clear()
    assert project.post("version").text == "16.1.3"


def test_a_moment_is_all_that_counting_needs() -> None:
    faults = Faults((parse_fault("html@arm"),))
    assert faults.striking("arm", "export", datetime(2026, 1, 1)) == (Fault("html", "", "arm"),)


def test_a_fault_of_one_method_counts_its_calls_alone(project: Project) -> None:
    faults = Faults((parse_fault("noisy-choices#1"),))
    struck = [
        bool(faults.striking(content, "export", NOW)) for content in ("arm", "metadata", "metadata")
    ]
    assert struck == [False, True, False]
