import io
import zipfile

import pytest

from redcap_iac.findings import Finding, Findings, Position
from redcap_iac.formats import instrument_zip
from redcap_iac.formats.dictionary_csv import write_dictionary
from redcap_iac.formats.instrument_zip import read_instrument
from redcap_iac.kinds.dictionary.field import Field
from tests.kinds.dictionary.drafting import a_field

FIELDS = (a_field("a"), a_field("b"))


def zipped(**members: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


def read(data: bytes) -> tuple[tuple[Field, ...], tuple[Finding, ...]]:
    findings = Findings()
    return read_instrument(data, "visit.zip", findings), findings.all()


def test_the_fields_of_an_instrument_are_read() -> None:
    content = write_dictionary(FIELDS)
    fields, findings = read(zipped(**{"instrument.csv": content, "OriginID.txt": "example.org"}))
    assert (fields, findings) == (FIELDS, ())


def test_positions_name_the_file_inside() -> None:
    fields, _ = read(zipped(**{"instrument.csv": write_dictionary(FIELDS)}))
    assert fields[0].at == Position("visit.zip/instrument.csv", 2)


def test_what_the_dictionary_cannot_hold_is_named() -> None:
    members = {"instrument.csv": write_dictionary(FIELDS), "attachments/a/consent.pdf": "x"}
    fields, (finding,) = read(zipped(**members))
    assert fields == FIELDS
    assert (finding.code, str(finding.severity)) == ("M257", "warning")
    assert "attachments/a/consent.pdf" in finding.message


def test_a_zip_without_an_instrument_is_an_error() -> None:
    _, (finding,) = read(zipped(**{"other.csv": ""}))
    assert (finding.code, finding.position) == ("M256", Position("visit.zip", 1))


@pytest.mark.parametrize(
    "data", [b"", b"not a zip", zipped(a="x")[:20]], ids=["empty", "text", "cut off"]
)
def test_what_is_no_zip_is_an_error(data: bytes) -> None:
    _, (finding,) = read(data)
    assert finding.code == "M256"


def test_a_damaged_zip_is_an_error() -> None:
    data = bytearray(zipped(**{"instrument.csv": write_dictionary(FIELDS)}))
    data[60:80] = b"\xff" * 20
    _, (finding,) = read(bytes(data))
    assert finding.code == "M256"


def test_a_zip_that_unpacks_to_too_much_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(instrument_zip, "MAXIMUM_SIZE", 1000)
    _, (finding,) = read(zipped(**{"instrument.csv": "x" * 100_000}))
    assert finding.message == "instrument.csv unpacks to more than 64 MB."


@pytest.mark.parametrize(
    ("member", "advice"),
    [
        ("visit/instrument.csv", "Zip the files themselves"),
        ("../instrument.csv", "Zip the files themselves"),
        ("visit.zip", "Unpack it"),
        ("[Content_Types].xml", "save the sheet as CSV UTF-8"),
        ("dictionary.csv", "a dictionary is a CSV"),
    ],
)
def test_another_zip_is_refused_with_what_to_do(member: str, advice: str) -> None:
    fields, (error,) = read(zipped(**{member: ""}))

    assert (fields, error.code) == ((), "M256")
    assert advice in error.advice


def test_an_instrument_that_is_there_twice_is_refused() -> None:
    target = io.BytesIO(zipped(**{"instrument.csv": write_dictionary(FIELDS)}))
    with (
        pytest.warns(UserWarning, match="Duplicate name"),
        zipfile.ZipFile(target, "a") as archive,
    ):
        archive.writestr("instrument.csv", "other")

    fields, (error,) = read(target.getvalue())

    assert fields == ()
    assert "twice" in error.message


def test_thousands_of_attachments_make_no_endless_message() -> None:
    members = {f"attachments/{number}": "" for number in range(2000)}
    _, (told,) = read(zipped(**{"instrument.csv": write_dictionary(FIELDS), **members}))

    assert "and 1,992 more" in told.message
    assert len(told.message) < 400
