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
