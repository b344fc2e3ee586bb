"""CH: lists of choices that cannot be answered the way they are meant."""

from __future__ import annotations

from collections.abc import Iterator

from redcap_iac.design import Design
from redcap_iac.findings import Severity
from redcap_iac.kinds.dictionary.choices import slider_labels
from redcap_iac.kinds.dictionary.field import CHOICES, VALIDATION
from redcap_iac.lint.rule import Found, rule
from redcap_iac.lint.rules.coded import coded_fields
from redcap_iac.lint.rules.wording import (
    BEFORE_PRODUCTION,
    at_field,
    plain,
    short,
)
from redcap_iac.lint.settings import Settings


@rule("CH004", Severity.WARNING)
def label_twice(design: Design, _settings: Settings) -> Iterator[Found]:
    """Two choices of a field have the same label.

    Why: Nobody can tell which one to take, so that both are taken.

    Bad:
        fields:
          site: {type: dropdown, label: "Site", choices: {1: "Lyon", 2: "Lyon"}}
    Good:
        fields:
          site: {type: dropdown, label: "Site", choices: {1: "Lyon, North", 2: "Lyon, South"}}
    Instead: Say how they differ, or take one out.
    """
    for field, choices in coded_fields(design):
        first: dict[str, str] = {}
        again: list[tuple[str, str]] = []
        for code, label in choices:
            text = plain(label).casefold()
            other = first.setdefault(text, code)
            if text and other != code:
                again.append((f'"{short(label)}"', f"for {short(other)} and {short(code)}"))
        if again:
            yield at_field(
                field,
                CHOICES,
                f"has the label {again[0][0]} twice, {again[0][1]}"
                if len(again) == 1
                else f"has {len(again)} labels twice, such as {again[0][0]} {again[0][1]}",
                "Say how they differ, or take one out.",
            )


@rule("CH012", Severity.WARNING)
def labels_of_a_slider(design: Design, _settings: Settings) -> Iterator[Found]:
    """A slider has more than three labels.

    There is one for the left end, the middle and the right end (documented).

    Why: What is too much is not shown, or stands where it means another value.

    Bad:
        fields:
          pain: {type: slider, label: "Pain", choices: "none | little | some | much | worst"}
    Good:
        fields:
          pain: {type: slider, label: "Pain", slider: {left: none, middle: some, right: worst}}
    Instead: Keep three, or use a radio for named steps.
    """
    for field in design.fields:
        text: str = getattr(field, CHOICES)
        if field.field_type == "slider" and text and slider_labels(text) is None:
            yield at_field(
                field,
                CHOICES,
                f"has {text.count('|') + 1} labels, and a slider shows three",
                "Keep three, or use a radio for named steps.",
            )


@rule("CH024", Severity.NOTE, profiles=BEFORE_PRODUCTION)
def slider_without_labels(design: Design, _settings: Settings) -> Iterator[Found]:
    """A slider has no labels.

    Why: Nobody knows which end is the worst, so that some answers are the wrong way round.

    Bad:
        fields:
          pain: {type: slider, label: "How strong is the pain?"}
    Good:
        fields:
          pain:
            type: slider
            label: "How strong is the pain?"
            slider: {left: "no pain", right: "worst pain"}
    Instead: Name both ends.
    """
    for field in design.fields:
        if field.field_type == "slider" and not getattr(field, CHOICES).strip(" |"):
            yield at_field(field, CHOICES, "is a slider without labels", "Name both ends.")


@rule("CH013", Severity.NOTE)
def long_list(design: Design, settings: Settings) -> Iterator[Found]:
    """A long list of choices cannot be searched.

    The setting `long_list` is 100 choices.

    Why: People scroll, give up and take the nearest. With autocomplete they type three letters.

    Bad:
        lint: {settings: {long_list: 1}}
        instruments:
          - instrument: form
            fields:
              record_id: {type: text, label: "Record ID"}
              country: {type: dropdown, label: "Country", choices: {1: "Chad", 2: "Chile"}}
    Good:
        lint: {settings: {long_list: 1}}
        instruments:
          - instrument: form
            fields:
              record_id: {type: text, label: "Record ID"}
              country:
                type: dropdown
                label: "Country"
                autocomplete: true
                choices: {1: "Chad", 2: "Chile"}
    Instead: Make it a dropdown with `autocomplete: true`.
    """
    most = settings.number("long_list", 100)
    for field, choices in coded_fields(design, "radio", "dropdown"):
        if len(choices) > most and getattr(field, VALIDATION).strip() != "autocomplete":
            yield at_field(
                field,
                CHOICES,
                f"has {len(choices)} choices and no autocomplete",
                "Make it a dropdown with `autocomplete: true`.",
            )


@rule("CH017", Severity.NOTE, profiles=BEFORE_PRODUCTION)
def single_choice(design: Design, _settings: Settings) -> Iterator[Found]:
    """A radio or dropdown has a single choice.

    Why: It can be answered in one way only, and a radio once touched is hard to leave empty again:
    nothing can be concluded from the answer.

    Bad:
        fields:
          agrees: {type: radio, label: "I agree", choices: {1: "Yes"}}
    Good:
        fields:
          agrees: {type: checkbox, label: "Consent", choices: {1: "I agree"}}
    Instead: Use a checkbox, or give the other answer too.
    """
    for field, choices in coded_fields(design, "radio", "dropdown"):
        if len(choices) == 1:
            yield at_field(
                field,
                CHOICES,
                f'has a single choice, "{short(choices[0][1])}"',
                "Use a checkbox, or give the other answer too.",
            )


@rule("CH018", Severity.WARNING)
def blank_label(design: Design, _settings: Settings) -> Iterator[Found]:
    """A choice has a code and no label.

    A scale of which only the ends are named is let off, and a single choice, which the label of
    the field explains.

    Why: On the form there is a circle with nothing beside it.

    Bad:
        fields:
          sex: {type: radio, label: "Sex", choices: "1, Female | 2,"}
    Good:
        fields:
          sex: {type: radio, label: "Sex", choices: "1, Female | 2, Male"}
    Instead: Write the label.
    """
    for field, choices in coded_fields(design):
        blank = [code for code, label in choices if code and not label]
        is_scale = len(choices) > 2 and bool(choices[0][1]) and bool(choices[-1][1])
        if blank and len(choices) > 1 and not (is_scale and len(blank) == len(choices) - 2):
            yield at_field(
                field,
                CHOICES,
                f"has the choice {short(blank[0])} without a label"
                if len(blank) == 1
                else f"has {len(blank)} choices without a label, such as {short(blank[0])}",
                "Write the label.",
            )
