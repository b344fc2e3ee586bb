"""Where the emulator takes the time from when nobody hands it a clock."""

from __future__ import annotations

from datetime import datetime


def local_time() -> datetime:
    """Return the server's local time; REDCap's times carry no zone."""
    return datetime.now()
