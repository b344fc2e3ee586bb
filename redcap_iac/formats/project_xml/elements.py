"""XML → elements with the line they begin on; nothing that could harm is parsed.

A document type is refused before an entity could be declared, so that none is ever expanded;
size and depth are bounded. REDCap writes line breaks into attributes as they are (recorded), which
XML readers turn into blanks: they are kept here.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from redcap_iac.findings import Findings, Position
from redcap_iac.formats.decoding import decoded

ODM = "http://www.cdisc.org/ns/odm/v1.3"
REDCAP = "https://projectredcap.org"

#: More than any project file without its records; a larger one is not read.
MAXIMUM_SIZE = 256 * 1024 * 1024
_DEEPEST = 100
_RECORD = f"{ODM} SubjectData"
_AGAIN = "Download the project's XML again, and change it in no program that does not keep XML."
_DECLARED = re.compile(r"\s*<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_ENCODINGS = re.compile(
    r"utf-?8|utf-?16|us-ascii|ascii|iso-8859-\d{1,2}|windows-125\d", re.IGNORECASE
)
#: A comment, CDATA or instruction, which stays as it is, or the value of an attribute.
_PARTS = re.compile(
    # one that never ends goes to the end of the file: looked for once, not from every beginning
    r"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|<\?.*?(?:\?>|\Z)"
    r"|=\s*(?:\"[^\"<]*\"|'[^'<]*')",
    re.DOTALL,
)
_BREAKS = {"\r\n": "&#10;", "\r": "&#10;", "\n": "&#10;", "\t": "&#9;"}
_BREAK = re.compile("|".join(_BREAKS))


@dataclass(slots=True)
class Element:
    """An element: names with their namespace in front (`uri name`), text without its children's."""

    name: str
    attributes: dict[str, str]
    line: int
    children: list[Element] = field(default_factory=list)
    text: str = ""

    def all(self, name: str, space: str = ODM) -> Iterator[Element]:
        """Yield the children of a name, of ODM's unless another vocabulary is given."""
        wanted = f"{space} {name}"
        return (child for child in self.children if child.name == wanted)

    def first(self, name: str, space: str = ODM) -> Element | None:
        """Return the first child of a name, None when there is none."""
        return next(self.all(name, space), None)

    def own(self, name: str) -> str:
        """Return a `redcap:` attribute; the text of such a child in files written by hand."""
        value = self.attributes.get(f"{REDCAP} {name}")
        if value is not None:
            return value
        child = self.first(name, REDCAP)
        return child.text if child is not None else ""

    def has_own(self, name: str) -> bool:
        """Tell whether a `redcap:` attribute is there."""
        return f"{REDCAP} {name}" in self.attributes

    def get(self, name: str) -> str:
        """Return an attribute of ODM, "" when it is absent."""
        return self.attributes.get(name, "")

    def deep(self) -> Iterator[Element]:
        """Yield this element and everything below it, in order."""
        waiting = [self]
        while waiting:
            element = waiting.pop()
            yield element
            waiting += reversed(element.children)


class _RefusedError(Exception):
    pass


def parse(data: bytes, file: str, findings: Findings) -> Element | None:
    """Return the root of a file, None when it is not safe or no XML; says why with its line."""
    at = Position(file, 1)
    if len(data) > MAXIMUM_SIZE:
        findings.error(
            "C105", f"The file is larger than {MAXIMUM_SIZE // 1024 // 1024} MB.", at,
            advice="Export the project without records: only its design is read.",
        )  # fmt: skip
        return None
    try:
        text = _text(data)
    except (UnicodeError, LookupError, ValueError):
        findings.error("C105", "The file is not text in the encoding it names.", at, advice=_AGAIN)
        return None
    builder = _Builder()
    try:
        return builder.parse(text)
    except _RefusedError as refused:
        where = Position(file, builder.line)
        findings.error("C105", str(refused), where, advice="REDCap's own files have none of it.")
    except expat.ExpatError as error:
        reason = expat.ErrorString(error.code)
        where = Position(file, builder.line)
        findings.error("C105", f"The file is not XML: {reason}.", where, advice=_AGAIN)
    return None


def _text(data: bytes) -> str:
    if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")) or b"\0" in data[:4]:
        return decoded(data)[0]
    declared = _DECLARED.match(data[:400].decode("latin-1"))
    encoding = declared[1] if declared is not None else "utf-8"
    if not _ENCODINGS.fullmatch(encoding):
        raise LookupError(encoding)
    return data.decode(encoding)


class _Builder:
    """Makes elements of what the parser tells; stops at a document type, and when too deep."""

    def __init__(self) -> None:
        self._parser = expat.ParserCreate("utf-8", namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._data
        self._open: list[Element] = []
        self._texts: list[list[str]] = []
        self._root: Element | None = None
        self._shifts = (array("q"), array("q"))
        self._inside_record = 0

    @property
    def line(self) -> int:
        """The line of the file the parser has come to."""
        starts, fewer = self._shifts
        place = bisect_left(starts, self._parser.CurrentByteIndex)
        shift = fewer[place - 1] if place else 0
        return self._parser.CurrentLineNumber + shift

    def parse(self, text: str) -> Element | None:
        """Return the root element; lines are those of the file."""
        data, self._shifts = _kept(text.lstrip())
        self._parser.Parse(data, True)  # noqa: FBT003 - expat's own: there is no more to come
        return self._root

    def _doctype(self, *_declared: object) -> None:
        raise _RefusedError("The file declares a document type (DOCTYPE), which is not read.")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._open) + self._inside_record >= _DEEPEST:
            raise _RefusedError(f"The file is nested more than {_DEEPEST} deep.")
        if self._inside_record or (self._open and self._open[-1].name == _RECORD):
            self._inside_record += 1  # records are counted; their values are not kept in memory
            return
        element = Element(name, attributes, self.line)
        if self._open:
            self._open[-1].children.append(element)
        else:
            self._root = element
        self._open.append(element)
        self._texts.append([])

    def _end(self, _name: str) -> None:
        if self._inside_record:
            self._inside_record -= 1
            return
        self._open.pop().text = "".join(self._texts.pop())

    def _data(self, text: str) -> None:
        if not self._inside_record:
            self._texts[-1].append(text)


def _kept(text: str) -> tuple[bytearray, tuple[array[int], array[int]]]:
    """Return a text in which breaks inside attributes are references, which no reader changes.

    The arrays say from which byte on how many lines less are counted than there were.
    """
    whole = bytearray()
    shifts = (array("q"), array("q"))
    last = fewer = 0
    for part in _PARTS.finditer(text):
        value = part[0]
        if value.startswith("<") or _BREAK.search(value) is None:
            continue
        lead, quote, rest = value.partition(value[-1])
        made = lead + quote + _BREAK.sub(lambda found: _BREAKS[found[0]], rest)
        for piece in (text[last : part.start()], made):
            whole += piece.encode("utf-8", "surrogatepass")
        fewer += rest.count("\n")
        shifts[0].append(len(whole) - 1)
        shifts[1].append(fewer)
        last = part.end()
    whole += text[last:].encode("utf-8", "surrogatepass")
    return whole, shifts
