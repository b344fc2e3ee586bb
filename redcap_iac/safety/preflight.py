"""Before the first write: may this token's user make every call, and does the server take it?

Rights come from the live project, played through the plan's own calls: what an early call takes
away a later one does not have.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from redcap_iac.calls import Call
from redcap_iac.errors import GuardError, RightsError
from redcap_iac.kinds.grants import Grants
from redcap_iac.kinds.people import folded
from redcap_iac.kinds.rights import BY_NAME
from redcap_iac.plan import Step
from redcap_iac.safety.sequence import moments
from redcap_iac.state import Live, Unit, Version

#: Rights a method asks for besides API Import/Update: documented for all of these; that Delete
#: Users asks for Delete Records is recorded; Design for designations and arms is documented.
_BESIDES: Mapping[str, tuple[str, ...]] = {
    "metadata": ("design",),
    "arm": ("design",),
    "event": ("design",),
    "formEventMapping": ("design",),
    "repeatingFormsEvents": ("design",),
    "project_settings": ("design",),
    "dag": ("data_access_groups",),
    "userDagMapping": ("data_access_groups",),
    "user": ("user_rights",),
    "userRole": ("user_rights",),
    "userRoleMapping": ("user_rights",),
    "record": (),
}
_DELETING: Mapping[str, tuple[str, ...]] = {
    "user": ("record_delete",),
    "record": ("record_delete",),
}
#: What REDCap takes from the API only in development (documented for the first three; for the
#: last two sources conflict: assumed).
_IN_DEVELOPMENT = frozenset(
    {"metadata", "arm", "event", "formEventMapping", "repeatingFormsEvents"}
)
#: The first version known to have a method (inferred from when clients took it up): older ones may
#: lack it, and then answer in their own words.
_SINCE: Mapping[tuple[str, str], Version] = {
    ("user", "delete"): Version(11, 0, 0),
    ("userRole", "import"): Version(12, 0, 0),
    ("userRole", "delete"): Version(12, 2, 0),
    ("userRoleMapping", "import"): Version(12, 0, 0),
}
#: What writing a section asks for.
_CONTENTS: Mapping[Unit, str] = {
    Unit.PROJECT: "project_settings",
    Unit.FIELDS: "metadata",
    Unit.ARMS: "arm",
    Unit.EVENTS: "event",
    Unit.DESIGNATIONS: "formEventMapping",
    Unit.REPEATING: "repeatingFormsEvents",
    Unit.DAGS: "dag",
    Unit.ROLES: "userRole",
    Unit.USERS: "user",
}


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A call the token's user may not make: the step, the rights that are missing.

    `taken` marks rights they hold now, which an earlier call of the plan takes away.
    """

    step: Step
    lacking: tuple[str, ...]
    taken: bool = False

    @property
    def said(self) -> str:
        """Return the rights as REDCap's User Rights page words them."""
        return " and ".join(BY_NAME[right].label for right in self.lacking)


def needed(call: Call) -> tuple[str, ...]:
    """Return the rights a writing call asks for."""
    more = _DELETING.get(call.content, ()) if call.action == "delete" else ()
    return ("api_import", *_BESIDES.get(call.content, ()), *more)


def needed_for(unit: Unit, action: str = "import") -> tuple[str, ...]:
    """Return the rights that writing a section of the manifest asks for, or deleting from it."""
    return needed(Call(_CONTENTS[unit], action))


def is_taken_now(step: Step, live: Live) -> bool:
    """Tell whether the project's status lets the API make a call."""
    return live.target.status != "production" or step.call.content not in _IN_DEVELOPMENT


def is_user_known(live: Live) -> bool:
    """Tell whether the rights of the token's user can be seen."""
    return _held(live) is not None


def obstacles(
    steps: Sequence[Step], live: Live, today: date | None = None
) -> Iterator[Obstacle]:  # fmt: skip
    """Yield the calls that the token's user may not make when their turn comes.

    Nothing is yielded where it is not known whose token it is, or what they may do.
    """
    first = _held(live)
    if first is None:
        return
    own = folded(live.target.user)
    played = moments(steps, live, today)
    for step, moment in zip(steps, played, strict=False):
        person = moment.people.get(own)
        held = None if person is None or person.ended else person.grants
        if person is not None and not person.is_known:
            continue  # what came back when they left a role is not known
        lacking = [name for name in needed(step.call) if held is None or not held.holds(name)]
        if lacking:
            taken = all(first.holds(name) for name in lacking)
            yield Obstacle(step, tuple(lacking), taken)


def require(steps: Sequence[Step], live: Live, today: date | None = None) -> None:
    """Refuse a plan that would stop on the way: nothing has been written yet.

    Raises RightsError (exit 6) for the first call the token's user may not make, GuardError for
    one the project's status does not allow.
    """
    for step in steps:
        if not is_taken_now(step, live):
            raise GuardError(
                f"To {step.title}: the project is in production, where REDCap's API takes no"
                " change of its design.",
                "Nothing was written. Make a new plan.",
            )
    for found in obstacles(steps, live, today):
        more = " (an earlier call of this plan would take it away)" if found.taken else ""
        raise RightsError(
            f"To {found.step.title}, {live.target.user} needs {found.said}, and does not hold"
            f" {'them' if len(found.lacking) > 1 else 'it'}{more}.",
            advice(found),
        )


def advice(found: Obstacle) -> str:
    """Return what to do about a call that may not be made."""
    return (
        f"Tick {found.said} for them on REDCap's User Rights page, let another administrator's"
        " token do this, or leave it out of the manifest."
    )


def doubtful(steps: Iterable[Step], version: Version) -> tuple[tuple[Step, Version], ...]:
    """Return the calls this server may be too old for, with the version known to have them."""
    found = {
        key: (step, since)
        for step in steps
        if (since := _SINCE.get(key := (step.call.content, step.call.action))) is not None
        and version < since
    }
    return tuple(found.values())


def _held(live: Live) -> Grants | None:
    own = folded(live.target.user)
    for user in live.state.kinds.get("users", ()):
        if own and folded(str(getattr(user, "username", ""))) == own:
            grants = getattr(user, "effective", None)
            return grants if isinstance(grants, Grants) else None
    return None
