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
from redcap_iac.merging.deciding import Decided, decide
from redcap_iac.merging.dictionary import target
from redcap_iac.merging.group import Group
from redcap_iac.merging.instrument_order import ABOUT, REFUSAL, reordered
from redcap_iac.merging.sides import Renamed, Sides, sides
from redcap_iac.merging.verdict import UNWRITTEN, Decision, Preference, Verdict
from redcap_iac.merging.writing import all_groups
from redcap_iac.state import Desired, Live


@dataclass(frozen=True, slots=True)
class Question:
    """What is merged: a folder's files, what they declare, its base, what is live, what is said.

    `sections` are the names of sections of `redcap.yaml` that are not there and are to be pulled.
    """

    files: ProjectFiles
    manifest: Manifest
    base: Desired | None
    live: Live
    renamed: Renamed = field(default_factory=Renamed)
    preference: Preference = field(default_factory=Preference)
    sections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Merged:
    """What is decided, and the files that change by it; None is a file that goes.

    `desired` is what the merged files declare.
    """

    sides: Sides
    decided: Decided
    files: Mapping[str, bytes | None]
    desired: Desired


def merge(question: Question) -> Merged:
    """Merge, and prove it; nothing is written.

    Raises ManifestError or GuardError when the files and REDCap cannot be brought together.
    """
    three = sides(question.manifest.desired, question.base, question.live, question.renamed)
    decided = decide(three, question.preference)
    root = read_root(question.files, question.manifest.scope)
    groups = all_groups(three, decided, root, question.sections)
    if (order := reordered(root, three, decided)) is not None:
        groups.append(order)
    environment = question.manifest.scope.environment
    made, blocked = _carried_out(question.files, groups, environment)
    if order is None:
        blocked.append((Group((ABOUT,), ()), REFUSAL))
    decided = replace(decided, decisions=_blocked(decided.decisions, blocked))
    manifest = load(Path(), files=Overlaid(question.files, made), environment=environment)
    merged = Merged(three, decided, made, manifest.desired)
    _prove(question, merged, unwritten=any(group.edits for group, _ in blocked))
    return merged


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


def _prove(question: Question, merged: Merged, *, unwritten: bool) -> None:
    """Refuse what would be written when more differs from REDCap by it than was decided."""
    hints = replace(question.renamed, fields={})
    three = sides(merged.desired, question.base, question.live, hints)
    again = decide(three, Preference())
    standing = {one.identity for one in merged.decided.decisions if one.verdict is not Verdict.TAKE}
    wrong = [
        one.address
        for one in again.decisions
        if one.place != "order" and one.identity not in standing
    ]
    wrong += [] if unwritten else _disordered(merged, three)
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
