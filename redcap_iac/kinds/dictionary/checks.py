"""What REDCap refuses in a dictionary, and what it takes but nobody means.

An error is what an import was seen to refuse, what REDCap documents as impossible, or what the
manifest itself contradicts. What only the knowledge base calls wrong is a warning: real projects
hold it. Names are looked at here; cells, matrices, logic and hints in the modules beside.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from redcap_iac.findings import Findings
from redcap_iac.kinds.dictionary import cell_checks, hint_checks, logic_checks, matrix_checks
from redcap_iac.kinds.dictionary.field import TYPES, Field
from redcap_iac.kinds.kind import encoded
from redcap_iac.suggestions import did_you_mean

_NAME = re.compile(r"[a-z][a-z0-9_]*")
#: The longest name a database column of REDCap holds (documented by one source).
LONGEST_NAME = 100
#: Names of types in project files, which a dictionary does not take (recorded).
_LEGACY = {"select": "dropdown", "textarea": "notes"}
#: Columns of an export that are no fields (inferred; no list is published).
_SYSTEM = frozenset(
    {
        "redcap_event_name",
        "redcap_repeat_instrument",
        "redcap_repeat_instance",
        "redcap_data_access_group",
        "redcap_survey_identifier",
        "redcap_survey_timestamp",
    }
)


def check(fields: Sequence[Field], findings: Findings, *, whole: bool = True) -> None:
    """Find everything in a dictionary that stands for a whole project.

    Of one that is declared in part (`whole` False) what may hang on other fields is not judged.
    """
    if not fields and not whole:
        return
    if not fields:
        findings.error(
            "M200", "No field is declared.",
            advice="A REDCap project always has at least its record-id field.",
        )  # fmt: skip
        return
    forms = _forms(fields, findings)
    _names(fields, forms, findings)
    if whole:
        _record_id(fields[0], findings)
    for field in fields:
        cell_checks.check(field, findings)
    matrix_checks.check(fields, findings)
    if whole:
        logic_checks.check(fields, forms, findings)
    hint_checks.check(fields, findings)


def _forms(fields: Sequence[Field], findings: Findings) -> frozenset[str]:
    """Return the names of all instruments; each must be one run of fields (recorded)."""
    ended: set[str] = set()
    current = ""
    for field in fields:
        if not field.form_name:
            findings.error(
                "M203", f"Field {field.field_name} belongs to no instrument.",
                field.place("form_name"), address=_address(field),
            )  # fmt: skip
            continue
        if field.form_name == current:
            continue
        if field.form_name in ended:
            findings.error(
                "M204", f"The fields of instrument {field.form_name} are not together: "
                f"{field.field_name} stands behind another instrument.",
                field.place("form_name"), address=_address(field),
                advice="REDCap wants all fields of an instrument in one block.",
            )  # fmt: skip
        else:
            _form_name(field, findings)
        ended.add(current)
        current = field.form_name
    return frozenset(field.form_name for field in fields)


def _form_name(field: Field, findings: Findings) -> None:
    name = field.form_name
    if not _NAME.fullmatch(name):
        findings.error(
            "M202", f"{name} cannot be the name of an instrument.", field.place("form_name"),
            address=f"instrument/{encoded(name)}", advice=_name_advice(name),
        )  # fmt: skip
    elif len(name) > LONGEST_NAME:
        findings.error(
            "M211", f"The name of instrument {name} is longer than {LONGEST_NAME} characters.",
            field.place("form_name"), address=f"instrument/{encoded(name)}",
        )  # fmt: skip


def _names(fields: Sequence[Field], forms: frozenset[str], findings: Findings) -> None:
    seen: dict[str, Field] = {}
    reserved = {f"{form}_complete" for form in forms}
    for field in fields:
        name, at, address = field.field_name, field.place("field_name"), _address(field)
        first = seen.setdefault(name, field)
        if first is not field and name:
            where = f", first at {first.at}" if first.at else ""
            findings.error(
                "M201", f"Field {name} is there twice{where}.", at, address=address,
                advice="A name is used once in a project, whatever the instrument.",
            )  # fmt: skip
        if not _NAME.fullmatch(name):
            findings.error(
                "M202",
                f"{name} cannot be the name of a field." if name else "A field has no name.",
                at, address=address, advice=_name_advice(name),
            )  # fmt: skip
        elif len(name) > LONGEST_NAME:
            findings.error(
                "M211", f"The name of field {name} is longer than {LONGEST_NAME} characters.", at,
                address=address,
            )  # fmt: skip
        elif name in _SYSTEM:
            findings.error(
                "M210", f"{name} is a name REDCap keeps for itself.", at, address=address
            )
        elif name in reserved:
            findings.error(
                "M210", f"REDCap makes {name} itself, as the status of the instrument.", at,
                address=address, advice="Remove the field; every instrument has a status.",
            )  # fmt: skip
        _type(field, findings)


def _name_advice(name: str) -> str:
    rule = "Names are lower case letters, digits and underscores, and begin with a letter."
    fixed = re.sub(r"[^a-z0-9_]", "", re.sub(r"[\s-]+", "_", name.strip().lower()))
    fixed = fixed.lstrip("0123456789_")
    return f"{rule} For example: {fixed}" if _NAME.fullmatch(fixed) else rule


def _type(field: Field, findings: Findings) -> None:
    if field.field_type in TYPES:
        return
    word = field.field_type.strip().lower()
    shown = f": {field.field_type} is no field type" if field.field_type else " has no field type"
    findings.error(
        "M205",
        f"Field {field.field_name}{shown}.",
        field.place("field_type"),
        address=_address(field),
        advice=did_you_mean(_LEGACY.get(word, word), sorted(TYPES))
        or f"REDCap knows {', '.join(sorted(TYPES))}.",
    )


def _record_id(field: Field, findings: Findings) -> None:
    if field.field_type != "text" and field.field_type in TYPES:
        findings.error(
            "M206", f"The first field, {field.field_name}, holds the record's name and must be of "
            f"type text, not {field.field_type}.", field.place("field_type"),
            address=_address(field),
        )  # fmt: skip


def _address(field: Field) -> str:
    return f"field/{encoded(field.field_name)}"
