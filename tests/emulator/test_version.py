from __future__ import annotations

import pytest

from tests.emulator.conftest import MakeEmulator
from tests.emulator.served import Project, new_project, post


@pytest.mark.parametrize("format_", ["json", "csv", "xml", None])
def test_the_version_is_plain_text_in_every_format(project: Project, format_: str) -> None:
    assert project.post("version", format=format_).text == "16.1.3"


def test_it_is_the_version_the_emulator_was_started_as(make_emulator: MakeEmulator) -> None:
    assert new_project(make_emulator("14.5.0")).post("version").text == "14.5.0"


def test_a_super_token_will_do(project: Project) -> None:
    parameters = {"token": project.emulator.super_token, "content": "version"}
    assert post(project.emulator, parameters).text == "16.1.3"


def test_no_api_right_is_asked_for(project: Project) -> None:
    assert project.of("akim").post("version").text == "16.1.3"


def test_a_wrong_token_gets_no_version(project: Project) -> None:
    response = post(
        project.emulator, {"token": "0" * 32, "content": "version", "returnFormat": "csv"}
    )
    assert (response.status_code, response.text) == (
        403,
        "ERROR: You do not have permissions to use the API",
    )
