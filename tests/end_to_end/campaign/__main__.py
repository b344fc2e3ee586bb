"""Runs the campaign and prints its figures."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from tests.end_to_end.campaign.killing import killed_for_good, kills
from tests.end_to_end.campaign.points import Result, chosen, tried
from tests.end_to_end.campaign.start import prepared


def figures(results: Sequence[Result]) -> str:
    """Return the figures of a campaign."""
    lost = [result for result in results if result.problems]
    ways = Counter(result.point.way for result in results)
    by = Counter(result.by for result in results if not result.problems)
    lines = [
        f"points tried: {len(results)}",
        *(f"  {number:5} {way}" for way, number in ways.items()),
        f"converged: {len(results) - len(lost)}",
        *(f"  {number:5} by {name}" for name, number in by.items()),
        f"lost: {len(lost)}",
    ]
    lines += [f"  call {r.point.call} {r.point.way}: {'; '.join(r.problems)}" for r in lost]
    return "\n".join(lines)


def main() -> int:
    """Run the campaign and print its figures."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("number", nargs="?", type=int, help="so many points, taken by chance")
    asked.add_argument("--jobs", type=int, default=1, help="so many at once")
    asked.add_argument("--seed", type=int, default=0, help="of the points taken by chance")
    asked.add_argument("--processes", action="store_true", help="kill real processes at each write")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        start = prepared(Path(folder))
        if options.processes:
            wanted, trying = kills(start, options.number, options.seed), killed_for_good
        else:
            wanted, trying = chosen(start, options.number, options.seed), tried
        with ProcessPoolExecutor(options.jobs) as pool:
            results = list(pool.map(partial(trying, start), wanted))
    sys.stdout.write(figures(results) + "\n")
    return 1 if any(result.problems for result in results) else 0


if __name__ == "__main__":
    sys.exit(main())
