"""Delete Records: whole records, or what they hold in an arm, an event, a form, an instance.

Rights: API Import/Update and Delete Record. The answer is the number of records named, bare in
every format (recorded).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from redcap_iac.emulator import design, log
from redcap_iac.emulator.errors import ApiFault
from redcap_iac.emulator.registry import API_IMPORT, method
from redcap_iac.emulator.request import Context, instance_number
from redcap_iac.emulator.resources.records import shape, store
from redcap_iac.emulator.resources.records.selection import everything
from redcap_iac.emulator.resources.records.shape import Shape
from redcap_iac.emulator.wire import Answer, Count


@method("record", "delete", "Delete Records", API_IMPORT, "record_delete")
def delete_records(context: Context) -> Answer:
    """Delete records or parts of them.

    In a longitudinal project an instrument without its event deletes the whole record (recorded).
    """
    project = shape.load(context)
    records = tuple(dict.fromkeys(context.request.array("records")))
    if not records:
        raise ApiFault('The parameter "records" is missing or empty')
    arm = _arm(context, project)
    _refuse_absent(context, records, arm)
    events = _events(context, project, arm)
    instrument = _instrument(context, project)
    instance = _instance(context)
    whole_event = context.request.text("event") != ""
    if instrument and not (project.longitudinal and not whole_event):
        _delete_instrument(context, project, records, events, instrument, instance or 1)
    elif whole_event and project.longitudinal:
        _delete_event(context, records, events, instance)
    else:
        _delete_event(context, records, events, None)
    store.drop_records_without_data(context.db, context.project_id)
    store.drop_documents(context.db, context.project_id)
    for record in records:
        log.write(context, f"Delete record (API) {record}", "", logtype="record_delete",
                  record=record)  # fmt: skip
    return Count(len(records))


def _arm(context: Context, project: Shape) -> int | None:
    text = context.request.text("arm")
    if not text:
        return None
    if text not in {str(event.arm) for event in project.events}:
        raise _invalid("arm")
    return int(text)


def _refuse_absent(context: Context, records: Sequence[str], arm: int | None) -> None:
    """Refuse all when one is not there (recorded text); other DAGs' records are not there."""
    known = store.dags_of(context.db, context.project_id)
    absent = [name for name in records if not _is_visible(context, known.get(name, {}), arm)]
    if absent:
        raise ApiFault(
            "One or more of the records provided cannot be deleted because they do not exist in the"
            f" project. The following records do not exist: {', '.join(absent)}"
        )


def _is_visible(context: Context, arms: Mapping[int, int | None], arm: int | None) -> bool:
    own = context.caller.dag_id
    return any(
        (arm is None or number == arm) and (own is None or dag_id == own)
        for number, dag_id in arms.items()
    )


def _events(context: Context, project: Shape, arm: int | None) -> list[int]:
    name = context.request.text("event")
    if name and project.longitudinal:
        event = project.event(name)
        if event is None:
            raise _invalid("event")
        return [event.event_id]
    # a project that reads as classic may hide events, whose data go with the record all the same
    everywhere = design.events(context.db, context.project_id)
    return [event.event_id for event in everywhere if arm in (None, event.arm)]


def _instrument(context: Context, project: Shape) -> str:
    name = context.request.text("instrument")
    if name and name not in dict(project.forms):
        raise _invalid("instrument")
    return name


def _instance(context: Context) -> int | None:
    text = context.request.text("repeat_instance")
    if not text:
        return None
    number = instance_number(text)
    if number is None:
        raise _invalid("repeat_instance")
    return number


def _invalid(parameter: str) -> ApiFault:
    """Return a refusal in the pattern of the recorded one for `content` (inferred)."""
    return ApiFault(f'The value of the parameter "{parameter}" is not valid')


def _delete_instrument(
    context: Context,
    project: Shape,
    records: Sequence[str],
    events: Sequence[int],
    instrument: str,
    instance: int,
) -> None:
    """Delete the values of an instrument, in one instance; the record id stays."""
    names = [
        one.name
        for one in everything(project)
        if one.form == instrument and one.name != project.id_field
    ]
    places = (
        (event_id, record, instance, name)
        for event_id in events
        for record in records
        for name in names
    )
    store.erase(context.db, context.project_id, places)


def _delete_event(
    context: Context, records: Sequence[str], events: Sequence[int], instance: int | None
) -> None:
    context.db.executemany(
        "DELETE FROM data WHERE project_id = ? AND record = ? AND event_id = ?"
        " AND (? IS NULL OR instance = ?)",
        (
            (context.project_id, record, event_id, instance, instance)
            for record in records
            for event_id in events
        ),
    )
