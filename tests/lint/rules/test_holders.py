"""Who may do what, as the rules ask it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from redcap_iac.design import Design
from redcap_iac.lint.rules.holders import entered, everybody, holders, with_identifiers
from redcap_iac.manifest.loader import load
from tests.lint.judging import Texts, manifest_of

STUDY = """
instruments:
  - instrument: base
    fields:
      record_id: {type: text, label: R}
      surname: {type: text, label: S, identifier: true}
      total: {type: calc, label: T, calculation: "1+1"}
  - {instrument: sums, fields: {sum: {type: calc, label: S, calculation: "1+1"}}}
dags: [Boston]
roles:
  Nurse: {rights: {lock_records: sign}, instruments: {"*": read_only, base: [edit, delete]}}
users:
  ABoyd: {role: Nurse, dag: Boston, expires: 2026-06-15}
  bstone: {rights: {logging: true, design: false}, instruments: {"*": {raw: 142}}, dag: null}
  cwood: {role: Nurse}
"""


def design_of(text: str = STUDY) -> Design:
    manifest = load(Path(), files=Texts({"redcap.yaml": manifest_of(text)}))
    return Design(manifest.desired.state)


def design_without_roles() -> Design:
    return design_of('users: {aboyd: {rights: {}, instruments: {"*": edit}}, bstone: {role: X}}')


def test_roles_come_first_and_then_people_with_rights_of_their_own() -> None:
    assert [one.named for one in holders(design_of())] == [
        "Role Nurse",
        "User bstone",
    ]


def test_an_instrument_not_named_has_what_all_have() -> None:
    nurse = holders(design_of())[0]
    assert nurse.view("base") == "edit, delete"
    assert nurse.view("sums") == "read_only"
    assert nurse.export("base") == "none"


def test_a_level_without_a_word_may_be_editing() -> None:
    stone = holders(design_of())[1]
    assert stone.edits("base")


def test_a_right_refused_is_not_held() -> None:
    stone = holders(design_of())[1]
    assert stone.has("logging")
    assert not stone.has("design")
    assert not stone.has("alerts")


def test_a_member_has_the_rights_of_the_role_whatever_the_case_of_the_name() -> None:
    boyd, stone, _ = everybody(design_of())
    assert boyd.role is not None
    assert boyd.grants is boyd.role.grants
    assert stone.role is None


def test_the_rights_of_a_role_that_is_not_declared_are_not_known() -> None:
    _, stone = everybody(design_without_roles())
    assert stone.grants is None
    assert not stone.has("design")


def test_a_group_is_one_or_none_or_not_said() -> None:
    boyd, stone, wood = everybody(design_of())
    assert boyd.group
    assert stone.group == ""
    assert wood.group is None


def test_access_ends_on_the_day_itself() -> None:
    design = design_of()
    names = [one.user.username for one in everybody(design, date(2026, 6, 15))]
    assert names == ["bstone", "cwood"]
    assert len(everybody(design, date(2026, 6, 14))) == 3


def test_nobodys_access_has_ended_where_the_day_is_not_known() -> None:
    assert len(everybody(design_of())) == 3


def test_nobody_enters_a_record_id_or_what_is_computed() -> None:
    design = design_of()
    assert [field.field_name for field in entered(design, "base")] == ["surname"]
    assert entered(design, "sums") == ()


def test_instruments_with_identifiers_are_those_with_a_marked_field() -> None:
    assert with_identifiers(design_of()) == ("base",)
