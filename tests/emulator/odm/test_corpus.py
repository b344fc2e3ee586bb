"""Every project file of ../shared/corpus: created with `odm`, compared, exported, created again.

What the files say is read by `reading`, not by the emulator. What REDCap itself does not keep in a
file, and so nothing here can: line breaks in attributes, the SQL of sql fields, choices of text
fields, limits of sliders that hide their number, arms without events, unique names of DAGs, users
and who has which role or group, values of calculated fields when read, time stamps of surveys.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from redcap_iac.emulator.server import Emulator
from tests.emulator.odm.published import every_file, made, marks
from tests.emulator.odm.reading import FILES, read, setting, variables

pytestmark = marks

#: Form rights of files in the coding of 15.6 and later (access rights, documented).
BITS = {0: 128, 2: 129, 1: 130, 3: 138}
ROLE_COLUMNS = {
    "lock_record": "lock_records",
    "lock_record_multiform": "lock_records_all_forms",
    "lock_record_customize": "lock_records_customization",
    "data_logging": "logging",
    "graphical": "stats_and_charts",
    "participants": "manage_survey_participants",
    "data_quality_design": "data_quality_create",
    **{
        name: name
        for name in (
            "data_import_tool", "data_comparison_tool", "email_logging", "file_repository",
            "user_rights", "data_access_groups", "reports", "design", "alerts", "calendar",
            "api_export", "api_import", "api_modules", "mobile_app", "mobile_app_download_data",
            "record_create", "record_rename", "record_delete", "data_quality_execute",
        )
    },
}  # fmt: skip
SETTINGS = {
    "CustomRecordLabel": "custom_record_label",
    "SecondaryUniqueField": "secondary_unique_field",
    "ProjectNotes": "project_notes",
    "RecordAutonumberingEnabled": "record_autonumbering_enabled",
    "SchedulingEnabled": "scheduling_enabled",
    "SurveysEnabled": "surveys_enabled",
    "DisplayTodayNowButton": "display_today_now_button",
    "RandomizationEnabled": "randomization_enabled",
}


def test_the_corpus_has_all_its_project_files() -> None:
    assert len(FILES) == 31


@every_file
def test_fields_are_those_of_the_file(emulator: Emulator, path: Path) -> None:
    assert made(emulator, path).rows("metadata") == [
        {column: cells[column] for column in cells} for cells in read(path).fields
    ]


@every_file
def test_instruments_keep_label_and_order(emulator: Emulator, path: Path) -> None:
    rows = made(emulator, path).rows("instrument")

    found = [(row["instrument_name"], row["instrument_label"]) for row in rows]
    assert found == read(path).forms


@every_file
def test_events_and_arms_are_those_of_the_file(emulator: Emulator, path: Path) -> None:
    file, project = read(path), made(emulator, path)
    if not file.events:
        assert project.rows("project")["is_longitudinal"] == 0
        return

    wanted = [
        (told["EventName"], told["ArmNum"], told["UniqueEventName"], told["CustomEventLabel"])
        for told in file.events
    ]
    columns = ("event_name", "arm_num", "unique_event_name", "custom_event_label")
    rows = [tuple(str(row[name]) for name in columns) for row in project.rows("event")]
    assert rows == wanted
    arms = {(row["arm_num"], row["name"]) for row in project.rows("arm")}
    assert arms == {(int(told["ArmNum"]), told["ArmName"]) for told in file.events}


@every_file
def test_offsets_are_those_of_the_file(emulator: Emulator, path: Path) -> None:
    file, project = read(path), made(emulator, path)
    wanted = Counter(
        tuple(float(told[name]) for name in ("DayOffset", "OffsetMin", "OffsetMax"))
        for told in file.events
    )
    with emulator.store.transaction() as db:
        rows = db.execute(
            "SELECT day_offset, offset_min, offset_max FROM events WHERE project_id = ?",
            (project.project_id,),
        ).fetchall()

    assert Counter(map(tuple, rows)) == (wanted or Counter([(1.0, 0.0, 0.0)]))


@every_file
def test_designations_are_those_of_the_file(emulator: Emulator, path: Path) -> None:
    file, project = read(path), made(emulator, path)
    if not file.events:
        assert project.post("formEventMapping").status_code == 400
        return

    rows = project.rows("formEventMapping")
    assert [(row["unique_event_name"], row["form"]) for row in rows] == file.designations


@every_file
def test_the_repeating_setup_is_that_of_the_file(emulator: Emulator, path: Path) -> None:
    file, project = read(path), made(emulator, path)
    if not file.repeats:
        assert project.rows("project")["has_repeating_instruments_or_events"] == 0
        return

    rows = project.rows("repeatingFormsEvents")
    found = {
        (row.get("event_name", "event_1_arm_1"), row["form_name"], row["custom_form_label"])
        for row in rows
    }
    assert found == set(file.repeats)
    assert len(rows) == len(file.repeats)


@every_file
def test_settings_are_those_of_the_file(emulator: Emulator, path: Path) -> None:
    file, project = read(path), made(emulator, path)
    wanted = {key: setting(file, name) for name, key in SETTINGS.items()}
    wanted = {key: value for key, value in wanted.items() if value is not None}

    found = project.rows("project")
    assert {key: str(found[key]) for key in wanted} == wanted
    codes = " | ".join((setting(file, "MissingDataCodes") or "").splitlines())
    assert found["missing_data_codes"] == codes


@every_file
def test_dags_keep_their_names_in_order(emulator: Emulator, path: Path) -> None:
    wanted = [group.attrib["group_name"] for group in variables(read(path), "DataAccessGroups")]

    rows = made(emulator, path).rows("dag")

    assert [row["data_access_group_name"] for row in rows] == wanted


@every_file
def test_roles_keep_their_rights(emulator: Emulator, path: Path) -> None:
    file, project = read(path), made(emulator, path)
    forms = [name for name, _ in file.forms]

    found = {(row["role_label"], row["unique_role_name"]): row for row in project.rows("userRole")}

    wanted = {
        (role.attrib["role_name"], role.attrib["unique_role_name"]): role
        for role in variables(file, "UserRoles")
    }
    assert found.keys() == wanted.keys()
    for key, role in wanted.items():
        row = found[key]
        rights = {column: role.get(name, "0") for name, column in ROLE_COLUMNS.items()}
        assert {column: row[column] for column in rights} == rights
        entry = levels(role.attrib["data_entry"])
        assert row["forms"] == {form: BITS[entry.get(form, 0)] for form in forms}
        assert row["forms_export"] == exports_of(role.attrib, forms)


def levels(text: str) -> dict[str, int]:
    pairs = (part.split(",") for part in text.strip("[]").split("][") if part)
    return {form: int(level) for form, level in pairs}


def exports_of(role: dict[str, str], forms: list[str]) -> dict[str, int]:
    if "data_export_instruments" not in role:
        return dict.fromkeys(forms, int(role["data_export_tool"]))
    named = levels(role["data_export_instruments"])
    return {form: named.get(form, 0) for form in forms}
