"""Who gains and who loses access, concise: people who differ alike share their lines."""

from __future__ import annotations

from redcap_iac.changes import Aspect
from redcap_iac.plan import Plan, Shift
from redcap_iac.views.access import MOST, TITLE, access_lines, access_rows
from redcap_iac.views.text import plan_lines
from tests.views.plans import plan

EXPORT = Aspect("export of demographics", "deidentified", "full")
GROUP = Aspect("sites", "every site", "Lyon")


def text(made: Plan, *, whole: bool = False, width: int = 100) -> list[str]:
    return [line.plain.rstrip() for line in access_lines(made, width, whole=whole)]


def shifts(*access: Shift) -> Plan:
    return plan(access=access)


def test_nothing_is_said_where_nobody_differs() -> None:
    assert text(plan()) == []


def test_gains_and_losses_stand_with_the_person() -> None:
    made = shifts(Shift("akim", (EXPORT,), (GROUP,)))
    assert text(made) == [
        TITLE,
        "  akim                      + export of demographics: deidentified → full",
        "                            - sites: every site → Lyon",
    ]


def test_people_who_differ_alike_share_a_row() -> None:
    (row,) = access_rows(shifts(Shift("akim", (EXPORT,)), Shift("twu", (EXPORT,))))
    assert row.who == ("akim", "twu")


def test_those_who_gain_come_first() -> None:
    rows = access_rows(shifts(Shift("akim", (), (GROUP,)), Shift("twu", (EXPORT,))))
    assert [row.who for row in rows] == [("twu",), ("akim",)]


def test_many_are_counted_unless_all_are_asked_for() -> None:
    many = shifts(
        *(Shift(f"u{n:02}", (Aspect("expires", "", f"2027-01-{n:02}"),)) for n in range(1, 26))
    )
    assert text(many)[-1] == f"  and {25 - MOST} more (-v shows everybody)"
    assert sum("2027-01-" in line for line in text(many, whole=True)) == 25


def test_names_of_many_people_have_a_line_of_their_own() -> None:
    lines = text(shifts(*(Shift(f"somebody_{n}", (EXPORT,)) for n in range(3))))
    assert lines[1] == "  somebody_0, somebody_1, somebody_2"
    assert lines[2] == "      + export of demographics: deidentified → full"


def test_a_narrow_terminal_is_kept_to() -> None:
    lines = text(shifts(Shift("akim", (EXPORT,))), width=40)
    assert all(len(line) <= 40 for line in lines)


def test_what_a_server_says_cannot_steer_the_terminal() -> None:
    assert "\x1b" not in "\n".join(text(shifts(Shift("a\x1b[2J", (Aspect("sites", "", "\x1b"),)))))


def test_a_plan_shows_it_and_a_concise_one_does_not() -> None:
    made = shifts(Shift("akim", (EXPORT,)))
    assert TITLE in [line.plain for line in plan_lines(made)]
    assert TITLE not in [line.plain for line in plan_lines(made, concise=True)]
