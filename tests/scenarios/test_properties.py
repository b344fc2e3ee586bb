"""Whatever a design and its scenarios say, they end with findings and never with a crash."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from redcap_iac.design import Design
from redcap_iac.findings import Severity
from redcap_iac.kinds.dictionary.field import TYPES, Field
from redcap_iac.position import Position
from redcap_iac.scenarios import Claim, Expectation, Given, Scenario, Suite, Viewer, Word, run
from redcap_iac.scenarios.drafting import drafts
from redcap_iac.state import State
from tests.scenarios.forms import NOW

NAMES = ("a", "b", "c", "d")
AT = Position("tests/a.test.yaml", 1)
LOGIC = st.sampled_from(
    [
        "", "[a] = '1'", "[b] > 3 or [c(1)] = '1'", "[d] = [a] and not ([b] = '')", "[a]",
        "[x_arm_1][a] = 1", "[a][last-instance] = '1'", "[form_1_complete] = '2'", "[a] +",
        "nothing([a])", "[user-name] = 'jdoe'", "[d][previous-instance] <> 3", "if([a], [b], [c])",
        "[record_id] = '1'", "(" * 30 + "[a]" + ")" * 30, "datediff([a], today, 'd') > 3",
    ]
)  # fmt: skip
ANNOTATIONS = st.sampled_from(
    [
        "", "@HIDDEN", "@READONLY", "@DEFAULT='1'", "@DEFAULT='[a]'", "@SETVALUE=\"[b:label]\"",
        "@IF([a]='1', @HIDDEN, @DEFAULT='x')", "@IF([a]", "@CALCTEXT([b])", "@NOW-UTC",
        "@CALCDATE([a])", "@CALCDATE([a], 3, 'd')", "@TODAY",
        "@NOW", "@USERNAME", "@HIDECHOICE='1'", "@SHOWCHOICE='2'",
        "@MAXCHOICE(1=2)", "@IF([b]='', @CALCTEXT(today), '')", "@calctext([a])", "@@", "@DEFAULT",
    ]
)  # fmt: skip
VALUES = st.sampled_from(["", "1", "2", "3.5", "2026-01-15", "Yes", "x", "[a]", "1e400", "é" * 9])
WORDS = VALUES.map(lambda text: Word(text, AT))


@st.composite
def designs(draw: st.DrawFn) -> Design:
    fields = [Field("record_id", "form_1", field_type="text")]
    for name in NAMES:
        kind = draw(st.sampled_from(sorted(TYPES)))
        column_f = "1, Yes | 2, No" if kind in ("radio", "dropdown", "checkbox") else ""
        if kind == "calc":
            column_f = draw(LOGIC)
        fields.append(
            Field(
                name, draw(st.sampled_from(["form_1", "form_2"])), field_type=kind,
                select_choices_or_calculations=column_f,
                text_validation_type_or_show_slider_number=draw(
                    st.sampled_from(["", "integer", "date_ymd"])
                ) if kind == "text" else "",
                branching_logic=draw(LOGIC), field_annotation=draw(ANNOTATIONS),
                required_field=draw(st.sampled_from(["", "y"])),
            )
        )  # fmt: skip
    fields.sort(key=lambda field: field.form_name)
    return Design(State({"fields": tuple(fields)}))


NAMED = st.sampled_from([*NAMES, "record_id", "form_1_complete", "nope", "*"])
PLACES = st.none() | st.sampled_from(["form_1", "form_2", "form_1/2", "x_arm_1"]).map(
    lambda text: Word(text, AT)
)
SCENARIOS = st.builds(
    Scenario,
    st.just(Word("A story", AT)),
    st.lists(
        st.builds(Given, NAMED.map(lambda text: Word(text, AT)), st.tuples(WORDS), st.none()),
        max_size=4,
    ).map(tuple),
    st.lists(
        st.builds(
            Expectation,
            st.sampled_from(Claim),
            NAMED.map(lambda text: Word(text, AT)),
            st.just(AT),
            st.tuples(WORDS),
            PLACES,
        ),
        min_size=1,
        max_size=4,
    ).map(tuple),
    PLACES,
    st.builds(Viewer, st.booleans()),
)


@settings(max_examples=50)
@given(design=designs(), scenario=SCENARIOS)
def test_nothing_a_scenario_says_ends_in_a_crash(design: Design, scenario: Scenario) -> None:
    outcome = run(design, [Suite("tests/a.test.yaml", (scenario,))], NOW, dialects=True)
    (result,) = outcome.results
    assert result.passed is not any(one.severity is Severity.ERROR for one in result.findings)
    assert 0 <= outcome.coverage.seen <= outcome.coverage.total


@settings(max_examples=25)
@given(design=designs())
def test_nothing_in_a_design_keeps_a_draft_from_being_made(design: Design) -> None:
    drafted = list(drafts(design, NOW))
    assert len(drafted) == 2 * sum(bool(one.branching_logic) for one in design.fields)
