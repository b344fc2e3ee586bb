"""Every folder of examples/ is what the authoring commands ask of a project."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.tool import Tool

EXAMPLES = Path(__file__).parents[2] / "examples"
every_example = pytest.mark.parametrize(
    "name", sorted(path.name for path in EXAMPLES.iterdir() if path.is_dir())
)


@pytest.fixture
def tool(tmp_path: Path) -> Tool:
    """The tool, with a home and nothing in its environment."""
    return Tool(tmp_path, tmp_path / "home")


@every_example
def test_an_example_is_valid_sound_and_does_what_its_scenarios_say(tool: Tool, name: str) -> None:
    said = tool.run("-C", str(EXAMPLES / name), "check", "--strict")
    assert said.code == 0, said.all
    assert "lint passed, test passed (" in said.out
    assert "no scenarios" not in said.out


@every_example
def test_the_scenarios_of_an_example_see_all_of_its_logic(tool: Tool, name: str) -> None:
    said = tool.run("-C", str(EXAMPLES / name), "test", "--fail-under", "100")
    assert said.code == 0, said.all


@every_example
def test_an_example_is_laid_out_as_fmt_does(tool: Tool, name: str) -> None:
    assert tool.run("-C", str(EXAMPLES / name), "fmt", "--check").code == 0


@every_example
def test_an_example_is_a_page(tool: Tool, name: str) -> None:
    page = tool.folder / "page.html"
    said = tool.run("-C", str(EXAMPLES / name), "docs", "--out", str(page))
    assert said.code == 0, said.all
    assert page.read_text(encoding="utf-8").rstrip().endswith("</html>")
