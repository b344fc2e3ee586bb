"""When a draft approves itself, under each of the server's five settings (§3.1)."""

from __future__ import annotations

import pytest

from tests.emulator.conftest import MakeEmulator
from tests.emulator.designing import RECORD_ID, Row, field, put
from tests.emulator.drafting.production import (
    CHOICES,
    FIELDS,
    PAIN,
    SYMPTOMS,
    WEIGHT,
    drafted,
    in_production,
    submitted,
    summary,
)
from tests.emulator.served import Project, new_project

NOTHING = list(FIELDS)
REORDERED = [RECORD_ID, WEIGHT, PAIN, SYMPTOMS]
ADDED = [*FIELDS, field("height")]
MORE_CHOICES = [
    RECORD_ID,
    {**PAIN, CHOICES: "9, None | 100, Some | 99, Refused | 101, Much"},
    SYMPTOMS,
    WEIGHT,
]
MOVED_LABEL = [RECORD_ID, {**PAIN, CHOICES: "101, Some | 9, None"}, SYMPTOMS, WEIGHT]
DELETED = [RECORD_ID, PAIN, SYMPTOMS]

SETTINGS = (
    "never",
    "unmodified",
    "norecords_or_unmodified",
    "nocritical",
    "norecords_or_nocritical",
)
#: Which settings let a draft through: in a project with records, in one without.
THROUGH = {
    "nothing": (NOTHING, SETTINGS[1:], SETTINGS[1:]),
    "reordered": (REORDERED, SETTINGS[1:], SETTINGS[1:]),
    "added": (ADDED, SETTINGS[1:], SETTINGS[1:]),
    "more choices": (
        MORE_CHOICES,
        SETTINGS[3:],
        ("norecords_or_unmodified", "nocritical", "norecords_or_nocritical"),
    ),
    "moved label": (MOVED_LABEL, (), ("norecords_or_unmodified", "norecords_or_nocritical")),
    "deleted": (DELETED, (), ("norecords_or_unmodified", "norecords_or_nocritical")),
}


def with_record(project: Project) -> Project:
    put(project, "1", "pain", "100")
    return project


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("records", [True, False])
@pytest.mark.parametrize("draft", list(THROUGH))
def test_a_setting_lets_through_what_it_says(
    make_emulator: MakeEmulator, setting: str, records: bool, draft: str
) -> None:
    live = in_production(new_project(make_emulator(auto_approval=setting)))
    if records:
        with_record(live)
    rows, with_records, without = THROUGH[draft]
    through = setting in (with_records if records else without)
    drafted(live, rows)
    assert summary(live).automatic is through


@pytest.mark.parametrize(
    ("rows", "outcome"),
    [(MORE_CHOICES, "review"), (ADDED, "automatic")],
    ids=["a choice added to a radio", "a text field added"],
)
def test_recorded_with_no_existing_fields_modified(
    make_emulator: MakeEmulator, rows: list[Row], outcome: str
) -> None:
    live = with_record(in_production(new_project(make_emulator(auto_approval="unmodified"))))
    assert submitted(live, rows) == outcome


@pytest.mark.parametrize(
    ("rows", "outcome"),
    [(NOTHING, "automatic"), (MORE_CHOICES, "automatic"), (MOVED_LABEL, "review")],
    ids=["nothing", "a choice added", "a choice removed and a label moved"],
)
def test_recorded_with_no_records_or_no_critical_issues(
    make_emulator: MakeEmulator, rows: list[Row], outcome: str
) -> None:
    server = make_emulator(auto_approval="norecords_or_nocritical")
    live = with_record(in_production(new_project(server)))
    assert submitted(live, rows) == outcome


def test_recorded_two_warnings_of_one_field_are_one_issue(project: Project) -> None:
    live = with_record(in_production(project))
    drafted(live, MOVED_LABEL)
    found = summary(live)
    (change,) = found.changes
    assert (len(change.flags), found.critical) == (2, 1)


def test_a_summary_counts_fields_and_records(project: Project) -> None:
    live = with_record(in_production(project))
    drafted(live, [RECORD_ID, {**PAIN, "field_note": "now"}, SYMPTOMS, field("height")])
    found = summary(live)
    assert [found.count(what) for what in ("added", "modified", "deleted")] == [1, 1, 1]
    assert (found.fields_before, found.fields_after, found.records) == (4, 4, 1)


@pytest.mark.parametrize(("rows", "reordered"), [(REORDERED, True), (ADDED, False)])
def test_a_summary_tells_another_order_of_fields(
    project: Project, rows: list[Row], reordered: bool
) -> None:
    live = in_production(project)
    drafted(live, rows)
    assert summary(live).reordered is reordered


@pytest.mark.parametrize(
    ("added", "automatic"),
    [
        (field("home_phone"), False),
        ({**field("contact"), "field_label": "E-Mail of the person"}, False),
        (field("heightage"), True),
        (field("height"), True),
    ],
    ids=["by name", "by label", "a word within a word", "no keyword"],
)
def test_a_server_may_want_to_review_new_identifiers(
    make_emulator: MakeEmulator, added: Row, automatic: bool
) -> None:
    server = make_emulator(auto_approval="unmodified", approval_identifiers="review")
    live = in_production(new_project(server))
    drafted(live, [*FIELDS, added])
    assert summary(live).automatic is automatic
