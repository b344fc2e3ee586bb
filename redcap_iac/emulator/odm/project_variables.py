"""GlobalVariables: the attributes of a project, and the parts carried without being understood."""

from __future__ import annotations

import json
import sqlite3
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping

from redcap_iac.emulator import design, page_only
from redcap_iac.emulator.odm.document import refused
from redcap_iac.emulator.odm.text import element_text, escaped
from redcap_iac.emulator.odm.vocabulary import local_name, redcap

#: Elements that hold one attribute of the project; title and purpose come with Create Project.
_TEXTS = {
    "CustomRecordLabel": "custom_record_label",
    "SecondaryUniqueField": "secondary_unique_field",
    "ProjectNotes": "project_notes",
}
_FLAGS = {
    "RecordAutonumberingEnabled": "record_autonumbering_enabled",
    "SchedulingEnabled": "scheduling_enabled",
    "SurveysEnabled": "surveys_enabled",
    "RandomizationEnabled": "randomization_enabled",
    "DisplayTodayNowButton": "display_today_now_button",
    # that both are one setting is inferred from what REDCap's page says about it
    "PreventBranchingEraseValues": "bypass_branching_erase_field_prompt",
    "DataResolutionWorkflowEnabled": "data_resolution_enabled",
    "MyCapEnabled": "mycap_enabled",
}
#: The field comment log, which new projects have (recorded).
_UNSET = {"DataResolutionWorkflowEnabled": 1}
_PURPOSE = {"Purpose": "purpose", "PurposeOther": "purpose_other"}
MISSING_DATA_CODES = "MissingDataCodes"
#: Elements written from the tables of the store.
STRUCTURES = (
    "RepeatingInstrumentsAndEvents",
    "DataAccessGroupsGroup",
    "UserRolesGroup",
    "UserRoles2Group",
)
_OWN = frozenset(
    (
        "StudyName", "StudyDescription", "ProtocolName", MISSING_DATA_CODES, *_TEXTS, *_FLAGS,
        *_PURPOSE, *STRUCTURES,
    )
)  # fmt: skip

#: Every element in the order of the recorded files; elements never seen come last.
_ORDER: tuple[str, ...] = (
    "RecordAutonumberingEnabled", "CustomRecordLabel", "SecondaryUniqueField",
    "SecondaryUniqueFieldDisplayValue", "SecondaryUniqueFieldDisplayLabel", "SchedulingEnabled",
    "SurveysEnabled", "SurveyInvitationEmailField", "SurveyParticipantIdentifiers",
    "RandomizationEnabled", "DisplayTodayNowButton", "PreventBranchingEraseValues",
    "RequireChangeReason", "DataHistoryPopup", "OrderRecordsByField", "taskCompleteStatus",
    "DataResolutionWorkflowEnabled", "FieldCommentLogOptionEditDelete",
    "DataResolutionWorkflowHideClosedQueries", "MyCapEnabled", "Purpose", "PurposeOther",
    "ProjectNotes", "HideFilledForms", "HideDisabledForms", "SurveyQueueCustomText",
    "SurveyQueueHide", "FormActivationSurveyAutocontinue", "DataMartProjectEnabled",
    "DatamartAllowRepeatRevision", "DatamartAllowCreateRevision", "DatamartCronEnabled",
    "SurveyAuthEnabled", "SurveyAuthField1", "SurveyAuthEvent1", "SurveyAuthField2",
    "SurveyAuthEvent2", "SurveyAuthField3", "SurveyAuthEvent3", "SurveyAuthMinFields",
    "SurveyAuthApplyAllSurveys", "SurveyAuthCustomMessage", "SurveyAuthFailLimit",
    "SurveyAuthFailWindow", "MissingDataCodes", "ProtectedEmailMode",
    "ProtectedEmailModeCustomText", "ProtectedEmailModeTrigger", "ProtectedEmailModeLogo",
    "RepeatingInstrumentsAndEvents", "DataQualityRulesGroup", "DataAccessGroupsGroup",
    "SurveysGroup", "SurveysSchedulerGroup", "EconsentGroup", "SurveysQueueGroup",
    "PdfSnapshotsGroup", "UserRolesGroup", "UserRoles2Group", "FormDisplayLogicConditionsGroup",
    "ReportsGroup", "ReportsFoldersGroup", "RecordDashboardsGroup", "AlertsGroup",
    "ProjectDashboardsGroup",
)  # fmt: skip
#: Settings without a model, as a new project has them (recorded, files of 14.7 to 15.5).
_DEFAULTS = {
    "SecondaryUniqueFieldDisplayValue": "1",
    "SecondaryUniqueFieldDisplayLabel": "1",
    "SurveyInvitationEmailField": "",
    "RequireChangeReason": "0",
    "DataHistoryPopup": "1",
    "OrderRecordsByField": "",
    "taskCompleteStatus": "0",
    "ProtectedEmailMode": "0",
    "ProtectedEmailModeCustomText": "",
    "ProtectedEmailModeTrigger": "ALL",
    "ProtectedEmailModeLogo": "",
}
#: Where `projects.extras` keeps what only project files carry.
EXTRAS_KEY = "project_xml"


def take(
    db: sqlite3.Connection, project_id: int, variables: ET.Element, longitudinal: bool
) -> None:
    """Store the attributes a file gives, over those of Create Project.

    That a file's attributes win over those sent along, but for title and purpose, is documented
    by one client only. There is no element for longitudinal: events say it (recorded).
    """
    changed: dict[str, str | int] = {"is_longitudinal": int(longitudinal)}
    kept: list[list[str]] = []
    for element in variables:
        name = local_name(element)
        text = element.text or ""
        if name in _FLAGS:
            changed[_FLAGS[name]] = _number(name, text)
        elif name in _TEXTS:
            changed[_TEXTS[name]] = text
        elif name == MISSING_DATA_CODES:
            lines = (line.strip() for line in text.splitlines())
            changed["missing_data_codes"] = " | ".join(line for line in lines if line)
        elif name not in _OWN and element.tag == redcap(name):
            kept.append([name, _kept(element)])
    settings = {**design.settings(db, project_id), **changed}
    db.execute(
        "UPDATE projects SET settings = ? WHERE project_id = ?",
        (json.dumps(settings, ensure_ascii=False), project_id),
    )
    remember(db, project_id, "variables", kept)


def _kept(element: ET.Element) -> str:
    try:
        return element_text(element)
    except RecursionError:
        raise refused(f"{local_name(element)} is nested too deeply") from None


def _number(name: str, text: str) -> int:
    try:
        return int(text or 0)
    except ValueError:
        raise refused(f"{name} is not a number") from None


def remember(db: sqlite3.Connection, project_id: int, key: str, value: object) -> None:
    """Keep a part of a project file in the extras of the project."""
    row = db.execute("SELECT extras FROM projects WHERE project_id = ?", (project_id,)).fetchone()
    extras = json.loads(row["extras"])
    extras.setdefault(EXTRAS_KEY, {})[key] = value
    db.execute(
        "UPDATE projects SET extras = ? WHERE project_id = ?",
        (json.dumps(extras, ensure_ascii=False), project_id),
    )


def remembered(db: sqlite3.Connection, project_id: int, key: str) -> object:
    """Return a part of a project file kept in the extras, None when there is none."""
    row = db.execute("SELECT extras FROM projects WHERE project_id = ?", (project_id,)).fetchone()
    found: object = json.loads(row["extras"]).get(EXTRAS_KEY, {}).get(key)
    return found


def written(
    db: sqlite3.Connection, project_id: int, structures: Mapping[str, str]
) -> Iterator[str]:
    """Yield the elements after ProtocolName in recorded order.

    `structures` are the texts of STRUCTURES, blank ones are left out.
    """
    texts = {name: f"<redcap:{name}>{value}</redcap:{name}>" for name, value in _DEFAULTS.items()}
    texts.update(_scalars(design.settings(db, project_id)))
    kept = remembered(db, project_id, "variables")
    if isinstance(kept, list):
        texts.update(dict(kept))
    texts = page_only.joined(db, project_id, texts)
    texts.update(structures)
    places = {name: place for place, name in enumerate(_ORDER)}
    for name in sorted(texts, key=lambda name: places.get(name, len(places))):
        if texts[name]:
            yield texts[name]


def _scalars(settings: Mapping[str, object]) -> dict[str, str]:
    names = {**_TEXTS, **_FLAGS, **_PURPOSE}
    values = {
        name: str(settings.get(key, _UNSET.get(name, 0 if name in _FLAGS else "")))
        for name, key in names.items()
    }
    codes = str(settings.get("missing_data_codes", ""))
    values[MISSING_DATA_CODES] = "\n".join(part.strip() for part in codes.split("|"))
    return {
        name: f"<redcap:{name}>{escaped(value)}</redcap:{name}>" for name, value in values.items()
    }
