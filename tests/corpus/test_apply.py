"""Every published dictionary of ../shared/corpus through the whole round, over HTTP.

A file REDCap would accept is applied to a fresh project, planned again, exported, and pulled into
new folders, where a plan finds nothing. The others are refused; each was looked at.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from redcap_iac.errors import ManifestError
from redcap_iac.findings import Severity
from redcap_iac.manifest.loader import load
from tests.corpus.originals import ABSENT, DICTIONARIES, original_rows
from tests.emulator.conftest import MakeEmulator
from tests.emulator.served import new_project
from tests.end_to_end.pulling import pull
from tests.end_to_end.study import Study, said

pytestmark = [pytest.mark.corpus, pytest.mark.skipif(not DICTIONARIES, reason=ABSENT)]

RecordProperty = Callable[[str, object], None]

#: Name → place of the first error, code, and what is wrong with the file.
REFUSED = {
    "IUREDCap__etl-workflow1.csv": ("1:1", "M254", "a table of an ETL tool, own columns"),
    "NghaReformer__uvalidate-091.csv": ("5:4", "M205", "a field of type select"),
    "agapow__simple-and-tagged.csv": ("1:1", "M254", "columns of a template builder"),
    "agdamsbo__assist.csv": ("8:6", "M213", "a calculation of fields that are not there"),
    "chop-dbhi__multi-form-rep.csv": ("95:2", "M203", "rows of a template language"),
    "nicholsn__datadict-test-cases.csv": ("2:4", "M205", "made to be wrong: no type"),
}
ACCEPTED = [path for path in DICTIONARIES if path.name not in REFUSED]

#: A zip is no whole project: REDCap adds it to one, which has its record id elsewhere.
BASE = {"instrument": "base", "fields": {"record_id": {"type": "text", "label": "Record"}}}

#: What a server answers differently than it was told (redcap-api design, §12.4): validations have
#: newer names than old files call them by (recorded), flags are `y` in lower case (documented).
NEWER_NAMES = {"date": "date_ymd", "int": "integer", "float": "number"}
FLAGS = ("identifier", "required_field", "matrix_ranking")
VALIDATION = "text_validation_type_or_show_slider_number"


def normalised(row: dict[str, str]) -> dict[str, str]:
    newer = NEWER_NAMES.get(row[VALIDATION], row[VALIDATION]) if row["field_type"] == "text" else ""
    flags = {column: row[column].lower() for column in FLAGS}
    return {**row, **flags, VALIDATION: newer or row[VALIDATION]}


def folder_of(path: Path, folder: Path) -> Path:
    """Make a project folder around a copy of a file."""
    shutil.copyfile(path, folder / path.name)
    whole = path.suffix == ".csv"
    design = {"dictionary": path.name} if whole else {"instruments": [BASE, path.name]}
    (folder / "redcap.yaml").write_text(json.dumps({"version": 1, **design}), encoding="utf-8")
    return folder


@pytest.mark.parametrize("path", ACCEPTED, ids=lambda path: path.name)
def test_an_accepted_dictionary_converges_and_comes_back(
    path: Path,
    make_emulator: MakeEmulator,
    tmp_path: Path,
    record_property: RecordProperty,
) -> None:
    wanted = [normalised(row) for row in original_rows(path)]
    # sql fields are for administrators (knowledge base), and the project's creator is none here
    has_sql = any(row["field_type"] == "sql" for row in wanted)
    emulator = make_emulator(**({"sql_rows": "accept"} if has_sql else {}))
    (tmp_path / "study").mkdir()
    study = Study(new_project(emulator), folder_of(path, tmp_path / "study"))
    goal = study.goal()

    applied = study.apply(goal)

    assert applied.outcomes[-1].error is None
    assert applied.proof is not None
    assert applied.proof.changes == (), said(applied.proof)
    again = study.plan(goal).plan
    assert (again.changes, again.steps) == ((), ())
    exported = study.project.rows("metadata")
    assert exported[0 if path.suffix == ".csv" else 1 :] == wanted
    for csv in (False, True):
        copy = pull(study, tmp_path / ("csv" if csv else "yaml"), csv=csv)
        found = copy.plan(copy.goal()).plan
        assert (found.changes, found.steps, found.stopped) == ((), (), ()), said(found)
    record_property("dictionary", "applied")


@pytest.mark.parametrize("name", REFUSED)
def test_a_refused_dictionary_is_told_with_file_line_and_reason(
    name: str, tmp_path: Path, record_property: RecordProperty
) -> None:
    (path,) = (path for path in DICTIONARIES if path.name == name)
    place, code, _ = REFUSED[name]

    with pytest.raises(ManifestError) as refusal:
        load(folder_of(path, tmp_path))

    findings = refusal.value.findings
    error = next(finding for finding in findings if finding.severity is Severity.ERROR)
    assert (str(error.position), error.code) == (f"{name}:{place}", code)
    record_property("dictionary", f"refused: {error.position}: {error.message}")
