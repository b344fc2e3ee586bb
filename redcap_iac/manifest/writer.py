"""A draft → the files of a project folder, in one layout, reading back as the same document.

What must be quoted is quoted; maps and lists stand in block style, but short lists of single
words; text of several lines stands as a literal block where that loses nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from redcap_iac.manifest.loader import MANIFEST
from redcap_iac.manifest.quoting import needs_escape, scalar

#: The file of a whole dictionary kept as CSV.
DICTIONARY = "dictionary.csv"
#: Sections in the order people read them; others follow by name.
SECTIONS = (
    "version", "project", "choice_lists", "instruments", "dictionary", "arms", "repeat", "dags",
    "roles", "users", "manage", "renamed", "environments", "variables",
)  # fmt: skip
_FILE_NAME = re.compile(r"[a-z0-9_]+")
#: Names Windows keeps for itself, with any ending.
_DEVICES = re.compile(r"con|prn|aux|nul|com[0-9]|lpt[0-9]")
#: YAML readers find a key on one line within 1,024 characters only; longer ones need `?`.
_LONGEST_KEY = 1000
_WIDTH = 88


def write(draft: Mapping[str, object], *, dictionary: str | None = None) -> dict[str, str]:
    """Return the files of a folder by their path: `redcap.yaml`, one file an instrument.

    `draft` has the manifest's top-level keys; values are dicts, lists, text, numbers, flags and
    None. `dictionary` is the text of a CSV that takes the place of `instruments`, but for those
    without fields, which no CSV can hold.
    """
    root: dict[str, object] = {"version": 1, **draft}
    files: dict[str, str] = {}
    if dictionary is not None:
        bare = list(_without_fields(root.pop("instruments", None)))
        if bare:
            root["instruments"] = [DICTIONARY, *bare]
        else:
            root["dictionary"] = DICTIONARY
        files[DICTIONARY] = dictionary
    elif isinstance(instruments := root.get("instruments"), Sequence):
        root["instruments"] = [_apart(entry, files) for entry in instruments]
    order = [name for name in SECTIONS if name in root]
    order += sorted(root.keys() - set(order))
    sections = (to_yaml({name: root[name]}) for name in order)
    return {MANIFEST: "\n".join(sections), **files}


def to_yaml(value: object) -> str:
    """Return a value as a YAML document; ends with a line break."""
    lines = list(_block(value, 0))
    return "\n".join(lines) + "\n"


def _without_fields(instruments: object) -> Iterator[Mapping[str, object]]:
    """Yield the instruments that hold nothing but their status."""
    for entry in instruments if isinstance(instruments, Sequence) else ():
        if isinstance(entry, Mapping) and entry.get("fields") == {}:
            yield entry


def _apart(entry: object, files: dict[str, str]) -> object:
    """Put an instrument into a file of its own; return the path that stands in the list."""
    if not isinstance(entry, Mapping):
        return entry
    name = str(entry.get("instrument", ""))
    stem = name if _FILE_NAME.fullmatch(name) else re.sub(r"[^a-z0-9_]+", "_", name.lower())
    if _DEVICES.fullmatch(stem):
        stem = f"{stem}_"
    path, number = f"instruments/{stem}.yaml", 2
    while path in files:
        path, number = f"instruments/{stem}-{number}.yaml", number + 1
    files[path] = to_yaml(entry)
    return path


def _block(value: object, depth: int) -> Iterator[str]:
    """Yield the lines of a value that begins on a line of its own."""
    indent = "  " * depth
    if isinstance(value, Mapping) and value:
        for key, part in value.items():
            yield from _entry(_key(str(key)), part, depth)
    elif isinstance(value, Sequence) and not isinstance(value, str) and value:
        for part in value:
            yield from _item(part, depth)
    else:
        yield from _after(indent, value, depth)


def _entry(key: str, value: object, depth: int) -> Iterator[str]:
    """Yield the lines of one key of a map."""
    indent = "  " * depth
    lead = f"{indent}{key}:"
    if len(key) > _LONGEST_KEY:
        yield f"{indent}? {key}"
        lead = f"{indent}:"
    yield from _after(lead, value, depth)


def _item(value: object, depth: int) -> Iterator[str]:
    """Yield the lines of one item of a list; what it holds begins on the line of its dash."""
    indent = "  " * depth
    if (isinstance(value, Mapping) or (_is_list(value) and not _is_short(value))) and value:
        first, *rest = _block(value, depth + 1)
        yield f"{indent}- {first[len(indent) + 2 :]}"
        yield from rest
    else:
        yield from _after(f"{indent}-", value, depth)


def _after(lead: str, value: object, depth: int) -> Iterator[str]:
    """Yield a value behind what leads to it, on the same line where it is a scalar."""
    space = " " if lead.strip() else ""
    if _is_short(value):
        yield f"{lead}{space}{_flow(value)}"
    elif isinstance(value, Mapping) or _is_list(value):
        yield lead
        yield from _block(value, depth + 1)
    elif isinstance(value, str) and _is_literal(value):
        yield f"{lead}{space}{'|' if value.endswith(chr(10)) else '|-'}"
        indent = "  " * (depth + 1)
        text = _escaped(value).removesuffix("\n")
        yield from (f"{indent}{line}" if line else "" for line in text.split("\n"))
    else:
        yield f"{lead}{space}{_scalar(value)}"


def _is_list(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _is_short(value: object) -> bool:
    """Tell whether a map or list stands on one line: it is empty, or a few single words."""
    if isinstance(value, Mapping):
        return not value
    if not isinstance(value, Sequence) or isinstance(value, str):
        return False
    words = all(isinstance(item, str) and scalar(_escaped(item)) == item for item in value)
    paths = any("/" in item for item in value if isinstance(item, str))
    return words and not paths and len(_flow(value)) <= _WIDTH


def _flow(value: object) -> str:
    if isinstance(value, Sequence):
        return f"[{', '.join(_scalar(item) for item in value)}]"
    return "{}"


def _scalar(value: object) -> str:
    """Return a scalar as it is typed."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return scalar(_escaped(value)) if isinstance(value, str) else str(value)


def _key(key: str) -> str:
    return scalar(_escaped(key))


def _escaped(text: str) -> str:
    """Return a text in which nothing asks for a variable."""
    return text.replace("${", "$${")


def _is_literal(text: str) -> bool:
    """Tell whether a text reads back the same from a literal block: no blank at any edge."""
    if "\n" not in text or needs_escape(text) or "\t" in text or text.endswith("\n\n"):
        return False
    lines = text.removesuffix("\n").split("\n")
    return (
        bool(lines[0])
        and not lines[0].startswith(" ")
        and not any(line.endswith(" ") for line in lines)
    )
