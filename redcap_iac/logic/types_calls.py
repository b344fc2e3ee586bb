"""Arguments of functions: how many, and of which sort; units and formats of datediff."""

from __future__ import annotations

import re
from collections.abc import Iterator

from redcap_iac.logic.functions import DATE_FORMATS, DATEDIFF_UNITS, FUNCTIONS
from redcap_iac.logic.sorts import ValueSort
from redcap_iac.logic.tree import Call, Expression
from redcap_iac.logic.types import (
    MOMENTS,
    Sort,
    Type,
    Vocabulary,
    literal,
    reads_as_number,
    typed,
)
from redcap_iac.logic.types_mistakes import Mistake, Remark, shown
from redcap_iac.suggestions import did_you_mean, in_words

_DATE = re.compile(
    r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([ T]\d{1,2}:\d{2}(:\d{2})?)?|\d{1,2}:\d{2}(:\d{2})?"
    r"|today|now|",
    re.IGNORECASE,
)
_MOMENT_ARGUMENTS = (ValueSort.DATE, ValueSort.DATETIME, ValueSort.MOMENT)
#: Units shorter than a day, with the one that is probably meant.
_FINE = {"m": "M", "h": "d", "s": "d"}
_UNITS = in_words([f'"{unit}" ({name})' for unit, name in DATEDIFF_UNITS.items()])


def called(call: Call, vocabulary: Vocabulary) -> Iterator[Remark]:
    """Yield what is wrong with a call itself; its arguments' insides are judged elsewhere."""
    function = FUNCTIONS.get(call.name.lower())
    if function is None:
        yield Remark(
            Mistake.UNKNOWN_FUNCTION,
            f"calls {call.name}(), which is no function of REDCap",
            did_you_mean(call.name, FUNCTIONS) or "Look the function up in REDCap's own list.",
            call.offset,
        )
        return
    if not function.accepts(len(call.arguments)):
        yield _miscounted(call, function.minimum, function.maximum)
        return
    for index, argument in enumerate(call.arguments):
        expected = function.argument(index)
        if expected is ValueSort.NUMBER:
            yield from operand(argument, typed(argument, vocabulary), f"{call.name}()")
        elif expected in _MOMENT_ARGUMENTS:
            yield from _moment(call, argument, typed(argument, vocabulary))
    if call.name.lower() == "datediff":
        yield from _datediff(call, vocabulary)


def _miscounted(call: Call, minimum: int, maximum: int | None) -> Remark:
    given = len(call.arguments)
    if maximum is None:
        wanted = f"at least {minimum}"
    elif minimum == maximum:
        wanted = str(minimum)
    else:
        wanted = f"{minimum} to {maximum}"
    if call.name.lower() == "datediff" and given == 2:
        message = "calls datediff() without a unit"
        return Remark(Mistake.UNIT, message, f"Add one: {_UNITS}.", call.offset)
    message = f"calls {call.name}() with {given} arguments, and it takes {wanted}"
    advice = {"if": "It takes a condition, a value if it holds and a value if not."}
    return Remark(
        Mistake.ARGUMENT_COUNT,
        message,
        advice.get(call.name.lower(), "Count the commas and parentheses."),
        call.offset,
    )


def operand(tree: Expression, kind: Type, where: str) -> Iterator[Remark]:
    """Yield what is wrong with a value arithmetic works on; `where` names the function or `+`."""
    if kind.sort in MOMENTS:
        yield Remark(
            Mistake.MOMENT_IN_ARITHMETIC,
            f"uses {shown(tree)}, which is {kind.sort}, as a number in {where}",
            "Use datediff() for the time between two dates, @CALCDATE to add days to one.",
            tree.offset,
        )
    elif kind.sort in (Sort.CHECKBOX, Sort.FILE, Sort.NOTHING):
        return  # said where the reference itself is judged
    elif not reads_as_number(tree, kind):
        yield Remark(
            Mistake.TEXT_IN_ARITHMETIC,
            f"uses {shown(tree)}, which is no number, in {where}",
            "Arithmetic with text is blank.",
            tree.offset,
        )
    elif kind.sort is Sort.TEXT and kind.is_free and literal(tree) is None:
        yield Remark(
            Mistake.FREE_TEXT_IN_ARITHMETIC,
            f"works with {shown(tree)} in {where}, a text field that takes any text",
            "Give the field the validation `number` or `integer`, so that it holds a number.",
            tree.offset,
        )


def _moment(call: Call, tree: Expression, kind: Type) -> Iterator[Remark]:
    text = literal(tree)
    is_number = kind.sort in (Sort.NUMBER, Sort.CHOICE, Sort.CHECKED, Sort.CHECKBOX, Sort.TRUTH)
    if is_number or (text is not None and not _DATE.fullmatch(text.strip())):
        what = "is no date" if text is not None else f"is {kind.sort}"
        yield Remark(
            Mistake.NO_DATE,
            f"gives {call.name}() {shown(tree)}, which {what}",
            "Give it a field validated as a date, or a date written YYYY-MM-DD.",
            tree.offset,
        )
    elif kind.sort is Sort.TEXT and kind.is_free and text is None:
        yield Remark(
            Mistake.FREE_TEXT_AS_DATE,
            f"gives {call.name}() {shown(tree)}, a text field that takes any text",
            "Give the field a date validation; what is no date gives a blank result.",
            tree.offset,
        )


def _datediff(call: Call, vocabulary: Vocabulary) -> Iterator[Remark]:
    first, second = (typed(argument, vocabulary) for argument in call.arguments[:2])
    sorts = {first.sort, second.sort}
    if Sort.TIME in sorts and sorts & {Sort.DATE, Sort.DATETIME}:
        message = "counts from a time of day to a date with datediff()"
        advice = "Both must be dates (with or without a time), or both times of day."
        yield Remark(Mistake.DATE_AND_TIME, message, advice, call.offset)
    unit = literal(call.arguments[2])
    if unit is not None:
        yield from _unit(call, unit, sorts)
    for option in call.arguments[3:4]:
        yield from _format(call, option, (first, second))


def _unit(call: Call, unit: str, sorts: set[Sort]) -> Iterator[Remark]:
    if unit not in DATEDIFF_UNITS and unit.lower() not in DATEDIFF_UNITS:
        message = f'calls datediff() with the unit "{unit}", which it does not know'
        yield Remark(Mistake.UNIT, message, f"Units are {_UNITS}.", call.offset)
    elif unit in _FINE and sorts == {Sort.DATE} and "now" not in shown(call):
        name, meant = DATEDIFF_UNITS[unit], _FINE[unit]
        yield Remark(
            Mistake.UNIT_FINER_THAN_DATES,
            f"counts {name} between two dates without a time",
            f'Did you mean "{meant}" ({DATEDIFF_UNITS[meant]})?',
            call.offset,
        )


def _format(call: Call, option: Expression, kinds: tuple[Type, ...]) -> Iterator[Remark]:
    word = literal(option)
    if word is None:
        return
    lower = word.lower()
    if lower not in (*DATE_FORMATS, "true", "false", "0", "1", ""):
        yield Remark(
            Mistake.DATE_FORMAT,
            f'calls datediff() with the date format "{word}", which it does not know',
            f"Formats are {in_words(DATE_FORMATS)}; after it, or in its place, true or false.",
            call.offset,
        )
        return
    orders = {kind.order for kind in kinds if kind.order}
    if lower in DATE_FORMATS and orders and lower not in orders:
        yield Remark(
            Mistake.DATE_FORMAT,
            f'tells datediff() the format "{lower}", but its fields are dates in the order'
            f" {in_words(sorted(orders), 'and')}",
            f'Write "{min(orders)}", or leave the format out: newer versions need none.',
            call.offset,
        )
