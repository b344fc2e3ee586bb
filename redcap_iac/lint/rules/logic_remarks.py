"""What the rules on logic share: mistakes of a design worked out once, and how sites are named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from redcap_iac.design import Design, Purpose, Site
from redcap_iac.design.vocabulary import DesignVocabulary
from redcap_iac.lint.rule import Found
from redcap_iac.lint.settings import Settings
from redcap_iac.logic import Expression
from redcap_iac.logic.tree import Call, walk
from redcap_iac.logic.types_checking import mistakes
from redcap_iac.logic.types_mistakes import Mistake, Remark
from redcap_iac.logic.verdicts import Decided, decided

#: The purposes whose text is an expression; the others show a value.
EXPRESSIONS = frozenset(Purpose) - {Purpose.PIPING, Purpose.EMBEDDING}
#: The purposes that compute a value.
COMPUTING = frozenset({Purpose.CALCULATION, Purpose.CALCTEXT, Purpose.CALCDATE})
#: What people call the columns an expression may stand in.
_COLUMNS = {
    "section_header": "section header",
    "field_label": "label",
    "field_note": "note",
    "select_choices_or_calculations": "choices",
    "text_validation_min": "minimum",
    "text_validation_max": "maximum",
    "field_annotation": "annotation",
}


@dataclass(frozen=True, slots=True)
class Judged:
    """One expression with its mistakes; `decided` are its conditions without an open end.

    An expression with mistakes is not asked for verdicts: they would say the same again.
    """

    site: Site
    remarks: tuple[Remark, ...]
    decided: tuple[Decided, ...]


def expressions(design: Design) -> Iterator[Site]:
    """Yield every site that holds an expression which can be read."""
    for site in design.sites:
        if site.purpose in EXPRESSIONS and site.tree is not None and site.field is not None:
            yield site


@lru_cache(maxsize=2)
def judged(design: Design, missing: tuple[str, ...] = ()) -> tuple[Judged, ...]:
    """Return every expression of a design with what is wrong with it.

    `missing` are missing data codes beside those the design knows of.
    """
    return tuple(_judged(design, missing))


@lru_cache(maxsize=2)
def vocabulary(design: Design, missing: tuple[str, ...] = ()) -> DesignVocabulary:
    """Return what the names of a design mean."""
    return DesignVocabulary(design, missing)


def missing_codes(settings: Settings) -> tuple[str, ...]:
    """Return the missing data codes the manifest tells lint: no call of the API can set them."""
    return settings.list("missing_data_codes", ())


def _judged(design: Design, missing: tuple[str, ...]) -> Iterator[Judged]:
    words = vocabulary(design, missing)
    for site in expressions(design):
        if site.tree is None:
            continue
        remarks = mistakes(site.tree, words)
        plain = () if remarks else _decisions(site, words)
        if remarks or plain:
            yield Judged(site, remarks, plain)


def _decisions(
    site: Site, words: DesignVocabulary, *, within_limits: bool = False
) -> tuple[Decided, ...]:
    trees = () if site.tree is None else conditions(site.tree, site.purpose)
    return tuple(one for tree in trees for one in decided(tree, words, within_limits=within_limits))


def outside_limits(design: Design, settings: Settings) -> Iterator[Judged]:
    """Yield expressions with conditions that are decided only while numbers keep their limits."""
    words = vocabulary(design, missing_codes(settings))
    known = {id(one.site) for one in judged(design, missing_codes(settings))}
    for site in expressions(design):
        if id(site) not in known and (found := _decisions(site, words, within_limits=True)):
            yield Judged(site, (), found)


def conditions(tree: Expression, purpose: Purpose) -> Iterator[Expression]:
    """Yield what decides: the expression itself unless it computes, and the conditions of if()."""
    if purpose not in COMPUTING:
        yield tree
    for node in walk(tree):
        if isinstance(node, Call) and node.name.lower() == "if" and len(node.arguments) == 3:
            yield node.arguments[0]


def mistaken(
    design: Design, settings: Settings, *asked: Mistake, inside: frozenset[Purpose] = EXPRESSIONS
) -> Iterator[Found]:
    """Yield what is found of some kinds of mistake: one finding for a site and kind."""
    for one in judged(design, missing_codes(settings)):
        if one.site.purpose not in inside:
            continue
        for mistake in asked:
            remarks = [remark for remark in one.remarks if remark.mistake is mistake]
            if remarks:
                more = f", and {len(remarks) - 1} more alike" if len(remarks) > 1 else ""
                yield at_site(one.site, f"{remarks[0].message}{more}", remarks[0].advice)


def at_site(site: Site, clause: str, advice: str = "") -> Found:
    """Return what is found at a site; the message is its subject and the clause."""
    return Found(site.address, f"{subject(site)} {clause}.", site.at, advice)


def subject(site: Site) -> str:
    """Return what a site is in words: `The branching logic of age`, `The label of age`."""
    what = site.purpose.value
    if site.tag is not None and site.purpose not in EXPRESSIONS:
        what = f"@{site.tag.name}"
    elif site.purpose not in EXPRESSIONS:
        what = _COLUMNS.get(site.column, site.column.replace("_", " "))
    whose = site.field.field_name if site.field is not None else site.address
    return f"The {what} of {whose}"
