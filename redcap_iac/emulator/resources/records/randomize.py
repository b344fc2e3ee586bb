"""Randomize Record, which the emulator has not: no allocation table reaches it by API."""

from __future__ import annotations

from redcap_iac.emulator.errors import not_implemented
from redcap_iac.emulator.registry import API_IMPORT, method
from redcap_iac.emulator.request import Context
from redcap_iac.emulator.wire import Answer


@method(
    "record",
    "randomize",
    "Randomize Record",
    API_IMPORT,
    remark="no API method brings an allocation table",
    answered=False,
)
def randomize_record(_context: Context) -> Answer:
    """Refuse as a server that does not know the method does (recorded text)."""
    raise not_implemented()
