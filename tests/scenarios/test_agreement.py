"""What a scenario computes is what the emulator stores when the same values are imported."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redcap_iac.design import Design
from redcap_iac.emulator.server import Emulator
from redcap_iac.emulator.switches import Settings
from redcap_iac.emulator.versions import Version
from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.scenarios.coverage import Seen
from redcap_iac.scenarios.expressions import Expressions
from redcap_iac.scenarios.place import Page, Place
from redcap_iac.scenarios.playing import play
from redcap_iac.scenarios.scope import Circumstances
from redcap_iac.state import State
from tests.emulator.served import Project
from tests.emulator.studies import classic, field, send
from tests.scenarios.forms import NOW

ENTERED = {
    "height": st.sampled_from(["", "0", "1.8", "-2", "175"]),
    "weight": st.sampled_from(["", "80", "0.1", "1e3"]),
    "dob": st.sampled_from(["", "1990-04-01", "2026-03-14", "2000-02-29"]),
    "sex": st.sampled_from(["", "0", "1"]),
    "comments": st.sampled_from(["", "yes", "Yes", "12", "2026-01-01", " "]),
}
TICKS = st.sets(st.sampled_from(["1", "2", "A-1"]))
#: Expressions over what is entered and over one another.
FORMULAS = (
    "[weight] + [height]",
    "sum([weight], [height], [sex])",
    "if([sex] = '1', [c0], [weight] * 2)",
    "if([comments] = 'yes' or [race(2)] = '1', 1, 0)",
    "datediff([dob], 'today', 'y')",
    "age_at_date([dob], 'today')",
    "[race(1)] + [race(2)] + [race(A-1)] + [race(a-1)]",
    "round([c4], 2) - [c1]",
    "if([dob] > '2000-01-01', 'young', '')",
    "[comments]",
    "[height] ^ 2",
    "if([height] < 5 and [weight] <> '', [c3], [weight] / [height])",
)
TEXTS = (
    "if([sex:label] = 'Male', 'm', concat([comments], '-', [c1]))",
    "left([dob], 4)",
)
#: The second and third rest on what the ones before show.
BRANCHES = (
    "[height] = '' or [sex] <> '1' and [race(2)] = '1'",
    "[s0] = '1' and ([c2] > 100 or [dob] < '2000-01-01')",
    "[s1] <> '' or datediff([dob], 'today', 'y') >= 18",
)
MORE = (
    *(
        field(f"c{number}", "calc", form="vitals", choices=text)
        for number, text in enumerate(FORMULAS)
    ),
    *(
        field(f"t{number}", form="vitals", field_annotation=f"@CALCTEXT({text})")
        for number, text in enumerate(TEXTS)
    ),
    field(
        "due", form="vitals", validation="date_ymd",
        field_annotation="@CALCDATE([dob], [weight], 'd')",
    ),
    field("later", form="vitals", validation="datetime_ymd",
          field_annotation="@CALCDATE([due], 1.5, 'h')"),
    *(
        field(f"s{number}", form="vitals", branching_logic=text)
        for number, text in enumerate(BRANCHES)
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Both:
    """One design on both sides."""

    project: Project
    design: Design
    expressions: Expressions


@pytest.fixture(scope="module")
def both() -> Iterator[Both]:
    emulator = Emulator(
        None, Settings(Version.parse("16.1.3"), ()), clock=lambda: NOW, chance=random.Random(1)
    )
    emulator.start()
    try:
        project = classic(emulator, *MORE)
        fields = tuple(Field.of(row) for row in project.rows("metadata"))
        design = Design(State({"fields": fields}))
        yield Both(project, design, Expressions(design))
    finally:
        emulator.stop()


@settings(max_examples=30)
@given(values=st.fixed_dictionaries(ENTERED), ticks=TICKS)
def test_a_scenario_computes_what_the_emulator_stores(
    both: Both, values: dict[str, str], ticks: set[str]
) -> None:
    row = {**values, **{f"race___{code.lower().replace('-', '_')}": "1" for code in ticks}}
    unticked = {f"race___{code}": "0" for code in ("1", "2", "a_1")}
    send(both.project, {"record_id": "1", **unticked, **row}, overwriteBehavior="overwrite")
    (stored,) = both.project.rows("record")

    entered = {name: (text,) for name, text in values.items() if text}
    given_values = {Place(): {**entered, "race": tuple(sorted(ticks))}}
    pages = (Page(Place(), "demographics"), Page(Place(), "vitals"))
    around = Circumstances(both.design, NOW)
    played = play(around, both.expressions, given_values, pages, Seen())

    for computed in [one["field_name"] for one in MORE if not one["branching_logic"]]:
        seen = next(seen for key, seen in played.seen.items() if key[1] == computed)
        assert "".join(seen.values) == stored[computed], computed


@settings(max_examples=10)
@given(values=st.fixed_dictionaries(ENTERED), ticks=TICKS)
def test_a_page_shows_what_the_emulator_lets_through_as_a_filter(
    both: Both, values: dict[str, str], ticks: set[str]
) -> None:
    # where the page erases what it hides; a server alone never does
    entered = {name: (text,) for name, text in {**values, "s0": "1", "s1": "1"}.items() if text}
    given_values = {Place(): {**entered, "race": tuple(sorted(ticks))}}
    pages = (Page(Place(), "demographics"), Page(Place(), "vitals"))
    played = play(Circumstances(both.design, NOW), both.expressions, given_values, pages, Seen())
    seen = {name: one for (_, name), one in played.seen.items()}

    row = {f"race___{code}": str(int(code in ticks)) for code in ("1", "2")}
    row |= {name: "".join(seen[name].values) for name in (*ENTERED, "s0", "s1")}
    row["race___a_1"] = str(int("A-1" in ticks))
    send(both.project, {"record_id": "1", **row}, overwriteBehavior="overwrite")

    for number, branch in enumerate(BRANCHES):
        passes = bool(both.project.rows("record", filterLogic=branch))
        assert passes == (not seen[f"s{number}"].hidden_by), branch
