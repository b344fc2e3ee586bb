"""What an expression refers to."""

from __future__ import annotations

from redcap_iac.logic.tree import Expression, Reference, SmartVariable, walk


def references(tree: Expression) -> tuple[Reference, ...]:
    """Every reference to a field, in the order of the text, repeats included."""
    return tuple(node for node in walk(tree) if isinstance(node, Reference))


def smart_variables(tree: Expression) -> tuple[SmartVariable, ...]:
    """Every smart variable that is a value of its own, in the order of the text.

    Those that stand for the event or instance of a field are in ``references``.
    """
    return tuple(node for node in walk(tree) if isinstance(node, SmartVariable))
