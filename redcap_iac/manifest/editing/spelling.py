"""Values → new YAML text in the style of what stands around it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeGuard

from redcap_iac.manifest.quoting import double_quoted, needs_escape, scalar
from redcap_iac.manifest.variables import escaped as escape

#: The longest line a flow map or list may make.
LIMIT = 100
#: YAML readers find a key on one line within 1,024 characters only; longer ones need `?`.
_LONGEST_KEY = 1000
_NOT_WORDS = frozenset(
    "true false yes no on off y n null".split()  # noqa: SIM905 - reads better
)
_SIGNS = frozenset(" _.-/()?;+=")


class Typed(str):
    """Text that is as it is to be typed: what is `${` in it asks for a variable."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Style:
    """How a file is written.

    `quote` is `"` or `'`; `always` quotes words that need none; `lenient` leaves sentences
    without quotes. `step` is how far a map stands in from its key, `list_step` a list.
    `flow` writes maps in braces where they fit.
    """

    quote: str = '"'
    always: bool = False
    lenient: bool = False
    step: int = 2
    list_step: int = 2
    flow: bool = False


@dataclass(frozen=True, slots=True)
class Spelled:
    """A value: what stands behind its key, and the lines below it."""

    inline: str
    lines: tuple[str, ...] = ()


def spell_key(key: str, quote: str) -> str:
    """Return another key for one that stands in these quotes, "" for none."""
    return spell_text(key, Style(quote or '"', always=bool(quote)))


def spell_text(text: str, style: Style) -> str:
    """Return text as a scalar on one line."""
    escaped = _as_typed(text)
    bare = scalar(escaped) == escaped
    if bare and not style.always:
        return escaped
    if style.lenient and _is_sentence(escaped):
        return escaped
    if style.quote == "'" and not needs_escape(escaped) and not {"\n", "\t"} & set(escaped):
        return "'" + escaped.replace("'", "''") + "'"
    return double_quoted(escaped)


def spell_scalar(value: object, style: Style) -> str:
    """Return a scalar on one line; text that is a flag or null for YAML is quoted."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return spell_text(value, style) if isinstance(value, str) else str(value)


def spell_flow(value: object, style: Style) -> str:
    """Return any value on one line, in braces and brackets."""
    if isinstance(value, Mapping):
        plain = Style(style.quote, step=style.step)
        inner = (f"{spell_text(str(k), plain)}: {spell_flow(v, style)}" for k, v in value.items())
        return "{" + ", ".join(inner) + "}"
    if is_list(value):
        return "[" + ", ".join(spell_flow(item, style) for item in value) + "]"
    narrow = Style(style.quote, always=style.always) if style.lenient else style
    return spell_scalar(value, narrow)


def spell(value: object, column: int, width: int, style: Style) -> Spelled:
    """Return a value of a key at `column`, behind `width` letters of its line."""
    if isinstance(value, Mapping) or is_list(value):
        if not value or _is_short(value) or (style.flow and isinstance(value, Mapping)):
            flow = spell_flow(value, style)
            if not value or (width + 1 + len(flow) <= LIMIT and "\\n" not in flow):
                return Spelled(flow)
        step = style.step if isinstance(value, Mapping) else style.list_step
        return Spelled("", tuple(block_lines(value, column + step, style)))
    if isinstance(value, str) and is_literal(value):
        indent = " " * (column + style.step)
        escaped = _as_typed(value).removesuffix("\n")
        lines = tuple(f"{indent}{line}" if line else "" for line in escaped.split("\n"))
        return Spelled("|" if value.endswith("\n") else "|-", lines)
    return Spelled(spell_scalar(value, style))


def block_lines(value: object, column: int, style: Style) -> Iterator[str]:
    """Yield the lines of a map or list that is not empty, in block style."""
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from entry_lines(str(key), part, column, style)
    elif is_list(value):
        for item in value:
            yield from item_lines(item, column, style)


def entry_lines(key: str, value: object, column: int, style: Style) -> Iterator[str]:
    """Yield the lines of one key of a map."""
    indent = " " * column
    name = spell_text(key, Style(style.quote))
    head = f"{indent}{name}:"
    if len(name) > _LONGEST_KEY:
        yield f"{indent}? {name}"
        head = f"{indent}:"
    spelled = spell(value, column, len(head), style)
    yield f"{head} {spelled.inline}".rstrip(" ")
    yield from spelled.lines


def item_lines(value: object, column: int, style: Style) -> Iterator[str]:
    """Yield the lines of one item of a list; what it holds begins on the line of its dash."""
    indent = " " * column
    spelled = spell(value, column, column + 1, style)
    if spelled.inline or not spelled.lines:
        yield f"{indent}- {spelled.inline}"
        yield from spelled.lines
        return
    first, *rest = block_lines(value, column + 2, style)
    yield f"{indent}- {first[column + 2 :]}"
    yield from rest


def _as_typed(text: str) -> str:
    return str(text) if isinstance(text, Typed) else escape(text)


def is_list(value: object) -> TypeGuard[Sequence[object]]:
    """Tell whether a value is a list."""
    return isinstance(value, Sequence) and not isinstance(value, str)


def is_literal(text: str) -> bool:
    """Tell whether a text reads back the same from a literal block: no blank at any edge."""
    if "\n" not in text or needs_escape(text) or "\t" in text or text.endswith("\n\n"):
        return False
    lines = text.removesuffix("\n").split("\n")
    return (
        bool(lines[0])
        and not lines[0].startswith(" ")
        and not any(line.endswith(" ") for line in lines)
    )


def _is_short(value: object) -> bool:
    """Tell whether a list is a few single words, which stand on one line."""
    if not is_list(value):
        return False
    return all(isinstance(item, str) and scalar(item) == item and "/" not in item for item in value)


def _is_sentence(text: str) -> bool:
    """Tell whether a text may stand without quotes wherever a plain one stands."""
    return (
        text[:1].isalpha()
        and text[-1:] != " "
        and text.lower() not in _NOT_WORDS
        and all(letter.isalnum() or letter in _SIGNS for letter in text)
        and " - " not in text
    )
