from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redcap_iac.emulator import wire
from redcap_iac.emulator.errors import ApiFault
from redcap_iac.emulator.wire import Binary, Cell, Count, Listing, One, Rows, Text

HEAD = '<?xml version="1.0" encoding="UTF-8" ?>'


def encoded(answer: wire.Answer, format_: str) -> str:
    return wire.encode(answer, format_)[0].decode()


TWO = Rows(("a", "b"), [{"a": "1", "b": 2}])


@pytest.mark.parametrize(
    ("format_", "text"),
    [
        ("json", '[{"a":"1","b":2}]'),
        ("csv", "a,b\n1,2\n"),
        ("xml", f"{HEAD}\n<records>\n<item><a>1</a><b>2</b></item>\n</records>"),
    ],
)
def test_rows_are_written(format_: str, text: str) -> None:
    assert encoded(TWO, format_) == text


@pytest.mark.parametrize(
    ("format_", "text"),
    [
        ("json", "[]"),
        ("csv", "data_access_group_name,unique_group_name,data_access_group_id\n"),
        ("xml", f"{HEAD}\n<dags>\n</dags>"),
    ],
)
def test_no_rows_are_an_empty_list_or_a_header(format_: str, text: str) -> None:
    columns = ("data_access_group_name", "unique_group_name", "data_access_group_id")
    assert encoded(Rows(columns, [], root="dags"), format_) == text


def test_an_export_of_no_record_can_be_blank_in_csv() -> None:
    assert encoded(Rows(("a",), [], blank_when_empty=True), "csv").strip() == ""


@pytest.mark.parametrize(
    ("format_", "text"),
    [
        ("json", '{"project_id":7,"title":""}'),
        ("csv", "project_id,title\n7,\n"),
        ("xml", f"{HEAD}\n<items><project_id>7</project_id><title/></items>"),
    ],
)
def test_one_object_is_no_list(format_: str, text: str) -> None:
    assert encoded(One({"project_id": 7, "title": ""}), format_) == text


@pytest.mark.parametrize("format_", wire.FORMATS)
def test_a_count_is_a_bare_number(format_: str) -> None:
    assert encoded(Count(3), format_) == "3"


@pytest.mark.parametrize(
    ("format_", "text"),
    [("json", '{"count": 3}'), ("csv", "3"), ("xml", f"{HEAD}<count>3</count>")],
)
def test_the_count_of_imported_records_is_wrapped(format_: str, text: str) -> None:
    assert encoded(Count(3, wrapped=True), format_) == text


@pytest.mark.parametrize(
    ("format_", "text"),
    [
        ("json", '["1","b"]'),
        ("csv", "id\n1\nb\n"),
        ("xml", f"{HEAD}\n<ids><id>1</id><id>b</id></ids>"),
    ],
)
def test_ids_are_listed(format_: str, text: str) -> None:
    assert encoded(Listing(("1", "b")), format_) == text


@pytest.mark.parametrize("format_", wire.FORMATS)
def test_text_is_bare_in_every_format(format_: str) -> None:
    assert wire.encode(Text("16.1.3"), format_) == (b"16.1.3", "text/html; charset=UTF-8")


def test_a_file_carries_its_name_in_its_content_type() -> None:
    assert wire.encode(Binary(b"\x00", "image/png", "a.png"), "json") == (
        b"\x00",
        'image/png; name="a.png";charset=UTF-8',
    )


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("Event 1", '"Event 1"'),
        ("a,b", '"a,b"'),
        ('say "x"', '"say ""x"""'),
        ("two\nlines", '"two\nlines"'),
        ("tab\there", '"tab\there"'),
        ("back\\slash", '"back\\slash"'),
        ("plain", "plain"),
        ("", ""),
        (None, ""),
        (5, "5"),
    ],
)
def test_a_csv_cell_is_quoted_when_it_holds_a_blank_or_a_mark(cell: Cell, text: str) -> None:
    assert encoded(Rows(("a", "b"), [{"a": cell, "b": "1"}]), "csv") == f"a,b\n{text},1\n"


def test_the_repeating_setup_does_not_quote_blanks() -> None:
    rows = [{"form_name": "weight", "custom_form_label": "[weight_date] [weight_time]"}]
    answer = Rows(("form_name", "custom_form_label"), rows, quote_spaces=False)
    assert encoded(answer, "csv") == (
        "form_name,custom_form_label\nweight,[weight_date] [weight_time]\n"
    )


def test_form_rights_are_pairs_in_one_quoted_csv_cell() -> None:
    row: dict[str, Cell] = {"forms": {"demographics": 1, "day_3": 2}}
    assert encoded(Rows(("forms",), [row]), "csv") == 'forms\n"demographics:1,day_3:2"\n'


def test_form_rights_are_an_object_of_numbers_in_json() -> None:
    row: dict[str, Cell] = {"forms": {"demographics": 1}}
    assert encoded(Rows(("forms",), [row]), "json") == '[{"forms":{"demographics":1}}]'


def test_form_rights_are_elements_named_after_the_form_in_xml() -> None:
    row: dict[str, Cell] = {"forms": {"demographics": 1}}
    assert "<forms><demographics>1</demographics></forms>" in encoded(
        Rows(("forms",), [row]), "xml"
    )


def test_marks_in_xml_stand_in_a_cdata_section() -> None:
    text = encoded(Rows(("a",), [{"a": "1 < 2 & ]]> 3"}]), "xml")
    assert wire.decode(text, "xml") == [{"a": "1 < 2 & ]]> 3"}]


def test_letters_beyond_ascii_are_written_as_they_are_in_json() -> None:
    assert encoded(Rows(("a",), [{"a": "é"}]), "json") == '[{"a":"é"}]'


def test_another_delimiter_parts_and_quotes_csv_cells() -> None:
    answer = Rows(("a", "b"), [{"a": "1;2", "b": "3,4"}], delimiter=";")
    assert encoded(answer, "csv") == 'a;b\n"1;2";3,4\n'


def test_a_fault_in_json_is_one_object_with_one_text() -> None:
    assert wire.encode_fault('not "x"', "json") == b'{"error":"not \\"x\\""}'


def test_a_fault_in_xml_is_escaped() -> None:
    assert wire.encode_fault("a < b", "xml").decode() == (
        f"{HEAD}<hash><error>a &lt; b</error></hash>"
    )


CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
NAMES = ("first", "second")
ROWS = st.lists(st.fixed_dictionaries(dict.fromkeys(NAMES, CELLS)), max_size=5)


@given(ROWS)
def test_json_is_read_as_it_was_written(rows: list[dict[str, str]]) -> None:
    assert wire.decode(encoded(Rows(NAMES, rows), "json"), "json") == rows


@given(ROWS)
def test_csv_is_read_as_it_was_written(rows: list[dict[str, str]]) -> None:
    assert wire.decode(encoded(Rows(NAMES, rows), "csv"), "csv") == rows


@given(ROWS)
def test_csv_is_read_by_others_as_it_was_written(rows: list[dict[str, str]]) -> None:
    text = encoded(Rows(NAMES, rows), "csv")
    assert list(csv.DictReader(io.StringIO(text, newline=""))) == rows


XML_CELLS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
    | st.sampled_from("\n\t")
)
XML_ROWS = st.lists(st.fixed_dictionaries(dict.fromkeys(NAMES, XML_CELLS)), max_size=5)


@given(XML_ROWS)
def test_xml_is_read_as_it_was_written(rows: list[dict[str, str]]) -> None:
    assert wire.decode(encoded(Rows(NAMES, rows), "xml"), "xml") == rows


@given(ROWS)
def test_xml_can_always_be_read(rows: list[dict[str, str]]) -> None:
    assert len(wire.decode(encoded(Rows(NAMES, rows), "xml"), "xml")) == len(rows)


@pytest.mark.parametrize(
    ("payload", "rows"),
    [
        ('[{"a":"1"}]', [{"a": "1"}]),
        ('{"a":"1"}', [{"a": "1"}]),
        ("[]", []),
        ('[{"a":1,"b":1.5,"c":2.0,"d":null,"e":true,"f":false}]', [
            {"a": "1", "b": "1.5", "c": "2", "d": "", "e": "1", "f": "0"}
        ]),
        ('[{"forms":{"x":1,"y":"2"}}]', [{"forms": {"x": 1, "y": 2}}]),
        ('[{"forms":[]}]', [{"forms": {}}]),
    ],
)  # fmt: skip
def test_json_is_read(payload: str, rows: list[dict[str, Cell]]) -> None:
    assert wire.decode(payload, "json") == rows


@pytest.mark.parametrize(
    ("payload", "rows"),
    [
        ("a,b\n1,2\n", [{"a": "1", "b": "2"}]),
        ("a,b\r\n1,2\r\n", [{"a": "1", "b": "2"}]),
        ("\ufeffa,b\n1,2", [{"a": "1", "b": "2"}]),
        ('a,b\n"x, ""y""\nz",2\n', [{"a": 'x, "y"\nz', "b": "2"}]),
        ("a,b\n1\n", [{"a": "1", "b": ""}]),
        ("a,b\n\n1,2\n\n", [{"a": "1", "b": "2"}]),
        ("a,b\n", []),
        ("", []),
    ],
)
def test_csv_is_read(payload: str, rows: list[dict[str, Cell]]) -> None:
    assert wire.decode(payload, "csv") == rows


def test_a_csv_cell_may_be_very_long() -> None:
    label = "x" * 200_000
    assert wire.decode(f"a,b\n{label},1\n", "csv") == [{"a": label, "b": "1"}]


@pytest.mark.parametrize("root", ["arms", "items", "records"])
def test_xml_is_read_whatever_its_root(root: str) -> None:
    payload = f"{HEAD}<{root}><item><a>1</a><b/></item><item><a>2</a></item></{root}>"
    assert wire.decode(payload, "xml") == [{"a": "1", "b": ""}, {"a": "2"}]


def test_an_xml_item_by_itself_is_a_list_of_one() -> None:
    assert wire.decode("<item><project_title>T</project_title></item>", "xml") == [
        {"project_title": "T"}
    ]


def test_elements_inside_an_xml_cell_are_form_rights() -> None:
    payload = "<users><item><forms><a>1</a><b>0</b></forms></item></users>"
    assert wire.decode(payload, "xml") == [{"forms": {"a": 1, "b": 0}}]


BOMB = '<!DOCTYPE a [<!ENTITY b "c">]><items><item><a>&b;</a></item></items>'


@pytest.mark.parametrize(
    ("payload", "format_"),
    [
        ("arm_num,name\n1,A", "xml"),
        ("", "xml"),
        ("<items>", "xml"),
        (BOMB, "xml"),
        ("<!-- <a> -->" + BOMB, "xml"),
        ("<items><item><forms><a>x</a></forms></item></items>", "xml"),
        ("", "json"),
        ("[", "json"),
        ('"text"', "json"),
        ("[1]", "json"),
        ('[{"a":[1]}]', "json"),
        ('[{"a":{"b":null}}]', "json"),
        ('[{"a":NaN}]', "json"),
        (r'[{"a":"\ud800"}]', "json"),
        ("[" * 100_000, "json"),
        ('a,b\n"1,2', "csv"),
        ("a,b\n1,2,3", "csv"),
        ("a,,c\n1,2,3", "csv"),
    ],
)
def test_what_is_not_in_the_format_is_refused(payload: str, format_: str) -> None:
    with pytest.raises(ApiFault) as refusal:
        wire.decode(payload, format_)
    assert (refusal.value.text, refusal.value.status) == (
        "The data is not in the specified format.",
        400,
    )


def test_a_word_about_document_types_inside_a_cell_is_only_text() -> None:
    payload = "<items><item><a><![CDATA[<!DOCTYPE html>]]></a></item></items>"
    assert wire.decode(payload, "xml") == [{"a": "<!DOCTYPE html>"}]


def test_data_in_a_format_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ApiFault):
        wire.decode("a", "yaml")


def test_json_answers_parse_as_json() -> None:
    assert json.loads(encoded(TWO, "json")) == [{"a": "1", "b": 2}]


def test_a_fault_in_xml_is_xml_whatever_it_quotes() -> None:
    text = ET.fromstring(wire.encode_fault("The field '\x00\x1b<a>' does not exist", "xml"))[0].text
    assert text == "The field '<a>' does not exist"


def test_a_right_beyond_any_number_is_no_payload() -> None:
    with pytest.raises(ApiFault, match="not in the specified format"):
        wire.decode('[{"forms":{"vitals":1e999}}]', "json")


def test_project_information_in_xml_is_one_row() -> None:
    text = encoded(One({"project_title": "A & B", "purpose": 0}), "xml")
    assert wire.decode(text, "xml") == [{"project_title": "A & B", "purpose": "0"}]


@pytest.mark.parametrize("text", ["<items/>", "<items><arm><name>A</name></arm></items>"])
def test_items_without_an_item_are_no_rows(text: str) -> None:
    assert wire.decode(text, "xml") == []
