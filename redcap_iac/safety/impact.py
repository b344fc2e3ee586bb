"""How many records a change concerns, counted without reading their values."""

from __future__ import annotations

from redcap_iac.calls import Call
from redcap_iac.client import Client
from redcap_iac.errors import RedcapIacError
from redcap_iac.state import Live


def count_records(client: Client, live: Live) -> int | None:
    """Return how many records the token's user can see, None when REDCap does not tell.

    Asks for the record id alone. A user in a DAG sees that group's records only, so a zero may
    be too low; the caller treats it as "none seen".
    """
    fields = live.state.kinds.get("fields", ())
    if not fields:
        return None
    name = str(getattr(fields[0], "field_name", ""))
    try:
        answer = client.send(Call("record", params={"type": "flat", "fields": (name,)}))
    except RedcapIacError:
        return None
    return len({str(row.get(name, "")) for row in answer.rows})
