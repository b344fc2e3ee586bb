"""Data Access Groups and user roles of a project file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from redcap_iac.calls import Key, Made
from redcap_iac.findings import Findings, Position
from redcap_iac.formats.project_xml.elements import REDCAP, Element
from redcap_iac.formats.project_xml.words import RIGHTS
from redcap_iac.kinds import grants
from redcap_iac.kinds.dags import Dag
from redcap_iac.kinds.people import dag_address, role_address, told_apart
from redcap_iac.kinds.rights import BY_NAME
from redcap_iac.kinds.roles.role import Role

_LEVEL = re.compile(r"\[([a-z0-9_]+),([0-9]{1,4})\]", re.ASCII)
_WHOLE = re.compile(r"[0-9]{0,4}", re.ASCII)


def read_dags(variables: Element, file: str) -> tuple[Dag, ...]:
    """Return the groups: names alone, REDCap makes their unique names anew (recorded)."""
    return tuple(
        Dag(name, Made(dag_address(name.strip())), at=Position(file, element.line))
        for element in variables.deep()
        if element.name == f"{REDCAP} DataAccessGroups"
        if (name := element.get("group_name")).strip()
    )


def read_roles(
    variables: Element, forms: Sequence[str], file: str, findings: Findings
) -> tuple[Role, ...]:
    """Return the roles, from the newer of the two groups where there are both (recorded)."""
    elements = [*_of(variables, "UserRoles2")] or [*_of(variables, "UserRoles")]
    pairs = [_names(element, number) for number, element in enumerate(elements)]
    handles = told_apart((str(key), label) for key, label, _ in pairs)
    roles = []
    for element, (key, label, unique) in zip(elements, pairs, strict=True):
        at = Position(file, element.line)
        wrong = [name for name in _columns(element) if not _is_number(element, name)]
        if wrong:
            findings.error("C105", f'The right {wrong[0]} of the role "{label}" is no number.', at)
            continue
        granted = grants.read(_row(element, forms))
        handle = handles[key] if unique else label
        roles.append(Role(label, unique or Made(key), granted, handle, at=at))
    return tuple(roles)


def _of(variables: Element, name: str) -> Iterator[Element]:
    return (one for one in variables.deep() if one.name == f"{REDCAP} {name}")


def _names(element: Element, number: int) -> tuple[str, str, Key]:
    """Return a key, the label, and the unique name, "" where the file has none."""
    label = element.get("role_name").strip()
    unique = element.get("unique_role_name").strip()
    return unique or role_address(f"{label}" if label else f"role {number}"), label, unique


def _columns(element: Element) -> Iterator[str]:
    return (name for name in element.attributes if RIGHTS.get(name, name) in BY_NAME)


def _is_number(element: Element, name: str) -> bool:
    return _WHOLE.fullmatch(element.get(name).strip()) is not None


def _row(element: Element, forms: Sequence[str]) -> Mapping[str, str | Mapping[str, str | int]]:
    """Return a role as Export User Roles would show it.

    Files up to 11.3 have one export right for all instruments (recorded).
    """
    row: dict[str, str | Mapping[str, str | int]] = {
        RIGHTS.get(name, name): element.get(name).strip() for name in _columns(element)
    }
    entry = dict(_LEVEL.findall(element.get("data_entry")))
    row["forms"] = {form: entry.get(form, "0") for form in forms}
    if "data_export_instruments" in element.attributes:
        exports = dict(_LEVEL.findall(element.get("data_export_instruments")))
        row["forms_export"] = {form: exports.get(form, "0") for form in forms}
    else:
        whole = element.get("data_export_tool").strip() or "0"
        row["forms_export"] = dict.fromkeys(forms, whole)
    return row
