"""The study that PyCap is tried on: longitudinal, one instrument, a survey, a group, a role.

Its shape is that of the project PyCap's own documentation shows answers of, so that what PyCap
documents real servers to return can be expected here value for value.
"""

from __future__ import annotations

from redcap_iac.emulator.server import Emulator
from tests.emulator.odm import building
from tests.emulator.odm.creating import created
from tests.emulator.served import Project

_FIELDS = ("record_id", "field_1", "checkbox_field___1", "checkbox_field___2", "upload_field")
_ROLE = (
    '<redcap:UserRolesGroup><redcap:UserRoles role_name="Test role"'
    ' unique_role_name="U-123ACDEFHJ" data_export_instruments="[form_1,0]" data_entry="[form_1,2]"'
    ' design="0" user_rights="0"/></redcap:UserRolesGroup>'
)
_VARIABLES = (
    "<redcap:RecordAutonumberingEnabled>1</redcap:RecordAutonumberingEnabled>"
    "<redcap:SurveysEnabled>1</redcap:SurveysEnabled>"
    "<redcap:RepeatingInstrumentsAndEvents>"
    '<redcap:RepeatingEvent redcap:UniqueEventName="event_1_arm_1"/>'
    "</redcap:RepeatingInstrumentsAndEvents>"
    '<redcap:DataAccessGroupsGroup><redcap:DataAccessGroups group_name="Test DAG"/>'
    "</redcap:DataAccessGroupsGroup>"
    '<redcap:SurveysGroup><redcap:Surveys form_name="form_1" title="Form 1"/>'
    f"</redcap:SurveysGroup>{_ROLE}"
)


def _box(code: str) -> str:
    """Return the item of one choice of the checkbox field."""
    oid = f"checkbox_field___{code}"
    reference = f'<CodeListRef CodeListOID="{oid}.choices"/>'
    return (
        f'<ItemDef OID="{oid}" Name="{oid}" DataType="boolean" Length="1"'
        ' redcap:Variable="checkbox_field" redcap:FieldType="checkbox">'
        f"<Question><TranslatedText>checkbox_field</TranslatedText></Question>{reference}</ItemDef>"
    )


def _design() -> str:
    visits = building.event("Event 1", "form_1") + building.event("Event 2", day="2")
    items = building.RECORD_ID + building.item("field_1", 'redcap:FieldType="yesno"')
    items += _box("1") + _box("2") + building.item("upload_field", 'redcap:FieldType="file"')
    boxes = "1, Choice 1 | 2, Choice 2"
    lists = "".join(
        building.codes(
            f"checkbox_field___{code}", ("1", "Checked"), ("0", "Unchecked"), boxes=boxes
        )
        for code in ("1", "2")
    )
    return visits + building.form("form_1", *_FIELDS, label="Form 1") + items + lists


def _data() -> str:
    first = building.form_data(
        "form_1", record_id="1", field_1="1", checkbox_field___2="1", form_1_complete="2"
    )
    second = building.form_data("form_1", record_id="2", field_1="0", form_1_complete="0")
    return building.subject("1", building.visit("event_1_arm_1", first)) + building.subject(
        "2", building.visit("event_1_arm_1", second)
    )


def created_study(emulator: Emulator) -> Project:
    """Create the study from a project file with the super token, as PyCap's own tests do."""
    document = building.document(_design(), _VARIABLES, _data())
    return created(emulator, document, project_title="Test project")
