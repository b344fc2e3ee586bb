"""Smart variables: what stands in brackets and is no field, such as `[user-dag-name]`.

Source of the names: the design facts 13.7 (K); of parameters and of what they give: the articles
RC-PIPE-03 and RC-PIPE-05 to RC-PIPE-17 of the knowledge base (K). New ones come with each release,
so an unknown name is a question, and no error of the expression.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from redcap_iac.logic.sorts import ValueSort
from redcap_iac.suggestions import did_you_mean


class Parameter(StrEnum):
    """What the text after a colon names.

    `FIELDS` are names joined by commas; `OPTION` a report, event, group or word that narrows or
    draws an aggregate; `RAW` the word `value`; `MODIFIER` the word `hideunderscore`.
    """

    INSTRUMENT = "instrument"
    FIELDS = "fields"
    REPORT = "report"
    DASHBOARD = "dashboard"
    UNIT = "unit"
    NUMBER = "number"
    TEXT = "text"
    OPTION = "option"
    RAW = "value"
    MODIFIER = "hideunderscore"


class Stands(StrEnum):
    """What a smart variable stands for; `EVENT` and `INSTANCE` may also go beside a field."""

    VALUE = "value"
    EVENT = "event"
    INSTANCE = "instance"


@dataclass(frozen=True, slots=True)
class SmartSort:
    """A smart variable: its name in lower case, its parameters, what it stands for and gives.

    `takes` are the parameters in order, of which the last repeats where `maximum` is None (a custom
    text may itself hold colons). `minimum` is how many it needs. `since` is the first REDCap
    version that has it, "" where that is not known.
    """

    name: str
    gives: ValueSort
    stands: Stands = Stands.VALUE
    takes: tuple[Parameter, ...] = ()
    minimum: int = 0
    maximum: int | None = 0
    since: str = ""

    def accepts(self, count: int) -> bool:
        """Tell whether it can have so many parameters."""
        return count >= self.minimum and (self.maximum is None or count <= self.maximum)

    def parameter(self, index: int) -> Parameter | None:
        """Return what the parameter at an index (from 0) names, None when there is none."""
        if not self.takes or (self.maximum is not None and index >= self.maximum):
            return None
        return self.takes[min(index, len(self.takes) - 1)]

    def read(self, arguments: tuple[str, ...]) -> tuple[tuple[Parameter | None, str], ...]:
        """Return each argument with what it names, None for one too many.

        `hideunderscore` may follow any of them (K RC-PIPE-02), and `value` may come early, as in
        `[rand-time:value]`.
        """
        found: list[tuple[Parameter | None, str]] = []
        index = 0
        for argument in arguments:
            word = argument.lower()
            if word == Parameter.MODIFIER:
                found.append((Parameter.MODIFIER, argument))
            elif word == Parameter.RAW and Parameter.RAW in self.takes:
                found.append((Parameter.RAW, argument))
            else:
                found.append((self.parameter(index), argument))
                index += 1
        return tuple(found)


def smart_sort(name: str) -> SmartSort | None:
    """Return what is known of a smart variable, in any case; None for a name that is not known.

    Of those beginning with `dashboard-`, `report-` and `mycap-` not all are known by name (13.7):
    any of them is taken, with any parameters.
    """
    lower = name.lower()
    if lower in SMART_VARIABLES:
        return SMART_VARIABLES[lower]
    if lower.startswith(_FAMILIES):
        return SmartSort(lower, _ANY, Stands.VALUE, (Parameter.OPTION,), 0, None)
    return None


def nearest_smart_variable(name: str) -> str:
    """Return `Did you mean …?` for a misspelt name, "" when nothing is very near."""
    return did_you_mean(name, SMART_VARIABLES, 0.75)


_FAMILIES = ("dashboard-", "report-", "mycap-")
_ANY, _TEXT, _NUMBER, _TRUTH = ValueSort.ANY, ValueSort.TEXT, ValueSort.NUMBER, ValueSort.TRUTH
_HTML, _DATE, _DATETIME = ValueSort.HTML, ValueSort.DATE, ValueSort.DATETIME
_INSTRUMENT, _CUSTOM, _RAW = Parameter.INSTRUMENT, Parameter.TEXT, Parameter.RAW


def _plain(gives: ValueSort, names: str) -> tuple[SmartSort, ...]:
    return tuple(SmartSort(name, gives) for name in names.split())


def _with(
    gives: ValueSort, names: str, takes: tuple[Parameter, ...], minimum: int = 0
) -> tuple[SmartSort, ...]:
    """Those with parameters; without limit where the last is a text or option."""
    maximum = None if takes[-1] in (Parameter.TEXT, Parameter.OPTION) else len(takes)
    return tuple(
        SmartSort(name, gives, Stands.VALUE, takes, minimum, maximum) for name in names.split()
    )


_USER = (
    *_plain(_TEXT, "user-name user-fullname user-email user-dag-name user-dag-label"),
    *_plain(_TEXT, "user-role-name user-role-label"),
    *_plain(_NUMBER, "user-dag-id user-role-id"),
)
_RECORD = (
    *_plain(_TEXT, "record-name record-dag-name record-dag-label calendar-url"),
    *_plain(_NUMBER, "record-dag-id"),
    *_with(_HTML, "calendar-link", (_CUSTOM,)),
)
_FORM = (
    *_plain(_TRUTH, "is-form is-survey"),
    *_plain(_TEXT, "instrument-name instrument-label"),
    *_with(_TEXT, "form-url", (_INSTRUMENT,)),
    *_with(_HTML, "form-link", (_INSTRUMENT, _CUSTOM)),
)
_SURVEY = (
    *_with(_TEXT, "survey-url survey-access-code survey-return-code survey-title", (_INSTRUMENT,)),
    *_with(_HTML, "survey-link", (_INSTRUMENT, _CUSTOM)),
    *_plain(_TEXT, "survey-queue-url survey-base-url"),
    *_with(_HTML, "survey-queue-link", (_CUSTOM,)),
    *_with(_DATETIME, "survey-time-started survey-time-completed", (_INSTRUMENT, _RAW), 1),
    *_with(_DATE, "survey-date-started survey-date-completed", (_INSTRUMENT, _RAW), 1),
    *_with(_NUMBER, "survey-duration survey-duration-completed", (_INSTRUMENT, Parameter.UNIT), 1),
)
_EVENT = (
    *_plain(_NUMBER, "event-id event-number arm-number"),
    *_plain(_TEXT, "event-label first-event-label previous-event-label next-event-label"),
    *_plain(_TEXT, "last-event-label arm-label"),
    *(
        SmartSort(f"{which}event-name", _TEXT, Stands.EVENT)
        for which in ("", "first-", "previous-", "next-", "last-")
    ),
)
_REPEATING = tuple(
    SmartSort(f"{which}-instance", _NUMBER, Stands.INSTANCE)
    for which in ("previous", "current", "next", "first", "last", "new")
)
_AGGREGATES = (
    *_with(
        _NUMBER,
        "aggregate-min aggregate-max aggregate-mean aggregate-median aggregate-sum aggregate-count"
        " aggregate-stdev aggregate-unique",
        (Parameter.FIELDS, Parameter.OPTION),
        1,
    ),
    *_with(
        _HTML,
        "bar-chart pie-chart donut-chart scatter-plot line-plot line-chart stats-table",
        (Parameter.FIELDS, Parameter.OPTION),
        1,
    ),
)
_RANDOMIZATION = (
    *_with(_TEXT, "rand-number", (Parameter.NUMBER,)),
    *_with(_DATETIME, "rand-time rand-utc-time", (Parameter.NUMBER, _RAW)),
)
_PUBLIC = (
    *_with(_TEXT, "dashboard-url dashboard-access-code", (Parameter.DASHBOARD,), 1),
    *_with(_HTML, "dashboard-link", (Parameter.DASHBOARD, _CUSTOM), 1),
    *_with(_TEXT, "report-access-code", (Parameter.REPORT,), 1),
    *_plain(_TEXT, "mycap-project-code mycap-participant-code mycap-participant-url"),
    *_with(_HTML, "mycap-participant-link", (_CUSTOM,)),
)
_PROJECT = (
    *_plain(_NUMBER, "project-id project-purpose project-status"),
    *_plain(_TEXT, "project-title project-irb-number"),
    *_plain(_TEXT, "redcap-base-url redcap-version redcap-version-url"),
    *_with(_TEXT, "data-table", (Parameter.NUMBER,)),
)

#: Every smart variable that is known by name. 13.7 says `line-plot`, RC-PIPE-11 `line-chart`.
SMART_VARIABLES: Mapping[str, SmartSort] = {
    one.name: one
    for group in (
        _USER, _RECORD, _FORM, _SURVEY, _EVENT, _REPEATING, _AGGREGATES, _RANDOMIZATION, _PUBLIC,
        _PROJECT,
    )
    for one in group
}  # fmt: skip
#: Names that may stand before a field in place of an event.
EVENT_NAMES = frozenset(name for name, one in SMART_VARIABLES.items() if one.stands is Stands.EVENT)
#: Names that may stand behind a field in place of an instance.
INSTANCE_NAMES = frozenset(
    name for name, one in SMART_VARIABLES.items() if one.stands is Stands.INSTANCE
)
