"""How long a manifest of 10,000 fields takes to load, part by part; run it as a script.

Prints seconds, and ratios to parsing YAML alone, which depend little on the machine.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from redcap_iac.findings import Findings
from redcap_iac.manifest.events import parse_fast, parse_portable
from redcap_iac.manifest.loader import load
from redcap_iac.manifest.nodes import read_yaml
from redcap_iac.manifest.shape import check_shape
from redcap_iac.manifest.writer import to_yaml

FIELDS = 10_000
FORMS = 50


def instrument(number: int) -> dict[str, object]:
    """Return an instrument of plain, chosen and branching fields."""
    fields: dict[str, object] = {} if number else {"record_id": {"type": "text", "label": "ID"}}
    for index in range(FIELDS // FORMS):
        name = f"f{number}_{index}"
        definition: dict[str, object] = {"type": "text", "label": f"Question {index}, in full"}
        if index % 3 == 0:
            choices = {"1": "Yes, always", "2": "No", "99": "Unknown"}
            definition = {"type": "radio", "label": f"Choice {index}", "choices": choices}
        elif index % 3 == 1:
            definition["branching"] = f"[f{number}_{index - 1}] = '1'"
            definition["note"] = "as in the source document"
        fields[name] = definition
    return {"instrument": f"form_{number}", "fields": fields}


def seconds(work: Callable[[], object]) -> float:
    """Return the best time of three."""
    times = []
    for _ in range(3):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    """Measure and print."""
    instruments = [instrument(number) for number in range(FORMS)]
    whole = to_yaml({"version": 1, "instruments": instruments}).encode()
    node = read_yaml(whole, "redcap.yaml", Findings())
    assert node is not None
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "redcap.yaml").write_bytes(whole)
        parts: dict[str, Callable[[], object]] = {
            "libyaml's events": lambda: [None for _ in parse_fast(whole.decode())],
            "document nodes": lambda: read_yaml(whole, "redcap.yaml", Findings()),
            "schema": lambda: check_shape(node, "manifest", Findings()),
            "whole load": lambda: load(Path(folder)),
        }
        if "--portable" in sys.argv:
            parts["without libyaml"] = lambda: read_yaml(
                whole, "redcap.yaml", Findings(), parse_portable
            )
        times = {name: seconds(work) for name, work in parts.items()}
    base = times["libyaml's events"]
    lines = whole.count(b"\n")
    print(f"{FIELDS} fields, {lines:,} lines")
    for name, taken in times.items():
        print(f"{name:18} {taken:6.2f} s  {taken / base:5.1f} ×")


if __name__ == "__main__":
    main()
