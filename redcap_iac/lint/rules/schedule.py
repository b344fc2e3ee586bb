"""LO: events and arms, what stands on them and what they are called."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from redcap_iac.design import Design, predicted_name
from redcap_iac.findings import Severity
from redcap_iac.kinds import kind_named
from redcap_iac.kinds.kind import encoded
from redcap_iac.lint.rule import Found, rule
from redcap_iac.lint.rules.visits import at_visit, by_arm
from redcap_iac.lint.rules.wording import folded
from redcap_iac.lint.settings import Settings

_ARM = re.compile(r"\barm\s*#?\s*(\d+)\b", re.IGNORECASE)
#: A minus is one only where no word stands before it: `Day -7`, but not `Visit-2`.
_NUMBERED = re.compile(r"(?P<before>.*?)(?P<number>(?<![^\s(])-?\d+(?:\.\d+)?|\d+)(?P<after>.*)")


@rule("LO001", Severity.WARNING)
def instrument_on_no_event(design: Design, _settings: Settings) -> Iterator[Found]:
    """An instrument stands on no event.

    Why: Nobody can open it, in any record; exports have its columns, always blank.

    Bad:
        instruments:
          - {instrument: base, fields: {record_id: {type: text, label: "Record ID"}}}
          - {instrument: diary, fields: {slept: {type: yesno, label: "Slept well?"}}}
        arms: [{number: 1, events: [{name: Baseline, instruments: [base]}]}]
    Good:
        instruments:
          - {instrument: base, fields: {record_id: {type: text, label: "Record ID"}}}
          - {instrument: diary, fields: {slept: {type: yesno, label: "Slept well?"}}}
        arms: [{number: 1, events: [{name: Baseline, instruments: [base, diary]}]}]
    Instead: List it under `instruments:` of the events where it is filled in, or take it out.
    """
    if not design.is_longitudinal or not design.knows_designations:
        return
    for name in design.instruments:
        if not design.visits_of(name):
            yield Found(
                f"instrument/{encoded(name)}",
                f"Instrument {name} stands on no event, so nobody can open it.",
                advice="List it under `instruments:` of an event, or take it out.",
            )


@rule("LO002", Severity.WARNING)
def event_without_instrument(design: Design, _settings: Settings) -> Iterator[Found]:
    """An event has no instrument.

    Why: It is a column of the schedule in which nothing can be entered, and every export and every
    record's page has to be read around it.

    Bad:
        instruments:
          - {instrument: base, fields: {record_id: {type: text, label: "Record ID"}}}
        arms:
          - number: 1
            events: [{name: Baseline, instruments: [base]}, {name: Week 4}]
    Good:
        instruments:
          - {instrument: base, fields: {record_id: {type: text, label: "Record ID"}}}
        arms:
          - number: 1
            events: [{name: Baseline, instruments: [base]}, {name: Week 4, instruments: [base]}]
    Instead: Say what is filled in there, or take the event out.
    """
    if not design.knows_designations:
        return
    for visit in design.visits:
        if not visit.instruments:
            yield at_visit(
                design, visit, "has no instrument", "Say what is filled in there, or take it out."
            )


@rule("LO005", Severity.NOTE)
def events_of_one_name(design: Design, _settings: Settings) -> Iterator[Found]:
    """Two events of an arm have the same name.

    Unique names tell them apart for logic and exports; without those `validate` refuses them.

    Why: People choose an event by its name: on the record's page both columns read alike.

    Bad:
        arms:
          - number: 1
            events:
              - {name: Visit, unique_name: visit_arm_1}
              - {name: Visit, unique_name: visit_arm_1b}
    Good:
        arms:
          - number: 1
            events:
              - {name: Visit 1, unique_name: visit_1_arm_1}
              - {name: Visit 2, unique_name: visit_2_arm_1}
    Instead: Give each its own name; REDCap then makes new unique names, which logic must follow.
    """
    for visits in by_arm(design):
        times = Counter(folded(visit.name) for visit in visits)
        for visit in visits:
            if times[folded(visit.name)] > 1:
                yield at_visit(
                    design,
                    visit,
                    f"has the same name as another: only {visit.unique_name} tells it apart",
                    "Give each its own name.",
                )


@rule("LO013", Severity.WARNING)
def arms_of_one_name(design: Design, _settings: Settings) -> Iterator[Found]:
    """Two arms have the same name.

    Why: Whoever adds a record chooses its arm by the name, and a record in the wrong arm has to be
    entered anew.

    Bad:
        arms:
          - {number: 1, name: Control, events: [{name: Baseline}]}
          - {number: 2, name: Control, events: [{name: Baseline}]}
    Good:
        arms:
          - {number: 1, name: Intervention, events: [{name: Baseline}]}
          - {number: 2, name: Control, events: [{name: Baseline}]}
    Instead: Name them apart; the name of an arm may change freely.
    """
    first: dict[str, int] = {}
    for arm in design.arms:
        other = first.setdefault(folded(arm.name), arm.number)
        if other != arm.number and arm.name.strip():
            yield Found(
                kind_named("arms").address(arm),
                f'Arm {arm.number} is called "{arm.name.strip()}" like arm {other}.',
                arm.at,
                "Name them apart.",
            )


@rule("LO014", Severity.NOTE)
def numbers_out_of_order(design: Design, _settings: Settings) -> Iterator[Found]:
    """Events that are numbered do not stand in the order of their numbers.

    Compared are names that are equal but for the number, within an arm.

    Why: The order of events is that of the columns on a record's page, and what
    `[previous-event-name]` and `[next-event-name]` go by.

    Bad:
        arms: [{number: 1, events: [{name: Week 8}, {name: Week 4}]}]
    Good:
        arms: [{number: 1, events: [{name: Week 4}, {name: Week 8}]}]
    Instead: Put them in the order of time.
    """
    for visits in by_arm(design):
        last: dict[tuple[str, str], tuple[float, str]] = {}
        for visit in visits:
            match = _NUMBERED.fullmatch(visit.name.strip())
            if match is None:
                continue
            stem = (folded(match["before"]), folded(match["after"]))
            number = float(match["number"])
            before = last.get(stem)
            last[stem] = (number, visit.name.strip())
            if before is not None and number < before[0]:
                yield at_visit(
                    design, visit, f'stands after "{before[1]}"', "Put them in the order of time."
                )


@rule("LO016", Severity.NOTE)
def names_alike_when_cut(design: Design, _settings: Settings) -> Iterator[Found]:
    """Two events of an arm are told apart by a single letter in their unique names.

    REDCap makes the unique name from the first 18 letters, digits and blanks of the name, and adds
    a letter where that name is taken (recorded). What it will be is foreseen here.

    Why: `[followup_telephone_arm_1b]` in logic tells nobody which visit is meant, and which event
    gets the letter depends on which is made first.

    Bad:
        arms:
          - number: 1
            events: [{name: Follow-up telephone call A}, {name: Follow-up telephone call B}]
    Good:
        arms: [{number: 1, events: [{name: Call A}, {name: Call B}]}]
    Instead: Put what differs at the beginning: `Call 2, follow-up`.
    """
    for visit in design.visits:
        alone = predicted_name(visit.name, visit.arm)
        if visit.is_predicted and alone != visit.unique_name:
            yield at_visit(
                design,
                visit,
                f"begins like another, so that it would be {visit.unique_name} and that one"
                f" {alone}",
                "Put what differs into the first 18 letters.",
            )


@rule("LO017", Severity.WARNING)
def another_arms_number(design: Design, _settings: Settings) -> Iterator[Found]:
    """The name of an event says another arm than the one it stands in.

    Why: It was copied with its name, and data are entered into the wrong arm.

    Bad:
        arms:
          - {number: 1, events: [{name: Baseline (arm 1)}]}
          - {number: 2, events: [{name: Baseline (arm 1)}]}
    Good:
        arms:
          - {number: 1, events: [{name: Baseline}]}
          - {number: 2, events: [{name: Baseline}]}
    Instead: Leave the arm out of the name: REDCap shows it beside.
    """
    numbers = {arm.number for arm in design.arms}
    for visit in design.visits:
        named = {int(number) for number in _ARM.findall(visit.name)}
        if named & numbers and visit.arm not in named:
            yield at_visit(
                design, visit, f"stands in arm {visit.arm}", "Leave the arm out of the name."
            )
