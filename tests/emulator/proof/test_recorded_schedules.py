"""Recorded answers about arms, events, designations and repeating: a like project answers so."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from redcap_iac.emulator.server import Emulator
from tests.emulator.conftest import MakeEmulator
from tests.emulator.odm.creating import created
from tests.emulator.proof import recorded
from tests.emulator.proof.recorded import Table
from tests.emulator.served import Project, new_project

pytestmark = recorded.NEEDS_CORPUS
#: Where a recording and the project file it belongs to are twins.
TWINS = (
    ("OuhscBbmc__redcapr-longitudinal.xml", "OuhscBbmc__redcapr-longitudinal-arm.csv", "arm"),
    ("OuhscBbmc__redcapr-longitudinal.xml", "OuhscBbmc__redcapr-longitudinal-event.csv", "event"),
    (
        "OuhscBbmc__redcapr-arm-multiple-delete.xml",
        "OuhscBbmc__redcapr-arm-multiple-delete-arm.csv",
        "arm",
    ),
    (
        "OuhscBbmc__redcapr-arm-multiple-delete.xml",
        "OuhscBbmc__redcapr-arm-multiple-delete-event.csv",
        "event",
    ),
)


def made(emulator: Emulator, file: str) -> Project:
    return created(emulator, (recorded.XML / file).read_text(encoding="utf-8"))


def with_forms(project: Project, names: Iterable[str]) -> None:
    """Give a project instruments, in this order, with one field each."""
    rows = [
        {"field_name": f"in_{name}", "form_name": name, "field_type": "text", "field_label": name}
        for name in dict.fromkeys(names)
    ]
    recorded.take(project, "metadata", rows)


def scheduled(emulator: Emulator, arms: Table, events: Table, forms: Iterable[str]) -> Project:
    """Make a longitudinal project with these arms and events, in their order."""
    project = new_project(emulator)
    with_forms(project, forms)
    recorded.take(project, "arm", recorded.only(arms, "arm_num", "name"), override=1)
    recorded.take(project, "event", recorded.only(events, "event_name", "arm_num"), override=1)
    recorded.take(project, "project_settings", [{"is_longitudinal": "1"}])
    return project


def kept_as_saved(rows: Table) -> Table:
    """Ids differ between servers; quotes and the last line end of these files were edited."""
    return recorded.without(rows, "event_id")


@pytest.mark.parametrize(("xml", "file", "content"), TWINS)
def test_the_project_file_and_the_recording_agree(
    emulator: Emulator, xml: str, file: str, content: str
) -> None:
    project = made(emulator, xml)
    answered = recorded.from_csv(recorded.csv_of(project, content))
    expected = recorded.from_csv(recorded.raw(file))
    assert list(answered[0]) == list(expected[0])
    assert kept_as_saved(answered) == kept_as_saved(expected)


def test_designations_of_two_arms_in_the_recorded_order(emulator: Emulator) -> None:
    project = made(emulator, "OuhscBbmc__redcapr-longitudinal.xml")
    file = "OuhscBbmc__redcapr-event-instruments-2-arms-retrieve-both-arms.R"
    answered = project.rows("formEventMapping")
    assert recorded.as_text(answered) == recorded.source(file)
    assert {type(row["arm_num"]) for row in answered} == {int}


def test_no_designation_is_a_header_line(emulator: Emulator) -> None:
    arms = [{"arm_num": "1", "name": "Arm 1"}]
    visits = [{"event_name": f"Event {number}", "arm_num": "1"} for number in (1, 2)]
    project = scheduled(emulator, arms, visits, ["form_1"])
    answered = recorded.csv_of(project, "formEventMapping")
    assert answered == "arm_num,unique_event_name,form\n"
    assert recorded.source("OuhscBbmc__redcapr-event-instruments-1-arm.R") == []


def test_designations_of_a_classic_project_are_refused(project: Project) -> None:
    """The client turns the refusal into a table without columns."""
    assert recorded.source("OuhscBbmc__redcapr-event-instruments-no-arms.R") == []
    answer = project.post("formEventMapping", format="csv")
    assert answer.status_code == 400
    assert answer.text == "ERROR: You cannot export form/event mappings for classic projects"


def test_arms_and_events_of_a_client_project_byte_by_byte(make_emulator: MakeEmulator) -> None:
    """The server was of before 12.5: no event ids."""
    arms = recorded.raw("vubiostat__redcapapi-arms.csv")
    events = recorded.raw("vubiostat__redcapapi-events.csv")
    emulator = make_emulator("12.4.0")
    project = scheduled(emulator, recorded.from_csv(arms), recorded.from_csv(events), ["form_1"])
    assert recorded.csv_of(project, "arm") == arms
    assert recorded.csv_of(project, "event") == events


def test_designations_of_a_client_project_byte_by_byte(emulator: Emulator) -> None:
    arms = recorded.from_csv(recorded.raw("vubiostat__redcapapi-arms.csv"))
    events = recorded.from_csv(recorded.raw("vubiostat__redcapapi-events.csv"))
    content = recorded.raw("vubiostat__redcapapi-instrumentdesignations.csv")
    pairs = recorded.from_csv(content)
    project = scheduled(emulator, arms, events, [row["form"] for row in pairs])
    recorded.take(project, "formEventMapping", pairs)
    assert recorded.csv_of(project, "formEventMapping") == content


def test_the_designations_of_the_upload_page_are_those_of_the_api(emulator: Emulator) -> None:
    """The page ends lines with CR and LF and leaves the last one open."""
    content = recorded.raw("CCTC-team__rsvc-instrument-designation.csv")
    visits = [
        ("Event 1", "1"),
        ("Event 2", "1"),
        ("Event Three", "1"),
        ("Event 4", "1"),
        ("Event One", "2"),
        ("Event 1", "3"),
        ("Event 1", "4"),
    ]
    events = [{"event_name": name, "arm_num": arm} for name, arm in visits]
    arms = [{"arm_num": str(number), "name": f"Arm {number}"} for number in (1, 2, 3, 4)]
    forms = ("text_validation", "data_types", "survey", "consent")
    project = scheduled(emulator, arms, events, forms)
    answer = project.post("formEventMapping", "import", format="csv", data=content)
    assert answer.text == "13"
    answered = recorded.csv_of(project, "formEventMapping")
    assert answered == content.replace("\r\n", "\n") + "\n"


def test_a_schedule_kept_by_a_client_is_answered_table_by_table(emulator: Emulator) -> None:
    file = "vubiostat__redcapapi-project-repeatinginstrument.Rdata"
    events = recorded.member(file, "events")
    mappings = recorded.member(file, "mappings")
    forms = [row["form_name"] for row in recorded.member(file, "meta_data")]
    project = scheduled(emulator, recorded.member(file, "arms"), events, forms)
    recorded.take(project, "formEventMapping", mappings)
    recorded.take(project, "repeatingFormsEvents", recorded.member(file, "repeating_instruments"))
    assert recorded.as_text(project.rows("arm")) == recorded.member(file, "arms")
    answered = recorded.as_text(project.rows("event"))
    assert recorded.without(answered, "event_id") == recorded.without(events, "event_id")
    assert recorded.as_text(project.rows("formEventMapping")) == mappings
    repeating = recorded.member(file, "repeating_instruments")
    assert recorded.as_text(project.rows("repeatingFormsEvents")) == repeating
    assert project.rows("project")["has_repeating_instruments_or_events"] == 1
