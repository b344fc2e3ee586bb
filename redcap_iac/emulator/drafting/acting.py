"""Somebody at REDCap's pages: who they are, what they may do, and in whose name it is logged."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from redcap_iac.emulator import admin, design, rights
from redcap_iac.emulator.errors import ApiFault
from redcap_iac.emulator.request import Caller, Context, Request, Server
from redcap_iac.emulator.store import Store

#: What the pages of arms, events and designations say in production (recorded).
CLOSED_IN_PRODUCTION = (
    "Events cannot be modified in production status except by a REDCap administrator."
)


class DraftError(admin.AdminError):
    """What a page does not let somebody do, in REDCap's words where they are recorded."""


@contextmanager
def acting(store: Store, server: Server, project_id: int, username: str) -> Iterator[Context]:
    """Open a transaction in the name of a user with the Design right, or of an administrator.

    An administrator need not be a user of the project. Raises DraftError for everybody else, for
    a project that does not exist, and for what a method refuses.
    """
    try:
        with store.transaction() as db:
            admin.project_row(db, project_id)
            found = rights.user_of(db, project_id, username, server.clock().date())
            if rights.is_administrator(db, username):
                caller = _administrator(found, project_id, username)
            elif found is None:
                raise DraftError(f"project {project_id} has no user {username!r}")
            elif not rights.holds(found, "design", writes=True):
                raise DraftError(
                    f"the user {username!r} lacks the right '{rights.LABELS['design']}'"
                    f" in project {project_id}"
                )
            else:
                caller = found
            yield Context(Request({}, {}), db, server, caller)
    except ApiFault as fault:
        raise DraftError(fault.text) from fault


def _administrator(found: Caller | None, project_id: int, username: str) -> Caller:
    if found is not None:
        return replace(found, administrator=True)
    return Caller(
        username=username,
        project_id=project_id,
        administrator=True,
        dag_id=None,
        rights={},
        forms={},
        forms_export={},
    )


def in_the_name_of(context: Context, username: str) -> Context:
    """Return the same transaction with another user as the one who acts."""
    found = rights.user_of(context.db, context.project_id, username, context.server.clock().date())
    return context if found is None else replace(context, caller=found)


def require_production(context: Context) -> None:
    """Refuse what belongs to a project in production alone."""
    status = design.status(context.db, context.project_id)
    if status != "production":
        raise DraftError(
            f"draft mode is for projects in production; project {context.project_id} is in {status}"
        )


def require_administrator(context: Context, what: str) -> None:
    """Refuse what only REDCap administrators do."""
    if not context.caller.administrator:
        raise DraftError(f"only REDCap administrators {what}")
