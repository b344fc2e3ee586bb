"""All rules: whatever the modules of `lint/rules/` register."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from redcap_iac.lint import rules
from redcap_iac.lint.rule import REGISTERED, Rule


@cache
def all_rules() -> tuple[Rule, ...]:
    """Return every rule, sorted by its code."""
    for module in pkgutil.iter_modules(rules.__path__):
        importlib.import_module(f"{rules.__name__}.{module.name}")
    return tuple(REGISTERED[code] for code in sorted(REGISTERED))
