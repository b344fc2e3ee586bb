"""All rules: whatever the modules of `lint/rules/` register, and the settings they ask for."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from types import ModuleType

from redcap_iac.lint import rules
from redcap_iac.lint.rule import REGISTERED, Rule


@dataclass(frozen=True, slots=True)
class Setting:
    """A number (`number`) or a list of words (`list`) that rules ask for, and what it is unset."""

    name: str
    kind: str
    default: str


@cache
def all_rules() -> tuple[Rule, ...]:
    """Return every rule, sorted by its code."""
    _modules()
    return tuple(REGISTERED[code] for code in sorted(REGISTERED))


@cache
def all_settings() -> tuple[Setting, ...]:
    """Return every setting a rule asks for, sorted by name; read from the code of the rules."""
    found = {one.name: one for module in _modules() for one in _asked(module)}
    return tuple(found[name] for name in sorted(found))


@cache
def _modules() -> tuple[ModuleType, ...]:
    return tuple(
        importlib.import_module(f"{rules.__name__}.{module.name}")
        for module in pkgutil.iter_modules(rules.__path__)
    )


def _asked(module: ModuleType) -> Iterator[Setting]:
    """Yield what a module asks `settings` for: `settings.number("fields_most", 100)`."""
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        owner, kind = node.func.value, node.func.attr
        if kind not in ("number", "list") or not (
            isinstance(owner, ast.Name) and owner.id == "settings"
        ):
            continue
        name, default = node.args
        if isinstance(name, ast.Constant):
            yield Setting(str(name.value), kind, _said(default, module))


def _said(default: ast.expr, module: ModuleType) -> str:
    """Return a default in words: a number, or words with commas between them."""
    if isinstance(default, ast.Name):
        value = getattr(module, default.id)
    else:
        value = ast.literal_eval(default)
    return ", ".join(value) if isinstance(value, tuple | list) else str(value)
