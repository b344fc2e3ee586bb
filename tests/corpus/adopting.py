"""One line a file of the corpus: what is read, what comes back, what lint says.

`python -m tests.corpus.adopting` prints it: fields; expressions, and how many of them are none;
through a manifest, a project's XML and instrument zips and back (`=` equal, a number counts what
the report names as lost, `!` refused by name); findings of lint as errors/warnings/notes, all
rules, and how many of them the default profile shows.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from redcap_iac.findings import Severity
from redcap_iac.lint.registry import all_rules
from redcap_iac.lint.settings import Profile
from tests.corpus import conversions, expressions
from tests.corpus.expressions import LOGIC
from tests.lint.corpus import judged


def lines() -> Iterator[str]:
    """Yield the lines of the table, and the totals of its columns."""
    usual = {rule.code for rule in all_rules() if Profile.DEFAULT in rule.profiles}
    reports = {one.name: one for one in judged()}
    known = set(expressions.FILES)
    totals = [0] * 6
    yield "| file | fields | expressions, wrong | manifest, XML, zips | lint e/w/n, default |"
    yield "| --- | ---: | ---: | --- | ---: |"
    for row in conversions.rows():
        texts = expressions.expressions(row.path) if row.path in known else ()
        wrong = sum(not expressions.is_read(one.text) for one in texts if one.use in LOGIC)
        ways = " ".join(row.ways.get(name, "–") for name in conversions.BETWEEN)
        numbers = [0, len(texts), wrong, 0, 0, 0]
        fields = lint = "–"
        if (one := reports.get(row.path.name)) is not None:
            counts = [one.report.count(severity) for severity in Severity]
            default = sum(finding.code in usual for finding in one.report.findings)
            numbers = [one.fields, len(texts), wrong, *counts]
            fields = f"{one.fields:,}"
            lint = f"{counts[0]}/{counts[1]:,}/{counts[2]:,}, {default:,}"
        totals = [total + number for total, number in zip(totals, numbers, strict=True)]
        read = f"{len(texts):,}, {wrong}" if texts else "–"
        yield f"| {row.path.name} | {fields} | {read} | {row.reason or ways} | {lint} |"
    fields_, texts_, wrong_, errors, warnings, notes = (f"{total:,}" for total in totals)
    yield f"| all | {fields_} | {texts_}, {wrong_} | | {errors}/{warnings}/{notes} |"


if __name__ == "__main__":
    for line in lines():
        sys.stdout.write(f"{line}\n")
