"""Text from servers and files made safe to print: what a terminal would obey is shown instead."""

from __future__ import annotations

from collections.abc import Iterator

_DELETE = 0x7F
#: What stands for the signs of this tool where a terminal has not got them.
_PLAIN = {"→": "->", "·": "-", "…": "...", "–": "-", "⏎": "\\n"}


def printable(text: str) -> str:
    """Return a text on one line in which every control character can be seen.

    Line breaks become ⏎, other ASCII controls their pictures (␛), what else is invisible or
    reorders a line `<U+202E>`. One letter of the input is at least one of the output.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        letter if letter.isprintable() else _picture(letter)
        for letter in text.replace("\r\n", "\n")
    )


def told(text: str) -> str:
    """Return a text as a value in a sentence: quoted where blanks at its ends would not show."""
    shown = printable(text)
    return f'"{shown}"' if shown != shown.strip() else shown


def shortened(text: str, most: int) -> str:
    """Return a text of at most about `most` letters that says how many it leaves out."""
    if len(text) <= most + 30:
        return text
    return f"{text[:most]}… ({len(text) - most:,} more characters)"


def pieces(text: str) -> Iterator[tuple[str, bool]]:
    """Yield a sentence in pieces, each with whether it stood between backticks."""
    parts = text.split("`")
    if len(parts) % 2 == 0:  # one without its partner is a sign like any other
        parts[-2:] = ["`".join(parts[-2:])]
    for number, part in enumerate(parts):
        if part:
            yield part, number % 2 == 1


def in_ascii(error: UnicodeError) -> tuple[str, int]:
    """Return what is written for letters an encoding has not got, and where to go on.

    An error handler as `codecs.register_error` takes them.
    """
    if not isinstance(error, UnicodeEncodeError):
        raise error
    missing = error.object[error.start : error.end]
    return "".join(_PLAIN.get(letter, "?") for letter in missing), error.end


def _picture(letter: str) -> str:
    code = ord(letter)
    if letter == "\n":
        return "⏎"
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == _DELETE else f"<U+{code:04X}>"
