"""Completion, asked as a shell asks."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from redcap_iac.cli.group import COMPLETE
from redcap_iac.cli.root import COMMANDS, cli
from redcap_iac.explanations import explanations

SHELLS = ("bash", "zsh", "fish", "powershell")


def completed(*words: str, shell: str = "bash") -> list[str]:
    """Return the lines the program answers for the last word."""
    joined = "\n" if shell == "powershell" else " "
    environ = {
        COMPLETE: f"{shell}_complete",
        "COMP_WORDS": joined.join(("redcap-iac", *words)),
        "COMP_CWORD": str(len(words)),
    }
    program = "from redcap_iac.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program], env={**os.environ, **environ}, capture_output=True,
        text=True, check=False, encoding="utf-8",
    )  # fmt: skip
    assert done.stderr == ""
    return [line for line in done.stdout.splitlines() if line]  # one empty line is none


@pytest.fixture
def study(tmp_path: Path) -> Path:
    (tmp_path / "redcap.yaml").write_text(
        "version: 1\nenvironments:\n"
        "  dev: {url: https://dev.example.org/api/, token: env:A}\n"
        "  prod: {url: https://example.org/api/, token: env:B}\n"
    )
    return tmp_path


def test_a_command_is_completed() -> None:
    assert completed("vali") == ["plain,validate"]


def test_every_command_is_offered() -> None:
    assert completed("") == [f"plain,{name}" for name in COMMANDS]


def test_an_option_is_completed() -> None:
    assert "plain,--detailed-exitcode" in completed("plan", "--det")


def test_the_words_of_an_option_are_offered() -> None:
    assert completed("plan", "--impact", "val") == ["plain,values"]


def test_environments_of_the_folder_that_is_meant_are_offered(study: Path) -> None:
    assert completed("-C", str(study), "--env", "") == ["plain,dev", "plain,prod"]
    assert completed("-C", str(study), "--env", "pr") == ["plain,prod"]


@pytest.mark.parametrize("text", ["", "version: [", "environments: [a]\n", None])
def test_a_manifest_that_cannot_be_read_offers_nothing(study: Path, text: str | None) -> None:
    manifest = study / "redcap.yaml"
    manifest.unlink()
    if text is not None:
        manifest.write_text(text)
    assert completed("-C", str(study), "--env", "") == []


def test_codes_are_offered_whatever_their_case() -> None:
    wanted = [f"plain,{code}" for code in explanations() if code.startswith("H10")]
    assert completed("explain", "h10") == wanted
    assert len(wanted) > 3


def test_files_and_folders_are_left_to_the_shell() -> None:
    assert completed("show", "pl") == ["file,pl"]
    assert completed("restore", "ba") == ["dir,ba"]


def test_commands_of_a_group_are_completed_too() -> None:
    assert completed("emulator", "serv") == ["plain,serve"]


def test_powershell_hears_what_a_word_means() -> None:
    (line,) = completed("explain", "H103", shell="powershell")
    kind, word, meaning = line.split("\t")
    assert (kind, word, meaning) == ("plain", "H103", explanations()["H103"].title)


def test_powershell_hands_over_quoted_words_with_blanks(study: Path) -> None:
    folder = study / "my study"
    folder.mkdir()
    (study / "redcap.yaml").rename(folder / "redcap.yaml")
    lines = completed("-C", f"'{folder}'", "--env", "d", shell="powershell")
    assert [line.split("\t")[1] for line in lines] == ["dev"]


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_names_the_program_and_the_variable(shell: str) -> None:
    done = CliRunner().invoke(cli, ["completion", shell])
    assert done.exit_code == 0
    assert "redcap-iac" in done.output
    assert f"{COMPLETE}" in done.output
    assert f"{shell}_complete" in done.output
    assert "%(" not in done.output


def test_an_unknown_shell_is_refused_with_those_there_are() -> None:
    done = CliRunner().invoke(cli, ["completion", "tcsh"])
    assert done.exit_code == 64
    assert "'powershell'" in done.stderr


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash on this machine")
def test_bash_itself_completes(tmp_path: Path) -> None:
    script = CliRunner().invoke(cli, ["completion", "bash"]).output
    program = tmp_path / "redcap-iac"
    program.write_text(
        f"#!{sys.executable}\nfrom redcap_iac.cli import main\nmain()\n", encoding="utf-8"
    )
    program.chmod(0o755)
    asked = (
        f"{script}\nCOMP_WORDS=(redcap-iac vali); COMP_CWORD=1\n"
        '_redcap_iac_completion redcap-iac vali redcap-iac; echo "${COMPREPLY[*]}"\n'
    )
    environ = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "--norc"], input=asked, env=environ, capture_output=True, text=True, check=False
    )
    assert done.stdout.strip().splitlines()[-1] == "validate"
