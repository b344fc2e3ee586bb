"""How many records a change concerns, counted without reading their values."""

from __future__ import annotations

from collections.abc import Sequence

from redcap_iac.calls import Call
from redcap_iac.client import Client
from redcap_iac.errors import RedcapIacError
from redcap_iac.hazard import Count, ImpactMode
from redcap_iac.safety.hazards import Counts
from redcap_iac.safety.scene import Question
from redcap_iac.state import Live


def count_records(client: Client, live: Live) -> int | None:
    """Return how many records the token's user can see, None when REDCap does not tell.

    Asks for the record id alone. A user in a DAG sees that group's records only (recorded): where
    that may be so, none seen is not told as none.
    """
    fields = live.state.kinds.get("fields", ())
    if not fields:
        return None
    name = str(getattr(fields[0], "field_name", ""))
    try:
        answer = client.send(Call("record", params={"type": "flat", "fields": (name,)}))
    except RedcapIacError:
        return None
    found = len({str(row.get(name, "")) for row in answer.rows})
    return None if found == 0 and not _sees_all(live) else found


def _sees_all(live: Live) -> bool:
    """Tell whether the token's user surely sees the records of every group."""
    kinds = live.state.kinds
    assigned = kinds.get("dag_assignments")
    people, part = (assigned, "to") if assigned else (kinds.get("users"), "dag")
    if people is None:
        return False
    groups = {str(getattr(one, "username", "")).casefold(): getattr(one, part) for one in people}
    own = live.target.user.casefold()
    return not groups[own] if own in groups else not any(groups.values())


def count(client: Client, live: Live, questions: Sequence[Question], mode: ImpactMode) -> Counts:
    """Return how many records each question concerns; values never leave the server."""
    known: dict[Question, Count] = {}
    if mode is not ImpactMode.NONE and Question() in questions:
        known[Question()] = Count(count_records(client, live))
    return Counts(known)
