"""Draft mode from entering to approval, seen as a client sees it: dictionary, data, log."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from redcap_iac.emulator import draft
from redcap_iac.emulator.admin import AdminError
from redcap_iac.emulator.draft import DraftError
from redcap_iac.emulator.request import Server
from redcap_iac.emulator.store import Store
from tests.emulator.conftest import MakeEmulator
from tests.emulator.designing import RECORD_ID, field, grant, put, sent, stored
from tests.emulator.drafting.production import (
    ADMIN,
    CHOICES,
    FIELDS,
    PAIN,
    SYMPTOMS,
    WEIGHT,
    drafted,
    fields_of,
    file_of,
    in_production,
    logged,
    state,
    submitted,
    summary,
)
from tests.emulator.served import Project, new_project

Where = tuple[Store, Server, int, str]
HEIGHT = field("height")


@pytest.fixture
def live(project: Project) -> Project:
    """A project in production with the fields record_id, pain, symptoms and weight."""
    return in_production(project)


def by(project: Project, username: str = "jdoe") -> Where:
    return (project.emulator.store, project.emulator.server, project.project_id, username)


def in_review(project: Project) -> Project:
    assert submitted(project, [*FIELDS, HEIGHT]) == "review"
    return project


def test_a_project_in_production_has_no_draft_by_itself(live: Project) -> None:
    assert state(live) == "none"


def test_entering_draft_mode_begins_with_the_live_dictionary(live: Project) -> None:
    draft.enter(*by(live))
    assert (state(live), summary(live).changes) == ("drafting", ())


@pytest.mark.parametrize("status", ["development", "analysis"])
def test_only_a_project_in_production_has_draft_mode(project: Project, status: str) -> None:
    project.status(status)
    with pytest.raises(DraftError, match=status):
        draft.enter(*by(project))
    assert state(project) == "none"


def test_draft_mode_cannot_be_entered_twice(live: Project) -> None:
    draft.enter(*by(live))
    with pytest.raises(DraftError, match="already"):
        draft.enter(*by(live))


def test_an_error_of_draft_mode_is_one_of_administration() -> None:
    assert issubclass(DraftError, AdminError)
    assert issubclass(DraftError, ValueError)


def test_the_api_goes_on_refusing_the_dictionary_in_draft_mode(live: Project) -> None:
    draft.enter(*by(live))
    assert live.post("metadata", data="[]").status_code == 400


def test_the_api_exports_the_live_dictionary_in_draft_mode(live: Project) -> None:
    drafted(live, [*FIELDS, HEIGHT])
    assert "height" not in fields_of(live)


def test_an_upload_replaces_the_draft_and_returns_its_fields(live: Project) -> None:
    draft.enter(*by(live))
    draft.upload(*by(live), file_of([*FIELDS, HEIGHT]))
    assert draft.upload(*by(live), file_of([RECORD_ID, PAIN])) == 2
    assert [change.field for change in summary(live).changes] == ["symptoms", "weight"]


def test_an_upload_needs_draft_mode(live: Project) -> None:
    with pytest.raises(DraftError, match="not in draft mode"):
        draft.upload(*by(live), file_of(FIELDS))


def test_an_upload_is_refused_with_the_texts_of_the_api(live: Project) -> None:
    draft.enter(*by(live))
    with pytest.raises(DraftError) as refused:
        draft.upload(*by(live), file_of([RECORD_ID, WEIGHT, WEIGHT]))
    assert str(refused.value) == (
        "The following variable/field names were duplicated. Please rename these field names so"
        " that they only appear once.\nweight (A4)"
    )
    assert summary(live).changes == ()


def test_a_row_of_type_sql_is_for_administrators(live: Project) -> None:
    rows = [*FIELDS, field("site", kind="sql", **{CHOICES: "select 1"})]
    draft.enter(*by(live))
    with pytest.raises(DraftError, match="valid field types"):
        draft.upload(*by(live), file_of(rows))
    assert draft.upload(*by(live, ADMIN), file_of(rows)) == 5


def test_while_it_is_under_review_a_draft_cannot_be_changed(live: Project) -> None:
    in_review(live)
    for act in (
        lambda: draft.upload(*by(live), file_of(FIELDS)),
        lambda: draft.submit(*by(live)),
        lambda: draft.edit_field(*by(live), "weight", {"field_label": "Mass"}),
        lambda: draft.delete_field(*by(live), "weight"),
    ):
        with pytest.raises(DraftError, match="await their review"):
            act()
    with pytest.raises(DraftError, match="already"):
        draft.enter(*by(live))


def test_an_approved_draft_is_the_live_dictionary(live: Project) -> None:
    in_review(live)
    draft.approve(*by(live, ADMIN))
    assert fields_of(live) == ["record_id", "pain", "symptoms", "weight", "height"]
    assert state(live) == "none"


def test_a_rejected_draft_stays_and_can_be_edited_again(live: Project) -> None:
    in_review(live)
    draft.reject(*by(live, ADMIN))
    assert (state(live), [change.field for change in summary(live).changes]) == (
        "drafting",
        ["height"],
    )
    assert draft.upload(*by(live), file_of(FIELDS)) == 4


def test_a_removed_draft_is_gone_with_draft_mode(live: Project) -> None:
    in_review(live)
    draft.remove(*by(live, ADMIN))
    assert (state(live), "height" in fields_of(live)) == ("none", False)


def test_a_draft_can_be_removed_before_it_is_submitted(live: Project) -> None:
    drafted(live, [*FIELDS, HEIGHT])
    draft.remove(*by(live, ADMIN))
    assert state(live) == "none"


@pytest.mark.parametrize("act", [draft.approve, draft.reject])
def test_only_what_was_submitted_is_reviewed(
    live: Project, act: Callable[[Store, Server, int, str], None]
) -> None:
    with pytest.raises(DraftError, match="not in draft mode"):
        act(*by(live, ADMIN))
    draft.enter(*by(live))
    with pytest.raises(DraftError, match="not been submitted"):
        act(*by(live, ADMIN))


@pytest.mark.parametrize("act", [draft.approve, draft.reject, draft.remove])
def test_reviewing_is_for_administrators(
    live: Project, act: Callable[[Store, Server, int, str], None]
) -> None:
    in_review(live)
    with pytest.raises(DraftError, match="only REDCap administrators"):
        act(*by(live))
    assert state(live) == "review"


def test_removing_needs_a_draft(live: Project) -> None:
    with pytest.raises(DraftError, match="not in draft mode"):
        draft.remove(*by(live, ADMIN))


def test_a_summary_needs_a_draft(live: Project) -> None:
    with pytest.raises(DraftError, match="not in draft mode"):
        summary(live)


def test_a_user_without_the_design_right_does_nothing(live: Project) -> None:
    live.of("akim")
    with pytest.raises(DraftError, match="Project Design and Setup"):
        draft.enter(*by(live, "akim"))


def test_a_user_with_the_design_right_drafts(live: Project) -> None:
    grant(live, "akim", design=1)
    draft.enter(*by(live, "akim"))
    assert state(live) == "drafting"


def test_somebody_outside_the_project_does_nothing(live: Project) -> None:
    with pytest.raises(DraftError, match="no user 'nobody'"):
        draft.enter(*by(live, "nobody"))


def test_a_user_whose_access_expired_does_nothing(live: Project) -> None:
    with live.emulator.store.transaction() as db:
        db.execute("UPDATE users SET expiration = '2026-01-01'")
    with pytest.raises(DraftError, match="no user 'jdoe'"):
        draft.enter(*by(live))


def test_an_administrator_need_not_be_in_the_project(live: Project) -> None:
    draft.enter(*by(live, ADMIN))
    assert state(live) == "drafting"


def test_a_project_that_does_not_exist_is_an_error(project: Project) -> None:
    store, server = project.emulator.store, project.emulator.server
    for act in (
        lambda: draft.enter(store, server, 9, "jdoe"),
        lambda: draft.download(store, 9),
        lambda: draft.state(store, 9),
        lambda: draft.summary(store, server, 9),
    ):
        with pytest.raises(AdminError, match="no project 9"):
            act()


def test_leaving_production_ends_draft_mode(live: Project) -> None:
    drafted(live, [*FIELDS, HEIGHT])
    live.status("development")
    live.status("production")
    assert state(live) == "none"


def test_each_step_is_logged_in_the_name_of_who_took_it(live: Project) -> None:
    in_review(live)
    draft.reject(*by(live, ADMIN))
    draft.submit(*by(live))
    draft.approve(*by(live, ADMIN))
    draft.enter(*by(live))
    draft.remove(*by(live, ADMIN))
    action = "Manage/Design "
    assert logged(live) == [
        ("jdoe", action, "Enter draft mode"),
        ("jdoe", action, "Upload data dictionary"),
        ("jdoe", action, "Request approval for production project modifications"),
        (ADMIN, action, "Reject production project modifications"),
        ("jdoe", action, "Request approval for production project modifications"),
        (ADMIN, action, "Approve production project modifications"),
        ("jdoe", action, "Enter draft mode"),
        (ADMIN, action, "Remove production project modifications"),
    ]


def test_an_automatic_approval_is_logged_as_one(make_emulator: MakeEmulator) -> None:
    live = in_production(new_project(make_emulator(auto_approval="unmodified")))
    assert submitted(live, [*FIELDS, HEIGHT]) == "automatic"
    assert logged(live)[-1][2] == "Approve production project modifications (automatic)"
    assert (state(live), fields_of(live)[-1]) == ("none", "height")


def test_a_refused_step_leaves_no_line_in_the_log(live: Project) -> None:
    draft.enter(*by(live))
    before = logged(live)
    with pytest.raises(DraftError):
        draft.upload(*by(live), file_of([RECORD_ID, WEIGHT, WEIGHT]))
    assert logged(live) == before


def test_an_approval_deletes_the_values_of_deleted_fields(live: Project) -> None:
    put(live, "1", "weight", "70")
    put(live, "1", "pain", "100")
    submitted(live, [RECORD_ID, PAIN, SYMPTOMS])
    assert stored(live, "weight") == ["70"]
    draft.approve(*by(live, ADMIN))
    assert (stored(live, "weight"), stored(live, "pain")) == ([], ["100"])


def test_an_approval_deletes_ticks_of_removed_choices_and_keeps_radio_values(
    live: Project,
) -> None:
    put(live, "1", "symptoms", "2")
    put(live, "1", "pain", "100")
    fewer = {CHOICES: "1, Cough"}, {CHOICES: "9, None"}
    submitted(live, [RECORD_ID, {**PAIN, **fewer[1]}, {**SYMPTOMS, **fewer[0]}, WEIGHT])
    draft.approve(*by(live, ADMIN))
    assert (stored(live, "symptoms"), stored(live, "pain")) == ([], ["100"])


def test_an_approval_drops_instruments_left_without_fields(project: Project) -> None:
    live = in_production(project, [*FIELDS, field("score", "scale")])
    submitted(live, FIELDS)
    draft.approve(*by(live, ADMIN))
    assert [row["instrument_name"] for row in live.rows("instrument")] == ["form_1"]


def test_new_instruments_are_open_to_who_submitted_them(live: Project) -> None:
    live.of("akim")
    submitted(live, [*FIELDS, field("score", "scale")])
    draft.approve(*by(live, ADMIN))
    forms = {row["username"]: row["forms"] for row in live.rows("user")}
    view_and_edit, no_access = 130, 128
    assert (forms["jdoe"]["scale"], forms["akim"]["scale"]) == (view_and_edit, no_access)


def test_download_gives_what_upload_takes(live: Project) -> None:
    drafted(live, [*FIELDS, HEIGHT])
    text = draft.download(live.emulator.store, live.project_id)
    assert text.startswith("Variable / Field Name,Form Name,Section Header,Field Type,Field Label,")
    draft.upload(*by(live), text)
    assert [change.field for change in summary(live).changes] == ["height"]


def test_without_a_draft_download_gives_the_live_dictionary(live: Project) -> None:
    text = draft.download(live.emulator.store, live.project_id)
    names = [line.partition(",")[0] for line in text.splitlines()[1:]]
    assert names == ["record_id", "pain", "symptoms", "weight"]


def test_the_designer_adds_a_field_last_on_its_form(project: Project) -> None:
    live = in_production(project, [*FIELDS, field("score", "scale")])
    draft.enter(*by(live))
    cells = {"form_name": "form_1", "field_type": "text", "field_label": "Height"}
    draft.edit_field(*by(live), "height", cells)
    draft.submit(*by(live))
    draft.approve(*by(live, ADMIN))
    assert fields_of(live)[-2:] == ["height", "score"]
    assert ("jdoe", "Manage/Design ", "Create project field") in logged(live)


def test_the_designer_edits_a_field_in_its_place(live: Project) -> None:
    draft.enter(*by(live))
    draft.edit_field(*by(live), "pain", {"field_label": "Pain today"})
    (change,) = summary(live).changes
    assert (change.field, change.what, change.columns) == ("pain", "modified", ("field_label",))
    assert not summary(live).reordered
    assert logged(live)[-1][2] == "Edit project field"


def test_the_designer_moves_a_field_to_the_end_of_another_form(project: Project) -> None:
    live = in_production(project, [*FIELDS, field("score", "scale")])
    draft.enter(*by(live))
    draft.edit_field(*by(live), "pain", {"form_name": "scale"})
    draft.submit(*by(live))
    draft.approve(*by(live, ADMIN))
    assert fields_of(live) == ["record_id", "symptoms", "weight", "score", "pain"]


def test_the_designer_does_not_rename_a_field(live: Project) -> None:
    draft.enter(*by(live))
    with pytest.raises(DraftError, match="renamed"):
        draft.edit_field(*by(live), "weight", {"field_name": "mass"})


def test_the_designer_refuses_what_an_upload_refuses(live: Project) -> None:
    draft.enter(*by(live))
    with pytest.raises(DraftError, match="valid field types"):
        draft.edit_field(*by(live), "weight", {"field_type": "number"})
    assert summary(live).changes == ()


def test_the_designer_deletes_a_field(live: Project) -> None:
    draft.enter(*by(live))
    draft.delete_field(*by(live), "weight")
    assert [(change.field, change.what) for change in summary(live).changes] == [
        ("weight", "deleted")
    ]
    assert logged(live)[-1][2] == "Delete project field"


@pytest.mark.parametrize(
    ("name", "told"), [("record_id", "record ID"), ("height", "no field 'height'")]
)
def test_the_designer_does_not_delete_every_name(live: Project, name: str, told: str) -> None:
    draft.enter(*by(live))
    with pytest.raises(DraftError, match=told):
        draft.delete_field(*by(live), name)


def test_labels_of_instruments_survive_an_approval(live: Project) -> None:
    with live.emulator.store.transaction() as db:
        db.execute("UPDATE forms SET label = 'Consent'")
    in_review(live)
    draft.approve(*by(live, ADMIN))
    assert live.rows("instrument")[0]["instrument_label"] == "Consent"


def test_a_draft_of_one_project_is_none_of_another(live: Project) -> None:
    other = new_project(live.emulator)
    sent(other, "metadata", FIELDS)
    other.status("production")
    draft.enter(*by(live))
    assert state(other) == "none"
