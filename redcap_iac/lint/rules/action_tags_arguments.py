"""What action tags are given: codes of the field, numbers, three arguments of @CALCDATE."""

from __future__ import annotations

import re
from collections.abc import Iterator

from redcap_iac.design import Design
from redcap_iac.findings import Severity
from redcap_iac.lint.rule import Found, rule
from redcap_iac.lint.rules.action_tags import COLUMN, working_tags
from redcap_iac.lint.rules.wording import at_field, short
from redcap_iac.lint.settings import Settings
from redcap_iac.logic.action_tags import Form, Tag
from redcap_iac.logic.functions import DATEDIFF_UNITS
from redcap_iac.logic.tag_table import Takes, tag_sort
from redcap_iac.suggestions import first_in_words, in_words

_HIDING = frozenset(("HIDECHOICE", "SHOWCHOICE", "NONEOFTHEABOVE"))
_FILLING = frozenset(("DEFAULT", "SETVALUE", "PREFILL"))
_CHOICES = frozenset(("radio", "dropdown", "checkbox", "yesno", "truefalse"))
_UNIT = re.compile(r"""["']([^"']*)["']""")


@rule("AT003", Severity.WARNING)
def calcdate_arguments(design: Design, _: Settings) -> Iterator[Found]:
    """`@CALCDATE` is not given a date, an amount and a unit.

    Why: The field stays blank.

    Bad:
        fields:
          seen: {type: text, validation: date_ymd, label: Seen}
          due: {type: text, validation: date_ymd, label: Due, annotation: "@CALCDATE([seen], 7)"}

    Good:
        fields:
          seen: {type: text, validation: date_ymd, label: Seen}
          due:
            {type: text, validation: date_ymd, label: Due, annotation: "@CALCDATE([seen], 7, 'd')"}

    Instead: Write `@CALCDATE(date, amount, 'd')` with a unit of datediff.
    """
    for field, tag in working_tags(design):
        if tag.name != "CALCDATE" or not tag.closed:
            continue
        units = in_words(list(DATEDIFF_UNITS))
        advice = f"Write @CALCDATE(date, amount, 'd'); units are {units}."
        if len(tag.arguments) != 3:
            message = f"gives @CALCDATE {len(tag.arguments)} of 3 arguments"
            yield at_field(field, COLUMN, message, advice)
        elif (unit := _UNIT.fullmatch(tag.arguments[2].text)) and not _is_unit(unit[1]):
            message = f'gives @CALCDATE the unit "{unit[1]}", which it does not know'
            yield at_field(field, COLUMN, message, advice)


def _is_unit(text: str) -> bool:
    return text in DATEDIFF_UNITS or text.lower() in DATEDIFF_UNITS


@rule("AT005", Severity.WARNING)
def hidden_choice_unknown(design: Design, _: Settings) -> Iterator[Found]:
    """A tag hides, shows or singles out a choice that the field does not have.

    Why: The code was renumbered or mistyped: the choice that is meant stays as it is.

    Bad:
        fields:
          a: {type: radio, label: A, choices: {1: One, 2: Two}, annotation: "@HIDECHOICE='3'"}

    Good:
        fields:
          a: {type: radio, label: A, choices: {1: One, 2: Two}, annotation: "@HIDECHOICE='2'"}

    Instead: Name codes of the field, with commas between them.
    """
    for field, tag in working_tags(design):
        if tag.name in _HIDING and tag.arguments:
            yield from _codes_of(design, field.field_name, tag, tag.arguments[0].text.split(","))
        elif tag.name == "MAXCHOICE":
            codes = [part.text.partition("=")[0] for part in tag.arguments]
            yield from _codes_of(design, field.field_name, tag, codes)


@rule("AT011", Severity.WARNING)
def default_unknown(design: Design, _: Settings) -> Iterator[Found]:
    """A choice field is set to something that is none of its codes.

    Why: Nothing is chosen then. Often the label stands there in place of the code.

    Bad:
        fields:
          a: {type: radio, label: A, choices: {1: One, 2: Two}, annotation: "@DEFAULT='One'"}

    Good:
        fields:
          a: {type: radio, label: A, choices: {1: One, 2: Two}, annotation: "@DEFAULT='1'"}

    Instead: Write the code; several codes of a checkbox with commas between them.
    """
    for field, tag in working_tags(design):
        if tag.name in _FILLING and field.field_type in _CHOICES and tag.arguments:
            yield from _codes_of(design, field.field_name, tag, tag.arguments[0].text.split(","))


def _codes_of(design: Design, name: str, tag: Tag, named: list[str]) -> Iterator[Found]:
    field, pairs = design.field(name), design.choices(name)
    if field is None or not pairs or not tag.closed:
        return
    codes = [code.lower() for code, _ in pairs]
    for part in named:
        code = part.strip()
        # what is piped in is not known before a record is open
        if not code or code.lower() in codes or "[" in code or "]" in code:
            continue
        labels = [known for known, label in pairs if label.strip().lower() == code.lower()]
        known = first_in_words(one for one, _ in pairs)
        advice = f"The code of that label is {labels[0]}." if labels else f"Its codes are {known}."
        message = f'gives @{tag.name} "{short(code)}", which is none of its codes'
        yield at_field(field, COLUMN, message, advice)


@rule("AT012", Severity.WARNING)
def tag_argument(design: Design, _: Settings) -> Iterator[Found]:
    """An action tag has no argument where it needs one, or one that is no number.

    Why: REDCap leaves the tag out without a word.

    Bad:
        fields:
          a: {type: text, label: A, annotation: "@CHARLIMIT='ten'"}

    Bad:
        fields:
          a: {type: radio, label: A, choices: {1: One, 2: Two}, annotation: "@HIDECHOICE"}

    Good:
        fields:
          a: {type: text, label: A, annotation: "@CHARLIMIT='10'"}

    Instead: Write the argument after `=`: `@CHARLIMIT=10`.
    """
    for field, tag in working_tags(design):
        known = tag_sort(tag.name)
        if known is None or known.takes is Takes.NOTHING:
            continue
        if tag.form is Form.NONE and not known.is_optional:
            message = f"has @{tag.name} without its argument ({known.takes})"
            yield at_field(field, COLUMN, message, f"Write @{tag.name}=… or take the tag out.")
        elif known.takes is Takes.NUMBER and tag.arguments:
            text = tag.arguments[0].text.strip()
            if not text.isdecimal() and "[" not in text:
                message = f'gives @{tag.name} "{short(text)}", which is no number'
                yield at_field(field, COLUMN, message, f"Write a number: @{tag.name}=10.")


@rule("AT013", Severity.WARNING)
def if_arguments(design: Design, _: Settings) -> Iterator[Found]:
    """`@IF` is not given a condition and two choices of tags.

    Why: It then does nothing.

    Bad:
        fields:
          a: {type: yesno, label: A}
          b: {type: text, label: B, annotation: "@IF([a] = '1', @HIDDEN)"}

    Good:
        fields:
          a: {type: yesno, label: A}
          b: {type: text, label: B, annotation: "@IF([a] = '1', @HIDDEN, '')"}

    Instead: Write `@IF(condition, tags, tags)`, with `''` where there is no tag.
    """
    for field, tag in working_tags(design):
        if tag.name == "IF" and tag.closed and len(tag.arguments) != 3:
            message = f"gives @IF {len(tag.arguments)} of 3 arguments"
            yield at_field(field, COLUMN, message, "Write '' where there is no tag.")
