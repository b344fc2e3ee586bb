"""Fixtures that evaluate a text on given field values, at 13:30:15 on Tuesday 10 March 2026."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import pytest

from redcap_iac.logic import Reference, Scope, as_text, evaluate, parse, truth

CLOCK = datetime(2026, 3, 10, 13, 30, 15)


@dataclass(frozen=True)
class Record:
    """A scope over plain values; a checkbox choice goes by the name the API exports it under."""

    values: Mapping[str, str]
    smart_values: Mapping[str, str]
    missing_codes: frozenset[str]

    def value(self, reference: Reference) -> str:
        code = "" if reference.code is None else f"___{reference.code}"
        return self.values.get(reference.field + code, "")

    def smart(self, name: str, arguments: tuple[str, ...]) -> str:
        return self.smart_values.get(":".join((name, *arguments)), "")


@pytest.fixture(scope="session")
def text() -> Callable[..., str]:
    """The value of an expression as REDCap would store it; keywords are field values."""

    def value(
        expression: str,
        codes: frozenset[str] = frozenset(),
        smart: Mapping[str, str] | None = None,
        clock: datetime = CLOCK,
        **fields: str,
    ) -> str:
        return as_text(evaluate(parse(expression), Record(fields, smart or {}, codes), clock))

    return value


@pytest.fixture(scope="session")
def empty_record() -> Scope:
    """A scope in which everything is blank."""
    return Record({}, {}, frozenset())


@pytest.fixture(scope="session")
def holds() -> Callable[..., bool]:
    """Whether an expression is true; keywords are field values."""

    def value(expression: str, **fields: str) -> bool:
        return truth(parse(expression), Record(fields, {}, frozenset()), CLOCK)

    return value
