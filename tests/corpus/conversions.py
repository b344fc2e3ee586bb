"""Every published file of ../shared/corpus through every conversion, as a table.

`python -m tests.corpus.conversions` prints it.

Columns: what could be read (fields, instruments); to a manifest; from there back to a dictionary
of 18 columns; through project XML; through instrument zips. `=` is equal, a number counts what the
report names as lost, `!` is refused as invalid, with the first reason at the end.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from redcap_iac.errors import ManifestError, RedcapIacError
from redcap_iac.findings import Findings
from redcap_iac.formats.losses import losses
from redcap_iac.formats.naming import Named, instruments_meant, named
from redcap_iac.workflow.converted_files import Target
from redcap_iac.workflow.converting import Conversion, convert
from redcap_iac.workflow.gatherer import Gatherer
from tests.corpus.originals import CORPUS

FILES = (
    *sorted((CORPUS / "dictionaries").glob("*.*")),
    *sorted((CORPUS / "xml").glob("*.xml")),
    *sorted((CORPUS / "responses").glob("*.csv")),
    *sorted((CORPUS / "responses").glob("*.json")),
)
#: Through what a dictionary goes and comes back as 18 columns.
BETWEEN = {"manifest": "manifest", "xml": "project-xml", "zips": "instrument-zips"}
EQUAL, REFUSED = "=", "!"


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one file: a word for every way, and why it could not be read."""

    path: Path
    held: str
    ways: dict[str, str]
    reason: str = ""


def read(*paths: Path, instruments: tuple[str, ...] = ()) -> Named:
    """Return what files hold; ManifestError when they cannot be read.

    `instruments` are those a right on all of them means where the files name none.
    """
    findings = Findings()
    gatherer = Gatherer(findings)
    for path in paths:
        gatherer.take(path, "")
    state = gatherer.state()
    if findings.errors():
        raise ManifestError(findings.errors())
    return named(state, instruments)


def through(path: Path, format_: str, folder: Path) -> tuple[Conversion, list[Path]]:
    """Convert a file; return the conversion and where its files are."""
    made = convert([path], "", Target("out.xml" if format_ == "project-xml" else "out", format_))
    paths = []
    for name, data in made.files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
        paths.append(place)
    return made, [folder] if format_ == "manifest" else paths


def compared(path: Path, format_: str, folder: Path) -> str:
    """Return how a file's design comes back: `=`, or how many parts the report names as lost.

    Fails when something differs that the report does not name.
    """
    before = read(path)
    made, paths = through(path, format_, folder)
    told = {finding.address for finding in made.lost}
    if any(note.code == "C125" for note in made.notes) and format_ == "manifest":
        # what is not valid is not loaded; it was compared when it was converted
        lost = told - {""}
        return str(len(lost)) if lost else EQUAL
    after = read(*paths, instruments=instruments_meant(before.state))
    missing = {finding.address for finding in losses(before, after)}
    assert missing <= told, f"{path.name} through {format_}: {sorted(missing - told)[:5]}"
    return EQUAL if not missing else str(len(missing))


def rows() -> Iterator[Row]:
    """Yield what becomes of every file."""
    for path in FILES:
        try:
            before = read(path)
        except ManifestError as error:
            first = f"{error.findings[0].code} {error.findings[0].message}"
            yield Row(path, REFUSED, {}, first[:70])
            continue
        held = ", ".join(f"{len(items)} {kind}" for kind, items in before.state.kinds.items())
        ways = {}
        for name, format_ in BETWEEN.items():
            if "fields" not in before.state and format_ != "manifest":
                continue
            with tempfile.TemporaryDirectory() as folder:
                try:
                    ways[name] = compared(path, format_, Path(folder))
                except RedcapIacError:
                    ways[name] = REFUSED
        yield Row(path, held, ways)


def table() -> Iterator[str]:
    """Yield the lines of the table, and the totals."""
    total: dict[str, list[int]] = {name: [0, 0, 0] for name in BETWEEN}
    count = refused = 0
    yield "| file | read | manifest | XML | zips |"
    yield "| --- | --- | --- | --- | --- |"
    for row in rows():
        count += 1
        refused += row.held == REFUSED
        cells = [row.ways.get(name, "–") for name in BETWEEN]
        yield f"| {row.path.name} | {row.reason or row.held} | {' | '.join(cells)} |"
        for name, word in row.ways.items():
            total[name][{EQUAL: 0, REFUSED: 2}.get(word, 1)] += 1
    yield f"{count} files, {count - refused} read, {refused} refused."
    for name, (same, lost, invalid) in total.items():
        yield f"{name}: {same} equal, {lost} with losses named, {invalid} refused."


if __name__ == "__main__":
    for line in table():
        sys.stdout.write(f"{line}\n")
