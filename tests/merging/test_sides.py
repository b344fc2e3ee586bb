"""Fields under the names the files will have, logic included."""

from __future__ import annotations

import pytest

from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.kinds.instruments import Instrument
from redcap_iac.merging.sides import referring, under_new_names
from redcap_iac.state import State


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[age] > 17", "[age_years] > 17"),
        ("[age(1)] = '1'", "[age_years(1)] = '1'"),
        ("[week_4][age:value]", "[week_4][age_years:value]"),
        ("[ages] [age_now] age", "[ages] [age_now] age"),
        ("", ""),
    ],
)
def test_logic_names_the_new_field(text: str, told: str) -> None:
    assert referring(text, {"age": "age_years"}) == told


def test_a_state_is_looked_at_under_new_names() -> None:
    state = State(
        {
            "fields": (
                Field("age", "intake", field_label="Age"),
                Field("note", "intake", branching_logic="[age] > 17"),
            ),
            "instruments": (Instrument("intake"),),
        }
    )
    seen = under_new_names(state, {"age": "age_years"}, {"intake": "entry"})
    first, second = seen.kinds["fields"]
    assert isinstance(first, Field)
    assert isinstance(second, Field)
    assert (first.field_name, first.form_name) == ("age_years", "entry")
    assert second.branching_logic == "[age_years] > 17"
    assert seen.kinds["instruments"] == (Instrument("entry"),)
