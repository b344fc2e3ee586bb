"""Piping: values put into labels, notes, choices and tags, and fields embedded by `{name}`.

In a text for people square brackets are only piping where they name a field or a smart variable;
anything else in brackets is text (knowledge base RC-FD-07, RC-PIPE).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from redcap_iac.logic.brackets import read_brackets
from redcap_iac.logic.errors import LogicError
from redcap_iac.logic.tree import Reference, SmartVariable

_RUN = re.compile(r"\[[^\[\]\r\n]+\](?:\[[^\[\]\r\n]+\])*")
_EMBEDDED = re.compile(r"\{([a-z0-9_]+)(:icons)?\}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Piped:
    """A field or smart variable whose value stands in a text; `text` is how it is written."""

    node: Reference | SmartVariable
    text: str
    offset: int


@dataclass(frozen=True, slots=True)
class Embedded:
    """A field that is shown inside another's text: `{age}`, `{age:icons}`."""

    field: str
    icons: bool
    offset: int


def piped(text: str) -> tuple[Piped, ...]:
    """Return what is piped into a text, in order; brackets that name nothing are plain text."""
    found = []
    for run in _RUN.finditer(text):
        try:
            found.append(Piped(read_brackets(run[0], run.start()), run[0], run.start()))
        except LogicError:
            continue
    return tuple(found)


def embedded(text: str) -> tuple[Embedded, ...]:
    """Return the fields embedded in a text, in order."""
    return tuple(
        Embedded(match[1], match[2] is not None, match.start())
        for match in _EMBEDDED.finditer(text)
    )
