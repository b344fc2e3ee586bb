"""The head of a plan as a person reads it."""

from __future__ import annotations

from redcap_iac.hazard import Acceptance, Answer
from redcap_iac.plan import Plan, Stage
from redcap_iac.views.publishing import published
from redcap_iac.views.text import plan_lines
from tests.views.plans import change, hazard, plan, sample


def text(made: Plan, *, verbose: bool = False, width: int = 100) -> str:
    lines = plan_lines(made, verbose=verbose, width=width)
    return "\n".join(line.plain.rstrip() for line in lines)


def test_a_stopped_plan_reads_as_it_should() -> None:
    assert text(sample()).startswith(
        """\
redcap-iac plan · Cardiac Rehab Follow-up (dev, project 17, development, test data) · REDCap 16.1.3
STOPPED: 3 hazards need an answer. Nothing here undoes an outside change (base: origin/main).
    apply needs --accept "H103:field/postal" --accept "H106:choice/ethnicity/3"
        --accept "H122:role/Data entry" --allow-delete fields

! H103 field/postal goes and field/zip_code comes, and they look alike: a rename? 412 of 430 records
       hold a value in postal. Not undoable.
       → keep the values: `renamed_from: postal` on zip_code
! H106 choice/ethnicity/3 changes its meaning: "Black" → "Black or African American", 88 records.
       → a new code for a new meaning, `@HIDECHOICE` for the old one
! H122 role/Data entry: export of demographics de-identified → full. akim, jdoe, mlee, rsanto and
       twu would see identifiers they do not see today.

demographics
"""
    )


def test_what_is_affected_ends_the_line_that_sums_up() -> None:
    assert "Plan: 3 to add, 3 to change, 1 to delete; 500 record values affected.\n" in text(
        sample()
    )


def test_a_plan_keeps_to_the_width_of_a_terminal() -> None:
    for width in (60, 80, 100):
        for verbose in (False, True):
            lines = plan_lines(sample(), verbose=verbose, width=width)
            assert max(line.cell_len for line in lines) <= width


def test_options_are_not_broken_within() -> None:
    lines = text(sample(), width=60).splitlines()
    assert '        --accept "H122:role/Data entry"' in lines


def test_many_options_stand_with_their_hazards() -> None:
    found = tuple(hazard(address=f"field/f{number}") for number in range(7))
    lines = text(plan(change("field/f0", "delete"), findings=found)).splitlines()
    assert lines[2:4] == [
        "    apply needs an answer to each hazard, as it stands there, and",
        "        --allow-delete fields",
    ]
    assert '       --accept "H101:field/f6"' in lines


def test_verbose_shows_the_entry_for_a_file() -> None:
    shown = " ".join(text(sample(), verbose=True).split())
    assert (
        '! H106 choice/ethnicity/3 changes its meaning: "Black" → "Black or African American",'
        " 88 records. → a new code for a new meaning, `@HIDECHOICE` for the old one accept:"
        ' - {hazard: "H106:choice/ethnicity/3", change: "1b2c3d4e5f60", at_most: 88, who: …,'
        " why: …, until: …}" in shown
    )


def test_verbose_says_of_what_no_file_accepts() -> None:
    real = hazard("H150", "project/data", "Real data.", Answer.COMMAND_LINE)
    assert "no file accepts this: it is typed with apply" in text(
        plan(findings=(real,)), verbose=True
    )


def test_an_accepted_hazard_says_by_whom() -> None:
    given = Acceptance("H101", "field/postal", who="Data manager", why="never used")
    shown = text(plan(change("field/postal"), findings=(hazard(),), acceptances=(given,)))
    assert "READY: 0 calls would be made.\n" in shown
    assert (
        "accepted H101 postal goes: 412 of 430 records hold a value. Not undoable.\n"
        "       accepted by Data manager: never used\n"
    ) in shown


def test_what_nothing_opens_comes_first() -> None:
    refused = hazard("H123", "user/jdoe", "jdoe is locked out.", Answer.REFUSED)
    shown = text(plan(findings=(hazard(), refused), stopped=("H123 jdoe is locked out.",)))
    assert "STOPPED: 1 finding below stands in the way, and 1 hazard needs an answer.\n" in shown
    assert shown.index("! H123") < shown.index("! H101")
    assert "apply needs" not in shown


def test_stages_are_numbered_and_say_who_acts() -> None:
    stages = (
        Stage(1, "redcap-iac", "writes access now"),
        Stage(2, "you", "upload the package", ("Project Setup, Enter Draft Mode",)),
    )
    assert (
        "Stages\n  1  redcap-iac: writes access now\n  2  you: upload the package\n"
        "     Project Setup, Enter Draft Mode\n"
    ) in text(plan(change("field/a"), stages=stages))


def test_a_published_plan_says_so_and_tells_no_answers() -> None:
    shown = text(published(sample()), verbose=True)
    assert "Published: without names of people, small numbers and calls.\n" in shown
    assert "--accept" not in shown
    assert "accept:" not in shown
    assert "Calls, in order" not in shown
