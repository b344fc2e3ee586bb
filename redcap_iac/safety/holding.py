"""Questions about values: which records hold something in a field, or one code of it.

All are built as trees of REDCap's language and written out by `logic`; what the written text does
not read back as is not asked, so that a server never counts something else than was meant.
"""

from __future__ import annotations

from redcap_iac.kinds.dictionary import choices
from redcap_iac.kinds.dictionary.choices import Pairs
from redcap_iac.kinds.dictionary.field import CHOICE_TYPES, CHOICES, Field
from redcap_iac.logic import Expression, LogicError, Reference, parse, render, ungrouped
from redcap_iac.logic.tree import Chain, Group, Prefix, Step, Text
from redcap_iac.safety.scene import Question

#: The choices REDCap gives these types by itself (documented).
_IMPLICIT: dict[str, Pairs] = {
    "yesno": (("1", "Yes"), ("0", "No")),
    "truefalse": (("1", "True"), ("0", "False")),
}
#: The longest filter that is asked: a form of a web server takes at least this much (inferred).
_LONGEST = 20_000


def choices_of(field: Field) -> Pairs:
    """Return the choices of a field as (code, label), its own or those of its type."""
    if field.field_type in CHOICE_TYPES:
        return choices.parsed(getattr(field, CHOICES))
    return _IMPLICIT.get(field.field_type, ())


def holds_value(field: Field) -> Expression | None:
    """Return what is true on a row with a value of a field, None where there can be none.

    A checkbox holds a value where any of its choices is ticked.
    """
    if field.field_type == "descriptive":
        return None
    if field.field_type != "checkbox":
        return _compared(Reference(field.field_name), "<>", "")
    return any_of(tuple(holds_code(field, code) for code, _ in choices_of(field)))


def holds_code(field: Field, code: str) -> Expression:
    """Return what is true on a row where a choice is the answer, or is ticked."""
    if field.field_type == "checkbox":
        return _compared(Reference(field.field_name, code=code), "=", "1")
    return _compared(Reference(field.field_name), "=", code)


def any_of(parts: tuple[Expression, ...]) -> Expression | None:
    """Return the parts joined with `or`, None of nothing."""
    return _joined("or", parts)


def all_of(*parts: Expression) -> Expression:
    """Return the parts joined with `and`."""
    joined = _joined("and", parts)
    assert joined is not None
    return joined


def negated(tree: Expression) -> Expression:
    """Return what is true where an expression is not; in parentheses, which leave no doubt."""
    return Prefix("not", Group(tree))


def compared(field: str, operator: str, value: Expression) -> Expression:
    """Return a comparison of a field's value."""
    return Chain(Reference(field), (Step(operator, value),))


def asking(tree: Expression | None, *fields: str) -> Question | None:
    """Return the question a tree stands for, None where no text says it; `fields` are its own."""
    if tree is None:
        return None
    text = render(tree)
    try:
        if len(text) > _LONGEST or ungrouped(parse(text)) != ungrouped(tree):
            return None
    except LogicError:
        return None
    return Question(logic=text, fields=tuple(dict.fromkeys(fields)))


def held(field: Field) -> Question | None:
    """Return the question how many records hold a value of a field."""
    return asking(holds_value(field), field.field_name)


def answered(field: Field, code: str) -> Question | None:
    """Return the question how many records hold one choice of a field."""
    return asking(holds_code(field, code), field.field_name)


def _compared(reference: Reference, operator: str, value: str) -> Expression:
    return Chain(reference, (Step(operator, Text(value)),))


def _joined(operator: str, parts: tuple[Expression, ...]) -> Expression | None:
    if not parts:
        return None
    first, *others = parts
    if not others:
        return first
    return Chain(first, tuple(Step(operator, part) for part in others))
