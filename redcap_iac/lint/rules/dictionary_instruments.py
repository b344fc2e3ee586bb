"""DD: instruments as wholes: their names, their labels, how much is on them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from redcap_iac.design import Design
from redcap_iac.findings import Severity
from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.kinds.kind import encoded
from redcap_iac.lint.rule import Found, rule
from redcap_iac.lint.rules.wording import BEFORE_PRODUCTION, at_field, folded
from redcap_iac.lint.settings import Settings

#: What REDCap calls the first instrument of a project made on its page (recorded).
_FIRST_NAMES = ("my_first_instrument", "form_1")
_LANGUAGES = (
    "english", "french", "german", "spanish", "italian", "portuguese", "dutch", "chinese",
    "arabic", "russian", "polish", "turkish", "swedish", "danish", "finnish",
    "en", "eng", "fr", "fra", "de", "deu", "ger", "es", "esp", "spa", "it", "ita", "pt", "por",
    "nl", "zh", "ar", "ru", "pl", "tr", "sv", "da", "fi",
)  # fmt: skip
_LEAST_COPIES, _MOST_COPIES = 3, 20


@rule("DD012", Severity.NOTE, profiles=BEFORE_PRODUCTION)
def first_instrument_not_on_first_event(design: Design, _settings: Settings) -> Iterator[Found]:
    """The first instrument does not stand on the first event.

    Why: The first instrument holds the record's name (documented). Where people begin a record on
    another instrument, they do not see what it asks about the record as a whole.

    Bad:
        instruments:
          - instrument: enrolment
            fields: {record_id: {type: text, label: "Record ID"}}
          - instrument: visit
            fields: {weight: {type: text, label: "Weight"}}
        arms:
          - number: 1
            name: Arm
            events:
              - {name: Baseline, instruments: [visit]}
              - {name: Week 4, instruments: [enrolment, visit]}
    Good:
        instruments:
          - instrument: enrolment
            fields: {record_id: {type: text, label: "Record ID"}}
          - instrument: visit
            fields: {weight: {type: text, label: "Weight"}}
        arms:
          - number: 1
            name: Arm
            events:
              - {name: Baseline, instruments: [enrolment, visit]}
              - {name: Week 4, instruments: [visit]}
    Instead: Put the first instrument on the first event.
    """
    if not (design.fields and design.visits and design.knows_designations):
        return
    first, event = design.fields[0].form_name, design.visits[0]
    if event.instruments and first not in event.instruments:
        yield Found(
            f"instrument/{encoded(first)}",
            f"Instrument {first}, the first of the project, does not stand on the first event, "
            f"{event.name}.",
            event.event.at,
            "Put it on the first event.",
        )


@rule("DD013", Severity.NOTE, profiles=BEFORE_PRODUCTION)
def long_instrument_name(design: Design, settings: Settings) -> Iterator[Found]:
    """An instrument's name is very long.

    The setting `longest_instrument_name` is 50 (inferred from what tools allow).

    Why: The name is part of `NAME_complete` and of every link and file name; what reads exports
    cuts it.

    Bad:
        instruments:
          - instrument: patient_reported_outcomes_and_quality_of_life_at_follow_up
            fields: {record_id: {type: text, label: "Record ID"}}
    Good:
        instruments:
          - instrument: pro_follow_up
            fields: {record_id: {type: text, label: "Record ID"}}
    Instead: Shorten the name; the label may be long.
    """
    most = settings.number("longest_instrument_name", 50)
    for name in design.instruments:
        if len(name) > most:
            yield Found(
                f"instrument/{encoded(name)}",
                f"Instrument {name} has a name of {len(name)} characters, more than {most}.",
                advice="Shorten the name; the label may be long.",
            )


@rule("DD015", Severity.WARNING)
def default_instrument_name(design: Design, _settings: Settings) -> Iterator[Found]:
    """An instrument has the name REDCap gave it when the project was made.

    A new project comes with `my_first_instrument` or `form_1` (recorded).

    Why: The name goes into exports, links and rights; changed later, the status of the old one is
    lost unless it is renamed on REDCap's page.

    Bad:
        instruments:
          - instrument: form_1
            fields: {record_id: {type: text, label: "Record ID"}}
    Good:
        instruments:
          - instrument: enrolment
            fields: {record_id: {type: text, label: "Record ID"}}
    Instead: Name the instrument after what it is for.
    """
    for name in design.instruments:
        if name in _FIRST_NAMES:
            yield Found(
                f"instrument/{encoded(name)}",
                f"Instrument {name} still has the name REDCap gave it.",
                advice="Name it after what it is for, with `renamed_from` where there are records.",
            )


@rule("DD016", Severity.WARNING)
def label_of_another_instrument(design: Design, _settings: Settings) -> Iterator[Found]:
    """Two instruments have the same label.

    Why: People see labels only: in the menu, on the record's page and in reports nobody can tell
    the two apart.

    Bad:
        instruments:
          - instrument: visit
            label: "Follow-up"
            fields: {record_id: {type: text, label: "Record ID"}}
          - instrument: visit_phone
            label: "Follow-up"
            fields: {phone_weight: {type: text, label: "Weight"}}
    Good:
        instruments:
          - instrument: visit
            label: "Follow-up"
            fields: {record_id: {type: text, label: "Record ID"}}
          - instrument: visit_phone
            label: "Follow-up by phone"
            fields: {phone_weight: {type: text, label: "Weight"}}
    Instead: Say in the label how they differ.
    """
    first: dict[str, str] = {}
    for item in design.instrument_items:
        label = folded(item.label or item.name.replace("_", " "))
        other = first.setdefault(label, item.name)
        if label and other != item.name:
            yield Found(
                f"instrument/{encoded(item.name)}",
                f'Instrument {item.name} has the label of {other}, "{item.label or label}".',
                item.at,
                "Say in the label how they differ.",
            )


@rule("DD022", Severity.NOTE, profiles=BEFORE_PRODUCTION)
def many_fields(design: Design, settings: Settings) -> Iterator[Found]:
    """An instrument has very many fields.

    The setting `most_fields_on_instrument` is 100.

    Why: The page is slow, a whole instrument has one status, and one person at a time can work
    on it.

    Bad:
        lint: {settings: {most_fields_on_instrument: 1}}
        instruments:
          - instrument: form
            fields:
              record_id: {type: text, label: "Record ID"}
              weight: {type: text, label: "Weight"}
    Good:
        lint: {settings: {most_fields_on_instrument: 1}}
        instruments:
          - instrument: form
            fields: {record_id: {type: text, label: "Record ID"}}
          - instrument: vitals
            fields: {weight: {type: text, label: "Weight"}}
    Instead: Split it where a section is filled in by somebody else or at another time.
    """
    most = settings.number("most_fields_on_instrument", 100)
    for name, fields in design.by_instrument.items():
        if len(fields) > most:
            yield Found(
                f"instrument/{encoded(name)}",
                f"Instrument {name} has {len(fields):,} fields, more than {most:,}.",
                advice="Split it where somebody else, or another day, goes on.",
            )


@rule("DD031", Severity.NOTE, profiles=BEFORE_PRODUCTION)
def numbered_copies(design: Design, _settings: Settings) -> Iterator[Found]:
    """A block of fields stands on an instrument three times or more, with a number in the name.

    Found are two fields or more that are there for 1, 2, 3 with the same type, up to 20 times.

    Why: There is always somebody with one more medication than the form has rows, and every
    question about them asks all the columns. A repeating instrument has no end and one column.

    Bad:
        fields:
          med_1_name: {type: text, label: "Medication 1"}
          med_1_dose: {type: text, label: "Dose 1"}
          med_2_name: {type: text, label: "Medication 2"}
          med_2_dose: {type: text, label: "Dose 2"}
          med_3_name: {type: text, label: "Medication 3"}
          med_3_dose: {type: text, label: "Dose 3"}
    Good:
        instruments:
          - instrument: form
            fields: {record_id: {type: text, label: "Record ID"}}
          - instrument: medication
            fields:
              med_name: {type: text, label: "Medication"}
              med_dose: {type: text, label: "Dose"}
        repeat: [medication]
    Instead: Put the block on an instrument of its own and let it repeat.
    """
    for name, fields in design.by_instrument.items():
        blocks: dict[str, dict[str, list[Field]]] = {}
        for field in fields:
            match = re.fullmatch(r"(.*?[a-z]_?)([0-9]{1,2})(_[a-z].*)", field.field_name)
            if match:
                stem, number, _ = match.groups()
                blocks.setdefault(stem, {}).setdefault(number, []).append(field)
        for stem, copies in blocks.items():
            shapes = [
                frozenset(
                    (one.field_name[len(stem) + len(number) :], one.field_type) for one in block
                )
                for number, block in copies.items()
                if len(block) > 1
            ]
            shape, times = Counter(shapes).most_common(1)[0] if shapes else (frozenset(), 0)
            # more are the trials of a test, which are all done at once
            if _LEAST_COPIES <= times <= _MOST_COPIES:
                block = next(iter(copies.values()))
                yield at_field(
                    block[0],
                    "field_name",
                    f"begins a block of {len(shape)} fields that stands {times} times on "
                    f"instrument {name}",
                    "Put the block on an instrument of its own and let it repeat.",
                )


@rule("DD032", Severity.NOTE, profiles=BEFORE_PRODUCTION)
def language_copies(design: Design, settings: Settings) -> Iterator[Found]:
    """An instrument is there once for every language.

    Found are instruments whose names differ in the language at the end, out of the setting
    `languages`.

    Why: Every answer stands in one of several columns, and every change has to be made as often
    as there are languages. REDCap translates one instrument into many.

    Bad:
        instruments:
          - instrument: consent_en
            fields: {record_id: {type: text, label: "Record ID"}}
          - instrument: consent_fr
            fields: {accord: {type: yesno, label: "D'accord ?"}}
    Good:
        instruments:
          - instrument: consent
            fields:
              record_id: {type: text, label: "Record ID"}
              agrees: {type: yesno, label: "Do you agree?"}
    Instead: Keep one instrument and translate it under Multi-Language Management on REDCap's page.
    """
    languages = frozenset(settings.list("languages", _LANGUAGES))
    first: dict[str, str] = {}
    for name in design.instruments:
        stem, _, language = name.rpartition("_")
        if not stem or language not in languages:
            continue
        other = first.setdefault(stem, name)
        if other != name:
            yield Found(
                f"instrument/{encoded(name)}",
                f"Instrument {name} looks like {other} in another language.",
                advice="Keep one and translate it with Multi-Language Management on REDCap's page.",
            )
