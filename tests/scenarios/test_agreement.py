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

    for computed in [one["field_name"] for one in MORE]:
        seen = next(seen for key, seen in played.seen.items() if key[1] == computed)
        assert "".join(seen.values) == stored[computed], computed
