"""The format of a file is told by its content, and what stays open is told as such."""

from __future__ import annotations

import pytest

from redcap_iac.findings import Findings
from redcap_iac.formats.detecting import detect


def told(data: bytes, file: str = "file") -> tuple[str, list[str]]:
    findings = Findings()
    return detect(data, file, findings), [error.code for error in findings.errors()]


@pytest.mark.parametrize(
    ("data", "format_"),
    [
        (b"PK\x03\x04...", "instrument-zip"),
        (b'<?xml version="1.0"?><ODM/>', "project-xml"),
        (b"\xef\xbb\xbf<ODM/>", "project-xml"),
        ("<ODM/>".encode("utf-16"), "project-xml"),
        (b"arm_num,name\n1,A\n", "arms"),
        (b"arm_num;name\n1;A\n", "arms"),
        ("arm_num\tname\n1\tA\n".encode("utf-16"), "arms"),
        (b'[{"arm_num": 1, "name": "A"}]', "arms"),
        (b'{"project_title": "A study", "purpose": 0}', "project"),
    ],
)
def test_content_tells_the_format(data: bytes, format_: str) -> None:
    assert told(data) == (format_, [])


@pytest.mark.parametrize(
    ("data", "file"),
    [
        (b"first,second\n1,2\n", "a.csv"),
        (b"[]", "a.json"),
        (b"version: 1\n", "visit.yaml"),
        (b"PK\x03\x04", "a.xlsx"),
    ],
)
def test_what_cannot_be_told_is_an_error_with_a_way_out(data: bytes, file: str) -> None:
    findings = Findings()

    assert detect(data, file, findings) == ""
    (error,) = findings.errors()
    assert error.code == "C101"
    assert error.advice


def test_broken_json_is_said_to_be_broken() -> None:
    assert told(b"not json", "a.json")[1] in (["C102"], ["C101"])
    assert told(b"hello", "a.json") == ("", ["C102"])


def test_bytes_that_are_no_text_are_an_error() -> None:
    assert told(bytes(range(256)) * 4) == ("", ["C102"])


def test_a_dictionary_without_all_its_columns_is_still_one() -> None:
    assert told(b"field_name,form_name,field_label\na,b,c\n") == ("dictionary", [])


def test_an_empty_file_is_said_to_be_empty() -> None:
    assert told(b"\xef\xbb\xbf\n\n", "a.csv")[1] == ["C102"]


def test_json_that_ends_too_early_is_said_to_be_broken() -> None:
    findings = Findings()

    assert detect(b'[{"arm_num": 1,', "arms.json", findings) == ""
    (error,) = findings.errors()
    assert (error.code, str(error.position)) == ("C102", "arms.json:1:16")


@pytest.mark.parametrize(
    ("data", "file"),
    [
        (b"PK\x03\x04", "a.xlsx"),
        (b"PK\x03\x04" + b"\0" * 26 + b"[Content_Types].xml", "a.csv"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.csv"),
    ],
    ids=["by name", "by what is in it", "older"],
)
def test_a_spreadsheet_is_refused_with_what_to_do(data: bytes, file: str) -> None:
    findings = Findings()

    assert detect(data, file, findings) == ""
    (error,) = findings.errors()
    assert error.code == "C101"
    assert "save the sheet as CSV UTF-8" in error.advice


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("rule_name,rule_logic,real_time_execution", "data quality rules"),
        ("form_name,event_name,control_condition", "form display logic"),
        ("form_name,survey_enabled,title", "survey settings"),
        ("Username,First name,Last name,Email address", "accounts"),
    ],
)
def test_files_of_what_no_design_holds_are_not_taken_for_others(header: str, said: str) -> None:
    findings = Findings()

    assert detect(f"{header}\na,b,c,d\n".encode(), "a.csv", findings) == ""
    assert said in findings.errors()[0].message


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ('"field_name,form_name,field_type,field_label"\n', "Separate the columns"),
        ("field_name|form_name|field_type\n", "Separate the columns"),
        ("event_name,arm_nun\n", "Did you mean `arm_num`?"),
    ],
)
def test_a_header_that_is_nearly_right_is_helped(text: str, advice: str) -> None:
    findings = Findings()

    assert detect(text.encode(), "a.csv", findings) == ""
    assert findings.errors()[0].advice.startswith(advice)


def test_a_web_page_is_said_to_be_one() -> None:
    findings = Findings()

    assert detect(b"<!DOCTYPE html><html></html>", "a.csv", findings) == ""
    assert "web page" in findings.errors()[0].message
