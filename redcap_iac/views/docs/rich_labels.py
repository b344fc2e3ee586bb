"""Labels as people typed them into REDCap, HTML included, made harmless for a page.

REDCap's labels may hold HTML. Of it the tags that only shape text stay, without attributes; what
would run, load or lead anywhere goes, and its text stays. Every tag that is opened is closed.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

from markupsafe import Markup, escape

from redcap_iac.secret import redact
from redcap_iac.views.printable import printable

_SHAPING = frozenset(
    ["b", "strong", "i", "em", "u", "s", "sub", "sup", "ul", "ol", "li", "p", "small", "code"]
)
#: Where a text goes on in another line or paragraph.
_BOUNDARY = re.compile(r"<(?:/?(?:p|ul|ol|li)|br)>")
#: A sign that opens no tag: `if x <y` is text, in whatever way a version of Python reads it.
_SIGN = re.compile(r"<(?![A-Za-z/!?][^<]*>)")
_START, _END = Markup("<{}>"), Markup("</{}>")
#: Elements whose content is no text for people.
_SILENT = frozenset({"script", "style", "title", "template", "noscript", "iframe", "object"})
#: Elements that begin a new line.
_BREAKING = frozenset({"br", "hr", "div", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6"})


def rich(text: str) -> Markup:
    """Return a label as HTML that can do nothing but look; line breaks of the text are kept."""
    reader = _Reader()
    end_of_comments = text.rfind("-->")

    def as_text(sign: re.Match[str]) -> str:
        is_comment = text.startswith("<!--", sign.start()) and sign.start() < end_of_comments
        return "<" if is_comment else "&lt;"

    reader.feed(_SIGN.sub(as_text, text))
    reader.close()
    return reader.made()


def plain(text: str) -> str:
    """Return the text of a label without its tags, on one line."""
    if "<" not in text and "&" not in text:
        return printable(redact(" ".join(text.split())))
    return " ".join(Markup(_BOUNDARY.sub(" ", rich(text))).striptags().split())  # noqa: S704


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[Markup] = []
        self._open: list[str] = []
        self._silent = 0

    def made(self) -> Markup:
        closing = (_END.format(tag) for tag in reversed(self._open))
        return Markup().join((*self._parts, *closing)).strip()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag in _SILENT:
            self._silent += 1
        elif tag in _BREAKING:
            self._break()
        elif tag in _SHAPING:
            self._open.append(tag)
            self._parts.append(_START.format(tag))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag in _BREAKING:
            self._break()

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in self._open:
            while True:
                inner = self._open.pop()
                self._parts.append(_END.format(inner))
                if inner == tag:
                    return

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        lines = data.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        for number, line in enumerate(lines):
            if number and line.strip():
                self._break()
            self._parts.append(escape(printable(redact(line))))

    def _break(self) -> None:
        if self._parts and self._parts[-1] != "<br>":
            self._parts.append(Markup("<br>"))
