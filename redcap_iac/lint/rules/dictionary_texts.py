"""DD: letters and markup that do not arrive as they were meant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from html.parser import HTMLParser

from redcap_iac.design import Design
from redcap_iac.edits import SetCell
from redcap_iac.findings import Severity
from redcap_iac.kinds.dictionary.field import CHOICES
from redcap_iac.lint.rule import Found, rule
from redcap_iac.lint.rules.wording import BEFORE_PRODUCTION, at_field, plain
from redcap_iac.lint.settings import Settings
from redcap_iac.logic import LogicError, parse

#: What word processors and web pages put for plain quotation marks and blanks.
_PLAIN = {
    "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201b": "'",
    "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u201f": '"',
    "\u00a0": " ", "\u2007": " ", "\u202f": " ",
    "\u200b": "", "\u200e": "", "\u200f": "", "\u2060": "", "\ufeff": "", "\u00ad": "",
}  # fmt: skip
_NAMES = {"'": "a curly quotation mark", '"': "a curly quotation mark", " ": "a no-break space",
          "": "an invisible character"}  # fmt: skip
_QUOTED = re.compile(r"""('[^']*'|"[^"]*")""")
#: UTF-8 read as Windows-1252 or Latin-1, the mark of a lost letter, and control characters.
_BROKEN = re.compile(
    "\u00c3[\u0080-\u00bf\u0192\u0160\u0178\u017d\u20ac\u201a\u201e\u2026\u2030]"
    "|\u00e2\u20ac[\u0080-\u00bf\u2122\u0153\u017e\u02dc\u201c\u201d\u2013\u00a2\u00a6]"
    "|\u00c2[\u00a0-\u00bf]|\u00ef\u00bb\u00bf|\ufffd|[\u0000-\u0008\u000b\u000c\u000e-\u001f]"
    "|[\u007f-\u009f]"
)
_READ = {"field_label": "label", "section_header": "section", "field_note": "note",
         CHOICES: "choices"}  # fmt: skip
#: Elements that have an end of their own; paragraphs, items and cells may leave theirs out.
_PAIRED = frozenset(
    [
        "a", "b", "big", "blockquote", "center", "code", "div", "em", "font", "h1", "h2", "h3",
        "h4", "h5", "h6", "i", "ol", "pre", "s", "small", "span", "strike", "strong", "sub", "sup",
        "table", "u", "ul",
    ]
)  # fmt: skip
#: Words of a text nobody has finished, as they are written then: "todo" is a word in Spanish.
_UNFINISHED = ("TODO", "FIXME", "TBD", "Lorem ipsum", "lorem ipsum")


@rule("DD020", Severity.WARNING, fixable=True)
def letters_in_logic(design: Design, _settings: Settings) -> Iterator[Found]:
    """Logic holds curly quotation marks, no-break spaces or invisible characters.

    They come from word processors, e-mails and web pages. Inside a quoted text they are left
    alone.

    Why: REDCap reads plain quotation marks and blanks: with others the expression is wrong, or
    compares with a text nobody has entered, and looks right.

    Bad:
        fields:
          sex: {type: text, label: "Sex"}
          pregnant: {type: yesno, label: "Pregnant?", branching: "[sex] = ‘f’"}
    Good:
        fields:
          sex: {type: text, label: "Sex"}
          pregnant: {type: yesno, label: "Pregnant?", branching: "[sex] = 'f'"}
    Instead: Type the quotation marks again in a plain editor; the fix does it.
    """
    for field in design.fields:
        for column in (
            ("branching_logic", CHOICES) if field.field_type == "calc" else ("branching_logic",)
        ):
            text: str = getattr(field, column)
            if text.isascii():
                continue
            plainer = _without_curls(text)
            if plainer != text:
                wrong = next(letter for letter in text if letter in _PLAIN)
                what = "calculation" if column == CHOICES else "branching logic"
                yield at_field(
                    field,
                    column,
                    f"has {_NAMES[_PLAIN[wrong]]} in its {what}",
                    "Type it again in a plain editor.",
                    [SetCell(field.field_name, column, plainer)] if _reads(plainer) else (),
                )


def _without_curls(text: str) -> str:
    table = str.maketrans(_PLAIN)
    parts = _QUOTED.split(text)
    return "".join(part.translate(table) if index % 2 == 0 else part
                   for index, part in enumerate(parts))  # fmt: skip


def _reads(text: str) -> bool:
    try:
        parse(text)
    except LogicError:
        return False
    return True


@rule("DD035", Severity.WARNING)
def markup_left_open(design: Design, _settings: Settings) -> Iterator[Found]:
    """The markup of a text is not closed, or closed without having been opened.

    Why: Everything that follows on the page is bold, or red, or inside the link; in a table the
    rest of the form moves.

    Bad:
        fields:
          weight: {type: text, label: "<b>Weight, kg"}
    Good:
        fields:
          weight: {type: text, label: "<b>Weight</b>, kg"}
    Instead: Close every `<b>` by a `</b>`, the inner one first.
    """
    for field in design.fields:
        for column, word in _READ.items():
            text: str = getattr(field, column)
            if "<" not in text or (column == CHOICES and field.field_type in ("calc", "sql")):
                continue
            parts = text.split("|") if column == CHOICES else [text]
            problem = next((found for part in parts if (found := _markup(part))), "")
            if problem:
                yield at_field(
                    field,
                    column,
                    f"has {problem} in its {word}",
                    "Close every element once, the inner one first.",
                )


@lru_cache(maxsize=8_192)
def _markup(text: str) -> str:
    """Say what is open or closed too much in a text, "" where nothing is."""
    reader = _Markup()
    reader.feed(text)
    reader.close()
    if reader.problem or not reader.open:
        return reader.problem
    return f"<{reader.open[-1]}> that is never closed"


class _Markup(HTMLParser):
    """Keeps the elements that are open."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.problem = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the parser's
        if tag in _PAIRED:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Leave `<br/>` alone: it opens nothing."""

    def handle_endtag(self, tag: str) -> None:
        if tag not in _PAIRED or self.problem:
            return
        if tag not in self.open:
            self.problem = f"</{tag}> without <{tag}>"
        else:  # crossed over is let pass: browsers repair `<b><i></b></i>`
            self.open.reverse()
            self.open.remove(tag)
            self.open.reverse()


@rule("DD040", Severity.NOTE, profiles=BEFORE_PRODUCTION)
def long_label(design: Design, settings: Settings) -> Iterator[Found]:
    """A question's label is very long.

    Descriptive texts are let off. The setting `longest_label` is 1000 characters without markup.

    Why: The label is the heading of the column in reports and exports, where nobody reads so much.

    Bad:
        lint: {settings: {longest_label: 40}}
        instruments:
          - instrument: form
            fields:
              weight: {type: text, label: "Please weigh yourself in the morning before breakfast"}
    Good:
        lint: {settings: {longest_label: 40}}
        instruments:
          - instrument: form
            fields:
              record_id: {type: text, label: "Record ID"}
              how: {type: descriptive, label: "Please weigh yourself in the morning, before meals"}
              weight: {type: text, label: "Weight, kg"}
    Instead: Move what explains into a descriptive text above the question.
    """
    most = settings.number("longest_label", 1000)
    for field in design.fields:
        if field.field_type != "descriptive" and len(field.field_label) > most:
            length = len(plain(field.field_label))
            if length > most:
                yield at_field(
                    field,
                    "field_label",
                    f"has a label of {length:,} characters, more than {most:,}",
                    "Move what explains into a descriptive text above it.",
                )


@rule("DD041", Severity.WARNING, profiles=BEFORE_PRODUCTION)
def unfinished_text(design: Design, settings: Settings) -> Iterator[Found]:
    """A text for people still has words that were to be replaced.

    The words are the setting `unfinished_words`, looked for as they are written: TODO, FIXME, TBD
    and "lorem ipsum".

    Why: Participants see it, and after go-live every change needs a draft and a review.

    Bad:
        fields:
          intro: {type: descriptive, label: "TODO: text of the ethics board"}
    Good:
        fields:
          intro: {type: descriptive, label: "Taking part is voluntary."}
    Instead: Write the text, or take it out.
    """
    words = settings.list("unfinished_words", _UNFINISHED)
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)") if words else None
    for field in design.fields:
        for column in ("field_label", "section_header", "field_note"):
            text: str = getattr(field, column)
            found = pattern.search(text) if text and pattern else None
            if found:
                yield at_field(
                    field,
                    column,
                    f'has "{found[0]}" in its {_READ[column]}',
                    "Write the text, or take it out.",
                )


@rule("DD050", Severity.WARNING)
def broken_letters(design: Design, _settings: Settings) -> Iterator[Found]:
    """A text holds letters that were read in the wrong encoding.

    Why: Somebody opened the file in a spreadsheet that took UTF-8 for Windows-1252: people see
    `CafÃ©` instead of `Café`, and saving it again makes it worse.

    Bad:
        fields:
          degree: {type: text, label: "Temperature in Â°C"}
    Good:
        fields:
          degree: {type: text, label: "Temperature in °C"}
    Instead: Write the letters again, and open CSV files as UTF-8.
    """
    for field in design.fields:
        for column, word in {**_READ, "field_annotation": "annotation"}.items():
            text: str = getattr(field, column)
            match = None if text.isascii() and text.isprintable() else _BROKEN.search(text)
            if match:
                shown = match[0] if match[0].isprintable() else f"U+{ord(match[0][0]):04X}"
                yield at_field(
                    field,
                    column,
                    f'has "{shown}" in its {word}, which was another letter before',
                    "Write it again, and open CSV files as UTF-8.",
                )
