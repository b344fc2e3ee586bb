"""Piping: values put into labels, notes, choices and tags, and fields embedded by `{name}`.

In a text for people square brackets are only piping where they name a field or a smart variable;
anything else in brackets is text (knowledge base RC-FD-07, RC-PIPE-01). Here the project is not at
hand: everything of the right shape is given, `[optional]` as well as `[age]`, and who knows the
fields judges.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from redcap_iac.logic.brackets import read_brackets
from redcap_iac.logic.errors import LogicError
from redcap_iac.logic.sorts import ValueSort
from redcap_iac.logic.tree import Reference, SmartVariable

_ONE = re.compile(r"\[[^\[\]\r\n]+\]")
_RUN = re.compile(rf"(?:{_ONE.pattern})+")
_EMBEDDED = re.compile(r"\{([a-z]\w*)(:icons)?\}", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Modifier:
    """A word after a colon, such as `[field:label]`: what it gives and which fields it fits.

    `field_types` is empty for any type. `validations` are the beginnings of those a text field
    needs, empty for any.
    """

    name: str
    gives: ValueSort
    field_types: frozenset[str] = frozenset()
    validations: tuple[str, ...] = ()

    def fits(self, field_type: str, validation: str = "") -> bool:
        """Tell whether it does something with a field of this type and validation."""
        if self.field_types and field_type not in self.field_types:
            return False
        return not self.validations or validation.startswith(self.validations)


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


_TEXT = frozenset(("text",))
_CHECKBOX = frozenset(("checkbox",))
_LABELLED = frozenset(("radio", "dropdown", "checkbox", "yesno", "truefalse", "sql", "file"))
# A descriptive field shows its attachment (I); a signature is a file field.
_FILES = frozenset(("file", "descriptive"))

#: The modifiers of a field, by name (13.7; RC-PIPE-02, K; `field-label` only there).
MODIFIERS: Mapping[str, Modifier] = {
    one.name: one
    for one in (
        Modifier("value", ValueSort.ANY),
        Modifier("label", ValueSort.TEXT, _LABELLED),
        Modifier("checked", ValueSort.TEXT, _CHECKBOX),
        Modifier("unchecked", ValueSort.TEXT, _CHECKBOX),
        Modifier("inline", ValueSort.HTML, _FILES),
        Modifier("link", ValueSort.HTML, _FILES),
        Modifier("ampm", ValueSort.TEXT, _TEXT, ("time", "datetime")),
        Modifier("day", ValueSort.NUMBER, _TEXT, ("date",)),
        Modifier("month", ValueSort.NUMBER, _TEXT, ("date",)),
        Modifier("year", ValueSort.NUMBER, _TEXT, ("date",)),
        Modifier("hideunderscore", ValueSort.ANY),
        Modifier("field-label", ValueSort.TEXT),
    )
}


def piped(text: str) -> tuple[Piped, ...]:
    """Return what is piped into a text, in order; brackets that can name nothing are plain text.

    Brackets that touch are one thing (`[event][field][instance]`), unless a footnote or other text
    in brackets is among them: `[1][age]` is a footnote and a field.
    """
    if "[" not in text:
        return ()
    return tuple(found for run in _RUN.finditer(text) for found in _in_run(run[0], run.start()))


def embedded(text: str) -> tuple[Embedded, ...]:
    """Return the fields embedded in a text, in order."""
    return tuple(
        Embedded(match[1], match[2] is not None, match.start())
        for match in _EMBEDDED.finditer(text)
    )


def _in_run(run: str, start: int) -> Iterator[Piped]:
    """Yield from a run the longest pieces that name something."""
    brackets = list(_ONE.finditer(run))
    first = 0
    while first < len(brackets):
        for last in range(min(len(brackets), first + 3), first, -1):
            piece = run[brackets[first].start() : brackets[last - 1].end()]
            found = _read(piece, start + brackets[first].start())
            if found is not None:
                yield found
                first = last
                break
        else:
            first += 1


def _read(piece: str, offset: int) -> Piped | None:
    try:
        node = read_brackets(piece, offset)
    except LogicError:
        return None
    if node.event is not None and node.event.isdigit():
        return None
    return Piped(node, piece, offset)
