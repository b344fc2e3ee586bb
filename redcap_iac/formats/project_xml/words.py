"""What a project file calls things that the API calls otherwise; recorded unless said."""

from __future__ import annotations

#: Column of the dictionary → `redcap:` attribute of the item, where the attribute is all of it.
ATTRIBUTES = {
    "section_header": "SectionHeader",
    "field_note": "FieldNote",
    "identifier": "Identifier",
    "branching_logic": "BranchingLogic",
    "required_field": "RequiredField",
    "custom_alignment": "CustomAlignment",
    "question_number": "QuestionNumber",  # documented
    "matrix_group_name": "MatrixGroupName",
    "matrix_ranking": "MatrixRanking",  # documented
    "field_annotation": "FieldAnnotation",
}
#: Field type → attribute that holds column F, for types without a list of codes.
COLUMN_F = {"calc": "Calculation", "slider": "SliderLabels", "text": "OntologySearch"}
#: The file's field types that the dictionary spells otherwise.
TYPES = {"select": "dropdown", "textarea": "notes"}
#: The file's validations that the dictionary spells otherwise; the later ones are old names.
VALIDATIONS = {
    "int": "integer",
    "float": "number",
    "date": "date_ymd",
    "datetime": "datetime_ymd",
    "datetime_seconds": "datetime_seconds_ymd",
}
#: ODM's data type → validation of a text field, in files without REDCap's names (inferred).
DATA_TYPES = {
    "integer": "integer",
    "float": "number",
    "date": "date_ymd",
    "datetime": "datetime_seconds_ymd",
    "partialDatetime": "datetime_ymd",
    "time": "time_hh_mm_ss",
    "partialTime": "time",
}
#: Global variable → attribute of the project.
SETTINGS = {
    "CustomRecordLabel": "custom_record_label",
    "SecondaryUniqueField": "secondary_unique_field",
    "ProjectNotes": "project_notes",
    "Purpose": "purpose",
    "PurposeOther": "purpose_other",
    "RecordAutonumberingEnabled": "record_autonumbering_enabled",
    "SchedulingEnabled": "scheduling_enabled",
    "SurveysEnabled": "surveys_enabled",
    "RandomizationEnabled": "randomization_enabled",
    "DisplayTodayNowButton": "display_today_now_button",
    # that both are one setting is inferred from what REDCap's page says about it
    "PreventBranchingEraseValues": "bypass_branching_erase_field_prompt",
}
#: Global variables without a place in the design: what a new project has in them.
BEYOND = {
    "SecondaryUniqueFieldDisplayValue": ("1",),
    "SecondaryUniqueFieldDisplayLabel": ("1",),
    "DataHistoryPopup": ("1",),
    "DataResolutionWorkflowEnabled": ("1",),
    "FieldCommentLogOptionEditDelete": ("1",),
    "HideDisabledForms": ("0", "1"),
    "ProtectedEmailModeTrigger": ("ALL",),
    "ProtectedEmailModeCustomText": ("REDCap Secure Messaging",),
    "SurveyAuthApplyAllSurveys": ("0", "1"),
    "DatamartAllowRepeatRevision": ("0", "1"),
}
#: Attribute of a role → right, where the names differ.
RIGHTS = {
    "lock_record": "lock_records",
    "lock_record_multiform": "lock_records_all_forms",
    "lock_record_customize": "lock_records_customization",
    "data_logging": "logging",
    "graphical": "stats_and_charts",
    "participants": "manage_survey_participants",
    "data_quality_design": "data_quality_create",
}
#: Groups of elements that hold the design itself.
STRUCTURES = frozenset(
    {"RepeatingInstrumentsAndEvents", "DataAccessGroupsGroup", "UserRolesGroup",
     "UserRoles2Group"}
)  # fmt: skip
#: What the groups of elements hold, in people's words.
GROUPS = {
    "SurveysGroup": "survey settings",
    "SurveysSchedulerGroup": "automated survey invitations",
    "SurveysQueueGroup": "conditions of the survey queue",
    "EconsentGroup": "e-Consent settings",
    "PdfSnapshotsGroup": "PDF snapshots",
    "AlertsGroup": "alerts",
    "ReportsGroup": "reports",
    "ReportsFoldersGroup": "report folders",
    "RecordDashboardsGroup": "record status dashboards",
    "ProjectDashboardsGroup": "project dashboards",
    "DataQualityRulesGroup": "data quality rules",
    "FormDisplayLogicConditionsGroup": "conditions of form display logic",
}
