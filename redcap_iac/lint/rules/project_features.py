"""PR: features of a project that do not fit its fields, its schedule or its groups."""

from __future__ import annotations

from collections.abc import Iterator

from redcap_iac.design import Design
from redcap_iac.findings import Severity
from redcap_iac.lint.rule import Found, rule
from redcap_iac.lint.rules.logic_remarks import at_site
from redcap_iac.lint.rules.project_settings import at_setting
from redcap_iac.lint.settings import Settings

_UNIQUE = "secondary_unique_field"
_NUMBERING = "record_autonumbering_enabled"


@rule("PR004", Severity.NOTE)
def names_chosen_at_every_site(design: Design, _settings: Settings) -> Iterator[Found]:
    """Records do not number themselves, and there are Data Access Groups.

    Why: Nobody sees the records of the other groups, so that two sites choose the same name, and
    the second one learns that it is taken by a record they may not open.

    Bad:
        project: {title: Sleep, autonumbering: false}
        dags: [Boston, Lyon]
    Good:
        project: {title: Sleep, autonumbering: true}
        dags: [Boston, Lyon]
    Instead: `autonumbering: true`: each group then has numbers of its own.
    """
    if len(design.dags) > 1 and design.setting(_NUMBERING) == "0":
        yield at_setting(
            design,
            _NUMBERING,
            "autonumbering",
            f"People of {len(design.dags)} Data Access Groups choose the names of records"
            " themselves.",
            "Write `autonumbering: true`, or agree on a beginning for each site.",
        )


@rule("PR012", Severity.WARNING)
def survey_link_without_surveys(design: Design, _settings: Settings) -> Iterator[Found]:
    """A text has a link of a survey in it, and surveys are off.

    Why: There is no survey to link to: people read the brackets, or nothing.

    Bad:
        project: {title: Sleep, surveys: false}
        instruments:
          - instrument: form
            fields:
              record_id: {type: text, label: "Record ID"}
              go: {type: descriptive, label: "Go on: [survey-link:diary]"}
    Good:
        project: {title: Sleep, surveys: true}
        instruments:
          - instrument: form
            fields:
              record_id: {type: text, label: "Record ID"}
              go: {type: descriptive, label: "Go on: [survey-link:diary]"}
    Instead: `surveys: true` under `project:`, or take the link out.
    """
    if design.setting("surveys_enabled") != "0":
        return
    for site in design.sites:
        for variable in site.smart_variables:
            if variable.name.lower().startswith("survey-"):
                yield at_site(
                    site,
                    f"uses [{variable.name}], and surveys are off",
                    "Write `surveys: true` under `project:`, or take it out.",
                )


@rule("PR014", Severity.WARNING)
def unique_field_of_no_use(design: Design, _settings: Settings) -> Iterator[Found]:
    """The secondary unique field is a choice, or the record's own name.

    Why: REDCap takes each of its values once only (knowledge base): with two answers no third
    record can be entered. The names of records are unique anyway.

    Bad:
        project: {title: Sleep, secondary_unique_field: sex}
        instruments:
          - instrument: form
            fields:
              record_id: {type: text, label: "Record ID"}
              sex: {type: radio, label: "Sex", choices: {1: Female, 2: Male}}
    Good:
        project: {title: Sleep, secondary_unique_field: mrn}
        instruments:
          - instrument: form
            fields:
              record_id: {type: text, label: "Record ID"}
              mrn: {type: text, label: "Hospital number", identifier: true}
    Instead: Name a field whose value is another one in every record.
    """
    field = design.field(design.setting(_UNIQUE) or "")
    if field is None:
        return
    choices = design.choices(field.field_name)
    is_record = field is design.record_id
    if is_record or choices is not None:
        what = "the record's own name" if is_record else f"a choice among {len(choices or ())}"
        yield at_setting(
            design,
            _UNIQUE,
            _UNIQUE,
            f"The secondary unique field {field.field_name} is {what}.",
            "Name a field whose value is another one in every record.",
        )


@rule("PR015", Severity.NOTE)
def scheduling_without_events(design: Design, _settings: Settings) -> Iterator[Found]:
    """The scheduling module is on in a project without events.

    Why: It puts the events of a record on the calendar; without events there is nothing to
    schedule.

    Bad:
        project: {title: Sleep, longitudinal: false, scheduling: true}
    Good:
        project: {title: Sleep, scheduling: true}
        arms: [{number: 1, events: [{name: Week 4, day_offset: 28}]}]
    Instead: `scheduling: false`, or declare `arms:`.
    """
    is_classic = design.setting("is_longitudinal") == "0" and not design.is_longitudinal
    if is_classic and design.setting("scheduling_enabled") == "1":
        yield at_setting(
            design,
            "scheduling_enabled",
            "scheduling",
            "The scheduling module is on, and the project has no events.",
            "Write `scheduling: false`, or declare `arms:`.",
        )
