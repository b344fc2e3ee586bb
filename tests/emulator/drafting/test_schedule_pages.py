"""Pages of arms, events, designations and repeating instruments in production (§3.3)."""

from __future__ import annotations

import pytest

from redcap_iac.emulator import draft
from redcap_iac.emulator.draft import DraftError
from redcap_iac.emulator.request import Server
from redcap_iac.emulator.store import Store
from tests.emulator.conftest import MakeEmulator
from tests.emulator.designing import put, stored, unique_names
from tests.emulator.drafting.production import ADMIN, logged
from tests.emulator.served import Project, new_longitudinal

CLOSED = "Events cannot be modified in production status except by a REDCap administrator."
NEW_ARM = "arm_num,name\n2,Placebo\n"
NEW_EVENT = "event_name,arm_num,unique_event_name,custom_event_label\nEvent 3,1,,\n"
NEW_DESIGNATION = "arm_num,unique_event_name,form\n1,event_1_arm_1,form_1\n1,event_2_arm_1,form_1\n"
REPEATING = "event_name,form_name,custom_form_label\nevent_1_arm_1,form_1,\n"
UPLOADS = {
    "arms": (draft.upload_arms, NEW_ARM),
    "events": (draft.upload_events, NEW_EVENT),
    "designations": (draft.upload_designations, NEW_DESIGNATION),
}


@pytest.fixture
def closed(longitudinal: Project) -> Project:
    """A longitudinal project in production on a server where only administrators add events."""
    longitudinal.status("production")
    return longitudinal


@pytest.fixture
def open_(make_emulator: MakeEmulator) -> Project:
    """The same on a server where users may add."""
    project = new_longitudinal(make_emulator(production_events="users"))
    project.status("production")
    return project


def by(project: Project, username: str = "jdoe") -> tuple[Store, Server, int, str]:
    return (project.emulator.store, project.emulator.server, project.project_id, username)


@pytest.mark.parametrize("page", list(UPLOADS))
def test_users_find_the_pages_closed_in_production(closed: Project, page: str) -> None:
    act, text = UPLOADS[page]
    with pytest.raises(DraftError) as refused:
        act(*by(closed), text)
    assert str(refused.value) == CLOSED


@pytest.mark.parametrize("page", list(UPLOADS))
def test_administrators_add_in_production(closed: Project, page: str) -> None:
    act, text = UPLOADS[page]
    assert act(*by(closed, ADMIN), text) == text.count("\n") - 1


@pytest.mark.parametrize("page", list(UPLOADS))
def test_users_add_where_the_server_lets_them(open_: Project, page: str) -> None:
    act, text = UPLOADS[page]
    assert act(*by(open_), text) == text.count("\n") - 1


@pytest.mark.parametrize("page", list(UPLOADS))
def test_users_upload_in_development(longitudinal: Project, page: str) -> None:
    act, text = UPLOADS[page]
    assert act(*by(longitudinal), text) == text.count("\n") - 1


@pytest.mark.parametrize("page", list(UPLOADS))
def test_nobody_uploads_in_analysis(longitudinal: Project, page: str) -> None:
    longitudinal.status("analysis")
    act, text = UPLOADS[page]
    with pytest.raises(DraftError, match="analysis"):
        act(*by(longitudinal, ADMIN), text)


def test_what_was_added_shows_over_the_api(closed: Project) -> None:
    draft.upload_arms(*by(closed, ADMIN), NEW_ARM)
    draft.upload_events(*by(closed, ADMIN), NEW_EVENT)
    draft.upload_designations(*by(closed, ADMIN), NEW_DESIGNATION)
    assert unique_names(closed) == ["event_1_arm_1", "event_2_arm_1", "event_3_arm_1"]
    assert len(closed.rows("formEventMapping")) == 2


@pytest.mark.parametrize(
    ("page", "text", "told"),
    [
        (
            "arms",
            "arm_num,name\n1,Drug\n",
            "Sorry, but arms can only be renamed by REDCap administrators",
        ),
        (
            "events",
            "event_name,arm_num,unique_event_name\nBaseline,1,event_1_arm_1\n",
            (
                "Sorry, but events can only be renamed by REDCap administrators when a project is"
                " in production status"
            ),
        ),
        (
            "designations",
            "arm_num,unique_event_name,form\n1,event_2_arm_1,form_1\n",
            (
                "Since the project is in production, you are not permitted to un-designate an"
                " instrument"
            ),
        ),
        (
            "events",
            "event_name,arm_num,unique_event_name,day_offset\nEvent 1,1,event_1_arm_1,9\n",
            CLOSED,
        ),
    ],
    ids=["rename an arm", "rename an event", "un-designate", "edit an event"],
)
def test_users_neither_rename_nor_take_away(
    open_: Project, page: str, text: str, told: str
) -> None:
    before = (open_.rows("arm"), open_.rows("event"), open_.rows("formEventMapping"))
    with pytest.raises(DraftError) as refused:
        UPLOADS[page][0](*by(open_), text)
    assert str(refused.value) == told
    assert (open_.rows("arm"), open_.rows("event"), open_.rows("formEventMapping")) == before


def test_administrators_rename_and_take_away(closed: Project) -> None:
    who = by(closed, ADMIN)
    draft.upload_arms(*who, "arm_num,name\n1,Drug\n")
    draft.upload_events(*who, "event_name,arm_num,unique_event_name\nBaseline,1,event_1_arm_1\n")
    draft.upload_designations(*who, "arm_num,unique_event_name,form\n1,event_2_arm_1,form_1\n")
    assert closed.rows("arm") == [{"arm_num": 1, "name": "Drug"}]
    assert unique_names(closed) == ["baseline_arm_1", "event_2_arm_1"]
    assert [row["unique_event_name"] for row in closed.rows("formEventMapping")] == [
        "event_2_arm_1"
    ]


def test_users_may_send_again_what_is_there(open_: Project) -> None:
    text = "event_name,arm_num,unique_event_name\nEvent 1,1,event_1_arm_1\n"
    assert draft.upload_events(*by(open_), text) == 1


def test_an_upload_takes_the_faults_of_the_api(closed: Project) -> None:
    with pytest.raises(DraftError, match="is not available in project"):
        draft.upload_designations(
            *by(closed, ADMIN), "arm_num,unique_event_name,form\n1,event_9_arm_1,form_1\n"
        )


def test_uploads_are_logged_as_the_pages_do(closed: Project) -> None:
    who = by(closed, ADMIN)
    draft.upload_arms(*who, "arm_num,name\n1,Drug\n2,Placebo\n")
    draft.upload_events(*who, NEW_EVENT + "First,1,event_1_arm_1,\n")
    draft.upload_designations(*who, NEW_DESIGNATION.replace("event_1_arm_1", "first_arm_1"))
    draft.set_repeating(*who, REPEATING.replace("event_1_arm_1", "first_arm_1"))
    assert [details for _, _, details in logged(closed)] == [
        "Edit arm name/number\nArm 1: Drug",
        "Create arm\nArm 2: Placebo",
        "Edit event\nEvent: First, Arm: Drug, Days Offset: 1, Offset Range: -0/+0",
        "Create event\nEvent: Event 3, Arm: Drug, Days Offset: 3, Offset Range: -0/+0",
        "Perform instrument-event mappings",
        "Set up repeating instruments/events",
    ]
    assert {user for user, _, _ in logged(closed)} == {ADMIN}


@pytest.mark.parametrize("project", ["closed", "open_"])
def test_users_delete_nothing_in_production(request: pytest.FixtureRequest, project: str) -> None:
    live: Project = request.getfixturevalue(project)
    for act, name in ((draft.delete_events, "event_2_arm_1"), (draft.delete_arms, "1")):
        with pytest.raises(DraftError) as refused:
            act(*by(live), [name])
        assert str(refused.value) == CLOSED
    assert len(unique_names(live)) == 2


def test_administrators_delete_events_with_their_data(closed: Project) -> None:
    put(closed, "1", "record_id", "1", event="event_2_arm_1")
    draft.delete_events(*by(closed, ADMIN), ["event_2_arm_1"])
    assert stored(closed, "record_id") == []
    told = "Delete event\nEvent: Event 2, Arm: Arm 1, Days Offset: 2, Offset Range: -0/+0"
    assert logged(closed)[-1] == (ADMIN, "Manage/Design ", told)


def test_administrators_delete_arms(closed: Project) -> None:
    draft.upload_arms(*by(closed, ADMIN), NEW_ARM)
    draft.upload_events(*by(closed, ADMIN), "event_name,arm_num\nFirst,2\n")
    draft.delete_arms(*by(closed, ADMIN), ["2"])
    assert [row["arm_num"] for row in closed.rows("arm")] == [1]
    assert logged(closed)[-1][2] == "Delete arm\nArm 2: Placebo"


def test_what_is_not_there_cannot_be_deleted(closed: Project) -> None:
    with pytest.raises(DraftError, match="no event 'event_9_arm_1'"):
        draft.delete_events(*by(closed, ADMIN), ["event_9_arm_1"])
    with pytest.raises(DraftError, match="no arm '9'"):
        draft.delete_arms(*by(closed, ADMIN), ["9"])


def test_users_set_what_repeats_unless_the_server_denies_it(
    longitudinal: Project, make_emulator: MakeEmulator
) -> None:
    longitudinal.status("production")
    assert draft.set_repeating(*by(longitudinal), REPEATING) == 1
    denied = new_longitudinal(make_emulator(production_repeating="deny"))
    denied.status("production")
    with pytest.raises(DraftError) as refused:
        draft.set_repeating(*by(denied), REPEATING)
    assert str(refused.value) == CLOSED
    assert draft.set_repeating(*by(denied, ADMIN), REPEATING) == 1


def test_a_file_with_a_header_alone_stops_all_repeating(longitudinal: Project) -> None:
    draft.set_repeating(*by(longitudinal), REPEATING)
    assert draft.set_repeating(*by(longitudinal), "event_name,form_name\n") == 0
    assert longitudinal.post("repeatingFormsEvents").status_code == 400
