"""The README says what is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from redcap_iac.cli.root import COMMANDS, cli
from redcap_iac.manifest.loader import load

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


@pytest.mark.parametrize("last", ["redcap-iac demo", "--cov"])
def test_set_up_is_one_line_with_its_windows_form(last: str) -> None:
    lines = [line for line in TEXT.splitlines() if line.endswith(last)]
    starts = [line.split(" -m venv")[0] for line in lines if " -m venv " in line]
    assert starts == ["python3", "py"]
