"""Mistakes that can be seen in an expression alone, without a project."""

from __future__ import annotations

from redcap_iac.logic.functions import FUNCTIONS
from redcap_iac.logic.tree import Call, Expression, walk


def unknown_functions(tree: Expression) -> tuple[Call, ...]:
    """Calls of functions REDCap does not document, in the order of the text."""
    return tuple(call for call in _calls(tree) if call.name.lower() not in FUNCTIONS)


def miscounted_arguments(tree: Expression) -> tuple[Call, ...]:
    """Calls of known functions with too few or too many arguments, in the order of the text."""
    return tuple(
        call
        for call in _calls(tree)
        if call.name.lower() in FUNCTIONS
        and not FUNCTIONS[call.name.lower()].accepts(len(call.arguments))
    )


def _calls(tree: Expression) -> tuple[Call, ...]:
    return tuple(node for node in walk(tree) if isinstance(node, Call))
