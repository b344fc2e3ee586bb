"""CH: answers that exclude each other and can be given together, or cannot be given at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from redcap_iac.design import Design, Purpose
from redcap_iac.findings import Severity
from redcap_iac.kinds.dictionary.choices import Pairs
from redcap_iac.kinds.dictionary.field import CHOICES, VALIDATION
from redcap_iac.lint.rule import Found, rule
from redcap_iac.lint.rules.coded import coded_fields
from redcap_iac.lint.rules.wording import BEFORE_PRODUCTION, at_field, folded, plain, short
from redcap_iac.lint.settings import Settings

_RANGE = re.compile(
    r"(?<![\d.\-–])(\d{1,9}(?:\.\d{1,9})?) ?(?:-|–|to) ?(\d{1,9}(?:\.\d{1,9})?)(?!\.?\d| ?[-–])"
)
_OTHER = re.compile(r"others?( s)?( (please |pls )?(specify|describe|explain|state|list)( .*)?)?")
_NONE = re.compile(r"none( of (the|these)( above| following)?( .*)?)?")


@rule("CH020", Severity.WARNING)
def yes_and_no_to_tick(design: Design, _settings: Settings) -> Iterator[Found]:
    """A checkbox offers Yes and No.

    Why: Both can be ticked, and neither: four answers to a question that has two.

    Bad:
        fields:
          smokes: {type: checkbox, label: "Do you smoke?", choices: {1: "Yes", 0: "No"}}
    Good:
        fields:
          smokes: {type: yesno, label: "Do you smoke?"}
    Instead: Use yesno, or a radio.
    """
    for field, choices in coded_fields(design, "checkbox"):
        labels = {folded(label) for _, label in choices}
        if {"yes", "no"} <= labels:
            yield at_field(
                field,
                "field_type",
                "is a checkbox in which Yes and No can both be ticked",
                "Use yesno, or a radio.",
            )


@rule("CH021", Severity.NOTE, profiles=BEFORE_PRODUCTION)
def none_of_the_above(design: Design, _settings: Settings) -> Iterator[Found]:
    """A checkbox offers "None of the above" beside everything else.

    Why: It is ticked together with what is above. `@NONEOFTHEABOVE` takes the other ticks away.

    Bad:
        fields:
          ill: {type: checkbox, label: "Illnesses", choices: {1: "Asthma", 0: "None of the above"}}
    Good:
        fields:
          ill:
            type: checkbox
            label: "Illnesses"
            choices: {1: "Asthma", 0: "None of the above"}
            annotation: "@NONEOFTHEABOVE='0'"
    Instead: Add `@NONEOFTHEABOVE` with the code to the annotation.
    """
    for field, choices in coded_fields(design, "checkbox"):
        none = next((one for one in choices if _NONE.fullmatch(folded(one[1]))), None)
        tags = field.field_annotation.upper().replace(" ", "")
        held = "@NONEOFTHEABOVE" in tags or re.search(r"@MAXCHECKED=1\b", tags)
        if none is not None and len(choices) > 1 and not held:
            yield at_field(
                field,
                CHOICES,
                f'lets "{short(none[1])}" be ticked together with the others',
                f"Add `@NONEOFTHEABOVE='{short(none[0])}'` to the annotation.",
            )


@rule("CH022", Severity.NOTE, profiles=BEFORE_PRODUCTION)
def other_without_text(design: Design, _settings: Settings) -> Iterator[Found]:
    """A list offers "Other", and nowhere can it be said what.

    A text that is shown by this field, or stands next to it, is enough.

    Why: What was meant is lost. People write it into the comments, or take a choice that is wrong.

    Bad:
        fields:
          drug: {type: radio, label: "Drug", choices: {1: "Aspirin", 9: "Other"}}
          dose: {type: text, label: "Dose", validation: number}
    Good:
        fields:
          drug: {type: radio, label: "Drug", choices: {1: "Aspirin", 9: "Other"}}
          drug_other: {type: text, label: "Which drug?", branching: "[drug] = '9'"}
    Instead: Add a text that is shown when Other is chosen.
    """
    showing = {
        reference.field.lower()
        for site in design.sites
        if site.purpose is Purpose.BRANCHING and site.field is not None
        if site.field.field_type in ("text", "notes")
        for reference in site.references
    }
    after = {
        field.field_name: following
        for field, following in zip(design.fields, design.fields[1:], strict=False)
    }
    for field, choices in coded_fields(design):
        other = next((label for _, label in choices if _OTHER.fullmatch(folded(label))), "")
        if not other or field.field_name.lower() in showing or field.matrix_group_name:
            continue
        following = after.get(field.field_name)
        if following is None or following.field_type not in ("text", "notes") or getattr(
            following, VALIDATION
        ):  # fmt: skip
            yield at_field(
                field,
                CHOICES,
                f'offers "{short(other)}", and no text asks what',
                "Add a text that is shown when it is chosen.",
            )


@rule("CH023", Severity.WARNING)
def overlapping_ranges(design: Design, _settings: Settings) -> Iterator[Found]:
    """The ranges of two choices overlap.

    Found are radios and dropdowns with labels that differ in their numbers alone; years are let
    off, and ranges with a unit that only touch, such as "1-2 hours" and "2-3 hours".

    Why: Somebody who is 25 fits "18-25" and "25-35": the answers cannot be counted.

    Bad:
        fields:
          age: {type: radio, label: "Age", choices: {1: "18-25", 2: "25-35"}}
    Good:
        fields:
          age: {type: radio, label: "Age", choices: {1: "18-24", 2: "25-35"}}
    Instead: Let one end before the other begins.
    """
    for field, choices in coded_fields(design, "radio", "dropdown"):
        ranges = sorted(_ranges(choices))
        for (_, high, one), (low, _, other) in pairwise(ranges):
            if _without_numbers(one) == _without_numbers(other) and (
                low < high or (low == high and not _without_numbers(one))
            ):  # fmt: skip
                yield at_field(
                    field,
                    CHOICES,
                    f'has choices that overlap, "{short(one)}" and "{short(other)}"',
                    "Let one end before the other begins.",
                )
                break


def _without_numbers(label: str) -> str:
    """Return what a range says beside its numbers: the unit, or nothing."""
    return " ".join(re.findall(r"[^\W\d_]+", plain(label).casefold().replace(" to ", " ")))


def _ranges(choices: Pairs) -> Iterator[tuple[float, float, str]]:
    for _, label in choices:
        found = _RANGE.findall(plain(label))
        if len(found) == 1:
            low, high = float(found[0][0]), float(found[0][1])
            if low < high and not 1900 <= low <= 2100 and ":" not in label:
                yield low, high, label
