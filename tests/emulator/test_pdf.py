"""Export PDF: a file that readers open, with the labels in it."""

from __future__ import annotations

import re

import pytest

from redcap_iac.emulator.resources.pdf import document
from redcap_iac.emulator.server import Emulator
from tests.emulator.served import Project
from tests.emulator.studies import add_dag, classic, member, send


@pytest.fixture
def study(emulator: Emulator) -> Project:
    """A classic study with records 1 and 2."""
    project = classic(emulator)
    send(project, {"record_id": "1"}, {"record_id": "2"})
    return project


def pdf(project: Project, **parameters: object) -> bytes:
    """Return the PDF asked for."""
    response = project.post("pdf", None, format=None, **parameters)
    assert response.status_code == 200, response.text
    assert response.headers["Content-Type"] == "text/html; charset=UTF-8"
    return response.content


def test_all_instruments_are_listed(study: Project) -> None:
    content = pdf(study)

    assert content.startswith(b"%PDF-1.4\n")
    assert content.endswith(b"%%EOF\n")
    assert b"(Demographics) Tj" in content
    assert b"(Vitals) Tj" in content


def test_one_instrument(study: Project) -> None:
    content = pdf(study, instrument="vitals")

    assert b"(Vitals) Tj" in content
    assert b"(Demographics) Tj" not in content


def test_one_record_or_every_record(study: Project) -> None:
    assert b"(Record 2) Tj" not in pdf(study, record="1")
    everything = pdf(study, allRecords="false")
    assert b"(Record 1) Tj" in everything
    assert b"(Record 2) Tj" in everything


def test_unknown_record_and_instrument_are_refused(study: Project) -> None:
    assert study.post("pdf", record="9").json()["error"] == 'The record "9" does not exist'
    assert "instrument" in study.post("pdf", instrument="nothing").json()["error"]


def test_records_of_other_groups_are_not_there(study: Project) -> None:
    akim = member(study, "akim", add_dag(study, "north"))

    assert akim.post("pdf", record="1").status_code == 400
    assert b"Record" not in pdf(akim, allRecords="1")


@pytest.mark.parametrize("count", [0, 1, 45, 46, 200])
def test_offsets_point_at_the_objects(count: int) -> None:
    content = document(["a (line) \\ 日本"] * count)

    start = int(content.rsplit(b"startxref\n", 1)[1].split(b"\n", 1)[0])
    assert content[start:].startswith(b"xref\n")
    offsets = [int(found) for found in re.findall(rb"(\d{10}) 00000 n ", content)]
    for number, offset in enumerate(offsets, start=1):
        assert content[offset:].startswith(f"{number} 0 obj".encode())
    assert content.count(b"/Type /Page ") == max(1, -(-count // 45))
    for length, stream in re.findall(
        rb"/Length (\d+) >>\nstream\n(.*?)\nendstream", content, re.DOTALL
    ):
        assert int(length) == len(stream)


def test_signs_with_a_meaning_in_pdf_are_escaped() -> None:
    assert b"(a \\(b\\) \\\\ ?) Tj" in document(["a (b) \\ 日"])
