"""Survey methods: links, return and access codes, the participant list.

No API method makes an instrument a survey; a project file (ODM) may. A project without surveys gets
a refusal, and one with surveys small but true answers: codes that stay the same, and one
participant per record, since nobody is ever invited. Right: API Export.

Recorded: `The record "-1" does not exist` for an unknown record. The words of the other refusals
are inferred.
"""

from __future__ import annotations

import hashlib
import json
import re

from redcap_iac.emulator import design
from redcap_iac.emulator.design import Event
from redcap_iac.emulator.errors import ApiFault
from redcap_iac.emulator.registry import API_EXPORT, method
from redcap_iac.emulator.request import Context, instance_number
from redcap_iac.emulator.wire import Answer, Rows, Text

_REMARK = "refused without surveys, which only a project file brings"

_FORM_NAME = re.compile(r"""\bform_name=["']([a-z0-9_]+)["']""")
_CODE_LETTERS = "ACDEFHJKLMNPRTWXY34789"

_PARTICIPANT_COLUMNS = (
    "email",
    "email_occurrence",
    "identifier",
    "record",
    "invitation_sent_status",
    "invitation_send_time",
    "response_status",
    "survey_access_code",
    "survey_link",
    "survey_queue_link",
)


@method(
    "surveyLink", "export", "Export a Survey Link for a Participant", API_EXPORT, remark=_REMARK
)
def export_survey_link(context: Context) -> Answer:
    """Answer the URL of the survey of a record, as bare text."""
    return Text(_link("s", _code(context, *_participant(context), length=16)))


@method(
    "surveyQueueLink",
    "export",
    "Export a Survey Queue Link for a Participant",
    API_EXPORT,
    remark=_REMARK,
)
def export_survey_queue_link(context: Context) -> Answer:
    """Answer the URL of the survey queue of a record, as bare text."""
    record = _record(context)
    if not survey_instruments(context):
        raise _no_surveys()
    return Text(_link("sq", _code(context, record, "queue", length=32)))


@method(
    "surveyReturnCode",
    "export",
    "Export a Survey Return Code for a Participant",
    API_EXPORT,
    remark=_REMARK,
)
def export_survey_return_code(context: Context) -> Answer:
    """Answer the code that opens a survey begun before, as bare text."""
    return Text(_code(context, "return", *_participant(context), length=8))


@method(
    "surveyAccessCode",
    "export",
    "Export a Survey Access Code for a Participant",
    API_EXPORT,
    remark=_REMARK,
)
def export_survey_access_code(context: Context) -> Answer:
    """Answer the code that opens a survey from the start page, as bare text."""
    return Text(_code(context, "access", *_participant(context), length=9))


@method("participantList", "export", "Export a Survey Participant List", API_EXPORT, remark=_REMARK)
def export_participant_list(context: Context) -> Answer:
    """Answer one row per record in the event's arm, never invited, not yet answered."""
    instrument = _survey(context)
    event = _event(context)
    names = context.db.execute(
        "SELECT record FROM records WHERE project_id = ? AND arm_num = ?"
        " AND (? IS NULL OR dag_id = ?) ORDER BY record",
        (context.project_id, event.arm, context.caller.dag_id, context.caller.dag_id),
    )
    rows = [_participant_row(context, row["record"], instrument, event) for row in names]
    return Rows(_PARTICIPANT_COLUMNS, rows)


def _participant_row(
    context: Context, record: str, instrument: str, event: Event
) -> dict[str, str | int]:
    place = (record, instrument, event.unique_name, "1")
    return {
        "email": "",
        "email_occurrence": 1,
        "identifier": "",
        "record": record,
        "invitation_sent_status": 0,
        "invitation_send_time": "",
        "response_status": 0,
        "survey_access_code": _code(context, "access", *place, length=9),
        "survey_link": _link("s", _code(context, *place, length=16)),
        "survey_queue_link": _link("sq", _code(context, record, "queue", length=32)),
    }


def survey_instruments(context: Context) -> frozenset[str]:
    """Return the instruments that are surveys: those of a project file, while surveys are on."""
    if not int(design.settings(context.db, context.project_id).get("surveys_enabled", 0)):
        return frozenset()
    row = context.db.execute(
        "SELECT extras FROM projects WHERE project_id = ?", (context.project_id,)
    ).fetchone()
    kept = json.loads(row["extras"]).get("project_xml", {}).get("variables", [])
    named = {form for name, text in kept if name == "SurveysGroup" for form in _form_names(text)}
    there = {form for form, _ in design.forms(context.db, context.project_id)}
    return frozenset(named & there)


def _form_names(group: str) -> list[str]:
    return _FORM_NAME.findall(group)


def _participant(context: Context) -> tuple[str, str, str, str]:
    """Return record, instrument, event and instance of the request, each checked."""
    record = _record(context)
    instrument = _survey(context)
    instance = context.request.text("repeat_instance") or "1"
    if instance_number(instance) is None:
        raise ApiFault('The value of the parameter "repeat_instance" is not valid')
    return record, instrument, _event(context).unique_name, instance


def _record(context: Context) -> str:
    record = context.request.text("record")
    row = context.db.execute(
        "SELECT 1 FROM records WHERE project_id = ? AND record = ? AND (? IS NULL OR dag_id = ?)",
        (context.project_id, record, context.caller.dag_id, context.caller.dag_id),
    ).fetchone()
    if row is None:
        raise ApiFault(f'The record "{record}" does not exist')
    return record


def _survey(context: Context) -> str:
    instrument = context.request.text("instrument")
    surveys = survey_instruments(context)
    if not surveys:
        raise _no_surveys()
    if instrument not in surveys:
        raise ApiFault(f'The instrument "{instrument}" is not enabled as a survey in the project')
    return instrument


def _no_surveys() -> ApiFault:
    return ApiFault("Surveys are not enabled in the project")


def _event(context: Context) -> Event:
    """Return the event asked for; a classic project's own where none is needed."""
    if not design.is_longitudinal(context):
        return design.first_event(context.db, context.project_id)
    name = context.request.text("event")
    for event in design.events(context.db, context.project_id):
        if event.unique_name == name:
            return event
    raise ApiFault('The value of the parameter "event" is not valid')


def _code(context: Context, *place: str, length: int) -> str:
    """Make a code that is the same at every call; it opens nothing, so it need not be secret."""
    seed = "\x1f".join((str(context.project_id), *place)).encode()
    digest = hashlib.sha256(seed).digest()
    return "".join(_CODE_LETTERS[byte % len(_CODE_LETTERS)] for byte in digest[:length])


def _link(parameter: str, code: str) -> str:
    """Return a link; the address is reserved for examples, there is no survey page behind it."""
    return f"https://redcap.example.org/surveys/?{parameter}={code}"
