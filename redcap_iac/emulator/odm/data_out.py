"""Records written as ClinicalData."""

from __future__ import annotations

import base64
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from redcap_iac.emulator import design
from redcap_iac.emulator.odm.groups import Form, Group, Row, item_oids
from redcap_iac.emulator.odm.text import attributes
from redcap_iac.emulator.odm.vocabulary import DAG_ITEM
from redcap_iac.emulator.request import Context
from redcap_iac.emulator.resources.records import contents, filtering, selection, shape
from redcap_iac.emulator.resources.records.contents import Record, Values
from redcap_iac.emulator.resources.records.shape import RowKey, Shape

_CODED = ("checkbox",)
_FILES = ("file",)


@dataclass(frozen=True, slots=True)
class Exporter:
    """Writes the records that a request asks for and its caller may see.

    `shown` are the names of the fields and form statuses; `dags` unique names by id, empty when
    they are not asked for; `with_files` adds the contents of files.
    """

    context: Context
    shape: Shape
    forms: Sequence[Form]
    shown: frozenset[str]
    dags: Mapping[int, str]
    with_files: bool

    def subjects(self) -> Iterator[str]:
        """Yield a SubjectData for every record with a row that the filters let through."""
        keeps = filtering.logic_filter(self.context, self.shape)
        events = filtering.asked_events(self.context, self.shape)
        asked = self.context.request.array("records")
        for record in contents.read(self.context, self.shape, asked or None):
            keys = [key for key in record.rows if key[0] in events and keeps(record, key)]
            if keys:
                yield self._subject(record, keys)

    def _subject(self, record: Record, keys: Sequence[RowKey]) -> str:
        pairs = [("SubjectKey", record.name), ("redcap:RecordIdField", self.shape.id_field)]
        inside = "".join(
            self._visit(record, visit, list(rows))
            for visit, rows in groupby(keys, key=self._visit_of)
        )
        return f"\t<SubjectData{attributes(pairs)}>\n{inside}\t</SubjectData>\n"

    def _visit_of(self, key: RowKey) -> tuple[int, int]:
        """Return the event and its instance; that of an instrument counts within the event."""
        event_id, repeat_form, instance = key
        return event_id, 1 if repeat_form else instance

    def _visit(self, record: Record, visit: tuple[int, int], keys: Sequence[RowKey]) -> str:
        inside = "".join(self._rows(record, key) for key in keys)
        if not self.shape.longitudinal or not inside:
            return inside
        event = next(event for event in self.shape.events if event.event_id == visit[0])
        pairs = [
            ("StudyEventOID", f"Event.{event.unique_name}"),
            ("StudyEventRepeatKey", str(visit[1])),
            ("redcap:UniqueEventName", event.unique_name),
        ]
        return f"\t\t<StudyEventData{attributes(pairs)}>\n{inside}\t\t</StudyEventData>\n"

    def _rows(self, record: Record, key: RowKey) -> str:
        """Return the forms of one row that hold a value."""
        values = record.rows[key]
        present = self.shape.forms_on(key)
        repeat = key[2] if key[1] else 1
        text = ""
        for form in self.forms:
            inside = self._groups(form, record, values) if form.name in present else ""
            if inside:
                pairs = [("FormOID", f"Form.{form.name}"), ("FormRepeatKey", str(repeat))]
                text += f"\t\t\t<FormData{attributes(pairs)}>\n{inside}\t\t\t</FormData>\n"
        return text

    def _groups(self, form: Form, record: Record, values: Values) -> str:
        """Return the item groups of a form, blank when none of its fields has a value.

        Every choice of a checkbox has one, ticked or not (recorded).
        """
        stored = {name.partition("(")[0] for name in values}
        rows = {row["field_name"]: row for row in form.rows if row["field_name"] in self.shown}
        boxes = any(row["field_type"] in _CODED for row in rows.values())
        if not boxes and not stored & {*rows, *({form.status} & self.shown)}:
            return ""
        return "".join(self._group(group, rows, record, values) for group in form.groups())

    def _group(self, group: Group, rows: Mapping[str, Row], record: Record, values: Values) -> str:
        items = ""
        for variable in dict.fromkeys(variable for _, variable in group.items):
            if variable == DAG_ITEM:
                items += _item(DAG_ITEM, self.dags.get(record.dag_id or 0, ""))
            elif variable == self.shape.id_field and variable in rows:
                items += _item(variable, record.name)
            elif variable in rows:
                items += self._field(rows[variable], values)
            elif variable in self.shown:
                items += _item(variable, values.get(variable, ""))
        if not items:
            return ""
        pairs = [("ItemGroupOID", group.oid), ("ItemGroupRepeatKey", "1")]
        tag = f"<ItemGroupData{attributes(pairs)}>"
        return f"\t\t\t\t{tag}\n{items}\t\t\t\t</ItemGroupData>\n"

    def _field(self, row: Row, values: Values) -> str:
        name = row["field_name"]
        if row["field_type"] in _CODED:
            codes = design.parse_choices(row["select_choices_or_calculations"])
            ticks = [values.get(contents.tick(name, code), "0") for code, _ in codes]
            return "".join(map(_item, item_oids(row), ticks))
        if row["field_type"] not in _FILES:
            return _item(name, values.get(name, ""))
        return self._file(name, values.get(name, "")) if self.with_files else ""

    def _file(self, name: str, doc_id: str) -> str:
        found: sqlite3.Row | None = self.context.db.execute(
            "SELECT * FROM files WHERE doc_id = ? AND project_id = ?",
            (doc_id, self.context.project_id),
        ).fetchone()
        if found is None:
            return ""
        pairs = [
            ("ItemOID", name),
            ("redcap:DocName", found["name"]),
            ("redcap:MimeType", found["mime_type"]),
        ]
        content = base64.b64encode(found["content"]).decode()
        tag = f"<ItemDataBase64Binary{attributes(pairs)}>"
        return f"\t\t\t\t\t{tag}<![CDATA[{content}]]></ItemDataBase64Binary>\n"


def _item(oid: str, value: str) -> str:
    """Return one value, nothing for a blank; its line breaks are written raw (recorded)."""
    if value == "":
        return ""
    return f"\t\t\t\t\t<ItemData{attributes([('ItemOID', oid), ('Value', value)])}/>\n"


def exporter(
    context: Context, forms: Sequence[Form], *, dags: Mapping[int, str], with_files: bool
) -> Exporter:
    """Return the exporter of a request; raises ApiFault for unknown fields or no export right."""
    found = shape.load(context)
    shown = frozenset(one.name for one in selection.select(context, found))
    return Exporter(context, found, forms, shown, dags, with_files)
