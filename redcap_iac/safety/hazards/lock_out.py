"""H123: somebody, or everybody, would be locked out."""

from __future__ import annotations

from collections.abc import Iterator

from redcap_iac.findings import Finding
from redcap_iac.safety.hazards import Counts
from redcap_iac.safety.lockout import lock_outs
from redcap_iac.safety.scene import Scene


def found(scene: Scene, counts: Counts) -> Iterator[Finding]:  # noqa: ARG001 - counts nothing
    """Refuse what would take from the token's user, or from all, what running a project needs."""
    yield from lock_outs(scene.difference, scene.live, scene.today)
