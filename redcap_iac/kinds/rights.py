"""Rights of users and roles: one table, and the codings of rights on instruments.

Our name of a right is REDCap's column. Levels are words; a value outside a table is kept as
`raw: N` and sent back as it came. Rights that a server does not export are not known to it.
"""

from __future__ import annotations

from dataclasses import dataclass

from redcap_iac.state import Version

#: The levels of a right that is there or not.
NOT_GRANTED, GRANTED = "false", "true"
NONE = "none"

_FLAG = (NOT_GRANTED, GRANTED)
_ALWAYS = Version(0, 0, 0)
_RAW = "raw: "


@dataclass(frozen=True, slots=True)
class Right:
    """One right: its name (REDCap's column), its label on REDCap's page, its levels by value.

    `levels` are in the order of REDCap's values 0, 1, 2 …; `since` is the first version that has
    the column, `later` a level that came later and with which version, `feature` what a project
    must have turned on to show it ("" is nothing).
    """

    name: str
    label: str
    levels: tuple[str, ...] = _FLAG
    since: Version = _ALWAYS
    feature: str = ""
    later: tuple[str, Version] | None = None

    @property
    def is_flag(self) -> bool:
        """Tell whether it is there or not, without levels of its own."""
        return self.levels is _FLAG

    def level(self, value: str) -> str:
        """Return the level of a value as exported; blank is the lowest."""
        if value == "":
            return self.levels[0]
        if value.isdecimal() and int(value) < len(self.levels):
            return self.levels[int(value)]
        return _RAW + value

    def value(self, level: str) -> str:
        """Return the value to send for a level: text, which every server takes (recorded)."""
        return raw_value(level) or str(self.levels.index(level))

    def read(self, written: str, flag: bool | None) -> str | None:
        """Return the level a manifest means by a flag or a word, None when there is no such level.

        For a right with levels `true` is the fullest and `false` none.
        """
        if flag is not None:
            return (GRANTED if flag else NOT_GRANTED) if self.is_flag else self._by_flag(flag)
        if raw_value(written):
            return self.level(raw_value(written))
        return written if written in self.levels and not self.is_flag else None

    def _by_flag(self, flag: bool) -> str | None:
        if not flag:
            return self.levels[0]
        return "full" if "full" in self.levels else None


#: Columns in the order of Export Users (recorded); labels as on the User Rights page (knowledge
#: base); first versions from client projects (recorded or documented, `api_modules` 14.0.3).
RIGHTS: tuple[Right, ...] = (
    Right("design", "Project Design and Setup"),
    Right("alerts", "Alerts & Notifications"),
    # 2 is read-only, since 14.1.0 (recorded)
    Right(
        "user_rights",
        "User Rights",
        (NONE, "full", "read_only"),
        later=("read_only", Version(14, 1, 0)),
    ),
    Right("data_access_groups", "Data Access Groups"),
    Right("reports", "Add/Edit/Organize Reports"),
    Right("stats_and_charts", "Stats & Charts"),
    Right("manage_survey_participants", "Survey Distribution Tools"),
    Right("calendar", "Calendar & Scheduling"),
    Right("data_import_tool", "Data Import Tool"),
    Right("data_comparison_tool", "Data Comparison Tool"),
    Right("logging", "Logging"),
    Right("email_logging", "Email Logging", since=Version(14, 4, 0)),
    Right("file_repository", "File Repository"),
    Right("data_quality_create", "Data Quality: create and edit rules"),
    Right("data_quality_execute", "Data Quality: execute rules"),
    # what each value stands for is not documented for the API, so that the values are the levels
    Right(
        "data_quality_resolution",
        "Data Resolution Workflow",
        (NONE, "1", "2", "3", "4", "5"),
        feature="the data resolution workflow",
    ),
    Right("api_export", "API Export"),
    Right("api_import", "API Import/Update"),
    Right("api_modules", "API for External Modules", since=Version(14, 0, 3)),
    Right("mobile_app", "REDCap Mobile App"),
    Right("mobile_app_download_data", "REDCap Mobile App: download data"),
    Right("record_create", "Create Records"),
    Right("record_rename", "Rename Records"),
    Right("record_delete", "Delete Records"),
    Right("lock_records_all_forms", "Lock/Unlock Entire Records"),
    # 2 is locking with e-signature (documented for project XML)
    Right("lock_records", "Record Locking", (NONE, "lock", "sign")),
    Right("lock_records_customization", "Record Locking Customization"),
    Right("mycap_participants", "MyCap Participants", since=Version(13, 0, 0), feature="MyCap"),
    Right("random_setup", "Randomization: setup", feature="randomization"),
    Right("random_dashboard", "Randomization: dashboard", feature="randomization"),
    Right("random_perform", "Randomization: randomize", feature="randomization"),
)

BY_NAME = {right.name: right for right in RIGHTS}

#: From here on rights on instruments are bits, and "delete" can be said (documented, recorded).
FORM_RIGHTS_IN_BITS = Version(15, 6, 0)

READ_ONLY, EDIT = "read_only", "edit"
#: What may be added to `edit`, in the order it is written.
EDIT_WITH = ("survey_responses", "delete")

#: Level → code before 15.6, which later servers still take (documented).
_LEGACY = {NONE: 0, READ_ONLY: 2, EDIT: 1, "edit, survey_responses": 3}
#: Level → code from 15.6 (documented; 128 marks the coding, 8 survey responses, 16 delete).
_BITS = {
    NONE: 128,
    READ_ONLY: 129,
    EDIT: 130,
    "edit, survey_responses": 138,
    "edit, delete": 146,
    "edit, survey_responses, delete": 154,
}
#: Levels of rights on instruments, from nothing to all.
FORM_LEVELS = tuple(_BITS)
_BY_CODE = {code: level for table in (_LEGACY, _BITS) for level, code in table.items()}

#: Levels of export rights by value (documented).
EXPORT_LEVELS = (NONE, "full", "deidentified", "no_identifiers")


def raw_value(level: str) -> str:
    """Return N of `raw: N`, "" for a level that has a word."""
    value = level.removeprefix(_RAW)
    return value if level.startswith(_RAW) and value.isdecimal() else ""


def form_level(code: str) -> str:
    """Return the level of a code of either coding; blank is no access, an unknown code raw."""
    if code == "":
        return NONE
    known = _BY_CODE.get(int(code)) if code.isdecimal() else None
    return known or _RAW + code


def form_code(level: str, *, in_bits: bool) -> int:
    """Return the code of a level in the coding the server exports; "delete" needs bits."""
    raw = raw_value(level)
    if raw:
        return int(raw)
    return _BITS[level] if in_bits or level not in _LEGACY else _LEGACY[level]


def needs_bits(level: str) -> bool:
    """Tell whether only the coding of 15.6 has this level."""
    return level in _BITS and level not in _LEGACY


def export_level(value: str) -> str:
    """Return the level of an export right as exported; blank is none (inferred)."""
    if value == "":
        return NONE
    if value.isdecimal() and int(value) < len(EXPORT_LEVELS):
        return EXPORT_LEVELS[int(value)]
    return _RAW + value


def export_code(level: str) -> int:
    """Return the value of an export level."""
    return int(raw_value(level) or EXPORT_LEVELS.index(level))


def is_granted(level: str) -> bool:
    """Tell whether a level gives anything."""
    return level not in (NOT_GRANTED, NONE)
