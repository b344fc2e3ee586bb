"""In which order a role gets and loses what it grants, so that nobody has more on the way."""

from __future__ import annotations

from collections.abc import Mapping

from redcap_iac.calls import Key
from redcap_iac.kinds.grants import Grants
from redcap_iac.kinds.kind import Work
from redcap_iac.kinds.own_access import gained, keeping, lost, needed_to_the_end
from redcap_iac.kinds.people import Whereabouts
from redcap_iac.kinds.powers import meet, powers
from redcap_iac.plan import Phase

#: What a role is to grant after which phase.
RoleStages = Mapping[Phase, Grants]


def role_stages(
    role: Key, before: Grants, after: Grants, work: Work, *, renamed: bool = False
) -> RoleStages:
    """Return what a role is to grant after which phase, in order; most have one.

    A role that gives more waits with that until everybody who is not to have it has left, or is in
    their group; that of the token's own user keeps what later calls need. What they need more than
    they have comes at once.
    """
    needed = needed_to_the_end(work)
    people, own = Whereabouts(work), work.live.target.user
    may_be_own = not own or people.role_before(own) == role
    helps = bool(gained(before, after) & needed) and may_be_own
    first = meet(after, before) if people.unsettled(role) and not helps else after
    stays = own != "" and people.role_before(own) == people.role_after(own) == role
    kept = lost(before, after, needed) if stays else frozenset()
    stages: dict[Phase, Grants] = {}
    last = None if renamed else before
    for phase, wanted in (
        (Phase.ROLES, keeping(first, before, kept)),
        (Phase.WIDEN_ROLES, keeping(after, before, kept)),
        (Phase.OWN_ACCESS, after),
    ):
        if last is None or powers(last) != powers(wanted):
            stages[phase] = last = wanted
    return stages or {Phase.ROLES: after}
