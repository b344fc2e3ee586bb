"""`renamed_from` and `recode` against a live project: what is done, what needs values copied.

REDCap has no call that renames a field or an instrument: an import with the new name deletes the
old one (inferred from the full replacement, which is recorded), and a code that goes leaves the
values stored under it behind. Copying values is beyond this version, so a hint that asks for it
stops the plan: it is never dropped, and never followed in half.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from redcap_iac.findings import Findings, Position
from redcap_iac.kinds.dictionary import choices
from redcap_iac.kinds.dictionary.field import CHOICE_TYPES, CHOICES, IMPLICIT_TYPES, Field
from redcap_iac.kinds.kind import encoded

_IMPLICIT_CODES = frozenset({"0", "1"})


def foresee(desired: Sequence[Field], live: Sequence[Field], findings: Findings) -> None:
    """Find the hints of fields that this plan could only follow by copying values."""
    there = {field.field_name: field for field in live}
    for field in desired:
        name, at = field.field_name, field.at
        if field.renamed_from:
            refuse_rename("field", name, field.renamed_from, there, at, findings)
        if field.recode:
            _foresee_recode(field, there.get(name), findings)


def refuse_rename(
    noun: str,
    new: str,
    old: str,
    live: Collection[str] | Mapping[str, object],
    at: Position | None,
    findings: Findings,
) -> None:
    """Refuse a rename that is not done yet; `noun` is `field` or `instrument`.

    Old gone and new there is done; neither there is a plain creation: both are fine.
    """
    address = f"{noun}/{encoded(new)}"
    if old not in live:
        return
    if new in live:
        findings.error(
            "M224",
            f"{noun.capitalize()} {new} is renamed from {old}, but REDCap has both.",
            at,
            address=address,
            advice=f"Remove `renamed_from`. Without it {old} goes, with all it holds, unless it is"
            " declared as well.",
        )
        return
    kept = "its values" if noun == "field" else "its form status, designations and surveys"
    findings.error(
        "H151",
        f"{noun.capitalize()} {old} is to be renamed to {new}: the API cannot rename it, and"
        f" copying {kept} is not part of this version.",
        at,
        address=address,
        advice="Rename it on REDCap's own page, then plan again. Without `renamed_from` the old"
        " one is deleted with all it holds.",
    )


def _foresee_recode(field: Field, live: Field | None, findings: Findings) -> None:
    """Refuse codes to be recoded that the live field still has, or may hold."""
    if live is None:
        return  # a field that is not there holds nothing
    codes = _codes(live)
    for old, new in field.recode:
        if codes is not None and old not in codes:
            continue
        held = f"has the choice {old}" if codes is not None else f"is of type {live.field_type}"
        findings.error(
            "H151",
            f"Field {field.field_name} is to be recoded from {old} to {new}: in REDCap it still"
            f" {held}, and rewriting stored values is not part of this version.",
            field.at,
            address=f"choice/{encoded(field.field_name)}/{encoded(old)}",
            advice="Keep the old choice, or rewrite the values in REDCap, remove the choice"
            " there, then plan again.",
        )


def _codes(live: Field) -> Collection[str] | None:
    """Return the codes a live field knows; None when its values need not be codes."""
    if live.field_type in CHOICE_TYPES:
        return {code for code, _ in choices.parsed(getattr(live, CHOICES))}
    return _IMPLICIT_CODES if live.field_type in IMPLICIT_TYPES else None
