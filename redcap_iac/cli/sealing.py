"""Record values for a backup: sealed with the passphrase, or refused before anything is done."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from redcap_iac.cli.invocation import Invocation
from redcap_iac.safety.record_values import Doomed, Value, doomed, stored
from redcap_iac.secret import Secret
from redcap_iac.state import Live
from redcap_iac.workflow import Planned, Session


def sealer(invocation: Invocation, session: Session, what: Doomed) -> Callable[[Live], str]:
    """Return what exports values and seals them; GuardError where they could not be sealed."""
    from redcap_iac.safety import encryption  # noqa: PLC0415 - takes a while, and rarely needed

    passphrase = encryption.require(_passphrase(invocation))

    def sealed(_: Live) -> str:
        values = list(stored(session.client, what))
        return encryption.sealed(json.dumps(values).encode(), passphrase)

    return sealed


def doomed_sealer(
    invocation: Invocation, session: Session, planned: Planned
) -> Callable[[Live], str]:
    """Return what seals the values that a plan may destroy."""
    return sealer(invocation, session, doomed(planned.difference))


def unsealed(invocation: Invocation, text: str) -> Sequence[Value]:
    """Return the values of a backup; GuardError without the passphrase they were sealed with."""
    from redcap_iac.safety import encryption  # noqa: PLC0415 - as above

    passphrase = encryption.require(_passphrase(invocation))
    values: list[Value] = json.loads(encryption.opened(text, passphrase))
    return values


def _passphrase(invocation: Invocation) -> Secret | None:
    from redcap_iac.safety.encryption import PASSPHRASE  # noqa: PLC0415 - as above

    text = invocation.outside.environ.get(PASSPHRASE, "")
    return Secret(text) if text else None
