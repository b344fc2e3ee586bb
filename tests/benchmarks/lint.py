"""How long judging takes beside loading, on the largest design; run it as a script.

Prints seconds, and ratios to loading the same design from YAML (which is `validate`): they depend
little on the machine; then the rules that take longest. A file of another dictionary (CSV) may be
given; without one it is the largest published one, and 10,000 invented fields. `--half` adds how
much longer twice the fields take than half of them: about 4 where a rule compares everything with
everything.
"""

from __future__ import annotations

import csv
import io
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from redcap_iac.design import Design
from redcap_iac.kinds import kind_named
from redcap_iac.kinds.dictionary.field import COLUMNS
from redcap_iac.lint.judging import judge
from redcap_iac.lint.registry import all_rules
from redcap_iac.lint.settings import Settings
from redcap_iac.manifest.loader import load
from redcap_iac.manifest.writer import to_yaml

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "dictionaries"
LARGEST = CORPUS / "sibis-platform__ncanda-data-entry.csv"
FIELDS, FORMS = 10_000, 50


def invented(number: int) -> bytes:
    """Return a dictionary of plain, chosen, calculated and branching fields."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="")
    writer.writeheader()
    writer.writerow(
        {"field_name": "record_id", "form_name": "form_0", "field_type": "text",
         "field_label": "Study ID"}
    )  # fmt: skip
    for index in range(1, number):
        row = {
            "field_name": f"f{index}", "form_name": f"form_{index * FORMS // number}",
            "field_type": "text", "field_label": f"Question {index} in its full wording",
        }  # fmt: skip
        if index % 4 == 0:
            row["field_type"] = "radio"
            row["select_choices_or_calculations"] = "1, Yes, always | 2, No | 99, Unknown"
        elif index % 4 == 1 and index > 4:
            row["branching_logic"] = f"[f{index - 1}] = '1' or [f{index - 1}] = '2'"
            row["field_annotation"] = "@DEFAULT='[f4]'"
        elif index % 4 == 3:
            row["field_type"] = "calc"
            row["select_choices_or_calculations"] = f"round([f{index - 1}] / 2 + [f2], 1)"
        writer.writerow(row)
    return text.getvalue().encode()


def seconds(work: Callable[[], object], times: int = 3) -> float:
    """Return the best time of a few."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return min(taken)


def measured(data: bytes) -> tuple[float, dict[str, float]]:
    """Return what loading the design as YAML takes, and what the other parts take."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "design.csv").write_bytes(data)
        (folder / "redcap.yaml").write_text("version: 1\ndictionary: design.csv\n")
        from_csv = seconds(lambda: load(folder))
        state = load(folder).desired.state
        draft: dict[str, object] = {"version": 1}
        kind_named("fields").describe(state, draft)
        (folder / "redcap.yaml").write_text(to_yaml(draft), encoding="utf-8")
        loading = seconds(lambda: load(folder))
    every = Settings(select=frozenset(rule.code for rule in all_rules()))
    parts = {
        "load from CSV": from_csv,
        "lint, default": seconds(lambda: judge(Design(state))),
        "lint, every rule": seconds(lambda: judge(Design(state), every)),
    }
    return loading, parts


def slowest(data: bytes) -> list[tuple[float, str]]:
    """Return the rules by the time each takes on a design already looked at."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "design.csv").write_bytes(data)
        (folder / "redcap.yaml").write_text("version: 1\ndictionary: design.csv\n")
        design = Design(load(folder).desired.state)
    judge(design)
    times = []
    for rule in all_rules():
        start = time.perf_counter()
        list(rule.judge(design, Settings()))
        times.append((time.perf_counter() - start, rule.code))
    return sorted(times, reverse=True)


def show(title: str, data: bytes) -> None:
    """Measure a dictionary and print it."""
    loading, parts = measured(data)
    print(f"{title}\n  {'load from YAML':18} {loading:6.2f} s   1.0 ×")
    for part, taken in parts.items():
        print(f"  {part:18} {taken:6.2f} s  {taken / loading:4.1f} ×")
    longest = ", ".join(f"{code} {taken * 1000:.0f} ms" for taken, code in slowest(data)[:6])
    print(f"  longest: {longest}")


def main() -> None:
    """Measure and print."""
    given = [Path(word) for word in sys.argv[1:] if not word.startswith("-")]
    for path in given or [LARGEST]:
        if path.exists():
            show(path.name, path.read_bytes())
    if not given:
        show(f"{FIELDS:,} invented fields", invented(FIELDS))
    if "--half" in sys.argv:
        parts = [measured(invented(number))[1]["lint, every rule"] for number in (5_000, 10_000)]
        print(f"twice the fields take {parts[1] / parts[0]:.1f} × as long")


if __name__ == "__main__":
    main()
