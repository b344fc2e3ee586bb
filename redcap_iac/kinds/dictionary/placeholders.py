"""Placeholders: fields that hold an instrument open while another one is renamed to it.

An instrument exists through its fields alone (recorded: it comes and goes with them), so one that
is to be there before its fields come, or after they went, holds a field that shows nothing and
keeps no value. Every plan knows a placeholder by name and type, and takes it away again.
"""

from __future__ import annotations

from collections.abc import Collection
from hashlib import sha256

from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.plan import PLACEHOLDER

_LABEL = "Holds this instrument open while one is renamed; redcap-iac takes it away again."
#: What is left of the longest name a field may have (100, documented by one source).
_LONGEST = 60


def placeholder(form: str, taken: Collection[str]) -> Field:
    """Return a placeholder for an instrument, under a name that nothing else has."""
    part = form if len(form) <= _LONGEST else f"{form[:48]}_{sha256(form.encode()).hexdigest()[:8]}"
    name = f"{PLACEHOLDER}{part}"
    number = 2
    while name in taken:
        name = f"{PLACEHOLDER}{part}_{number}"
        number += 1
    return Field(
        name, form, field_type="descriptive", field_label=_LABEL, field_annotation="@HIDDEN"
    )


def is_placeholder(field: Field) -> bool:
    """Tell whether a field is a placeholder: by its name, its type and what it says."""
    return (
        field.field_name.startswith(PLACEHOLDER)
        and field.field_type == "descriptive"
        and field.field_label == _LABEL
    )
