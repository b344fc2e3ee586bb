"""Names in logic that mean nothing: fields, events, functions, smart variables, modifiers."""

from __future__ import annotations

from collections.abc import Iterator

from redcap_iac.design import Design, Purpose
from redcap_iac.findings import Severity
from redcap_iac.lint.rule import Found, rule
from redcap_iac.lint.rules.logic_remarks import EXPRESSIONS, at_site, expressions, mistaken
from redcap_iac.lint.settings import Settings
from redcap_iac.logic import Reference, SmartVariable
from redcap_iac.logic.piping import MODIFIERS
from redcap_iac.logic.smart_variables import Parameter, nearest_smart_variable, smart_sort
from redcap_iac.logic.types_mistakes import Mistake
from redcap_iac.suggestions import did_you_mean, in_words

#: What `validate` looks at itself.
_VALIDATED = frozenset({Purpose.BRANCHING, Purpose.CALCULATION})


@rule("LG001", Severity.WARNING)
def unknown_field_in_tag(design: Design, _: Settings) -> Iterator[Found]:
    """The logic of an action tag names a field that is not there.

    Why: REDCap does not check what stands in action tags, so that `@IF` chooses wrongly and
    `@CALCTEXT` stays blank without a word. Branching logic and calculations are checked by
    `validate`.

    Bad:
        fields:
          sex: {type: radio, label: Sex, choices: {1: Male, 2: Female}}
          note: {type: text, label: Note, annotation: "@CALCTEXT(if([gender] = '1', 'm', 'f'))"}

    Good:
        fields:
          sex: {type: radio, label: Sex, choices: {1: Male, 2: Female}}
          note: {type: text, label: Note, annotation: "@CALCTEXT(if([sex] = '1', 'm', 'f'))"}

    Instead: Write the name of a field of the project.
    """
    for site in expressions(design):
        if site.purpose in _VALIDATED:
            continue
        for name in dict.fromkeys(reference.field for reference in site.references):
            if design.instrument_of(name) is None:
                advice = did_you_mean(name, (field.field_name for field in design.fields))
                yield at_site(site, f"names {name}, which is not a field", advice)


@rule("LG002", Severity.WARNING)
def unknown_event(design: Design, _: Settings) -> Iterator[Found]:
    """Logic or piping names an event that is not there.

    Why: What is asked of an event that does not exist is always blank.

    Bad:
        instruments:
          - instrument: form
            fields:
              record_id: {type: text, label: Record ID}
              weight: {type: text, label: Weight}
              lost: {type: text, label: Lost, branching: "[basline_arm_1][weight] <> ''"}
        arms: [{number: 1, name: Arm, events: [{name: Baseline, instruments: [form]}]}]

    Good:
        instruments:
          - instrument: form
            fields:
              record_id: {type: text, label: Record ID}
              weight: {type: text, label: Weight}
              lost: {type: text, label: Lost, branching: "[baseline_arm_1][weight] <> ''"}
        arms: [{number: 1, name: Arm, events: [{name: Baseline, instruments: [form]}]}]

    Instead: Write the unique name of an event, or `[first-event-name]` and the like.
    """
    if not design.is_longitudinal:
        return
    known = [visit.unique_name for visit in design.visits]
    for site in design.sites:
        nodes: tuple[Reference | SmartVariable, ...] = (*site.references, *site.smart_variables)
        if site.purpose not in EXPRESSIONS:
            # in a text for people only a field that is there makes its brackets more than text
            nodes = tuple(one for one in site.references if design.instrument_of(one.field))
        for name in dict.fromkeys(node.event for node in nodes if node.event):
            if "-" not in name and design.visit(name) is None:
                advice = did_you_mean(name, known) or f"There are {in_words(known[:10], 'and')}."
                yield at_site(site, f"names the event {name}, which is not there", advice)


@rule("LG029", Severity.WARNING)
def modifier_without_effect(design: Design, _: Settings) -> Iterator[Found]:
    """A word after a colon is none that REDCap knows, or fits another type of field.

    Why: `[sex:lable]` shows the code, not the label; `[age:checked]` shows nothing useful.

    Bad:
        fields:
          sex: {type: radio, label: Sex, choices: {1: Male, 2: Female}}
          note: {type: text, label: "More about [sex:lable]"}

    Good:
        fields:
          sex: {type: radio, label: Sex, choices: {1: Male, 2: Female}}
          note: {type: text, label: "More about [sex:label]"}

    Instead: Use one of value, label, checked, unchecked, inline, link, ampm and the like, on a
    field it fits.
    """
    for site in design.sites:
        if site.purpose is Purpose.EMBEDDING:
            continue
        for reference in site.references:
            for word in reference.modifiers:
                problem = _misfit(design, reference, word, certain=site.purpose in EXPRESSIONS)
                if problem is not None:
                    yield at_site(site, *problem)


def _misfit(
    design: Design, reference: Reference, word: str, *, certain: bool
) -> tuple[str, str] | None:
    """Return clause and advice for a modifier; in a text for people `[note: later]` is text."""
    modifier = MODIFIERS.get(word.lower())
    field = design.field(reference.field)
    if field is None:
        return None
    if modifier is None:
        near = did_you_mean(word, MODIFIERS)
        if not near and not certain:
            return None
        return f"writes [{reference.field}:{word}], and there is no modifier {word}", near
    if modifier.fits(field.field_type, design.validation(reference.field)):
        return None
    kind = design.validation(reference.field) or field.field_type
    clause = f"writes [{reference.field}:{word}], but {reference.field} is of type {kind}"
    return clause, "Leave the modifier out, or name the field it is meant for."


@rule("LG031", Severity.WARNING)
def unknown_smart_variable(design: Design, _: Settings) -> Iterator[Found]:
    """A smart variable is misspelt.

    Why: REDCap takes it for text and shows or compares the brackets as they are.

    Bad:
        fields:
          hint: {type: descriptive, label: "You are in [user-dagname]."}

    Good:
        fields:
          hint: {type: descriptive, label: "You are in [user-dag-name]."}

    Instead: Write the name as in REDCap's list of smart variables.
    """
    for site in design.sites:
        nodes: tuple[Reference | SmartVariable, ...] = (*site.references, *site.smart_variables)
        names = [node.event for node in nodes] + [node.instance for node in nodes]
        names += [node.name for node in site.smart_variables]
        for name in dict.fromkeys(name for name in names if name and "-" in name):
            near = nearest_smart_variable(name)
            # in a text for people [follow-up] is text: only a near miss is certain
            if smart_sort(name) is None and (near or site.purpose in EXPRESSIONS):
                advice = near or "Newer versions of REDCap may have more of them."
                yield at_site(site, f"uses [{name}], which is no smart variable", advice)


@rule("LG040", Severity.WARNING)
def unknown_parameter(design: Design, _: Settings) -> Iterator[Found]:
    """A smart variable is given an instrument or a field that is not there, or not what it needs.

    Why: REDCap shows nothing, or the brackets as they are.

    Bad:
        fields:
          hint: {type: descriptive, label: "Go on: [survey-link:follow_up]"}

    Good:
        fields:
          hint: {type: descriptive, label: "Go on: [survey-link:form]"}

    Instead: Write the unique name of an instrument, or the name of a field.
    """
    for site in design.sites:
        for node in dict.fromkeys(site.smart_variables):
            known = smart_sort(node.name)
            if known is None:
                continue
            if len(node.arguments) < known.minimum:
                clause = f"uses [{node.name}] without what it needs"
                yield at_site(site, clause, f"It takes {known.takes[0].value}.")
            for sort, text in known.read(node.arguments):
                # [form-url:instrument] in a text for people explains the variable
                if sort is None or (text == sort.value and site.tag is None):
                    continue
                noun = "instrument" if sort is Parameter.INSTRUMENT else "field"
                for name in _absent(design, sort, text):
                    clause = f"gives [{node.name}] the {noun} {name}, which is not there"
                    known_names = [*design.instruments, *(f.field_name for f in design.fields)]
                    yield at_site(site, clause, did_you_mean(name, known_names))


def _absent(design: Design, sort: Parameter, text: str) -> Iterator[str]:
    if sort is Parameter.INSTRUMENT and text.strip().lower() not in design.instruments:
        yield text
    elif sort is Parameter.FIELDS:
        for name in text.split(","):
            if design.instrument_of(name.strip()) is None:
                yield name.strip()


@rule("LG032", Severity.WARNING)
def unknown_function(design: Design, settings: Settings) -> Iterator[Found]:
    """An expression calls a function that REDCap does not have.

    Why: The whole expression then has no result: the field is blank, or its logic an error on the
    page.

    Bad:
        fields:
          a: {type: text, validation: number, label: A}
          b: {type: calc, label: B, calculation: "average([a], 2)"}

    Good:
        fields:
          a: {type: text, validation: number, label: A}
          b: {type: calc, label: B, calculation: "mean([a], 2)"}

    Instead: Use a function of REDCap's list.
    """
    yield from mistaken(design, settings, Mistake.UNKNOWN_FUNCTION)


@rule("LG033", Severity.WARNING)
def argument_count(design: Design, settings: Settings) -> Iterator[Found]:
    """A function is called with too few or too many arguments.

    Why: REDCap cannot work the expression out: the field is blank, or its logic an error.

    Bad:
        fields:
          a: {type: text, validation: number, label: A}
          b: {type: calc, label: B, calculation: "if([a] > 5, 1)"}

    Good:
        fields:
          a: {type: text, validation: number, label: A}
          b: {type: calc, label: B, calculation: "if([a] > 5, 1, 0)"}

    Instead: Look for a comma or parenthesis in the wrong place.
    """
    yield from mistaken(design, settings, Mistake.ARGUMENT_COUNT)
