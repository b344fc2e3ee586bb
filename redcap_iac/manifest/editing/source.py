"""The letters of a file: its encoding, its mark, its line ends; read, spliced, written again."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass

from redcap_iac.errors import EditError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BREAK = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Splice:
    """The letters from `start` to `end` become `text`."""

    start: int
    end: int
    text: str


class Source:
    """A file's text with every line break a line feed, and what it takes to write it as it was.

    The text ends with a line feed even where the file does not.
    """

    def __init__(self, data: bytes, file: str) -> None:
        self._file = file
        self._mark, self._encoding, text = _decoded(data, file)
        self._breaks = _BREAK.findall(text)
        self.text = _BREAK.sub("\n", text)
        self._open_end = not self.text.endswith("\n")
        if self._open_end:
            self.text += "\n"
            self._breaks.append("")
        there = [one for one in self._breaks if one]
        self._break = max(dict.fromkeys(there), key=there.count) if there else "\n"

    @property
    def breaks(self) -> frozenset[str]:
        """The kinds of line breaks there are."""
        return frozenset(one for one in self._breaks if one)

    def splice(self, splices: Sequence[Splice]) -> None:
        """Make changes that do not overlap; new lines end as most lines do."""
        ordered = sorted(splices, key=lambda one: (one.start, one.end))
        pieces: list[str] = []
        breaks: list[str] = []
        cursor = line = 0
        for one in ordered:
            if one.start < cursor:
                raise EditError(f"Two changes in {self._file} are about the same place.")
            kept = self.text[cursor : one.start]
            count = kept.count("\n")
            breaks += self._breaks[line : line + count]
            line += count + self.text.count("\n", one.start, one.end)
            breaks += [self._break] * one.text.count("\n")
            pieces += [kept, one.text]
            cursor = one.end
        pieces.append(self.text[cursor:])
        breaks += self._breaks[line:]
        self.text = "".join(pieces)
        if self._open_end:
            breaks = [one or self._break for one in breaks]
            if breaks:
                breaks[-1] = ""
        self._breaks = breaks

    def data(self) -> bytes:
        """Return the bytes of the file; EditError when its encoding lacks a letter."""
        lines = self.text.split("\n")
        text = "".join(
            line + end for line, end in zip(lines, [*self._breaks, ""], strict=True)
        )  # fmt: skip
        try:
            return self._mark + text.encode(self._encoding)
        except UnicodeEncodeError as error:
            letter = error.object[error.start]
            raise EditError(
                f"{self._file} is in Windows-1252, which has no letter {letter!r}.",
                "Save the file as UTF-8.",
            ) from None


def _decoded(data: bytes, file: str) -> tuple[bytes, str, str]:
    """Return the byte-order mark, the encoding and the text."""
    mark, encoding = next(
        (known for known in _MARKS if data.startswith(known[0])), (b"", "utf-8")
    )  # fmt: skip
    try:
        return mark, encoding, data[len(mark) :].decode(encoding)
    except UnicodeDecodeError:
        if not mark:
            try:
                return b"", "cp1252", data.decode("cp1252")
            except UnicodeDecodeError:
                pass
    raise EditError(f"{file} is not text.", "Save it as UTF-8.")
