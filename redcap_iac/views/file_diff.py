"""What a change does to a file, line by line, as people read it in a review."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

from rich.text import Text

from redcap_iac.views.printable import printable

#: Lines shown around a change.
_AROUND = 3
_STYLES = {"+": "green", "-": "red", "@": "cyan"}
_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_BREAK = re.compile(r"\r\n|\r|\n")


def diff_lines(path: str, old: bytes | None, new: bytes | None) -> list[Text]:
    """Return a unified diff of one file, coloured by line; None is a file that is not there.

    Where only encoding, line ends or the last line break differ, that is said in a line.
    """
    name = printable(path)
    header = [
        Text(f"--- {name if old is not None else 'no file'}", "bold"),
        Text(f"+++ {name if new is not None else 'no file'}", "bold"),
    ]
    before, after = _text(old or b""), _text(new or b"")
    changes = difflib.unified_diff(*_lines(before, after), n=_AROUND, lineterm="")
    lines = [*_below_header(changes)]
    said = [Text(f"  ({one})", "cyan") for one in _apart(old, new)]
    return [*header, *lines, *said] if lines or said else []


def _lines(before: str, after: str) -> tuple[list[str], list[str]]:
    """Return the lines of both texts; what ends every line starts no further one."""
    both = _BREAK.split(before), _BREAK.split(after)
    return both if both[0][-1] or both[1][-1] else (both[0][:-1], both[1][:-1])


def _below_header(changes: Iterator[str]) -> Iterator[Text]:
    for number, line in enumerate(changes):
        if number > 1:
            yield Text(f"{line[0]}{printable(line[1:])}", _STYLES.get(line[0], ""))


def _apart(old: bytes | None, new: bytes | None) -> Iterator[str]:
    """Yield what differs and cannot be seen in the lines."""
    if old is None or new is None:
        return
    ends = [_ends(_text(one)) for one in (old, new)]
    if ends[0] != ends[1]:
        yield f"line ends: {ends[0]} becomes {ends[1]}"
    marks = [_encoding(one) for one in (old, new)]
    if marks[0] != marks[1]:
        yield f"encoding: {marks[0]} becomes {marks[1]}"


def _ends(text: str) -> str:
    names = {"\r\n": "CRLF", "\r": "CR", "\n": "LF"}
    there = sorted({names[one] for one in _BREAK.findall(text)})
    return " and ".join(there) or "none"


def _encoding(data: bytes) -> str:
    for mark, name in _MARKS:
        if data.startswith(mark):
            return f"{name.upper()} with a byte-order mark"
    try:
        data.decode()
    except UnicodeDecodeError:
        return "Windows-1252"
    return "UTF-8"


def _text(data: bytes) -> str:
    mark, encoding = next((one for one in _MARKS if data.startswith(one[0])), (b"", "utf-8"))
    try:
        return data[len(mark) :].decode(encoding)
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")
