from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from redcap_iac.cli import group
from redcap_iac.cli.invocation import INTERRUPTED
from redcap_iac.cli.root import COMMANDS, cli
from tests.cli.tool import Tool


def every_command() -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    context = click.Context(cli)
    for name in COMMANDS:
        command = cli.get_command(context, name)
        if isinstance(command, click.Group):
            found += [(name, inner) for inner in command.commands]
        found.append((name,))
    return found


@pytest.mark.parametrize("words", every_command(), ids=" ".join)
def test_the_help_of_every_command_has_an_example(bare: Tool, words: tuple[str, ...]) -> None:
    said = bare.run(*words, "--help")
    assert said.code == 0
    assert f"  Example:\n      redcap-iac {words[0]}" in said.out.replace("-C study ", "").replace(
        "--env prod ", ""
    )
    assert "\\b" not in said.out


def test_the_help_lists_every_command(bare: Tool) -> None:
    said = bare.run("--help")
    assert said.code == 0
    width = max(map(len, COMMANDS)) + 2
    for name, (_, _, sentence) in COMMANDS.items():
        assert f"  {name:<{width}}{sentence}" in said.out


def test_no_command_at_all_is_a_usage_error(bare: Tool) -> None:
    assert bare.run().code == 64


@pytest.mark.parametrize(
    "words",
    [("plann",), ("plan", "--outt", "x"), ("show",), ("show", "a", "b"), ("schema", "x"),
     ("emulator", "nothing"), ("-q", "-v", "validate")],
)  # fmt: skip
def test_usage_errors_end_with_64(bare: Tool, words: tuple[str, ...]) -> None:
    said = bare.run(*words)
    assert said.code == 64
    assert "Usage: redcap-iac" in said.err


def test_the_version_is_told(bare: Tool) -> None:
    assert bare.run("--version").out.startswith("redcap-iac 0.")


def test_an_env_file_that_is_not_there_is_told(bare: Tool) -> None:
    said = bare.run("--env-file", ".env", "validate")
    assert said.code == 1
    assert ".env cannot be read" in said.err


def test_variables_of_an_env_file_come_before_those_of_the_process(bare: Tool) -> None:
    bare.write("REDCAP_IAC_ENV=of_file\n", ".env")
    bare.write("version: 1\n")
    said = bare.having(REDCAP_IAC_ENV="of_process").run("--env-file", ".env", "plan")
    assert "There is no environment of_file" in said.err


def test_a_fault_of_the_tool_is_told_without_a_traceback(
    bare: Tool, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = "0123456789abcdef0123456789ABCDEF"

    def broken(*_: object) -> None:
        raise ZeroDivisionError(secret)

    monkeypatch.setattr("redcap_iac.cli.connecting.load_for_every", broken)
    said = bare.run("validate")
    assert said.code == 1
    assert "redcap-iac itself is at fault here: ZeroDivisionError." in said.err
    assert "Traceback" not in said.err
    assert secret not in said.all


def test_verbose_shows_where_and_no_token(bare: Tool, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("0123456789abcdef0123456789ABCDEF")

    monkeypatch.setattr("redcap_iac.cli.connecting.load_for_every", broken)
    said = bare.run("-v", "validate")
    assert "Traceback" in said.err
    assert "ZeroDivisionError: [token]" in said.err


def test_a_file_that_cannot_be_read_is_told(bare: Tool, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise PermissionError(13, "Permission denied", "redcap.yaml")

    monkeypatch.setattr("redcap_iac.cli.connecting.load_for_every", broken)
    said = bare.run("validate")
    assert said.code == 1
    assert said.err == "error: redcap.yaml: Permission denied\n"


def test_python_m_is_the_same(bare: Tool) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "redcap_iac", "--version"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == bare.run("--version").out


@pytest.mark.parametrize("words", [("--help",), ("--version",)])
def test_help_and_version_load_nothing_heavy(words: tuple[str, ...]) -> None:
    code = (
        "import sys\nfrom redcap_iac.cli.root import cli\n"
        f"cli({list(words)!r}, standalone_mode=False)\n"
        "heavy = {'requests', 'ruamel', 'jsonschema', 'deepdiff', 'rich', 'flask', 'lark'}\n"
        "sys.exit(' '.join(sorted(heavy & set(sys.modules))) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_exit_codes_of_the_group_are_the_published_ones() -> None:
    assert (group.USAGE, INTERRUPTED) == (64, 130)


def test_an_interrupt_ends_with_130(bare: Tool, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("redcap_iac.cli.connecting.load_for_every", interrupted)
    said = bare.run("validate")
    assert said.code == 130
    assert "Interrupted." in said.err


def test_arrows_reach_a_pipe_of_another_encoding(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "redcap_iac", "-C", str(tmp_path), "validate"],
        capture_output=True, check=False, env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )  # fmt: skip
    assert done.returncode == 1
    assert "→ `redcap-iac init` writes one; -C names another folder." in done.stderr.decode("utf-8")
