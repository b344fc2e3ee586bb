"""A change to a CSV dictionary changes its cells or rows, and no other byte."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redcap_iac.errors import EditError
from redcap_iac.findings import Findings
from redcap_iac.formats.dictionary_csv import read_dictionary
from redcap_iac.manifest.editing.csv_text import CsvText

HEADER = "Variable / Field Name,Form Name,Field Type,Field Label,Field Note"
ROWS = ('age,visit,text,"Age, years",', "sex,visit,radio,Sex,", "lab,labs,text,Lab,x")
TEXT = "".join(f"{line}\r\n" for line in (HEADER, *ROWS))
LABELS = st.text(
    st.sampled_from("ab ,;\t\"'\n\rü#|") | st.characters(min_codepoint=32, max_codepoint=255),
    max_size=12,
)


def opened(text: str | bytes) -> CsvText:
    return CsvText(text if isinstance(text, bytes) else text.encode(), "d.csv")


def text_of(changed: CsvText) -> str:
    return changed.data().decode()


def test_a_file_nobody_changes_stays_byte_for_byte() -> None:
    changed = opened(TEXT)
    changed.set("age", "field_label", "Age, years")
    assert changed.data() == TEXT.encode()


@settings(max_examples=50, deadline=None)
@given(LABELS, st.sampled_from(",;\t"), st.sampled_from(["\n", "\r\n", "\r"]), st.booleans())
def test_any_text_in_a_cell_reads_back_and_other_lines_stay(
    label: str, delimiter: str, end: str, quoted: bool
) -> None:
    sign = '"' if quoted else ""
    rows = [
        HEADER.split(","),
        *(["f1", "visit", "text", "L", ""], ["f2", "visit", "text", "M", ""]),
    ]
    lines = [delimiter.join(f"{sign}{cell}{sign}" for cell in row) for row in rows]
    changed = opened("".join(line + end for line in lines))
    changed.set("f1", "field_label", label)
    findings = Findings()
    fields = read_dictionary(changed.data(), "d.csv", findings)
    assert [field.field_label for field in fields] == [label, "M"]
    assert findings.errors() == ()
    assert text_of(changed).startswith(lines[0] + end)
    assert text_of(changed).endswith(end + lines[2] + end)


def test_a_cell_keeps_its_quotes_and_its_row_the_rest() -> None:
    changed = opened(TEXT)
    changed.set("age", "field_label", "Age")
    changed.set("sex", "field_note", "a, b")
    assert text_of(changed) == TEXT.replace('"Age, years"', '"Age"').replace("Sex,", 'Sex,"a, b"')


def test_a_column_an_old_file_lacks_is_added_behind_the_others() -> None:
    changed = opened(TEXT)
    changed.set("age", "identifier", "")
    assert changed.data() == TEXT.encode()
    changed.set("age", "identifier", "y")
    lines = text_of(changed).split("\r\n")
    assert lines == [f"{HEADER},Identifier?", f"{ROWS[0]},y", f"{ROWS[1]},", f"{ROWS[2]},", ""]


def test_a_new_row_brings_its_columns_in_the_headers_own_words() -> None:
    changed = opened("field_name,form_name\n\na,v\n")
    changed.insert_row("a", {"field_name": "b", "form_name": "v", "field_label": "B b"})
    assert text_of(changed) == 'field_name,form_name,field_label\n\na,v,\nb,v,"B b"\n'


def test_a_column_redcap_has_not_is_refused() -> None:
    with pytest.raises(EditError, match="REDCap has no column colour"):
        opened(TEXT).set("age", "colour", "red")


def test_a_new_row_comes_behind_its_field_with_the_files_line_end() -> None:
    changed = opened(TEXT)
    row = {"field_name": "h", "form_name": "visit", "field_type": "text", "field_label": "H cm"}
    changed.insert_row("age", row)
    line = 'age,visit,text,"Age, years",\r\n'
    assert text_of(changed) == TEXT.replace(line, f'{line}h,visit,text,"H cm",\r\n')


def test_a_new_row_can_be_the_first_and_the_last() -> None:
    changed = opened(f"{HEADER}\nage,visit,text,Age,")
    changed.insert_row("age", {"field_name": "z", "form_name": "visit"})
    changed.insert_row(None, {"field_name": "a", "form_name": "visit"})
    assert text_of(changed) == f"{HEADER}\na,visit,,,\nage,visit,text,Age,\nz,visit,,,"


def test_rows_are_quoted_as_their_neighbour_is() -> None:
    changed = opened('"Variable / Field Name","Form Name"\n"a","visit"\n')
    changed.insert_row("a", {"field_name": "b", "form_name": "visit"})
    assert text_of(changed).endswith('"a","visit"\n"b","visit"\n')


def test_a_row_goes_and_moves_whole() -> None:
    changed = opened(f'{HEADER}\na,v,text,"two\nlines",\nb,v,text,B,\nc,v,text,C,')
    changed.move_row("a", "c")
    changed.remove_row("b")
    assert text_of(changed) == f'{HEADER}\nc,v,text,C,\na,v,text,"two\nlines",'


def test_a_field_gets_another_name() -> None:
    changed = opened(TEXT)
    changed.rename("sex", "gender")
    assert text_of(changed) == TEXT.replace("sex,", "gender,")
    assert changed.fields() == ("age", "gender", "lab")


ENCODINGS = [
    ("utf-8", b""),
    ("utf-8", b"\xef\xbb\xbf"),
    ("utf-16-le", b"\xff\xfe"),
    ("utf-16-be", b"\xfe\xff"),
    ("cp1252", b""),
]


@pytest.mark.parametrize(("encoding", "mark"), ENCODINGS)
def test_encoding_and_mark_stay(encoding: str, mark: bytes) -> None:
    text = TEXT.replace("Sex", "Größe")
    changed = opened(mark + text.encode(encoding))
    changed.set("lab", "field_label", "Länge")
    expected = text.replace("Lab,x", "Länge,x")
    assert changed.data() == mark + expected.encode(encoding)


def test_a_letter_the_code_page_lacks_is_refused() -> None:
    changed = opened(TEXT.replace("Sex", "Größe").encode("cp1252"))
    changed.set("lab", "field_label", "\u0416")
    with pytest.raises(EditError, match="Windows-1252, which has no letter"):
        changed.data()


def test_the_line_with_which_excel_names_the_delimiter_stays() -> None:
    text = "sep=;\n" + TEXT.replace('"Age, years"', "Age").replace(",", ";")
    changed = opened(text)
    changed.set("age", "field_label", "a;b")
    assert text_of(changed) == text.replace("text;Age;", 'text;"a;b";')


@pytest.mark.parametrize("data", [b"", b"\n\n", b"a,b\n1,2\n"])
def test_what_is_no_dictionary_is_refused(data: bytes) -> None:
    with pytest.raises(EditError, match=r"d\.csv"):
        opened(data)


def test_names_that_are_not_there_or_there_already_are_refused() -> None:
    changed = opened(TEXT)
    with pytest.raises(EditError, match="nobody is not in"):
        changed.set("nobody", "field_label", "x")
    with pytest.raises(EditError, match="nobody is not in"):
        changed.move_row("age", "nobody")
    with pytest.raises(EditError, match=r"sex is in .* already"):
        changed.rename("age", "sex")
    with pytest.raises(EditError, match=r"sex is in .* already"):
        changed.insert_row("age", {"field_name": "sex"})
