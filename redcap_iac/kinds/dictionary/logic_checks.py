"""Branching logic and calculations: what they refer to must be there.

An import whose branching logic names an unknown field is refused (recorded). An expression this
tool cannot read is only a warning: REDCap takes more than it documents.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from functools import lru_cache

from redcap_iac.findings import Findings
from redcap_iac.kinds.dictionary.field import CHOICES, Field
from redcap_iac.kinds.kind import encoded
from redcap_iac.logic import LogicError, parse, references
from redcap_iac.suggestions import did_you_mean

#: Finding the nearest of 10,000 names takes a tenth of a second: only the first few names get one.
_MOST_ADVICE = 20


@dataclass(frozen=True, slots=True)
class _Known:
    """Names that may be referred to, in lower case, and advice for those that may not."""

    names: Set[str]
    advice: dict[str, str] = field(default_factory=dict)

    def nearest(self, name: str) -> str:
        if name not in self.advice and len(self.advice) < _MOST_ADVICE:
            self.advice[name] = did_you_mean(name, self.names)
        return self.advice.get(name, "")


def check(fields: Sequence[Field], forms: Set[str], findings: Findings) -> None:
    """Find references to fields that are not declared, and expressions that cannot be read."""
    names = {one.field_name.lower() for one in fields}
    known = _Known(names | {f"{form}_complete" for form in forms})
    for one in fields:
        _expression(one, "branching_logic", known, findings)
        if one.field_type == "calc":
            _expression(one, CHOICES, known, findings)


def _expression(one: Field, column: str, known: _Known, findings: Findings) -> None:
    text: str = getattr(one, column)
    if not text.strip():
        return
    is_branching = column == "branching_logic"
    subject = f"The {'branching logic' if is_branching else 'calculation'} of {one.field_name}"
    address = f"field/{encoded(one.field_name)}"
    try:
        names = named_fields(text)
    except LogicError as error:
        findings.warning(
            "M214",
            f"{subject} cannot be read: {error}.",
            one.place(column),
            address=address,
            advice="REDCap may take it; check that it does what you mean.",
        )
        return
    for name in names:
        if name.lower() not in known.names:
            findings.error(
                "M212" if is_branching else "M213",
                f"{subject} names {name}, which is not a field.",
                one.place(column),
                address=address,
                advice=known.nearest(name),
            )


@lru_cache(maxsize=65_536)
def named_fields(text: str) -> tuple[str, ...]:
    """Return the fields an expression refers to, each once; raises LogicError."""
    return tuple(dict.fromkeys(reference.field for reference in references(parse(text))))
