"""`pull` into a folder with manifests: the schedule, groups, roles, users."""

from __future__ import annotations

from pathlib import Path

import pytest

from redcap_iac.merging.renames import Consent
from tests.emulator.conftest import MakeEmulator
from tests.emulator.served import Project, new_project
from tests.end_to_end.merging import Kept

FILES = {
    "redcap.yaml": """\
version: 1
instruments:
  - instrument: intake
    fields:
      record_id: {type: text, label: "Study ID"}
      visit_date: {type: text, label: "Date", validation: date_ymd}
  - instrument: labs
    fields:
      hb: {type: text, label: "Haemoglobin"}
  - instrument: ae
    fields:
      ae_term: {type: text, label: "What happened"}
arms:
  # who gets the drug
  - number: 1
    name: Intervention
    events:
      - name: Baseline          # day zero
        custom_label: "[visit_date]"
        instruments: [intake, labs]
      - name: Week 4
        x-window: 3
        instruments: [labs, ae]
        repeat:
          ae: "[ae_term]"       # one row each
      - name: Unscheduled
        instruments: [labs]
        repeat: [labs]
  - number: 2
    name: Control
    events_from: 1
dags:
  - Boston      # opened 2025
  - Lyons
roles:
  # those at the bedside
  Data entry:
    rights: {record_create: true, reports: true}   # nothing else
    instruments: {"*": edit, ae: read_only}
    export: {"*": deidentified}
  Monitor:
    rights: {logging: true}
    instruments: {"*": read_only}
    export: {"*": none}
users:
  akim: {role: Data entry, dag: Lyons}     # nurse
  mlee: {role: Monitor, dag: null}
  rsanto: {role: Data entry, dag: Boston, expires: 2027-12-31}
manage: {users: additive}
""",
}


@pytest.fixture
def kept(project: Project, tmp_path: Path) -> Kept:
    return Kept.of(project, tmp_path, FILES)


def event_of(kept: Kept, name: str, arm: int = 1) -> str:
    rows = kept.study.project.rows("event")
    return next(
        str(row["unique_event_name"])
        for row in rows
        if (row["event_name"], int(row["arm_num"])) == (name, arm)
    )


def mapping(kept: Kept, *, add: tuple[str, str] | None = None, drop: tuple[str, str] | None = None,
            arm: int = 1) -> None:  # fmt: skip
    """Designate an instrument to an event in REDCap, or take it off."""
    rows = kept.study.project.rows("formEventMapping")
    if drop is not None:
        event = event_of(kept, drop[0], arm)
        rows = [r for r in rows if (r["unique_event_name"], r["form"]) != (event, drop[1])]
    if add is not None:
        rows.append(
            {"arm_num": arm, "unique_event_name": event_of(kept, add[0], arm), "form": add[1]}
        )
    kept.outside("formEventMapping", *rows)


def role_of(kept: Kept, label: str) -> dict[str, object]:
    rows = kept.study.project.rows("userRole")
    return next(dict(row) for row in rows if row["role_label"] == label)


def test_nothing_changed_is_nothing_to_pull(kept: Kept) -> None:
    pulled = kept.pull()
    assert (pulled.after, pulled.conflicts, pulled.waiting) == ({}, (), ())


def test_an_event_that_changed_changes_alone(kept: Kept) -> None:
    row = {"event_name": "Week 4", "arm_num": "1", "custom_event_label": "[hb]"}
    kept.outside("event", {**row, "unique_event_name": event_of(kept, "Week 4")})
    kept.pull()
    text = kept.read()
    assert 'custom_label: "[hb]"' in text
    assert "x-window: 3" in text
    assert "events_from: 1" not in text  # arm 2 has not that label
    assert kept.left() == []


def test_an_arm_that_stays_alike_keeps_events_from(kept: Kept) -> None:
    for arm in (1, 2):
        mapping(kept, add=("Baseline", "ae"), arm=arm)
    kept.pull()
    assert "events_from: 1" in kept.read()
    assert "instruments: [intake, labs, ae]" in kept.read()
    assert kept.left() == []


def test_a_designation_taken_off_in_one_arm_writes_the_other_out(kept: Kept) -> None:
    mapping(kept, drop=("Week 4", "labs"), arm=2)
    kept.pull()
    text = kept.read()
    assert "events_from" not in text
    assert "- name: Week 4\n        x-window: 3\n        instruments: [labs, ae]" in text
    assert kept.left() == []


def test_an_event_added_in_redcap_comes_in_with_its_instruments(kept: Kept) -> None:
    kept.outside("event", {"event_name": "Close-out", "arm_num": "1"})
    mapping(kept, add=("Close-out", "labs"))
    kept.pull()
    assert "name: Close-out" in kept.read()
    assert "# day zero" in kept.read()
    assert kept.left() == []


def test_an_event_removed_in_redcap_goes(kept: Kept) -> None:
    for arm in (1, 2):
        name = event_of(kept, "Unscheduled", arm)
        kept.study.project.post("event", action="delete", events=[name])
    kept.pull()
    assert "Unscheduled" not in kept.read()
    assert "one row each" in kept.read()
    assert kept.left() == []


def test_an_event_removed_there_and_used_here_is_a_conflict(kept: Kept) -> None:
    kept.edit("        repeat: [labs]", "        repeat: [labs, ae]")
    kept.edit("        instruments: [labs]\n", "        instruments: [labs, ae]\n")
    name = event_of(kept, "Unscheduled")
    kept.study.project.post("event", action="delete", events=[name])
    pulled = kept.pull()
    assert "event/1/Unscheduled" in {one.address for one in pulled.conflicts}
    assert "Unscheduled" in kept.read()


def test_a_repeat_that_ends_leaves_the_others(kept: Kept) -> None:
    rows = kept.study.project.rows("repeatingFormsEvents")
    gone = {event_of(kept, "Unscheduled", arm) for arm in (1, 2)}
    kept.outside("repeatingFormsEvents", *(row for row in rows if row["event_name"] not in gone))
    kept.pull()
    text = kept.read()
    assert "one row each" in text
    assert "repeat: [labs]" not in text
    assert kept.left() == []


def test_the_label_of_instances_changes_in_place(kept: Kept) -> None:
    rows = kept.study.project.rows("repeatingFormsEvents")
    for row in rows:
        if row["form_name"] == "ae":
            row["custom_form_label"] = "[ae_term], [hb]"
    kept.outside("repeatingFormsEvents", *rows)
    kept.pull()
    assert 'ae: "[ae_term], [hb]"       # one row each' in kept.read()
    assert kept.left() == []


def test_groups_come_and_go(kept: Kept) -> None:
    kept.outside("dag", {"data_access_group_name": "Oslo", "unique_group_name": ""})
    kept.pull()
    assert "- Boston      # opened 2025" in kept.read()
    assert "- Oslo" in kept.read()
    assert kept.left() == []


def test_a_group_renamed_in_redcap_keeps_its_people(kept: Kept) -> None:
    rows = kept.study.project.rows("dag")
    unique = next(
        row["unique_group_name"] for row in rows if row["data_access_group_name"] == "Lyons"
    )
    kept.outside("dag", {"data_access_group_name": "Lyon", "unique_group_name": unique})
    assert [one.word for one in kept.pull().open_renames] == ["dag/Lyon=dag/Lyons"]
    kept.pull(consent=Consent(all=True))
    text = kept.read()
    assert "renamed_from: Lyons" in text
    assert "akim: {role: Data entry, dag: Lyon}     # nurse" in text
    assert kept.left() == []


def test_a_right_and_a_level_change_in_place(kept: Kept) -> None:
    role = role_of(kept, "Data entry")
    forms = {**dict(role["forms"]), "labs": 2}  # type: ignore[call-overload]
    kept.outside("userRole", {**role, "logging": "1", "reports": "0", "forms": forms})
    kept.pull()
    text = kept.read()
    assert "# nothing else" in text
    assert '"*": edit, ae: read_only, labs: read_only' in text
    assert "logging: true" in text
    assert kept.left() == []


def test_a_role_renamed_in_redcap_is_renamed_for_its_members(kept: Kept) -> None:
    role = role_of(kept, "Data entry")
    kept.outside("userRole", {**role, "role_label": "Site staff"})
    kept.pull(consent=Consent(all=True))
    text = kept.read()
    assert '# those at the bedside\n  "Site staff":' in text
    assert 'renamed_from: "Data entry"' in text
    assert 'rsanto: {role: "Site staff", dag: Boston, expires: 2027-12-31}' in text
    assert kept.left() == []


def test_a_user_changes_alone(kept: Kept) -> None:
    name = role_of(kept, "Monitor")["unique_role_name"]
    row = {"username": "akim", "unique_role_name": name, "data_access_group": "lyons"}
    kept.outside("userRoleMapping", row)
    kept.outside("userDagMapping", {"username": "rsanto", "redcap_data_access_group": ""})
    kept.pull()
    text = kept.read()
    assert "akim: {role: Monitor, dag: Lyons}     # nurse" in text
    assert "rsanto: {role: Data entry, dag: null, expires: 2027-12-31}" in text
    assert kept.left() == []


def test_a_user_removed_in_redcap_goes_where_they_were_declared(kept: Kept) -> None:
    kept.outside("user", {"username": "jdoe", "record_delete": "1"})
    answer = kept.study.project.post("user", action="delete", users=["akim"])
    assert answer.status_code == 200, answer.text
    kept.pull()
    assert "akim" not in kept.read()
    assert kept.left() == []


def test_somebody_new_is_left_alone_where_users_are_additive(kept: Kept) -> None:
    kept.outside("user", {"username": "twu", "design": "1"})
    pulled = kept.pull()
    assert pulled.after == {}
    assert kept.left() == []


def test_own_work_on_a_role_waits(kept: Kept) -> None:
    kept.edit("reports: true", "reports: false")
    role = role_of(kept, "Data entry")
    kept.outside("userRole", {**role, "logging": "1"})
    pulled = kept.pull()
    assert pulled.conflicts == ()
    assert "reports: false" in kept.read()
    assert kept.left() == ["role/Data entry"]


@pytest.mark.parametrize("side", ["regenerate", "keep"])
def test_an_event_renamed_in_redcap_is_renamed_here(
    make_emulator: MakeEmulator, tmp_path: Path, side: str
) -> None:
    emulator = make_emulator(event_rename=side) if side == "keep" else make_emulator()
    kept = Kept.of(new_project(emulator), tmp_path, FILES)
    for arm in (1, 2):
        row = {"event_name": "Month 1", "arm_num": str(arm)}
        kept.outside("event", {**row, "unique_event_name": event_of(kept, "Week 4", arm)})
    pulled = kept.pull(consent=Consent(all=True))
    text = kept.read()
    assert {one.action for one in pulled.taken if one.unit == "events"} == {"rename"}
    assert "name: Month 1" in text
    assert "renamed_from: Week 4" in text
    assert "x-window: 3" in text
    assert "# one row each" in text
    assert kept.left() == []


def test_sections_nobody_manages_stay_out_until_they_are_asked_for(kept: Kept) -> None:
    text = kept.read()
    start = text.index("dags:")
    kept.write({"redcap.yaml": text[:start]})
    kept.base = kept.study.goal().desired
    pulled = kept.pull()
    assert pulled.after == {}
    assert pulled.unmanaged == {"dags": 2, "roles": 2, "users": 4}
    pulled = kept.pull(sections=("dags", "roles"))
    assert "dags: [Boston, Lyons]" in kept.read()
    assert '"Data entry":' in kept.read()
    assert "users:" not in kept.read()
    assert kept.left() == []


def test_a_new_event_stands_behind_its_neighbour_in_redcap(kept: Kept) -> None:
    rows = kept.study.project.rows("event")
    days = {"Baseline": 0, "Week 4": 28, "Unscheduled": 90}
    for row in rows:
        row["day_offset"] = days[row["event_name"]]
    kept.outside("event", *rows, {"event_name": "Week 2", "arm_num": "1", "day_offset": "14"})
    kept.pull()
    text = kept.read()
    places = [text.index(name) for name in ("name: Baseline", '"Week 2"', "Week 4")]
    assert places == sorted(places)
    assert "# day zero" in text
    assert kept.left() == []


def test_a_new_arm_stands_at_its_number(kept: Kept) -> None:
    kept.edit("  - number: 2\n    name: Control\n", "  # last\n  - number: 5\n    name: Control\n")
    kept.study.project.post("arm", action="delete", arms=["2"])
    kept.outside("arm", {"arm_num": "5", "name": "Control"}, {"arm_num": "3", "name": "Pilot"})
    events = kept.study.project.rows("event")
    new = {"unique_event_name": "", "event_id": ""}
    kept.outside("event", *({**row, **new, "arm_num": arm} for row in events for arm in ("3", "5")))
    kept.base = kept.study.goal().desired
    assert kept.pull().conflicts == ()
    text = kept.read()
    assert text.index("number: 1") < text.index("number: 3") < text.index("# last\n  - number: 5")
    assert kept.left() == []


def test_new_groups_stand_behind_their_neighbours(kept: Kept) -> None:
    live = [row["data_access_group_name"] for row in kept.study.project.rows("dag")]
    kept.outside("dag", {"data_access_group_name": "Dakar", "unique_group_name": ""})
    now = [row["data_access_group_name"] for row in kept.study.project.rows("dag")]
    kept.pull()
    text = kept.read()
    places = [text.index(f"  - {name}") for name in now]
    assert places == sorted(places)
    assert [name for name in now if name in live] == ["Boston", "Lyons"]
    assert "- Boston      # opened 2025\n" in text
    assert kept.left() == []


def test_a_new_role_stands_behind_its_neighbour_also_when_that_was_renamed(kept: Kept) -> None:
    role = role_of(kept, "Data entry")
    kept.outside("userRole", {**role, "role_label": "Site staff"})
    kept.outside("userRole", {"unique_role_name": "", "role_label": "Query desk", "design": "0"})
    order = [str(row["role_label"]) for row in kept.study.project.rows("userRole")]
    kept.pull(consent=Consent(all=True))
    text = kept.read()
    places = [text.index(f"  {name}:") for name in ('"Site staff"', '"Query desk"')]
    assert order.index("Query desk") > order.index("Site staff")
    assert places == sorted(places)
    assert kept.left() == []


def test_a_right_that_went_and_came_back_comes_back_here(kept: Kept, tmp_path: Path) -> None:
    kept.state_dir = tmp_path / "state"
    role = role_of(kept, "Data entry")
    for granted in ("0", "1"):
        kept.outside("userRole", {**role, "reports": granted})
        assert kept.pull().conflicts == ()
        assert kept.left() == []
    assert "reports: true" in kept.read()


def test_a_level_changed_in_redcap_twice_is_taken_twice(kept: Kept, tmp_path: Path) -> None:
    kept.state_dir = tmp_path / "state"
    role = role_of(kept, "Monitor")
    for level in (1, 0):
        forms = {**dict(role["forms"]), "labs": level}  # type: ignore[call-overload]
        kept.outside("userRole", {**role, "forms": forms})
        assert kept.pull().conflicts == ()
        assert kept.left() == []
