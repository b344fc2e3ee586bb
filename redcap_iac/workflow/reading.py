"""Read a project, and make sure that it is the one that is meant."""

from __future__ import annotations

from dataclasses import replace

from redcap_iac.errors import GuardError
from redcap_iac.exporter import read_live
from redcap_iac.safety.whose import user_in_log
from redcap_iac.state import Live
from redcap_iac.workflow.session import Session


def read(session: Session) -> Live:
    """Read the project and make sure it is the one that is meant.

    Raises GuardError when the token belongs to another project than the environment names.
    """
    live = read_live(session.client, session.user)
    found = live.target
    if session.project_id and session.project_id != found.project_id:
        raise GuardError(
            f"The token of {session.environment} belongs to project {found.project_id}"
            f' ("{found.title}"), not to project {session.project_id}.',
            "Look which is right: the token, or `project_id:` in the environment.",
        )
    if not found.user:
        user = user_in_log(session.client, session.now())
        return replace(live, target=replace(found, user=user))
    return live
