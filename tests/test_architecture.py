"""The house keeps its shape: layers downward, one home for each third-party package."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "redcap_iac"

LAYERS: tuple[tuple[str, ...], ...] = (
    (
        "errors",
        "explanations",
        "calls",
        "state",
        "changes",
        "plan",
        "plan_json",
        "plan_reading",
        "provenance",
        "findings",
        "hazard",
        "position",
        "document",
        "edits",
        "secret",
        "suggestions",
    ),
    ("answers", "client", "logic"),
    ("kinds",),
    ("formats", "manifest", "exporter", "differ", "design", "lint", "scenarios", "safety"),
    ("planner", "applier", "carrier", "outcome", "sending", "production", "merging"),
    ("workflow",),
    ("views",),
    ("cli",),
)
RANK = {room: number for number, layer in enumerate(LAYERS) for room in layer}

HOMES = {
    "requests": ("client.py",),
    "ruamel": ("manifest/",),
    "jsonschema": ("manifest/",),
    "deepdiff": ("differ.py",),
    "lark": ("logic/",),
    "flask": ("emulator/",),
    "waitress": ("emulator/",),
    "werkzeug": ("emulator/",),
    "rich": ("views/",),
    "jinja2": ("views/",),
    "markupsafe": ("views/",),
    "click": ("cli/",),
    "keyring": ("manifest/",),
    "platformdirs": ("manifest/",),
    "cryptography": ("safety/encryption.py",),
}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def imports(path: Path) -> Iterator[tuple[str, bool]]:
    """Yield each imported module and whether the import stands inside a function."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inner = {
        node
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node in inner
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, node in inner
        elif isinstance(node, ast.Call) and (named := by_name(node)):
            yield named, node in inner


def by_name(call: ast.Call) -> str:
    """Return the module that `import_module("…")` names, "" for any other call."""
    function = call.func
    called = getattr(function, "attr", getattr(function, "id", ""))
    first = call.args[0] if call.args else None
    if called not in ("import_module", "__import__") or not isinstance(first, ast.Constant):
        return ""
    return str(first.value)


def test_an_import_by_name_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "module.py"
    path.write_text("import importlib\nfound = importlib.import_module('keyring')\n")
    assert "keyring" in [name for name, _ in imports(path)]


def room_of(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_go_downward(path: Path) -> None:
    room = room_of(path)
    if room in ("__init__", "__main__", "emulator"):
        return
    for name, _ in imports(path):
        parts = name.split(".")
        if parts[0] != "redcap_iac" or len(parts) < 2:
            continue
        if parts[1] == "emulator":
            doors = ("cli/emulator", "cli/demo.py")
            assert path.relative_to(PACKAGE).as_posix().startswith(doors), (
                f"{path.name} imports the emulator"
            )
            continue
        assert RANK[parts[1]] <= RANK[room], f"{room} imports {name}, which is above it"


@pytest.mark.parametrize("path", sorted((PACKAGE / "emulator").rglob("*.py")), ids=lambda p: p.name)
def test_the_emulator_is_an_island(path: Path) -> None:
    allowed = ("redcap_iac.emulator", "redcap_iac.logic")
    foreign = [
        name
        for name, _ in imports(path)
        if name.split(".")[0] == "redcap_iac" and not name.startswith(allowed)
    ]
    assert foreign == []


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_third_party_packages_have_one_home(path: Path) -> None:
    place = path.relative_to(PACKAGE).as_posix()
    for name, _ in imports(path):
        top = name.split(".")[0]
        if top in sys.stdlib_module_names or top == "redcap_iac":
            continue
        assert top in HOMES, f"{place} imports {top}, which has no home"
        assert place.startswith(HOMES[top]), f"{place} imports {top}, at home in {HOMES[top]}"


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_inside_functions_are_for_start_up_time_only(path: Path) -> None:
    if room_of(path) in ("cli", "manifest", "emulator"):
        return  # commands load what they use; keyring is looked for when a token source names it
    late = [name for name, inside in imports(path) if inside]
    assert late == []


def test_there_are_no_cycles_among_the_rooms() -> None:
    above: dict[str, set[str]] = {}
    for path in modules():
        room = room_of(path)
        for name, _ in imports(path):
            parts = name.split(".")
            if parts[0] == "redcap_iac" and len(parts) > 1 and parts[1] != room:
                above.setdefault(room, set()).add(parts[1])
    waiting = dict(above)
    while waiting:
        free = [room for room, needs in waiting.items() if not needs & waiting.keys()]
        assert free, f"a cycle among {sorted(waiting)}"
        for room in free:
            del waiting[room]
