import pytest

from redcap_iac.logic import parse, render
from redcap_iac.logic.tree import Chain, Expression, Number, Power, Prefix, Step, Text

ONE, TWO = Number("1"), Number("2")
SUM = Chain(ONE, (Step("+", TWO),))


@pytest.mark.parametrize(
    ("text", "rendered"),
    [
        ("[a]='1'AND[b]!=.5", '[a] = "1" and [b] <> .5'),
        ("! ( [a] )", "not ([a])"),
        ("([a])^(2)", "([a]) ^ (2)"),
        ("- [a]", "-[a]"),
        ("IF([a],TODAY,'')", 'IF([a], today, "")'),
        ("[ v1_arm_1 ][race( 2 ):checked][3]", "[v1_arm_1][race(2):checked][3]"),
        ("[v1_arm_1][survey-link:consent:Go][2]", "[v1_arm_1][survey-link:consent:Go][2]"),
        ("[a] # comment\n+ 1", "[a] + 1"),
    ],
)
def test_a_tree_is_rendered_in_one_spelling(text: str, rendered: str) -> None:
    assert render(parse(text)) == rendered


@pytest.mark.parametrize("value", ["", "it's", 'say "x"', "both ' and \"", "back\\slash", "end\\"])
def test_any_text_survives_its_quotes(value: str) -> None:
    assert parse(render(Text(value))) == Text(value)


@pytest.mark.parametrize(
    ("tree", "rendered"),
    [
        (Chain(SUM, (Step("*", TWO),)), "(1 + 2) * 2"),
        (Chain(TWO, (Step("-", SUM),)), "2 - (1 + 2)"),
        (Prefix("-", SUM), "-(1 + 2)"),
        (Power(Prefix("-", ONE), Prefix("-", TWO)), "(-1) ^ -2"),
        (Power(Power(ONE, TWO), TWO), "(1 ^ 2) ^ 2"),
        (Chain(Prefix("not", ONE), (Step("=", TWO),)), "(not 1) = 2"),
    ],
)
def test_a_tree_without_parentheses_gets_those_it_needs(tree: Expression, rendered: str) -> None:
    assert render(tree) == rendered
