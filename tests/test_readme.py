"""The README says what is so."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import redcap_iac
from redcap_iac.cli.apply import apply
from redcap_iac.cli.plan import plan
from redcap_iac.cli.root import COMMANDS, cli
from redcap_iac.manifest.loader import load
from redcap_iac.manifest.policy import project_policy
from redcap_iac.views.json import EXIT_NAMES

README = Path(__file__).parent.parent / "README.md"
TEXT = README.read_text(encoding="utf-8")


def test_the_table_of_methods_is_what_the_emulator_prints() -> None:
    printed = CliRunner().invoke(cli, ["emulator", "methods", "--format", "markdown"]).output
    start, end = TEXT.index("--format markdown` -->"), TEXT.index("<!-- end of methods -->")
    table = TEXT[start:end].partition("-->")[2].strip()
    assert table == printed.strip()


def test_every_command_is_in_the_table() -> None:
    listed = set(re.findall(r"^\| `([a-z]+)", TEXT, re.MULTILINE))
    assert set(COMMANDS) <= listed


@pytest.mark.parametrize("command", [plan, apply])
def test_every_option_of_plan_and_apply_is_in_the_table(command: click.Command) -> None:
    row = next(line for line in TEXT.splitlines() if line.startswith(f"| `{command.name} "))
    options = {
        name
        for parameter in command.params
        if isinstance(parameter, click.Option)
        for name in parameter.opts
    }
    assert set(re.findall(r"--[a-z-]+", row)) == options


def test_every_exit_code_is_told() -> None:
    told = TEXT[TEXT.index("Exit codes: 0") : TEXT.index("JSON output says the same")]
    assert {int(code) for code in re.findall(r"(?:: |·\s)(\d+) ", told)} == set(EXIT_NAMES)


def test_every_variable_of_its_own_is_told() -> None:
    root = Path(redcap_iac.__file__).parent
    read = {
        name
        for path in root.rglob("*.py")
        for name in re.findall(r'"(REDCAP_[A-Z_]+)"', path.read_text(encoding="utf-8"))
    }
    assert "REDCAP_IAC_POLICY" in read
    assert read == set(re.findall(r"`(REDCAP_[A-Z_]+)`", TEXT))


def test_the_entry_that_accepts_a_hazard_loads(tmp_path: Path) -> None:
    (block,) = re.findall(r"```yaml\n(environments:.*?)```", TEXT, re.DOTALL)
    token = block.replace("    accept:", "    token: env:REDCAP_API_TOKEN\n    accept:")
    (tmp_path / "redcap.yaml").write_text(f"version: 1\n{token}", encoding="utf-8")
    (environment,) = load(tmp_path).environments
    (given,) = environment.accept
    assert (given.code, given.address, given.at_most) == ("H101", "field/postal", 412)


def test_the_policy_loads(tmp_path: Path) -> None:
    (block,) = re.findall(r"```yaml\n(version: 1\nrules:.*?)```", TEXT, re.DOTALL)
    (tmp_path / "policy.yaml").write_text(block, encoding="utf-8")
    policy = project_policy(tmp_path)
    assert policy is not None
    assert len(policy.rules) == 4


def test_the_manifest_on_one_screen_loads(tmp_path: Path) -> None:
    blocks = re.findall(r"```yaml\n# (\S+)\n(.*?)```", TEXT, re.DOTALL)
    assert [name for name, _ in blocks] == ["redcap.yaml", "instruments/demographics.yaml"]
    for name, text in blocks:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "instruments" / "vitals.csv").write_text(
        "Variable / Field Name,Form Name,Field Type,Field Label\n"
        "weight,vitals,text,Weight\n"
        "ae_term,adverse_events,text,What happened?\n"
    )
    manifest = load(tmp_path)
    assert len(manifest.desired.state.kinds["events"]) == 4


@pytest.mark.parametrize("last", ["redcap-iac demo", "--numprocesses auto"])
def test_set_up_is_one_line_with_its_windows_form(last: str) -> None:
    lines = [line for line in TEXT.splitlines() if line.endswith(last)]
    starts = [line.split(" -m venv")[0] for line in lines if " -m venv " in line]
    assert starts == ["python3", "py"]
