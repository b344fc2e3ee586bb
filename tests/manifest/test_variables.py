from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redcap_iac.findings import Findings
from redcap_iac.manifest.nodes import read_yaml
from redcap_iac.manifest.variables import (
    Scope,
    escaped,
    filled,
    kept,
    literal,
    names_in,
    scope_of,
)

VALUES = {"site": "Boston", "unit": "mmol/l", "lead": "A. Boyd", "none": "", "one": "1"}
HOSTILE = (
    "${", "${site}", "$${site}", "$", "$$", "}", "\"'", "'", "a: b # c", "- x", "{[", "&a *b",
    "two\nlines", "\ttab", " edge ", "%s {0} \\1 \\g<0>", "x" * 10_000,
)  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("Data of ${site}", "Data of Boston"),
        ("${site}", "Boston"),
        ("${site}${site}", "BostonBoston"),
        ("in ${unit}, ${site}", "in mmol/l, Boston"),
        ("$${site}", "${site}"),
        ("$$${site}", "$${site}"),
        ("$${", "${"),
        ("costs $5 {a} $ {site}", "costs $5 {a} $ {site}"),
        ("a${none}b", "ab"),
        ("${other} ${ ${} ${a b}", "${other} ${ ${} ${a b}"),
    ],
)
def test_a_text_is_filled(typed: str, text: str) -> None:
    assert filled(typed, VALUES) == text


@pytest.mark.parametrize("value", HOSTILE)
def test_a_value_goes_in_as_it_is_and_is_not_looked_into(value: str) -> None:
    assert filled("<${site}>", {"site": value, "x": "y"}) == f"<{value}>"


@settings(max_examples=50)
@given(st.text(st.sampled_from("$${}ab \n") | st.characters()))
def test_a_text_that_is_escaped_and_filled_is_the_same_text(text: str) -> None:
    assert filled(escaped(text), {"a": "no", "b": "no"}) == text
    assert literal(escaped(text)) == text
    assert list(names_in(escaped(text))) == []


@settings(max_examples=50)
@given(st.text().filter(lambda text: "${" not in text))
def test_a_text_without_a_variable_stays(text: str) -> None:
    assert filled(text, VALUES) == text
    assert escaped(text) == text


def test_names_are_those_a_text_asks_for() -> None:
    assert list(names_in("${b} $${c} ${a-1.x} ${} ${a b} ${b}")) == ["b", "a-1.x", "b"]


@pytest.mark.parametrize(
    ("typed", "text", "expected"),
    [
        ("Data of ${site}", "All data of Boston", "All data of ${site}"),
        ("Data of ${site}", "Boston: the data", "${site}: the data"),
        ("Data of ${site}", "Data of Lyon", "Data of Lyon"),
        ("Data of ${site}", "Boston or not Boston", "Boston or not Boston"),
        ("Data of ${site}", "Bostonians", "Bostonians"),
        ("${site} and ${site}", "Only Boston", "Only Boston"),
        ("Boston, as in ${site}", "Boston", "Boston"),
        ("${site} in ${unit}", "in mmol/l of Boston", "in ${unit} of ${site}"),
        ("a${none}b", "a b", "a b"),
        ("Item ${one}", "Item 1 of 10", "Item ${one} of 10"),
        ("Item ${one}", "Item 10", "Item 10"),
        ("Data of ${site}", "${x} of Boston", "$${x} of ${site}"),
        ("Data of ${site}", "$Boston", "$Boston"),  # `$` before a variable would escape it
        ("Data of ${other}", "Data", "Data"),
    ],
)
def test_a_variable_is_kept_where_its_text_stands_once(
    typed: str, text: str, expected: str
) -> None:
    made = kept(typed, text, VALUES)
    assert made == expected
    assert filled(made, VALUES) == text


def test_variables_whose_texts_overlap_are_written_out() -> None:
    values = {"a": "North Boston", "b": "Boston Clinic"}
    assert kept("${a} ${b}", "North Boston Clinic", values) == "North Boston Clinic"


@settings(max_examples=50)
@given(
    st.text(st.sampled_from("${}site Boston1x \n"), max_size=30),
    st.text(st.sampled_from("${}site Boston1x \n"), max_size=30),
)
def test_what_is_kept_says_the_new_text(typed: str, text: str) -> None:
    assert filled(kept(typed, text, VALUES), VALUES) == text


# which texts count


def scope(yaml: str, wanted: str = "") -> Scope:
    node = read_yaml(yaml.encode(), "redcap.yaml", Findings(), as_typed=True)
    assert node is not None
    return scope_of(node, wanted)


TWO = """\
variables: {site: Boston, unit: g}
environments:
  dev: {}
  prod: {variables: {site: Lyon, extra: "$${x}"}}
"""


def test_an_environment_goes_before_what_is_for_all() -> None:
    assert scope(TWO, "prod").values == {"site": "Lyon", "unit": "g", "extra": "${x}"}
    assert scope(TWO, "dev").values == {"site": "Boston", "unit": "g"}


def test_without_a_choice_among_several_none_counts() -> None:
    found = scope(TWO)
    assert (found.environment, found.asked) == ("", "")
    assert found.values == {"site": "Boston", "unit": "g"}


@pytest.mark.parametrize("mark", ["default: true, ", "default: True, "])
def test_the_default_counts(mark: str) -> None:
    assert scope(TWO.replace("{variables", "{" + mark + "variables")).environment == "prod"


def test_the_only_one_counts() -> None:
    assert scope(TWO.replace("  dev: {}\n", "")).environment == "prod"


def test_an_unknown_one_has_none_of_its_own() -> None:
    found = scope(TWO.replace("  dev: {}\n", ""), "prd")
    assert (found.environment, found.asked) == ("", "prd")
    assert found.values == {"site": "Boston", "unit": "g"}


@pytest.mark.parametrize("yaml", ["[a]", "variables: x\nenvironments: 7", "environments: {dev: no}",
    "variables: [a]", "variables: {a: {b: c}}", "variables:"])  # fmt: skip
def test_another_shape_has_no_variables(yaml: str) -> None:
    assert scope(yaml).values == {}
