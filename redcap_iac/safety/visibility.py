"""New branching logic as a filter on the records there are, where one says the same as the other.

A filter is decided row by row (documented): a name without an event means the row's own event. On
a data entry page a name may also mean a value outside the row, of another instrument than the
repeating one at hand; what a filter makes of that is not known, and so not asked. Fields that are
yet to come are blank in every record.
"""

from __future__ import annotations

from dataclasses import replace

from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.logic import (
    Expression,
    LogicError,
    Reference,
    SmartVariable,
    parse,
    references,
    ungrouped,
)
from redcap_iac.logic.tree import Call, Chain, Group, Power, Prefix, Text
from redcap_iac.safety.field_changes import carried
from redcap_iac.safety.holding import choices_of
from redcap_iac.safety.scene import Scene


class UnsaidError(Exception):
    """A filter cannot say what the logic means."""


class Surroundings:
    """What names in logic stand for, in the live project and in the one there will be."""

    def __init__(self, scene: Scene) -> None:
        self._live: dict[str, Field] = {
            field.field_name.lower(): field for field in scene.before("fields")
        }
        self._forms = {f"{field.form_name}_complete": field for field in self._live.values()}
        self._old = {new: old for old, new in carried(scene).fields.items()}
        self._final = {field.field_name.lower() for field in scene.after("fields")}
        repeats = scene.before("repeating")
        self._repeating = {repeat.instrument for repeat in repeats if repeat.instrument}
        self._repeating_events = {repeat.event for repeat in repeats if not repeat.instrument}
        after = {event.unique_name for event in scene.after("events")}
        self._events = {
            event.unique_name for event in scene.before("events") if event.unique_name in after
        }

    def as_filter(self, text: str, owner: Field) -> Expression | None:
        """Return logic that belongs to a field as a filter, None where no filter says it."""
        try:
            return self._rewritten(parse(text), owner)
        except (LogicError, UnsaidError):
            return None

    def _rewritten(self, tree: Expression, owner: Field) -> Expression:
        match tree:
            case SmartVariable():
                raise UnsaidError
            case Reference():
                return self._referred(tree, owner)
            case Group(inner):
                return Group(self._rewritten(inner, owner))
            case Prefix(operator, operand):
                return Prefix(operator, self._rewritten(operand, owner))
            case Chain(first, steps):
                following = (
                    replace(step, operand=self._rewritten(step.operand, owner)) for step in steps
                )
                return Chain(self._rewritten(first, owner), tuple(following))
            case Power(base, exponent):
                return Power(self._rewritten(base, owner), self._rewritten(exponent, owner))
            case Call(name, arguments):
                rewritten = (self._rewritten(argument, owner) for argument in arguments)
                return Call(name, tuple(rewritten))
            case _:
                return tree

    def _referred(self, reference: Reference, owner: Field) -> Expression:
        name = reference.field.lower()
        live = self._live.get(self._old.get(name, name).lower())
        form = live.form_name if live is not None else self._form(name)
        blank = Text("" if reference.code is None else "0")
        if live is None and form is None:
            if name not in self._final:
                raise UnsaidError
            return blank
        if not self._is_plain(reference, form, owner):
            raise UnsaidError
        if live is not None and reference.code is not None:
            codes = {code.lower() for code, _ in choices_of(live)}
            if reference.code.lower() not in codes:
                return blank
        return replace(reference, field=live.field_name if live is not None else name)

    def _form(self, name: str) -> str | None:
        named = self._forms.get(name)
        return None if named is None else named.form_name

    def _is_plain(self, reference: Reference, form: str | None, owner: Field) -> bool:
        """Tell whether a filter finds the same value as a page: in this row, or in a named one."""
        if reference.modifiers or reference.instance is not None:
            return False
        if reference.event is not None:
            named = reference.event.lower()
            apart = form in self._repeating or named in self._repeating_events
            return named in self._events and not apart
        return form == owner.form_name or not {form, owner.form_name} & self._repeating


def same(before: str, after: str) -> bool:
    """Tell whether two texts are one expression, however it is written."""
    if before == after:
        return True
    try:
        return ungrouped(parse(before)) == ungrouped(parse(after))
    except LogicError:
        return False


def fields_in(tree: Expression) -> tuple[str, ...]:
    """Return the fields an expression looks at, each once."""
    return tuple(dict.fromkeys(reference.field for reference in references(tree)))
