"""Where a definition stands in the manifest, and how an error about it is said."""

from __future__ import annotations

from dataclasses import dataclass

from redcap_iac.document import Map, Text
from redcap_iac.findings import Findings, Position
from redcap_iac.kinds.kind import encoded


@dataclass(frozen=True, slots=True)
class Place:
    """Where a definition stands: its instrument, field and what can be named in it.

    `reported` are the errors of the whole manifest so far: fields that share a list of choices
    or a matrix share what is wrong with it.
    """

    instrument: str
    name: Text
    matrices: Map | None
    lists: Map | None
    findings: Findings
    reported: set[tuple[str, Position | None]]

    @property
    def address(self) -> str:
        """The address of the field."""
        return f"field/{encoded(self.name.text)}"

    def error(self, code: str, message: str, at: Position | None, advice: str = "") -> None:
        """Add an error about this field; what stands in a shared place is said once."""
        if (code, at) in self.reported:
            return
        self.reported.add((code, at))
        self.findings.error(code, message, at, address=self.address, advice=advice)
