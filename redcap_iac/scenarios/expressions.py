"""The expressions of a design that a page evaluates, by the field they belong to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from redcap_iac.design import Design, Purpose, Site
from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.logic import miscounted_arguments, unknown_functions
from redcap_iac.logic.action_tags import Tag, action_tags

_COMPUTING = (Purpose.CALCTEXT, Purpose.CALCDATE)
_PLAYED = (Purpose.BRANCHING, Purpose.CALCULATION, Purpose.IF, *_COMPUTING)


@dataclass(frozen=True, slots=True)
class Formula:
    """What computes a field's value; `@CALCDATE` has three sites, the others one.

    `tag` is None for a calculated field.
    """

    purpose: Purpose
    sites: tuple[Site, ...]
    tag: Tag | None = None

    @property
    def text(self) -> str:
        """The formula as it is written, without its tag."""
        return ", ".join(site.text for site in self.sites)

    @property
    def is_readable(self) -> bool:
        """Tell whether all of it can be evaluated."""
        needed = 3 if self.purpose is Purpose.CALCDATE else 1
        return len(self.sites) == needed and all(site.tree is not None for site in self.sites)


def written(field: Field) -> tuple[Tag, ...]:
    """Return the tags of an annotation that REDCap heeds: in lower case a tag does nothing (K)."""
    return heeded(action_tags(field.field_annotation))


def heeded(tags: tuple[Tag, ...]) -> tuple[Tag, ...]:
    """Return the tags that are written in upper case."""
    return tuple(tag for tag in tags if tag.written in ("", tag.name))


class Expressions:
    """The branching logic and the formulas of every field, worked out once for a design."""

    def __init__(self, design: Design) -> None:
        self._design = design

    @cached_property
    def sites(self) -> tuple[Site, ...]:
        """Every expression a page evaluates, in the order of the dictionary."""
        return tuple(site for site in self._design.sites if site.purpose in _PLAYED)

    @cached_property
    def _branching(self) -> Mapping[str, Site]:
        return {name: site for name, site in self._named() if site.purpose is Purpose.BRANCHING}

    @cached_property
    def _formulas(self) -> Mapping[str, tuple[Formula, ...]]:
        found: dict[str, dict[int, list[Site]]] = {}
        for name, site in self._named():
            if site.purpose is Purpose.CALCULATION or site.purpose in _COMPUTING:
                place = -1 if site.tag is None else site.tag.offset
                found.setdefault(name, {}).setdefault(place, []).append(site)
        return {
            name: tuple(
                Formula(sites[0].purpose, tuple(sites), sites[0].tag) for sites in by_tag.values()
            )
            for name, by_tag in found.items()
        }

    def _named(self) -> Iterator[tuple[str, Site]]:
        for site in self.sites:
            if site.field is not None:
                yield site.field.field_name.lower(), site

    def branching(self, field: Field) -> Site | None:
        """Return the branching logic of a field."""
        return self._branching.get(field.field_name.lower())

    @cached_property
    def _conditions(self) -> Mapping[tuple[str, int], Site]:
        named = ((name, site) for name, site in self._named() if site.purpose is Purpose.IF)
        return {(name, site.offset): site for name, site in named}

    def condition(self, field: Field, offset: int) -> Site | None:
        """Return the condition of an `@IF` of a field by its place in the annotation."""
        return self._conditions.get((field.field_name.lower(), offset))

    @cached_property
    def unread(self) -> tuple[Site, ...]:
        """The expressions that cannot be read or evaluated: they hold for nobody and give blank."""
        return tuple(
            site
            for site in self.sites
            if site.tree is None or unknown_functions(site.tree) or miscounted_arguments(site.tree)
        )

    def formula(self, field: Field, acting: tuple[Tag, ...]) -> Formula | None:
        """Return what computes a field, where the tags in `acting` act on it."""
        offsets = {-1, *(tag.offset for tag in acting)}
        for formula in self._formulas.get(field.field_name.lower(), ()):
            if (-1 if formula.tag is None else formula.tag.offset) in offsets:
                return formula
        return None

    def is_computed(self, field: Field) -> bool:
        """Tell whether nobody can type a field's value, on whatever page."""
        return self.formula(field, written(field)) is not None
