"""Which action tags of a field act, after `@IF` has chosen, and what they do on its page.

What each does: knowledge base RC-AT-02, -03, -06 and -08.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from redcap_iac.design import Design
from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.logic import Expression, LogicError, Reference, SmartVariable, parse
from redcap_iac.logic.action_tags import Tag
from redcap_iac.logic.piping import piped
from redcap_iac.logic.tag_arguments import Argument
from redcap_iac.logic.tag_table import tag_sort
from redcap_iac.scenarios.expressions import heeded, written
from redcap_iac.scenarios.scope import RESPONDENT, PlaceScope

#: Told for every condition of `@IF` that is decided: its place in the annotation, its outcome.
Decided = Callable[[int, bool], None]
#: Tags that hide or close choices by what other records hold, which no scenario knows.
NOT_PLAYED = frozenset({"MAXCHOICE", "RANDOMORDER", "LATITUDE", "LONGITUDE", "DOWNLOAD-COUNT"})
_MOMENTS = {"NOW": " ", "NOW-SERVER": " ", "NOW-UTC": " ",
            "TODAY": "", "TODAY-SERVER": "", "TODAY-UTC": ""}  # fmt: skip
_CHOOSING = frozenset({"HIDECHOICE", "SHOWCHOICE"})
_ALWAYS = frozenset({"SETVALUE", "PREFILL"})


@dataclass(frozen=True, slots=True)
class Filling:
    """A value a tag puts into a field: its codes for a checkbox, and which tag it was.

    `overwrites` tells that it takes the place of what was saved before.
    """

    values: tuple[str, ...]
    tag: str
    overwrites: bool = False


def acting(
    field: Field, holds: Callable[[Expression], bool], decided: Decided
) -> tuple[Tag, ...]:  # fmt: skip
    """Return the tags of a field that act on its page; `holds` decides the conditions of `@IF`.

    A condition that cannot be read counts as false (I).
    """
    return tuple(_acting(written(field), holds, decided))


def _acting(
    tags: tuple[Tag, ...], holds: Callable[[Expression], bool], decided: Decided
) -> Iterator[Tag]:
    for tag in tags:
        if tag.name != "IF" or not tag.arguments:
            yield tag
            continue
        outcome = _is_true(tag.arguments[0], holds)
        decided(tag.arguments[0].offset, outcome)
        yield from _acting(heeded(tag.then if outcome else tag.otherwise), holds, decided)


def _is_true(condition: Argument, holds: Callable[[Expression], bool]) -> bool:
    try:
        return holds(parse(condition.text))
    except LogicError:
        return False


def hiding(tags: tuple[Tag, ...], *, survey: bool) -> str:
    """Return the tag that hides a field whatever its branching logic says, "" when none does."""
    return _first(tags, "HIDDEN", survey=survey)


def closing(tags: tuple[Tag, ...], *, survey: bool) -> str:
    """Return the tag that makes a field read-only, "" when none does."""
    return _first(tags, "READONLY", survey=survey)


def _first(tags: tuple[Tag, ...], stem: str, *, survey: bool) -> str:
    names = (stem, f"{stem}-{'SURVEY' if survey else 'FORM'}")
    return next((f"@{tag.name}" for tag in tags if tag.name in names), "")


def chooses(tags: tuple[Tag, ...]) -> bool:
    """Tell whether any tag takes choices off the page."""
    return any(tag.name in _CHOOSING for tag in tags)


def hidden_codes(
    tags: tuple[Tag, ...], field: Field, codes: tuple[str, ...], scope: PlaceScope
) -> frozenset[str]:
    """Return the choices that `@HIDECHOICE` and `@SHOWCHOICE` take off the page.

    `@SHOWCHOICE` wins where both name a choice; neither works in a matrix; `@SHOWCHOICE` of no
    code there is hides nothing, because a label in its place fails silently.
    """
    if field.matrix_group_name:
        return frozenset()
    hidden: set[str] = set()
    shown: set[str] = set()
    for tag in tags:
        if tag.name in _CHOOSING and tag.arguments:
            named = set(_codes(pipe(tag.arguments[0].text, scope, raw=True)))
            (hidden if tag.name == "HIDECHOICE" else shown).update(named & set(codes))
    if shown:
        hidden |= set(codes) - shown
    return frozenset(hidden - shown)


def filling(tags: tuple[Tag, ...], field: Field, scope: PlaceScope) -> Filling | None:
    """Return what a tag puts into a field as its page opens, None when none does.

    `@DEFAULT` is for a page that was never saved: the caller knows.
    """
    for tag in tags:
        sort = tag_sort(tag.name)
        if sort is None or not sort.fits(field.field_type):
            continue
        if tag.name in _MOMENTS:
            return Filling((_moment(field, scope, _MOMENTS[tag.name]),), tag.name)
        if tag.name == "USERNAME":
            person = scope.around.person
            return Filling((RESPONDENT if person.survey else person.user,), tag.name)
        if (tag.name == "DEFAULT" or tag.name in _ALWAYS) and tag.arguments:
            return _filled(tag, field, scope)
    return None


def _filled(tag: Tag, field: Field, scope: PlaceScope) -> Filling:
    """Return what the argument of a tag says; codes there are not fill nothing in."""
    coded = scope.around.design.choices(field.field_name)
    text = pipe(tag.arguments[0].text, scope, raw=coded is not None)
    values = _codes(text) if field.field_type == "checkbox" else (text,)
    if coded is not None:
        known = {code for code, _ in coded} | scope.missing_codes
        values = tuple(value for value in values if value in known)
    return Filling(values, tag.name, tag.name in _ALWAYS)


def _moment(field: Field, scope: PlaceScope, joint: str) -> str:
    validation = scope.around.design.validation(field.field_name)
    clock = scope.around.clock
    if validation.startswith("date_") or (not joint and not validation.startswith("datetime")):
        return clock.date().isoformat()
    seconds = validation.startswith("datetime_seconds") or not validation
    return clock.isoformat(" ", "seconds" if seconds else "minutes")


def pipe(text: str, scope: PlaceScope, *, raw: bool) -> str:
    """Return a text with the values put in; labels of choices unless `raw` (I)."""
    made, end = [], 0
    for one in piped(text):
        made += [text[end : one.offset], _value(one.node, scope, raw=raw)]
        end = one.offset + len(one.text)
    return "".join((*made, text[end:]))


def _value(node: Reference | SmartVariable, scope: PlaceScope, *, raw: bool) -> str:
    if isinstance(node, SmartVariable):
        return scope.smart(node.name, node.arguments)
    value = scope.value(node)
    if raw or node.code is not None or "value" in node.modifiers:
        return value
    return dict(_pairs(scope.around.design, node.field)).get(value, value)


def _pairs(design: Design, name: str) -> tuple[tuple[str, str], ...]:
    return design.choices(name) or ()


def _codes(text: str) -> tuple[str, ...]:
    return tuple(code.strip() for code in text.split(",") if code.strip())
