"""Calculations: how they are built, and what their value depends on."""

from __future__ import annotations

import re
from collections.abc import Iterator

from redcap_iac.design import Design, Purpose, Site
from redcap_iac.design.dependencies import COMPUTING, chains, cycles
from redcap_iac.findings import Severity
from redcap_iac.kinds.kind import encoded
from redcap_iac.lint.rule import Found, rule
from redcap_iac.lint.rules.logic_circles import around, edges, way
from redcap_iac.lint.rules.logic_remarks import at_site, expressions
from redcap_iac.lint.settings import Settings
from redcap_iac.logic import Expression, Reference
from redcap_iac.logic.tree import Call, Chain, Group, Power, Prefix, Word, children, walk

_COLUMN = "select_choices_or_calculations"
_FORMULAS = frozenset({Purpose.CALCULATION})
_ROUNDING = frozenset(("round", "roundup", "rounddown"))
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'|\[[^\]]*\]")
_POWER = re.compile(r"(\)?)\s*\^\s*(\(?)")


def formulas(
    design: Design, purposes: frozenset[Purpose] = _FORMULAS
) -> Iterator[tuple[Site, Expression]]:
    """Yield calculations that can be read, with their trees."""
    for site in expressions(design):
        if site.purpose in purposes and site.tree is not None:
            yield site, site.tree


@rule("CA002", Severity.NOTE)
def clock_in_calculation(design: Design, _: Settings) -> Iterator[Found]:
    """A calculation asks for today's date or the time.

    Why: Its value changes each time a form is saved or data quality rule H runs, so that what was
    stored depends on when somebody last opened the form. It is no record of the visit.

    Bad:
        fields:
          born: {type: text, validation: date_ymd, label: Born}
          age: {type: calc, label: Age, calculation: "datediff([born], 'today', 'y')"}

    Good:
        fields:
          born: {type: text, validation: date_ymd, label: Born}
          seen: {type: text, validation: date_ymd, label: Seen}
          age: {type: calc, label: Age, calculation: "datediff([born], [seen], 'y')"}

    Instead: Count from a date that is entered and stays.
    """
    for site, tree in formulas(design, COMPUTING):
        words = {
            node.name if isinstance(node, Word) else text
            for node in walk(tree)
            if isinstance(node, Word) or (text := _clock_text(node))
            if not isinstance(node, Word) or node.name in ("today", "now")
        }
        if words:
            said = " and ".join(sorted(words))
            clause = f'asks for "{said}", so that its value changes from day to day'
            yield at_site(site, clause, "Count from a date that is entered and stays.")


def _clock_text(node: Expression) -> str:
    text = getattr(node, "value", "")
    return text.lower() if isinstance(text, str) and text.lower() in ("today", "now") else ""


@rule("CA003", Severity.NOTE)
def long_chain(design: Design, settings: Settings) -> Iterator[Found]:
    """A calculation hangs on a long chain of other calculations.

    Why: When an answer changes, every link must be worked out again, in order and often on several
    forms; one that is not opened keeps its old value until data quality rule H runs.

    Bad:
        fields:
          a: {type: text, validation: number, label: A}
          b: {type: calc, label: B, calculation: "[a] + 1"}
          c: {type: calc, label: C, calculation: "[b] + 1"}
          d: {type: calc, label: D, calculation: "[c] + 1"}
          e: {type: calc, label: E, calculation: "[d] + 1"}

    Good:
        fields:
          a: {type: text, validation: number, label: A}
          b: {type: calc, label: B, calculation: "[a] + 1"}
          e: {type: calc, label: E, calculation: "[a] + 4"}

    Instead: Work it out from the answers. The setting `calculation_chain` says how long a chain may
    be: 3.
    """
    most = settings.number("calculation_chain", 3)
    found = chains(edges(design), COMPUTING)
    inner = {name for names in found.values() for name in names[1:]}
    for target, names in found.items():
        field = design.field(target)
        # of a chain only its end is told, not every link that is too far along as well
        if len(names) > most and target not in inner and field is not None:
            yield Found(
                f"field/{encoded(target)}",
                f"The calculation of {target} hangs on {len(names) - 1} others in a row:"
                f" {', '.join(names[1:6])}{', …' if len(names) > 6 else ''}.",
                field.place(_COLUMN),
                "Work it out from the answers where that is possible.",
            )


@rule("CA005", Severity.WARNING)
def power_without_parentheses(design: Design, _: Settings) -> Iterator[Found]:
    """A power is written without parentheses around both of its sides.

    Why: REDCap documents `(a)^(b)` only; without them the page and the server may take another
    part of the formula for the base or the exponent.

    Bad:
        fields:
          kg: {type: text, validation: number, label: Weight}
          m: {type: text, validation: number, label: Height}
          bmi: {type: calc, label: BMI, calculation: "[kg] / [m]^2"}

    Good:
        fields:
          kg: {type: text, validation: number, label: Weight}
          m: {type: text, validation: number, label: Height}
          bmi: {type: calc, label: BMI, calculation: "[kg] / (([m])^(2))"}

    Instead: Write `([m])^(2)`.
    """
    for site, tree in formulas(design, COMPUTING):
        if not any(isinstance(node, Power) for node in walk(tree)):
            continue
        text = _QUOTED.sub("x", site.text)
        if any(not (one[1] and one[2]) for one in _POWER.finditer(text)):
            yield at_site(site, "writes a power without parentheses on both sides of ^",
                          "Write ([a])^(2).")  # fmt: skip


@rule("CA006", Severity.NOTE, profiles=frozenset())
def blank_makes_blank(design: Design, settings: Settings) -> Iterator[Found]:
    """A calculation adds many fields with +, so that one blank leaves it blank.

    Why: `[a] + [b]` is blank while either is; `sum([a], [b])` leaves blanks out. Which of them is
    right is a matter of the score, so that the rule is in no profile: choose it to see them.

    Bad:
        fields:
          a: {type: text, validation: integer, label: A}
          b: {type: text, validation: integer, label: B}
          c: {type: text, validation: integer, label: C}
          score: {type: calc, label: Score, calculation: "[a] + [b] + [c]"}

    Good:
        fields:
          a: {type: text, validation: integer, label: A}
          b: {type: text, validation: integer, label: B}
          c: {type: text, validation: integer, label: C}
          score: {type: calc, label: Score, calculation: "sum([a], [b], [c])"}

    Instead: Use `sum()` where blanks are to be left out. The setting `added_fields` says how many
    fields make many: 3.
    """
    least = settings.number("added_fields", 3)
    for site, tree in formulas(design):
        for node in walk(tree):
            if not isinstance(node, Chain) or any(step.operator != "+" for step in node.steps):
                continue
            added = [one for one in children(node) if isinstance(one, Reference) and not one.code]
            if len(added) >= least:
                clause = (
                    f"adds {len(added)} fields with +, so that it is blank while one of them is"
                )
                yield at_site(site, clause, "Use sum() where blanks are to be left out.")
                break


@rule("CA007", Severity.NOTE)
def deep_ifs(design: Design, settings: Settings) -> Iterator[Found]:
    """A calculation nests very many if().

    Why: Browsers stop at some depth, and nobody can check such a formula.

    Bad:
        fields:
          a: {type: text, validation: integer, label: A}
          b: {type: calc, label: B, calculation:
            "if([a]=1,2, if([a]=2,4, if([a]=3,6, if([a]=4,8, if([a]=5,10, if([a]=6,12,
            if([a]=7,14, if([a]=8,16, if([a]=9,18, if([a]=10,20, if([a]=11,22, if([a]=12,24,
            if([a]=13,26, if([a]=14,28, if([a]=15,30, if([a]=16,32, if([a]=17,34,
            if([a]=18,36, if([a]=19,38, if([a]=20,40, if([a]=21,42, 0)))))))))))))))))))))"}

    Good:
        fields:
          a: {type: text, validation: integer, label: A}
          b: {type: calc, label: B, calculation: "if([a] >= 1 and [a] <= 21, [a] * 2, 0)"}

    Instead: Ask for ranges, or split the formula. The setting `nested_ifs` says how many are let
    pass: 20.
    """
    most = settings.number("nested_ifs", 20)
    for site, tree in formulas(design, COMPUTING):
        depth = _ifs(tree)
        if depth > most:
            yield at_site(site, f"nests {depth} if() in each other", "Ask for ranges, or split it.")


def _ifs(tree: Expression) -> int:
    own = isinstance(tree, Call) and tree.name.lower() == "if"
    return own + max((_ifs(part) for part in children(tree)), default=0)


@rule("CA008", Severity.NOTE)
def unrounded_division(design: Design, _: Settings) -> Iterator[Found]:
    """A calculation divides and does not round.

    Why: The page and the server keep different numbers of decimals, so that data quality rule H
    finds the value wrong again and again.

    Bad:
        fields:
          kg: {type: text, validation: number, label: Weight}
          m: {type: text, validation: number, label: Height}
          bmi: {type: calc, label: BMI, calculation: "[kg] / ([m] * [m])"}

    Good:
        fields:
          kg: {type: text, validation: number, label: Weight}
          m: {type: text, validation: number, label: Height}
          bmi: {type: calc, label: BMI, calculation: "round([kg] / ([m] * [m]), 1)"}

    Instead: Put `round(…, decimals)` around it.
    """
    for site, tree in formulas(design):
        if any(_is_long(one) for one in _results(tree)):
            yield at_site(site, "divides without rounding", "Put round(…, decimals) around it.")


def _results(tree: Expression) -> Iterator[Expression]:
    """Yield what may become the value: the branches of `if`, not its condition."""
    match tree:
        case Group(inner):
            yield from _results(inner)
        case Call(name, (_, *branches)) if name.lower() == "if":
            for branch in branches:
                yield from _results(branch)
        case _:
            yield tree


def _is_long(tree: Expression) -> bool:
    """Tell whether a value may have any number of decimals: a division that nothing rounds."""
    match tree:
        case Call(name) if name.lower() in _ROUNDING:
            return False
        case Chain(_, steps) if any(step.operator == "/" for step in steps):
            return True
        case Chain() | Prefix() | Group() | Power():
            return any(_is_long(part) for part in children(tree))
        case _:
            return False


@rule("CA010", Severity.WARNING)
def circle_of_calculations(design: Design, _: Settings) -> Iterator[Found]:
    """Calculations feed each other in a circle, or one feeds itself.

    Why: Each new value asks for another: the page stays busy or stops at a value by chance, and
    what is stored depends on who saved last.

    Bad:
        fields:
          a: {type: calc, label: A, calculation: "[b] + 1"}
          b: {type: calc, label: B, calculation: "[a] + 1"}

    Good:
        fields:
          a: {type: text, validation: number, label: A}
          b: {type: calc, label: B, calculation: "[a] + 1"}

    Instead: Let one of them be entered, or worked out from answers alone.
    """
    for names in cycles(edges(design), COMPUTING):
        if len(names) == 1:
            clause = f"The calculation of {names[0]} asks for its own value"
        else:
            clause = f"The calculation of {names[0]} goes in a circle: {way(names)}"
        advice = "Let one of them be entered, or worked out from answers alone."
        yield around(design, names, _COLUMN, clause, advice)
