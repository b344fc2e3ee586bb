"""What was pulled, kept in the state folder: digests by project, of one base each."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from redcap_iac.errors import RedcapIacError
from redcap_iac.safety.private_files import write_private
from redcap_iac.safety.state_folder import PULLED, prepared


def recall(state_dir: Path | None, project_id: int | str, base: str) -> Mapping[str, str]:
    """Return the digests of what was pulled since a base, none of another base or project.

    A file that cannot be read tells nothing: then what was pulled is not known to be.
    """
    if state_dir is None:
        return {}
    try:
        held = json.loads(_path(state_dir, project_id).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    parts = held.get("parts") if isinstance(held, dict) and held.get("base") == base else None
    if not isinstance(parts, dict):
        return {}
    return {str(name): str(digest) for name, digest in parts.items()}


def remember(state_dir: Path | None, project_id: int | str, base: str,
             parts: Mapping[str, str]) -> None:  # fmt: skip
    """Add digests of what was pulled; those of another base go.

    What cannot be kept is not: the next pull asks once more than it needed to.
    """
    if state_dir is None or not parts:
        return
    whole = {**recall(state_dir, project_id, base), **parts}
    text = json.dumps({"format": 1, "base": base, "parts": whole}, indent=1, sort_keys=True)
    try:
        prepared(state_dir, PULLED)
        write_private(_path(state_dir, project_id), text + "\n")
    except RedcapIacError:
        return


def _path(state_dir: Path, project_id: int | str) -> Path:
    return state_dir / PULLED / f"{project_id}.json"
