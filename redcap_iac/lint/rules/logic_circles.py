"""Fields that wait for themselves or for each other."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from redcap_iac.design import Design
from redcap_iac.design.dependencies import SHOWING, Dependency, cycles, dependencies
from redcap_iac.findings import Severity
from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.kinds.kind import encoded
from redcap_iac.lint.rule import Found, rule
from redcap_iac.lint.rules.logic_remarks import vocabulary
from redcap_iac.lint.settings import Settings
from redcap_iac.logic.action_tags import every_tag
from redcap_iac.logic.verdicts import Verdict, verdict, with_blanks

_MOST_NAMES = 8


@lru_cache(maxsize=2)
def edges(design: Design) -> tuple[Dependency, ...]:
    """Return which field reads which, worked out once."""
    return dependencies(design)


def way(names: tuple[str, ...]) -> str:
    """Return a circle in words: `a, which asks for b, which asks for a`."""
    shown = names if len(names) <= _MOST_NAMES else (*names[:_MOST_NAMES], "…")
    return ", which asks for ".join((*shown, names[0]))


def around(design: Design, names: tuple[str, ...], column: str, clause: str, advice: str) -> Found:
    """Return what is found of a circle, at its first field."""
    field = design.field(names[0])
    place = None if field is None else field.place(column)
    return Found(f"field/{encoded(names[0])}", f"{clause}.", place, advice)


@rule("LG009", Severity.WARNING)
def circle_of_branching(design: Design, _: Settings) -> Iterator[Found]:
    """Fields wait for each other to be shown, so that none of them ever is.

    Why: While they are hidden they are blank, and blank shows none of them. Fields that hide each
    other, so that only one can be answered, are no such circle.

    Bad:
        fields:
          a: {type: yesno, label: A, branching: "[b] = '1'"}
          b: {type: yesno, label: B, branching: "[a] = '1'"}

    Good:
        fields:
          a: {type: yesno, label: A}
          b: {type: yesno, label: B, branching: "[a] = '1'"}

    Instead: Let one of them depend on something outside the circle.
    """
    for names in cycles(edges(design), SHOWING):
        if len(names) > 1 and _never_starts(design, names):
            clause = f"The branching logic of {names[0]} goes in a circle: {way(names)}"
            advice = "Let one of them depend on something else."
            yield around(design, names, "branching_logic", clause, advice)


def _never_starts(design: Design, names: tuple[str, ...]) -> bool:
    """Tell whether blank in all fields of a circle shows none of them; some need no showing."""
    fields = [design.field(name) for name in names]
    if any(field is None or field.field_type == "calc" or _fills(field) for field in fields):
        return False
    trees = [
        site.tree
        for site in design.sites
        if site.purpose in SHOWING and site.field in fields and site.tree is not None
    ]
    members = frozenset(name.lower() for name in names)
    words = vocabulary(design)
    return all(verdict(with_blanks(tree, members), words) is Verdict.NEVER for tree in trees)


def _fills(field: Field) -> bool:
    return any(tag.name in ("CALCTEXT", "CALCDATE") for tag in every_tag(field.field_annotation))


@rule("LG010", Severity.WARNING)
def own_branching(design: Design, _: Settings) -> Iterator[Found]:
    """The branching logic of a field asks for the field itself.

    Why: While it is hidden it is blank, so that it cannot decide whether to show itself; once it
    shows, an answer may hide it again.

    Bad:
        fields:
          a: {type: yesno, label: A, branching: "[a] = '1'"}

    Good:
        fields:
          b: {type: yesno, label: B}
          a: {type: yesno, label: A, branching: "[b] = '1'"}

    Instead: Ask another field.
    """
    own = dict.fromkeys(
        edge.target
        for edge in edges(design)
        if edge.purpose in SHOWING and edge.is_here and edge.source == edge.target
    )
    for name in own:
        clause = f"The branching logic of {name} asks for {name} itself"
        yield around(design, (name,), "branching_logic", clause, "Ask another field.")
