"""REDCap's expression language: text to tree, tree to references, value and text.

One language serves branching logic, calculations, the logic in action tags and the API's
filterLogic; ``logic.action_tags`` and ``logic.piping`` find it in annotations and labels. What has
a name stands in tables: ``functions``, ``smart_variables``, ``tag_table``. Typical use::

    tree = parse("[age] >= 18 and [consent(1)] = '1'")
    truth(tree, scope, clock)

``parse`` raises LogicError for what is not an expression. The nodes are in ``logic.tree``.
"""

from redcap_iac.logic.checks import (
    miscounted_arguments,
    miscounted_parameters,
    misplaced_new_instances,
    unknown_events,
    unknown_functions,
    unknown_smart_variables,
)
from redcap_iac.logic.errors import LogicError
from redcap_iac.logic.evaluator import Scope, evaluate, truth
from redcap_iac.logic.parser import parse
from redcap_iac.logic.references import references, smart_variables
from redcap_iac.logic.rendering import render
from redcap_iac.logic.tree import Expression, Reference, SmartVariable, ungrouped, walk
from redcap_iac.logic.values import Value, as_text

__all__ = [
    "Expression",
    "LogicError",
    "Reference",
    "Scope",
    "SmartVariable",
    "Value",
    "as_text",
    "evaluate",
    "miscounted_arguments",
    "miscounted_parameters",
    "misplaced_new_instances",
    "parse",
    "references",
    "render",
    "smart_variables",
    "truth",
    "ungrouped",
    "unknown_events",
    "unknown_functions",
    "unknown_smart_variables",
    "walk",
]
