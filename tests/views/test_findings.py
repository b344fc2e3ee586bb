from __future__ import annotations

from rich.text import Text

from redcap_iac.errors import GuardError, ManifestError
from redcap_iac.findings import Finding, Position, Severity
from redcap_iac.views.findings import error_lines, findings_lines, hazard_lines, wrapped


def found(code: str, line: int, message: str = "Wrong.", advice: str = "") -> Finding:
    return Finding(code, Severity.ERROR, message, Position("redcap.yaml", line, 3), advice=advice)


def plain(lines: list[Text]) -> list[str]:
    return [line.plain for line in lines]


def test_a_finding_is_place_severity_code_sentence_and_advice() -> None:
    assert plain(findings_lines([found("M101", 7, "No such key.", "Did you mean fields?")])) == [
        "redcap.yaml:7:3: error M101 No such key.",
        "    → Did you mean fields?",
    ]


def test_findings_come_in_the_order_of_the_file() -> None:
    general = Finding("M5", Severity.WARNING, "No place.")
    lines = plain(findings_lines([general, found("M2", 9), found("M1", 2)]))
    assert [line.split()[-2] for line in lines] == ["M1", "M2", "No"]


def warned(line: int) -> Finding:
    return Finding("M7", Severity.WARNING, "Odd.", Position("redcap.yaml", line, 3), advice="Look.")


def test_warnings_alike_give_their_advice_once() -> None:
    lines = plain(findings_lines([warned(1), warned(2)]))
    assert lines == [
        "redcap.yaml:1:3: warning M7 Odd.",
        "    → Look.",
        "redcap.yaml:2:3: warning M7 Odd.",
    ]


def test_errors_alike_give_their_advice_each_time() -> None:
    lines = plain(findings_lines([found("M1", 1, advice="Do."), found("M1", 2, advice="Do.")]))
    assert lines.count("    → Do.") == 2


def test_more_warnings_alike_than_asked_for_are_counted() -> None:
    several = [warned(line) for line in range(1, 6)]
    lines = plain(findings_lines([*several, found("M1", 9), found("M1", 10)], most=1))
    assert lines == [
        "redcap.yaml:1:3: warning M7 Odd.",
        "    → Look.",
        "redcap.yaml:9:3: error M1 Wrong.",
        "redcap.yaml:10:3: error M1 Wrong.",
        "and 4 × M7: redcap-iac validate",
    ]


def test_an_error_is_one_line_however_long() -> None:
    words = "word " * 60
    lines = plain(error_lines(GuardError(words.strip(), "Do this.\nThen that.")))
    assert lines == [f"error: {words.strip()}", "    → Do this.", "      Then that."]


def test_an_error_shows_no_token() -> None:
    (line,) = error_lines(GuardError("bad C0FFEE00C0FFEE00C0FFEE00C0FFEE00"))
    assert line.plain == "error: bad [token]"


def test_a_manifest_s_error_counts_its_findings() -> None:
    warning = Finding("M9", Severity.WARNING, "Odd.")
    lines = plain(error_lines(ManifestError((found("M1", 1), found("M2", 2), warning))))
    assert lines[-1] == "2 errors; nothing was changed."


def test_a_line_is_broken_at_blanks_and_indented() -> None:
    assert plain(wrapped(Text("one two three four"), indent=2, width=9)) == [
        "one two",
        "  three",
        "  four",
    ]


def test_a_word_longer_than_the_line_is_broken_anywhere() -> None:
    lines = plain(wrapped(Text("x" * 25), indent=2, width=10))
    assert "".join(line.strip() for line in lines) == "x" * 25
    assert max(map(len, lines)) <= 10


def test_a_finding_with_a_place_keeps_it_on_top_of_a_plan() -> None:
    assert plain(hazard_lines(found("M301", 4, "Odd."))) == ["redcap.yaml:4:3: error M301 Odd."]


def test_a_path_that_fits_on_no_line_is_broken_behind_a_slash() -> None:
    lines = plain(wrapped(Text("Written: study/instruments/adverse_events.yaml now"), 2, width=22))
    assert lines == ["Written: study/", "  instruments/", "  adverse_events.yaml", "  now"]


def test_a_path_that_fits_on_a_line_stays_whole() -> None:
    lines = plain(wrapped(Text("Written: study/vitals.yaml now"), 2, width=20))
    assert lines == ["Written:", "  study/vitals.yaml", "  now"]
