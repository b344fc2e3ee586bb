from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.tool import Tool, files_of


@pytest.fixture(scope="module")
def transcript(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the demo prints."""
    root = tmp_path_factory.mktemp("demo")
    said = Tool(root, root).run("--no-color", "demo", "--keep", "study")
    assert said.code == 0, said.err
    assert sorted(p.name for p in (root / "study").iterdir()) == [
        ".gitignore", ".redcap-iac", "demo.token", "instruments", "redcap.yaml",
    ]  # fmt: skip
    token = (root / "study" / "demo.token").read_text().strip()
    assert token not in said.all
    return said.out


def test_the_demo_creates_applies_and_proves(transcript: str) -> None:
    assert 'Created the project "Sleep and Recovery"' in transcript
    assert "Read again: no changes remain." in transcript


def test_the_second_plan_is_empty(transcript: str) -> None:
    second = transcript[transcript.index("2. Plan again") : transcript.index("3. Meanwhile")]
    assert "No changes. The live project matches the manifest." in second


def test_the_third_plan_shows_what_was_changed_outside(transcript: str) -> None:
    third = transcript[transcript.index("3. Meanwhile") : transcript.index("4. What was done")]
    assert "  ~ shift_work     label  Do you work at night {-or in shifts-}?" in third
    assert "  ~ Monitor        rights  - api_export" in third
    assert "Plan: 0 to add, 2 to change, 0 to delete." in third


def test_the_record_of_the_one_apply_is_shown_and_whole(transcript: str) -> None:
    fourth = transcript[transcript.index("4. What was done") :]
    assert fourth.count("create demo: Sleep and Recovery") == 1
    assert re.search(r"^1 bundle, \d+ files: whole\.$", fourth, re.MULTILINE)


def test_the_demo_shows_the_commands_it_runs(transcript: str) -> None:
    assert re.findall(r"^\$ (.*)$", transcript, re.MULTILINE) == [
        "redcap-iac create --token-file demo.token --auto-approve",
        "redcap-iac plan --detailed-exitcode",
        "redcap-iac plan --detailed-exitcode",
        "redcap-iac history",
        "redcap-iac evidence check",
    ]


def test_the_demo_takes_no_address_and_no_switch_of_the_person(bare: Tool) -> None:
    hostile = bare.having(
        REDCAP_IAC_READ_ONLY="1", REDCAP_IAC_ENV="prod", REDCAP_API_URL="https://x.invalid/api/"
    )
    assert hostile.run("-q", "demo").code == 0


def test_the_demo_leaves_nothing_behind_unless_asked(bare: Tool) -> None:
    assert bare.run("-q", "demo").code == 0
    assert files_of(bare.folder) == {}


def test_a_folder_that_is_not_empty_is_refused(bare: Tool) -> None:
    bare.write("mine", "study/file.txt")
    said = bare.run("demo", "--keep", "study")
    assert said.code == 3
    assert files_of(bare.folder) == {"study/file.txt": "mine"}


def test_without_the_extra_the_demo_says_what_to_install(
    bare: Tool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "redcap_iac.emulator.server", None)
    said = bare.run("demo")
    assert said.code == 1
    assert 'pip install "redcap-iac[emulator]"' in said.err


@pytest.mark.skipif(sys.platform == "win32", reason="SIGINT cannot be sent to a child there")
def test_serve_leaves_the_server_running_until_interrupted(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "redcap_iac", "-C", str(tmp_path), "demo", "--keep", "s"]
    environ = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        [*words, "--serve"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        env=environ,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        lines = iter(process.stdout.readline, "")
        assert any("until Ctrl-C" in line for line in lines)
        assert any(line.startswith("Change ") for line in lines)
        planned = Tool(tmp_path / "s", tmp_path).run("plan", "--detailed-exitcode")
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
    assert planned.code == 2
