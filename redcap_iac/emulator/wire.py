"""Formats on the wire: csv, json and xml, in and out, as recorded from real servers."""

from __future__ import annotations

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from redcap_iac.emulator.errors import ApiFault, not_the_format

#: A cell as the server holds it: JSON numbers are int or float, nested maps are form rights.
Cell = str | int | float | None | Mapping[str, int]
Row = Mapping[str, Cell]

FORMATS = ("csv", "json", "xml")

#: The csv module refuses cells over 128 KiB unless told; a label or a query may be longer.
csv.field_size_limit(2**31 - 1)

#: Control characters that no XML document can hold; they are left out (inferred).
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_XML_HEAD = '<?xml version="1.0" encoding="UTF-8" ?>'


@dataclass(frozen=True, slots=True)
class Rows:
    """A list of rows with its columns in order; `root` is the XML root element.

    `quote_spaces` is False for the one export that does not quote cells with blanks
    (repeatingFormsEvents, recorded); `blank_when_empty` for flat record csv (recorded);
    `headings` stand for the columns in the first line of csv, where labels were asked for.
    """

    columns: tuple[str, ...]
    rows: Sequence[Row]
    root: str = "records"
    quote_spaces: bool = True
    blank_when_empty: bool = False
    delimiter: str = ","
    headings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class One:
    """A single object (project information): json object, one csv row, `<items>` in xml."""

    row: Row


@dataclass(frozen=True, slots=True)
class Count:
    """A bare number in every format (recorded); record import wraps it (`wrapped`)."""

    number: int
    wrapped: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """A plain list of texts: record ids after an import with `returnContent=ids`."""

    values: tuple[str, ...]
    column: str = "id"


@dataclass(frozen=True, slots=True)
class Text:
    """Bare text with its content type: a token, a version, an XML document."""

    text: str
    content_type: str = "text/html; charset=UTF-8"


@dataclass(frozen=True, slots=True)
class Binary:
    """A file: bytes, with the name in the content type as REDCap sends it."""

    content: bytes
    content_type: str
    name: str = ""


Answer = Rows | One | Count | Listing | Text | Binary


def encode(answer: Answer, format_: str) -> tuple[bytes, str]:
    """Return the body and content type of an answer in csv, json or xml."""
    if isinstance(answer, Binary):
        kind = answer.content_type
        # clients read the name and the character set from here (recorded)
        named = f'{kind}; name="{answer.name}";charset=UTF-8'
        return answer.content, named if answer.name else kind
    if isinstance(answer, Text):
        return answer.text.encode(), answer.content_type
    text = {"json": _json, "csv": _csv, "xml": _xml}[format_](answer)
    return text.encode(), content_type(format_)


def content_type(format_: str) -> str:
    """Return the content type REDCap announces for a format."""
    kinds = {"json": "application/json", "csv": "text/csv", "xml": "text/xml"}
    return f"{kinds[format_]}; charset=utf-8"


def encode_fault(text: str, format_: str) -> bytes:
    """Return the envelope of an error (recorded for all three formats)."""
    if format_ == "json":
        return _compact({"error": text}).encode()
    if format_ == "csv":
        return f"ERROR: {text}".encode()
    return f"{_XML_HEAD}<hash><error>{_escaped(text)}</error></hash>".encode()


def _escaped(text: str) -> str:
    return escape(_NOT_XML.sub("", text))


def decode(payload: str, format_: str, *, delimiter: str = ",") -> list[dict[str, Cell]]:
    """Read an import payload into rows; cells are text, but maps of form rights stay maps.

    An xml payload is any root with `<item>` children, or an `<item>` by itself; a json object
    is a list of one. Raises ApiFault with the recorded text when it does not parse.
    """
    try:
        if format_ == "json":
            return _from_json(payload)
        if format_ == "csv":
            return _from_csv(payload, delimiter)
        if format_ == "xml":
            return _from_xml(payload)
    except (
        ValueError,
        TypeError,
        OverflowError,
        RecursionError,
        csv.Error,
        ET.ParseError,
    ) as error:
        raise not_the_format() from error
    raise ApiFault("The requested format is not valid")


def _from_json(payload: str) -> list[dict[str, Cell]]:
    loaded = json.loads(payload, parse_constant=_no_number)
    items = [loaded] if isinstance(loaded, dict) else loaded
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise ValueError("neither an object nor a list of objects")
    return [{str(key): _cell(value) for key, value in item.items()} for item in items]


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


def _cell(value: object) -> Cell:
    """Read a value as text: true is 1, false is 0, null is blank, 1.0 is 1 (inferred)."""
    if value is None:
        return ""
    if isinstance(value, dict):
        return {str(key): int(level) for key, level in value.items()}
    if isinstance(value, str):
        value.encode()  # half a surrogate pair is a ValueError here, and nothing later
        return value
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, int | float):
        return str(int(value) if isinstance(value, bool) else value)
    if value == []:  # PHP sends an empty map as an empty list
        return {}
    raise ValueError(f"a cell cannot hold {value!r}")


def _from_csv(payload: str, delimiter: str) -> list[dict[str, Cell]]:
    text = payload.removeprefix("\ufeff")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    lines = [line for line in reader if line]
    if not lines:
        return []
    header = [name.strip() for name in lines[0]]
    if not all(header):
        raise ValueError("a column without a name")
    return [_csv_row(header, line) for line in lines[1:]]


def _csv_row(header: list[str], line: list[str]) -> dict[str, Cell]:
    if len(line) > len(header):
        raise ValueError("more cells than columns")
    padded = line + [""] * (len(header) - len(line))
    return dict(zip(header, padded, strict=True))


def _from_xml(payload: str) -> list[dict[str, Cell]]:
    root = _parsed(payload.strip())
    items = [root] if _is_one_item(root) else root.findall("item")
    return [{child.tag: _xml_cell(child) for child in item} for item in items]


def _is_one_item(root: ET.Element) -> bool:
    """Tell whether the root is a row: `<item>`, or the `<items>` that project exports are."""
    cells_alone = len(root) > 0 and all(len(child) == 0 and child.tag != "item" for child in root)
    return root.tag == "item" or (root.tag == "items" and cells_alone)


class _NoDoctype(ET.TreeBuilder):
    """Refuses document types, and with them entities that grow when they are expanded."""

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        raise ValueError(f"a document type is not accepted: {name} {pubid} {system}")


def _parsed(payload: str) -> ET.Element:
    parser = ET.XMLParser(target=_NoDoctype())  # noqa: S314 - no document types
    parser.feed(payload)
    root: ET.Element = parser.close()
    return root


def _xml_cell(element: ET.Element) -> Cell:
    if len(element):
        return {child.tag: int(child.text or 0) for child in element}
    return element.text or ""


def _json(answer: Rows | One | Count | Listing) -> str:
    if isinstance(answer, Count):
        return json.dumps({"count": answer.number}) if answer.wrapped else str(answer.number)
    if isinstance(answer, Listing):
        return _compact(list(answer.values))
    if isinstance(answer, One):
        return _compact(dict(answer.row))
    return _compact([{name: row.get(name, "") for name in answer.columns} for row in answer.rows])


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=dict)


def _csv(answer: Rows | One | Count | Listing) -> str:
    if isinstance(answer, Count):
        return str(answer.number)
    if isinstance(answer, Listing):
        return "\n".join([answer.column, *answer.values]) + "\n"
    if isinstance(answer, One):
        answer = Rows(tuple(answer.row), [answer.row])
    if answer.blank_when_empty and not answer.rows:
        return "\n"
    lines = [
        answer.headings or answer.columns,
        *([row.get(name, "") for name in answer.columns] for row in answer.rows),
    ]
    return "".join(_csv_line(line, answer) for line in lines)


def _csv_line(cells: Sequence[Cell], answer: Rows) -> str:
    marks = {'"', "\n", "\r", answer.delimiter} | (
        {" ", "\t", "\\"} if answer.quote_spaces else set()
    )
    texts = (_flat(cell) for cell in cells)
    quoted = (
        '"' + text.replace('"', '""') + '"' if any(mark in text for mark in marks) else text
        for text in texts
    )
    return answer.delimiter.join(quoted) + "\n"


def _flat(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Mapping):
        return ",".join(f"{name}:{level}" for name, level in cell.items())
    return str(cell)


def _xml(answer: Rows | One | Count | Listing) -> str:
    if isinstance(answer, Count):
        # bare for every write but the record import (recorded)
        return (
            f"{_XML_HEAD}<count>{answer.number}</count>" if answer.wrapped else str(answer.number)
        )
    if isinstance(answer, Listing):
        inner = "".join(f"<id>{_escaped(value)}</id>" for value in answer.values)
        return f"{_XML_HEAD}\n<ids>{inner}</ids>"
    if isinstance(answer, One):
        return f"{_XML_HEAD}\n<items>{_elements(answer.row, tuple(answer.row))}</items>"
    items = "".join(f"<item>{_elements(row, answer.columns)}</item>\n" for row in answer.rows)
    return f"{_XML_HEAD}\n<{answer.root}>\n{items}</{answer.root}>"


def _elements(row: Row, columns: Sequence[str]) -> str:
    return "".join(_element(name, row.get(name, "")) for name in columns)


def _element(name: str, cell: Cell) -> str:
    if isinstance(cell, Mapping):
        inner = "".join(f"<{form}>{level}</{form}>" for form, level in cell.items())
        return f"<{name}>{inner}</{name}>"
    text = _NOT_XML.sub("", "" if cell is None else str(cell))
    if any(mark in text for mark in "<>&\"'\n"):
        return f"<{name}><![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]></{name}>"
    return f"<{name}>{text}</{name}>" if text else f"<{name}/>"
