"""`renamed_from` and `recode`: what is done, what would need values copied."""

from __future__ import annotations

from dataclasses import replace

import pytest

from redcap_iac.calls import Made
from redcap_iac.findings import Finding, Findings, Position
from redcap_iac.kinds.dictionary import KIND
from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.kinds.kind import Work
from redcap_iac.state import Desired, Live, State, Target, Version
from tests.kinds.dictionary.drafting import a_field, radio

TARGET = Target(
    "https://x.example.org/api/", "1", "T", "development", Version(15, 0, 0), longitudinal=False
)
AT = Position("redcap.yaml", 7, 3)
RENAMED = replace(a_field("zip_code"), renamed_from="postal", at=AT)


def foreseen(live: tuple[Field, ...], desired: tuple[Field, ...]) -> tuple[Finding, ...]:
    findings = Findings()
    state = State({KIND.name: desired})
    volatile: dict[str, Made] = {}
    work = Work((), Live(TARGET, State({KIND.name: live})), Desired(state), state, volatile)
    KIND.foresee(work, findings)
    return findings.all()


def recoded(codes: str, recode: tuple[tuple[str, str], ...]) -> Field:
    return replace(radio("severity", codes), recode=recode, at=AT)


def test_a_rename_that_needs_values_copied_stops_the_plan() -> None:
    (finding,) = foreseen((a_field("postal"),), (RENAMED,))
    assert (finding.code, finding.severity, finding.address, finding.position) == (
        "H151",
        "error",
        "field/zip_code",
        AT,
    )
    assert "postal is to be renamed to zip_code" in finding.message


def test_a_rename_that_is_done_is_fine() -> None:
    assert foreseen((a_field("zip_code"),), (RENAMED,)) == ()


def test_a_rename_of_nothing_is_a_plain_creation() -> None:
    assert foreseen((a_field("record_id"),), (RENAMED,)) == ()


def test_a_rename_with_both_names_live_is_an_error() -> None:
    (finding,) = foreseen((a_field("postal"), a_field("zip_code")), (RENAMED,))
    assert (finding.code, finding.severity, finding.position) == ("M224", "error", AT)
    assert "REDCap has both" in finding.message


def test_without_a_hint_there_is_nothing_to_refuse() -> None:
    assert foreseen((a_field("postal"),), (a_field("zip_code"),)) == ()


def test_a_code_the_live_field_still_has_stops_the_plan() -> None:
    live = radio("severity", "1, Mild | 2, Severe | 3, Very")
    (finding,) = foreseen((live,), (recoded("1, Mild | 2, Severe", (("3", "2"),)),))
    assert (finding.code, finding.severity, finding.address, finding.position) == (
        "H151",
        "error",
        "choice/severity/3",
        AT,
    )


def test_every_code_that_is_still_there_is_named() -> None:
    live = radio("severity", "1, Mild | 2, Severe | 3, Very | 4, Most")
    desired = recoded("1, Mild | 2, Severe", (("3", "2"), ("4", "2"), ("5", "2")))
    addresses = [finding.address for finding in foreseen((live,), (desired,))]
    assert addresses == ["choice/severity/3", "choice/severity/4"]


def test_a_recode_that_is_done_is_fine() -> None:
    live = radio("severity", "1, Mild | 2, Severe")
    assert foreseen((live,), (recoded("1, Mild | 2, Severe", (("3", "2"),)),)) == ()


def test_a_recode_of_a_field_that_is_new_is_fine() -> None:
    assert foreseen((), (recoded("1, Mild | 2, Severe", (("3", "2"),)),)) == ()


def test_a_yesno_field_has_the_codes_redcap_gives_it() -> None:
    live = a_field("severity", field_type="yesno")
    desired = recoded("2, No | 3, Yes", (("1", "3"), ("9", "2")))
    addresses = [finding.address for finding in foreseen((live,), (desired,))]
    assert addresses == ["choice/severity/1"]


@pytest.mark.parametrize("field_type", ["text", "notes", "slider"])
def test_a_field_of_free_values_may_hold_any_code(field_type: str) -> None:
    live = a_field("severity", field_type=field_type)
    (finding,) = foreseen((live,), (recoded("1, Mild | 2, Severe", (("3", "2"),)),))
    assert finding.code == "H151"
    assert f"is of type {field_type}" in finding.message
