"""DAGs and user roles of a project file, both ways."""

from __future__ import annotations

import json
import re
import sqlite3
import xml.etree.ElementTree as ET
from collections.abc import Collection, Mapping, Sequence
from random import Random

from redcap_iac.emulator import names, right_columns
from redcap_iac.emulator.odm.document import refused
from redcap_iac.emulator.odm.project_variables import remember, remembered
from redcap_iac.emulator.odm.text import attributes
from redcap_iac.emulator.odm.vocabulary import redcap
from redcap_iac.emulator.versions import FORM_RIGHT_BITS, Version

#: Attributes of a role in the order of the files, with the API column each one is (documented);
#: blank is an attribute that the API does not have.
_ROLE: tuple[tuple[str, str], ...] = (
    ("lock_record", "lock_records"),
    ("lock_record_multiform", "lock_records_all_forms"),
    ("lock_record_customize", "lock_records_customization"),
    ("data_export_tool", ""),
    ("data_export_instruments", "forms_export"),
    ("data_import_tool", "data_import_tool"),
    ("data_comparison_tool", "data_comparison_tool"),
    ("data_logging", "logging"),
    ("email_logging", "email_logging"),
    ("file_repository", "file_repository"),
    ("double_data", ""),
    ("user_rights", "user_rights"),
    ("data_access_groups", "data_access_groups"),
    ("graphical", "stats_and_charts"),
    ("reports", "reports"),
    ("design", "design"),
    ("alerts", "alerts"),
    ("calendar", "calendar"),
    ("data_entry", "forms"),
    ("api_export", "api_export"),
    ("api_import", "api_import"),
    ("api_modules", "api_modules"),
    ("mobile_app", "mobile_app"),
    ("mobile_app_download_data", "mobile_app_download_data"),
    ("record_create", "record_create"),
    ("record_rename", "record_rename"),
    ("record_delete", "record_delete"),
    ("dts", ""),
    ("participants", "manage_survey_participants"),
    ("data_quality_design", "data_quality_create"),
    ("data_quality_execute", "data_quality_execute"),
    ("data_quality_resolution", "data_quality_resolution"),
    ("random_setup", "random_setup"),
    ("random_dashboard", "random_dashboard"),
    ("random_perform", "random_perform"),
    ("realtime_webservice_mapping", ""),
    ("realtime_webservice_adjudicate", ""),
    ("external_module_config", ""),
    ("mycap_participants", "mycap_participants"),
    ("mycap_configure_app", ""),
)
_BLANK = frozenset(("data_export_tool", "external_module_config"))
_LATE = {column.name: column.since for column in right_columns.RIGHTS}
_LEVEL = re.compile(r"\[([a-z0-9_]+),(\d+)\]")
_UNIQUE_NAME = re.compile(r"^U-[0-9A-Z]{10}$")


def create_dags(db: sqlite3.Connection, project_id: int, variables: ET.Element) -> dict[str, int]:
    """Create the DAGs of a file; return ids by unique name, which is made again (recorded)."""
    made: dict[str, int] = {}
    for element in variables.iter(redcap("DataAccessGroups")):
        name = element.get("group_name", "")
        unique_name = names.unique_dag_name(name, made)
        cursor = db.execute(
            "INSERT INTO dags (project_id, name, unique_name) VALUES (?, ?, ?)",
            (project_id, name, unique_name),
        )
        made[unique_name] = int(cursor.lastrowid or 0)
    return made


def dags_text(db: sqlite3.Connection, project_id: int) -> str:
    """Return the group of DAGs, blank without any; only the name is written (recorded)."""
    rows = db.execute("SELECT name FROM dags WHERE project_id = ? ORDER BY dag_id", (project_id,))
    inside = "".join(
        f"\t\t<redcap:DataAccessGroups{attributes([('group_name', row['name'])])}/>\n"
        for row in rows
    )
    return _group("DataAccessGroupsGroup", inside)


def create_roles(
    db: sqlite3.Connection,
    project_id: int,
    variables: ET.Element,
    forms: Collection[str],
    version: Version,
    chance: Random,
) -> None:
    """Create the roles of a file: UserRoles2 with its newer form rights, else UserRoles.

    A unique role name is kept where it is one and free: clones were seen with equal names, yet
    nothing documents it (inferred). Raises ApiFault 400 for a right that is no number.
    """
    elements = list(variables.iter(redcap("UserRoles2"))) or list(
        variables.iter(redcap("UserRoles"))
    )
    taken: list[str] = []
    beyond: dict[str, dict[str, str]] = {}
    for element in elements:
        name = element.get("unique_role_name", "")
        if not _UNIQUE_NAME.match(name) or name in taken:
            name = names.unique_role_name(chance, taken)
        taken.append(name)
        try:
            stored = _stored(element, forms, version)
        except ValueError:
            label = element.get("role_name", "")
            raise refused(f"a right of the user role {label!r} is not valid") from None
        db.execute(
            "INSERT INTO roles (project_id, label, unique_name, rights, forms, forms_export)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (project_id, element.get("role_name", ""), name, *map(json.dumps, stored)),
        )
        beyond[name] = {key: element.get(key, "") for key, column in _ROLE if not column}
    remember(db, project_id, "roles", beyond)


def _stored(
    element: ET.Element, forms: Collection[str], version: Version
) -> tuple[dict[str, int], dict[str, int], dict[str, int]]:
    rights = right_columns.no_rights(version)
    for column in right_columns.RIGHTS:
        attribute = next(key for key, name in _ROLE if name == column.name)
        if column.name in rights:
            level = int(element.get(attribute) or 0)
            rights[column.name] = _checked(min(level, max(column.levels(version))))
    entry = _levels(element.get("data_entry", ""))
    code = right_columns.form_code
    entries = {form: code(version, entry.get(form, right_columns.NO_ACCESS)) for form in forms}
    if element.get("data_export_instruments") is None:
        # before rights per form there was one for all of them (recorded in files up to 11.3)
        everything = _export_level(int(element.get("data_export_tool") or 0))
        return rights, entries, dict.fromkeys(forms, everything)
    export = _levels(element.get("data_export_instruments", ""))
    return rights, entries, {form: _export_level(export.get(form, 0)) for form in forms}


def _checked(level: int) -> int:
    if level < 0:
        raise ValueError(f"{level} is not a right")
    return level


def _export_level(level: int) -> int:
    if level not in right_columns.EXPORT_LEVELS:
        raise ValueError(f"{level} is not an export right")
    return level


def _levels(text: str) -> dict[str, int]:
    return {form: int(level) for form, level in _LEVEL.findall(text)}


def roles_texts(
    db: sqlite3.Connection, project_id: int, forms: Sequence[str], version: Version
) -> dict[str, str]:
    """Return UserRolesGroup, with the old form rights, and from 15.6 UserRoles2Group (recorded)."""
    rows = db.execute(
        "SELECT * FROM roles WHERE project_id = ? ORDER BY role_id", (project_id,)
    ).fetchall()
    kept = remembered(db, project_id, "roles")
    beyond: Mapping[str, Mapping[str, str]] = kept if isinstance(kept, dict) else {}
    old = Version(FORM_RIGHT_BITS.major, 0, 0)
    groups = {"UserRoles": old}
    if version >= FORM_RIGHT_BITS:
        groups["UserRoles2"] = version
    return {
        f"{name}Group": _group(
            f"{name}Group",
            "".join(
                f"\t\t<redcap:{name}{_role_attributes(row, beyond, forms, version, coding)}/>\n"
                for row in rows
            ),
        )
        for name, coding in groups.items()
    }


def _role_attributes(
    row: sqlite3.Row,
    beyond: Mapping[str, Mapping[str, str]],
    forms: Sequence[str],
    version: Version,
    coding: Version,
) -> str:
    rights = json.loads(row["rights"])
    entries, exports = json.loads(row["forms"]), json.loads(row["forms_export"])
    only_here = beyond.get(row["unique_name"], {})
    maps = {
        "forms": "".join(
            f"[{form},{right_columns.form_code(coding, entries.get(form, 0))}]" for form in forms
        ),
        "forms_export": "".join(f"[{form},{exports.get(form, 0)}]" for form in forms),
    }
    pairs = [("role_name", row["label"]), ("unique_role_name", row["unique_name"])]
    for attribute, column in _ROLE:
        if attribute == "data_export_tool":
            # the rights per form stand for it (recorded: blank wherever they are)
            pairs.append((attribute, ""))
        elif not column:
            default = "" if attribute in _BLANK else "0"
            pairs.append((attribute, only_here.get(attribute) or default))
        elif version >= _LATE.get(column, version):
            pairs.append((attribute, maps.get(column, str(rights.get(column, 0)))))
    return attributes(pairs)


def _group(name: str, inside: str) -> str:
    return f"<redcap:{name}>\n{inside}\t</redcap:{name}>" if inside else ""
