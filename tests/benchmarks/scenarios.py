"""How long playing scenarios takes beside loading the design; run it as a script.

Prints seconds a scenario, and how many loads of the same design (which is `validate`) a hundred
scenarios last: that depends little on the machine. A file of another dictionary (CSV) may be given;
without one it is the largest published one, and 600 invented fields with 500 scenarios. Twice the
scenarios and twice the fields follow: about 2 each, and about 4 where a page compares every field
with every other.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import datetime
from pathlib import Path

from redcap_iac.design import Design
from redcap_iac.manifest.files import Folder
from redcap_iac.manifest.loader import load
from redcap_iac.manifest.scenarios import read_suites
from redcap_iac.scenarios import run
from tests.benchmarks.lint import LARGEST, invented, seconds

NOW = datetime(2026, 3, 14, 15, 9)
FIELDS, SCENARIOS = 600, 500


def written(design: Design, count: int) -> str:
    """Return a file of scenarios that each answer one question with choices."""
    lines = ["scenarios:"]
    asked = [field.field_name for field in design.fields if field.field_type == "radio"]
    for index in range(count):
        name = asked[index % len(asked)]
        code = (design.choices(name) or (("1", ""),))[0][0]
        lines += [
            f"  - name: Story {index}",
            f"    given: {{{name}: '{code}'}}",
            f"    expect: {{values: {{{name}: '{code}'}}}}",
        ]
    return "\n".join(lines) + "\n"


def measured(data: bytes, count: int) -> tuple[float, float]:
    """Return what loading the design takes, and what one of `count` scenarios takes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "design.csv").write_bytes(data)
        (folder / "redcap.yaml").write_text("version: 1\ndictionary: design.csv\n")
        loading = seconds(lambda: load(folder))
        design = Design(load(folder).desired.state)
        (folder / "tests").mkdir()
        (folder / "tests" / "a.test.yaml").write_text(written(design, count))
        suites = read_suites(Folder(folder))
        return loading, seconds(lambda: run(design, suites, NOW), times=1) / count


def told(title: str, data: bytes, count: int) -> float:
    """Print one measurement; return seconds a scenario."""
    loading, each = measured(data, count)
    print(f"{title}: {each * 1000:.1f} ms a scenario, a hundred {100 * each / loading:.1f} loads")
    return each


def main() -> None:
    """Measure, and print."""
    if len(sys.argv) > 1:
        told(sys.argv[1], Path(sys.argv[1]).read_bytes(), 100)
        return
    if LARGEST.exists():
        told("largest published dictionary", LARGEST.read_bytes(), 20)
    usual = told(f"{FIELDS} fields, {SCENARIOS} scenarios", invented(FIELDS), SCENARIOS)
    more = told("twice the scenarios", invented(FIELDS), 2 * SCENARIOS)
    wider = told("twice the fields", invented(2 * FIELDS), SCENARIOS // 2)
    print(f"a scenario among twice as many: {more / usual:.1f} times as long")
    print(f"a scenario on twice the fields: {wider / usual:.1f} times as long")


if __name__ == "__main__":
    main()
