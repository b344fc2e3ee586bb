"""What people may do: levels in order, differences, and what is more than before and after."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from redcap_iac.kinds.grants import Grants
from redcap_iac.kinds.powers import meet, powers, powers_of
from redcap_iac.safety.access import Access, aspects, difference, excess, has_ended
from redcap_iac.safety.widening import Instruments, widened

NOTHING = Grants()
NOWHERE = Instruments(frozenset({"visit"}), frozenset(), frozenset({"visit"}))


def grants(
    *rights: str, visit: str = "none", export: str = "none", **levels: str
) -> Grants:  # fmt: skip
    named = (*((name, "true") for name in rights), *levels.items())
    return Grants(tuple(named), (("visit", visit),), (("visit", export),))


def access(given: Grants | None = NOTHING, **parts: object) -> Access:
    return Access("akim", grants=given, **parts)  # type: ignore[arg-type]


def said(before: Access | None, after: Access | None) -> list[tuple[str, object, object, bool]]:
    return [(one.name, one.before, one.after, gain) for one, gain in aspects(before, after)]


@pytest.mark.parametrize(
    ("sort", "rising"),
    [
        ("export", ["none", "deidentified", "no_identifiers", "full"]),
        ("instrument", ["none", "read_only", "edit", "edit, delete",
                        "edit, survey_responses, delete"]),
    ],
)  # fmt: skip
def test_a_level_holds_those_below_it(sort: str, rising: list[str]) -> None:
    held = [powers_of(sort, "visit", level) for level in rising]
    assert all(low < high for low, high in pairwise(held))


@pytest.mark.parametrize(
    ("name", "rising"),
    [("user_rights", ["none", "read_only", "full"]), ("lock_records", ["none", "lock", "sign"]),
     ("design", ["false", "true"])],
)  # fmt: skip
def test_a_right_with_levels_holds_those_below_it(name: str, rising: list[str]) -> None:
    held = [powers_of("right", name, level) for level in rising]
    assert all(low < high for low, high in pairwise(held))


def test_a_code_nobody_knows_is_no_more_and_no_less_than_a_known_one() -> None:
    raw, full = powers_of("export", "visit", "raw: 7"), powers_of("export", "visit", "full")
    assert not raw <= full
    assert not full <= raw


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        (grants("design", visit="edit"), grants(design="false", visit="read_only"),
         (("false",), "read_only", "none")),
        (grants(user_rights="full", export="full"),
         grants(user_rights="read_only", export="deidentified"),
         (("read_only",), "none", "deidentified")),
        (grants(visit="edit, delete"), grants(visit="edit, survey_responses"),
         ((), "edit", "none")),
    ],
)  # fmt: skip
def test_what_two_grants_share_is_the_lower_of_each(
    one: Grants, other: Grants, both: tuple[tuple[str, ...], str, str]
) -> None:
    found = meet(one, other)
    assert tuple(level for _, level in found.rights) == both[0]
    assert (dict(found.instruments)["visit"], dict(found.export)["visit"]) == both[1:]
    assert powers(found) <= powers(one) & powers(other)


@pytest.mark.parametrize(
    ("day", "ended"),
    [("", False), ("2026-03-13", True), ("2026-03-14", True), ("2026-03-15", False)],
)
def test_access_has_ended_on_its_day(day: str, ended: bool) -> None:
    assert has_ended(day, date(2026, 3, 14)) is ended


def test_without_a_clock_no_access_has_ended() -> None:
    assert not has_ended("2000-01-01", None)


def test_who_has_ended_may_do_nothing() -> None:
    assert access(grants("design"), ended=True).powers() == frozenset()


def test_no_more_than_before_or_after_is_no_excess() -> None:
    low, high = access(grants(export="deidentified")), access(grants(export="full"))
    assert excess(low, low, high) == frozenset()
    assert excess(high, low, high) == frozenset()


def test_more_than_both_is_an_excess() -> None:
    low, high = access(grants(export="deidentified")), access(grants(export="full"))
    more = {("export", "visit", "no_identifiers"), ("export", "visit", "full")}
    assert excess(high, low, low) == frozenset(more)


def test_rights_of_one_and_sites_of_the_other_are_an_excess() -> None:
    before = access(grants(export="deidentified"))
    after = access(grants(export="full"), site="lyon")
    between = access(grants(export="full"))
    assert excess(between, before, after)
    assert excess(access(grants(export="deidentified"), site="lyon"), before, after) == frozenset()


def test_another_site_than_before_and_after_is_an_excess() -> None:
    lyon, nantes = (access(grants(visit="edit"), site=site) for site in ("lyon", "nantes"))
    assert excess(access(grants(visit="edit"), site="paris"), lyon, nantes)
    assert excess(nantes, lyon, nantes) == frozenset()


def test_access_that_is_over_before_and_after_bounds_everything() -> None:
    over = access(grants("design"), ended=True)
    assert excess(access(grants("design")), over, over) == frozenset({("right", "design", "true")})


def test_rights_nobody_can_see_are_told_as_unknown() -> None:
    assert excess(access(None), access(), access()) is None


def test_somebody_new_gains_all_they_get() -> None:
    assert said(None, access(grants("design", visit="edit"), site="lyon", site_named="Lyon")) == [
        ("access", "none", "Lyon only", True),
        ("Project Design and Setup", "no", "yes", True),
        ("rights on visit", "none", "edit", True),
    ]


def test_somebody_removed_loses_access_and_no_more_is_said() -> None:
    assert said(access(grants("design")), None) == [("access", "every site", "none", False)]


def test_somebody_whose_access_ended_and_who_goes_loses_nothing() -> None:
    assert said(access(grants("design"), ended=True), None) == []


@pytest.mark.parametrize(
    ("before", "after", "name", "gain"),
    [
        ({"site": "lyon"}, {}, "sites", True),
        ({}, {"site": "lyon"}, "sites", False),
        ({"site": "lyon"}, {"site": "nantes"}, "sites", True),
        ({"expires": "2027-01-01"}, {"expires": "2028-01-01"}, "expires", True),
        ({"expires": "2027-01-01"}, {}, "expires", True),
        ({}, {"expires": "2027-01-01"}, "expires", False),
    ],
)
def test_site_and_last_day_are_gains_or_losses(
    before: dict[str, str], after: dict[str, str], name: str, gain: bool
) -> None:
    ((found, _, _, is_gain),) = said(access(NOTHING, **before), access(NOTHING, **after))
    assert (found, is_gain) == (name, gain)


def test_many_instruments_alike_are_one_line() -> None:
    names = [f"form_{number}" for number in range(9)]
    after = Grants(export=tuple((name, "full") for name in names))
    assert said(access(), access(after)) == [("export of 9 instruments", "none", "full", True)]


def test_a_difference_names_everybody_it_concerns_and_nobody_else() -> None:
    same = access(grants("design"))
    shifts = difference({"a": same, "b": access()}, {"a": same, "b": access(grants("design"))})
    assert [len(shift.gained) for shift in shifts] == [1]
    assert shifts[0].lost == ()


@pytest.mark.parametrize("right", ["design", "user_rights", "api_export", "api_import",
                                   "record_delete", "data_access_groups"])  # fmt: skip
def test_rights_over_all_the_project_matter_for_anybody(right: str) -> None:
    level = {"user_rights": "full"}.get(right, "true")
    given = grants(**{right: level})
    assert widened(access(), access(given), NOWHERE)
    assert widened(None, access(given), NOWHERE)


@pytest.mark.parametrize("right", ["record_create", "calendar", "reports"])
def test_other_rights_do_not(right: str) -> None:
    assert widened(access(), access(grants(right)), NOWHERE) == ()


def test_more_export_matters_for_who_is_there() -> None:
    before, after = grants(export="none"), grants(export="deidentified")
    assert widened(access(before), access(after), NOWHERE)


def test_seeing_an_instrument_matters_for_who_is_there_and_editing_it_does_not() -> None:
    none, see, edit = (grants(visit=level) for level in ("none", "read_only", "edit"))
    assert widened(access(none), access(see), NOWHERE)
    assert widened(access(see), access(edit), NOWHERE) == ()


@pytest.mark.parametrize(("export", "matters"), [("full", True), ("no_identifiers", False)])
def test_for_somebody_new_it_is_the_export_of_identifiers(export: str, matters: bool) -> None:
    assert bool(widened(None, access(grants(visit="edit", export=export)), NOWHERE)) is matters


def test_full_export_without_identifiers_is_ordinary_for_somebody_new() -> None:
    plain = Instruments(frozenset({"visit"}), frozenset(), frozenset())
    assert widened(None, access(grants(export="full")), plain) == ()


def test_a_new_instrument_matters_where_nobody_named_it() -> None:
    given = access(grants(visit="edit"))
    swept = Instruments(frozenset(), frozenset({"visit"}), frozenset())
    named = Instruments(frozenset(), frozenset(), frozenset())
    assert widened(access(), given, swept)
    assert widened(access(), given, named) == ()


def test_what_is_lowered_is_no_widening() -> None:
    assert widened(access(grants("design")), access(grants(design="false")), NOWHERE) == ()
