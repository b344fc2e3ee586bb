import pytest

from redcap_iac.logic import Reference, SmartVariable
from redcap_iac.logic.piping import MODIFIERS, Embedded, embedded, piped
from redcap_iac.logic.sorts import ValueSort
from tests.logic.growth import TOO_MUCH, growth


def texts(text: str) -> list[str]:
    return [one.text for one in piped(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Dear [first_name], hello", ["[first_name]"]),
        ("[a] and [b]", ["[a]", "[b]"]),
        ("[v1_arm_1][age]", ["[v1_arm_1][age]"]),
        ("[v1_arm_1] [age]", ["[v1_arm_1]", "[age]"]),
        ("[race(2):value][last-instance]", ["[race(2):value][last-instance]"]),
        ("[first_name:hideunderscore]", ["[first_name:hideunderscore]"]),
        ("You are in [arm-label].", ["[arm-label]"]),
        ("[survey-link:diary:Go on, please]", ["[survey-link:diary:Go on, please]"]),
        ('<a href="[url]">[label]</a>', ["[url]", "[label]"]),
        ("<b>[x]</b>", ["[x]"]),
        ("[url]redcap_v[version]/", ["[url]", "[version]"]),
        ("[[age]]", ["[age]"]),
        ("[optional]", ["[optional]"]),
    ],
)
def test_what_has_the_shape_of_a_field_is_piped(text: str, found: list[str]) -> None:
    assert texts(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no brackets",
        "a footnote [1]",
        "[low dose]",
        "[Number:]",
        "[yes/no]",
        "[other than x; e.g., y]",
        '["a", "b"]',
        "[]",
        "[ ]",
        "[age",
        "age]",
        "[two\nlines]",
        "[3+ symptoms]",
    ],
)
def test_other_brackets_are_text(text: str) -> None:
    assert piped(text) == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[1][age]", ["[age]"]),
        ("[age][1][2]", ["[age][1]"]),
        ("[low dose][age]", ["[age]"]),
        ("[a][b][c][d]", ["[a][b]", "[c][d]"]),
        ("[a(1)][b]", ["[a(1)]", "[b]"]),
    ],
)
def test_touching_brackets_are_read_as_far_as_they_name_something(
    text: str, found: list[str]
) -> None:
    assert texts(text) == found


def test_a_piped_value_has_its_place_and_node() -> None:
    first, second = piped("x [v_arm_1][age:value] [user-name]")

    assert first.node == Reference("age", "v_arm_1", modifiers=("value",))
    assert (first.offset, first.node.offset) == (2, 2)
    assert (second.node, second.offset) == (SmartVariable("user-name"), 23)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{age}", [Embedded("age", icons=False, offset=0)]),
        ("<td>{age:icons}</td>", [Embedded("age", icons=True, offset=4)]),
        ("{a}{b}", [Embedded("a", icons=False, offset=0), Embedded("b", icons=False, offset=3)]),
        ("p {color: red}", []),
        ("x{1,2}", []),
        ("${0}", []),
        ("{}", []),
        ("{two words}", []),
        ("{age", []),
    ],
)
def test_a_name_in_braces_is_embedded(text: str, found: list[Embedded]) -> None:
    assert list(embedded(text)) == found


def test_every_documented_modifier_is_known() -> None:
    documented = "value label checked unchecked inline link ampm day month year hideunderscore"

    assert set(MODIFIERS) == {*documented.split(), "field-label"}


@pytest.mark.parametrize(
    ("modifier", "field_type", "validation", "fits"),
    [
        ("value", "text", "", True),
        ("hideunderscore", "notes", "", True),
        ("label", "radio", "", True),
        ("label", "text", "", False),
        ("label", "file", "", True),
        ("checked", "checkbox", "", True),
        ("unchecked", "radio", "", False),
        ("inline", "file", "", True),
        ("link", "text", "", False),
        ("year", "text", "date_mdy", True),
        ("month", "text", "datetime_seconds_dmy", True),
        ("day", "text", "time", False),
        ("day", "text", "", False),
        ("ampm", "text", "time", True),
        ("ampm", "text", "datetime_ymd", True),
        ("ampm", "text", "date_ymd", False),
    ],
)
def test_a_modifier_fits_some_fields(
    modifier: str, field_type: str, validation: str, fits: bool
) -> None:
    assert MODIFIERS[modifier].fits(field_type, validation) is fits


def test_a_part_of_a_date_is_a_number_and_a_label_is_text() -> None:
    assert MODIFIERS["year"].gives is ValueSort.NUMBER
    assert MODIFIERS["label"].gives is ValueSort.TEXT


@pytest.mark.parametrize("part", ["[a]", "[", "[1]", "{a", "[a b]"])
def test_the_time_of_reading_grows_with_the_text(part: str) -> None:
    def read(text: str) -> None:
        piped(text)
        embedded(text)

    assert growth(read, lambda size: part * size, 500) < TOO_MUCH
