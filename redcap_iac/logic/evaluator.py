"""Tree to value, for one record in one context."""

from __future__ import annotations

import operator
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from redcap_iac.logic import numeric
from redcap_iac.logic.dialect import NEWEST, Dialect
from redcap_iac.logic.errors import LogicError
from redcap_iac.logic.functions import FUNCTIONS, Surroundings
from redcap_iac.logic.tree import (
    Call,
    Chain,
    Expression,
    Group,
    Number,
    Power,
    Prefix,
    Reference,
    SmartVariable,
    Text,
    Word,
)
from redcap_iac.logic.values import BLANK, Value, from_float, is_true, number


class Scope(Protocol):
    """Where values come from; it knows the record, the event and the instance at hand.

    It may also have ``missing_codes: frozenset[str]``, the project's missing data codes.
    """

    def value(self, reference: Reference) -> str:
        """The raw stored text, "" when blank; "1" or "0" for a reference to a checkbox choice."""

    def smart(self, name: str, arguments: tuple[str, ...]) -> str:
        """The value of a smart variable, "" when it has none here."""


_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": numeric.quotient,
}
# A missing data code is a blank to these, and a text like any other to the rest (K, I).
_ROUNDING = frozenset(("round", "roundup", "rounddown"))
_MATHEMATICS = frozenset(("sqrt", "abs", "exponential", "log", "mod"))
_STATISTICS = frozenset(("min", "max", "mean", "median", "sum", "stdev"))
_NUMERIC_FUNCTIONS = _ROUNDING | _MATHEMATICS | _STATISTICS


def evaluate(tree: Expression, scope: Scope, clock: datetime, dialect: Dialect = NEWEST) -> Value:
    """The value of an expression; ``as_text`` renders it as REDCap would store it.

    ``clock`` is the server's local time and serves ``today`` and ``now``; ``dialect`` decides where
    sources or versions differ. A calculation without a result (blank operand, division by zero,
    text where a number is needed) is blank. Raises LogicError for an unknown function, a wrong
    number of arguments or a tree nested too deeply. Every part is evaluated, so whether it raises
    does not depend on the data.
    """
    missing_codes: frozenset[str] = getattr(scope, "missing_codes", frozenset())
    surroundings = Surroundings(clock.replace(tzinfo=None), missing_codes)
    try:
        return _Evaluator(scope, surroundings, dialect).value(tree)
    except RecursionError:
        raise LogicError("nested too deeply to evaluate", tree.offset) from None


def truth(tree: Expression, scope: Scope, clock: datetime, dialect: Dialect = NEWEST) -> bool:
    """Whether an expression holds, as branching logic and filterLogic ask; errors as evaluate."""
    return is_true(evaluate(tree, scope, clock, dialect))


class _Evaluator:
    """One run over one tree."""

    def __init__(self, scope: Scope, surroundings: Surroundings, dialect: Dialect) -> None:
        self._scope = scope
        self._surroundings = surroundings
        self._dialect = dialect

    def value(self, tree: Expression) -> Value:
        match tree:
            case Number(text):
                found = number(text)
                return BLANK if found is None else found
            case Text(value):
                return value
            case Word(name):
                return self._word(name)
            case Reference():
                return self._scope.value(tree)
            case SmartVariable(name, arguments):
                return self._scope.smart(name, arguments)
            case Group(inner):
                return self.value(inner)
            case Prefix("not", operand):
                return int(not is_true(self.value(operand)))
            case Prefix(sign, operand):
                return self._arithmetic(0, sign, self.value(operand))
            case Power():
                return self._power(tree)
            case Chain():
                return self._chain(tree)
            case Call():
                return self._call(tree)

    def _word(self, name: str) -> Value:
        clock = self._surroundings.clock
        if name == "today":
            return clock.date().isoformat()
        if name == "now":
            return clock.isoformat(sep=" ", timespec="seconds")
        return int(name == "true")

    def _chain(self, tree: Chain) -> Value:
        result = self.value(tree.first)
        for step in tree.steps:
            operand = self.value(step.operand)
            if step.operator == "and":
                result = int(is_true(result) and is_true(operand))
            elif step.operator == "or":
                result = int(is_true(result) or is_true(operand))
            elif step.operator in _ARITHMETIC:
                result = self._arithmetic(result, step.operator, operand)
            else:
                result = int(self._dialect.compare(result, step.operator, operand))
        return result

    def _power(self, tree: Power) -> Value:
        left, right = self.value(tree.base), self.value(tree.exponent)
        is_bare = not (isinstance(tree.base, Group) and isinstance(tree.exponent, Group))
        if is_bare and self._dialect.bare_power_fails:
            return BLANK
        return self._arithmetic(left, "^", right)

    def _arithmetic(self, left: Value, joint: str, right: Value) -> Value:
        first, second = self._operand(left), self._operand(right)
        if first is None or second is None:
            return BLANK
        calculate = numeric.power if joint == "^" else _ARITHMETIC[joint]
        try:
            return from_float(calculate(first, second))
        except (ValueError, ArithmeticError):
            return BLANK

    def _operand(self, value: Value) -> float | None:
        found = number(self._without_missing_code(value))
        return None if found is None else float(found)

    def _without_missing_code(self, value: Value) -> Value:
        return BLANK if value in self._surroundings.missing_codes else value

    def _call(self, tree: Call) -> Value:
        name = tree.name.lower()
        function = FUNCTIONS.get(name)
        if function is None:
            raise LogicError(f"unknown function {tree.name}", tree.offset)
        if not function.accepts(len(tree.arguments)):
            message = f"{tree.name} does not take {len(tree.arguments)} arguments"
            raise LogicError(message, tree.offset)
        arguments: list[Value] = []
        for argument in tree.arguments:
            arguments.append(self.value(argument))  # noqa: PERF401 - see MAXIMUM_DEPTH
        if name in _NUMERIC_FUNCTIONS:
            arguments = [self._without_missing_code(argument) for argument in arguments]
        switched = self._dialect.function(name, tuple(arguments))
        if switched is not None:
            return switched
        return function.meaning(tuple(arguments), self._surroundings)
