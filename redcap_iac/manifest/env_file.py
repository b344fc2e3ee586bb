"""`--env-file`: NAME=value lines, read only when asked for."""

from __future__ import annotations

import re
from pathlib import Path

from redcap_iac.errors import RedcapIacError

_LINE = re.compile(r"(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)")
_LARGEST = 64 * 1024


def read_env_file(path: Path) -> dict[str, str]:
    """Return the variables of a file.

    One `NAME=value` a line; blank lines and lines that begin with `#` are nothing; a value may
    stand in one pair of quotes, and is taken as it is: no `$`, no backslash means anything. Raises
    RedcapIacError with the number of a line that is none of this, never its text.
    """
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise RedcapIacError(f"{path.name} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise RedcapIacError(f"{path.name} is not text in UTF-8.") from None
    if len(data) > _LARGEST:
        raise RedcapIacError(f"{path.name} is too large for a file of variables.")
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        match = _LINE.fullmatch(stripped)
        value = _unquoted(match[2]) if match else None
        if match is None or value is None:
            raise RedcapIacError(
                f"{path.name}:{number}: this line is not NAME=value.",
                "A value with a quote inside, or with # after it, needs quotes around it.",
            )
        if match[1] in found:
            raise RedcapIacError(f"{path.name}:{number}: {match[1]} is given a second time.")
        found[match[1]] = value
    return found


def _unquoted(value: str) -> str | None:
    """Return a value without its pair of quotes, None when the quotes do not fit."""
    if value[:1] in ("'", '"'):
        inner = value[1:-1]
        whole = len(value) > 1 and value[-1] == value[0] and value[0] not in inner
        return inner if whole else None
    return None if " #" in value or '"' in value or "'" in value else value
