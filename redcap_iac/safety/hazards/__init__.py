"""Hazards: what a plan could hurt, with code, address, numbers and the safe way out first.

Every module here is one family. It has `found(scene, counts)`, which yields hazards, and, where it
needs records counted, `questions(scene)`, which yields what is to be counted; both are pure. One
that judges the hazards of others has `tightened(findings, scene)`.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Protocol, cast

from redcap_iac.findings import Finding
from redcap_iac.hazard import UNKNOWN, Count
from redcap_iac.safety.scene import Question, Scene


class Counts:
    """Answers to questions; what was not asked or not answered is unknown, never zero."""

    def __init__(self, known: Mapping[Question, Count] | None = None) -> None:
        self._known = dict(known or {})

    def __getitem__(self, question: Question) -> Count:
        return self._known.get(question, UNKNOWN)


class Family(Protocol):
    """A module of this folder."""

    def found(self, scene: Scene, counts: Counts) -> Iterator[Finding]:
        """Yield the hazards of what differs."""


@cache
def families() -> tuple[Family, ...]:
    """Return every family, by name."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    modules = (importlib.import_module(f"{__name__}.{name}") for name in names)
    return tuple(cast("Family", module) for module in modules if hasattr(module, "found"))


def questions(scene: Scene) -> tuple[Question, ...]:
    """Return what has to be counted to say what this plan could hurt, each once."""
    asked = (
        question
        for family in families()
        if (ask := getattr(family, "questions", None)) is not None
        for question in ask(scene)
    )
    return tuple(dict.fromkeys(asked))


def foreseen(scene: Scene, counts: Counts) -> tuple[Finding, ...]:
    """Return the hazards of what differs, by code, then as their families tell them."""
    found = [finding for family in families() for finding in family.found(scene, counts)]
    for family in families():
        if (tighten := getattr(family, "tightened", None)) is not None:
            found = list(tighten(found, scene))
    return tuple(sorted(found, key=lambda finding: finding.code))
