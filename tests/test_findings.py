"""What is found: in order, with its severity and place."""

from __future__ import annotations

from redcap_iac.findings import Finding, Findings, Position, Severity

AT = Position("instruments/visit.yaml", 3, 7)


def test_a_position_reads_as_editors_write_it() -> None:
    assert str(AT) == "instruments/visit.yaml:3:7"


def test_positions_are_in_the_order_of_the_file() -> None:
    assert sorted([Position("a", 10), Position("a", 9, 5), Position("a", 9)]) == [
        Position("a", 9), Position("a", 9, 5), Position("a", 10),
    ]  # fmt: skip


def test_everything_found_is_kept_in_order_with_its_severity() -> None:
    findings = Findings()
    findings.note("M1", "one", AT, address="field/age", advice="do")
    findings.warning("M2", "two")
    findings.error("M3", "three")
    other = Finding("M4", Severity.ERROR, "four")
    findings.add(other)
    assert findings.all() == (
        Finding("M1", Severity.NOTE, "one", AT, "field/age", "do"),
        Finding("M2", Severity.WARNING, "two"),
        Finding("M3", Severity.ERROR, "three"),
        other,
    )


def test_only_errors_block() -> None:
    findings = Findings()
    findings.note("M1", "one")
    findings.warning("M2", "two")
    assert findings.errors() == ()
    findings.error("M3", "three")
    assert [found.code for found in findings.errors()] == ["M3"]
