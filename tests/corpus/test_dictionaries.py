"""Every published dictionary of ../shared/corpus: read, checked, to a manifest and back.

An instrument zip is no whole project: it is looked at behind a record id, as REDCap adds it to
one. Refused files are listed with the reason; each was looked at: REDCap would refuse it too.
"""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import pytest
from jsonschema import Draft202012Validator

from redcap_iac.findings import Finding, Findings
from redcap_iac.formats.dictionary_csv import read_dictionary, write_dictionary
from redcap_iac.formats.instrument_zip import read_instrument
from redcap_iac.kinds.dictionary import KIND
from redcap_iac.kinds.dictionary.field import CHOICE_TYPES, Field
from redcap_iac.kinds.kind import Draft, Reading
from redcap_iac.manifest.schema import schema
from redcap_iac.state import State, Target, Version
from tests.kinds.dictionary.drafting import a_field, declared

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
FILES = sorted((CORPUS / "dictionaries").glob("*.csv"))
FILES += sorted((CORPUS / "dictionaries").glob("*.zip"))

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not FILES, reason="no corpus at ../shared/corpus beside the project"),
]

#: Name → line of the first error, code, and what is wrong with the file.
REFUSED = {
    "IUREDCap__etl-workflow1.csv": (1, "M254", "a table of an ETL tool, with columns of its own"),
    "NghaReformer__uvalidate-091.csv": (5, "M205", "a field of type select"),
    "agapow__simple-and-tagged.csv": (1, "M254", "columns of a template builder: tags, repeat"),
    "agdamsbo__assist.csv": (8, "M213", "logic names cpr_nr and inkl_date, which are not there"),
    "chop-dbhi__multi-form-rep.csv": (95, "M203", "rows of a template language: endrepeat"),
    "nicholsn__datadict-test-cases.csv": (2, "M205", "made to be wrong: no type, no choices"),
}


@dataclass(frozen=True, slots=True)
class Published:
    """A file and what was found in it."""

    path: Path
    fields: tuple[Field, ...]
    errors: tuple[Finding, ...]


def published(path: Path) -> Published:
    findings = Findings()
    if path.suffix == ".zip":
        slice_ = read_instrument(path.read_bytes(), path.name, findings)
        fields = (a_field("record_id", "base"), *slice_)
    else:
        fields = read_dictionary(path.read_bytes(), path.name, findings)
    if not findings.errors():
        KIND.check(State({KIND.name: fields}), findings)
    return Published(path, fields, findings.errors())


@pytest.fixture(scope="module")
def everything() -> tuple[Published, ...]:
    return tuple(published(path) for path in FILES)


def test_what_is_refused_is_known_and_says_file_line_and_reason(
    everything: tuple[Published, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    refused = {one.path.name: one.errors[0] for one in everything if one.errors}
    with capsys.disabled():
        print(f"\n{len(everything) - len(refused)} dictionaries accepted, {len(refused)} refused:")  # noqa: T201 - the list is to be seen
        for error in refused.values():
            print(f"  {error.position}: {error.message}")  # noqa: T201 - the list is to be seen
    places = {name: error.position for name, error in refused.items()}
    assert {
        name: (place.line, refused[name].code, REFUSED[name][2])
        for name, place in places.items()
        if place is not None and name in REFUSED and place.file == name
    } == REFUSED
    assert set(refused) == set(REFUSED)


def test_every_error_has_a_place(everything: tuple[Published, ...]) -> None:
    errors = [error for one in everything for error in one.errors]
    assert errors
    assert all(error.position is not None for error in errors)


@pytest.fixture(scope="module")
def accepted(everything: tuple[Published, ...]) -> tuple[Published, ...]:
    return tuple(one for one in everything if not one.errors)


def exactly(fields: tuple[Field, ...]) -> list[Field]:
    """Leave out the choices of lists, which may change their spacing (§12.4)."""
    return [
        replace(field, select_choices_or_calculations="")
        if field.field_type in CHOICE_TYPES
        else field
        for field in fields
    ]


def test_all_18_columns_come_back_from_the_manifest(accepted: tuple[Published, ...]) -> None:
    assert len(accepted) > 50
    for one in accepted:
        draft: Draft = {}
        KIND.describe(State({KIND.name: one.fields}), draft)
        fields, findings = declared(cast("list[object]", draft["instruments"]))
        assert findings == (), one.path.name
        again = Findings()
        read = read_dictionary(write_dictionary(fields).encode(), "again.csv", again)
        assert again.all() == (), one.path.name
        assert exactly(read) == exactly(one.fields), one.path.name
        assert [KIND.normal(field) for field in read] == [
            KIND.normal(field) for field in one.fields
        ], one.path.name


def test_what_is_described_is_of_the_shape_of_the_schema(accepted: tuple[Published, ...]) -> None:
    validator = Draft202012Validator(schema("instrument"))
    for one in accepted:
        draft: Draft = {}
        KIND.describe(State({KIND.name: one.fields}), draft)
        for instrument in cast("list[object]", draft["instruments"]):
            assert list(validator.iter_errors(instrument)) == [], one.path.name


def test_a_file_written_again_holds_the_same_fields(accepted: tuple[Published, ...]) -> None:
    for one in accepted:
        for page in (True, False):
            again = write_dictionary(one.fields, page=page).encode()
            assert read_dictionary(again, "again.csv", Findings()) == one.fields, one.path.name


@pytest.mark.parametrize(
    "name",
    [
        "OuhscBbmc__redcapr-simple.csv",
        "OuhscBbmc__redcapr-longitudinal.csv",
        "vanderbilt-redcap__hub-people.csv",
    ],
)
def test_a_file_redcap_wrote_is_written_the_same(name: str) -> None:
    content = (CORPUS / "dictionaries" / name).read_bytes()
    fields = read_dictionary(content, name, Findings())
    assert write_dictionary(fields).encode() == content


def test_a_recorded_answer_means_the_same_as_the_downloaded_file() -> None:
    answer = CORPUS / "responses" / "agdamsbo__example-project-metadata.json"
    target = Target("", "", "", "development", Version(15, 0, 0), longitudinal=False)
    live = KIND.read(json.loads(answer.read_bytes()), Reading(target, State()))
    path = CORPUS / "dictionaries" / "agdamsbo__example-project.csv"
    downloaded = read_dictionary(path.read_bytes(), path.name, Findings())
    assert [KIND.normal(field) for field in live] == [KIND.normal(field) for field in downloaded]
