"""What a table of a project can hold: one content a table, known by its columns.

Headers are those of REDCap's exports (recorded for every content but the repeating setup's page);
CSV of a page, CSV of the API and JSON of the API share them, but for the dictionary.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from redcap_iac.formats.csv_table import folded
from redcap_iac.formats.dictionary_csv import REQUIRED, is_column
from redcap_iac.formats.schedule_csv import ARMS, DESIGNATIONS, SCHEDULED_EVENTS
from redcap_iac.kinds.dictionary.field import COLUMNS
from redcap_iac.kinds.rights import RIGHTS

#: So many columns of the dictionary, and it is one; which of them lack is told when it is read.
_ENOUGH = 3
_RIGHTS = tuple(right.name for right in RIGHTS)
_FORMS = ("forms", "forms_export")
#: Columns of exports that no import takes, and that the design does not hold.
_ONLY_SHOWN = frozenset(
    {"event_id", "data_access_group_id", "data_access_group_label", "email", "firstname",
     "lastname"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Content:
    """One content: the word of `--from` and `--to`, its kind, its columns in REDCap's order.

    `needed` are the columns without which a row says nothing, `passed` those that are read over,
    `numbers` those that hold whole numbers, `loose` whether unknown columns are read over.
    """

    name: str
    kind: str
    columns: tuple[str, ...]
    needed: frozenset[str]
    passed: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    loose: bool = False

    @property
    def file(self) -> str:
        """Return the name of its file in a folder of tables, without the ending."""
        return self.name.replace("-", "_")

    def knows(self, header: str) -> bool:
        """Tell whether a header is one of its columns, or one it reads over."""
        if self is DICTIONARY:
            return is_column(header)
        return folded(header) in _FOLDED[self.name]


_SETTINGS = (
    "project_title", "project_language", "purpose", "purpose_other", "project_notes",
    "custom_record_label", "secondary_unique_field", "is_longitudinal", "surveys_enabled",
    "scheduling_enabled", "record_autonumbering_enabled", "randomization_enabled",
    "project_irb_number", "project_grant_number", "project_pi_firstname", "project_pi_lastname",
    "project_pi_email", "display_today_now_button", "bypass_branching_erase_field_prompt",
)  # fmt: skip
#: Project information that no import takes (documented).
_STATUS = frozenset(
    {"project_id", "creation_time", "production_time", "in_production", "ddp_enabled",
     "has_repeating_instruments_or_events", "external_modules"}
)  # fmt: skip

DICTIONARY = Content("dictionary", "fields", COLUMNS, frozenset(REQUIRED))
PROJECT = Content(
    "project", "project", _SETTINGS, frozenset({"project_title"}),
    _STATUS | {"missing_data_codes"}, loose=True,
)  # fmt: skip
INSTRUMENTS = Content(
    "instruments", "instruments", ("instrument_name", "instrument_label"),
    frozenset({"instrument_name", "instrument_label"}),
)  # fmt: skip
EVENTS = Content(
    "events", "events", SCHEDULED_EVENTS, frozenset({"event_name", "arm_num"}), _ONLY_SHOWN,
    numbers=frozenset({"arm_num"}),
)  # fmt: skip
ROLES = Content(
    "roles", "roles", ("unique_role_name", "role_label", *_RIGHTS, *_FORMS),
    frozenset({"role_label"}),
)  # fmt: skip
USERS = Content(
    "users", "users", ("username", "expiration", "data_access_group", *_RIGHTS, *_FORMS),
    frozenset({"username"}), _ONLY_SHOWN,
)  # fmt: skip

#: In the order in which they are read: each after what it refers to.
CONTENTS: tuple[Content, ...] = (
    PROJECT,
    DICTIONARY,
    INSTRUMENTS,
    Content(
        "arms", "arms", ARMS, frozenset(ARMS), numbers=frozenset({"arm_num"})
    ),
    EVENTS,
    Content(
        "designations", "designations", DESIGNATIONS,
        frozenset({"unique_event_name", "form"}), numbers=frozenset({"arm_num"}),
    ),
    Content(
        "repeating", "repeating", ("event_name", "form_name", "custom_form_label"),
        frozenset({"form_name"}),
    ),
    Content(
        "dags", "dags", ("data_access_group_name", "unique_group_name", "data_access_group_id"),
        frozenset({"data_access_group_name", "unique_group_name"}),
    ),
    ROLES,
    Content(
        "role-assignments", "role_assignments",
        ("username", "unique_role_name", "data_access_group"),
        frozenset({"username", "unique_role_name"}),
    ),
    Content(
        "dag-assignments", "dag_assignments", ("username", "redcap_data_access_group"),
        frozenset({"username", "redcap_data_access_group"}),
    ),
    USERS,
)  # fmt: skip

BY_NAME: Mapping[str, Content] = {content.name: content for content in CONTENTS}
BY_KIND: Mapping[str, Content] = {content.kind: content for content in CONTENTS}

_FOLDED: Mapping[str, frozenset[str]] = {
    content.name: frozenset(map(folded, (*content.columns, *content.passed)))
    for content in CONTENTS
}


#: Columns by which REDCap's other CSV files are known (documented), and what they hold.
_OTHERS: Mapping[frozenset[str], str] = {
    frozenset({"rulename", "rulelogic"}): "data quality rules",
    frozenset({"formname", "controlcondition"}): "conditions of form display logic",
    frozenset({"formname", "surveyenabled"}): "survey settings",
    frozenset({"username", "firstname", "lastname", "emailaddress"}): "accounts to be made",
}


def other_file(header: Collection[str]) -> str:
    """Return what a file of REDCap's holds that is no part of a design, "" for any other file."""
    there = {folded(cell) for cell in header}
    return next((said for columns, said in _OTHERS.items() if columns <= there), "")


def is_any_column(header: str) -> bool:
    """Tell whether any content knows a header."""
    return any(content.knows(header) for content in CONTENTS)


def recognised(header: Collection[str]) -> tuple[Content, ...]:
    """Return the contents a header can be of, the likeliest; more than one when it is a tie.

    Every needed column must be there; then what leaves the fewest columns unknown, then what
    needs the most of them.
    """
    cells = [cell for cell in header if cell.strip()]
    there = {folded(cell) for cell in cells}
    ranked: list[tuple[tuple[int, int], Content]] = []
    for content in CONTENTS:
        if content is DICTIONARY:
            has_needed = sum(map(content.knows, cells)) >= _ENOUGH
        else:
            has_needed = {folded(name) for name in content.needed} <= there
        if has_needed:
            unknown = 0 if content.loose else sum(not content.knows(cell) for cell in cells)
            ranked.append(((unknown, -len(content.needed)), content))
    best = min((rank for rank, _ in ranked), default=None)
    return tuple(content for rank, content in ranked if rank == best)
