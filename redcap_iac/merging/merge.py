"""Edits → files, proven: they load, and what still differs from REDCap is one's own or open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from redcap_iac.edits import Edit
from redcap_iac.errors import EditError, GuardError
from redcap_iac.manifest.editing import rewritten
from redcap_iac.manifest.editing.overlaid import Overlaid
from redcap_iac.manifest.files import ProjectFiles
from redcap_iac.manifest.loader import Manifest, load, read_root
from redcap_iac.merging import instrument_renames
from redcap_iac.merging.deciding import Decided, decide
from redcap_iac.merging.dictionary import target
from redcap_iac.merging.group import Group
from redcap_iac.merging.instrument_order import ABOUT, reordered
from redcap_iac.merging.sides import Earlier, Renamed, Sides, sides
from redcap_iac.merging.verdict import UNWRITTEN, Decision, Preference, Verdict
from redcap_iac.merging.writing import all_groups
from redcap_iac.state import Desired, Live


@dataclass(frozen=True, slots=True)
class Question:
    """What is merged: a folder's files, what they declare, its base, what is live, what is said.

    `sections` are the names of sections of `redcap.yaml` that are not there and are to be pulled;
    `earlier` is what other pulls brought.
    """

    files: ProjectFiles
    manifest: Manifest
    base: Desired | None
    live: Live
    renamed: Renamed = field(default_factory=Renamed)
    preference: Preference = field(default_factory=Preference)
    sections: tuple[str, ...] = ()
    earlier: Earlier = field(default_factory=Earlier)


@dataclass(frozen=True, slots=True)
class Merged:
    """What is decided, and the files that change by it; None is a file that goes.

    `desired` is what the merged files declare, `after` how they stand against REDCap.
    """

    sides: Sides
    decided: Decided
    files: Mapping[str, bytes | None]
    desired: Desired
    after: Sides


def merge(question: Question) -> Merged:
    """Merge, and prove it; nothing is written.

    Raises ManifestError or GuardError when the files and REDCap cannot be brought together.
    """
    before = question.files
    question, named = _under_new_names(question)
    three = sides(question.manifest.desired, question.base, question.live, question.renamed,
                  question.earlier)  # fmt: skip
    decided = decide(three, question.preference)
    root = read_root(question.files, question.manifest.scope)
    groups = all_groups(three, decided, root, question.sections)
    groups += reordered(three, decided)
    environment = question.manifest.scope.environment
    made, blocked = _carried_out(question.files, groups, environment)
    decided = replace(decided, decisions=_blocked(decided.decisions, blocked))
    manifest = load(Path(), files=Overlaid(question.files, made), environment=environment)
    whole = _changed(before, {**named, **made})
    hints = replace(question.renamed, fields={}, instruments={})
    after = sides(manifest.desired, question.base, question.live, hints, question.earlier)
    merged = Merged(three, decided, whole, manifest.desired, after)
    _prove(merged, unwritten=any(group.edits for group, _ in blocked))
    return merged


def _under_new_names(question: Question) -> tuple[Question, Mapping[str, bytes | None]]:
    """Return the question about files in which renamed instruments have their new names.

    The files that change by it come with it. GuardError where a name cannot be changed in place.
    """
    names = question.renamed.instruments
    if not names:
        return question, {}
    scope = question.manifest.scope
    root = read_root(question.files, scope)
    wanted = tuple(instrument_renames.edits(root, question.manifest.desired.state, names))
    try:
        made = rewritten(question.files, wanted, scope.environment)
    except EditError as error:
        said = ", ".join(f"{old} to {new}" for old, new in names.items())
        raise GuardError(
            f"{said}: the new name cannot be written in place, so nothing was: {error.message}",
            "Rename it in the files by hand, then pull again; or --no-renames.",
        ) from None
    files = Overlaid(question.files, made)
    manifest = load(Path(), files=files, environment=scope.environment)
    return replace(question, files=files, manifest=manifest), made


# carrying out


def _carried_out(
    files: ProjectFiles, groups: Sequence[Group], environment: str
) -> tuple[Mapping[str, bytes | None], list[tuple[Group, str]]]:
    """Return the files that change, and the groups that cannot be said in them, with why."""
    if not groups:
        return {}, []
    try:
        return _rewritten(files, groups, environment), []
    except EditError:
        pass
    kept: list[Group] = []
    made: Mapping[str, bytes | None] = {}
    waiting = [(group, "") for group in groups]
    while waiting:
        left = []
        for group, _ in waiting:
            try:
                made = _rewritten(files, [*kept, group], environment)
            except EditError as error:
                left.append((group, error.message))
            else:
                kept.append(group)
        if len(left) == len(waiting):
            return made, left
        waiting = left
    return made, []


def _changed(files: ProjectFiles, made: Mapping[str, bytes | None]) -> dict[str, bytes | None]:
    """Return the files that are other than they were before anything was made of them."""
    there = set(files.paths())
    return {
        path: data
        for path, data in made.items()
        if (data is None and path in there)
        or (data is not None and (path not in there or files.read(path) != data))
    }


def _rewritten(
    files: ProjectFiles, groups: Sequence[Group], environment: str
) -> Mapping[str, bytes | None]:
    edits: list[Edit] = [edit for group in groups for edit in group.edits]
    return rewritten(files, edits, environment)


def _blocked(
    decisions: Sequence[Decision], blocked: Sequence[tuple[Group, str]]
) -> tuple[Decision, ...]:
    """Return the decisions, those that could not be carried out as conflicts."""
    found = []
    for one in decisions:
        key = one.key.removeprefix("field/") if one.place == "order" else one.key
        why = next((why for group, why in blocked if group.carries(one.kind, key)), "")
        if why and one.verdict is Verdict.TAKE:
            why = f"{UNWRITTEN}: {why}"
            one = replace(one, verdict=Verdict.CONFLICT, why=why)  # noqa: PLW2901 - as decided now
        found.append(one)
    return tuple(found)


# proof


def _prove(merged: Merged, *, unwritten: bool) -> None:
    """Refuse what would be written when more differs from REDCap by it than was decided."""
    again = decide(merged.after, Preference())
    standing = {one.identity for one in merged.decided.decisions if one.verdict is not Verdict.TAKE}
    wrong = [
        one.address
        for one in again.decisions
        if one.place != "order" and one.identity not in standing
    ]
    wrong += [] if unwritten else _disordered(merged, merged.after)
    if wrong:
        raise GuardError(
            "The merge would not come out as decided, so nothing was written: "
            f"{', '.join(wrong[:5])}{' …' if len(wrong) > 5 else ''}.",
            "Make these changes in the files by hand, then pull again.",
        )


def _disordered(merged: Merged, there: Sides) -> list[str]:
    """Return the instruments in which fields are not in the order that was decided."""
    wanted = target(merged.sides, merged.decided)
    found: dict[str, list[str]] = {}
    for item in there.files.kinds.get("fields", ()):
        found.setdefault(str(getattr(item, "form_name", "")), []).append(
            str(getattr(item, "field_name", ""))
        )
    wrong = [
        f"instrument/{form}"
        for form, names in wanted.forms.items()
        if names and list(names) != found.get(form, [])
    ]
    taken = any(
        one.verdict is Verdict.TAKE and (one.kind, one.key, one.place) == (*ABOUT, "order")
        for one in merged.decided.decisions
    )
    forms = [form for form, names in wanted.forms.items() if names]
    return [*wrong, "instruments/order"] if taken and forms != list(found) else wrong
