"""Findings and errors as text: place, severity, code, sentence, advice."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from redcap_iac.errors import ManifestError, RedcapIacError
from redcap_iac.findings import Finding, Severity
from redcap_iac.secret import redact
from redcap_iac.views.printable import printable

WIDTH = 100
STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
#: Wraps by cells, which wide letters take two of; its width is not used.
_RULER = Console(width=WIDTH, color_system=None)


def finding_lines(finding: Finding) -> list[Text]:
    """Return one finding: `file:line:col: error M101 message` on one line, and its advice."""
    line = Text()
    if finding.position is not None:
        line.append(f"{printable(str(finding.position))}: ", "bold")
    line.append(f"{finding.severity} {finding.code}", STYLES[finding.severity])
    line.append(f" {said(finding.message)}")
    return [line, *advice_lines(finding.advice, 4, width=None)]


def findings_lines(findings: Iterable[Finding], most: int | None = None) -> list[Text]:
    """Return all findings in the order of the files, those without a place last.

    Warnings and notes of one code give the same advice once; only the first `most` of them are
    shown, and the rest is counted.
    """
    ordered = sorted(
        findings,
        key=lambda f: (
            (f.position is None, str(f.position.file), f.position.line, f.position.column)
            if f.position is not None
            else (True, "", 0, 0)
        ),
    )
    shown, counts, advised = list[Text](), Counter[str](), set[tuple[str, str]]()
    for finding in ordered:
        line, *advice = finding_lines(finding)
        if finding.severity is Severity.ERROR:
            shown += [line, *advice]
            continue
        counts[finding.code] += 1
        if most is None or counts[finding.code] <= most:
            said_before = (finding.code, finding.advice) in advised
            advised.add((finding.code, finding.advice))
            shown += [line] if said_before else [line, *advice]
    if most is not None:
        left = ((code, number - most) for code, number in counts.items() if number > most)
        shown += [Text(f"and {number:,} × {code}: redcap-iac validate") for code, number in left]
    return shown


def hazard_lines(finding: Finding, width: int = WIDTH) -> list[Text]:
    """Return a finding as it stands on top of a plan."""
    if finding.position is not None:
        lines = finding_lines(finding)
        return [piece for line in lines for piece in wrapped(line, indent=7, width=width)]
    sign = "! " if finding.severity is Severity.ERROR else ""
    line = Text.assemble(
        (f"{sign}{'' if sign else f'{finding.severity} '}{finding.code}", STYLES[finding.severity]),
        f" {said(finding.message)}",
    )
    return [*wrapped(line, indent=7, width=width), *advice_lines(finding.advice, 7, width)]


def error_lines(error: RedcapIacError) -> list[Text]:
    """Return an error as one clear line and its advice; a manifest's with all its findings."""
    if isinstance(error, ManifestError) and error.findings:
        found = findings_lines(error.findings)
        count = sum(finding.severity is Severity.ERROR for finding in error.findings)
        return [*found, Text(f"{counted(count, 'error')}; nothing was changed.")]
    line = Text.assemble(("error: ", "bold red"), said(error.message))
    return [line, *advice_lines(error.advice, 4, width=None)]


def trace_lines(trace: str) -> list[Text]:
    """Return a traceback without tokens; what a server said in it cannot steer the terminal."""
    return [Text(said(line)) for line in trace.splitlines()]


def counted(number: int, noun: str, several: str = "") -> str:
    """Return `1 error`, `2 errors`; `several` is a plural that is no `s` more."""
    return f"{number:,} {noun if number == 1 else several or f'{noun}s'}"


def wrapped(line: Text, indent: int = 0, width: int = WIDTH) -> list[Text]:
    """Return a line broken at blanks to the width, what follows the first indented.

    A path longer than the width is broken behind a slash, any other such word anywhere.
    """
    if len(line.plain) <= width and line.cell_len <= width:
        return [line]
    first, *_ = _broken(line, width)
    rest = line[len(first.plain) :]
    rest = rest[len(rest.plain) - len(rest.plain.lstrip()) :]
    following = _broken(rest, width - indent) if rest.plain else ()
    blanks = " " * indent
    first.rstrip()
    return [first, *(_stripped(Text.assemble(blanks, each)) for each in following)]


def _broken(line: Text, width: int) -> list[Text]:
    pieces = line.divide(_behind_slashes(line.plain, width))
    return [part for piece in pieces for part in piece.wrap(_RULER, width, overflow="fold")]


def _behind_slashes(text: str, width: int) -> list[int]:
    """Return where a text is to be broken for the sake of paths that fit on no line."""
    breaks, used = list[int](), 0
    for word in re.finditer(r"\s*\S+", text):
        parts = re.findall(r"\s*[^/]*/*", word[0])
        if cell_len(word[0].strip()) <= width:
            blanks = used + cell_len(word[0])
            used = blanks if blanks <= width else cell_len(word[0].strip())
            continue
        at = word.start()
        for part in parts:
            if used + cell_len(part) > width and used and part:
                breaks.append(at + len(part) - len(part.lstrip()))
                used = 0
            used += cell_len(part)
            at += len(part)
    return breaks


def _stripped(line: Text) -> Text:
    line.rstrip()
    return line


def advice_lines(advice: str, indent: int, width: int | None = WIDTH) -> Sequence[Text]:
    """Return what to do next, after an arrow; None as width breaks no line."""
    if not advice:
        return ()
    lines = []
    for number, part in enumerate(advice.splitlines()):
        lead = "→ " if number == 0 else "  "
        text = Text.assemble(" " * indent, (lead, "dim"), said(part))
        lines += [text] if width is None else wrapped(text, indent=indent + 2, width=width)
    return lines


def said(text: str) -> str:
    """Return a text without tokens that cannot steer a terminal."""
    return printable(redact(text))
