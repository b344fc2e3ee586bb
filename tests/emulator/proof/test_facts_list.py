"""The list of recorded facts is complete: each has tests here, or a reason to have none."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
FACTS = Path(__file__).parents[4] / "shared" / "redcap-api"
#: Parts of a confidence that says recorded: `R`, `D/R`, `I, R (…)`, or an R that ends a sentence.
IN_A_CELL = re.compile(
    r"^(\W*[DCIK?]\W*[/,]\s*)*\W*R\b|[,.(;] ?R\b\)?$|\(.*, R\)"
    r"|\bR (PyCap|rAPI|REDCapR|PHPCap|JL|RC|RSVC|XML)"
)
IN_A_SENTENCE = re.compile(r"\bR( |\.|,|;|:|\)|$)")

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not FACTS.is_dir(), reason=f"no facts at ../shared/{FACTS.name}"),
]


def listed() -> dict[str, dict[str, list[str]]]:
    """Return what stands in the list: by file, the beginning of a fact and its tests."""
    return {file: facts for file, facts in loaded().items() if file != "no test"}


def excused() -> dict[str, dict[str, str]]:
    """Return the facts without a test, by file, each with the reason."""
    found: dict[str, dict[str, str]] = loaded()["no test"]
    return found


def loaded() -> dict[str, Any]:
    return tomllib.loads((HERE / "facts.toml").read_text(encoding="utf-8"))


def is_recorded(line: str) -> bool:
    if line.startswith("|"):
        _, _, *cells, _ = re.split(r"(?<!\\)\|", line)
        return any(IN_A_CELL.search(cell.strip()) for cell in cells)
    return not line.startswith("#") and bool(IN_A_SENTENCE.search(line))


def recorded(file: str) -> Iterator[str]:
    """Yield the facts of a file that are recorded, as text from their first letter."""
    for line in (FACTS / file).read_text(encoding="utf-8").splitlines():
        if is_recorded(line):
            yield line.lstrip("|- ")


def written() -> set[str]:
    """Return the names of all tests beside this one, without `test_`."""
    return {
        node.name.removeprefix("test_")
        for path in HERE.glob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


@pytest.mark.parametrize("file", ["recorded.md", "design.md", "access.md"])
def test_every_recorded_fact_is_in_the_list_once(file: str) -> None:
    starts: Mapping[str, object] = {**listed()[file], **excused().get(file, {})}
    facts = list(recorded(file))
    assert [fact for fact in facts if sum(map(fact.startswith, starts)) != 1] == []
    assert [start for start in starts if not any(fact.startswith(start) for fact in facts)] == []


def test_every_test_in_the_list_exists() -> None:
    named = {name for facts in listed().values() for names in facts.values() for name in names}
    assert named - written() == set()


def test_nothing_is_in_the_list_without_a_test_or_a_reason() -> None:
    assert all(names for facts in listed().values() for names in facts.values())
    assert all(reason for facts in excused().values() for reason in facts.values())
