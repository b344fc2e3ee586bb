import codecs
import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redcap_iac.findings import Finding, Findings, Position
from redcap_iac.formats.dictionary_csv import read_dictionary, write_dictionary
from redcap_iac.kinds.dictionary.field import COLUMNS, HEADERS, Field
from tests.kinds.dictionary.drafting import a_field, radio

FIELDS = (
    a_field("record_id", field_label="Study ID"),
    radio("sex", "1, Female | 2, Male", field_label='Sex "at birth", é', field_note="a;b\tc"),
)
PAGE = write_dictionary(FIELDS)


def read(content: str | bytes) -> tuple[tuple[Field, ...], tuple[Finding, ...]]:
    findings = Findings()
    data = content.encode() if isinstance(content, str) else content
    return read_dictionary(data, "dictionary.csv", findings), findings.all()


def sound(content: str | bytes) -> tuple[Field, ...]:
    fields, findings = read(content)
    assert findings == ()
    return fields


def only(content: str | bytes) -> Finding:
    _, (finding,) = read(content)
    return finding


def table(*rows: list[str], header: tuple[str, ...] = COLUMNS, delimiter: str = ",") -> str:
    """Return rows of unquoted cells, the header first."""
    return "".join(delimiter.join(cells) + "\n" for cells in (list(header), *rows))


def row(name: str, **cells: str) -> list[str]:
    return list(a_field(name, **cells).row().values())


# what is only unusual


def test_the_header_of_the_page_is_known() -> None:
    assert sound(PAGE) == FIELDS


def test_the_header_of_the_api_is_known() -> None:
    assert sound(write_dictionary(FIELDS, page=False)) == FIELDS


def test_headers_are_known_whatever_their_case_and_blanks() -> None:
    header = tuple(f" {name.upper().replace(' ', '  ')} " for name in HEADERS if "," not in name)
    cells = row("age")
    del cells[5]
    fields, _ = read(table(cells, header=header))
    assert fields == (a_field("age"),)


def test_columns_stand_in_any_order() -> None:
    cells = row("age", field_label="Age")
    assert sound(table(cells[::-1], header=COLUMNS[::-1])) == (a_field("age", field_label="Age"),)


@pytest.mark.parametrize("width", [15, 16, 17])
def test_columns_of_newer_versions_may_be_missing(width: int) -> None:
    assert sound(table(row("age")[:width], header=COLUMNS[:width])) == (a_field("age"),)


def test_other_missing_columns_are_empty_with_a_warning() -> None:
    fields, (finding,) = read(table(row("age")[:5], header=COLUMNS[:5]))
    assert fields == (a_field("age"),)
    assert (finding.code, str(finding.severity)) == ("M254", "warning")
    assert "Branching Logic" in finding.message


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: text.encode(),
        lambda text: codecs.BOM_UTF8 + text.encode(),
        lambda text: codecs.BOM_UTF16_LE + text.encode("utf-16-le"),
        lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
        lambda text: text.encode("utf-16-le"),
        lambda text: text.encode("utf-16-be"),
    ],
)
def test_unicode_is_read_in_every_encoding(encode: object) -> None:
    assert callable(encode)
    assert sound(encode(PAGE)) == FIELDS


def test_windows_1252_is_read_with_a_warning() -> None:
    fields, (finding,) = read(PAGE.encode("cp1252"))
    assert fields == FIELDS
    assert (finding.code, str(finding.severity)) == ("M251", "warning")


def test_bytes_windows_1252_leaves_open_stay_what_they_are() -> None:
    fields, _ = read(table(row("age", field_label="L")).encode().replace(b"L", b"\x80\x81"))
    assert fields[0].field_label == "\u20ac\x81"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_delimiter_and_line_ends_are_found(delimiter: str, ending: str) -> None:
    text = table(row("a"), row("b"), delimiter=delimiter).replace("\n", ending)
    assert sound(text) == (a_field("a"), a_field("b"))


def test_commas_in_a_header_do_not_hide_the_semicolons() -> None:
    quoted = ";".join(f'"{header}"' for header in HEADERS)
    assert sound(f"{quoted}\n{';'.join(row('age'))}\n") == (a_field("age"),)


def test_the_line_by_which_excel_names_the_delimiter_is_skipped() -> None:
    fields = sound("sep=;\r\n" + table(row("a"), delimiter=";"))
    assert fields == (a_field("a"),)
    assert fields[0].at == Position("dictionary.csv", 3)


def test_blank_rows_are_skipped() -> None:
    text = table([""] * 18, row("a"), [" "] * 18, [], row("b"), [""] * 18)
    assert sound(text) == (a_field("a"), a_field("b"))


def test_empty_columns_at_the_end_are_tolerated() -> None:
    text = table([*row("a"), "", ""], header=(*COLUMNS, "", ""))
    assert sound(text) == (a_field("a"),)


def test_empty_cells_behind_the_header_are_tolerated() -> None:
    assert sound(table([*row("a"), "", ""])) == (a_field("a"),)


def test_one_row_with_an_empty_cell_too_many_is_told() -> None:
    fields, (told,) = read(table([*row("a"), ""], row("b")))

    assert fields == (a_field("a"), a_field("b"))
    assert (told.code, str(told.severity), told.address) == ("M255", "warning", "field/a")


def test_cells_keep_blanks_and_line_ends() -> None:
    fields = (a_field("a", field_label=" x\r\ny\rz\n "), a_field("b"))
    assert sound(write_dictionary(fields)) == fields


def test_a_cell_of_120_000_characters_is_read() -> None:
    fields = (a_field("a", field_label="x" * 150_000),)
    assert sound(write_dictionary(fields)) == fields


def test_the_limit_of_the_csv_module_is_left_as_it_was() -> None:
    before = csv.field_size_limit()
    sound(write_dictionary((a_field("a", field_label="x" * 150_000),)))
    assert csv.field_size_limit() == before


def test_a_field_knows_the_line_it_begins_on_and_its_cells() -> None:
    fields = sound(write_dictionary((a_field("a", field_label="1\n2\n3"), a_field("b"))))
    assert [field.at for field in fields] == [
        Position("dictionary.csv", 2),
        Position("dictionary.csv", 5),
    ]
    assert fields[1].place("field_type") == Position("dictionary.csv", 5, 4)


# what is wrong


def test_an_unknown_column_is_an_error() -> None:
    finding = only(table([*row("a"), "x"], header=(*COLUMNS, "comment")))
    assert (finding.code, finding.position) == ("M254", Position("dictionary.csv", 1, 19))
    assert finding.message == "Unknown column comment."


def test_a_misspelt_column_is_suggested_its_name() -> None:
    header = ("Variable / Feld Name", *COLUMNS[1:])
    _, findings = read(table(row("a"), header=header))
    assert findings[0].advice == "Did you mean `Variable / Field Name`?"


def test_a_column_twice_is_an_error() -> None:
    finding = only(table([*row("a"), ""], header=(*COLUMNS, "Field Label")))
    assert finding.message == "The column Field Label is there twice."


def test_content_without_a_header_is_an_error() -> None:
    finding = only(table([*row("a"), "x"], header=(*COLUMNS, "")))
    assert finding.message == "A column with content has no header."


def test_a_file_without_a_header_is_an_error() -> None:
    _, findings = read(table(row("a"), header=tuple(row("record_id"))))
    assert {finding.code for finding in findings} == {"M254"}


def test_a_required_column_is_required() -> None:
    finding = only(table(row("a")[1:], header=COLUMNS[1:]))
    assert finding.message == "The column Variable / Field Name is missing."


@pytest.mark.parametrize("content", ["", "\n\n", " , , \n"])
def test_an_empty_file_is_an_error(content: str) -> None:
    assert only(content).code == "M253"


def test_a_header_alone_is_an_error() -> None:
    assert only(table()).message == "The dictionary has no fields."


def test_columns_that_are_not_separated_are_an_error() -> None:
    assert only('"' + ",".join(COLUMNS) + '"\n').message == "The columns cannot be told apart."


def test_bytes_that_are_no_text_are_an_error() -> None:
    assert only(b"PK\x03\x04\x00\x00" + bytes(range(256))).code == "M251"


def test_half_a_character_of_utf_16_is_an_error() -> None:
    assert only(codecs.BOM_UTF16_LE + b"a").code == "M251"


def test_a_missing_comma_is_explained_with_its_line() -> None:
    cells = row("age", field_label="Age")
    text = table(row("record_id"), [*cells[:1], "visit" + cells[2], *cells[3:]])
    finding = only(text)
    assert (finding.code, finding.position, finding.address) == (
        "M255",
        Position("dictionary.csv", 3),
        "field/age",
    )
    assert finding.message == (
        "The row has 17 cells and the header 18: the field type text stands one cell to the left."
    )


def test_a_missing_comma_behind_the_type_is_found_too() -> None:
    finding = only(table(row("record_id"), row("age")[:-1]))
    assert finding.message == "The row has 17 cells and the header 18: a delimiter is missing."


def test_text_with_a_comma_outside_quotes_is_explained() -> None:
    cells = row("age")
    finding = only(table(row("record_id"), [*cells[:4], "Age", " in years", *cells[5:-1], "@X"]))
    assert finding.message == "The row has 19 cells and the header 18: a delimiter is too many."


def test_a_shift_that_keeps_the_number_of_cells_is_found() -> None:
    cells = row("age")
    finding = only(table(row("record_id"), [cells[0], "vis", "it", *cells[2:-1]]))
    assert finding.message == (
        "The cells of the row are shifted: the field type text stands one cell to the right."
    )


def test_a_field_of_a_shifted_row_is_still_known_by_name() -> None:
    fields, _ = read(table(row("record_id"), row("age")[:-1]))
    assert [field.field_name for field in fields] == ["record_id", "age"]


def test_a_type_redcap_does_not_know_is_no_shift() -> None:
    assert sound(table(row("record_id"), row("a", field_type="select")))[1].field_type == "select"


def test_a_quotation_mark_that_is_never_closed_is_an_error_at_its_row() -> None:
    text = table(row("record_id"), row("a", field_label='"open'), row("b"))
    finding = only(text)
    assert (finding.code, finding.position) == ("M252", Position("dictionary.csv", 3))
    assert "never closed" in finding.message


def test_text_behind_a_closing_quotation_mark_is_an_error() -> None:
    finding = only(table(row("record_id"), row("a", field_label='"a" b')))
    assert (finding.code, finding.position) == ("M252", Position("dictionary.csv", 3))


# writing


def test_cells_with_blanks_are_quoted_as_redcap_does() -> None:
    # the form of downloaded files (recorded)
    first, second, *_ = PAGE.splitlines()
    assert first.startswith('"Variable / Field Name","Form Name",')
    assert ",Identifier?," in first
    assert second == 'record_id,visit,,text,"Study ID",,,,,,,,,,,,,'


CELL = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)


@given(st.lists(st.fixed_dictionaries(dict.fromkeys(COLUMNS[4:], CELL)), min_size=1, max_size=4))
def test_whatever_is_written_is_read_again(rows: list[dict[str, str]]) -> None:
    fields = tuple(a_field(f"f{index}", **cells) for index, cells in enumerate(rows))
    assert sound(write_dictionary(fields)) == fields
