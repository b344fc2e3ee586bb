"""Every folder of examples/ becomes a project, by super token, that is what the folder says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from redcap_iac import workflow
from redcap_iac.client import Client, Connection
from redcap_iac.emulator.server import Emulator
from redcap_iac.manifest.loader import load
from redcap_iac.secret import Secret
from redcap_iac.workflow import Goal
from tests.emulator.served import Project
from tests.end_to_end.pulling import pull
from tests.end_to_end.study import Silent, Study, said

EXAMPLES = Path(__file__).parents[2] / "examples"
FOLDERS = sorted(path for path in EXAMPLES.iterdir() if path.is_dir())
every_example = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)

#: Codes of form rights from 15.6 on (access rights, documented): view and edit, read only.
EDIT, READ_ONLY, NO_ACCESS = 130, 129, 128


def born(emulator: Emulator, folder: Path) -> Study:
    """Create the project of an example by super token and apply the rest."""
    manifest = load(folder)
    client = Client(Connection(emulator.url, timeout=60), Secret(emulator.super_token))
    token = client.create_project(workflow.create_call(manifest.desired)).reveal()
    project_id = Project(emulator, 0, token).rows("project")["project_id"]
    study = Study(Project(emulator, project_id, token), folder)
    goal = Goal(manifest.desired, manifest.digest, fresh=True)
    planned = workflow.plan(study.session, goal)
    applied = workflow.apply(study.session, goal, planned, Silent())
    assert applied.is_complete, applied
    return study


def keyed(rows: list[dict[str, Any]], column: str) -> dict[str, dict[str, Any]]:
    return {row[column]: row for row in rows}


def test_the_stories_are_three() -> None:
    assert [folder.name for folder in FOLDERS] == ["classic", "registry", "trial"]


def test_each_is_told_in_the_readme() -> None:
    text = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    assert [folder.name for folder in FOLDERS if f"| `{folder.name}` |" not in text] == []


@every_example
def test_an_example_loads_without_findings(folder: Path) -> None:
    assert load(folder).findings == ()


@every_example
def test_an_applied_example_leaves_nothing_to_do(
    folder: Path, emulator: Emulator, tmp_path: Path
) -> None:
    study = born(emulator, folder)
    again = study.plan(study.goal()).plan
    assert (again.changes, again.steps, again.stopped) == ((), (), ()), said(again)
    for csv in (False, True):
        copy = pull(study, tmp_path / f"csv {csv}", csv=csv)
        found = copy.plan(copy.goal()).plan
        assert (found.changes, found.steps, found.stopped) == ((), (), ()), said(found)


def test_the_classic_project_has_its_night_again_and_again(emulator: Emulator) -> None:
    project = born(emulator, EXAMPLES / "classic").project
    about = project.rows("project")
    assert (about["project_title"], about["is_longitudinal"]) == ("Sleep diary", 0)
    assert about["purpose"] == 3  # quality improvement
    assert about["record_autonumbering_enabled"] == 1
    assert project.rows("repeatingFormsEvents") == [
        {"form_name": "night", "custom_form_label": "[night_date]"}
    ]
    fields = keyed(project.rows("metadata"), "field_name")
    assert fields["snores"]["select_choices_or_calculations"] == "1, Yes | 0, No | 99, Unknown"
    assert fields["felt_tired"]["matrix_group_name"] == "felt"
    assert fields["hours"]["text_validation_type_or_show_slider_number"] == "number"


def test_the_trial_has_its_visits_in_both_arms(emulator: Emulator) -> None:
    project = born(emulator, EXAMPLES / "trial").project
    assert [(arm["arm_num"], arm["name"]) for arm in project.rows("arm")] == [
        (1, "Intervention"),
        (2, "Control"),
    ]
    names = {event["unique_event_name"] for event in project.rows("event")}
    visits = ("baseline", "week_4", "unscheduled")
    assert names == {f"{visit}_arm_{arm}" for visit in visits for arm in (1, 2)}
    designated = {
        (row["unique_event_name"], row["form"]) for row in project.rows("formEventMapping")
    }
    baseline, later = ("demographics", "vitals", "mood"), ("vitals", "mood", "adverse_events")
    for arm in (1, 2):
        of_arm = {pair for pair in designated if pair[0].endswith(f"_arm_{arm}")}
        assert of_arm == {
            *((f"baseline_arm_{arm}", form) for form in baseline),
            *((f"week_4_arm_{arm}", form) for form in later),
            (f"unscheduled_arm_{arm}", "vitals"),
        }
    assert {tuple(row.values()) for row in project.rows("repeatingFormsEvents")} == {
        (f"{event}_arm_{arm}", form, label)
        for arm in (1, 2)
        for event, form, label in (
            ("week_4", "adverse_events", "[ae_term]"),
            ("unscheduled", "", ""),
        )
    }


def test_the_trials_roles_grant_what_they_name_and_no_more(emulator: Emulator) -> None:
    project = born(emulator, EXAMPLES / "trial").project
    roles = keyed(project.rows("userRole"), "role_label")
    assert set(roles) == {"Data entry", "Monitor"}
    entry, monitor = roles["Data entry"], roles["Monitor"]
    forms = ("demographics", "vitals", "mood", "adverse_events")
    assert entry["forms"] == dict.fromkeys(forms, EDIT)
    assert entry["forms_export"] == {**dict.fromkeys(forms, 2), "demographics": 0}
    assert monitor["forms"] == dict.fromkeys(forms, READ_ONLY)
    assert monitor["forms_export"] == dict.fromkeys(forms, 3)
    rights = ("record_create", "reports", "logging", "api_export", "design", "user_rights")
    assert [entry[right] for right in rights] == ["1", "1", "0", "0", "0", "0"]
    assert [monitor[right] for right in rights] == ["0", "1", "1", "1", "0", "0"]


def test_the_trials_people_are_in_their_roles_and_sites(emulator: Emulator) -> None:
    project = born(emulator, EXAMPLES / "trial").project
    labels = {row["unique_role_name"]: row["role_label"] for row in project.rows("userRole")}
    roles = {
        row["username"]: labels.get(row["unique_role_name"], "")
        for row in project.rows("userRoleMapping")
    }
    sites = {row["username"]: row["redcap_data_access_group"] for row in
             project.rows("userDagMapping")}  # fmt: skip
    people = ("boston_data", "lyon_data", "monitor", "statistician")
    assert {name: (roles[name], sites[name]) for name in people} == {
        "boston_data": ("Data entry", "boston"),
        "lyon_data": ("Data entry", "lyon"),
        "monitor": ("Monitor", ""),
        "statistician": ("", ""),
    }
    users = keyed(project.rows("user"), "username")
    assert users["boston_data"]["expiration"] == "2027-12-31"
    assert users["statistician"]["stats_and_charts"] == 1
    assert set(users["statistician"]["forms"].values()) == {NO_ACCESS}
    assert set(users["statistician"]["forms_export"].values()) == {2}


def test_the_registry_is_the_dictionary_of_its_csv_file(emulator: Emulator) -> None:
    project = born(emulator, EXAMPLES / "registry").project
    names = [row["field_name"] for row in project.rows("metadata")]
    file = EXAMPLES / "registry" / "RareFevers_DataDictionary.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    assert names == [line.partition(",")[0] for line in lines[1:]]
    forms = [row["instrument_name"] for row in project.rows("instrument")]
    assert forms == ["enrolment", "diagnosis", "course"]


def test_the_registry_has_its_sites(emulator: Emulator) -> None:
    project = born(emulator, EXAMPLES / "registry").project
    assert [row["unique_group_name"] for row in project.rows("dag")] == [
        "site_aarhus",
        "site_lille",
        "site_porto",
    ]
    users = keyed(project.rows("user"), "username")
    assert users["site_lille"]["data_access_group"] == "site_lille"
    assert users["coordination"]["data_access_group"] == ""
    assert users["coordination"]["expiration"] == "2028-06-30"
    roles = keyed(project.rows("userRole"), "role_label")
    assert set(roles["Site"]["forms_export"].values()) == {2}
    assert set(roles["Coordination"]["forms_export"].values()) == {3}


def test_an_example_asks_for_no_server_but_this_machine() -> None:
    for folder in FOLDERS:
        (environment,) = load(folder).environments
        assert environment.url == "http://127.0.0.1:8765/api/"
        assert environment.token_source == "env:REDCAP_API_TOKEN"
