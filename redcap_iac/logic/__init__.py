"""REDCap's expression language: text to tree, tree to references, value and text.

One language serves branching logic, calculations and the API's filterLogic. Typical use::

    tree = parse("[age] >= 18 and [consent(1)] = '1'")
    truth(tree, scope, clock)

``parse`` raises LogicError for what is not an expression. The nodes are in ``logic.tree``.
"""

from redcap_iac.logic.checks import miscounted_arguments, unknown_functions
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
    "parse",
    "references",
    "render",
    "smart_variables",
    "truth",
    "ungrouped",
    "unknown_functions",
    "walk",
]
