"""What is wrong with files nobody has written yet, told at the rows it comes from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from redcap_iac.document import Map
from redcap_iac.findings import Finding, Findings, Position
from redcap_iac.kinds import all_kinds
from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.manifest.nodes import read_yaml
from redcap_iac.state import State

#: How many fields are named one by one.
_NAMED = 5


def at_the_source(
    found: Iterable[Finding], files: Mapping[str, bytes], source: State
) -> tuple[Finding, ...]:
    """Return findings about written files where their objects were read; equal ones are one.

    `files` are the written ones, `source` is what they were written from. What belongs to no
    object is left without a place: the file it would name may never be there.
    """
    places = {kind.address(item): item.at for kind in all_kinds() for item in kind.items(source)}
    fields = {
        item.field_name: item.at
        for item in source.kinds.get("fields", ())
        if isinstance(item, Field)
    }
    keys = {path: _keys(path, data) for path, data in files.items() if path.endswith(".yaml")}
    alike: dict[tuple[str, str], list[tuple[Finding, str]]] = {}
    for finding in found:
        name = _field_at(keys, finding.position)
        at = fields.get(name) if name else places.get(finding.address)
        moved = replace(finding, position=at)
        alike.setdefault((finding.code, finding.message), []).append((moved, name))
    return tuple(_as_one(members) for members in alike.values())


def named_shortly(names: Sequence[str]) -> str:
    """Return the first names, and how many more there are."""
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more:,} more" if more > 0 else "")


def _as_one(members: Sequence[tuple[Finding, str]]) -> Finding:
    """Return one finding for all that say the same, with the fields it is about."""
    first, _ = members[0]
    names = list(dict.fromkeys(name for _, name in members if name))
    if not names or (len(names) == 1 and names[0] in re.findall(r"\w+", first.message)):
        return first
    said = first.message.removesuffix(".")
    what = "field" if len(names) == 1 else f"{len(names):,} fields"
    return replace(first, message=f"{said} ({what}: {named_shortly(names)}).")


def _keys(path: str, data: bytes) -> tuple[tuple[int, str], ...]:
    """Return line and name of every field of an instrument's file."""
    node = read_yaml(data, path, Findings(), as_typed=True)
    section = node.map("fields") if isinstance(node, Map) else None
    entries = section.entries if section is not None else ()
    return tuple((key.at.line, key.text) for key, _ in entries)


def _field_at(keys: Mapping[str, Sequence[tuple[int, str]]], at: Position | None) -> str:
    """Return the field a place in a written file is inside of, "" where it is in none."""
    if at is None:
        return ""
    above = [name for line, name in keys.get(at.file, ()) if line <= at.line]
    return above[-1] if above else ""
