"""H113: the identifier flag taken off a field, which widens exports without identifiers."""

from __future__ import annotations

from collections.abc import Iterator

from redcap_iac.findings import Finding
from redcap_iac.hazard import Answer, Undoable, Voice
from redcap_iac.safety.field_changes import Altered, altered_or_renamed
from redcap_iac.safety.hazards import Counts
from redcap_iac.safety.scene import Scene, digest

#: Export levels that leave flagged fields out (documented).
_WITHOUT_IDENTIFIERS = frozenset({"deidentified", "no_identifiers"})


def found(scene: Scene, counts: Counts) -> Iterator[Finding]:  # noqa: ARG001 - counts nothing
    """Ask about each field, naming who exports its instrument without identifiers today."""
    for field in altered_or_renamed(scene):
        if field.differs("identifier") and field.before.identifier.strip().lower() == "y":
            yield _told(scene, field)


def _told(scene: Scene, field: Altered) -> Finding:
    people = _people(scene, field.before.form_name)

    def sentence(voice: Voice) -> str:
        said = f"{field.name} would no longer be marked as an identifier"
        if people is None:
            return f"{said}; who exports without identifiers, and would get it, cannot be seen."
        if not people:
            return f"{said}: nobody exports without identifiers now; whoever does later gets it."
        return f"{said}: it comes into the exports of {voice.people(people)}."

    return scene.hazard(
        "H113",
        digest(field.change),
        sentence,
        Answer.ACCEPTANCE,
        Undoable.PARTLY,
        address=field.change.address,
        names=people or (),
        advice=(
            f"Keep `identifier: true` on {field.name}, and give full export to those who need it."
            " What was exported once cannot be called back."
        ),
        at=field.after.place("identifier"),
    )


def _people(scene: Scene, instrument: str) -> tuple[str, ...] | None:
    """Return who exports an instrument without identifiers, None where users cannot be read."""
    if "users" not in scene.live.state:
        return None
    found = []
    for user in scene.before("users"):
        levels = dict(user.effective.export) if user.effective is not None else {}
        if levels.get(instrument, "") in _WITHOUT_IDENTIFIERS:
            found.append(str(user.username))
    return tuple(sorted(found))
