"""What is wrong with an expression, in the words of someone who builds a REDCap project."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape

from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from redcap_iac.logic.errors import LogicError

#: What a parser for values alone would take for two operators, as (before, here): what is meant.
_MISSPELT_PAIRS = {
    ("=", "<"): "<=",
    ("=", ">"): ">=",
    (">", "<"): "<>",
    ("<", ">"): "<>",
    ("!", "="): "<>",
    ("*", "*"): "^",
}
_MISSPELT = {
    "&": "and", "|": "or", "–": "-", "—": "-", "−": "-", "×": "*", "÷": "/", "≤": "<=",
    "≥": ">=", "≠": "<>", "∧": "and", "∨": "or", "¬": "not",
}  # fmt: skip
_FOREIGN_QUOTES = "“”„‟‘’‚‛`´«»"
_PIECE = re.compile(
    r"""\[[^\[\]]*\] | //[^\r\n]* | \#[^\r\n]* | /\*.*?\*/ | [()]
    | "(?:[^"\\]|\\.|"")*" | '(?:[^'\\]|\\.|'')*'""",
    re.DOTALL | re.VERBOSE,
)
_OPERATOR_AT_END = re.compile(r"(?:\b(?:and|or|not)|&&|\|\||[<>=!]+|[-+*/^,(])\Z", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:lt|gt|le|ge|ne|amp|quot|apos|nbsp|#x?[0-9a-f]+);", re.IGNORECASE)
_EMBEDDED = re.compile(r"\{\w+(?::icons)?\}")
_WORD = re.compile(r"\w+")
_LONGEST_SHOWN = 30


@dataclass(frozen=True, slots=True)
class _Trouble:
    """Where reading stopped: at an offset, at `found` ("" at the end), awaiting a value or not."""

    text: str
    offset: int
    found: str
    awaits_value: bool
    awaits_parenthesis: bool

    @property
    def before(self) -> str:
        """What stands before, without blanks at its end."""
        return self.text[: self.offset].rstrip()

    @property
    def shown(self) -> str:
        """What stands here, for a message."""
        long = len(self.found) > _LONGEST_SHOWN
        return repr(self.found[:_LONGEST_SHOWN] + "…" if long else self.found)


Answer = tuple[str, int]


def explained(error: UnexpectedInput, text: str) -> LogicError:
    """Return what lark says as a LogicError with a reason and the place of the mistake."""
    trouble = _trouble(error, text)
    for asked in _QUESTIONS:
        answer = asked(trouble)
        if answer is not None:
            return LogicError(*answer, text)
    kind = "a value" if trouble.awaits_value else _joint(trouble)
    return LogicError(f"{kind} should stand before {trouble.shown}", trouble.offset, text)


def _trouble(error: UnexpectedInput, text: str) -> _Trouble:
    if isinstance(error, UnexpectedToken):
        at_end = error.token.type == "$END"
        offset = len(text) if at_end else error.token.start_pos or 0
        found, expected = "" if at_end else str(error.token), set(error.expected)
    else:
        offset = min(error.pos_in_stream or 0, len(text))
        found = text[offset : offset + 1]
        allowed = error.allowed if isinstance(error, UnexpectedCharacters) else None
        expected = set(allowed or ())
    return _Trouble(text, offset, found, "BRACKETS" in expected, expected == {"OPEN"})


def _joint(trouble: _Trouble) -> str:
    """Name what may stand between two values here."""
    is_call = any(is_call for _, is_call in _unclosed(trouble)[-1:])
    return "a comma or an operator" if is_call else "an operator"


def _unclosed(trouble: _Trouble) -> list[tuple[int, bool]]:
    """Return the parentheses open here, outer first, and whether each is a function's."""
    open_ones: list[tuple[int, bool]] = []
    for piece in _PIECE.finditer(trouble.text, 0, trouble.offset):
        if piece[0] == "(":
            word = _word_before(trouble.text, piece.start())
            is_call = word != "" and word.lower() not in ("and", "or", "not")
            open_ones.append((piece.start(), is_call))
        elif piece[0] == ")" and open_ones:
            open_ones.pop()
    return open_ones


def _word_before(text: str, end: int) -> str:
    while end > 0 and text[end - 1].isspace():
        end -= 1
    start = end
    while start > 0 and (text[start - 1].isalnum() or text[start - 1] == "_"):
        start -= 1
    return text[start:end]


def _misspelt(trouble: _Trouble) -> Answer | None:
    here = trouble.text[trouble.offset : trouble.offset + 1]
    before = trouble.before
    meant = _MISSPELT_PAIRS.get((before[-1:], here)) if trouble.awaits_value else None
    if meant is not None:
        start = len(before) - 1
        return f"{trouble.text[start : trouble.offset + 1]!r} is written {meant!r}", start
    entity = _ENTITY.match(trouble.text, trouble.offset)
    if entity is not None:
        meant = unescape(entity[0]).strip()
        instead = f"here it is {meant}" if meant else "leave it out"
        return f"{entity[0]} is how a web page writes a character; {instead}", trouble.offset
    if here in _MISSPELT and not trouble.awaits_parenthesis:
        return f"{here!r} is written {_MISSPELT[here]!r}", trouble.offset
    if here == "%":
        return "there is no operator '%'; a remainder is mod(a, b)", trouble.offset
    return None


def _quotation(trouble: _Trouble) -> Answer | None:
    here = trouble.text[trouble.offset : trouble.offset + 1]
    if here in ("'", '"') and len(trouble.found) == 1:
        return f"the quotation mark {here} is never closed", trouble.offset
    if here and here in _FOREIGN_QUOTES:
        return f"{here} is not a quotation mark here; use ' or \"", trouble.offset
    quote = trouble.text[trouble.offset - 1 : trouble.offset]
    if quote and quote in "'\"" and here.isalpha():
        return f"the text ends at {quote} before {trouble.shown}", trouble.offset - 1
    return None


def _bracket(trouble: _Trouble) -> Answer | None:
    if trouble.found == "[":
        return "the bracket [ is never closed", trouble.offset
    if trouble.found == "]":
        return "']' closes no bracket", trouble.offset
    embedded = _EMBEDDED.match(trouble.text, trouble.offset)
    if embedded is not None:
        name = embedded[0].strip("{}").partition(":")[0]
        return f"{embedded[0]} shows a field in a label; logic names it [{name}]", trouble.offset
    if trouble.found.startswith("[") and not trouble.awaits_value:
        last = trouble.before.rpartition("[")[2]
        if re.fullmatch(r"[\w-]+\]", last):
            hint = "an event and its field touch, as in [event][field]"
            return f"{_joint(trouble)} should stand before {trouble.shown}; {hint}", trouble.offset
    return None


def _bare_word(trouble: _Trouble) -> Answer | None:
    if not trouble.awaits_parenthesis:
        return None
    word = _word_before(trouble.text, trouble.offset)
    start = len(trouble.before) - len(word)
    return f"{word!r} is neither a function nor text in quotation marks", start


def _end(trouble: _Trouble) -> Answer | None:
    if trouble.offset < len(trouble.text):
        return None
    if trouble.awaits_value:
        last = _OPERATOR_AT_END.search(trouble.before, max(0, len(trouble.before) - 3))
        after = "at the end" if last is None else f"after {last[0]!r}"
        return f"a value should stand {after}", trouble.offset
    unclosed = _unclosed(trouble)
    if not unclosed:
        return None
    start, is_call = unclosed[-1]
    name = _word_before(trouble.text, start) if is_call else ""
    return f"the parenthesis {name}( is never closed", start


def _parenthesis(trouble: _Trouble) -> Answer | None:
    if trouble.found == ")" and not _unclosed(trouble):
        return "')' closes no parenthesis", trouble.offset
    return None


def _comma(trouble: _Trouble) -> Answer | None:
    if trouble.found != "," or trouble.awaits_value:
        return None
    if any(is_call for _, is_call in _unclosed(trouble)[-1:]):
        return None
    after = _WORD.match(trouble.text, trouble.offset + 1)
    before = _word_before(trouble.text, trouble.offset)
    if before.isdigit() and after is not None and after[0].isdigit():
        number = f"{before}.{after[0]}"
        return f"decimals are written with a point, as in {number}", trouble.offset
    return "a comma stands only between what a function is given", trouble.offset


_QUESTIONS: tuple[Callable[[_Trouble], Answer | None], ...] = (
    _bare_word, _misspelt, _quotation, _bracket, _end, _parenthesis, _comma,
)  # fmt: skip
