"""Codes of rules as people write them: whole, or a beginning that stands for a family."""

from __future__ import annotations

import re

#: What the engine itself finds: a suppression that lets nothing pass.
UNUSED = "LI001"
#: Codes of findings that no rule makes.
ENGINE = (UNUSED,)

#: A code, or the letters of a family.
WORD = re.compile(r"[A-Z]{2}([0-9]{0,3})")


def covers(word: str, code: str) -> bool:
    """Tell whether a code, or the beginning of one, means a code: `LG` means `LG011`."""
    return code == word if len(word) == len(code) else code.startswith(word)
