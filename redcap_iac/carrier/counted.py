"""How many records a plan counted under old names: a copy that sees fewer proves nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from redcap_iac.findings import Finding
from redcap_iac.kinds.kind import encoded
from redcap_iac.plan import Copy


def counted(findings: Sequence[Finding], copies: Sequence[Copy]) -> Mapping[str, int]:
    """Return by source how many records at least hold something; what was not counted is left out.

    Statuses are left out: how a filter reads one that nobody chose is not known.
    """
    told = {
        finding.address: number
        for finding in findings
        if finding.code == "H151" and finding.stake is not None and finding.stake.count is not None
        if (number := finding.stake.count.number)
    }
    return {
        copy.source: max(known)
        for copy in copies
        if (known := [told[one] for one in _addresses(copy) if one in told])
    }


def _addresses(copy: Copy) -> tuple[str, ...]:
    name = encoded(copy.target)
    if copy.source != copy.target:
        return (f"field/{name}",)
    return tuple(f"choice/{name}/{encoded(old)}" for old, _ in copy.codes)
