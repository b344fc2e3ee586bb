"""How long drafting scenarios takes beside loading the design; run it as a script.

Prints seconds, and ratios to loading the same dictionary: they depend little on the machine. A
file of another dictionary (CSV) may be given; without one it is a published one whose fields
nearly all have branching logic. The last ratio is a draft beside a record played on all pages:
far below 1 while a draft plays only what it depends on.
"""

from __future__ import annotations

import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

from redcap_iac.design import Design
from redcap_iac.manifest.loader import load
from redcap_iac.scenarios.coverage import Seen
from redcap_iac.scenarios.drafting import drafts
from redcap_iac.scenarios.expressions import Expressions
from redcap_iac.scenarios.place import Page, Place
from redcap_iac.scenarios.playing import play
from redcap_iac.scenarios.scope import Circumstances
from tests.benchmarks.lint import CORPUS, seconds

CLOCK = datetime(2026, 3, 14, 15, 9, 26)


def main() -> None:
    """Measure and print."""
    given = [Path(word) for word in sys.argv[1:]]
    for path in given or [CORPUS / "hms-dbmi__music-ecrf.csv"]:
        if path.exists():
            measure(path)


def measure(path: Path) -> None:
    """Measure a dictionary and print it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "design.csv").write_bytes(path.read_bytes())
        (folder / "redcap.yaml").write_text("version: 1\ndictionary: design.csv\n")
        loading = seconds(lambda: load(folder))
        design = Design(load(folder).desired.state)
    start = time.perf_counter()
    number = sum(1 for _ in drafts(design, CLOCK))
    drafting = time.perf_counter() - start
    expressions, around = Expressions(design), Circumstances(design, CLOCK)
    pages = tuple(Page(Place(), instrument) for instrument in design.instruments)
    playing = seconds(lambda: play(around, expressions, {Place(): {}}, pages, Seen()))
    print(f"{path.name}\n  load from CSV      {loading:6.2f} s")
    print(f"  {number:6,} drafts      {drafting:6.2f} s  {drafting / loading:4.1f} × loading")
    print(f"  one whole record   {playing:6.3f} s")
    each = drafting / max(1, number) / playing
    print(f"  one draft is {each:.3f} × a record played on all pages")


if __name__ == "__main__":
    main()
