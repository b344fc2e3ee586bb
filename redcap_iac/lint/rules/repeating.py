"""RP: what repeats, what does not, and how its instances are told apart."""

from __future__ import annotations

from collections.abc import Iterator

from redcap_iac.design import Design, Visit
from redcap_iac.findings import Severity
from redcap_iac.kinds import kind_named
from redcap_iac.kinds.kind import encoded
from redcap_iac.kinds.repeating.repeat import Repeat
from redcap_iac.lint.rule import Found, rule
from redcap_iac.lint.rules.visits import at_visit
from redcap_iac.lint.rules.wording import BEFORE_PRODUCTION, folded, named, said
from redcap_iac.lint.settings import Settings
from redcap_iac.logic import Reference
from redcap_iac.logic.piping import piped
from redcap_iac.suggestions import in_words

#: What happens to people more than once, as instruments and events are called (judged).
_AGAIN = (
    "adverse event", "adverse events", "serious adverse event", "serious adverse events",
    "concomitant medication", "concomitant medications", "conmed", "conmeds", "con meds",
    "unscheduled", "unscheduled visit", "protocol deviation", "protocol deviations",
    "hospitalization", "hospitalizations", "hospitalisation", "hospitalisations",
)  # fmt: skip


@rule("RP003", Severity.NOTE, profiles=BEFORE_PRODUCTION)
def instances_without_label(design: Design, _settings: Settings) -> Iterator[Found]:
    """An instrument repeats and its instances have no label.

    Why: The list of instances reads 1, 2, 3: to find the one meant, each has to be opened.

    Bad:
        instruments:
          - instrument: drugs
            fields:
              record_id: {type: text, label: "Record ID"}
              drug: {type: text, label: "Drug"}
        repeat: [drugs]
    Good:
        instruments:
          - instrument: drugs
            fields:
              record_id: {type: text, label: "Record ID"}
              drug: {type: text, label: "Drug"}
        repeat: {drugs: "[drug]"}
    Instead: `repeat: {drugs: "[drug], since [since]"}`.
    """
    labelled = {one.instrument for one in design.repeats if one.label.strip()}
    bare: dict[str, Repeat] = {}
    for one in design.repeats:
        if one.instrument and one.instrument not in labelled:
            bare.setdefault(one.instrument, one)
    for name, one in bare.items():
        yield _at(one, f"Instances of {name} have no label.", "Show a field of it in the label.")


@rule("RP004", Severity.NOTE, profiles=BEFORE_PRODUCTION)
def happens_again(design: Design, settings: Settings) -> Iterator[Found]:
    """An instrument or event for what happens more than once does not repeat.

    Found by name or label: adverse events, medications, unscheduled visits; `repeating_names` in
    the settings takes the place of these. An instrument on several events is let off.

    Why: The second time there is no place for it, and people overwrite the first.

    Bad:
        instruments:
          - {instrument: base, fields: {record_id: {type: text, label: "Record ID"}}}
          - instrument: adverse_events
            label: "Adverse events"
            fields: {event: {type: text, label: "What happened?"}}
          - {instrument: diary, fields: {slept: {type: yesno, label: "Slept well?"}}}
        repeat: [diary]
    Good:
        instruments:
          - {instrument: base, fields: {record_id: {type: text, label: "Record ID"}}}
          - instrument: adverse_events
            label: "Adverse events"
            fields: {event: {type: text, label: "What happened?"}}
        repeat: {adverse_events: "[event]"}
    Instead: Let it repeat.
    """
    if kind_named("repeating").name not in design.state:
        return
    names = settings.list("repeating_names", _AGAIN)
    for item in design.instrument_items:
        again = said(item.label or "", names) or named(item.name, names)
        if (
            again
            and not design.repeats_somewhere(item.name)
            and len(design.visits_of(item.name)) < 2
            and design.by_instrument.get(item.name)
        ):
            yield Found(
                f"instrument/{encoded(item.name)}",
                f'Instrument {item.name} is for "{again}" and does not repeat.',
                item.at,
                "List it under `repeat:`.",
            )
    for visit in design.visits:
        again = said(visit.name, names)
        if again and not visit.repeats_whole and not visit.repeating:
            clause = f'is for "{again}" and nothing on it repeats'
            yield at_visit(design, visit, clause, "Write `repeat: true` at the event.")


@rule("RP005", Severity.WARNING)
def same_label_for_all(design: Design, _settings: Settings) -> Iterator[Found]:
    """The label of instances shows nothing that is on the instrument.

    Why: It reads the same for every instance, so that it does not tell them apart.

    Bad:
        instruments:
          - instrument: base
            fields:
              record_id: {type: text, label: "Record ID"}
              enrolled: {type: text, label: "Enrolled on"}
          - {instrument: drugs, fields: {drug: {type: text, label: "Drug"}}}
        repeat: {drugs: "Since [enrolled]"}
    Good:
        instruments:
          - instrument: base
            fields:
              record_id: {type: text, label: "Record ID"}
              enrolled: {type: text, label: "Enrolled on"}
          - {instrument: drugs, fields: {drug: {type: text, label: "Drug"}}}
        repeat: {drugs: "[drug]"}
    Instead: Show a field of the instrument itself.
    """
    for one in design.repeats:
        if not one.instrument or not one.label.strip():
            continue
        nodes = [found.node for found in piped(one.label)]
        names = [node.field for node in nodes if isinstance(node, Reference)]
        on = {design.instrument_of(name) for name in names}
        is_smart = any(not isinstance(node, Reference) for node in nodes)
        # a name that is no field may be a slip for one of its own: another rule's business
        if one.instrument not in on and None not in on and not is_smart:
            shown = f"shows {in_words(names, 'and')}" if names else "shows no field"
            yield _at(
                one,
                f"The label of instances of {one.instrument} {shown}, so that all of them read"
                " alike.",
                f"Show a field of {one.instrument}.",
            )


@rule("RP008", Severity.NOTE, profiles=BEFORE_PRODUCTION)
def repeats_in_one_arm(design: Design, _settings: Settings) -> Iterator[Found]:
    """An instrument repeats on an event, and not on the event of the same name in another arm.

    Why: In the other arm the second entry has no place; and the data of one visit come in two
    shapes, with a number of the instance and without.

    Bad:
        instruments:
          - {instrument: base, fields: {record_id: {type: text, label: "Record ID"}}}
          - {instrument: drugs, fields: {drug: {type: text, label: "Drug"}}}
        arms:
          - number: 1
            events: [{name: Week 4, instruments: [base, drugs], repeat: {drugs: "[drug]"}}]
          - {number: 2, events: [{name: Week 4, instruments: [base, drugs]}]}
    Good:
        instruments:
          - {instrument: base, fields: {record_id: {type: text, label: "Record ID"}}}
          - {instrument: drugs, fields: {drug: {type: text, label: "Drug"}}}
        arms:
          - number: 1
            events: [{name: Week 4, instruments: [base, drugs], repeat: {drugs: "[drug]"}}]
          - {number: 2, events_from: 1}
    Instead: Let it repeat in both; `events_from:` keeps arms alike.
    """
    first: dict[str, Visit] = {}
    for visit in design.visits:
        other = first.setdefault(folded(visit.name), visit)
        if other.arm == visit.arm:
            continue
        for name in visit.instruments:
            if name in other.instruments and visit.repeats(name) != other.repeats(name):
                here, there = (visit, other) if visit.repeats(name) else (other, visit)
                yield at_visit(
                    design,
                    there,
                    f"has {name} once, and it repeats in arm {here.arm}",
                    "Let it repeat in both arms.",
                )


@rule("RP009", Severity.NOTE)
def labels_differ(design: Design, _settings: Settings) -> Iterator[Found]:
    """The instances of an instrument have different labels on different events.

    Why: The same list reads differently from visit to visit; mostly one was changed and the other
    forgotten.

    Bad:
        instruments:
          - {instrument: base, fields: {record_id: {type: text, label: "Record ID"}}}
          - {instrument: drugs, fields: {drug: {type: text, label: "Drug"}}}
        arms:
          - number: 1
            events:
              - {name: Baseline, instruments: [base, drugs], repeat: {drugs: "[drug]"}}
              - {name: Week 4, instruments: [drugs], repeat: [drugs]}
    Good:
        instruments:
          - {instrument: base, fields: {record_id: {type: text, label: "Record ID"}}}
          - {instrument: drugs, fields: {drug: {type: text, label: "Drug"}}}
        arms:
          - number: 1
            events:
              - {name: Baseline, instruments: [base, drugs], repeat: {drugs: "[drug]"}}
              - {name: Week 4, instruments: [drugs], repeat: {drugs: "[drug]"}}
    Instead: Give them one label.
    """
    first: dict[str, Repeat] = {}
    for one in design.repeats:
        other = first.setdefault(one.instrument, one)
        if one.instrument and one.label.strip() != other.label.strip():
            mine, before = (f'"{x.label.strip()}"' if x.label.strip() else "nothing"
                            for x in (one, other))  # fmt: skip
            yield _at(
                one,
                f"Instances of {one.instrument} are labelled {mine} here and {before} on another"
                " event.",
                "Give them one label.",
            )


def _at(one: Repeat, message: str, advice: str) -> Found:
    return Found(kind_named("repeating").address(one), message, one.at, advice)
