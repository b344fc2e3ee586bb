"""Bytes become text whichever way they were saved, or one clear error."""

from __future__ import annotations

import pytest

from redcap_iac.findings import Findings, Severity
from redcap_iac.manifest import decoding
from redcap_iac.manifest.decoding import decode


@pytest.mark.parametrize(
    "data",
    [
        "label: é\n".encode(),
        b"\xef\xbb\xbf" + "label: é\n".encode(),
        b"\xff\xfe" + "label: é\n".encode("utf-16-le"),
        b"\xfe\xff" + "label: é\n".encode("utf-16-be"),
        "label: é\r\n".encode(),
        "label: é\r".encode(),
    ],
)
def test_marks_encodings_and_line_breaks_leave_the_same_text(
    data: bytes, findings: Findings
) -> None:
    assert decode(data, "a.yaml", findings) == "label: é\n"
    assert findings.all() == ()


def test_windows_1252_is_read_as_meant_with_a_warning(findings: Findings) -> None:
    assert decode(b"a: 1\nlabel: caf\xe9 \x80\n", "a.yaml", findings) == "a: 1\nlabel: café €\n"
    (found,) = findings.all()
    assert (found.code, found.severity) == ("M102", Severity.WARNING)
    assert str(found.position) == "a.yaml:2:11"


@pytest.mark.parametrize("data", [b"a: \x81\xff\x00", "é".encode() + b"\xe9", b"PK\x03\x04\x90"])
def test_what_is_no_text_is_refused(data: bytes, findings: Findings) -> None:
    assert decode(data, "a.yaml", findings) is None
    (found,) = findings.errors()
    assert found.code == "M102"


def test_a_control_character_is_refused_where_it_stands(findings: Findings) -> None:
    assert decode(b"a: 1\nb: x\x07\n", "a.yaml", findings) is None
    (found,) = findings.errors()
    assert str(found.position) == "a.yaml:2:5"
    assert "U+0007" in found.message
    assert "\\x07" in found.advice


def test_a_huge_file_is_refused(findings: Findings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "LARGEST", 10)
    assert decode(b"a: 1234567890", "a.yaml", findings) is None
    assert [found.code for found in findings.errors()] == ["M103"]
