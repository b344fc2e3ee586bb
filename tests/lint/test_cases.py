"""The cases of every rule: `cases/CODE.yaml`, a list of what is judged and what is found.

A case: `name`; `fields` (put behind a record id into the instrument `form`) or `manifest` (whole,
without `version:`); `settings` (a map, optional); `finds`, a list of `address` and, if wanted, a
part of the `message`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import cast

import pytest

from redcap_iac.lint.registry import all_rules
from redcap_iac.lint.settings import Settings
from tests.lint.judging import cases_of, fields_of, found_by, manifest_of, settings_of

FILES = sorted((Path(__file__).parent / "cases").glob("*.yaml"))
KEYS = {"name", "fields", "manifest", "settings", "finds"}

Case = Mapping[str, object]


@cache
def every_case() -> tuple[tuple[str, Case], ...]:
    return tuple((path.stem, case) for path in FILES for case in cases_of(path))


def text_of(case: Case) -> str:
    if "manifest" in case:
        return manifest_of(str(case["manifest"]))
    return fields_of(cast("str | Mapping[str, object]", case["fields"]))


def settings_in(case: Case) -> Settings:
    return settings_of(cast("Mapping[str, object]", case.get("settings", {})))


def expected_in(case: Case) -> list[Mapping[str, object]]:
    return cast("list[Mapping[str, object]]", case["finds"])


@pytest.mark.parametrize(
    ("code", "case"), [pytest.param(*one, id=f"{one[0]}: {one[1]['name']}") for one in every_case()]
)
def test_what_a_rule_finds_is_what_the_case_says(code: str, case: Case) -> None:
    assert set(case) <= KEYS
    found = found_by(code, text_of(case), settings_in(case))
    expected = expected_in(case)
    told = [(one.address, one.message) for one in found]
    assert {address for address, _ in told} == {one["address"] for one in expected}, told
    for one in expected:
        part = str(one.get("message", ""))
        assert any(address == one["address"] and part in said for address, said in told), told


@pytest.mark.parametrize("code", [rule.code for rule in all_rules()])
def test_every_rule_has_a_case_that_finds_and_one_that_does_not(code: str) -> None:
    numbers = [len(expected_in(case)) for stem, case in every_case() if stem == code]
    assert any(numbers), f"no case of {code} finds anything"
    assert not all(numbers), f"every case of {code} finds something"


def test_every_file_of_cases_is_about_a_rule() -> None:
    assert {path.stem for path in FILES} <= {rule.code for rule in all_rules()}
