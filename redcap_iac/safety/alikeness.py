"""How much two fields look alike: points out of 100, and the best pairs one to one.

Points are given for what people keep when they rename a field:

- 45 for the label: shared groups of three letters, at most half when the numbers in it differ;
- 25 for the name: letters, shared parts, one inside the other, or initials (`dob`,
  `date_of_birth`); at most a third when the numbers in it differ (`item_1`, `item_2`);
- 20 for the kind of answer: 8 type, 4 validation, 8 choices or calculation;
- 10 for the place: 4 instrument, 3 each for the field before and the field behind.

From `ENOUGH` points on two fields look alike. So do two that stand in the very same place with the
same kind of answer, where that is a telling one (a validation, choices, a calculation), whatever
they are called. A label without letters tells nothing: its points
go to the name, which then has to be near. The measure was set against real dictionaries, so that
two fields of one file seldom reach it and a renamed field with its label nearly always does.
"""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from functools import lru_cache

from redcap_iac.kinds.dictionary import normal
from redcap_iac.kinds.dictionary.field import Field

ENOUGH = 60
_LABEL, _NAME, _TYPE, _VALIDATION, _CHOICES, _INSTRUMENT, _NEIGHBOUR = 45, 25, 8, 4, 8, 4, 3
#: Names less alike than this are not alike at all: any two words share some letters.
_LEAST_ALIKE = 0.6

_COLUMN_F = ("choices", "calculation", "slider labels", "sql", "ontology")
_WORD = re.compile(r"[^\W_]+")
_MARKUP = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, slots=True)
class Traits:
    """What is compared of a field: words, groups of three letters and numbers are its label's."""

    words: tuple[str, ...]
    groups: frozenset[str]
    numbers: tuple[str, ...]
    name: str
    parts: frozenset[str]
    initials: str
    letters: frozenset[str]
    name_numbers: tuple[str, ...]
    type: str
    validation: object
    column_f: tuple[object, ...]


@lru_cache(maxsize=65_536)
def traits(field: Field) -> Traits:
    """Return what is compared of a field."""
    words = tuple(_WORD.findall(_MARKUP.sub(" ", field.field_label).casefold()))
    groups = (f" {word} "[at : at + 3] for word in words for at in range(len(word)))
    name = field.field_name
    parts = tuple(part for part in name.split("_") if part)
    aspects = dict(normal.aspects(field))
    return Traits(
        words=words,
        groups=frozenset(groups),
        numbers=_numbers(" ".join(words)),
        name=name,
        parts=frozenset(parts),
        initials="".join(part[0] for part in parts),
        letters=frozenset(name),
        name_numbers=_numbers(name),
        type=field.field_type,
        validation=aspects.get("validation"),
        column_f=tuple(aspects.get(name) for name in _COLUMN_F),
    )


def _numbers(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\d+", text))


@dataclass(frozen=True, slots=True)
class Standing:
    """A field, and the names of the staying fields before and behind it ("" at the ends)."""

    field: Field
    before: str = ""
    behind: str = ""
    traits: Traits = dataclasses.field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "traits", traits(self.field))


@dataclass(frozen=True, slots=True)
class Pair:
    """Two fields that look alike, by their numbers in the lists compared, and their points."""

    old: int
    new: int
    points: float


@lru_cache(maxsize=8)  # asked once for what is to be counted, once for what is told
def pairs(old: tuple[Standing, ...], new: tuple[Standing, ...]) -> tuple[Pair, ...]:
    """Return the pairs that look alike, each field in one at most, the most alike first."""
    found = [
        Pair(number, other, points)
        for number, one in enumerate(old)
        for other, two in enumerate(new)
        if (points := alikeness(one, two)) >= ENOUGH
    ]
    taken_old: set[int] = set()
    taken_new: set[int] = set()
    chosen = []
    for pair in sorted(found, key=lambda pair: (-pair.points, pair.old, pair.new)):
        if pair.old not in taken_old and pair.new not in taken_new:
            taken_old.add(pair.old)
            taken_new.add(pair.new)
            chosen.append(pair)
    return tuple(chosen)


def alikeness(old: Standing, new: Standing) -> float:
    """Return 0 to 100 points; 0 also for what cannot reach `ENOUGH`."""
    if _is_in_its_place(old, new):
        return max(ENOUGH, _points(old, new))
    return _points(old, new)


def _points(old: Standing, new: Standing) -> float:
    one, two = old.traits, new.traits
    label = _label_likeness(one, two)
    for_name = _NAME if label is not None else _LABEL + _NAME
    points = _LABEL * (label or 0.0) + _answer(one, two) + _place(old, new)
    needed = (ENOUGH - points) / for_name
    if needed > 1:
        return 0.0
    return points + for_name * _name_likeness(one, two, needed)


def label_likeness(old: str, new: str) -> float | None:
    """Return 0 to 1, None when neither label holds a letter or digit."""
    one, two = (traits(Field("", "", field_label=label)) for label in (old, new))
    return _label_likeness(one, two)


def name_likeness(old: str, new: str) -> float:
    """Return 0 to 1 for two variable names."""
    return _name_likeness(traits(Field(old, "")), traits(Field(new, "")), 0.0)


def distance(one: str, two: str) -> int:
    """Return how many letters are put in, left out, replaced or swapped with their neighbour."""
    rows = [list(range(len(two) + 1))]
    for down, letter in enumerate(one, start=1):
        row = [down]
        for across, other in enumerate(two, start=1):
            best = min(
                rows[-1][across] + 1, row[across - 1] + 1, rows[-1][across - 1] + (letter != other)
            )
            swapped = down > 1 and across > 1 and letter == two[across - 2]
            if swapped and one[down - 2] == other:
                best = min(best, rows[-2][across - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]


def _label_likeness(one: Traits, two: Traits) -> float | None:
    if one.words == two.words:
        return 1.0 if one.words else None
    shared = len(one.groups & two.groups)
    if not shared:
        return 0.0
    likeness = 2 * shared / (len(one.groups) + len(two.groups))
    return likeness if one.numbers == two.numbers else min(likeness, 0.5)


def _name_likeness(one: Traits, two: Traits, needed: float) -> float:
    """Return 0 to 1; what is less than needed may be told as less than it is."""
    if one.name == two.name:
        return 1.0
    numbered = one.name_numbers != two.name_numbers
    if numbered and needed > 1 / 3:
        return 0.0
    likeness = max(_by_parts(one.parts, two.parts), _by_initials(one, two), _by_initials(two, one))
    likeness = max(likeness, _by_letters(one, two, max(likeness, needed, _LEAST_ALIKE)))
    if numbered:
        return min(likeness, 1 / 3)
    return likeness if likeness >= _LEAST_ALIKE else 0.0


def _by_letters(one: Traits, two: Traits, least: float) -> float:
    """Return how alike two names are letter by letter, 0 where that is less than `least`."""
    longest = max(len(one.name), len(two.name))
    most = (1 - least) * longest + 1e-9
    # every edit takes away one letter at most; comparing letter by letter is what takes time
    differing = max(len(one.letters - two.letters), len(two.letters - one.letters))
    if max(differing, abs(len(one.name) - len(two.name))) > most:
        return 0.0
    return 1 - distance(one.name, two.name) / longest


def _by_parts(one: frozenset[str], two: frozenset[str]) -> float:
    """Return how many parts are shared; all of the one inside the other is near at once."""
    shared = len(one & two)
    if not shared:
        return 0.0
    likeness = 2 * shared / (len(one) + len(two))
    return max(likeness, 0.8) if shared == min(len(one), len(two)) else likeness


def _by_initials(short: Traits, long: Traits) -> float:
    return 0.8 if len(long.initials) > 2 and short.name == long.initials else 0.0


def _answer(one: Traits, two: Traits) -> float:
    return (
        _TYPE * (one.type == two.type)
        + _VALIDATION * (one.validation == two.validation)
        + _CHOICES * (one.column_f == two.column_f)
    )


def _is_in_its_place(old: Standing, new: Standing) -> bool:
    """Tell whether the new field stands where the old one stood, with the same telling answer."""
    one, two = old.traits, new.traits
    return (
        (old.field.form_name, old.before, old.behind)
        == (new.field.form_name, new.before, new.behind)
        and (one.type, one.validation, one.column_f) == (two.type, two.validation, two.column_f)
        and bool(one.validation or any(one.column_f))
    )


def _place(old: Standing, new: Standing) -> float:
    return (
        _INSTRUMENT * (old.field.form_name == new.field.form_name)
        + _NEIGHBOUR * (old.before == new.before)
        + _NEIGHBOUR * (old.behind == new.behind)
    )
