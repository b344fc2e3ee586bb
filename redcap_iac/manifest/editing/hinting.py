"""Old names of what a CSV holds, which has no place for them: they stand under `renamed`."""

from __future__ import annotations

from redcap_iac.manifest.editing.folder import Folder


def hint(folder: Folder, unit: str, old: str, new: str) -> None:
    """Note an old name under `renamed`, where dictionaries kept as CSV have theirs."""
    root = folder.root
    first = old
    if root.has(("renamed", unit, old)):
        first = str(root.value(("renamed", unit, old)))
        root.remove(("renamed", unit, old))
    if root.has(("renamed", unit)):
        root.set(("renamed", unit, new), first)
    elif root.has(("renamed",)):
        root.set(("renamed", unit), {new: first})
    else:
        root.set(("renamed",), {unit: {new: first}})
