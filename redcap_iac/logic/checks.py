"""Mistakes that can be seen in an expression alone, without a project."""

from __future__ import annotations

from redcap_iac.logic.functions import FUNCTIONS
from redcap_iac.logic.smart_variables import EVENT_NAMES, smart_sort
from redcap_iac.logic.tree import Call, Expression, Reference, SmartVariable, walk

#: The smart variables that may be asked for an instance that is not there yet (K RC-PIPE-10).
_OF_NEW_INSTANCES = frozenset(
    ("survey-link", "survey-url", "survey-access-code", "form-link", "form-url")
)
_NEW = "new-instance"


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


def unknown_smart_variables(tree: Expression) -> tuple[SmartVariable, ...]:
    """Smart variables that are a value and not known by name, in the order of the text."""
    return tuple(one for one in _smart_variables(tree) if smart_sort(one.name) is None)


def miscounted_parameters(tree: Expression) -> tuple[SmartVariable, ...]:
    """Known smart variables with too few parameters, or with one they do not take."""
    return tuple(one for one in _smart_variables(tree) if _is_miscounted(one))


def unknown_events(tree: Expression) -> tuple[Reference | SmartVariable, ...]:
    """What has a hyphenated name for its event that stands for no event: `[last-event][age]`.

    Names without a hyphen are events of the project, or not, which only the project tells.
    """
    return tuple(
        one
        for one in _bracketed(tree)
        if one.event is not None and "-" in one.event and one.event.lower() not in EVENT_NAMES
    )


def misplaced_new_instances(tree: Expression) -> tuple[Reference | SmartVariable, ...]:
    """What is asked of an instance that is not there yet and cannot be: `[dose][new-instance]`.

    Only links and access codes of instruments can (K RC-PIPE-10).
    """
    return tuple(
        one
        for one in _bracketed(tree)
        if one.instance is not None
        and one.instance.lower() == _NEW
        and (isinstance(one, Reference) or one.name.lower() not in _OF_NEW_INSTANCES)
    )


def _is_miscounted(one: SmartVariable) -> bool:
    known = smart_sort(one.name)
    if known is None:
        return False
    named = [parameter for parameter, _ in known.read(one.arguments)]
    given = sum(parameter in known.takes for parameter in named)
    return None in named or given < known.minimum


def _calls(tree: Expression) -> tuple[Call, ...]:
    return tuple(node for node in walk(tree) if isinstance(node, Call))


def _smart_variables(tree: Expression) -> tuple[SmartVariable, ...]:
    return tuple(node for node in walk(tree) if isinstance(node, SmartVariable))


def _bracketed(tree: Expression) -> tuple[Reference | SmartVariable, ...]:
    return tuple(node for node in walk(tree) if isinstance(node, Reference | SmartVariable))
