from __future__ import annotations

from redcap_iac.changes import Aspect
from redcap_iac.findings import Finding, Severity
from redcap_iac.plan import Plan
from redcap_iac.views.text import plan_lines, summary_line
from tests.views.plans import change, plan, step

ETHNICITY = Aspect(
    "choices",
    (("3", "Black"),),
    (("7", "Prefer not to say"), ("3", "Black or African American")),
)


def text(made: Plan, *, verbose: bool = False, concise: bool = False) -> str:
    lines = plan_lines(made, verbose=verbose, concise=concise)
    return "\n".join(line.plain.rstrip() for line in lines)


def test_a_plan_reads_as_it_should() -> None:
    made = plan(
        change("field/dob", "update", Aspect("max", "2020-01-01", "today")),
        change("field/ethnicity", "update", ETHNICITY),
        change("field/zip_code", "create", normal=(
            ("type", "text"), ("label", "ZIP"), ("validation", "zipcode"), ("identifier", "yes"),
        )),
        change("field/postal", "delete"),
        change("event/1/Week 12", "create", unit="events", group="schedule",
            label="Week 12 (arm 1)",
            normal=(("name", "Week 12"), ("arm", "1"), ("day offset", "84"))),
        change("designation/1%2FWeek 12/vitals", "create", unit="designations",
            group="schedule", label="vitals on Week 12 (arm 1)",
            normal=(("instrument", "vitals"),)),
        change("designation/1%2FWeek 12/adverse_events", "create", unit="designations",
            group="schedule", label="adverse_events on Week 12 (arm 1)"),
        change("repeat/1%2FWeek 12/adverse_events", "create", unit="repeating",
            group="schedule", label="adverse_events repeats on Week 12 (arm 1)"),
        change("designation/baseline_arm_1/consent", "create", unit="designations",
            group="schedule", label="consent on baseline_arm_1"),
        change("role/Data entry", "update",
            Aspect("export", (("demographics", "deidentified"),), (("demographics", "full"),)),
            unit="roles", group="access"),
        change("user/akim", "create", unit="users", group="access",
            normal=(("expires", "2027-12-31"),)),
        change("user/akim/role", "create", unit="users", group="access", label="akim",
            normal=(("role", "Data entry"),)),
        change("user/akim/dag", "create", unit="users", group="access", label="akim",
            normal=(("dag", "Lyon"),)),
        change("project/title", "update", Aspect("value", "Cardio", "Cardiac"), unit="project",
            group="project"),
        todo=('instrument consent is labelled "Consent form" in REDCap, "Consent" here.',),
        kept={"users": 2},
        blind_spots=("alerts", "reports"),
    )  # fmt: skip
    assert (
        text(made)
        == """\
redcap-iac plan · Cardiac Rehab Follow-up (dev, project 17, development, test data) · REDCap 16.1.3
READY: it deletes, so apply needs --allow-delete fields

demographics
  ~ dob              max      2020-01-01 → today
  ~ ethnicity        choices  + 7, Prefer not to say
                              ~ 3, Black {+or African American+}
  + zip_code         text, zipcode, identifier
  - postal
schedule
  + Week 12 (arm 1)  day 84, vitals, adverse_events (repeating)
  ~ baseline_arm_1   + consent
access
  ~ Data entry       export  ~ demographics: deidentified → full
  + akim             expires 2027-12-31, role Data entry, DAG Lyon
project
  ~ title            Cardio → Cardiac

Plan: 3 to add, 5 to change, 1 to delete.
Left alone, as nobody declares them: users (2).
To do by hand: instrument consent is labelled "Consent form" in REDCap, "Consent" here.
Not seen by this plan: alerts, reports (no API)."""
    )


def test_an_empty_plan_says_so() -> None:
    assert text(plan()).splitlines()[1:] == [
        "READY: nothing to do.",
        "",
        "No changes. The live project matches the manifest.",
    ]


def test_what_stops_a_plan_stands_on_top_worst_first() -> None:
    made = plan(
        change("field/age", "delete"),
        findings=(
            Finding("M341", Severity.WARNING, "Something unusual."),
            Finding("H140", Severity.ERROR, "The project is in production: no.", advice="Ask."),
        ),
        stopped=("H140 The project is in production: no.",),
    )
    assert text(made).splitlines()[1:6] == [
        "STOPPED: 1 finding below stands in the way.",
        "",
        "! H140 The project is in production: no.",
        "       → Ask.",
        "warning M341 Something unusual.",
    ]


def test_deletions_that_were_allowed_are_not_asked_for_again() -> None:
    made = plan(change("field/age", "delete"), steps=(step(),))
    (_, ready, *_) = plan_lines(made, allowed=("fields",))
    assert ready.plain == "READY: 1 call would be made."


def test_an_instrument_that_comes_or_goes_is_told_at_its_heading() -> None:
    made = plan(
        change("instrument/vitals", "create", group="vitals"),
        change("instrument/mood", "delete", group="mood"),
    )
    assert "vitals  (new instrument)\nmood  (instrument goes)\n" in text(made)
    assert summary_line(made) == "Plan: 1 to add, 0 to change, 1 to delete."


def test_an_instrument_called_access_is_not_taken_for_the_heading() -> None:
    made = plan(
        change("field/key", "delete", group="access"),
        change("dag/Lyon", "delete", unit="dags", group="access"),
    )
    assert "access\n  - key\naccess\n  - Lyon\n" in text(made)


def test_a_rename_is_an_arrow() -> None:
    renamed = change(
        "dag/Lyon", "rename", Aspect("name", "Lyons", "Lyon"), unit="dags", group="access"
    )
    assert "  → Lyon           name  Lyons → Lyon\n" in text(plan(renamed))
    assert summary_line(plan(renamed)) == "Plan: 0 to add, 1 to change, 0 to delete."


def test_a_person_whose_role_changes_has_one_row() -> None:
    made = plan(
        change("user/akim", "update", Aspect("expires", "", "2027-12-31"), unit="users",
            group="access"),
        change("user/akim/role", "update", Aspect("role", "Monitor", "Data entry"), unit="users",
            group="access", label="akim"),
    )  # fmt: skip
    assert (
        "  ~ akim           expires  (none) → 2027-12-31\n"
        "                   role     Monitor → Data entry\n"
    ) in text(made)


def test_what_an_event_loses_or_repeats_stands_in_its_row() -> None:
    made = plan(
        change("designation/week_4_arm_1/vitals", "delete", unit="designations",
            group="schedule", label="vitals on week_4_arm_1"),
        change("repeat/week_4_arm_1/ae", "update", Aspect("instance label", "", "[term]"),
            unit="repeating", group="schedule", label="ae repeats on week_4_arm_1"),
    )  # fmt: skip
    assert (
        "  ~ week_4_arm_1   - vitals\n"
        "                   ~ ae repeats, instance label  (none) → [term]\n"
    ) in text(made)


def test_what_goes_with_an_event_stands_in_its_row() -> None:
    made = plan(
        change("event/2/Week 4", "delete", unit="events", group="schedule",
            label="Week 4 (arm 2)"),
        change("designation/week_4_arm_2/vitals", "delete", unit="designations",
            group="schedule", label="vitals on Week 4 (arm 2)"),
    )  # fmt: skip
    assert "schedule\n  - Week 4 (arm 2)  - vitals\n" in text(made)
    assert summary_line(made) == "Plan: 0 to add, 0 to change, 1 to delete."


def test_an_event_that_changes_and_gets_an_instrument_has_one_row() -> None:
    made = plan(
        change("event/1/Week 4", "update", Aspect("day offset", "1", "28"), unit="events",
            group="schedule", label="Week 4 (arm 1)"),
        change("designation/week_4_arm_1/vitals", "create", unit="designations",
            group="schedule", label="vitals on Week 4 (arm 1)"),
    )  # fmt: skip
    assert (
        "  ~ Week 4 (arm 1)  day offset   1 → 28\n                    instruments  + vitals\n"
    ) in text(made)


def test_concise_names_what_comes_to_an_event() -> None:
    made = plan(
        change("designation/week_4_arm_1/vitals", "create", unit="designations",
            group="schedule", label="vitals on Week 4 (arm 1)"),
    )  # fmt: skip
    assert "  ~ Week 4 (arm 1)  + vitals\n" in text(made, concise=True)


def test_a_narrow_plan_keeps_to_its_width_and_loses_nothing() -> None:
    words = " ".join(f"word{number}" for number in range(60))
    made = plan(
        change("field/a_rather_long_name_of_a_field", "update", Aspect("branching", "", words)),
        change("role/x", "update", Aspect("instruments " + "y" * 20, "a", words), unit="roles",
            group="access"),
        *(change(f"{unit}/x", "delete", unit=unit) for unit in ("arms", "events", "dags")),
        todo=(words,),
        findings=(Finding("H1", Severity.NOTE, words, advice=words),),
        steps=(step(title=words),),
    )  # fmt: skip
    for width in (44, 60, 80):
        lines = plan_lines(made, verbose=True, width=width)
        assert max(line.cell_len for line in lines) <= width
        assert " ".join(" ".join(line.plain for line in lines).split()).count("word59") == 6


def test_a_repeat_of_a_classic_project_stands_by_itself() -> None:
    made = plan(
        change("repeat/ae", "create", unit="repeating", group="schedule", label="ae repeats",
            normal=(("instance label", "[term]"),)),
    )  # fmt: skip
    assert "  + ae repeats     label [term]\n" in text(made)


def test_no_line_is_longer_than_100_columns() -> None:
    words = " ".join(f"word{number}" for number in range(80))
    made = plan(
        change("field/" + "x" * 90, "update", Aspect("label", "漢字" * 80, words)),
        change("role/" + "long name " * 12, "update", Aspect("export of " + "y" * 60, "a", words),
            unit="roles", group="access"),
        change("field/z", "create", normal=(("type", words),)),
        todo=(words,),
        findings=(Finding("H140", Severity.ERROR, words, advice=words),),
        stopped=(words,),
    )  # fmt: skip
    for line in (
        *plan_lines(made),
        *plan_lines(made, verbose=True),
        *plan_lines(made, concise=True),
    ):
        assert line.cell_len <= 100, line.plain


def test_a_wrapped_text_loses_nothing() -> None:
    words = " ".join(f"word{number}" for number in range(80))
    made = plan(change("field/a", "update", Aspect("branching", "", words)))
    body = " ".join(text(made).split())
    assert words in body


def test_verbose_lists_parts_and_calls() -> None:
    made = plan(
        change("field/age", "create", normal=(("type", "text"), ("label", "Age"))),
        steps=(step(),),
    )
    assert "      label: Age\n" in text(made, verbose=True)
    assert "Calls, in order\n  1  metadata import, 1 row: import the dictionary\n" in text(
        made, verbose=True
    )


def test_concise_names_what_differs() -> None:
    made = plan(change("field/ethnicity", "update", ETHNICITY))
    assert "  ~ ethnicity      choices\n" in text(made, concise=True)
    assert "Prefer" not in text(made, concise=True)


def test_nothing_of_a_server_reaches_the_terminal_raw() -> None:
    nasty = "a\x1b[2Jb\u202e\nc"
    made = plan(
        change(f"field/{nasty}", "update", Aspect(nasty, nasty, nasty + " x"), group=nasty),
        change(f"role/{nasty}", "create", unit="roles", group="access", normal=((nasty, nasty),)),
        change(f"designation/{nasty}/x", "create", unit="designations", group="schedule",
            label=f"x on {nasty}"),
        todo=(nasty,),
        steps=(step(title=nasty),),
        findings=(Finding("H1", Severity.ERROR, nasty, advice="x\x1b"),),
    )  # fmt: skip
    for line in plan_lines(made, verbose=True):
        assert line.plain.isprintable()


def test_a_person_who_goes_has_one_row() -> None:
    made = plan(
        change("user/akim", "delete", unit="users", group="access"),
        change("user/akim/role", "delete", unit="users", group="access", label="akim"),
    )
    assert "access\n  - akim\n\nPlan: 0 to add, 0 to change, 1 to delete." in text(made)


def test_a_person_known_already_who_is_given_a_role_is_a_change() -> None:
    made = plan(
        change("user/akim", "update", Aspect("expires", "", "2027"), unit="users", group="access"),
        change("user/akim/role", "create", unit="users", group="access", label="akim",
            normal=(("role", "Monitor"),)),
    )  # fmt: skip
    assert "                   role     (none) → Monitor\n" in text(made)
