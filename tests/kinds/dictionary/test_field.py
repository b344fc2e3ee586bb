from redcap_iac.findings import Position
from redcap_iac.kinds.dictionary.field import COLUMNS, HEADERS, Field


def test_the_columns_are_those_of_the_api_in_its_order() -> None:
    # redcap-api design, §12.1 (documented)
    assert COLUMNS == (
        "field_name",
        "form_name",
        "section_header",
        "field_type",
        "field_label",
        "select_choices_or_calculations",
        "field_note",
        "text_validation_type_or_show_slider_number",
        "text_validation_min",
        "text_validation_max",
        "identifier",
        "branching_logic",
        "required_field",
        "custom_alignment",
        "question_number",
        "matrix_group_name",
        "matrix_ranking",
        "field_annotation",
    )


def test_every_column_has_a_header_of_the_page() -> None:
    assert len(HEADERS) == len(set(HEADERS)) == 18


def test_a_row_has_the_columns_in_order() -> None:
    assert tuple(Field("age", "visit").row()) == COLUMNS


def test_where_it_stands_is_no_part_of_what_a_field_is() -> None:
    assert Field("age", "visit", at=Position("a.yaml", 3)) == Field("age", "visit")


def test_hints_are_no_part_of_what_a_field_is() -> None:
    assert Field("age", "visit", renamed_from="years") == Field("age", "visit")


def test_a_cell_is_placed_by_its_number_in_the_row() -> None:
    field = Field("age", "visit", at=Position("d.csv", 7), places={"field_label": 5})
    assert field.place("field_label") == Position("d.csv", 7, 5)


def test_a_typed_value_is_placed_where_it_stands() -> None:
    place = Position("a.yaml", 9, 12)
    field = Field("age", "visit", at=Position("a.yaml", 7), places={"field_label": place})
    assert field.place("field_label") == place


def test_a_column_nobody_wrote_is_placed_at_its_field() -> None:
    field = Field("age", "visit", at=Position("a.yaml", 7, 3))
    assert field.place("field_note") == Position("a.yaml", 7, 3)


def test_a_live_field_has_no_place() -> None:
    assert Field("age", "visit", places={"field_label": 5}).place("field_label") is None
