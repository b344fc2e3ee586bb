"""One aspect of a change as people read it: before → after, or what differs inside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.text import Text

from redcap_iac.changes import Aspect, Value
from redcap_iac.views.printable import printable, shortened, told
from redcap_iac.views.words import abridged, are_alike, runs

ADDED, CHANGED, REMOVED = "green", "yellow", "red"
#: Longer texts are shown word by word when they are alike.
_SHORT = 24
#: Letters shown of one text in a difference.
_MOST = 600
#: Aspects whose pairs are written as REDCap writes them, `code, label`; others are `name: level`.
_CODED = frozenset({"choices", "slider labels"})

Pairs = Sequence[tuple[str, str]]


def lines(aspect: Aspect) -> tuple[Text, ...]:
    """Return an aspect's difference as lines, each still to be wrapped."""
    before, after = aspect.before, aspect.after
    if isinstance(before, str) and isinstance(after, str):
        return (_texts(before, after),)
    old, new = _pairs(before), _pairs(after)
    if old is None or new is None:
        return (_arrow(value_text(before, aspect.name), value_text(after, aspect.name)),)
    return tuple(_pairs_lines(old, new, coded=aspect.name in _CODED))


def value_text(value: Value, name: str) -> str:
    """Return a whole value on one line."""
    if isinstance(value, str):
        return shortened(told(value), _MOST) if value else "(none)"
    joint = ", " if name in _CODED else ": "
    between = " | " if name in _CODED else ", "
    pairs = between.join(f"{printable(one)}{joint}{printable(two)}" for one, two in value)
    return shortened(pairs, _MOST)


def _pairs(value: Value) -> Pairs | None:
    """Return the pairs of a value, None when it is a text or a name is there twice."""
    if isinstance(value, str):
        return None if value else ()
    return value if len({name for name, _ in value}) == len(value) else None


def _texts(before: str, after: str) -> Text:
    long = max(len(before), len(after)) > _SHORT
    if before and after and long and are_alike(before, after):
        return _words(before, after)
    return _arrow(value_text(before, ""), value_text(after, ""))


def _arrow(before: str, after: str) -> Text:
    return Text.assemble((before, REMOVED), " → ", (after, ADDED))


def _words(before: str, after: str) -> Text:
    text = Text()
    for how, run in abridged(runs(before, after)):
        shown = shortened(printable(run), _MOST)
        if how == "=":
            text.append(shown)
            continue
        sign, style = ("+", ADDED) if how == "+" else ("-", REMOVED)
        bare = shown.strip() or shown  # the blanks of a phrase stand outside the marks
        start = shown.index(bare)
        text.append(shown[:start])
        text.append(f"{{{sign}{bare}{sign}}}", style)
        text.append(shown[start + len(bare) :])
    text.rstrip()
    return text


def _pairs_lines(old: Pairs, new: Pairs, *, coded: bool) -> Iterator[Text]:
    was, will = dict(old), dict(new)
    joint = ", " if coded else ": "
    for name, value in new:
        if name not in was:
            yield Text(f"+ {printable(name)}{_level(value, joint)}", ADDED)
        elif was[name] != value:
            changed = _one(was[name], value, coded=coded)
            yield Text.assemble(("~ ", CHANGED), f"{printable(name)}{joint}", changed)
    for name, value in old:
        if name not in will:
            yield Text(f"- {printable(name)}{_level(value, joint)}", REMOVED)
    stayed = [name for name, _ in old if name in will]
    order = [name for name, _ in new if name in was]
    if coded and stayed != order:
        shown = ", ".join(printable(name) for name in order)
        yield Text.assemble(("~ ", CHANGED), shortened(f"order: {shown}", _MOST))


def _level(value: str, joint: str) -> str:
    """Return what stands behind a name: nothing for a right that is simply granted."""
    granted = joint == ": " and value == "true"
    return "" if granted else f"{joint}{printable(value)}"


def _one(before: str, after: str, *, coded: bool) -> Text:
    """Return how one label or level changes; labels word by word, whatever their length."""
    if coded and before and after and are_alike(before, after):
        return _words(before, after)
    return _arrow(value_text(before, ""), value_text(after, ""))
