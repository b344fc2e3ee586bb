import pytest

from redcap_iac.logic.action_tags import Form, Tag, action_tags, every_tag
from tests.logic.growth import TOO_MUCH, growth


def only(text: str) -> Tag:
    (tag,) = action_tags(text)
    return tag


@pytest.mark.parametrize(
    ("text", "form", "argument"),
    [
        ('@DEFAULT="a b"', Form.TEXT, "a b"),
        ("@DEFAULT='a b'", Form.TEXT, "a b"),
        ("@DEFAULT = 'OK'", Form.TEXT, "OK"),
        ("@DEFAULT=''", Form.TEXT, ""),
        ('@DEFAULT="it\'s"', Form.TEXT, "it's"),
        ('@DEFAULT="[first_name] (x), [y]"', Form.TEXT, "[first_name] (x), [y]"),
        ("@DEFAULT='[v1_arm_1][x]'", Form.TEXT, "[v1_arm_1][x]"),
        ("@DEFAULT='@home'", Form.TEXT, "@home"),
        ("@DEFAULT='two\nlines'", Form.TEXT, "two\nlines"),
        ("@CHARLIMIT=20", Form.BARE, "20"),
        ("@HIDECHOICE=1,2", Form.BARE, "1,2"),
        ("@NONEOFTHEABOVE=-9", Form.BARE, "-9"),
        ("@SETVALUE=[race(2)]", Form.BARE, "[race(2)]"),
        ("@MAXCHOICE(1=25,2=30)", Form.PARENTHESES, "1=25"),
        ("@INLINE(50%)", Form.PARENTHESES, "50%"),
        ('@CHECKED={"when":"[x]=\'}\'","n":{"a":1}}', Form.BRACES, None),
    ],
)
def test_an_argument_is_read_in_every_form(text: str, form: Form, argument: str | None) -> None:
    tag = only(text)

    assert (tag.form, tag.closed) == (form, True)
    assert tag.arguments[0].text == (text.partition("=")[2] if argument is None else argument)


@pytest.mark.parametrize("text", ["@HIDDEN", "@HIDDEN (see below)", "@HIDDEN, later", "(@HIDDEN)"])
def test_a_tag_without_argument_has_none(text: str) -> None:
    assert only(text) == Tag("HIDDEN", Form.NONE, (), text.index("@"), written="HIDDEN")


def test_a_tag_in_parentheses_keeps_them_out_of_its_argument() -> None:
    assert only("(@CHARLIMIT=20)").arguments[0].text == "20"


def test_tags_stand_in_order_beside_free_text() -> None:
    text = "Ask at visit 1. @HIDDEN-SURVEY @DEFAULT='1' owner: a@b.org, x@y @READONLY"

    assert [tag.name for tag in action_tags(text)] == ["HIDDEN-SURVEY", "DEFAULT", "READONLY"]


@pytest.mark.parametrize(
    "text", ["", "a@b.org", "no tag", "@", "@ HIDDEN", "@1", "@@HIDDEN", "@.OFF.HIDDEN"]
)
def test_what_is_no_tag_is_a_remark(text: str) -> None:
    assert action_tags(text) == ()


def test_tags_of_external_modules_are_kept() -> None:
    tags = action_tags("@INSTANCETABLE=diary\n@INSTANCETABLE_HIDEINSTANCECOL @EM-TAG='x'")

    assert [tag.name for tag in tags] == [
        "INSTANCETABLE",
        "INSTANCETABLE_HIDEINSTANCECOL",
        "EM-TAG",
    ]


def test_a_name_ends_before_a_trailing_hyphen() -> None:
    assert only("@HIDDEN- so").name == "HIDDEN"


def test_the_name_is_kept_as_it_is_written() -> None:
    assert (only("@hidden-Survey").name, only("@hidden-Survey").written) == (
        "HIDDEN-SURVEY",
        "hidden-Survey",
    )


def test_if_chooses_between_tags() -> None:
    tag = only("@IF([x]=\"1\", @HIDECHOICE='3' @READONLY, @HIDDEN)")

    assert [part.text for part in tag.arguments] == [
        '[x]="1"', "@HIDECHOICE='3' @READONLY", "@HIDDEN",
    ]  # fmt: skip
    assert [inner.name for inner in tag.then] == ["HIDECHOICE", "READONLY"]
    assert [inner.name for inner in tag.otherwise] == ["HIDDEN"]


def test_an_empty_branch_holds_no_tag() -> None:
    tag = only("@IF([a] = '',@SETVALUE='2025','')")

    assert ([inner.name for inner in tag.then], tag.otherwise) == (["SETVALUE"], ())


def test_if_may_stand_inside_if() -> None:
    text = "@IF([r]='1', @HIDDEN, @IF([r]='(2', @DEFAULT='a, b', '')) @NOW"

    assert [tag.name for tag in every_tag(text)] == ["IF", "HIDDEN", "IF", "DEFAULT", "NOW"]


def test_offsets_of_inner_tags_count_from_the_start_of_the_annotation() -> None:
    text = "note @IF([r]=1, @IF([s]=2, @DEFAULT='x', ''), '')"
    tags = {tag.name: tag for tag in every_tag(text)}

    assert tags["DEFAULT"].offset == text.index("@DEFAULT")
    assert tags["DEFAULT"].arguments[0].offset == text.index("x'")


def test_a_calculation_is_kept_whole() -> None:
    tag = only("@CALCTEXT(if([a]), 'x, y', 'z')")

    assert tag.inside is not None
    assert tag.inside.text == "if([a]), 'x, y', 'z'"
    assert len(tag.arguments) == 3


def test_a_date_calculation_has_three_expressions() -> None:
    tag = only("@CALCDATE(if([u]='1', [a], [b]), -30, 'd')")

    assert [part.text for part in tag.arguments] == ["if([u]='1', [a], [b])", "-30", "'d'"]


def test_a_comment_in_a_calculation_is_no_part_of_its_shape() -> None:
    tag = only("@CALCTEXT(\n// don't (ever)\nif([a]=1, 'x', 'y'))")

    assert tag.closed
    assert len(tag.arguments) == 1


@pytest.mark.parametrize("text", ["@IF ([a]=1, @NOW, '')", "@CALCTEXT (1)", "@MAXCHOICE (1=2)"])
def test_a_blank_may_stand_before_parentheses_that_a_tag_always_has(text: str) -> None:
    assert only(text).form is Form.PARENTHESES


@pytest.mark.parametrize(
    ("text", "argument"),
    [
        ("@IF([a]=1, @NOW", "[a]=1"),
        ("@CALCTEXT(if([a]=1, 'x', 'y')", "if([a]=1, 'x', 'y')"),
        ('@DEFAULT="abc', "abc"),
        ("@DEFAULT='abc\"", 'abc"'),
        ('@CHECKED={"a":1', '{"a":1'),
    ],
)
def test_a_tag_that_is_never_closed_is_found(text: str, argument: str) -> None:
    tag = only(text)

    assert (tag.closed, tag.arguments[0].text) == (False, argument)


def test_tags_on_the_lines_after_an_unclosed_text_are_read() -> None:
    assert [tag.name for tag in action_tags('@DEFAULT="abc\n@READONLY')] == ["DEFAULT", "READONLY"]


@pytest.mark.parametrize(
    "part", ["@IF(", "@IF([a],@A,'')", "@A={", "@A=' ", "@", "@IF([a], // x\n"]
)
def test_the_time_of_reading_grows_with_the_annotation(part: str) -> None:
    def read(text: str) -> None:
        list(every_tag(text))

    assert growth(read, lambda size: part * (size + 1), 500) < TOO_MUCH


def test_if_is_taken_apart_to_a_bounded_depth() -> None:
    text = "@IF([a]=1, " * 500 + "@NOW" + ", '')" * 500

    assert 10 < sum(tag.name == "IF" for tag in every_tag(text)) < 500
