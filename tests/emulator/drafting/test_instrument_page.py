from __future__ import annotations

import pytest

from redcap_iac.emulator import admin, draft
from redcap_iac.emulator.draft import DraftError
from tests.emulator.designing import RECORD_ID, Row, field, put, sent, stored
from tests.emulator.drafting.production import logged
from tests.emulator.served import Project


@pytest.fixture
def study(project: Project) -> Project:
    """A repeating instrument `vitals` with two instances, a status, a report and a lock."""
    sent(project, "metadata", [RECORD_ID, field("weight", "vitals")])
    sent(project, "repeatingFormsEvents", [{"form_name": "vitals", "custom_form_label": "no. 1"}])
    for instance in (1, 2):
        put(project, "1", "weight", f"{70 + instance}", form="vitals", instance=instance)
        put(project, "1", "vitals_complete", "2", form="vitals", instance=instance)
    return project


def rename(project: Project, label: str, form: str = "vitals") -> str:
    emulator = project.emulator
    return draft.rename_instrument(
        emulator.store, emulator.server, project.project_id, "jdoe", form, label
    )


def test_in_development_the_unique_name_follows_the_label(study: Project) -> None:
    assert rename(study, "Vital Signs") == "vital_signs"
    assert study.rows("instrument")[1] == {
        "instrument_name": "vital_signs",
        "instrument_label": "Vital Signs",
    }
    assert [row["form_name"] for row in study.rows("metadata")] == ["form_1", "vital_signs"]


def test_in_production_only_the_label_changes(study: Project) -> None:
    study.status("production")
    assert rename(study, "Vital Signs") == "vitals"
    assert study.rows("instrument")[1] == {
        "instrument_name": "vitals",
        "instrument_label": "Vital Signs",
    }


def test_values_statuses_and_repeats_follow(study: Project) -> None:
    before = study.rows("record")
    rename(study, "Vital Signs")
    after = study.rows("record")
    assert [row["weight"] for row in after] == [row["weight"] for row in before]
    repeats = [row["redcap_repeat_instrument"] for row in after]
    assert repeats == ["", "vital_signs", "vital_signs"]
    assert stored(study, "vital_signs_complete") == ["2", "2"]
    assert study.rows("repeatingFormsEvents") == [
        {"form_name": "vital_signs", "custom_form_label": "no. 1"}
    ]


def test_rights_follow(study: Project) -> None:
    before = study.rows("user")[0]
    rename(study, "Vital Signs")
    after = study.rows("user")[0]
    for column in ("forms", "forms_export"):
        assert after[column] == {
            "form_1": before[column]["form_1"],
            "vital_signs": before[column]["vitals"],
        }


def test_reports_and_locks_follow(study: Project) -> None:
    store, project_id = study.emulator.store, study.project_id
    report = admin.report(store, project_id, "Done", ["record_id", "vitals_complete"])
    admin.lock(store, project_id, "1", "", "vitals")
    rename(study, "Vital Signs")
    assert "vital_signs_complete" in study.rows("report", report_id=report)[0]
    rows: list[Row] = [
        {
            "record_id": "1",
            "redcap_repeat_instrument": "vital_signs",
            "redcap_repeat_instance": 1,
            "weight": "99",
        }
    ]
    assert "form that is locked" in study.post("record", data=str(rows).replace("'", '"')).text


def test_a_designation_follows(longitudinal: Project) -> None:
    rename(longitudinal, "Consent", "form_1")
    assert [row["form"] for row in longitudinal.rows("formEventMapping")] == ["consent"]


def test_renaming_is_logged(study: Project) -> None:
    rename(study, "Vital Signs")
    assert logged(study)[-1] == ("jdoe", "Manage/Design ", "Rename data collection instrument")


@pytest.mark.parametrize(
    ("label", "name"),
    [("PHQ-9 (short)", "phq_9_short"), ("6 Minute Walk", "form_6_minute_walk"), ("???", "form")],
)
def test_a_unique_name_is_made_of_what_may_stand_in_one(
    study: Project, label: str, name: str
) -> None:
    assert rename(study, label) == name


@pytest.mark.parametrize(
    ("form", "label", "told"),
    [
        ("bloods", "Bloods", "no instrument 'bloods'"),
        ("vitals", " ", "must have a name"),
        ("vitals", "Form 1", "'form_1' already"),
    ],
)
def test_what_cannot_be_a_name_is_refused(study: Project, form: str, label: str, told: str) -> None:
    with pytest.raises(DraftError, match=told):
        rename(study, label, form)


def test_nothing_is_renamed_in_analysis(study: Project) -> None:
    study.status("analysis")
    with pytest.raises(DraftError, match="analysis"):
        rename(study, "Vital Signs")
