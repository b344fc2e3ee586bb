"""`renamed_from` and `recode`: hints that contradict the dictionary they stand in."""

from __future__ import annotations

from collections.abc import Sequence

from redcap_iac.findings import Findings
from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.kinds.dictionary.hints import codes_of
from redcap_iac.kinds.kind import encoded


def check(fields: Sequence[Field], findings: Findings) -> None:
    """Find hints that cannot be followed, whatever the project holds."""
    names = {field.field_name for field in fields}
    taken: dict[str, str] = {}
    for field in fields:
        if field.renamed_from:
            _renamed(field, names, taken, findings)
        if field.recode:
            _recode(field, findings)


def _renamed(field: Field, names: set[str], taken: dict[str, str], findings: Findings) -> None:
    old, new = field.renamed_from, field.field_name
    if old == new:
        message = f"Field {new} is renamed from itself."
    elif old in names:
        message = f"Field {new} is renamed from {old}, which is still declared."
    elif old in taken:
        message = f"Fields {taken[old]} and {new} are both renamed from {old}."
    else:
        taken[old] = new
        return
    findings.error("M224", message, field.at, address=f"field/{encoded(new)}")


def _recode(field: Field, findings: Findings) -> None:
    known = codes_of(field)
    name, address = field.field_name, f"field/{encoded(field.field_name)}"
    if known is None:
        findings.error("M228", f"Field {name} has no choices to recode.", field.at, address=address)
        return
    codes = dict(known)
    for old, new in field.recode:
        if new not in codes:
            message = f"Field {name} recodes {old} to {new}, which is not one of its choices."
        elif old in codes:
            message = f"Field {name} recodes {old}, which is still one of its choices."
        else:
            continue
        findings.error("M228", message, field.at, address=address)
