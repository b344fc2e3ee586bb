"""A merge for people and machines: what is open, what came from REDCap, what waits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rich.text import Text

from redcap_iac.changes import Value
from redcap_iac.merging.renames import Proposal
from redcap_iac.merging.verdict import Decision
from redcap_iac.plan import Plan, PlannedChange
from redcap_iac.plan_json import change_json
from redcap_iac.state import Target
from redcap_iac.views.differences import value_text
from redcap_iac.views.file_diff import diff_lines
from redcap_iac.views.findings import WIDTH, counted, wrapped
from redcap_iac.views.json import dumped, exit_json
from redcap_iac.views.printable import printable
from redcap_iac.views.rows import sections
from redcap_iac.views.text import section_text
from redcap_iac.workflow.pulling import Pulled

#: Why something is open, where nothing more is known of it.
_BOTH = "changed here and in REDCap"


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is told beside a merge: its base in words, whether files were only to be shown.

    `kept` is where the old files were put, "" for nowhere.
    """

    base: str
    dry_run: bool = False
    kept: str = ""


def merge_lines(pulled: Pulled, about: Circumstances, width: int = WIDTH) -> list[Text]:
    """Return the merge: what is open first, then what comes from REDCap, then the files."""
    lines = [*wrapped(Text(_head(pulled.live.target), "bold"), indent=4, width=width)]
    lines += wrapped(Text(f"Base: {printable(about.base)}."), indent=4, width=width)
    lines.append(Text())
    if pulled.open_renames:
        lines += [*_open_renames(pulled.open_renames, width), Text()]
    if pulled.conflicts:
        lines += [*_conflicts(pulled.conflicts, width), Text()]
    for section in sections(_plan(pulled.live.target, pulled.taken)):
        lines += section_text(section, width)
    if pulled.taken:
        lines.append(Text())
    if about.dry_run:
        for path, data in pulled.after.items():
            lines += [*diff_lines(path, pulled.before.get(path), data), Text()]
    return [*lines, *_foot(pulled, about, width)]


def merge_json(pulled: Pulled, about: Circumstances, exit_code: int) -> str:
    """Return a merge as JSON: addresses, both sides and the base, the files that change."""
    target = pulled.live.target
    return dumped(
        {
            "target": {"url": target.url, "project_id": target.project_id, "title": target.title},
            "base": about.base,
            "dry_run": about.dry_run,
            "taken": [change_json(change) for change in pulled.taken],
            "conflicts": [_conflict_json(one) for one in pulled.conflicts],
            "waiting": [change.address for change in pulled.waiting],
            "renamed": [_rename_json(one) for one in pulled.renamed],
            "open_renames": [_rename_json(one) for one in pulled.open_renames],
            "unmanaged": dict(pulled.unmanaged),
            "written_out": [
                {"file": one.file, "path": list(one.path), "variables": list(one.names)}
                for one in pulled.written_out
            ],
            "files": {path: _done(pulled, path) for path in pulled.after},
            "kept": about.kept or None,
            "exit": exit_json(exit_code),
        }
    )


def question_of(one: Proposal) -> str:
    """Return what a person is asked about something that may have been renamed."""
    return (
        f"In REDCap {one.old} is gone and {one.new}, which looks like it, has come. Is it renamed?"
        " (yes: it keeps its place, its comments and its data elsewhere; no: one goes, one comes)"
    )


def _head(target: Target) -> str:
    return printable(
        f"redcap-iac pull · {target.title} (project {target.project_id}) · REDCap {target.version}"
    )


def _open_renames(found: Sequence[Proposal], width: int) -> Iterator[Text]:
    said = counted(len(found), "rename")
    yield from wrapped(
        Text(f"OPEN: {said} in REDCap? Nothing is merged before that is answered.", "bold red"),
        indent=4, width=width,
    )  # fmt: skip
    for one in found:
        line = f"! {one.code} {one.old} is gone in REDCap, and {one.new} looks like it."
        yield from wrapped(Text(printable(line)), indent=7, width=width)
        advice = f'→ --accept-rename "{one.word}", or --no-renames'
        yield from _advice(advice, width)


def _conflicts(found: Sequence[Decision], width: int) -> Iterator[Text]:
    verb = "is" if len(found) == 1 else "are"
    said = f"OPEN: {counted(len(found), 'conflict')}. What {verb} named here stays as in the files."
    yield from wrapped(Text(said, "bold red"), indent=4, width=width)
    for one in found:
        line = f"! {one.code} {one.address}: {one.why or _BOTH}"
        yield from wrapped(Text(printable(line)), indent=7, width=width)
        for name, value in (("base", one.base), ("files", one.files), ("REDCap", one.live)):
            yield from wrapped(
                Text.assemble(" " * 7, (name.ljust(8), "dim"), _value(value, one)),
                indent=15, width=width,
            )  # fmt: skip
    yield from _advice('→ --take "live:ADDRESS" or --take "files:ADDRESS"; --prefer for all', width)


def _value(value: Value | None, one: Decision) -> str:
    return "(not there)" if value is None else value_text(value, one.name)


def _advice(text: str, width: int) -> Iterable[Text]:
    return wrapped(Text(" " * 7 + printable(text)), indent=9, width=width)


def _foot(pulled: Pulled, about: Circumstances, width: int) -> Iterator[Text]:
    if about.kept:  # a path is not broken
        yield Text(printable(f"The files as they were: {about.kept}"))
    for line in _sentences(pulled, about):
        yield from wrapped(Text(printable(line)), indent=4, width=width)


def _sentences(pulled: Pulled, about: Circumstances) -> Iterator[str]:
    files = [f"{path} ({_done(pulled, path)})" for path in pulled.after]
    if files:
        verb = "Would write" if about.dry_run else "Written"
        yield f"{verb}: {', '.join(files)}."
    elif not pulled.conflicts and not pulled.open_renames:
        yield "Nothing to pull: what REDCap has is in the files."
    for one in pulled.renamed:
        yield (
            f"{one.old} is {one.new} now; `renamed_from` stays in the file, so that other"
            " environments keep their data."
        )
    for lost in pulled.written_out:
        asked = ", ".join(f"${{{name}}}" for name in lost.names)
        yield (
            f"{lost.file}: {' / '.join(lost.path)} is written out, without {asked}: the text of"
            " REDCap does not hold it as words of its own. Other environments get this text too."
        )
    if pulled.waiting:
        number = counted(len(pulled.waiting), "change")
        verb = "waits" if len(pulled.waiting) == 1 else "wait"
        yield f"{number} of yours {verb} for `redcap-iac apply`."
    if pulled.unmanaged:
        named = ", ".join(f"{name} ({number:,})" for name, number in pulled.unmanaged.items())
        yield f"Not managed here, left alone: {named}; `--section NAME` takes one in."


def _done(pulled: Pulled, path: str) -> str:
    if pulled.after[path] is None:
        return "removed"
    return "new" if pulled.before.get(path) is None else "changed"


def _plan(target: Target, changes: Sequence[PlannedChange]) -> Plan:
    """Return changes as a plan, whose rows they are shown in."""
    return Plan("", "", target, "", "", {}, changes=tuple(changes))


def _conflict_json(one: Decision) -> dict[str, object]:
    return {
        "code": one.code,
        "address": one.address,
        "why": one.why or _BOTH,
        "base": one.base,
        "files": one.files,
        "live": one.live,
    }


def _rename_json(one: Proposal) -> dict[str, str]:
    return {"old": one.old, "new": one.new, "accept": one.word}
