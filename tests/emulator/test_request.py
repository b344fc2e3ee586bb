from __future__ import annotations

import pytest

from redcap_iac.emulator.errors import ApiFault
from redcap_iac.emulator.request import Request, Upload


def request(*pairs: tuple[str, str]) -> Request:
    return Request.from_form(pairs)


@pytest.mark.parametrize(
    "pairs",
    [
        [("arms[0]", "1"), ("arms[1]", "2")],
        [("arms[]", "1"), ("arms[]", "2")],
        [("arms[a]", "1"), ("arms[b]", "2")],
    ],
)
def test_an_array_is_read_in_each_spelling(pairs: list[tuple[str, str]]) -> None:
    assert request(*pairs).array("arms") == ("1", "2")


def test_an_array_without_members_is_no_filter() -> None:
    assert request(("arms[0]", "")).array("arms") == ()


def test_an_array_that_is_not_sent_is_no_filter() -> None:
    assert request().array("arms") == ()


def test_an_empty_scalar_in_place_of_an_array_is_no_filter() -> None:
    assert request(("arms", "")).array("arms") == ()


def test_a_scalar_in_place_of_an_array_is_refused() -> None:
    with pytest.raises(ApiFault) as refusal:
        request(("fields", "age")).array("fields")
    assert refusal.value.status == 400
    assert refusal.value.text == (
        'The "fields" parameter has been provided with a value, but the value is not an array.'
        ' The "fields" parameter must be provided as an array of one or more values.'
    )


@pytest.mark.parametrize(
    ("value", "flag"),
    [("true", True), ("TRUE", True), ("1", True), ("false", False), ("0", False), ("", False)],
)
def test_a_flag_is_true_or_1(value: str, flag: bool) -> None:
    assert request(("exportSurveyFields", value)).flag("exportSurveyFields") is flag


def test_the_format_is_xml_unless_told() -> None:
    assert (request().format, request(("format", "json")).format) == ("xml", "json")


@pytest.mark.parametrize(
    ("pairs", "format_"),
    [
        ([], "xml"),
        ([("format", "json")], "json"),
        ([("format", "json"), ("returnFormat", "csv")], "csv"),
        ([("returnFormat", "csv")], "csv"),
        ([("format", "odm")], "xml"),
    ],
)
def test_faults_come_in_the_return_format_or_that_of_the_data(
    pairs: list[tuple[str, str]], format_: str
) -> None:
    assert request(*pairs).return_format == format_


def test_an_upload_is_kept_beside_the_form() -> None:
    upload = Upload("a.png", "image/png", b"\x00")
    assert Request.from_form([("content", "file")], upload).upload == upload
