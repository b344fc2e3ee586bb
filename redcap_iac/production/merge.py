"""A colleague's draft and ours, merged: what either changed since the live dictionary, kept.

An upload replaces the whole draft, so what is in it already has to be in the file. Base is the
live dictionary, theirs the draft as REDCap downloads it, ours the dictionary that is wanted. What
means the same is no change, and keeps the text of the draft.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from redcap_iac.findings import Finding, Findings, Position
from redcap_iac.kinds.dictionary import checks
from redcap_iac.kinds.dictionary.field import CHOICES, COLUMNS, VALIDATION, Field
from redcap_iac.kinds.dictionary.normal import merged as keeping_text
from redcap_iac.kinds.kind import encoded

#: What a type gives its meaning to: who changes one of them and who changes another do not agree.
_TYPED = frozenset(
    {"field_type", CHOICES, VALIDATION, "text_validation_min", "text_validation_max"}
)


@dataclass(frozen=True, slots=True)
class Merge:
    """The merged dictionary, and where the two sides contradict each other (empty: nowhere)."""

    fields: tuple[Field, ...]
    conflicts: tuple[Finding, ...]


def merge(base: Sequence[Field], theirs: Sequence[Field], ours: Sequence[Field]) -> Merge:
    """Merge three dictionaries; conflicts name the rows of both files."""
    found = Findings()
    live, draft, wanted = _by_name(base), _by_name(theirs), _by_name(ours)
    rows: dict[str, Field] = {}
    for name in {**draft, **wanted, **live}:
        row = _row(name, live.get(name), draft.get(name), wanted.get(name), found)
        if row is not None:
            rows[name] = row
    order = _order(list(live), list(draft), list(wanted), found)
    fields = _together(rows[name] for name in order if name in rows)
    if not found.all():
        _check(fields, theirs, ours, found)
    return Merge(fields, found.all())


def _by_name(fields: Iterable[Field]) -> dict[str, Field]:
    return {field.field_name: field for field in fields}


def _row(
    name: str, base: Field | None, theirs: Field | None, ours: Field | None, found: Findings
) -> Field | None:
    if theirs is None and ours is None:
        return None
    if base is None:
        return _added(name, theirs, ours, found)
    if ours is None:
        assert theirs is not None
        if changed := _changed(base, theirs):
            _refuse(name, f"you remove it, the draft changes {_said(changed)}", theirs, None, found)
        return None
    if theirs is None:
        if changed := _changed(base, ours):
            _refuse(name, f"the draft removes it, you change {_said(changed)}", None, ours, found)
        return None
    return _both(base, theirs, ours, found)


def _added(name: str, theirs: Field | None, ours: Field | None, found: Findings) -> Field | None:
    if theirs is None or ours is None:
        return theirs or ours
    if differing := _changed(theirs, ours):
        reason = f"both add it, with another {_said(differing)}"
        _refuse(name, reason, theirs, ours, found)
    return theirs


def _both(base: Field, theirs: Field, ours: Field, found: Findings) -> Field:
    """Return the row that has the changes of both."""
    by_them, by_us = _changed(base, theirs), _changed(base, ours)
    agreed = {column for column in by_us if column not in _changed(theirs, ours)}
    quarrel = (by_them & by_us) - agreed
    if "field_type" in (by_them | by_us) - agreed and by_them & _TYPED and by_us & _TYPED:
        quarrel |= ((by_them | by_us) & _TYPED) - agreed
    for column in (one for one in COLUMNS if one in quarrel):
        _refuse_cell(base, theirs, ours, column, found)
    row = theirs.row()
    row.update({column: getattr(ours, column) for column in by_us - agreed})
    return Field.of(row, ours.at)


def _changed(before: Field, after: Field) -> set[str]:
    """Return the columns that mean something else, whatever their text."""
    row = keeping_text(before, after)
    return {column for column in COLUMNS if row[column] != getattr(before, column)}


def _refuse_cell(base: Field, theirs: Field, ours: Field, column: str, found: Findings) -> None:
    values = (getattr(field, column) or "nothing" for field in (base, theirs, ours))
    live, draft, wanted = (" ".join(value.split()) for value in values)
    found.error(
        "H141",
        f"{base.field_name}, {column}: live has {_cut(live)}, the draft{_place(theirs, column)}"
        f" {_cut(draft)}, you want {_cut(wanted)}.",
        ours.place(column),
        address=f"field/{encoded(base.field_name)}",
        advice=_AGREE,
    )


_AGREE = "Agree with whoever drafted it: change the draft in REDCap or the manifest."


def _refuse(
    name: str, reason: str, theirs: Field | None, ours: Field | None, found: Findings
) -> None:
    place = "" if theirs is None else _place(theirs, "field_name").strip(" ()")
    at = ours.at if ours is not None else None if theirs is None else theirs.at
    found.error(
        "H141", f"{name}: {reason}{place and f' ({place})'}.", at,
        address=f"field/{encoded(name)}", advice=_AGREE,
    )  # fmt: skip


def _place(field: Field, column: str) -> str:
    """Return ` (draft.csv:12)`."""
    at: Position | None = field.place(column)
    return "" if at is None else f" ({at.file}:{at.line})"


def _said(columns: Iterable[str]) -> str:
    wanted = set(columns)
    return ", ".join(column for column in COLUMNS if column in wanted)


def _cut(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:80]}…"


# order


def _order(
    base: Sequence[str], theirs: Sequence[str], ours: Sequence[str], found: Findings
) -> list[str]:
    """Return the names of all three in the order of whoever moved fields; both: a conflict."""
    common = set(base) & set(theirs) & set(ours)
    was, draft, wanted = ([name for name in one if name in common] for one in (base, theirs, ours))
    if wanted in (was, draft):
        return _inserted(theirs, ours)
    if draft == was:
        return _inserted(ours, theirs)
    found.error(
        "H141",
        "Both the draft and the manifest put existing fields into another order, and not the same.",
        address="field",
        advice=_AGREE,
    )
    return _inserted(theirs, ours)


def _inserted(kept: Sequence[str], added: Sequence[str]) -> list[str]:
    """Return one order with the names only the other has, each behind its neighbour there."""
    result = list(kept)
    known = set(kept)
    previous = ""
    for name in added:
        if name not in known:
            place = result.index(previous) + 1 if previous else 0
            result.insert(place, name)
            known.add(name)
        previous = name
    return result


def _together(fields: Iterable[Field]) -> tuple[Field, ...]:
    """Return fields with those of an instrument together, as a dictionary must have them."""
    forms: dict[str, list[Field]] = {}
    for field in fields:
        forms.setdefault(field.form_name, []).append(field)
    return tuple(field for form in forms.values() for field in form)


def _check(
    fields: tuple[Field, ...], theirs: Sequence[Field], ours: Sequence[Field], found: Findings
) -> None:
    """Find what only the two together make wrong: logic of one that names what the other removed.

    What is wrong on one side alone is that side's business: the draft's was taken by REDCap.
    """
    known = {error.message for side in (theirs, ours) for error in _errors(side)}
    for error in _errors(fields):
        if error.message not in known:
            found.add(error)


def _errors(fields: Sequence[Field]) -> tuple[Finding, ...]:
    judged = Findings()
    checks.check(tuple(fields), judged)
    return judged.errors()
