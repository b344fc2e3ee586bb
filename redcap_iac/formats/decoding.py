"""Bytes of a text file as people's programs write them, to text."""

from __future__ import annotations

import codecs

#: Byte-order marks, the longer ones first where one begins another.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def decoded(data: bytes) -> tuple[str, str]:
    """Return the text without its byte-order mark, and the name of the encoding found.

    UTF-8, UTF-16 (with a mark, or told by its zero bytes), else Windows-1252, which Excel writes
    on Western systems; the few bytes that code page leaves open stay control characters. Raises
    ValueError when the bytes are no text.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding), encoding
    if b"\0" in data:
        return data.decode(_zeros(data)), _zeros(data)
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return data.decode("cp1252", "decode_latin_1"), "windows-1252"


def _zeros(data: bytes) -> str:
    """Tell the byte order of UTF-16 by where the zero bytes of its Latin letters stand."""
    sample = data[:2000]
    odd, even = sample[1::2].count(0), sample[::2].count(0)
    if max(odd, even) * 4 < len(sample) // 2:
        raise ValueError("the file holds zero bytes and is no text")
    return "utf-16-le" if odd > even else "utf-16-be"


def _as_latin_1(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error("decode_latin_1", _as_latin_1)
