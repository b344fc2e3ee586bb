"""Dictionaries of one study, one after the other, with records: a plan tells what is hurt.

The designs are read apart from the tool; records are made up.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from random import Random

import pytest

from redcap_iac import workflow
from redcap_iac.errors import GuardError
from tests.corpus.originals import ABSENT, DICTIONARIES, original_rows
from tests.emulator.conftest import MakeEmulator
from tests.emulator.served import new_project
from tests.end_to_end.harm import Truth, misjudged, untold
from tests.end_to_end.pairs import Design, Pair
from tests.end_to_end.recording import contents, fill
from tests.end_to_end.study import Silent, Study, everything

pytestmark = [pytest.mark.corpus, pytest.mark.skipif(not DICTIONARIES, reason=ABSENT)]

#: Two dictionaries, whether an apply of the second over records of the first is refused.
PAIRS = [
    ("NUARIG__test-dictionary", "NUARIG__test-dictionary-choice-deleted", False),
    ("NUARIG__test-dictionary-choice-deleted", "NUARIG__test-dictionary", False),
    ("NUARIG__ccc19", "NUARIG__ccc19-clean-new", False),
    ("NUARIG__ccc19-clean-new", "NUARIG__ccc19", False),
    ("KohlbacherLab__nse-mit-fallmanagement", "KohlbacherLab__nse-ohne-fallmanagement", False),
    ("KohlbacherLab__nse-ohne-fallmanagement", "KohlbacherLab__nse-mit-fallmanagement", False),
    ("NUARIG__test-dictionary", "NUARIG__test-dictionary-type-change", False),
    ("OuhscBbmc__redcapr-simple", "OuhscBbmc__redcapr-dag", True),
    ("vanderbilt-redcap__hub-home", "vanderbilt-redcap__hub-people", True),
]


@pytest.mark.parametrize(("first", "second", "refused"), PAIRS)
def test_what_one_dictionary_hurts_after_another_was_told(
    first: str, second: str, refused: bool, make_emulator: MakeEmulator, tmp_path: Path
) -> None:
    before, after = design_of(first), design_of(second)
    study = Study(new_project(make_emulator(sql_rows="accept")), tmp_path)
    declare(study, first)
    assert study.apply(study.goal()).is_complete
    fill(study.project, before, Random(first))
    stored = contents(study.project)
    declare(study, second)
    goal = study.goal()
    planned = study.plan(goal)
    try:
        done = workflow.apply(study.session, goal, planned, Silent(), answers=everything())
    except GuardError:
        assert refused, planned.plan.stopped
        assert contents(study.project) == stored
        return
    assert not refused
    assert done.is_complete, done.outcomes[-1].error
    harms = list(Truth(Pair(before, after), stored, contents(study.project)).harms())
    assert untold(planned.plan, harms) == []
    assert misjudged(planned.plan, harms) == []


def declare(study: Study, name: str) -> None:
    """Let the manifest be one dictionary of the corpus."""
    path = path_of(name)
    shutil.copyfile(path, study.folder / path.name)
    manifest = {"version": 1, "dictionary": path.name}
    (study.folder / "redcap.yaml").write_text(json.dumps(manifest), encoding="utf-8")


def path_of(name: str) -> Path:
    (path,) = (path for path in DICTIONARIES if path.stem == name)
    return path


def design_of(name: str) -> Design:
    """Return what of a dictionary records depend on: instruments, types, choices, validations."""
    forms: dict[str, Design] = {}
    for row in original_rows(path_of(name)):
        column = row["select_choices_or_calculations"]
        made: Design = {
            "type": row["field_type"],
            "validation": row["text_validation_type_or_show_slider_number"]
            if row["field_type"] == "text"
            else "",
        }
        if row["field_type"] in ("radio", "dropdown", "checkbox"):
            pairs = (part.partition(",") for part in column.split("|") if part.strip())
            made["choices"] = {code.strip(): label.strip() for code, _, label in pairs}
        forms.setdefault(row["form_name"], {})[row["field_name"]] = made
    return {
        "instruments": [{"instrument": form, "fields": fields} for form, fields in forms.items()]
    }
