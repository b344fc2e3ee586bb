"""For random designs the prediction is what the emulator's draft mode says, written apart from it.

Both sides were written from the published facts alone and share no code.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from redcap_iac.emulator import draft
from redcap_iac.emulator.drafting.approval import Summary
from redcap_iac.emulator.server import Emulator
from redcap_iac.emulator.switches import Settings
from redcap_iac.formats.dictionary_csv import write_dictionary
from redcap_iac.kinds.dictionary.field import CHOICES, COLUMNS, Field
from redcap_iac.production.prediction import Approval, Prediction, Setting, predict
from tests.emulator.served import Project, new_project

CODES, LABELS = "1234", ("Red", "Green", "Blue", "Black")
WITH_CHOICES = ("radio", "dropdown", "checkbox")
RECORD_ID = Field("record_id", "form", "", "text", "ID")


@st.composite
def fields(draw: st.DrawFn, name: str) -> Field:
    """Return a field of any shape that an import takes."""
    type_ = draw(st.sampled_from((*WITH_CHOICES, "text", "notes", "yesno")))
    choices = ""
    if type_ in WITH_CHOICES:
        codes = draw(st.lists(st.sampled_from(CODES), min_size=1, max_size=4, unique=True))
        choices = " | ".join(f"{code}, {draw(st.sampled_from(LABELS))}" for code in codes)
    return Field(
        name,
        draw(st.sampled_from(("form", "other"))),
        draw(st.sampled_from(("", "About you"))),
        type_,
        draw(st.sampled_from(("How", "How often"))),
        choices,
        draw(st.sampled_from(("", "a note"))),
        identifier=draw(st.sampled_from(("", "y"))),
        required_field=draw(st.sampled_from(("", "y"))),
        branching_logic=draw(st.sampled_from(("", "[record_id] <> ''"))),
    )


@st.composite
def pairs(draw: st.DrawFn) -> tuple[tuple[Field, ...], tuple[Field, ...]]:
    """Return a live dictionary and a draft that differs from it in any way."""
    live = [draw(fields(name)) for name in ("a", "b", "c")]
    after = []
    for field in live:
        how = draw(st.sampled_from(("same", "same", "other", "cell", "gone")))
        if how == "other":
            after.append(draw(fields(field.field_name)))
        elif how == "cell":
            after.append(with_a_cell_of(field, draw(fields(field.field_name)), draw))
        elif how == "same":
            after.append(field)
    after += [draw(fields(name)) for name in draw(st.sampled_from(([], ["d"], ["d", "e"])))]
    after = list(draw(st.permutations(after)))
    return together(live), together(after)


def with_a_cell_of(field: Field, other: Field, draw: st.DrawFn) -> Field:
    column = draw(st.sampled_from((CHOICES, "field_label", "field_note", "section_header")))
    if column == CHOICES and other.field_type != field.field_type:
        return field
    return replace(field, **{column: getattr(other, column)})


def together(found: list[Field]) -> tuple[Field, ...]:
    return (RECORD_ID, *sorted(found, key=lambda field: field.form_name != "form"))


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    served = Emulator()
    served.start()
    yield served
    served.stop()


def live_project(emulator: Emulator, live: tuple[Field, ...], *, records: bool) -> Project:
    project = new_project(emulator)
    rows = [{column: getattr(field, column) for column in COLUMNS} for field in live]
    answer = project.post("metadata", action="import", data=json.dumps(rows))
    assert answer.status_code == 200, answer.text
    if records:
        saved = project.post("record", action="import", data=json.dumps([{"record_id": "1"}]))
        assert saved.status_code == 200, saved.text
    project.status("production")
    draft.enter(emulator.store, emulator.server, project.project_id, "jdoe")
    return project


def summaries(project: Project) -> Iterator[tuple[Setting, Summary]]:
    """Yield what the emulator says under each setting."""
    server = project.emulator.server
    for setting in Setting:
        chosen = Settings(chosen=(("auto_approval", str(setting)),))
        yield (
            setting,
            draft.summary(
                project.emulator.store, replace(server, settings=chosen), project.project_id
            ),
        )


def flags_of(found: Prediction | Summary, retyped: frozenset[str]) -> dict[str, frozenset[str]]:
    """Return flags by field; with another type the facts leave open what is flagged."""
    changes = found.fields if isinstance(found, Prediction) else found.changes
    return {
        one.field: frozenset(flag.casefold() for flag in one.flags)
        for one in changes
        if one.field not in retyped
    }


def critical_of(found: Prediction | Summary) -> dict[str, bool]:
    if isinstance(found, Prediction):
        return {one.field: one.is_critical for one in found.fields}
    return {one.field: one.critical for one in found.changes}


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(pairs(), st.booleans())
def test_flags_and_approval_are_what_draft_mode_says(
    emulator: Emulator, both: tuple[tuple[Field, ...], tuple[Field, ...]], records: bool
) -> None:
    live, after = both
    assume(live != after)
    project = live_project(emulator, live, records=records)
    draft.upload(
        emulator.store, emulator.server, project.project_id, "jdoe", write_dictionary(after)
    )
    before = {field.field_name: field.field_type for field in live}
    retyped = frozenset(
        field.field_name
        for field in after
        if before.get(field.field_name, field.field_type) != field.field_type
    )
    foretold = predict(live, after)
    for setting, said in summaries(project):
        assert critical_of(foretold) == critical_of(said)
        assert foretold.critical == said.critical
        assert flags_of(foretold, retyped) == flags_of(said, retyped)
        approval = foretold.approval(setting, 1 if records else 0)
        assert (approval is Approval.AUTOMATIC) == said.automatic
