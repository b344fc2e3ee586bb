"""ID: marked identifiers that go where the mark does not reach."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from redcap_iac.design import Design, Purpose, Site
from redcap_iac.findings import Severity
from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.kinds.kind import encoded
from redcap_iac.lint.rule import Found, rule
from redcap_iac.lint.rules.wording import BEFORE_PRODUCTION, at_field, count_of
from redcap_iac.lint.settings import Settings
from redcap_iac.logic import Reference
from redcap_iac.logic.piping import piped

_SETTING = frozenset({"DEFAULT", "SETVALUE", "PREFILL"})
#: What hands a value on as it is, unlike a comparison or a difference of dates.
_HANDS_ON = re.compile(r"\s*(\[|(concat|concat_ws|upper|lower|trim|left|right|mid|replace_text)\()")
_LESS_IDENTIFIERS = "no_identifiers"


@rule("ID007", Severity.NOTE, profiles=BEFORE_PRODUCTION)
def free_text_in_export(design: Design, _settings: Settings) -> Iterator[Found]:
    """A role exports without identifiers, and free texts are among what it gets.

    The export level `no_identifiers` leaves out marked fields alone; `deidentified` leaves out
    free texts too (knowledge base).

    Why: People write names and dates into remarks, whatever the label asks.

    Bad:
        instruments:
          - instrument: form
            fields:
              record_id: {type: text, label: "Record ID"}
              remarks: {type: notes, label: "Remarks"}
        roles:
          Analyst:
            rights: {reports: true}
            instruments: {"*": read_only}
            export: {"*": no_identifiers}
    Good:
        instruments:
          - instrument: form
            fields:
              record_id: {type: text, label: "Record ID"}
              remarks: {type: notes, label: "Remarks"}
        roles:
          Analyst:
            rights: {reports: true}
            instruments: {"*": read_only}
            export: {"*": deidentified}
    Instead: Give the level `deidentified`, or mark the notes as identifiers.
    """
    notes: dict[str, list[Field]] = {}
    for field in design.fields:
        if field.field_type == "notes" and not field.identifier.strip():
            notes.setdefault(field.form_name, []).append(field)
    for role in design.roles:
        levels = dict(role.grants.export)
        seen = [
            field
            for name, fields in notes.items()
            if levels.get(name, levels.get("*")) == _LESS_IDENTIFIERS
            for field in fields
        ]
        if seen:
            yield Found(
                f"role/{encoded(role.handle or role.label)}",
                f"Role {role.handle or role.label} exports without identifiers, and "
                f"{count_of(len(seen), 'free text')} not marked go with it, such as "
                f"{seen[0].field_name}.",
                role.at,
                "Give the level `deidentified`, or mark the notes as identifiers.",
            )


@rule("ID010", Severity.NOTE, profiles=BEFORE_PRODUCTION)
def identifier_in_a_label(design: Design, _settings: Settings) -> Iterator[Found]:
    """The label of records, events or instances shows an identifier.

    Why: The label stands on every page about the record, for everybody who may see the record,
    also for those who may not open the instrument the value is on.

    Bad:
        project: {custom_record_label: "[surname]"}
        instruments:
          - instrument: form
            fields:
              record_id: {type: text, label: "Record ID"}
              surname: {type: text, label: "Surname", identifier: true}
    Good:
        project: {custom_record_label: "[enrolled]"}
        instruments:
          - instrument: form
            fields:
              record_id: {type: text, label: "Record ID"}
              enrolled: {type: text, label: "Enrolled on", validation: date_ymd}
    Instead: Show what tells records apart without naming the person.
    """
    label = design.setting("custom_record_label") or ""
    for one in piped(label):
        if isinstance(one.node, Reference) and (name := _identifier(design, one.node)):
            yield Found(
                "project/custom_record_label",
                f"The label of records shows {name}, an identifier.",
                design.setting_place("custom_record_label"),
                "Show what tells records apart without naming the person.",
            )
    for site in design.sites:
        if site.field is not None:
            continue
        for reference in site.references:
            if name := _identifier(design, reference):
                kind, _, rest = unquote(site.address).partition("/")
                what = "event" if kind == "event" else "the instances at"
                yield Found(
                    site.address,
                    f"The label of {what} {rest} shows {name}, an identifier.",
                    site.at,
                    "Show what tells them apart without naming the person.",
                )


@rule("ID011", Severity.WARNING)
def identifier_copied(design: Design, _settings: Settings) -> Iterator[Found]:
    """The value of an identifier is copied into a field that is not marked.

    By `@DEFAULT`, `@SETVALUE`, `@CALCDATE`, or a `@CALCTEXT` that hands the value on.

    Why: An export without identifiers leaves out the one and has the other.

    Bad:
        fields:
          surname: {type: text, label: "Surname", identifier: true}
          sticker: {type: text, label: "Sticker", annotation: "@DEFAULT='[surname]'"}
    Good:
        fields:
          surname: {type: text, label: "Surname", identifier: true}
          sticker:
            type: text
            label: "Sticker"
            annotation: "@DEFAULT='[surname]'"
            identifier: true
    Instead: Mark the copy as well.
    """
    for site in design.sites:
        if site.field is None or site.field.identifier.strip() or not _copies(site):
            continue
        for reference in site.references:
            name = _identifier(design, reference)
            if name and name != site.field.field_name:
                yield at_field(
                    site.field,
                    site.column,
                    f"holds a copy of {name}, an identifier, and is not marked",
                    "Add `identifier: true`.",
                )
                break


def _copies(site: Site) -> bool:
    if site.purpose is Purpose.CALCDATE:
        return True
    if site.purpose is Purpose.CALCTEXT:
        return _HANDS_ON.match(site.text.lower()) is not None
    return site.purpose is Purpose.PIPING and site.tag is not None and site.tag.name in _SETTING


def _identifier(design: Design, reference: Reference) -> str:
    """Return the name of the field a reference reads when it is marked, else nothing."""
    field = design.field(reference.field)
    return field.field_name if field is not None and field.identifier.strip() else ""
