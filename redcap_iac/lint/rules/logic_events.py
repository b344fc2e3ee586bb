"""References across events: what is asked must stand there."""

from __future__ import annotations

from collections.abc import Iterator

from redcap_iac.design import Design, Purpose, Site, Visit
from redcap_iac.findings import Severity
from redcap_iac.lint.rule import Found, rule
from redcap_iac.lint.rules.logic_remarks import EXPRESSIONS, at_site, expressions
from redcap_iac.lint.settings import Settings
from redcap_iac.logic import Reference
from redcap_iac.suggestions import in_words

_MOST_EVENTS = 5
#: An instrument on no event is another rule's business.
_HERE = (None, "event-name")


@rule("LG003", Severity.WARNING)
def field_not_on_event(design: Design, _: Settings) -> Iterator[Found]:
    """Logic asks for a field on an event where its instrument does not stand.

    Why: The field is never filled in there, so that what is asked is always blank.

    Bad:
        instruments:
          - instrument: base
            fields:
              record_id: {type: text, label: Record ID}
              weight: {type: text, label: Weight}
          - instrument: visit
            fields:
              lost: {type: text, label: Lost, branching: "[week_4_arm_1][weight] <> ''"}
        arms:
          - number: 1
            name: Arm
            events:
              - {name: Baseline, instruments: [base]}
              - {name: Week 4, instruments: [visit]}

    Good:
        instruments:
          - instrument: base
            fields:
              record_id: {type: text, label: Record ID}
              weight: {type: text, label: Weight}
          - instrument: visit
            fields:
              lost: {type: text, label: Lost, branching: "[baseline_arm_1][weight] <> ''"}
        arms:
          - number: 1
            name: Arm
            events:
              - {name: Baseline, instruments: [base]}
              - {name: Week 4, instruments: [visit]}

    Instead: Name the event where the field is asked, or put its instrument on that event.
    """
    for site, reference, instrument in _asked(design):
        visit = design.visit(reference.event) if reference.event else None
        if visit is not None and instrument not in visit.instruments:
            there = in_words([one.unique_name for one in design.visits_of(instrument)], "and")
            yield at_site(
                site,
                f"asks for {reference.field} on {visit.unique_name}, where its instrument"
                f" {instrument} does not stand",
                f"It stands on {there}." if there else "It stands on no event.",
            )


@rule("LG015", Severity.WARNING)
def field_not_where_asked(design: Design, _: Settings) -> Iterator[Found]:
    """Logic asks for a field of another instrument without saying on which event.

    Why: Without an event the same event is meant. Where the other instrument does not stand, the
    field is blank and the logic decides by that.

    Bad:
        instruments:
          - instrument: base
            fields:
              record_id: {type: text, label: Record ID}
              weight: {type: text, label: Weight}
          - instrument: visit
            fields:
              lost: {type: text, label: Lost, branching: "[weight] <> ''"}
        arms:
          - number: 1
            name: Arm
            events:
              - {name: Baseline, instruments: [base]}
              - {name: Week 4, instruments: [visit]}

    Good:
        instruments:
          - instrument: base
            fields:
              record_id: {type: text, label: Record ID}
              weight: {type: text, label: Weight}
          - instrument: visit
            fields:
              lost: {type: text, label: Lost, branching: "[baseline_arm_1][weight] <> ''"}
        arms:
          - number: 1
            name: Arm
            events:
              - {name: Baseline, instruments: [base]}
              - {name: Week 4, instruments: [visit]}

    Instead: Put the event before the field: `[event_name_arm_1][field]`.
    """
    for site, reference, instrument in _asked(design):
        if reference.event not in _HERE or site.field is None:
            continue
        asking = design.visits_of(site.field.form_name)
        bare = [one.unique_name for one in asking if instrument not in one.instruments]
        if bare and len(bare) == len(asking):
            yield at_site(site, *_elsewhere(design, reference, instrument, "any event"))
        elif bare:
            shown = bare[:_MOST_EVENTS] + (["others"] if len(bare) > _MOST_EVENTS else [])
            yield at_site(site, *_elsewhere(design, reference, instrument, in_words(shown, "and")))


def _elsewhere(
    design: Design, reference: Reference, instrument: str, where: str
) -> tuple[str, str]:
    clause = f"asks for {reference.field} of {instrument}, which does not stand on {where}"
    if where == "any event":
        clause = f"asks for {reference.field} of {instrument}, with which it shares no event"
    there = design.visits_of(instrument)
    if not there:
        return clause, f"Put {instrument} on an event."
    return clause, f"Say which event is meant, as in [{there[0].unique_name}][{reference.field}]."


@rule("LG016", Severity.NOTE)
def bound_to_one_arm(design: Design, _: Settings) -> Iterator[Found]:
    """An instrument that stands in several arms names an event of one of them.

    Why: Records of the other arms have nothing on that event, so that the logic sees blank.

    Bad:
        instruments:
          - instrument: form
            fields:
              record_id: {type: text, label: Record ID}
              weight: {type: text, label: Weight}
              lost: {type: text, label: Lost, branching: "[start_arm_1][weight] <> ''"}
        arms:
          - {number: 1, name: Drug, events: [{name: Start, instruments: [form]}]}
          - {number: 2, name: Placebo, events: [{name: Start, instruments: [form]}]}

    Good:
        instruments:
          - instrument: form
            fields:
              record_id: {type: text, label: Record ID}
              weight: {type: text, label: Weight}
              lost: {type: text, label: Lost, branching: "[first-event-name][weight] <> ''"}
        arms:
          - {number: 1, name: Drug, events: [{name: Start, instruments: [form]}]}
          - {number: 2, name: Placebo, events: [{name: Start, instruments: [form]}]}

    Instead: Use `[first-event-name]`, `[previous-event-name]` or `[event-name]`, or name the event
    of each arm.
    """
    for site in expressions(design):
        named = [visit for one in site.references if (visit := _visit(design, one)) is not None]
        if not named or site.field is None:
            continue
        arms = {visit.arm for visit in design.visits_of(site.field.form_name)}
        missing = arms - {visit.arm for visit in named}
        if missing and not any(one.name.startswith("arm-") for one in site.smart_variables):
            names = in_words(list(dict.fromkeys(one.unique_name for one in named)), "and")
            others = in_words([str(number) for number in sorted(missing)], "and")
            clause = f"names {names}, but its instrument stands in arm {others} too"
            advice = "Use [first-event-name] or the like, or name an event of each arm."
            yield at_site(site, clause, advice)


@rule("LG030", Severity.WARNING)
def event_in_classic_project(design: Design, _: Settings) -> Iterator[Found]:
    """Logic or piping asks for events in a project that has none.

    Why: In a classic project there is no previous, next or first event.

    Bad:
        instruments:
          - instrument: form
            fields:
              record_id: {type: text, label: Record ID}
              weight: {type: text, label: "Weight, last time [previous-event-name][weight]"}
        project: {longitudinal: false}

    Good:
        instruments:
          - instrument: form
            fields:
              record_id: {type: text, label: Record ID}
              weight: {type: text, label: "Weight, last time [weight][previous-instance]"}
        project: {longitudinal: false}

    Instead: Leave the event out.
    """
    if design.setting("is_longitudinal") != "0":
        return
    for site in design.sites:
        for reference in site.references:
            if reference.event is not None and design.instrument_of(reference.field) is not None:
                clause = f"asks for [{reference.event}][{reference.field}] in a classic project"
                yield at_site(site, clause, "Leave the event out.")


def _asked(design: Design) -> Iterator[tuple[Site, Reference, str]]:
    """Yield what is asked across events: known fields of instruments, the record's name apart."""
    if not design.is_longitudinal or not design.knows_designations:
        return
    for site in design.sites:
        if site.purpose not in EXPRESSIONS and site.purpose is not Purpose.PIPING:
            continue
        for reference in dict.fromkeys(site.references):
            instrument = design.instrument_of(reference.field)
            if instrument is not None and design.field(reference.field) is not design.record_id:
                yield site, reference, instrument


def _visit(design: Design, reference: Reference) -> Visit | None:
    known = design.instrument_of(reference.field) is not None
    return design.visit(reference.event) if reference.event and known else None
