"""Rows of a plan say whose work they are, where a base told outside work from one's own."""

from __future__ import annotations

from dataclasses import replace

from redcap_iac.changes import Aspect
from redcap_iac.plan import PlannedChange
from redcap_iac.views.html import plan_html
from redcap_iac.views.markdown import plan_markdown
from redcap_iac.views.rows import Row, sections
from redcap_iac.views.text import plan_lines
from tests.views.plans import change, plan

YOURS, OUTSIDE = "← yours", "← undoes what was done outside"
BOTH = "← yours, and undoes what was done outside"
LABEL = Aspect("label", "Old", "New")


def by(origin: str, one: PlannedChange) -> PlannedChange:
    aspects = tuple(replace(a, origin=a.origin or origin) for a in one.aspects)
    return replace(one, origin=origin, aspects=aspects)


def rows(*changes: PlannedChange) -> dict[str, Row]:
    made = plan(*changes, base="origin/main")
    return {row.label: row for section in sections(made) for row in section.rows}


def said(row: Row) -> list[str]:
    """Return the marks of a row, with the name of what they stand at."""
    parts = [
        f"{name} {line.plain}".strip()
        for name, lines in row.parts
        for line in lines
        if line.plain.startswith("←")
    ]
    return [*(word for word in row.words if word.startswith("←")), *parts]


def test_every_row_says_whose_work_it_is() -> None:
    found = rows(
        by("yours", change("field/a", "update", LABEL)),
        by("outside", change("field/b", "update", LABEL)),
        by("outside", change("field/c", "create", normal=(("type", "text"),))),
        by("both", change("field/d", "delete")),
    )
    assert said(found["a"]) == [YOURS]
    assert said(found["b"]) == [OUTSIDE]
    assert said(found["c"]) == [OUTSIDE]
    assert said(found["d"]) == [BOTH]


def test_of_a_change_of_both_each_aspect_says_it() -> None:
    mixed = change(
        "field/a", "update", Aspect("label", "x", "y", "yours"), Aspect("note", "p", "q", "outside")
    )
    found = rows(by("both", mixed))
    assert [name for name, _ in found["a"].parts] == ["label", "note"]
    assert [lines[-1].plain for _, lines in found["a"].parts] == [YOURS, OUTSIDE]


def test_where_all_of_it_is_yours_the_line_about_the_base_says_it_once() -> None:
    found = rows(by("yours", change("field/a", "update", LABEL)))
    assert said(found["a"]) == []


def test_without_a_base_nothing_is_said() -> None:
    made = plan(change("field/a", "update", LABEL))
    assert [said(row) for section in sections(made) for row in section.rows] == [[]]


def access(address: str, unit: str, *aspects: Aspect) -> PlannedChange:
    return change(address, "update", *aspects, unit=unit, group="access", label="jdoe")


def test_what_was_done_to_a_person_s_role_outside_is_told_beside_your_own_change() -> None:
    found = rows(
        by("yours", access("user/jdoe", "users", Aspect("expires", "", "2027-01-31"))),
        by("outside", access("user/jdoe/role", "users", Aspect("role", "Monitor", "Data entry"))),
    )
    assert [(name, lines[-1].plain) for name, lines in found["jdoe"].parts] == [
        ("expires", YOURS), ("role", OUTSIDE),
    ]  # fmt: skip


def test_a_person_s_row_of_one_origin_says_it_once() -> None:
    found = rows(
        by("outside", access("user/jdoe", "users", Aspect("expires", "", "2027-01-31"))),
        by("outside", access("user/jdoe/role", "users", Aspect("role", "Monitor", "Data entry"))),
    )
    assert said(found["jdoe"]) == [OUTSIDE]


def visit(name: str, action: str, origin: str) -> PlannedChange:
    one = change(
        f"designation/1/Week 4/{name}", action, unit="designations", group="schedule",
        label=f"{name} on Week 4 (arm 1)",
    )  # fmt: skip
    return by(origin, one)


def test_instruments_of_an_event_are_told_apart_by_whose_work_they_are() -> None:
    found = rows(visit("vitals", "create", "yours"), visit("consent", "delete", "outside"))
    ((_, lines),) = found["Week 4 (arm 1)"].parts
    assert [line.plain for line in lines] == ["+ vitals", YOURS, "- consent", OUTSIDE]


def test_an_event_and_its_instruments_of_one_origin_say_it_once() -> None:
    event = change(
        "event/1/Week 4", "create", unit="events", group="schedule", label="Week 4 (arm 1)"
    )
    found = rows(by("outside", event), visit("vitals", "create", "outside"))
    assert found["Week 4 (arm 1)"].words == ["vitals", OUTSIDE]


def test_an_event_that_goes_and_one_of_its_name_that_comes_have_a_row_each() -> None:
    gone, came = (
        change(address, action, unit="events", group="schedule", label="Week 4 (arm 1)")
        for address, action in (("event/1/Week 4#old", "delete"), ("event/1/Week 4", "create"))
    )
    (schedule,) = sections(plan(gone, came))
    assert [row.action for row in schedule.rows] == ["delete", "create"]


def test_every_view_says_it() -> None:
    made = plan(
        by("yours", change("field/a", "update", LABEL)),
        by("outside", change("field/b", "update", LABEL)),
        base="origin/main",
    )
    text = "\n".join(line.plain for line in plan_lines(made))
    for shown in (text, plan_markdown(made), plan_html(made)):
        assert YOURS in shown
        assert OUTSIDE in shown
