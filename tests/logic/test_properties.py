import re
from contextlib import nullcontext
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redcap_iac.logic import (
    Expression,
    LogicError,
    Reference,
    SmartVariable,
    as_text,
    evaluate,
    parse,
    render,
    ungrouped,
)
from redcap_iac.logic.action_tags import action_tags, every_tag
from redcap_iac.logic.functions import FUNCTIONS
from redcap_iac.logic.piping import embedded, piped
from redcap_iac.logic.tree import Call, Chain, Number, Power, Prefix, Step, Text, Word

VALUES = st.one_of(
    st.sampled_from(("", "0", "1", "-1", "2.5", "1e308", "-99", "today", "now", "10:30", "d", "y")),
    st.sampled_from(("2026-03-10", "0001-01-01", "9999-12-31 23:59", "2024-02-29", "NaN", "true")),
    st.text(max_size=6),
)
NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,5}", fullmatch=True)
CODES = st.from_regex(r"-?[A-Za-z0-9._]{1,4}", fullmatch=True)
EVENTS = NAMES | st.sampled_from(("event-name", "first-event-name", "previous-event-name"))
INSTANCES = st.sampled_from(("1", "27", "last-instance", "previous-instance"))
SMART = st.sampled_from(("user-dag-name", "record-name", "survey-link"))
WORDS = st.from_regex(
    r"[A-Za-z0-9é,.!'-]([A-Za-z0-9é,.!' -]{0,8}[A-Za-z0-9é,.!'-])?", fullmatch=True
)

NUMBERS = st.from_regex(r"[0-9]{1,4}(\.[0-9]{0,3})?(e[+-]?[0-9]{1,3})?", fullmatch=True)
REFERENCES = st.builds(
    Reference,
    field=NAMES,
    event=st.none() | EVENTS,
    code=st.none() | CODES,
    modifiers=st.lists(st.sampled_from(("value", "label", "checked")), max_size=2).map(tuple),
    instance=st.none() | INSTANCES,
)
LEAVES: st.SearchStrategy[Expression] = st.one_of(
    st.builds(Number, NUMBERS),
    st.builds(Text, VALUES),
    st.builds(Word, st.sampled_from(("today", "now", "true", "false"))),
    REFERENCES,
    st.builds(
        SmartVariable,
        name=SMART,
        arguments=st.lists(WORDS, max_size=2).map(tuple),
        event=st.none() | EVENTS,
        instance=st.none() | INSTANCES,
    ),
)
LEVELS = st.sampled_from(
    (("or",), ("and",), ("=", "<>", ">", ">=", "<", "<="), ("+", "-"), ("*", "/"))
)


def chains(operands: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    def of_level(operators: tuple[str, ...]) -> st.SearchStrategy[Expression]:
        steps = st.lists(
            st.builds(Step, st.sampled_from(operators), operands), min_size=1, max_size=3
        )
        return st.builds(Chain, operands, steps.map(tuple))

    return LEVELS.flatmap(of_level)


def calls(operands: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    def of_name(name: str) -> st.SearchStrategy[Expression]:
        least, most = FUNCTIONS[name].minimum, FUNCTIONS[name].maximum
        arguments = st.lists(operands, min_size=least, max_size=least + 2 if most is None else most)
        return st.builds(Call, st.just(name), arguments.map(tuple))

    return st.sampled_from(sorted(FUNCTIONS)).flatmap(of_name)


TREES: st.SearchStrategy[Expression] = st.recursive(
    LEAVES,
    lambda operands: st.one_of(
        st.builds(Prefix, st.sampled_from(("-", "+", "not")), operands),
        st.builds(Power, operands, operands),
        chains(operands),
        calls(operands),
    ),
    max_leaves=12,
)


class Anything:
    """A scope in which every field and smart variable has one value."""

    def __init__(self, stored: str) -> None:
        self.stored = stored
        self.missing_codes = frozenset({"-99"})

    def value(self, reference: Reference) -> str:  # noqa: ARG002 - the protocol's argument
        return self.stored

    def smart(self, name: str, arguments: tuple[str, ...]) -> str:  # noqa: ARG002 - as above
        return self.stored


@given(TREES)
def test_a_rendered_tree_parses_to_itself(tree: Expression) -> None:
    assert ungrouped(parse(render(tree))) == tree


@given(TREES)
def test_rendering_is_stable(tree: Expression) -> None:
    text = render(tree)

    assert render(parse(text)) == text


@given(TREES, VALUES, st.datetimes())
def test_any_expression_of_known_functions_has_a_text_or_a_storable_number(
    tree: Expression, stored: str, clock: datetime
) -> None:
    value = evaluate(tree, Anything(stored), clock)

    assert isinstance(value, str) or re.fullmatch(r"-?\d+(\.\d+)?", as_text(value))


@given(TREES, VALUES, st.integers(min_value=0, max_value=6), st.sampled_from(sorted(FUNCTIONS)))
def test_a_call_with_any_number_of_arguments_gives_a_value_or_a_logic_error(
    argument: Expression, stored: str, count: int, name: str
) -> None:
    call = Call(name, (argument,) * count)
    accepted = FUNCTIONS[name].accepts(count)

    with nullcontext() if accepted else pytest.raises(LogicError, match="does not take"):
        evaluate(call, Anything(stored), datetime(2026, 3, 10))


HOSTILE = st.text(alphabet="[]()'\"ab1. -+*/^=<>!,&|#:\n\\", max_size=30)
TOKENS = (
    "[a]", "[", "]", "(", ")", "'", '"', "and ", " or", "not ", "if(", ",", "1", ".5", "=", "<>",
    "<", "//", "/*", "*/", "#", "\n", "[e-x]", "[a(1)]", "today", "x", "“", "{a}", "\\", "&&",
)  # fmt: skip
PIECES = st.lists(st.sampled_from(TOKENS), max_size=14).map("".join)


@settings(max_examples=25)
@given(HOSTILE | PIECES | st.text(max_size=20))
def test_any_text_is_an_expression_or_a_logic_error_inside_it(text: str) -> None:
    try:
        tree = parse(text)
    except LogicError as error:
        assert 0 <= error.offset <= len(text)  # noqa: PT017 - a tree is just as good
    else:
        assert parse(render(tree)) == tree


TAG_TOKENS = (
    "@IF(", "@DEFAULT=", "@CALCTEXT(", "@A={", "@HIDDEN", "'", '"', "(", ")", ",", "}", "[a]",
    "a@b.org", " ", "\n", "//", "#", "1", "@", "\\",
)  # fmt: skip
ANNOTATIONS = st.lists(st.sampled_from(TAG_TOKENS), max_size=14).map("".join)


@settings(max_examples=25)
@given(ANNOTATIONS | st.text(max_size=20))
def test_every_argument_of_a_tag_stands_at_its_offset(annotation: str) -> None:
    for tag in every_tag(annotation):
        assert annotation[tag.offset :].startswith(f"@{tag.written}")
        for argument in tag.arguments:
            assert annotation[argument.offset :].startswith(argument.text)


@settings(max_examples=25)
@given(ANNOTATIONS)
def test_tags_of_one_level_stand_in_order(annotation: str) -> None:
    offsets = [tag.offset for tag in action_tags(annotation)]

    assert offsets == sorted(set(offsets))


@settings(max_examples=25)
@given(HOSTILE | PIECES | st.text(max_size=20))
def test_what_is_piped_stands_at_its_offset_and_reads_to_itself(text: str) -> None:
    for one in piped(text):
        assert text[one.offset :].startswith(one.text)
        assert parse(one.text) == one.node
    for inner in embedded(text):
        assert text[inner.offset + 1 :].startswith(inner.field)
