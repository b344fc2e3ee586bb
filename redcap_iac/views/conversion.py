"""A conversion on the screen and as JSON: what was read, what was written, what is not held."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from rich.text import Text

from redcap_iac.explanations import explanations
from redcap_iac.findings import Finding
from redcap_iac.plan_json import finding_json
from redcap_iac.views.findings import (
    WIDTH,
    advice_lines,
    counted,
    finding_lines,
    said,
    wrapped,
)
from redcap_iac.views.json import dumped, exit_json
from redcap_iac.workflow.converting import Conversion

#: How many losses of one sort are shown one by one.
_SHOWN = 6
#: Losses whose sentences name people; they are counted unless everything is asked for.
_PEOPLE = "C116"
#: Targets in words; every other one is a table of what it is called after.
_TARGETS: Mapping[str, str] = {
    "manifest": "a manifest",
    "project-xml": "a project XML",
    "instrument-zip": "an instrument zip",
    "instrument-zips": "instrument zips",
    "csv-folder": "a folder of CSV tables",
    "json-folder": "a folder of JSON tables",
    "dictionary": "a dictionary",
    "project": "a table of settings",
    "repeating": "a table of repeats",
    "dags": "a table of groups",
    "dag-assignments": "a table of group assignments",
}
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
    done: Conversion, folder: Path, files: Sequence[str], *, is_written: bool, verbose: bool,
    width: int = WIDTH, following: str = "",
) -> list[Text]:  # fmt: skip
    """Return what was read, what is lost, what else there is to know, what was written.

    `following` is the command to go on with once the files are there.
    """
    lines: list[Text] = []
    for file, format_ in done.sources:
        lines += wrapped(Text(said(f"Read {file} ({format_}).")), indent=4, width=width)
    held = ", ".join(counted(number, _WORDS[kind]) for kind, number in done.held.items())
    lines += wrapped(Text(f"It holds {held or 'nothing'}."), indent=4, width=width)
    for finding in done.notes:
        for line in finding_lines(finding):
            lines += wrapped(line, indent=4, width=width)
    if done.lost:
        number = counted(len(done.lost), "thing")
        lines.append(Text(f"Not held by {_in_words(done.format)}: {number}", "bold yellow"))
    for code, members in _by_code(done.lost).items():
        lines += _group(code, members, width, verbose=verbose)
    if not done.lost:
        lines.append(Text("Nothing is lost.", "green"))
    lines += _ending(folder, files, width, is_written=is_written)
    if is_written and following:
        lines.append(Text(said(f"Next: {following}")))  # to be copied: never broken
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


def _in_words(target: str) -> str:
    return _TARGETS.get(target) or f"a table of {target.replace('-', ' ')}"


def _group(code: str, members: Sequence[Finding], width: int, *, verbose: bool) -> Iterator[Text]:
    title = explanations()[code].title
    head = Text.assemble("  ", (code, "yellow"), f" {title} ({len(members):,})")
    yield from wrapped(head, indent=7, width=width)
    shown = members if verbose else [one for one in members if not _is_about_people(one)][:_SHOWN]
    for finding in shown:
        place = f"{finding.position}: " if finding.position is not None else ""
        yield from wrapped(Text(f"       {said(place + finding.message)}"), indent=9, width=width)
    if len(members) > len(shown):
        rest = f"{len(members) - len(shown):,} more" if shown else "each"
        yield Text(f"       {rest} with -v, or in --report json", "dim")
    advices = dict.fromkeys(finding.advice for finding in members if finding.advice)
    if len(advices) == 1:
        yield from advice_lines(next(iter(advices)), 7, width)


def _is_about_people(finding: Finding) -> bool:
    return finding.code == _PEOPLE or finding.address.startswith("user/")


def _ending(
    folder: Path, files: Sequence[str], width: int, *, is_written: bool
) -> Iterator[Text]:  # fmt: skip
    where = f"{folder.as_posix()}/" if folder != Path() else ""
    verb = "Written" if is_written else "Nothing was written; it would be"
    names = ", ".join(f"{where}{name}" for name in files[:3])
    more = f" and {len(files) - 3:,} more" if len(files) > 3 else ""
    yield from wrapped(Text(said(f"{verb}: {names}{more}")), indent=4, width=width)
