"""No public method or property of PyCap is left out of these tests."""

from __future__ import annotations

import ast
from pathlib import Path

from redcap.project import Project as PyCap

HERE = Path(__file__).parent
#: What is not driven, each with its reason.
LEFT_OUT: dict[str, str] = {}


def offered() -> set[str]:
    return {name for name in dir(PyCap) if not name.startswith("_")}


def driven() -> set[str]:
    """Return what the tests use of the objects their fixtures hand them."""
    found: set[str] = set()
    for path in HERE.glob("test_pycap_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Attribute(value=ast.Name(id="pycap" | "pycap_classic"), attr=name):
                    found.add(name)
    return found


def test_every_public_method_of_pycap_is_driven() -> None:
    assert offered() - driven() == set(LEFT_OUT)


def test_there_are_methods_to_drive() -> None:
    assert {"export_records", "switch_dag", "redcap_version"} <= offered()
