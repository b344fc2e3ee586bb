"""A dictionary with sql fields is an administrator's: said before anything is written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from redcap_iac.findings import Finding
from redcap_iac.hazard import Answer
from tests.emulator.conftest import MakeEmulator
from tests.emulator.served import new_project
from tests.end_to_end.study import Study

SITE = {"type": "sql", "label": "Site", "sql": "select value from list"}
PLAIN: dict[str, Any] = {"record_id": {"type": "text", "label": "ID"}}


@pytest.fixture
def study(make_emulator: MakeEmulator, tmp_path: Path) -> Study:
    return Study(new_project(make_emulator(sql_rows="accept")), tmp_path)


def manifest(**fields: object) -> dict[str, Any]:
    return {"instruments": [{"instrument": "form_1", "fields": {**PLAIN, **fields}}]}


def told(study: Study, declared: dict[str, Any], *, fresh: bool = False) -> list[Finding]:
    goal = replace(study.declare(declared), fresh=fresh)
    return [one for one in study.plan(goal).plan.findings if one.code == "H128"]


def answer(finding: Finding) -> Answer:
    assert finding.stake is not None
    return finding.stake.answer


def test_a_new_one_needs_a_word(study: Study) -> None:
    (found,) = told(study, manifest(site=SITE))
    assert (answer(found), found.address) == (Answer.ACCEPTANCE, "field/site")
    assert "(site): REDCap takes such a dictionary from an administrator's token" in found.message


def test_a_changed_one_needs_a_word(study: Study) -> None:
    study.converge(manifest(site=SITE))
    (found,) = told(study, manifest(site={**SITE, "sql": "select other from list"}))
    assert answer(found) is Answer.ACCEPTANCE


def test_one_that_is_there_already_is_a_note(study: Study) -> None:
    study.converge(manifest(site=SITE))
    (found,) = told(study, manifest(site=SITE, age={"type": "text", "label": "Age"}))
    assert answer(found) is Answer.NOTE


def test_one_that_goes_is_nothing(study: Study) -> None:
    study.converge(manifest(site=SITE))
    assert told(study, manifest()) == []


def test_a_plan_without_fields_says_nothing(study: Study) -> None:
    study.converge(manifest(site=SITE))
    assert told(study, {"project": {"title": "New"}}) == []


def test_several_have_one_word(study: Study) -> None:
    many = {f"site_{number}": SITE for number in range(7)}
    (found,) = told(study, manifest(**many))
    assert found.address == "project/sql"
    assert "site_4 and 2 more" in found.message


def test_a_project_just_created_is_a_note(study: Study) -> None:
    (found,) = told(study, manifest(site=SITE), fresh=True)
    assert answer(found) is Answer.NOTE
