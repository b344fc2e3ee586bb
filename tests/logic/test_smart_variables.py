import re

import pytest

from redcap_iac.logic.smart_variables import (
    EVENT_NAMES,
    INSTANCE_NAMES,
    SMART_VARIABLES,
    Parameter,
    Stands,
    nearest_smart_variable,
    smart_sort,
)
from redcap_iac.logic.sorts import ValueSort

INSTRUMENT, TEXT, RAW = Parameter.INSTRUMENT, Parameter.TEXT, Parameter.RAW
FIELDS, OPTION, HIDDEN = Parameter.FIELDS, Parameter.OPTION, Parameter.MODIFIER

#: The list of the design facts 13.7, its shorthands written out.
LISTED = """
    user-name user-fullname user-email user-dag-name user-dag-id user-dag-label user-role-id
    user-role-name user-role-label record-name record-dag-name record-dag-id record-dag-label
    is-form is-survey form-url form-link instrument-name instrument-label survey-link survey-url
    survey-queue-link survey-queue-url survey-time-started survey-time-completed
    survey-date-started survey-date-completed survey-duration survey-duration-completed
    survey-access-code survey-return-code survey-title survey-base-url event-id event-number
    event-name event-label first-event-name previous-event-name next-event-name last-event-name
    first-event-label previous-event-label next-event-label last-event-label arm-number arm-label
    previous-instance current-instance next-instance first-instance last-instance new-instance
    aggregate-min aggregate-max aggregate-mean aggregate-median aggregate-sum aggregate-count
    aggregate-stdev aggregate-unique bar-chart pie-chart donut-chart scatter-plot line-plot
    stats-table rand-number rand-time rand-utc-time project-id project-title project-purpose
    project-status project-irb-number redcap-base-url redcap-version redcap-version-url data-table
    calendar-url calendar-link
"""


def test_every_listed_smart_variable_is_known() -> None:
    assert [name for name in LISTED.split() if name not in SMART_VARIABLES] == []


def test_names_are_in_lower_case_and_have_a_hyphen() -> None:
    wrong = [name for name in SMART_VARIABLES if not re.fullmatch(r"[a-z]+(-[a-z]+)+", name)]

    assert wrong == []


def test_a_name_is_known_in_any_case() -> None:
    assert smart_sort("User-DAG-Name") == SMART_VARIABLES["user-dag-name"]


@pytest.mark.parametrize("name", ["user-dagname", "pse-textbox", "age-2"])
def test_a_name_that_is_not_listed_is_unknown(name: str) -> None:
    assert smart_sort(name) is None


@pytest.mark.parametrize("name", ["dashboard-anything", "report-url", "MyCap-new-thing"])
def test_families_not_listed_in_full_take_any_member_with_any_parameters(name: str) -> None:
    known = smart_sort(name)

    assert known is not None
    assert all(parameter for parameter, _ in known.read(("a", "b", "c")))


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("user-dagname", "Did you mean `user-dag-name`?"),
        ("Survey-Lnk", "Did you mean `survey-link`?"),
        ("last-event", "Did you mean `last-event-name`?"),
        ("pse-textbox", ""),
    ],
)
def test_a_misspelt_name_gets_the_nearest(name: str, advice: str) -> None:
    assert nearest_smart_variable(name) == advice


@pytest.mark.parametrize(
    ("name", "arguments", "read"),
    [
        ("survey-link", ("diary", "Go on"), (INSTRUMENT, TEXT)),
        ("survey-link", ("diary", "Next", "the diary"), (INSTRUMENT, TEXT, TEXT)),
        ("survey-queue-link", ("Your list",), (TEXT,)),
        ("form-url", ("bloods", "extra"), (INSTRUMENT, None)),
        ("survey-time-started", ("diary", "value"), (INSTRUMENT, RAW)),
        ("rand-time", ("value",), (RAW,)),
        ("rand-time", ("2", "value"), (Parameter.NUMBER, RAW)),
        ("survey-duration", ("diary", "h"), (INSTRUMENT, Parameter.UNIT)),
        ("aggregate-mean", ("age,bmi", "R-1234ABC"), (FIELDS, OPTION)),
        ("stats-table", ("age", "min,max", "site_a"), (FIELDS, OPTION, OPTION)),
        ("record-name", ("hideunderscore",), (HIDDEN,)),
        ("survey-title", ("diary", "HideUnderscore"), (INSTRUMENT, HIDDEN)),
        ("record-name", ("value",), (None,)),
        ("report-access-code", ("R-1234ABC",), (Parameter.REPORT,)),
    ],
)
def test_parameters_are_named_by_their_place(
    name: str, arguments: tuple[str, ...], read: tuple[Parameter | None, ...]
) -> None:
    known = SMART_VARIABLES[name]

    assert known.read(arguments) == tuple(zip(read, arguments, strict=True))


@pytest.mark.parametrize(
    ("name", "count", "accepted"),
    [
        ("user-name", 0, True),
        ("user-name", 1, False),
        ("survey-link", 0, True),
        ("survey-link", 5, True),
        ("survey-url", 2, False),
        ("aggregate-mean", 0, False),
        ("survey-duration", 0, False),
        ("survey-duration", 2, True),
    ],
)
def test_the_number_of_parameters_is_bounded(name: str, count: int, accepted: bool) -> None:
    assert SMART_VARIABLES[name].accepts(count) is accepted


def test_names_beside_a_field_stand_for_events_or_instances() -> None:
    assert len(EVENT_NAMES) == 5
    assert len(INSTANCE_NAMES) == 6
    assert all(SMART_VARIABLES[name].stands is Stands.EVENT for name in EVENT_NAMES)
    assert all(SMART_VARIABLES[name].stands is Stands.INSTANCE for name in INSTANCE_NAMES)


@pytest.mark.parametrize(
    ("name", "sort"),
    [
        ("is-survey", ValueSort.TRUTH),
        ("arm-number", ValueSort.NUMBER),
        ("user-role-name", ValueSort.TEXT),
        ("survey-date-completed", ValueSort.DATE),
        ("rand-utc-time", ValueSort.DATETIME),
        ("survey-duration", ValueSort.NUMBER),
        ("form-link", ValueSort.HTML),
        ("bar-chart", ValueSort.HTML),
        ("last-instance", ValueSort.NUMBER),
    ],
)
def test_a_smart_variable_gives_a_sort_of_value(name: str, sort: ValueSort) -> None:
    assert SMART_VARIABLES[name].gives is sort
