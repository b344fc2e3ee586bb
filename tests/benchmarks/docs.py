"""How long the page of a large design takes beside loading it, and how large the page is.

`python -m tests.benchmarks.docs` prints seconds, and ratios to loading the same design from YAML,
which depend little on the machine; then the bytes of the page, whole and for each field. Files of
other dictionaries (CSV) may be given; without one it is the largest published ones and 10,000
invented fields. `--half` adds how much longer twice the fields take.
"""

from __future__ import annotations

import gzip
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from redcap_iac.design import Design
from redcap_iac.design.dependencies import dependencies
from redcap_iac.kinds import kind_named
from redcap_iac.manifest.loader import load
from redcap_iac.manifest.writer import to_yaml
from redcap_iac.state import State
from redcap_iac.views.docs import About, docs_html
from redcap_iac.views.graph import chart, mermaid
from tests.benchmarks.lint import CORPUS, FIELDS, LARGEST, invented, seconds

ABOUT = About("the project's files", "0" * 64, "redcap-iac")
OTHER = CORPUS / "hms-dbmi__music-ecrf.csv"


def loaded(data: bytes) -> tuple[float, State]:
    """Return what loading the design as YAML takes, and the design."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "design.csv").write_bytes(data)
        (folder / "redcap.yaml").write_text("version: 1\ndictionary: design.csv\n")
        state = load(folder).desired.state
        draft: dict[str, object] = {"version": 1}
        kind_named("fields").describe(state, draft)
        (folder / "redcap.yaml").write_text(to_yaml(draft), encoding="utf-8")
        return seconds(lambda: load(folder)), state


def drawn(state: State) -> str:
    """Return the design as Mermaid."""
    design = Design(state)
    return mermaid(chart(design, dependencies(design)))


def show(title: str, data: bytes) -> float:
    """Measure a dictionary and print it; return the seconds its page takes."""
    loading, state = loaded(data)
    parts: dict[str, Callable[[], object]] = {
        "docs": lambda: docs_html(Design(state), ABOUT),
        "graph": lambda: drawn(state),
    }
    times = {name: seconds(work) for name, work in parts.items()}
    page = docs_html(Design(state), ABOUT).encode()
    fields = len(Design(state).fields)
    print(f"{title}: {fields:,} fields\n  load from YAML {loading:6.2f} s   1.0 ×")
    for name, taken in times.items():
        print(f"  {name:14} {taken:6.2f} s  {taken / loading:4.1f} ×")
    packed = len(gzip.compress(page))
    print(
        f"  page {len(page) / 1e6:.1f} MB, {len(page) // fields:,} bytes a field;"
        f" {packed / 1e6:.1f} MB as a server packs it"
    )
    return times["docs"]


def main() -> None:
    """Measure and print."""
    given = [Path(word) for word in sys.argv[1:] if not word.startswith("-")]
    for path in given or [LARGEST, OTHER]:
        if path.exists():
            show(path.name, path.read_bytes())
    if not given:
        whole = show(f"{FIELDS:,} invented fields", invented(FIELDS))
        if "--half" in sys.argv:
            half = show("half of them", invented(FIELDS // 2))
            print(f"twice the fields take {whole / half:.1f} × as long")


if __name__ == "__main__":
    main()
