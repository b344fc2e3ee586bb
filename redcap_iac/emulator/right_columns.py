"""The columns of rights that users and roles have, by version and by feature of the project."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from redcap_iac.emulator import design
from redcap_iac.emulator.versions import (
    API_MODULES,
    EMAIL_LOGGING,
    FORM_RIGHT_BITS,
    USER_RIGHTS_READ_ONLY,
    Version,
)

_ALWAYS = Version(0, 0, 0)
#: A 13.x user list lacks the column, later recordings have it (inferred: the end of 13.x).
_ALERTS = Version(13, 10, 0)
_MYCAP = Version(13, 0, 0)

MYCAP = "mycap"
RANDOMIZATION = "randomization"
DATA_RESOLUTION = "data resolution workflow"

#: What turns a feature on: a stored project attribute and the value it must reach.
_FEATURES: tuple[tuple[str, str, int], ...] = (
    (RANDOMIZATION, "randomization_enabled", 1),
    (MYCAP, "mycap_enabled", 1),
    # 1 is the field comment log, which brings no right of its own (knowledge base)
    (DATA_RESOLUTION, "data_resolution_enabled", 2),
)


@dataclass(frozen=True, slots=True)
class RightColumn:
    """One right: its column, the highest level it takes, and what it comes with.

    `creator` is the level a project's creator starts with (recorded for the rights at 0).
    """

    name: str
    highest: int = 1
    since: Version = _ALWAYS
    feature: str = ""
    creator: int = 1

    def exists(self, version: Version, features: frozenset[str]) -> bool:
        """Tell whether a server of this version shows the column in a project with `features`."""
        return version >= self.since and (not self.feature or self.feature in features)

    def levels(self, version: Version) -> range:
        """Return the levels the column takes; read-only User Rights came with 14.1.0 (recorded)."""
        if self.name == "user_rights" and version < USER_RIGHTS_READ_ONLY:
            return range(2)
        return range(self.highest + 1)


_RESOLUTION = RightColumn("data_quality_resolution", highest=5, feature=DATA_RESOLUTION)
_MYCAP_PARTICIPANTS = RightColumn("mycap_participants", since=_MYCAP, feature=MYCAP)

#: What both exports have in the same order, up to the lock columns (recorded).
_BEFORE_RESOLUTION: tuple[RightColumn, ...] = (
    RightColumn("design"),
    RightColumn("alerts", since=_ALERTS),
    RightColumn("user_rights", highest=2),
    RightColumn("data_access_groups"),
    RightColumn("reports"),
    RightColumn("stats_and_charts"),
    RightColumn("manage_survey_participants"),
    RightColumn("calendar"),
    RightColumn("data_import_tool"),
    RightColumn("data_comparison_tool"),
    RightColumn("logging"),
    RightColumn("email_logging", since=EMAIL_LOGGING),
    RightColumn("file_repository"),
    RightColumn("data_quality_create"),
    RightColumn("data_quality_execute"),
)
_AFTER_RESOLUTION: tuple[RightColumn, ...] = (
    RightColumn("api_export"),
    RightColumn("api_import"),
    RightColumn("api_modules", since=API_MODULES),
    RightColumn("mobile_app"),
    RightColumn("mobile_app_download_data"),
    RightColumn("record_create"),
    RightColumn("record_rename", creator=0),
    RightColumn("record_delete", creator=0),
)
_LOCKS: tuple[RightColumn, ...] = (
    RightColumn("lock_records_all_forms", creator=0),
    RightColumn("lock_records", highest=2, creator=0),
    RightColumn("lock_records_customization", creator=0),
)
_RANDOM: tuple[RightColumn, ...] = tuple(
    RightColumn(name, feature=RANDOMIZATION)
    for name in ("random_setup", "random_dashboard", "random_perform")
)

#: Every right, in the order of Export Users (recorded; the optional ones partly documented).
RIGHTS: tuple[RightColumn, ...] = (
    *_BEFORE_RESOLUTION,
    _RESOLUTION,
    *_AFTER_RESOLUTION,
    *_LOCKS,
    _MYCAP_PARTICIPANTS,
    *_RANDOM,
)
FORM_COLUMNS: tuple[str, ...] = ("forms", "forms_export")


def project_features(db: sqlite3.Connection, project_id: int) -> frozenset[str]:
    """Return the features of a project that bring right columns of their own."""
    settings = design.settings(db, project_id)
    return frozenset(
        feature
        for feature, attribute, least in _FEATURES
        if int(settings.get(attribute) or 0) >= least
    )


def user_columns(version: Version, features: frozenset[str]) -> tuple[str, ...]:
    """Return the right columns of Export Users, `forms` and `forms_export` last (recorded)."""
    return (*_shown(RIGHTS, version, features), *FORM_COLUMNS)


def role_columns(version: Version, features: frozenset[str]) -> tuple[str, ...]:
    """Return the right columns of Export User Roles.

    The lock columns stand in the reverse order of users, randomization after `forms_export`
    (recorded).
    """
    before = (
        *_BEFORE_RESOLUTION,
        *_AFTER_RESOLUTION,
        *reversed(_LOCKS),
        _MYCAP_PARTICIPANTS,
        _RESOLUTION,
    )
    return (
        *_shown(before, version, features),
        *FORM_COLUMNS,
        *_shown(_RANDOM, version, features),
    )


def _shown(
    columns: tuple[RightColumn, ...], version: Version, features: frozenset[str]
) -> tuple[str, ...]:
    return tuple(column.name for column in columns if column.exists(version, features))


def creator_rights(version: Version) -> dict[str, int]:
    """Return the rights a project's creator starts with: all but delete, rename, lock (recorded).

    Rights of features that are off are in it too, for the day the feature is turned on.
    """
    return {column.name: column.creator for column in RIGHTS if version >= column.since}


def no_rights(version: Version) -> dict[str, int]:
    """Return the rights of a user or role created without any."""
    return {column.name: 0 for column in RIGHTS if version >= column.since}


NO_ACCESS, VIEW_AND_EDIT, READ_ONLY, EDIT_SURVEY_RESPONSES = 0, 1, 2, 3

#: The old coding of form rights and the bits that replaced it in 15.6 (documented, recorded).
_BITS = {NO_ACCESS: 128, READ_ONLY: 129, VIEW_AND_EDIT: 130, EDIT_SURVEY_RESPONSES: 138}
#: The single bits (inferred from the six documented codes).
_NEW_CODING, _READ, _EDIT, _RESPONSES, _DELETE = 128, 1, 2, 8, 16
_ALL_BITS = _NEW_CODING | _READ | _EDIT | _RESPONSES | _DELETE

EXPORT_NONE, EXPORT_FULL = 0, 1
#: Levels of `forms_export`: none, full, de-identified, without identifiers (documented).
EXPORT_LEVELS = range(4)


def is_form_right(version: Version, level: int) -> bool:
    """Tell whether an import takes a form right: 0-3, from 15.6 the bits too (documented).

    Combinations of the bits beyond the six documented codes are taken as they are (inferred).
    """
    if level in _BITS:
        return True
    return (
        version >= FORM_RIGHT_BITS and bool(level & _NEW_CODING) and level | _ALL_BITS == _ALL_BITS
    )


def form_code(version: Version, legacy: int) -> int:
    """Return a form right, given in the legacy coding or in bits, in the coding of the version.

    Servers before 15.6 cannot say "delete", so that bit is lost there. Raises ValueError for a
    number that is no form right.
    """
    if not is_form_right(FORM_RIGHT_BITS, legacy):
        raise ValueError(f"{legacy} is not a form right")
    if version >= FORM_RIGHT_BITS:
        return _BITS.get(legacy, legacy)
    return legacy if legacy in _BITS else _legacy(legacy)


def _legacy(bits: int) -> int:
    if bits & _EDIT:
        return EDIT_SURVEY_RESPONSES if bits & _RESPONSES else VIEW_AND_EDIT
    return READ_ONLY if bits & _READ else NO_ACCESS


def no_access(version: Version) -> int:
    """Return the code of a form that may not be opened."""
    return form_code(version, NO_ACCESS)


def view_and_edit(version: Version) -> int:
    """Return the code of a form that may be viewed and edited, survey responses only viewed."""
    return form_code(version, VIEW_AND_EDIT)
