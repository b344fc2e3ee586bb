import pytest

from redcap_iac.kinds.dictionary.choices import (
    misfits,
    parsed,
    slider_labels,
    slider_text,
    written,
)


@pytest.mark.parametrize(
    "text", ["0, Female | 1, Male", "0, Female|1, Male", " 0,Female |1,  Male "]
)
def test_spacing_of_choices_means_nothing(text: str) -> None:
    # every spacing was seen in exports (recorded)
    assert parsed(text) == (("0", "Female"), ("1", "Male"))


def test_a_choice_is_split_at_its_first_comma() -> None:
    assert parsed("1, Yes, often") == (("1", "Yes, often"),)


def test_a_choice_without_a_comma_is_its_own_code() -> None:
    assert parsed("Mr. | Mrs.") == (("Mr.", "Mr."), ("Mrs.", "Mrs."))


def test_blank_parts_are_no_choices() -> None:
    assert parsed("1, A | | 2, B |") == (("1", "A"), ("2", "B"))


@pytest.mark.parametrize("text", ["1, A\n2, B", "1, A\r\n2, B\n", "1, A |\n 2, B"])
def test_choices_may_stand_one_a_line(text: str) -> None:
    # servers keep them so (recorded)
    assert parsed(text) == (("1", "A"), ("2", "B"))


def test_a_no_break_space_is_part_of_a_label() -> None:
    assert parsed("1, A\u00a0") == (("1", "A\u00a0"),)


def test_choices_are_written_in_redcaps_spacing() -> None:
    assert written((("1", "Yes"), ("0", "No"), ("9", ""))) == "1, Yes | 0, No | 9,"


@pytest.mark.parametrize(
    "pair", [("1", "A|B"), ("1", "A\nB"), ("1,5", "A"), ("1|2", "A"), ("1", "A\rB")]
)
def test_what_the_notation_cannot_carry_is_named(pair: tuple[str, str]) -> None:
    assert misfits((pair, ("2", "fine, too"))) == (pair[0],)


@pytest.mark.parametrize("text", ["none | some | worst", "0 |  | 100"])
def test_slider_labels_come_back_as_recorded(text: str) -> None:
    labels = slider_labels(text)
    assert labels is not None
    assert slider_text(labels) == text


def test_a_slider_with_an_empty_middle_has_two_labels() -> None:
    assert slider_labels("0 |  | 100") == (("left", "0"), ("right", "100"))


def test_more_than_three_slider_labels_are_no_labels() -> None:
    assert slider_labels("a|b|c|d") is None
