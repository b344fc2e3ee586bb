"""Judging any design: no rule breaks, and nothing is told that cannot be pointed at."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redcap_iac.design import Design
from redcap_iac.findings import Severity
from redcap_iac.kinds.dictionary.field import COLUMNS, TYPES, Field
from redcap_iac.lint.judging import judge
from redcap_iac.lint.registry import all_rules
from redcap_iac.lint.settings import Settings
from redcap_iac.manifest.loader import load
from redcap_iac.manifest.writer import to_yaml
from redcap_iac.state import State
from tests.end_to_end.designs import designs
from tests.lint.judging import Texts

EXAMPLES = sorted(path.parent for path in Path(__file__).parents[2].glob("examples/*/redcap.yaml"))
EVERY = Settings(select=frozenset(rule.code for rule in all_rules()))

#: Texts that rules take apart: logic, tags, choices, markup, and what is broken of each.
_TEXT = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        [
            "[a] = 1", "[a(", "[b(1)] <> ''", "if(", "@IF([a], @HIDDEN, )", "@CALCTEXT(", "{a}",
            "1, Yes | 2, No", "|,|", "1, <b>x", "</i>", "[a][b][c]", "datediff([a],'today','x')",
            "today", "-1", "1e9", "9" * 400, "@DEFAULT='[x]' @MAXCHOICE(", "\ufeff\u200b", "//",
        ]
    ),
)  # fmt: skip


@st.composite
def rows(draw: st.DrawFn) -> tuple[Field, ...]:
    """Draw fields of which every cell may hold anything."""
    number = draw(st.integers(1, 5))
    found = []
    for index in range(number):
        cells = {column: draw(_TEXT) for column in COLUMNS}
        cells["field_name"] = draw(st.sampled_from(["a", "b", "c", "dob", f"f{index}", "", "é"]))
        cells["form_name"] = draw(st.sampled_from(["form", "other", ""]))
        cells["field_type"] = draw(st.sampled_from([*sorted(TYPES), "unknown"]))
        found.append(Field.of(cells))
    return tuple(found)


@settings(max_examples=25)
@given(rows())
def test_no_rule_breaks_on_what_a_server_could_answer(fields: tuple[Field, ...]) -> None:
    report = judge(Design(State({"fields": fields})), EVERY)
    assert [(fault.rule.code, repr(fault.error)) for fault in report.faults] == []


@settings(max_examples=25)
@given(designs())
def test_no_rule_breaks_on_a_design_with_a_schedule(design: dict[str, object]) -> None:
    text = to_yaml({**design, "version": 1})
    state = load(Path(), files=Texts({"redcap.yaml": text})).desired.state
    report = judge(Design(state), EVERY)
    assert [(fault.rule.code, repr(fault.error)) for fault in report.faults] == []


@pytest.mark.parametrize("folder", EXAMPLES, ids=lambda folder: folder.name)
def test_an_example_has_no_error(folder: Path) -> None:
    manifest = load(folder)
    report = judge(Design(manifest.desired.state), manifest.lint)
    assert report.faults == ()
    assert [one.message for one in report.findings if one.severity is Severity.ERROR] == []
