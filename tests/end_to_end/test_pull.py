"""Pull gives back what was applied; what is exported can be imported and changes nothing."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redcap_iac import workflow
from redcap_iac.calls import Key
from redcap_iac.changes import Normal
from redcap_iac.emulator import admin
from redcap_iac.errors import GuardError
from redcap_iac.kinds import kind_named
from redcap_iac.state import State, Unit
from tests.emulator.conftest import MakeEmulator
from tests.emulator.served import Project, new_project
from tests.end_to_end.designs import Design, designs
from tests.end_to_end.pulling import pull, pulled
from tests.end_to_end.study import Study, said
from tests.end_to_end.test_properties import SLOWLY
from tests.end_to_end.whole import AFTER

#: Each example applies twice, reads many times and pulls twice.
FEWER = settings(SLOWLY, max_examples=12)
#: Switches that a pull could notice.
SIDES = st.sampled_from(
    [{}, {"one_event_longitudinal": "longitudinal"}, {"user_import_without_dag": "keep"}]
)
#: Kinds completed from the live project: only what the manifest declares is compared.
COMPLETED = ("project", "users", "role_assignments", "dag_assignments")
#: What pull leaves out where a user has none, and what none is.
NONE: dict[str, Normal] = {"role_assignments": (("role", ""),), "dag_assignments": (("dag", ""),)}

NASTY = [
    "", " leading", "trailing ", "  ", "a: b", "- a", "# none", "x #y", "'single'", '"double"',
    "back\\slash", "tab\there", "line\nbreak", "two\n\nbreaks\n", "\n", " \n x\n", "{a: b}", "[a]",
    "*alias", "&anchor", "!tag", "%TAG", "@HIDDEN", "`tick`", "? key", "| bar", "> fold", "null",
    "~", "true", "no", "01", "1e3", "0x1F", "1:30", "2026-03-14", "=SUM(A1)", "${variable}",
    "$${escaped}", "$", "<b>bold</b>", "ünï→✓", "\u00a0nbsp\u00a0", "\u2028line", "\u200bzero",
    "a" * 5000, "x, y | z", "---", "...", "<<", "\ufeffmark", "😀",
]  # fmt: skip

#: The instrument a fresh project has.
FORM_1 = {
    "instrument": "form_1",
    "fields": {"record_id": {"type": "text", "label": "Record ID"}},
}
ANOTHER = {
    "instrument": "form_1",
    "fields": {"record_id": {"type": "text", "label": "Another"}},
}


def converge(study: Study, design: Design) -> None:
    """Apply a design; events of a classic project that came to light by it go with the second."""
    for _ in range(2):
        study.converge({**design, "manage": {"users": "additive"}})


def declared_of(study: Study) -> State:
    """Return the design a folder declares, bound to the live names and completed."""
    return study.plan(study.goal()).difference.desired.state


def normal_forms(state: State, kind_name: str) -> dict[Key, Normal]:
    kind = kind_named(kind_name)
    return {kind.key(item): kind.normal(item) for item in kind.items(state)}


def dump(project: Project) -> dict[str, Any]:
    """Return all that is kept of a project, but the log."""
    tables = json.loads(admin.dump(project.emulator.store, project.project_id))
    assert isinstance(tables, dict)
    return {name: rows for name, rows in tables.items() if name != "log"}


@FEWER
@given(design=designs(), side=SIDES)
def test_pull_after_apply_equals_the_manifest(
    make_emulator: MakeEmulator, design: Design, side: dict[str, str]
) -> None:
    emulator = make_emulator(**side)
    try:
        with tempfile.TemporaryDirectory() as root:
            folder = Path(root) / "study"
            folder.mkdir()
            study = Study(new_project(emulator), folder)
            converge(study, design)
            applied = declared_of(study)
            for csv in (False, True):
                copy = pull(study, Path(root) / f"csv {csv}", csv=csv)
                plan = copy.plan(copy.goal()).plan
                assert (plan.changes, plan.steps, plan.stopped) == ((), (), ()), said(plan)
                found = declared_of(copy)
                for kind in applied.kinds:
                    wanted, there = normal_forms(applied, kind), normal_forms(found, kind)
                    if kind in NONE:  # absent is left as found: here, as none
                        there = {**dict.fromkeys(wanted, NONE[kind]), **there}
                    if kind in COMPLETED:
                        there = {key: there[key] for key in wanted}
                    assert there == wanted, kind
                assert list(normal_forms(found, "fields")) == list(normal_forms(applied, "fields"))
    finally:
        emulator.stop()


@FEWER
@given(design=designs())
def test_what_is_exported_can_be_imported_and_changes_nothing(
    make_emulator: MakeEmulator, design: Design
) -> None:
    emulator = make_emulator()
    try:
        with tempfile.TemporaryDirectory() as folder:
            study = Study(new_project(emulator), Path(folder))
            converge(study, design)
            before = dump(study.project)
            for content in importable(study.project):
                give_back(study.project, content)
                assert dump(study.project) == before, content
    finally:
        emulator.stop()


def importable(project: Project) -> list[str]:
    """Return the contents this project can export and import."""
    about = project.rows("project")
    found = ["metadata", "dag", "userRole", "user", "userRoleMapping", "userDagMapping"]
    found = [content for content in found if project.rows(content)]
    if about["is_longitudinal"]:
        found += [name for name in ("arm", "event", "formEventMapping") if project.rows(name)]
    if about["has_repeating_instruments_or_events"]:
        found.append("repeatingFormsEvents")
    return found


def give_back(project: Project, content: str) -> None:
    """Import what was exported; people in a role cannot be imported (recorded)."""
    rows = project.rows(content)
    if content == "user":
        roles = {
            row["username"]: row["unique_role_name"] for row in project.rows("userRoleMapping")
        }
        rows = [row for row in rows if not roles.get(row["username"])]
    answer = project.post(content, "import", data=json.dumps(rows))
    assert answer.status_code == 200, f"{content}: {answer.text}"


@pytest.mark.parametrize("csv", [False, True])
def test_text_comes_back_as_it_was(study: Study, csv: bool) -> None:
    project = study.project
    fields = [
        {"field_name": f"f{number}", "form_name": "form_1", "field_type": "text",
         "field_label": text, "field_note": text, "field_annotation": text,
         "section_header": text}
        for number, text in enumerate(["Record", *NASTY])
    ]  # fmt: skip
    fields[0].update(field_note="", field_annotation="", section_header="")
    answer = project.post("metadata", "import", data=json.dumps(fields))
    assert answer.status_code == 200, answer.text
    exported = project.rows("metadata")

    copy = pull(study, study.folder / "pulled", csv=csv)

    desired = copy.goal().desired.state
    rows = [item.row() for item in kind_named("fields").items(desired)]
    assert [row["field_label"] for row in rows[1:]] == NASTY
    assert rows == exported
    assert copy.plan(copy.goal()).plan.changes == ()


def test_the_same_project_gives_the_same_files(study: Study) -> None:
    study.converge(AFTER)
    first = pulled(workflow.read(study.session))
    assert pulled(workflow.read(study.session)) == first
    forms = {row["instrument_name"] for row in study.project.rows("instrument")}
    assert set(first) == {"redcap.yaml", *(f"instruments/{form}.yaml" for form in forms)}


def with_bare_instrument(study: Study) -> None:
    """Put an instrument there as the Online Designer makes it: nothing but its status."""
    project = study.project
    with project.emulator.store.transaction() as db:
        db.execute(
            "INSERT INTO forms (project_id, form_name, label, position) VALUES (?, ?, ?, ?)",
            (project.project_id, "bare", "Bare", 9),
        )


@pytest.mark.parametrize("csv", [False, True])
def test_an_instrument_without_fields_is_pulled_too(study: Study, csv: bool) -> None:
    with_bare_instrument(study)
    copy = pull(study, study.folder / "pulled", csv=csv)
    plan = copy.plan(copy.goal()).plan
    assert (plan.changes, plan.stopped, plan.todo) == ((), (), ())
    declared = [item.name for item in kind_named("instruments").items(copy.goal().desired.state)]
    assert declared == ["form_1", "bare"]


def test_an_instrument_without_fields_is_not_lost_to_an_import(study: Study) -> None:
    with_bare_instrument(study)
    goal = study.declare({"instruments": [ANOTHER, {"instrument": "bare", "fields": {}}]})
    assert [line.partition(" ")[0] for line in study.plan(goal).plan.stopped] == ["M226"]
    with pytest.raises(GuardError, match="Instrument bare has no fields"):
        study.apply(goal)


def test_an_instrument_without_fields_that_is_left_out_is_a_deletion(study: Study) -> None:
    with_bare_instrument(study)
    goal = study.declare({"instruments": [ANOTHER]})
    with pytest.raises(GuardError, match="deletes 1 field;"):
        study.apply(goal, frozenset())
    assert study.apply(goal, frozenset({Unit.FIELDS})).is_complete
    assert [row["instrument_name"] for row in study.project.rows("instrument")] == ["form_1"]


def test_an_instrument_without_fields_that_is_left_out_stays_until_an_import(study: Study) -> None:
    with_bare_instrument(study)
    study.converge({"project": {"title": "Other"}, "instruments": [FORM_1]})
    assert len(study.project.rows("instrument")) == 2
