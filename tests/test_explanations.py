"""Every code is explained, and every explanation is whole."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from redcap_iac.explanations import Explanation, explanations

PACKAGE = Path(__file__).parent.parent / "redcap_iac"
_CODE = re.compile(r'"((?:[A-Z]|LI)\d{3})"')


def used() -> set[str]:
    """Return the codes of findings that stand in the code."""
    sources = (p for p in PACKAGE.rglob("*.py") if "emulator" not in p.parts)
    return {code for path in sources for code in _CODE.findall(path.read_text(encoding="utf-8"))}


def test_every_code_a_module_can_print_is_explained() -> None:
    assert used() - set(explanations()) == set()


def test_no_code_is_explained_that_nothing_prints() -> None:
    assert set(explanations()) - used() == set()


def test_no_code_is_explained_twice() -> None:
    folder = PACKAGE / "explanations"
    tables = [tomllib.loads(p.read_text(encoding="utf-8")) for p in folder.glob("*.toml")]
    codes = [code for table in tables for code in table if code != "family"]
    assert len(codes) == len(set(codes)) == len(explanations())


@pytest.mark.parametrize("explained", explanations().values(), ids=lambda e: e.code)
def test_an_explanation_is_whole(explained: Explanation) -> None:
    assert re.fullmatch(r"([A-Z]|LI)\d{3}", explained.code)
    assert explained.instead
    assert explained.family
    assert not explained.title.endswith(".")
    for text in (explained.meaning, explained.why, *explained.instead):
        assert text.endswith((".", "`"))
        assert text[0] == text[0].upper()


@pytest.mark.parametrize("explained", explanations().values(), ids=lambda e: e.code)
def test_a_hazard_says_what_it_takes_to_go_on(explained: Explanation) -> None:
    assert explained.answer or not explained.code.startswith("H")
