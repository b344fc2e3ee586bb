"""Export PDF file of Instruments: a small, valid PDF that lists labels.

Right: API Export. REDCap draws the forms; no client reads the drawing, so a page with the labels
of the instruments, and the record's name where one is asked for, is the honest part of it.
`allRecords` acts by its mere presence (documented). The content type says text/html (recorded).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from redcap_iac.emulator import design, log
from redcap_iac.emulator.errors import ApiFault
from redcap_iac.emulator.registry import API_EXPORT, method
from redcap_iac.emulator.request import Context
from redcap_iac.emulator.resources.records import store
from redcap_iac.emulator.wire import Answer, Binary

_LINES_PER_PAGE = 45
_LONGEST_LINE = 95


@method("pdf", "export", "Export PDF File of Instruments", API_EXPORT,
        remark="a page of labels, not the drawn forms")  # fmt: skip
def export_pdf(context: Context) -> Answer:
    """Answer a PDF of one instrument or all, blank, for one record, or for every record."""
    forms = _forms(context)
    lines = [str(design.settings(context.db, context.project_id).get("project_title", ""))]
    for record in _records(context):
        lines += ["", f"Record {record}"] if record else [""]
        lines += [label for _, label in forms]
    log.design(context, "Export PDF of instruments (API)")
    return Binary(document(lines), "text/html; charset=UTF-8")


def _forms(context: Context) -> tuple[tuple[str, str], ...]:
    forms = design.forms(context.db, context.project_id)
    asked = context.request.text("instrument")
    if asked and asked not in dict(forms):
        raise ApiFault('The value of the parameter "instrument" is not valid')
    return tuple(pair for pair in forms if asked in ("", pair[0]))


def _records(context: Context) -> list[str]:
    """Return the records to print; the empty name stands for blank forms."""
    own = context.caller.dag_id
    known = store.dags_of(context.db, context.project_id)
    visible = [name for name, dags in known.items() if own is None or own in dags.values()]
    if "allRecords" in context.request.scalars:
        return sorted(visible)
    record = context.request.text("record")
    if record and record not in visible:
        raise ApiFault(f'The record "{record}" does not exist')
    return [record]


def document(lines: Sequence[str]) -> bytes:
    """Set lines of text in Helvetica on letter pages and return the file.

    Letters outside Latin-1 become question marks: the standard fonts have no others.
    """
    pages = [
        lines[start : start + _LINES_PER_PAGE] for start in range(0, len(lines), _LINES_PER_PAGE)
    ] or [[]]
    objects = list(_objects(pages))
    body = bytearray(b"%PDF-1.4\n")
    offsets: list[int] = []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    start = len(body)
    body += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    body += b"".join(f"{offset:010d} 00000 n \n".encode() for offset in offsets)
    body += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\n".encode()
    body += f"startxref\n{start}\n%%EOF\n".encode()
    return bytes(body)


def _objects(pages: Sequence[Sequence[str]]) -> Iterator[bytes]:
    """Yield the objects in the order of their numbers: catalogue, pages, font, then each page."""
    first = 4
    kids = " ".join(f"{first + 2 * index} 0 R" for index in range(len(pages)))
    yield b"<< /Type /Catalog /Pages 2 0 R >>"
    yield f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode()
    yield b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    for index, lines in enumerate(pages):
        content = first + 2 * index + 1
        yield (
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792]"
            f" /Resources << /Font << /F1 3 0 R >> >> /Contents {content} 0 R >>"
        ).encode()
        stream = _stream(lines)
        yield f"<< /Length {len(stream)} >>\nstream\n".encode() + stream + b"\nendstream"


def _stream(lines: Sequence[str]) -> bytes:
    shown = "".join(f"({_escaped(text)}) Tj T*\n" for text in lines)
    return f"BT /F1 11 Tf 15 TL 60 740 Td\n{shown}ET".encode("latin-1", "replace")


def _escaped(text: str) -> str:
    flat = " ".join(text.split())[:_LONGEST_LINE]
    return flat.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
