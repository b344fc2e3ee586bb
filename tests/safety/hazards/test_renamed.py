"""A field whose values go to a new name is looked at like one that stays."""

from __future__ import annotations

from dataclasses import replace

import pytest

from redcap_iac.kinds.dictionary.field import Field
from tests.kinds.dictionary.drafting import a_field, radio
from tests.safety.hazards.scenes import scene, told

CODES = ("H101", "H103", "H104", "H106", "H107", "H108", "H111", "H112", "H113")
SMOKE = radio("smoke", "1, Never | 2, Daily", form_name="intake", field_label="Smoking")
NOTE = a_field("note", "intake", field_label="Note", identifier="y")


def hazards(before: Field, **columns: str) -> list[tuple[str, str]]:
    after = replace(before, field_name="renamed", renamed_from=before.field_name, **columns)  # type: ignore[arg-type]
    return [(one.code, one.address) for one in told(scene((before,), (after,)), 3, *CODES)]


def test_the_new_name_alone_is_told_with_the_copy() -> None:
    assert hazards(SMOKE) == hazards(NOTE) == []


@pytest.mark.parametrize(
    ("field", "columns", "expected"),
    [
        (
            SMOKE,
            {"select_choices_or_calculations": "1, Daily | 2, Never"},
            [("H106", "choice/renamed/1"), ("H106", "choice/renamed/2")],
        ),
        (SMOKE, {"select_choices_or_calculations": "1, Never"}, []),
        (SMOKE, {"field_type": "checkbox"}, []),
        (NOTE, {"identifier": ""}, [("H113", "field/renamed")]),
        (NOTE, {"branching_logic": "[record_id] = '1'"}, [("H112", "field/renamed")]),
        (
            NOTE,
            {"text_validation_type_or_show_slider_number": "integer"},
            [("H111", "field/renamed")],
        ),
        (replace(NOTE, field_type="notes"), {"field_type": "text"}, [("H108", "field/renamed")]),
    ],
    ids=["labels", "a code less", "ticks", "identifier", "branching", "validation", "type"],
)
def test_what_else_changes_is_told_under_the_new_name(
    field: Field, columns: dict[str, str], expected: list[tuple[str, str]]
) -> None:
    assert hazards(field, **columns) == expected
