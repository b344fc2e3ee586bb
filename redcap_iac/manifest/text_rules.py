"""What YAML would do to text without a word: comments, commas, colons; and its errors in words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ruamel.yaml.error import MarkedYAMLError, YAMLError

from redcap_iac.document import Node, Text
from redcap_iac.findings import Finding, Findings, Position, Severity
from redcap_iac.manifest.quoting import double_quoted

#: Keys whose values are single words, names or numbers: what follows ` #` there is a comment.
_WORD_KEYS = frozenset(
    """
    version purpose surveys autonumbering longitudinal secondary_unique_field irb_number
    instruments instrument dictionary number unique_name day_offset offset_min offset_max
    events_from repeat type validation min max required identifier choices_from matrix ranking
    alignment question_number signature autocomplete show_number renamed_from recode dag role
    expires url token user project_id data default overlay auto_approval ca_bundle client_cert
    timeout requests_per_minute
    """.split()  # noqa: SIM905 - a list of words reads better than a list of strings
)
_FLAGS = frozenset({"true", "false", "null", "~", "True", "False"})
_VARIABLE = re.compile(r"\$?\$\{")
_END = re.compile(r"\.\.\.([ \t]|$)")
_BLOCK_COMMENT = re.compile(r"(&\S+[ \t]+)?[|>][-+0-9]*#")
_COMMENT = re.compile(r"[ \t]+#")
#: `key: text` on a line of its own, for the line that would be right.
_ENTRY = re.compile(r"^(\s*(?:- )*)((?:[^\s'\"#\[\]{},&*!|>%@`:-]|-(?=\S))[^:#]*?):[ \t]+(\S.*)$")
_ITEM = re.compile(r"^(\s*(?:- )+)(\S.*)$")


class TextRules:
    """Looks at the text around a scalar for what YAML swallowed there."""

    def __init__(self, text: str, file: str, findings: Findings) -> None:
        self._lines = text.split("\n")
        self._file = file
        self._findings = findings
        self._hashed = frozenset(
            number for number, line in enumerate(self._lines) if " #" in line or "\t#" in line
        )
        self._tabs = {
            (number, column)
            for number, line in enumerate(self._lines)
            if "\t" in line
            for column, letter in enumerate(line)
            if letter == "\t"
        }

    def cover(self, first: tuple[int, int], last: tuple[int, int], style: str) -> None:
        """Take note of quoted text or a block, from its first place to behind its last."""
        if not self._tabs:
            return
        line, column = first
        if style in "|>":
            first = (line + 1, 0)
        else:  # an anchor may stand before the quote
            first = (line, max(column, self._lines[line].find(style, column)))
        self._tabs = {place for place in self._tabs if not first <= place < last}

    def check_block(self, text: str, at: Position) -> None:
        """Refuse a block (`|`, `>`) that programs read differently, or not at all."""
        line = self._lines[at.line - 1]
        if text.lstrip(" \n").startswith("\t"):
            message, advice = "A tab begins this text.", "Put the text in double quotes."
        elif _BLOCK_COMMENT.match(line, at.column - 1):
            message, advice = "A comment needs a blank before its #.", "Put a blank there."
        elif not line[: at.column - 1].strip():
            message, advice = "A block begins on a line of its own.", "Put it behind its key."
        elif not re.search("[1-9]", line[at.column - 1 :]) and self._is_ragged(at.line):
            message, advice = "A line of blanks begins this block.", "Empty that line."
        else:
            return
        self._findings.error("M101", message, at, advice=advice)

    def _is_ragged(self, number: int) -> bool:
        """Tell whether a line of blanks stands before a deeper one where a block begins."""
        blanks = 0
        for line in self._lines[number:]:
            indent = len(line) - len(line.lstrip(" "))
            if 0 < blanks < indent:
                return True
            if indent < len(line):
                return False
            blanks = max(blanks, indent)
        return False

    def check_tabs(self) -> None:
        """Refuse tabs that are neither text in quotes nor in a comment: readers differ there."""
        for line, column in sorted(self._tabs):
            before = self._lines[line][:column]
            if before.startswith("#") or _COMMENT.search(before):
                continue
            indents = not before.strip()
            self._findings.error(
                "M101",
                "This line is indented with a tab; YAML takes only blanks."
                if indents
                else "There is a tab here outside quotes, which programs read differently.",
                Position(self._file, line + 1, column + 1),
                advice="Replace the tab by blanks"
                + ("." if indents else ", or put the text in quotes."),
            )
            return

    def without_variables(self, text: str, at: Position) -> str:
        """Return the text with `$${` as the `${` it stands for; a `${` is an error."""

        def literal(match: re.Match[str]) -> str:
            if match.group() == "${":
                self._findings.error(
                    "M109",
                    "`${` asks for a variable, and this file knows none.",
                    at,
                    advice="They stand in texts of redcap.yaml and its instruments. Write `$${`"
                    " if these two characters are meant.",
                )
            return "${"

        return _VARIABLE.sub(literal, text)

    def check_comment(
        self, key: str, text: str, start: Position, end: tuple[int, int]
    ) -> None:  # fmt: skip
        """Refuse one blank and `#` after unquoted text: YAML drops the rest of the line."""
        line, column = end
        if line not in self._hashed or key in _WORD_KEYS or text in _FLAGS:
            return
        rest = self._lines[line][column:]
        if not _COMMENT.match(rest) or rest.startswith(("  ", "\t")):
            return
        whole = double_quoted(text + rest.rstrip())
        corrected = f"{key}: {whole}" if start.line == line + 1 and key else whole
        self._findings.error(
            "M105",
            f"YAML takes `{_shortened(rest.strip())}` for a comment and drops it from the text.",
            start,
            advice=f"Write {_shortened(corrected)}, or two blanks before a # that begins a "
            "comment.",
        )

    def check_empty(self, key: Text | None, key_end: tuple[int, int]) -> None:
        """Refuse `key: # text`: YAML takes the whole value for a comment."""
        line, column = key_end
        if key is None or line not in self._hashed or key.text in _WORD_KEYS:
            return
        rest = self._lines[line][column:]
        if rest.startswith(": #"):
            corrected = f"{key.text}: {double_quoted(rest[2:].rstrip())}"
            self._findings.error(
                "M105",
                f"YAML takes the whole text of `{key.text}` for a comment.",
                key.at,
                advice=f"Write {_shortened(corrected)}, or two blanks before a # that begins a "
                "comment.",
            )

    def unsplit(self, entries: Sequence[tuple[Text, Node]]) -> list[tuple[Text, Node]]:
        """Return the entries of a `{…}` without the halves of a text split at a comma: errors."""
        kept: list[tuple[Text, Node]] = []
        pieces: list[str] = []
        for key, value in entries:
            if not self._stands_alone(key, value):
                self._report_split(kept, pieces)
                pieces = []
                kept.append((key, value))
                continue
            pieces.append(key.text)
            if len(pieces) == 1 and not (kept and isinstance(kept[-1][1], Text)):
                self._findings.error(
                    "M105",
                    f"`{key.text}` has no value here.",
                    key.at,
                    advice="Text with a comma inside `{…}` needs quotes.",
                )
                pieces = []
        self._report_split(kept, pieces)
        return kept

    def _report_split(self, kept: Sequence[tuple[Text, Node]], pieces: Sequence[str]) -> None:
        if not pieces:
            return
        key, value = kept[-1]
        assert isinstance(value, Text)
        whole = ", ".join([value.text, *pieces])
        self._findings.error(
            "M105",
            f"YAML splits the text of `{key.text}` at the comma.",
            value.at,
            advice=f"Write {key.text}: {_shortened(double_quoted(whole))}.",
        )

    def _stands_alone(self, key: Text, value: Node) -> bool:
        """Tell whether a key in `{…}` has neither a colon nor a value."""
        if not (isinstance(value, Text) and value.plain and value.text == ""):
            return False
        width = len(key.text) + (0 if key.plain else 2)
        rest = self._lines[key.at.line - 1][key.at.column - 1 + width :]
        return not rest.lstrip().startswith(":")


def find_directive(text: str, file: str) -> Finding | None:
    """Return an error for a directive (`%YAML 1.1`, `%TAG`): the manifest's YAML is 1.2."""
    ends = [number for number, line in enumerate(text.split("\n"), 1) if _END.match(line)]
    if len(ends) > 1:
        return Finding(
            "M106",
            Severity.ERROR,
            "`...` ends a document a second time here.",
            Position(file, ends[1]),
            advice="Remove the line.",
        )
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith("%") and line.split("#")[0].split() != ["%YAML", "1.2"]:
            return Finding(
                "M101",
                Severity.ERROR,
                "A line that begins with % is a directive, and a manifest has none.",
                Position(file, number),
                advice="Remove the line.",
            )
        if line.strip() and not line.startswith(("#", "%")):
            return None
    return None


def explain_syntax(error: YAMLError, text: str, file: str) -> Finding:
    """Return the parser's error as a finding in plain words, with the line that would be right."""
    if not isinstance(error, MarkedYAMLError):
        return Finding("M101", Severity.ERROR, "The file is not YAML.", Position(file, 1))
    mark = error.problem_mark or error.context_mark
    problem, context = str(error.problem or ""), str(error.context or "")
    lines = text.split("\n")
    line_index = min(mark.line, len(lines) - 1) if mark is not None else 0
    column = mark.column if mark is not None else 0
    line = lines[line_index]
    at = Position(file, line_index + 1, column + 1)
    if "quoted scalar" in context and "end of stream" in problem and error.context_mark:
        opened = error.context_mark
        at = Position(file, opened.line + 1, opened.column + 1)
        return _syntax("A quote opened here is never closed.", at, "")
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return _syntax(
            "This line is indented with a tab; YAML takes only blanks.",
            Position(file, line_index + 1),
            "Replace the tab by blanks.",
        )
    corrected = _corrected(lines, line_index, error)
    if "mapping values" in problem:
        message = "There is a second `: ` in this line, which YAML cannot place."
    elif "cannot start any token" in problem:
        message = f"Text cannot begin with `{line[column : column + 1]}` without quotes."
    elif "did not find expected ',' or" in problem or "expected ',' or" in problem:
        message = "A `{` or `[` opened before is not closed, or a comma is missing."
        if "${" in line[: column + 1]:
            corrected = "Text with a variable needs quotes inside `{…}`."
    elif "escape character" in problem or "hexdecimal" in problem or "hexadecimal" in problem:
        message = "A backslash in double quotes begins an escape, and this is none."
        corrected = corrected or "Write \\\\ for a backslash, or use single quotes."
    elif "could not find expected ':'" in problem:
        message = "This line is neither `key: value` nor the rest of a text."
        if (begun := error.context_mark) is not None:
            at = Position(file, begun.line + 1, begun.column + 1)
    elif "block end" in problem or "block mapping" in context or "block collection" in context:
        message = "This line does not fit the ones before it: its indentation, or a quote."
    else:
        message = f"This is not YAML: {problem or 'it cannot be read'}."
    return _syntax(message, at, corrected)


def _syntax(message: str, at: Position, advice: str) -> Finding:
    return Finding("M101", Severity.ERROR, message, at, advice=advice)


def _corrected(lines: Sequence[str], index: int, error: MarkedYAMLError) -> str:
    """Return the line with its text in quotes, when that is what it takes."""
    candidates = [index]
    if error.context_mark is not None and error.context_mark.line != index:
        candidates.append(min(error.context_mark.line, len(lines) - 1))
    for number in candidates:
        line = lines[number]
        entry = _ENTRY.match(line)
        if entry and not entry[3].startswith(("'", '"', "|", ">", "{")):
            return f"Write {_shortened(f'{entry[2]}: {double_quoted(entry[3].rstrip())}')}."
        item = _ITEM.match(line)
        if item and not entry and not item[2].startswith(("'", '"', "|", ">", "{")):
            return f"Write {_shortened(f'- {double_quoted(item[2].rstrip())}')}."
    return ""


def _shortened(text: str) -> str:
    """Return a text fit for a message."""
    return text if len(text) <= 160 else f"{text[:157]}…"
