"""Recorded answers of Export Metadata: a project with that dictionary answers the same.

The project is made by importing the recording; what is compared is every cell, the columns and
their order, the types in json. Twins in project files are compared in `test_recorded_projects`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.emulator.proof import recorded
from tests.emulator.proof.recorded import Table
from tests.emulator.served import Project

pytestmark = recorded.NEEDS_CORPUS
# fmt: off
COLUMNS = [
    "field_name", "form_name", "section_header", "field_type", "field_label",
    "select_choices_or_calculations", "field_note", "text_validation_type_or_show_slider_number",
    "text_validation_min", "text_validation_max", "identifier", "branching_logic",
    "required_field", "custom_alignment", "question_number", "matrix_group_name",
    "matrix_ranking", "field_annotation",
]
# fmt: on


def as_kept(rows: Table) -> Table:
    return rows


def headed_as_by_the_api(rows: Table) -> Table:
    """The project page's download has other headings over the same 18 columns (documented)."""
    return [dict(zip(COLUMNS, row.values(), strict=True)) for row in rows]


def with_all_columns(rows: Table) -> Table:
    """An old client knew no field annotation and wrote flags in capitals."""
    return [
        {**dict.fromkeys(COLUMNS, ""), **row, "identifier": row["identifier"].lower()}
        for row in rows
    ]


def one_row_per_field(rows: Table) -> Table:
    """REDCapTidieR has a row per checkbox choice, and a column of its own for their names."""
    fields = {row["field_name"]: row for row in rows}
    return recorded.without(list(fields.values()), "field_name_updated")


def with_choices(rows: Table) -> Table:
    """Lists without choices come from the Designer, or from a template that fills them later.

    That an import refuses them is inferred; the template's own mark for fields to be deleted,
    three underscores, is no name either.
    """
    listed = ("radio", "dropdown", "checkbox")
    column = "select_choices_or_calculations"
    return [
        {**row, column: row[column] or ("1, Filled in" if row["field_type"] in listed else "")}
        for row in one_row_per_field(rows)
        if not row["field_name"].endswith("___delete")
    ]


@dataclass(frozen=True, slots=True)
class Dictionary:
    """A recorded dictionary: its file, the place inside it, what a server does not answer."""

    file: str
    read: Callable[[str], Table]
    repaired: Callable[[Table], Table] = as_kept


def in_csv(file: str) -> Table:
    return recorded.from_csv(recorded.raw(file))


def in_json(file: str) -> Table:
    found: Table = recorded.loaded(file)
    return found


def in_dump(file: str) -> Table:
    found: Table = recorded.loaded(file)["metadata"]
    return found


def in_fields(file: str) -> Table:
    return recorded.member(file, "fields")


def in_meta_data(file: str) -> Table:
    return recorded.member(file, "meta_data")


DICTIONARIES = (
    Dictionary("CHOP-CGTInformatics__redcaptidier-metadata-classic.RDS", recorded.member,
               with_choices),
    Dictionary("CHOP-CGTInformatics__redcaptidier-metadata-long.RDS", recorded.member,
               one_row_per_field),
    Dictionary("IUREDCap__etl-non-repeating.json", in_dump),
    Dictionary("IUREDCap__etl-visits.json", in_dump),
    Dictionary("IUREDCap__phpcap-longitudinal-metadata.csv", in_csv),
    Dictionary("NUARIG__redcap2omop-test-dictionary.json", in_json),
    Dictionary("OuhscBbmc__redcapr-metadata-read-normal.R", recorded.source),
    Dictionary("OuhscBbmc__redcapr-metadata-read-super-wide-3-subset.R", recorded.source),
    Dictionary("OuhscBbmc__redcapr-simple-metadata.csv", in_csv),
    Dictionary("agdamsbo__example-project-metadata.json", in_json),
    Dictionary("redcap-tools__archer-metadata.csv", in_csv, with_all_columns),
    Dictionary("redcap-tools__case-01-metadata-api.csv", in_csv),
    Dictionary("redcap-tools__case-07-metadata-api.csv", in_csv, headed_as_by_the_api),
    Dictionary("thecodingdocs__redcapsync-clin-trial.rds", in_fields),
    Dictionary("thecodingdocs__redcapsync-simple.rds", in_fields),
    Dictionary("vanderbilt-redcap__flight-tracker-metadata.json", in_json, with_choices),
    Dictionary("vanderbilt-redcap__flight-tracker-signup.json", in_json),
    Dictionary("vubiostat__redcapapi-project-emptyproject.Rdata", in_meta_data),
    Dictionary("vubiostat__redcapapi-project-repeatinginstrument.Rdata", in_meta_data),
)  # fmt: skip
every_dictionary = pytest.mark.parametrize("one", DICTIONARIES, ids=lambda one: one.file)


@every_dictionary
def test_a_recorded_dictionary_is_answered_cell_by_cell(project: Project, one: Dictionary) -> None:
    rows = one.repaired(one.read(one.file))
    recorded.take(project, "metadata", rows)
    answered = project.rows("metadata")
    assert answered == rows
    assert [list(row) for row in answered] == [COLUMNS] * len(rows)


@every_dictionary
def test_csv_says_the_same_as_json(project: Project, one: Dictionary) -> None:
    rows = one.repaired(one.read(one.file))
    recorded.take(project, "metadata", rows)
    assert recorded.from_csv(recorded.csv_of(project, "metadata")) == rows


def test_csv_is_answered_byte_by_byte(project: Project) -> None:
    """The one recording of metadata in csv that no other program has written back."""
    file = "IUREDCap__phpcap-longitudinal-metadata.csv"
    content = recorded.raw(file)
    answer = project.post("metadata", "import", format="csv", data=content)
    assert answer.text == "45"
    assert recorded.csv_of(project, "metadata") == content
