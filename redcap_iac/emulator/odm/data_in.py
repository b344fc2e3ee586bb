"""ClinicalData read as records, values and files."""

from __future__ import annotations

import base64
import binascii
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from redcap_iac.emulator.odm.document import form_name, refused
from redcap_iac.emulator.odm.events_in import Timeline
from redcap_iac.emulator.odm.instruments_in import Instruments
from redcap_iac.emulator.odm.vocabulary import DAG_ITEM, odm, redcap
from redcap_iac.emulator.request import Context
from redcap_iac.emulator.resources.records.store import Stored, ensure_record, write

#: The most digits of an instance number.
_DIGITS = 9
#: Types that take no value from a file: calculations are not filled (recorded).
_NOT_FILLED = frozenset(("calc", "descriptive", "file"))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the values of one FormData belong."""

    record: str
    event_id: int
    repeat_form: str
    instance: int

    def stored(self, name: str, value: str) -> Stored:
        """Return one value as the store takes it."""
        return self.event_id, self.record, self.repeat_form, self.instance, name, value


@dataclass(frozen=True, slots=True)
class Importer:
    """Stores the records of a file in a new project.

    `identifier` is the record id field; `dags` are ids by unique name.
    """

    context: Context
    project_id: int
    instruments: Instruments
    timeline: Timeline
    dags: Mapping[str, int]
    identifier: str
    values: list[Stored] = field(default_factory=list)

    def take(self, root: ET.Element) -> None:
        """Store every subject; raises ApiFault 400 for an unknown event, item or bad file."""
        for subject in root.iterfind(f"{odm('ClinicalData')}/{odm('SubjectData')}"):
            self._subject(subject)
        write(self.context.db, self.project_id, self.values)

    def _subject(self, subject: ET.Element) -> None:
        record = subject.get("SubjectKey", "")
        dag_id = self._dag_of(subject)
        events = set()
        for place, form in self._forms(record, subject):
            events.add(place.event_id)
            own = place.instance if not place.repeat_form else 1
            here = _Place(record, place.event_id, "", own)
            self.values.append(here.stored(self.identifier, record))
            self._form(place, form)
        if not events:
            self.values.append(
                _Place(record, self.timeline.first, "", 1).stored(self.identifier, record)
            )
        for arm in {self.timeline.arm_of[event] for event in events or {self.timeline.first}}:
            ensure_record(self.context.db, self.project_id, record, arm, dag_id)

    def _dag_of(self, subject: ET.Element) -> int | None:
        """Return the DAG of a record; one that the project lacks is passed over (inferred)."""
        for item in subject.iter(odm("ItemData")):
            if item.get("ItemOID") == DAG_ITEM and item.get("Value") in self.dags:
                return self.dags[item.get("Value", "")]
        return None

    def _forms(self, record: str, subject: ET.Element) -> Iterator[tuple[_Place, ET.Element]]:
        """Yield every FormData; those of a classic project stand right below the subject."""
        for form in subject.iterfind(odm("FormData")):
            yield self._place(record, self.timeline.first, "1", form), form
        for visit in subject.iterfind(odm("StudyEventData")):
            event_id = self._event(visit)
            for form in visit.iterfind(odm("FormData")):
                key = visit.get("StudyEventRepeatKey", "1")
                yield self._place(record, event_id, key, form), form

    def _event(self, visit: ET.Element) -> int:
        oid = visit.get("StudyEventOID", "")
        found = self.timeline.by_name.get(visit.get(redcap("UniqueEventName"), ""))
        found = self.timeline.by_oid.get(oid) if found is None else found
        if found is None:
            raise refused(f"its data name the event {oid!r}, which is not defined")
        return found

    def _place(self, record: str, event_id: int, event_key: str, form: ET.Element) -> _Place:
        name = form_name(form)
        repeats = (event_id, name) in self.timeline.repeating
        whole = (event_id, "") in self.timeline.repeating
        key = form.get("FormRepeatKey", "1") if repeats else event_key if whole else "1"
        if not key.isdecimal() or len(key) > _DIGITS or int(key) < 1:
            raise refused(f"its data have the repeat key {key!r}, which is no instance number")
        return _Place(record, event_id, name if repeats else "", int(key))

    def _form(self, place: _Place, form: ET.Element) -> None:
        for element in form.iter():
            if element.tag == odm("ItemData"):
                self._value(place, element.get("ItemOID", ""), element.get("Value", ""))
            elif element.tag == odm("ItemDataBase64Binary"):
                self._file(place, element)

    def _value(self, place: _Place, oid: str, value: str) -> None:
        """Keep one value; items that describe no field (time stamps, DAG) are passed over."""
        item = self.instruments.items.get(oid)
        if item is None or value == "" or item.variable == self.identifier:
            return
        known = self.instruments.fields.get(item.variable)
        kind = known.row["field_type"] if known else ""
        if kind in _NOT_FILLED:
            return
        if kind != "checkbox":
            self.values.append(place.stored(item.variable, value))
        elif value == "1" and item.code:
            self.values.append(place.stored(item.variable, item.code))

    def _file(self, place: _Place, element: ET.Element) -> None:
        item = self.instruments.items.get(element.get("ItemOID", ""))
        if item is None:
            return
        doc_id = store_file(
            self.context,
            self.project_id,
            element.get(redcap("DocName"), ""),
            element.get(redcap("MimeType"), ""),
            element.text or "",
        )
        self.values.append(place.stored(item.variable, str(doc_id)))


def store_file(context: Context, project_id: int, name: str, mime_type: str, content: str) -> int:
    """Store a file given in base64 and return its id; raises ApiFault 400 for another coding."""
    try:
        decoded = base64.b64decode("".join(content.split()), validate=True)
    except binascii.Error:
        raise refused(f"the file {name!r} is not in base64") from None
    cursor = context.db.execute(
        "INSERT INTO files (project_id, name, mime_type, content, uploaded, username)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (
            project_id,
            name,
            mime_type,
            decoded,
            context.server.clock().strftime("%Y-%m-%d %H:%M:%S"),
            context.caller.username,
        ),
    )
    return int(cursor.lastrowid or 0)
