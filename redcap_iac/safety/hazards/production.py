"""H140, H141: design changes that the API refuses in production, and drafts already open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from redcap_iac.changes import Change
from redcap_iac.findings import Finding, Severity
from redcap_iac.hazard import Answer, Undoable, Voice
from redcap_iac.kinds import kind_named
from redcap_iac.safety.draft_log import DraftLine, DraftState, Stand
from redcap_iac.safety.hazards import Counts
from redcap_iac.safety.scene import Question, Scene, digest
from redcap_iac.state import DESIGN_UNITS

#: How many records there are: some servers approve a draft by themselves where there are none.
EVERY_RECORD = Question()


def questions(scene: Scene) -> Iterator[Question]:
    """Ask whether there are records, where a package will be made."""
    if scene.live.target.status == "production" and _design(scene):
        yield EVERY_RECORD


def found(scene: Scene, counts: Counts) -> Iterator[Finding]:
    """Say what goes into a package, and stop where it is not known what the project takes.

    The API takes design changes in development alone (documented for dictionary, arms and events;
    assumed for designations and repeating, where sources conflict).
    """
    status, design = scene.live.target.status, _design(scene)
    if status == "development" or not design:
        return
    if status != "production":
        yield _undecided(scene, design)
        return
    yield scene.hazard(
        "H140",
        " ".join(digest(change) for change in design),
        lambda _: (
            "The project is in production: REDCap's API takes no change of"
            f" {_units(design)}. They go into a package for Draft Mode."
        ),
        Answer.NOTE,
        Undoable.YES,
        address="project/status",
        count=counts[EVERY_RECORD],
        advice="`redcap-iac package` writes it. Nothing here moves a project back to development.",
    )
    if scene.draft is not None:
        yield from _draft(scene, scene.draft)


def _undecided(scene: Scene, design: list[Change]) -> Finding:
    return scene.hazard(
        "H140",
        " ".join(digest(change) for change in design),
        lambda _: (
            "The project has been in production and is not now (analysis, or back in"
            f" development): whether it takes changes of {_units(design)} cannot be seen."
        ),
        Answer.REFUSED,
        Undoable.YES,
        address="project/status",
        advice="Ask your REDCap administrator for the project's status.",
    )


def _draft(scene: Scene, draft: DraftState) -> Iterator[Finding]:
    """Say that a draft is open, or that nobody can tell; access changes go on either way."""
    if draft.stand is Stand.NONE:
        return
    newest = draft.lines[0] if draft.lines else None
    people = (newest.username,) if newest is not None and newest.username else ()
    finding = scene.hazard(
        "H141",
        f"{draft.stand} {newest.when if newest is not None else ''}",
        lambda voice: _said(draft, newest, voice),
        Answer.NOTE,
        Undoable.YES,
        address="project/draft",
        names=people,
        advice=_ADVICE[draft.stand],
    )
    # nothing waits for an answer here, yet `package` stops: more than a note
    yield replace(finding, severity=Severity.WARNING) if draft.is_open else finding


_ADVICE = {
    Stand.DRAFTING: "Download the dictionary of the draft from REDCap and merge with it:"
    " `redcap-iac package --draft FILE`. An upload replaces the whole draft.",
    Stand.REVIEW: "Wait until it is approved or rejected, then plan again; `package --draft FILE`"
    " merges with it.",
    Stand.UNKNOWN: "Look at the project's Online Designer before uploading anything, or ask for"
    " the Logging right.",
}


def _said(draft: DraftState, newest: DraftLine | None, voice: Voice) -> str:
    if newest is None:
        return (
            "Draft state unknown: without the Logging right nobody can see here whether the project"
            " is in Draft Mode."
        )
    who = voice.people((newest.username,)) if newest.username else "somebody"
    where = (
        "The project is in Draft Mode already"
        if draft.stand is Stand.DRAFTING
        else "Drafted changes await review"
    )
    return f"{where}: {who} {newest.act}, {newest.when}. Access changes go on."


def is_design(change: Change) -> bool:
    """Tell whether REDCap's API takes this change in development alone."""
    if change.kind == "project":
        return str(change.key) == "is_longitudinal"
    return kind_named(change.kind).unit in DESIGN_UNITS


def _design(scene: Scene) -> list[Change]:
    return [change for change in scene.difference.changes if is_design(change)]


def _units(changes: list[Change]) -> str:
    units = dict.fromkeys(str(kind_named(change.kind).unit) for change in changes)
    return ", ".join("longitudinal" if unit == "project" else unit for unit in units)
