"""The access matrix: roles and people, rights, instruments, groups."""

from __future__ import annotations

from redcap_iac.views.docs.matrix import matrix
from tests.views.docs.reading import design_of, design_with, example

TEXT = """\
instruments:
  - {instrument: intake, fields: {record_id: {type: text, label: "ID"}}}
  - {instrument: events, fields: {b: {type: text, label: "B"}}}
dags: [Lyon]
roles:
  Nurse:
    rights: {record_create: true, lock_records: lock}
    instruments: {"*": edit, events: read_only}
    export: {"*": none, events: full}
  Reader: {rights: {reports: true}, instruments: {"*": read_only}, export: {"*": no_identifiers}}
users:
  ann: {role: Nurse, dag: Lyon, expires: 2027-01-31}
  bob: {role: Nurse, dag: null}
  cid: {rights: {reports: true}, instruments: {"*": none}, export: {"*": deidentified}}
"""


def test_a_design_without_roles_and_users_has_none() -> None:
    assert matrix(design_with(), public=False) is None
    assert "manages neither roles nor users" in example("classic").by_id("access").text


def test_roles_stand_before_people_with_rights_of_their_own() -> None:
    found = matrix(design_of(TEXT), public=False)
    assert found is not None
    assert [(one.name, one.is_role, one.people) for one in found.holders] == [
        ("Nurse", True, 2),
        ("Reader", True, 0),
        ("cid", False, 1),
    ]


def test_only_rights_that_somebody_has_are_rows() -> None:
    found = matrix(design_of(TEXT), public=False)
    assert found is not None
    rows = {row.name: row.cells for row in found.rights}
    assert sorted(cells for cells in rows.values() if any(cells)) == sorted(rows.values())
    assert ("", "yes", "yes") in rows.values()
    assert ("lock", "", "") in rows.values()


def test_what_an_instrument_is_not_told_apart_for_is_what_holds_for_all() -> None:
    found = matrix(design_of(TEXT), public=False)
    assert found is not None
    assert [(row.name, row.cells) for row in found.viewing] == [
        ("Intake", ("view & edit", "read only", "none")),
        ("Events", ("read only", "read only", "none")),
    ]
    assert [(row.name, row.cells) for row in found.exporting] == [
        ("Intake", ("none", "identifiers removed", "de-identified")),
        ("Events", ("full", "identifiers removed", "de-identified")),
    ]


def test_people_are_told_with_role_group_and_end() -> None:
    found = matrix(design_of(TEXT), public=False)
    assert found is not None
    assert [(one.username, one.access, one.dag, one.expires) for one in found.people] == [
        ("ann", "Nurse", "Lyon", "2027-01-31"),
        ("bob", "Nurse", "", ""),
        ("cid", "own rights", "", ""),
    ]
    assert found.dags == (("Lyon", 1),)


def test_a_public_one_has_roles_and_groups_without_people_and_numbers() -> None:
    found = matrix(design_of(TEXT), public=True)
    assert found is not None
    assert [(one.name, one.people) for one in found.holders] == [("Nurse", 0), ("Reader", 0)]
    assert found.people == ()
    assert all(len(row.cells) == 2 for row in (*found.rights, *found.viewing, *found.exporting))


def test_who_sees_all_records_is_told_in_words() -> None:
    rows = {one.text for one in example("trial").all("tr", "access")}
    assert "monitorMonitornone: sees all recordsnever" in rows
