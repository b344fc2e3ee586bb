from __future__ import annotations

from redcap_iac.cli.applying import exit_code
from redcap_iac.errors import (
    PartlyAppliedError,
    RefusedError,
    RightsError,
    SuspiciousReadError,
    UnreachableError,
)
from redcap_iac.outcome import Outcome
from redcap_iac.views.account import account_lines
from redcap_iac.workflow import Applied
from tests.views.plans import change, plan, step

ONE, TWO, THREE = step("write arms"), step("import the dictionary"), step("write roles")


def text(applied: Applied) -> str:
    return "\n".join(line.plain for line in account_lines(applied))


def test_all_done_and_proven() -> None:
    applied = Applied((Outcome((ONE, TWO)),), plan())
    assert text(applied) == "Applied: 2 calls made.\nRead again: no changes remain."
    assert exit_code(applied) == 0


def test_what_remains_is_named() -> None:
    left = plan(change("field/age", "create"), change("instrument/mood", "create", group="mood"))
    applied = Applied((Outcome((ONE,)),), left)
    assert "Read again: 2 changes remain:\n  + age  (demographics)\n  + instrument mood\n" in text(
        applied
    )
    assert exit_code(applied) == 5


def test_a_failure_names_done_failed_and_not_tried() -> None:
    failed = Outcome((ONE,), TWO, (THREE,), RefusedError("metadata import: no"))
    applied = Applied((failed,), None)
    assert text(applied) == (
        "error: metadata import: no\n"
        "Done: 1 call\n  write arms\n"
        "Failed: 1 call\n  import the dictionary\n"
        "Not tried: 1 call\n  write roles\n"
        "Plan again: it starts from what is there now."
    )
    assert exit_code(applied) == 5


def test_a_refusal_of_the_first_call_wrote_nothing() -> None:
    applied = Applied((Outcome((), ONE, (TWO,), RightsError("no right")),), None)
    assert text(applied).endswith("Nothing was written.")
    assert exit_code(applied) == 6


def test_an_uncertain_first_call_is_not_called_nothing() -> None:
    lost = Outcome((), ONE, (), UnreachableError("no answer"), uncertain=True)
    applied = Applied((lost,), None)
    assert "Whether REDCap wrote this call is not known" in text(applied)
    assert "Nothing was written" not in text(applied)
    assert exit_code(applied) == 5


def test_an_interrupt_is_told() -> None:
    applied = Applied((Outcome((ONE,), None, (TWO,), interrupted=True),), None)
    assert text(applied).startswith("Interrupted: the call in flight was finished")
    assert exit_code(applied) == 130


def test_what_every_round_did_is_counted() -> None:
    applied = Applied((Outcome((ONE,), surfaced=True), Outcome((TWO, THREE))), plan())
    assert text(applied).startswith("Applied: 3 calls made.")
    assert exit_code(applied) == 0


def test_an_error_between_two_rounds_loses_no_account() -> None:
    applied = Applied(
        (Outcome((ONE,), None, (TWO,), surfaced=True),), None, PartlyAppliedError("odd")
    )
    assert "Stopped: events came to light" in text(applied)
    assert "error: odd\nDone: 1 call\n" in text(applied)
    assert exit_code(applied) == 5


def test_a_proof_that_could_not_be_made_is_told() -> None:
    applied = Applied((Outcome((ONE,)),), None, SuspiciousReadError("short read"))
    assert text(applied) == (
        "Applied: 1 call made.\n"
        "Not proven: the project could not be read again.\n"
        "error: short read\n"
        "Plan again: it shows what is left to do, if anything."
    )
    assert exit_code(applied) == 5


def test_remarks_are_told() -> None:
    applied = Applied((Outcome((ONE,), remarks=("REDCap counted 1 where 2 were sent.",)),), plan())
    assert text(applied).startswith("Note: REDCap counted 1 where 2 were sent.\n")
