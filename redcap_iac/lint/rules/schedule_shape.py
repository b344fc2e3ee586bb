"""LO: what the schedule as a whole is for: events in place of copies, labels that say something."""

from __future__ import annotations

import re
from collections.abc import Iterator

from redcap_iac.design import Design, Visit
from redcap_iac.findings import Severity
from redcap_iac.kinds.kind import encoded
from redcap_iac.lint.rule import Found, rule
from redcap_iac.lint.rules.visits import at_visit, visit_address
from redcap_iac.lint.rules.wording import BEFORE_PRODUCTION, folded
from redcap_iac.lint.settings import Settings
from redcap_iac.suggestions import in_words

#: How many labels make an instrument worth comparing, and how many of them must be the same.
_LABELS = 4
_ALIKE = 0.8
_DIGITS = re.compile(r"\d+")


@rule("LO008", Severity.NOTE, profiles=BEFORE_PRODUCTION)
def events_not_needed(design: Design, _settings: Settings) -> Iterator[Found]:
    """Every instrument stands on one event only, and nothing repeats.

    Let off are schedules with several arms, and those of the scheduling module.

    Why: Events are for what is filled in more than once. Without need every export has a row for
    each event, most of its cells blank, and all logic has to name events.

    Bad:
        instruments:
          - {instrument: base, fields: {record_id: {type: text, label: "Record ID"}}}
          - {instrument: end, fields: {done: {type: yesno, label: "Completed?"}}}
        arms:
          - number: 1
            events: [{name: Start, instruments: [base]}, {name: End, instruments: [end]}]
    Good:
        instruments:
          - {instrument: base, fields: {record_id: {type: text, label: "Record ID"}}}
          - {instrument: visit, fields: {weight: {type: text, label: "Weight"}}}
        arms:
          - number: 1
            events:
              - {name: Start, instruments: [base, visit]}
              - {name: End, instruments: [visit]}
    Instead: Leave out `arms:` with `longitudinal: false`, unless more events are to come.
    """
    several = len(design.visits) > 1 and len({visit.arm for visit in design.visits}) == 1
    if not several or design.repeats or design.setting("scheduling_enabled") == "1":
        return
    on = [len(design.visits_of(name)) for name in design.instruments]
    if len(on) > 1 and all(number == 1 for number in on):
        yield Found(
            "project/longitudinal",
            f"Each of the {len(on)} instruments stands on one event only: nothing is filled in"
            " twice.",
            design.setting_place("is_longitudinal"),
            "Without events the same project is classic, and its exports have a row a record.",
        )


@rule("LO009", Severity.NOTE, profiles=BEFORE_PRODUCTION)
def instruments_for_visits(design: Design, _settings: Settings) -> Iterator[Found]:
    """An instrument is there three times or more, each time with other names for the same fields.

    Compared are labels without their numbers; four fifths of them must be the same.

    Why: A change has to be made in every copy, logic has to be written for each, and exports have
    columns side by side that belong under each other.

    Bad:
        instruments:
          - instrument: visit_1
            fields:
              record_id: {type: text, label: "Record ID"}
              weight_1: {type: text, label: "Weight"}
              pulse_1: {type: text, label: "Pulse"}
              pain_1: {type: text, label: "Pain"}
              sleep_1: {type: text, label: "Sleep"}
          - instrument: visit_2
            fields:
              weight_2: {type: text, label: "Weight"}
              pulse_2: {type: text, label: "Pulse"}
              pain_2: {type: text, label: "Pain"}
              sleep_2: {type: text, label: "Sleep"}
          - instrument: visit_3
            fields:
              weight_3: {type: text, label: "Weight"}
              pulse_3: {type: text, label: "Pulse"}
              pain_3: {type: text, label: "Pain"}
              sleep_3: {type: text, label: "Sleep"}
    Good:
        instruments:
          - instrument: visit
            fields:
              record_id: {type: text, label: "Record ID"}
              weight: {type: text, label: "Weight"}
              pulse: {type: text, label: "Pulse"}
              pain: {type: text, label: "Pain"}
              sleep: {type: text, label: "Sleep"}
        arms:
          - number: 1
            events: [{name: Visit 1, instruments: [visit]}, {name: Visit 2, instruments: [visit]}]
    Instead: Keep one and put it on several events, or let it repeat.
    """
    clusters: list[tuple[frozenset[str], list[str]]] = []
    for name, fields in design.by_instrument.items():
        asked = (one for one in fields if one is not design.record_id)
        labels = frozenset(_DIGITS.sub("", folded(one.field_label)).strip() for one in asked)
        labels -= {""}
        if len(labels) < _LABELS:
            continue
        near = (names for head, names in clusters if _likeness(head, labels) >= _ALIKE)
        found = next(near, None)
        if found is None:
            clusters.append((labels, [name]))
        else:
            found.append(name)
    for _, names in clusters:
        if len(names) > 2:
            first, *others = names
            yield Found(
                f"instrument/{encoded(first)}",
                f"Instrument {first} is there {len(names)} times: {in_words(others, 'and')} ask"
                " the same.",
                advice="Keep one and put it on several events, or let it repeat.",
            )


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other)


@rule("LO015", Severity.WARNING)
def label_of_nothing(design: Design, _settings: Settings) -> Iterator[Found]:
    """The custom label of an event shows a field that does not stand on that event.

    Why: The field is never filled in there, so that the label stays blank in every record.

    Bad:
        instruments:
          - {instrument: base, fields: {record_id: {type: text, label: "Record ID"}}}
          - {instrument: visit, fields: {visited: {type: text, label: "Visited on"}}}
        arms:
          - number: 1
            events:
              - {name: Baseline, custom_label: "[visited]", instruments: [base]}
              - {name: Week 4, custom_label: "[visited]", instruments: [visit]}
    Good:
        instruments:
          - {instrument: base, fields: {record_id: {type: text, label: "Record ID"}}}
          - {instrument: visit, fields: {visited: {type: text, label: "Visited on"}}}
        arms:
          - number: 1
            events:
              - {name: Baseline, instruments: [base]}
              - {name: Week 4, custom_label: "[visited]", instruments: [visit]}
    Instead: Show a field of an instrument that stands there.
    """
    if not design.knows_designations:
        return
    visits = {visit_address(visit): visit for visit in design.visits}
    for site in design.sites:
        visit = visits.get(site.address) if site.field is None else None
        if visit is None:
            continue
        for reference in site.references:
            instrument = design.instrument_of(reference.field)
            where = _asked(design, visit, reference.event)
            if instrument is None or where is None or instrument in where.instruments:
                continue
            if design.field(reference.field) is not design.record_id:
                yield at_visit(
                    design,
                    visit,
                    f"has a label that shows {reference.field}, and {instrument} does not stand on"
                    f" {where.unique_name}",
                    "Show a field of an instrument that stands there.",
                )


def _asked(design: Design, visit: Visit, event: str | None) -> Visit | None:
    """Return the event a reference in a label of an event asks, None where nobody can tell."""
    if event is None or event.lower() == "event-name":
        return visit
    return design.visit(event)


@rule("LO018", Severity.NOTE, profiles=BEFORE_PRODUCTION)
def arms_differ(design: Design, _settings: Settings) -> Iterator[Found]:
    """An event has other instruments than the event of the same name in another arm.

    Why: Where it is not meant, one arm lacks a measurement for good, and the arms cannot be
    compared.

    Bad:
        instruments:
          - {instrument: base, fields: {record_id: {type: text, label: "Record ID"}}}
          - {instrument: vitals, fields: {pulse: {type: text, label: "Pulse"}}}
        arms:
          - {number: 1, events: [{name: Baseline, instruments: [base, vitals]}]}
          - {number: 2, events: [{name: Baseline, instruments: [base]}]}
    Good:
        instruments:
          - {instrument: base, fields: {record_id: {type: text, label: "Record ID"}}}
          - {instrument: vitals, fields: {pulse: {type: text, label: "Pulse"}}}
        arms:
          - {number: 1, events: [{name: Baseline, instruments: [base, vitals]}]}
          - {number: 2, events_from: 1}
    Instead: Use `events_from:` where arms are to be alike; let it pass with a reason where not.
    """
    if not design.knows_designations:
        return
    first: dict[str, Visit] = {}
    for visit in design.visits:
        other = first.setdefault(folded(visit.name), visit)
        if other.arm == visit.arm:
            continue
        more = [name for name in visit.instruments if name not in other.instruments]
        less = [name for name in other.instruments if name not in visit.instruments]
        said = [f"{word} {in_words(names, 'and')}" for word, names in (("with", more),
                ("without", less)) if names]  # fmt: skip
        if said:
            yield at_visit(
                design,
                visit,
                f"differs from the one of arm {other.arm}: {', '.join(said)}",
                "Use `events_from:` where the arms are to be alike.",
            )
