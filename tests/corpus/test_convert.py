"""Every published file of ../shared/corpus converted there and back.

What comes back is equal but for what the report names, file by file and part by part; the largest
files are left to `python -m tests.corpus.conversions`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from redcap_iac import workflow
from redcap_iac.emulator.server import Emulator
from redcap_iac.errors import ManifestError
from redcap_iac.findings import Findings
from redcap_iac.formats.losses import losses
from redcap_iac.formats.naming import Named, named
from redcap_iac.formats.project_xml import read_project_xml, write_project_xml
from redcap_iac.workflow.converted_files import Target
from redcap_iac.workflow.converting import convert
from tests.corpus.conversions import BETWEEN, compared, read
from tests.corpus.originals import ABSENT, CORPUS, DICTIONARIES, original_rows
from tests.emulator.conftest import MakeEmulator
from tests.emulator.odm.creating import created
from tests.end_to_end.study import Study

XML = sorted((CORPUS / "xml").glob("*.xml"))
pytestmark = [pytest.mark.corpus, pytest.mark.skipif(not XML, reason=ABSENT)]

_MOST, _LARGE = 60_000, 500_000
#: No dictionaries of REDCap: columns or field types of other tools.
FOREIGN = {"IUREDCap__etl-workflow1", "agapow__simple-and-tagged", "chop-dbhi__multi-form-rep"}
#: Field types that REDCap does not know, which a manifest does not take and XML reads otherwise.
WRONG_TYPES = {"NghaReformer__uvalidate-091", "nicholsn__datadict-test-cases"}
#: With sql fields, whose query a project file has no place for (documented).
WITH_SQL = {
    "OuhscBbmc__redcapr-validation-types-1",
    "vanderbilt-redcap__hub-datamodel", "vanderbilt-redcap__hub-harmonist",
    "vanderbilt-redcap__hub-people", "vanderbilt-redcap__hub-rmanager",
    "vanderbilt-redcap__hub-sop",
}  # fmt: skip
USUAL = [path for path in DICTIONARIES if path.stem not in FOREIGN and path.stat().st_size < _MOST]


def by_name(path: Path) -> str:
    return path.stem


@pytest.mark.parametrize("path", USUAL, ids=by_name)
@pytest.mark.parametrize("way", BETWEEN)
def test_a_dictionary_comes_back(path: Path, way: str, tmp_path: Path) -> None:
    lossy = WRONG_TYPES | (WITH_SQL if way == "xml" else set())
    expected_loss = path.stem in lossy and way != "zips"

    assert (compared(path, BETWEEN[way], tmp_path) != "=") == expected_loss


@pytest.mark.parametrize("path", USUAL, ids=by_name)
def test_cells_are_written_as_they_were_read(path: Path, tmp_path: Path) -> None:
    made = convert([path], "", Target("copy.csv"))
    (tmp_path / "copy.csv").write_bytes(made.files["copy.csv"])

    assert original_rows(tmp_path / "copy.csv") == original_rows(path)


@pytest.mark.parametrize("path", [p for p in DICTIONARIES if p.stem in FOREIGN], ids=by_name)
def test_a_table_of_another_tool_is_refused_with_its_places(path: Path) -> None:
    with pytest.raises(ManifestError) as refusal:
        convert([path], "", Target("study"))

    assert all(finding.position is not None for finding in refusal.value.findings)


@pytest.mark.parametrize("path", [p for p in XML if p.stat().st_size < _LARGE], ids=by_name)
@pytest.mark.parametrize("way", ["manifest", "xml"])
def test_the_design_in_a_project_file_comes_back(path: Path, way: str, tmp_path: Path) -> None:
    assert compared(path, BETWEEN[way], tmp_path) == "="


@pytest.mark.parametrize("path", XML, ids=by_name)
def test_a_folder_of_tables_holds_the_design_of_a_project_file(path: Path) -> None:
    made = convert([path], "", Target("tables", "csv-folder"))

    assert {finding.code for finding in made.lost} <= {"C119", "C120", "C121", "C124"}


#: Where a project made from a file is not what the file says, and why.
EXPECTED = {
    "project": "title and purpose are those of Create Project; what a file does not say is new",
    "users": "a file has none; a project has its creator",
    "roles": "rights of features that are turned off are not exported (recorded)",
    "events": "offsets are shown only while scheduling is on (recorded)",
}


def live(emulator: Emulator, text: str, folder: Path) -> Named:
    """Return what a project made of a file is, read over the API."""
    return named(workflow.read(Study(created(emulator, text), folder).session).state)


def without_breaks(source: Named) -> Named:
    """Return a state whose fields say blanks for line breaks.

    REDCap writes breaks into attributes as they are (recorded), and XML readers turn them into
    blanks; the reader keeps them, because the project the file is of has them.
    """
    fields = source.state.kinds["fields"]
    blank = tuple(
        type(field)(*(" ".join(cell.split()) for cell in field.row().values()))  # type: ignore[attr-defined]
        for field in fields
    )
    return Named(source.state.having("fields", blank), source.foreseen)


def kinds_of_differences(one: Named, other: Named) -> set[str]:
    found = (*losses(one, other), *losses(other, one))
    words = {"C112": "project", "C116": "users", "C115": "roles"}
    return {
        "events" if ": offset" in finding.message or ": day offset" in finding.message
        else words.get(finding.code, finding.message)
        for finding in found
    }  # fmt: skip


@pytest.fixture
def open_emulator(make_emulator: MakeEmulator) -> Emulator:
    """An emulator where sql fields may be imported by the owner of an ordinary token."""
    return make_emulator(sql_rows="accept")


@pytest.mark.parametrize("path", XML, ids=by_name)
def test_a_file_is_read_as_the_project_that_is_made_of_it(
    path: Path, open_emulator: Emulator, tmp_path: Path
) -> None:
    mine = read(path)
    theirs = live(open_emulator, path.read_text(encoding="utf-8"), tmp_path)

    assert kinds_of_differences(without_breaks(mine), without_breaks(theirs)) <= EXPECTED.keys()


@pytest.mark.parametrize("path", XML, ids=by_name)
def test_a_project_made_of_the_written_file_is_the_same(
    path: Path, open_emulator: Emulator, tmp_path: Path
) -> None:
    mine = read(path)
    theirs = live(open_emulator, write_project_xml(mine, "A study"), tmp_path)

    assert kinds_of_differences(mine, theirs) <= EXPECTED.keys()


def test_the_emulators_own_file_is_read_as_its_project(
    open_emulator: Emulator, tmp_path: Path
) -> None:
    path = next(path for path in XML if path.stem == "CCTC-team__rsvc-project-1")
    study = Study(created(open_emulator, path.read_text(encoding="utf-8")), tmp_path)
    project = named(workflow.read(study.session).state)
    text = study.project.post("project_xml", None, returnMetadataOnly="true").content

    mine = named(read_project_xml(text, "p.xml", Findings()))

    assert kinds_of_differences(without_breaks(mine), without_breaks(project)) <= EXPECTED.keys()
