from pathlib import Path
from typing import Any

import pytest

from redcap_iac.calls import Call, Made
from redcap_iac.errors import SuspiciousReadError
from redcap_iac.findings import Findings
from redcap_iac.kinds.grants import Grants
from redcap_iac.kinds.kind import Reading
from redcap_iac.kinds.roles import KIND, known_rights
from redcap_iac.kinds.roles.role import Role
from redcap_iac.plan import Phase
from redcap_iac.state import State
from tests.emulator.access import make_role, role
from tests.emulator.conftest import MakeEmulator
from tests.emulator.served import Project, new_project
from tests.end_to_end.study import Study
from tests.kinds.access import (
    INSTRUMENTS,
    access,
    actions,
    codes,
    found,
    live_of,
    planned,
    problems,
    step,
    target,
    told,
)

ENTRY: dict[str, Any] = {
    "rights": {"record_create": True, "reports": True, "user_rights": "read_only"},
    "instruments": {"*": "edit", "visit": "read_only"},
    "export": {"*": "deidentified", "intake": "none"},
}


@pytest.fixture
def study(project: Project, tmp_path: Path) -> Study:
    return Study(project, tmp_path)


def manifest(**roles: object) -> dict[str, Any]:
    return {"instruments": INSTRUMENTS, "roles": roles}


def live_role(label: str, unique: str) -> Role:
    return Role(label, unique, Grants(), handle=label)


def new(handle: str, label: str = "", unique: str = "", renamed_from: str = "") -> Role:
    return Role(
        label or handle, Made(f"role/{handle}"), Grants(), handle=handle, declared_name=unique,
        renamed_from=renamed_from,
    )  # fmt: skip


def bound(desired: list[Role], live: list[Role]) -> tuple[dict[str, str], list[str]]:
    findings = Findings()
    names = KIND.bind(desired, live, findings)
    return {made.address: name for made, name in names.items()}, [f.code for f in findings.all()]


def test_without_a_section_roles_are_not_managed(study: Study) -> None:
    make_role(study.project, "Monitor")
    study.converge({})
    assert len(study.project.rows("userRole")) == 1


def test_an_empty_map_means_none(study: Study) -> None:
    make_role(study.project, "Monitor")
    study.converge({"roles": {}})
    assert study.project.rows("userRole") == []


def test_a_new_role_has_what_it_names_and_nothing_else(study: Study) -> None:
    study.converge(manifest(Entry=ENTRY))
    row = role(study.project, "Entry")
    granted = {name for name, cell in row.items() if cell not in ("0", "") and type(cell) is str}
    assert granted == {
        "unique_role_name", "role_label", "record_create", "reports", "user_rights",
    }  # fmt: skip
    assert row["user_rights"] == "2"
    assert row["forms"] == {"intake": 130, "visit": 129}
    assert row["forms_export"] == {"intake": 0, "visit": 2}


def test_servers_before_15_6_get_the_old_coding(
    make_emulator: MakeEmulator, tmp_path: Path
) -> None:
    older = Study(new_project(make_emulator("15.5.0")), tmp_path)
    levels = {"intake": ["edit", "survey_responses"], "visit": "read_only"}
    plan = planned(older, manifest(Entry={"instruments": levels}))
    assert step(plan, "roles").call.rows[0]["forms"] == {"intake": 3, "visit": 2}
    older.converge(manifest(Entry={"instruments": levels}))


def test_rights_are_sent_as_text_and_all_that_the_server_knows(study: Study) -> None:
    (row,) = step(planned(study, manifest(Entry=ENTRY)), "roles").call.rows
    known = known_rights(live_of(study))
    assert row.keys() == known | {"unique_role_name", "role_label", "forms", "forms_export"}
    assert {row[name] for name in known} == {"0", "1", "2"}


def test_a_change_is_sent_with_the_unique_name(study: Study) -> None:
    study.converge(manifest(Entry=ENTRY))
    unique = role(study.project, "Entry")["unique_role_name"]
    changed = manifest(Entry={**ENTRY, "rights": {"design": True}})
    plan = planned(study, changed)
    assert actions(plan) == {"role/Entry": "update"}
    assert step(plan, "roles").call.rows[0]["unique_role_name"] == unique
    study.converge(changed)
    row = role(study.project, "Entry")
    assert (row["design"], row["record_create"]) == ("1", "0")


def test_a_rename_keeps_the_role(study: Study) -> None:
    study.converge(manifest(Entry=ENTRY))
    unique = role(study.project, "Entry")["unique_role_name"]
    renamed = manifest(Keyer={**ENTRY, "renamed_from": "Entry"})
    assert actions(planned(study, renamed)) == {"role/Keyer": "rename"}
    study.converge(renamed)
    assert role(study.project, "Keyer")["unique_role_name"] == unique


def test_a_new_instrument_reaches_the_roles_that_say_every_one(study: Study) -> None:
    study.converge(manifest(Entry={"instruments": {"*": "edit"}}))
    more = {"instrument": "labs", "fields": {"hb": {"type": "text", "label": "Hb"}}}
    study.converge(
        {"instruments": [*INSTRUMENTS, more], "roles": {"Entry": {"instruments": {"*": "edit"}}}}
    )
    forms = role(study.project, "Entry")["forms"]
    assert forms == {"intake": 130, "visit": 130, "labs": 130}


def test_an_instrument_that_goes_is_no_change_of_a_role(study: Study) -> None:
    study.converge(manifest(Entry=ENTRY))
    entry = {**ENTRY, "instruments": {"*": "edit"}, "export": {"*": "none"}}
    fewer = {"instruments": INSTRUMENTS[:1], "roles": {"Entry": entry}}
    assert "role/Entry" not in actions(planned(study, fewer))
    study.converge(fewer)


def test_rights_outside_the_table_stay_as_they_are(study: Study) -> None:
    make_role(study.project, "Odd", forms={"form_1": 137}, lock_records=2)
    draft: dict[str, Any] = {}
    KIND.describe(live_of(study).state, draft)
    assert draft["roles"]["Odd"] == {
        "rights": {"lock_records": "sign"},
        "instruments": {"form_1": {"raw": "137"}},
    }
    plan = planned(study, draft)
    assert plan.changes == ()


def test_every_instrument_stands_for_the_most_frequent_level_where_that_is_shorter() -> None:
    grants = Grants(
        instruments=(("a", "edit"), ("b", "edit"), ("c", "edit, survey_responses")),
        export=(("a", "full"), ("b", "none"), ("c", "deidentified")),
    )
    assert grants.draft(("a", "b", "c")) == {
        "rights": {},
        "instruments": {"*": "edit", "c": ["edit", "survey_responses"]},
        "export": {"a": "full", "b": "none", "c": "deidentified"},
    }


def test_roles_are_deleted_last_and_named_uniquely(study: Study) -> None:
    study.converge(manifest(Entry=ENTRY))
    unique = role(study.project, "Entry")["unique_role_name"]
    deletion = step(planned(study, {"roles": {}}), "roles", "delete")
    assert (deletion.phase, deletion.call.params) == (Phase.DELETE_ROLES, {"roles": (unique,)})


def test_two_roles_of_one_label_are_made_one_after_the_other(study: Study) -> None:
    both = manifest(
        A={"label": "Entry", "unique_name": "U-111AAAAAAA", "rights": {"design": True}},
        B={"label": "Entry", "unique_name": "U-222AAAAAAA", "rights": {"reports": True}},
    )
    both["users"] = {"akim": {"role": "B"}}
    plan = planned(study, both)
    assert [len(one.call.rows) for one in plan.steps if one.kind == "roles"] == [1, 1]
    assert codes(plan) == [("M419", "role/A"), ("M419", "role/B")]
    study.apply(study.goal())
    (member,) = [r for r in study.project.rows("userRoleMapping") if r["username"] == "akim"]
    (unique,) = [
        r["unique_role_name"] for r in study.project.rows("userRole") if r["reports"] == "1"
    ]
    assert member["unique_role_name"] == unique


def test_equal_labels_are_described_with_unique_names_and_read_back(study: Study) -> None:
    first = make_role(study.project, "Entry", design=1)
    study.project.post("userRole", "import", data='[{"role_label": "Entry", "reports": "1"}]')
    draft: dict[str, Any] = {}
    KIND.describe(live_of(study).state, draft)
    assert draft["roles"][f"Entry ({first})"]["unique_name"] == first
    assert planned(study, draft).changes == ()


def test_equal_labels_need_unique_names(tmp_path: Path) -> None:
    roles = manifest(A={"label": "Entry"}, B={"label": "Entry", "unique_name": "U-111AAAAAAA"})
    assert found(tmp_path, roles) == [("M414", "role/A")]


def test_a_unique_name_is_given_once(tmp_path: Path) -> None:
    one = {"unique_name": "U-111AAAAAAA"}
    assert found(tmp_path, manifest(A=one, B=one)) == [("M414", "role/A"), ("M414", "role/B")]


@pytest.mark.parametrize("label", ["", " ", "x" * 151])
def test_labels_that_cannot_be_are_refused(tmp_path: Path, label: str) -> None:
    assert [code for code, _ in found(tmp_path, {"roles": {label: {}}})] == ["M414"]


def test_a_hint_whose_old_label_is_declared_too_is_refused(tmp_path: Path) -> None:
    roles = manifest(Keyer={"renamed_from": "Entry"}, Entry={})
    assert found(tmp_path, roles) == [("M415", "role/Keyer")]


@pytest.mark.parametrize(
    ("desired", "expected"),
    [
        (new("Entry"), {"role/Entry": "U-1"}),
        (new("Keyer"), {}),
        (new("Keyer", renamed_from="Entry"), {"role/Keyer": "U-1"}),
        (new("Entry", renamed_from="Older"), {"role/Entry": "U-1"}),
        (new("Any", unique="U-1"), {"role/Any": "U-1"}),
    ],
)
def test_a_role_is_found_by_unique_name_label_or_hint(
    desired: Role, expected: dict[str, str]
) -> None:
    assert bound([desired], [live_role("Entry", "U-1")]) == (expected, [])


def test_a_label_that_is_live_twice_is_refused() -> None:
    live = [live_role("Entry", "U-1"), live_role("Entry", "U-2")]
    assert bound([new("Entry")], live) == ({}, ["M419"])
    assert bound([new("Entry"), new("B", unique="U-2")], live)[0] == {
        "role/Entry": "U-1", "role/B": "U-2",
    }  # fmt: skip


def test_a_hint_with_both_labels_live_is_refused() -> None:
    live = [live_role("Entry", "U-1"), live_role("Keyer", "U-2")]
    assert bound([new("Keyer", renamed_from="Entry")], live)[1] == ["M415"]


def test_a_stale_unique_name_is_a_warning_with_the_right_one() -> None:
    findings = Findings()
    KIND.bind([new("Entry", unique="U-9")], [live_role("Entry", "U-1")], findings)
    (finding,) = findings.all()
    assert (finding.code, finding.severity, finding.advice) == (
        "M419", "warning", "Write unique_name: U-1",
    )  # fmt: skip


def test_a_role_whose_unique_name_does_not_show_yet_stops_the_plan() -> None:
    findings = Findings()
    assert KIND.bind([new("Entry")], [live_role("Entry", "")], findings) == {}
    assert [finding.code for finding in findings.errors()] == ["M419"]


@pytest.mark.parametrize(("unique", "names"), [("", {}), ("U-2", {"role/Entry": "U-2"})])
def test_a_new_role_is_resolved_once_its_unique_name_shows(
    unique: str, names: dict[str, str]
) -> None:
    call = Call("userRole", "import", ({"unique_role_name": "", "role_label": "Entry"},))
    before = [live_role("Entry", "U-1")]
    after = [*before, live_role("Entry", unique)]
    assert KIND.resolve(call, (("role/Entry", 0),), before, after) == names


def test_an_unknown_right_is_refused(tmp_path: Path) -> None:
    (finding,) = problems(tmp_path, manifest(Entry={"rights": {"record_creat": True}}))
    assert "record_create" in finding.advice


@pytest.mark.parametrize(
    "rights", [{"design": "full"}, {"user_rights": "readonly"}, {"lock_records": True}]
)
def test_a_level_that_a_right_does_not_have_is_refused(
    tmp_path: Path, rights: dict[str, object]
) -> None:
    (finding,) = problems(tmp_path, manifest(Entry={"rights": rights}))
    assert finding.code in ("M406", "M110")
    assert finding.position is not None


@pytest.mark.parametrize("level", ["write", ["edit", "delete", "delete"], ["delete"]])
def test_a_level_that_an_instrument_cannot_have_is_refused(tmp_path: Path, level: object) -> None:
    (finding,) = problems(tmp_path, manifest(Entry={"instruments": {"*": level}}))
    assert finding.code == "M409"


def test_an_export_level_that_does_not_exist_is_refused_with_the_near_one(tmp_path: Path) -> None:
    (finding,) = problems(tmp_path, manifest(Entry={"export": {"*": "deidentfied"}}))
    assert (finding.code, finding.advice) == ("M409", "Did you mean `deidentified`?")


def test_an_instrument_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    roles = manifest(Entry={"instruments": {"*": "edit", "visits": "none"}})
    (finding,) = problems(tmp_path, roles)
    assert (finding.code, finding.advice) == ("M407", "Did you mean `visit`?")


def test_without_every_one_each_instrument_has_to_be_named(tmp_path: Path) -> None:
    (finding,) = problems(tmp_path, manifest(Entry={"instruments": {"visit": "edit"}}))
    assert finding.code == "M408"
    assert "intake" in finding.message


def test_instruments_are_looked_for_in_the_project_when_none_are_declared(study: Study) -> None:
    plan = planned(study, {"roles": {"Entry": {"instruments": {"visit": "edit"}}}})
    assert codes(plan) == [("M407", "role/Entry"), ("M408", "role/Entry")]
    assert plan.stopped


def test_delete_on_an_instrument_needs_15_6(make_emulator: MakeEmulator, tmp_path: Path) -> None:
    older = Study(new_project(make_emulator("15.5.0")), tmp_path)
    plan = planned(older, manifest(Entry={"instruments": {"*": ["edit", "delete"]}}))
    assert {code for code, _ in codes(plan)} == {"M416"}
    assert plan.stopped


def test_read_only_user_rights_need_14_1(make_emulator: MakeEmulator, tmp_path: Path) -> None:
    older = Study(new_project(make_emulator("14.0.3")), tmp_path)
    plan = planned(older, manifest(Entry={"rights": {"user_rights": "read_only"}}))
    assert codes(plan) == [("M416", "role/Entry")]


def test_rights_the_server_does_not_have_are_left_alone_and_listed(
    make_emulator: MakeEmulator, tmp_path: Path
) -> None:
    older = Study(new_project(make_emulator("14.0.3")), tmp_path)
    asked = manifest(Entry={"rights": {"email_logging": True, "random_setup": False}})
    plan = planned(older, asked)
    (finding,) = told(plan)
    assert (finding.code, finding.severity) == ("M417", "note")
    assert "email_logging" in finding.message
    assert "random_setup" not in finding.message
    older.converge(asked)


def test_columns_that_are_not_known_are_kept_and_never_sent() -> None:
    (read,) = KIND.read(
        [{"unique_role_name": "U-1", "role_label": "A", "design": "1", "new_right": "1"}],
        Reading(target(), State()),
    )
    assert read.grants.rights == (("design", "true"),)


def test_an_empty_map_may_come_as_a_list() -> None:
    row: Any = {"unique_role_name": "U-1", "role_label": "A", "forms": [], "forms_export": ""}
    (read,) = KIND.read([row], Reading(target(), State()))
    assert read.grants == Grants()


def test_an_answer_without_labels_is_suspicious() -> None:
    with pytest.raises(SuspiciousReadError, match="role_label"):
        KIND.read([{"unique_role_name": "U-1"}], Reading(target(), State()))


def test_codes_without_a_word_are_written_as_they_are(study: Study) -> None:
    raw = manifest(
        Entry={"rights": {"lock_records": {"raw": "2"}}, "instruments": {"*": "raw: 137"}}
    )
    study.converge(raw)
    assert role(study.project, "Entry")["forms"] == {"intake": 137, "visit": 137}


def test_an_export_code_without_a_word_is_sent_as_it_is(study: Study) -> None:
    raw = manifest(Entry={"export": {"*": {"raw": "7"}}})
    (row,) = step(planned(study, raw), "roles").call.rows
    assert row["forms_export"] == {"intake": 7, "visit": 7}


def test_levels_read_in_any_order_of_words(study: Study) -> None:
    levels = {"*": ["delete", "edit", "survey_responses"]}
    study.converge(access(roles={"Entry": {"instruments": levels}}))
    assert role(study.project, "Entry")["forms"]["visit"] == 154
