"""Every kind, found by looking: a module or folder here with a `KIND` is one."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import Any

from redcap_iac.kinds.kind import Kind


@cache
def all_kinds() -> tuple[Kind[Any], ...]:
    """Return one of each kind, those that others come after first, then by name."""
    found: dict[str, Kind[Any]] = {}
    for module in pkgutil.iter_modules(__path__):
        kind = getattr(importlib.import_module(f"{__name__}.{module.name}"), "KIND", None)
        if kind is not None:
            found[kind.name] = kind
    ordered: list[Kind[Any]] = []
    waiting = [found[name] for name in sorted(found)]
    while waiting:
        done = {kind.name for kind in ordered}
        ready = next(kind for kind in waiting if done.issuperset(kind.after))
        ordered.append(ready)
        waiting.remove(ready)
    return tuple(ordered)


def kind_named(name: str) -> Kind[Any]:
    """Return the kind of a name; KeyError when there is none."""
    for kind in all_kinds():
        if kind.name == name:
            return kind
    raise KeyError(name)
