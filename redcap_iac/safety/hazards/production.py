"""H140: design changes that the API refuses, as the project is not in development."""

from __future__ import annotations

from collections.abc import Iterator

from redcap_iac.changes import Change
from redcap_iac.findings import Finding
from redcap_iac.hazard import Answer, Undoable
from redcap_iac.kinds import kind_named
from redcap_iac.safety.hazards import Counts
from redcap_iac.safety.scene import Scene, digest
from redcap_iac.state import DESIGN_UNITS


def found(scene: Scene, counts: Counts) -> Iterator[Finding]:  # noqa: ARG001 - counts nothing
    """Refuse design writes outside development: the API refuses them (documented)."""
    if scene.live.target.status == "development":
        return
    design = [change for change in scene.difference.changes if is_design(change)]
    if not design:
        return
    if scene.live.target.status == "production":
        message = f"The project is in production: REDCap's API takes no change of {_units(design)}."
        advice = (
            "Make the change in Draft Mode on REDCap's own pages, have it approved, then plan"
            " again. Nothing here moves a project back to development."
        )
    else:
        message = (
            "The project has been in production and is not now (analysis, or back in"
            f" development): whether it takes changes of {_units(design)} cannot be seen."
        )
        advice = "Ask your REDCap administrator for the project's status."
    yield scene.hazard(
        "H140",
        " ".join(digest(change) for change in design),
        lambda _: message,
        Answer.REFUSED,
        Undoable.YES,
        address="project/status",
        advice=advice,
    )


def is_design(change: Change) -> bool:
    """Tell whether REDCap's API takes this change in development alone."""
    if change.kind == "project":
        return str(change.key) == "is_longitudinal"
    return kind_named(change.kind).unit in DESIGN_UNITS


def _units(changes: list[Change]) -> str:
    units = dict.fromkeys(str(kind_named(change.kind).unit) for change in changes)
    return ", ".join("longitudinal" if unit == "project" else unit for unit in units)
