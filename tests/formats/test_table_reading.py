"""Tables, CSV and JSON, under REDCap's column names, with the place of every cell."""

from __future__ import annotations

import pytest

from redcap_iac.findings import Findings, Position
from redcap_iac.formats.contents import BY_NAME
from redcap_iac.formats.table_reading import TableRow, read_table, text_of

ARMS, USERS, PROJECT = BY_NAME["arms"], BY_NAME["users"], BY_NAME["project"]


def read(text: str, content: str = "arms") -> tuple[tuple[TableRow, ...], Findings]:
    findings = Findings()
    return read_table(text, BY_NAME[content], "arms.csv", findings), findings


def test_cells_stand_under_their_columns_whatever_the_order() -> None:
    (row,), findings = read("name,arm_num\nDrug A,1\n")

    assert row.cells == {"arm_num": "1", "name": "Drug A"}
    assert findings.all() == ()


def test_a_cell_knows_file_line_and_number() -> None:
    (row,), _ = read("arm_num,name\n\n1,A\n")

    assert str(row.place("name")) == "arms.csv:3:2"


def test_json_holds_the_same_rows() -> None:
    (row,), _ = read('[{"arm_num": 1, "name": null}]')

    assert row.cells == {"arm_num": "1", "name": ""}


def test_an_empty_map_is_written_as_a_list_by_php() -> None:
    (row,), _ = read('[{"username": "jdoe", "forms": [], "design": true}]', "users")

    assert row.cells == {"username": "jdoe", "forms": "", "design": "1"}


def test_a_map_of_rights_stays_a_map() -> None:
    (row,), _ = read('[{"username": "jdoe", "forms": {"visit": 1}}]', "users")

    assert row.cells["forms"] == {"visit": "1"}
    assert row.text("forms") == ""


@pytest.mark.parametrize(
    ("text", "code", "place", "said"),
    [
        ("arm_num,nme\n1,A\n", "C103", "arms.csv:1:2", "no column nme"),
        ("arm_num,name,name\n1,A,B\n", "C103", "arms.csv:1:3", "twice"),
        ("arm_num,name\n1\n", "C104", "arms.csv:2:1", "1 cells and the header 2"),
        ("arm_num,name\n1,A,B\n", "C104", "arms.csv:2:1", "3 cells and the header 2"),
        ('arm_num,name\n1,"A\n', "C102", "arms.csv:2:1", "never closed"),
        ("", "C102", "arms.csv:1:1", "empty"),
        ("[1]", "C104", "arms.csv:1:1", "Item 1 is no object"),
        ("[", "C102", "arms.csv:1:2", "not valid JSON"),
        ('[{"arm_num": 1}]', "C103", "arms.csv:1:1", "Item 1 lacks name"),
        ('[{"arm_num": 1, "name": "A", "x": 1}]', "C103", "arms.csv:1:1", "have no x"),
    ],
)
def test_what_does_not_fit_is_an_error_with_its_place(
    text: str, code: str, place: str, said: str
) -> None:
    _, findings = read(text)

    error = findings.errors()[0]
    assert (error.code, str(error.position)) == (code, place)
    assert said in error.message


def test_a_misspelt_column_is_proposed() -> None:
    _, findings = read("arm_num,nme\n1,A\n")

    assert findings.errors()[0].advice == "Did you mean `name`?"


def test_columns_that_no_import_takes_are_read_over() -> None:
    text = "username,email,data_access_group_id,design\njdoe,j@example.org,7,1\n"

    (row,), findings = read(text, "users")

    assert findings.all() == ()
    assert row.text("design") == "1"


def test_project_information_may_grow_new_columns() -> None:
    (row,), findings = read("project_title,purpose,of_tomorrow\nA,0,1\n", "project")

    assert (row.text("project_title"), findings.all()) == ("A", ())


def test_a_guessed_encoding_is_told() -> None:
    findings = Findings()

    assert text_of("arm_num,name\n1,Gruppe Ä".encode("cp1252"), "a.csv", findings) is not None
    assert [(one.code, one.severity, one.position) for one in findings.all()] == [
        ("C102", "warning", Position("a.csv", 1))
    ]


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ('[{"arm_num": 1, "name": ["A", "B"]}]', "C104", "name is not one text"),
        ('[{"arm_num": 1, "name": {"a": "b"}}]', "C104", "name is not one text"),
        ('[{"arm_num": 1, "name": "\\ud800"}]', "C104", "name is not one text"),
        ('[{"arm_num": 1, "name": "\\u0000"}]', "C104", "name is not one text"),
        ('[{"arm_num": 1, "name": "A", "name": "B"}]', "C102", "has name twice"),
        ('[{"arm_num": 1, "name": "A", "Name": "B"}]', "C103", "has a column twice"),
        ('[{"arm_num": ' + "1" * 5000 + ', "name": "A"}]', "C102", "not valid JSON"),
        ("[" * 100_000, "C102", "not valid JSON"),
    ],
    ids=["list", "object", "half a sign", "zero", "key twice", "column twice", "number", "depth"],
)
def test_json_that_would_lose_something_is_refused(text: str, code: str, said: str) -> None:
    rows, findings = read(text)

    (error,) = findings.errors()
    assert rows == ()
    assert error.code == code
    assert said in error.message
    assert error.advice


def test_broken_json_is_told_with_line_and_column() -> None:
    _, findings = read('[{"arm_num": 1,\n "name": }]')

    assert str(findings.errors()[0].position) == "arms.csv:2:10"


def test_empty_cells_too_many_are_told() -> None:
    rows, findings = read("arm_num,name\n1,A,\n2,B\n")

    (told,) = findings.all()
    assert len(rows) == 2
    assert (told.code, str(told.severity), str(told.position)) == (
        "C104",
        "warning",
        "arms.csv:2:1",
    )
