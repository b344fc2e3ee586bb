"""A conversion on the screen and as JSON: what was read, what was written, what is not held."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from rich.text import Text

from redcap_iac.explanations import explanations
from redcap_iac.findings import Finding
from redcap_iac.plan_json import finding_json
from redcap_iac.views.findings import advice_lines, counted, finding_lines, said, wrapped
from redcap_iac.views.json import dumped, exit_json
from redcap_iac.workflow.converting import Conversion

#: How many losses of one sort are shown one by one.
_SHOWN = 6
#: Losses whose sentences name people; they are counted unless everything is asked for.
_PEOPLE = "C116"
_WORDS: Mapping[str, str] = {
    "project": "setting",
    "fields": "field",
    "instruments": "instrument",
    "arms": "arm",
    "events": "event",
    "designations": "designation",
    "repeating": "repeat",
    "dags": "group",
    "roles": "role",
    "users": "user",
    "role_assignments": "role assignment",
    "dag_assignments": "group assignment",
}


def conversion_lines(
    done: Conversion, folder: Path, files: Sequence[str], *, is_written: bool, verbose: bool
) -> list[Text]:
    """Return what was read, what is lost, what else there is to know, what was written."""
    lines: list[Text] = []
    for file, format_ in done.sources:
        lines += wrapped(Text(said(f"Read {file} ({format_}).")))
    held = ", ".join(counted(number, _WORDS[kind]) for kind, number in done.held.items())
    lines += wrapped(Text(f"It holds {held or 'nothing'}."), indent=4)
    for finding in done.notes:
        lines += [piece for line in finding_lines(finding) for piece in wrapped(line, indent=4)]
    if done.lost:
        number = counted(len(done.lost), "thing")
        lines.append(Text(f"Not held by the {done.format}: {number}", "bold yellow"))
    for code, members in _by_code(done.lost).items():
        lines += _group(code, members, verbose=verbose)
    lines += _ending(folder, files, is_written=is_written, everything=not done.lost)
    return lines


def conversion_json(done: Conversion, folder: Path, written: Sequence[str], exit_code: int) -> str:
    """Return the same for machines; `counts` are losses by code."""
    return dumped(
        {
            "sources": [{"file": file, "format": format_} for file, format_ in done.sources],
            "format": done.format,
            "held": dict(done.held),
            "lost": [finding_json(finding) for finding in done.lost],
            "counts": {code: len(found) for code, found in _by_code(done.lost).items()},
            "notes": [finding_json(finding) for finding in done.notes],
            "folder": folder.as_posix(),
            "written": list(written),
            "exit": exit_json(exit_code),
        }
    )


def _by_code(found: Sequence[Finding]) -> dict[str, list[Finding]]:
    groups: dict[str, list[Finding]] = {}
    for finding in sorted(found, key=lambda one: one.code):
        groups.setdefault(finding.code, []).append(finding)
    return groups


def _group(code: str, members: Sequence[Finding], *, verbose: bool) -> Iterator[Text]:
    title = explanations()[code].title
    yield Text.assemble("  ", (code, "yellow"), f" {title} ({len(members):,})")
    shown = members if verbose else () if code == _PEOPLE else members[:_SHOWN]
    for finding in shown:
        place = f"{finding.position}: " if finding.position is not None else ""
        yield from wrapped(Text(f"       {said(place + finding.message)}"), indent=9)
    if len(members) > len(shown):
        rest = f"{len(members) - len(shown):,} more" if shown else "each"
        yield Text(f"       {rest} with -v, or in --report json", "dim")
    advices = dict.fromkeys(finding.advice for finding in members if finding.advice)
    if len(advices) == 1:
        yield from advice_lines(next(iter(advices)), 7)


def _ending(
    folder: Path, files: Sequence[str], *, is_written: bool, everything: bool
) -> Iterator[Text]:
    if everything:
        yield Text("Everything is held.", "green")
    where = f"{folder.as_posix()}/" if folder != Path() else ""
    verb = "Written" if is_written else "Nothing was written; it would be"
    names = ", ".join(f"{where}{name}" for name in files[:3])
    more = f" and {len(files) - 3:,} more" if len(files) > 3 else ""
    yield from wrapped(Text(said(f"{verb}: {names}{more}")), indent=4)
