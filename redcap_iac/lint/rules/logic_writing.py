"""How logic is written: what cannot be read, what is read otherwise than it looks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from redcap_iac.design import Design, Purpose, Site
from redcap_iac.edits import SetCell
from redcap_iac.findings import Severity
from redcap_iac.lint.rule import Found, rule
from redcap_iac.lint.rules.logic_remarks import COMPUTING, EXPRESSIONS, at_site, expressions
from redcap_iac.lint.settings import Settings
from redcap_iac.logic import Expression, LogicError, parse
from redcap_iac.logic.tree import Chain, Number, Reference, Step, children, ungrouped, walk
from redcap_iac.logic.types import literal
from redcap_iac.logic.types_mistakes import shown

_VALIDATED = frozenset({Purpose.BRANCHING, Purpose.CALCULATION})
_JOINTS = frozenset(("and", "or"))
#: Operators of other languages outside quotation marks and brackets, with REDCap's own.
_FOREIGN = re.compile(
    r"""(?P<skip>"[^"]*"|'[^']*'|\[[^\]]*\]|//[^\r\n]*|/\*.*?\*/)|(?P<found>===?|&&|\|\|)""",
    re.DOTALL,
)
_OWN = {"==": "=", "===": "=", "&&": " and ", "||": " or "}


@rule("LG006", Severity.WARNING)
def unreadable_tag(design: Design, _: Settings) -> Iterator[Found]:
    """The logic inside an action tag cannot be read.

    Why: REDCap does not check action tags when they are saved; the tag then does nothing, or the
    page shows an error. Branching logic and calculations are checked by `validate`.

    Bad:
        fields:
          a: {type: text, validation: number, label: A}
          b: {type: text, label: B, annotation: "@CALCTEXT(if([a] > , 'high', 'low'))"}

    Good:
        fields:
          a: {type: text, validation: number, label: A}
          b: {type: text, label: B, annotation: "@CALCTEXT(if([a] > 5, 'high', 'low'))"}

    Instead: Put right what the message names.
    """
    for site in design.sites:
        if site.error is not None and site.purpose in EXPRESSIONS - _VALIDATED:
            yield at_site(site, f"cannot be read: {site.error.message}")


@rule("LG007", Severity.WARNING, fixable=True)
def foreign_operator(design: Design, _: Settings) -> Iterator[Found]:
    """Logic is written with operators of another language.

    Why: REDCap documents `=`, `<>`, `and`, `or`. What it makes of `==`, `&&` and `||` differs
    between the page and the server. `!=` is read as `<>` everywhere and let pass.

    Bad:
        fields:
          a: {type: yesno, label: A}
          b: {type: text, label: B, branching: "[a] == '1' && [a] <> ''"}

    Good:
        fields:
          a: {type: yesno, label: A}
          b: {type: text, label: B, branching: "[a] = '1' and [a] <> ''"}

    Instead: Write `=`, `and`, `or`.
    """
    for site in expressions(design):
        found = [one["found"] for one in _FOREIGN.finditer(site.text) if one["found"]]
        if found:
            meant = ", ".join(f"{_OWN[one].strip()} for {one}" for one in dict.fromkeys(found))
            clause = f"is written with {', '.join(dict.fromkeys(found))}"
            base = at_site(site, clause, f"Write {meant}.")
            yield Found(base.address, base.message, base.at, base.advice, _rewritten(site))


def _rewritten(site: Site) -> tuple[SetCell, ...]:
    """Return the cell with REDCap's operators, where it surely means the same."""
    if site.field is None or site.purpose not in _VALIDATED:
        return ()
    text = _FOREIGN.sub(lambda one: one[0] if one["skip"] else _OWN[one["found"]], site.text)
    text = re.sub(r" +(and|or) +", r" \1 ", text)
    try:
        if parse(text) != site.tree:
            return ()
    except LogicError:
        return ()
    return (SetCell(site.field.field_name, site.column, text),)


@rule("LG011", Severity.NOTE)
def zero_or_blank(design: Design, _: Settings) -> Iterator[Found]:
    """A comparison with a bare 0 leaves open what happens while the field is blank.

    Why: Whether blank counts as 0 there differs between the page, the server and versions of
    REDCap, so that a field nobody has answered may or may not be shown.

    Bad:
        fields:
          falls: {type: text, validation: integer, label: Falls}
          why: {type: text, label: Why none?, branching: "[falls] = 0"}

    Good:
        fields:
          falls: {type: text, validation: integer, label: Falls}
          why: {type: text, label: Why none?, branching: "[falls] = '0' and [falls] <> ''"}

    Instead: Say what is meant for blank: `[x] = '0' and [x] <> ''`, or `[x] = '0' or [x] = ''`.
    """
    for site in expressions(design):
        if site.tree is None or site.purpose in COMPUTING:
            continue
        asked = _blank_asked(site.tree)
        bare = [one for one in _compared_with_zero(site.tree) if one not in asked]
        if bare:
            clause = f"compares {shown(bare[0])} with a bare 0 and does not say what blank means"
            yield at_site(site, clause, "Add `and … <> ''`, or `or … = ''`, whichever is meant.")


def _compared_with_zero(tree: Expression) -> Iterator[Expression]:
    for node in walk(tree):
        match ungrouped(node):
            case Chain(Reference() as one, (Step("=" | "<>" | "<=", Number("0")),)) if not one.code:
                yield one
            case Chain(Number("0"), (Step("=" | "<>" | ">=", Reference() as one),)) if not one.code:
                yield one


def _blank_asked(tree: Expression) -> set[Expression]:
    """Return the references whose being blank the expression asks for itself."""
    found: set[Expression] = set()
    for node in walk(tree):
        if isinstance(node, Chain) and any(literal(part) == "" for part in children(node)):
            found |= {one for one in walk(node) if isinstance(one, Reference)}
    return found


@rule("LG038", Severity.NOTE)
def and_beside_or(design: Design, _: Settings) -> Iterator[Found]:
    """Logic joins conditions with and beside or, without parentheses.

    Why: `and` binds tighter than `or`: `a or b and c` is `a or (b and c)`, which is often not what
    was meant.

    Bad:
        fields:
          a: {type: yesno, label: A}
          b: {type: yesno, label: B}
          c: {type: text, label: C, branching: "[a] = '1' or [b] = '1' and [a] <> ''"}

    Good:
        fields:
          a: {type: yesno, label: A}
          b: {type: yesno, label: B}
          c: {type: text, label: C, branching: "([a] = '1' or [b] = '1') and [a] <> ''"}

    Instead: Put parentheses around what belongs together.
    """
    for site in expressions(design):
        mixed = [node for node in walk(site.tree) if _is_mixed(node)] if site.tree else []
        if mixed:
            clause = f"joins with and beside or, without parentheses: {shown(mixed[0])}"
            yield at_site(site, clause, "Put parentheses around what belongs together.")


def _is_mixed(node: Expression) -> bool:
    if not isinstance(node, Chain) or node.steps[0].operator != "or":
        return False
    parts = (node.first, *(step.operand for step in node.steps))
    return any(isinstance(one, Chain) and one.steps[0].operator == "and" for one in parts)


@rule("LG039", Severity.NOTE)
def repeated_condition(design: Design, _: Settings) -> Iterator[Found]:
    """The same condition stands twice beside each other.

    Why: The second decides nothing; often another code or field was meant.

    Bad:
        fields:
          a: {type: radio, label: A, choices: {1: Some, 2: More, 3: Most}}
          b: {type: text, label: B, branching: "[a] = '1' or [a] = '2' or [a] = '1'"}

    Good:
        fields:
          a: {type: radio, label: A, choices: {1: Some, 2: More, 3: Most}}
          b: {type: text, label: B, branching: "[a] = '1' or [a] = '2' or [a] = '3'"}

    Instead: Take it out, or write what was meant.
    """
    for site in expressions(design):
        for node in walk(site.tree) if site.tree else ():
            twice = _twice(node)
            if twice is not None:
                clause = f"asks twice whether {shown(twice)}"
                yield at_site(site, clause, "Take one out, or write what was meant.")
                break


def _twice(node: Expression) -> Expression | None:
    if not isinstance(node, Chain) or node.steps[0].operator not in _JOINTS:
        return None
    seen: set[Expression] = set()
    for part in (node.first, *(step.operand for step in node.steps)):
        plain = ungrouped(part)
        if plain in seen:
            return plain
        seen.add(plain)
    return None


@rule("LG014", Severity.NOTE)
def specify_always_shown(design: Design, _: Settings) -> Iterator[Found]:
    """A text that specifies "other" is shown whatever is chosen before it.

    Why: It is there for one choice of the field before; shown always, it is filled in for others
    too, or left blank by those it is meant for.

    Bad:
        fields:
          drug: {type: radio, label: Drug, choices: {1: Aspirin, 2: Other}}
          drug_other: {type: text, label: "Which?"}

    Good:
        fields:
          drug: {type: radio, label: Drug, choices: {1: Aspirin, 2: Other}}
          drug_other: {type: text, label: "Which?", branching: "[drug] = '2'"}

    Instead: Show it for that choice alone.
    """
    for before, field in zip(design.fields, design.fields[1:], strict=False):
        match = _SPECIFY.fullmatch(field.field_name)
        if match is None or before.field_name != match["whole"] or field.branching_logic.strip():
            continue
        if field.field_type not in ("text", "notes") or field.form_name != before.form_name:
            continue
        other = [code for code, label in design.choices(before.field_name) or () if _OTHER(label)]
        if other and "@HIDDEN" not in field.field_annotation:
            asked = f"[{before.field_name}] = '{other[0]}'"
            if before.field_type == "checkbox":
                asked = f"[{before.field_name}({other[0]})] = '1'"
            yield Found(
                f"field/{field.field_name}",
                f"Field {field.field_name} specifies a choice of {before.field_name} but is shown"
                " whatever is chosen.",
                field.at,
                f"Show it for that choice: {asked}.",
            )


_SPECIFY = re.compile(r"(?P<whole>[a-z]\w*?)_*(oth|other|spec|specify|other_specify|oth_spec)")
_OTHER = re.compile(r"\W*other\b.*", re.IGNORECASE | re.DOTALL).fullmatch
