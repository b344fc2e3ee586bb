"""Export REDCap Version."""

from __future__ import annotations

from redcap_iac.emulator import log
from redcap_iac.emulator.registry import ANY_TOKEN, method
from redcap_iac.emulator.request import Context
from redcap_iac.emulator.wire import Answer, Text


@method("version", "export", "Export REDCap Version", ANY_TOKEN)
def export_version(context: Context) -> Answer:
    """Answer the version as plain text in every format; a super token will do (documented)."""
    if not context.caller.is_super:
        log.design(context, "Export REDCap version (API)")
    return Text(str(context.server.settings.version))
