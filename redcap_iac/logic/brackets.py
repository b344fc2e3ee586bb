"""Reading what stands in square brackets: fields, events, choices, instances, smart variables.

A run of brackets is one thing: ``[event][field(code):modifier][instance]``, where only the middle
is required. Names with a hyphen are smart variables, since field names cannot have one (D).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from redcap_iac.logic.errors import LogicError
from redcap_iac.logic.smart_variables import INSTANCE_NAMES
from redcap_iac.logic.tree import Reference, SmartVariable

_INSIDE = re.compile(
    r"""\s* (?P<name>[A-Za-z0-9_-]+) \s*
        (?: \( \s* (?P<code>[A-Za-z0-9._-]+) \s* \) \s* )?
        (?P<after> (?: :[^:]* )* )""",
    re.VERBOSE,
)
_NAMES = re.compile(r"[A-Za-z0-9_-]+(?:\s+[A-Za-z0-9_-]+)+")


@dataclass(frozen=True, slots=True)
class _Bracket:
    """One pair of brackets, taken apart."""

    name: str
    code: str | None
    after: tuple[str, ...]
    offset: int

    @property
    def is_bare(self) -> bool:
        return self.code is None and not self.after

    @property
    def is_instance(self) -> bool:
        return self.is_bare and (self.name.isdigit() or self.name.lower() in INSTANCE_NAMES)


def read_brackets(run: str, offset: int) -> Reference | SmartVariable:
    """Read a run of adjacent brackets; ``offset`` is where the run starts in the whole text.

    Raises LogicError, with an offset in the whole text, if no field or smart variable is named.
    """
    found = [_read_one(match, offset) for match in re.finditer(r"\[([^\[\]]*)\]", run)]
    instance = found.pop().name if len(found) > 1 and found[-1].is_instance else None
    subject = found.pop()
    event = _event(found)
    if "-" in subject.name:
        return _smart_variable(subject, event, instance, offset)
    if subject.name.isdigit():
        raise LogicError(f"[{subject.name}] names no field", subject.offset)
    return Reference(subject.name, event, subject.code, subject.after, instance, offset)


def _read_one(match: re.Match[str], start: int) -> _Bracket:
    offset = start + match.start()
    inside = _INSIDE.fullmatch(match[1])
    if inside is None:
        raise LogicError(_unreadable(match[0], match[1].strip()), offset)
    after = tuple(part.strip() for part in inside["after"].split(":")[1:])
    if "" in after:
        raise LogicError(f"nothing stands after a colon in {match[0]}", offset)
    return _Bracket(inside["name"], inside["code"], after, offset)


def _unreadable(whole: str, inside: str) -> str:
    if not inside:
        return f"{whole} names nothing"
    name = inside.partition(":")[0]
    if name.count("(") > name.count(")"):
        return f"a parenthesis in {whole} is never closed"
    if _NAMES.fullmatch(name):
        return f"{whole} is not a field or smart variable: a name has no blanks"
    return f"{whole} is not a field or smart variable"


def _event(before: list[_Bracket]) -> str | None:
    if not before:
        return None
    event, *more = before
    if more:
        raise LogicError(f"too many brackets before the field: [{event.name}]", event.offset)
    if not event.is_bare:
        raise LogicError(f"[{event.name}] stands for an event and takes no details", event.offset)
    return event.name


def _smart_variable(
    subject: _Bracket, event: str | None, instance: str | None, offset: int
) -> SmartVariable:
    if subject.code is not None:
        raise LogicError(f"smart variable [{subject.name}] has no choices", subject.offset)
    return SmartVariable(subject.name, subject.after, event, instance, offset)
