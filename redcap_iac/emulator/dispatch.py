"""From a request to a reply: whose token, which method, one transaction, the right envelope."""

from __future__ import annotations

import logging
import traceback
from dataclasses import dataclass

import redcap_iac.emulator.resources  # noqa: F401 - registers the methods
from redcap_iac.emulator import design, pages, registry, rights, wire
from redcap_iac.emulator.errors import ApiFault
from redcap_iac.emulator.registry import Method
from redcap_iac.emulator.request import Caller, Context, Request, Server
from redcap_iac.emulator.store import Store

_LOGGER = logging.getLogger(__name__)

#: What stays writable in Analysis/Cleanup status: everything about access (inferred; no source
#: states what the API refuses there).
_CLOSED_IN_ANALYSIS = frozenset(
    {
        "arm",
        "event",
        "file",
        "formEventMapping",
        "metadata",
        "project_settings",
        "record",
        "repeatingFormsEvents",
    }
)


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back over HTTP."""

    status: int
    body: bytes
    content_type: str


def answer(store: Store, server: Server, request: Request) -> Reply:
    """Answer one API request in one transaction; a refusal or a crash leaves nothing behind."""
    try:
        with store.transaction() as db:
            token = request.text("token")
            caller = rights.caller_of(db, token, server.clock().date())
            method = registry.find(request, super_token=caller.is_super)
            if _answers_with_a_page(caller, method):
                return Reply(200, pages.LOGIN.encode(), pages.HTML)
            rights.check(caller, method)
            context = Context(request, db, server, caller)
            _refuse_by_status(context, method)
            return _encoded(method.handler(context), request)
    except ApiFault as fault:
        return refusal(fault, request.return_format)
    except Exception as error:  # noqa: BLE001 - a server goes on serving
        # where it failed, not what the exception says, which may hold somebody's data
        trace = "".join(traceback.format_tb(error.__traceback__))
        _LOGGER.error("%s in a handler\n%s", type(error).__name__, trace)  # noqa: TRY400
        return Reply(500, b"The server could not answer the request.", pages.HTML)


def refusal(fault: ApiFault, format_: str) -> Reply:
    """Wrap a fault in the envelope of a format (recorded for all three)."""
    return Reply(fault.status, wire.encode_fault(fault.text, format_), wire.content_type(format_))


def _answers_with_a_page(caller: Caller, method: Method) -> bool:
    """Tell whether this is the one refusal that comes as a web page with status 200.

    Export Metadata with a token that may import but not export (recorded).
    """
    if (method.content, method.action) != ("metadata", "export") or caller.is_super:
        return False
    may_export = rights.holds(caller, registry.API_EXPORT, writes=False)
    return not may_export and rights.holds(caller, registry.API_IMPORT, writes=False)


def _refuse_by_status(context: Context, method: Method) -> None:
    if not method.writes or method.content not in _CLOSED_IN_ANALYSIS:
        return
    if design.status(context.db, context.project_id) == "analysis":
        raise ApiFault(
            "The data and the design of the project cannot be modified via the API because the"
            " project is in analysis status"
        )


def _encoded(result: wire.Answer, request: Request) -> Reply:
    """Encode an answer: data in `format`, counts and lists of ids in `returnFormat`."""
    counts = isinstance(result, wire.Count | wire.Listing)
    format_ = request.return_format if counts else request.format
    if not isinstance(result, wire.Text | wire.Binary) and format_ not in wire.FORMATS:
        raise ApiFault('The value of the parameter "format" is not valid')
    body, kind = wire.encode(result, format_)
    return Reply(200, body, kind)
