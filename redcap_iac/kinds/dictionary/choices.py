"""Column F as pairs: choices of a list, labels of a slider; text → pairs → text.

REDCap splits at `|` and at line breaks, which is how it keeps choices itself, then at the first
comma; a part without a comma is its own code (recorded).
Spaces around the parts mean nothing: servers were seen to store and answer every spacing.
"""

from __future__ import annotations

import re

Pairs = tuple[tuple[str, str], ...]

SLIDER_KEYS = ("left", "middle", "right")

_END = re.compile(r"[|\r\n]")


def parsed(text: str) -> Pairs:
    """Return the choices of a text as (code, label), both trimmed; blank parts are no choice."""
    pairs = []
    for part in parts(text):
        code, comma, label = part.partition(",")
        code = _trimmed(code)
        if comma:
            pairs.append((code, _trimmed(label)))
        elif code:
            pairs.append((code, code))
    return tuple(pairs)


def parts(text: str) -> tuple[str, ...]:
    """Return what the text says choice by choice, blank ones too."""
    return tuple(_END.split(text))


def written(pairs: Pairs) -> str:
    """Return the text of choices in REDCap's own spacing: `1, Yes | 0, No`."""
    return " | ".join(f"{code}, {label}".rstrip(" ") for code, label in pairs)


def holds(pairs: Pairs) -> bool:
    """Tell whether the text of these pairs is read as the same pairs again."""
    codes = {code for code, _ in pairs}
    return len(codes) == len(pairs) and all(code for code in codes) and not misfits(pairs)


def misfits(pairs: Pairs) -> tuple[str, ...]:
    """Return the codes whose code or label the notation of REDCap cannot carry."""
    return tuple(
        code
        for code, label in pairs
        if "|" in code + label or "," in code or any(end in code + label for end in "\r\n")
    )


def slider_labels(text: str) -> Pairs | None:
    """Return the labels of a slider by their place, None when there are more than three."""
    parts = [_trimmed(part) for part in text.split("|")]
    if len(parts) > len(SLIDER_KEYS):
        return None
    return tuple((key, part) for key, part in zip(SLIDER_KEYS, parts, strict=False) if part)


def slider_text(labels: Pairs) -> str:
    """Return the labels of a slider as REDCap writes them: `none | some | worst` (recorded)."""
    named = dict(labels)
    return " | ".join(named.get(key, "") for key in SLIDER_KEYS) if labels else ""


def _trimmed(text: str) -> str:
    """Trim what PHP's trim does: a no-break space is part of a label."""
    return text.strip(" \t\n\r\0\x0b")
