"""The order of a dictionary: instruments together, the record id first."""

from __future__ import annotations

from redcap_iac.kinds.dictionary.field import Field


def final(
    live: tuple[Field, ...], desired: tuple[Field, ...], kept: tuple[Field, ...]
) -> tuple[Field, ...]:
    """Return declared fields in their order, each instrument's kept ones behind its own.

    Instruments nobody declares follow at the end. A record-id field that is only kept stays the
    first field of the project, and its instrument the first: REDCap knows the record id by its
    place alone (documented).
    """
    if not kept:
        return desired
    first = tuple(field for field in kept if field.field_name == live[0].field_name)
    rest = tuple(field for field in kept if field not in first)
    forms: dict[str, list[Field]] = {}
    for field in (*first, *desired, *rest):
        forms.setdefault(field.form_name, []).append(field)
    return tuple(field for fields in forms.values() for field in fields)
