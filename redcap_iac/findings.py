"""What is found in files and plans: a code, a place, a sentence, what to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from redcap_iac.hazard import Stake
from redcap_iac.position import Position

__all__ = ["Finding", "Findings", "Position", "Severity"]


class Severity(StrEnum):
    """How much a finding matters; an error blocks."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found; `address` names the object (`field/age`), `advice` says what to do next.

    With a `stake` it is a hazard: what it puts at risk, and which answer it waits for.
    """

    code: str
    severity: Severity
    message: str
    position: Position | None = None
    address: str = ""
    advice: str = ""
    stake: Stake | None = None


class Findings:
    """Collects findings in the order they come up, so that all of a run are shown at once."""

    def __init__(self) -> None:
        self._found: list[Finding] = []

    def error(
        self, code: str, message: str, at: Position | None = None, *, address: str = "",
        advice: str = "",
    ) -> None:  # fmt: skip
        """Add what blocks."""
        self.add(Finding(code, Severity.ERROR, message, at, address, advice))

    def warning(
        self, code: str, message: str, at: Position | None = None, *, address: str = "",
        advice: str = "",
    ) -> None:  # fmt: skip
        """Add what is probably not meant."""
        self.add(Finding(code, Severity.WARNING, message, at, address, advice))

    def note(
        self, code: str, message: str, at: Position | None = None, *, address: str = "",
        advice: str = "",
    ) -> None:  # fmt: skip
        """Add what is good to know."""
        self.add(Finding(code, Severity.NOTE, message, at, address, advice))

    def add(self, finding: Finding) -> None:
        """Add a finding made elsewhere."""
        self._found.append(finding)

    def all(self) -> tuple[Finding, ...]:
        """Return everything found, in order."""
        return tuple(self._found)

    def errors(self) -> tuple[Finding, ...]:
        """Return what blocks."""
        return tuple(found for found in self._found if found.severity is Severity.ERROR)
