"""Arms, events and designations as REDCap's pages take them."""

from __future__ import annotations

from redcap_iac.calls import Made
from redcap_iac.formats.schedule_csv import write_arms, write_designations, write_events
from redcap_iac.kinds.arms import Arm
from redcap_iac.kinds.designations import Designation
from redcap_iac.kinds.events.event import Event

NEW = Event(Made("event/1/Week 8"), 1, "Week 8", "56", custom_label="[visit_date]")
THERE = Event("week_4_arm_1", 1, "Week 4", "28", "-2", "2")


def test_arms_have_the_recorded_header() -> None:
    assert write_arms([Arm(1, "Main"), Arm(2, 'The "other", late')]) == (
        'arm_num,name\n1,Main\n2,"The ""other"", late"\n'
    )


def test_events_have_the_recorded_header_and_no_name_that_is_still_to_be_made() -> None:
    assert write_events([THERE, NEW], scheduling=False) == (
        "event_name,arm_num,unique_event_name,custom_event_label\n"
        '"Week 4",1,week_4_arm_1,\n'
        '"Week 8",1,,[visit_date]\n'
    )


def test_offsets_are_there_where_the_project_schedules() -> None:
    assert write_events([THERE, NEW], scheduling=True) == (
        "event_name,arm_num,day_offset,offset_min,offset_max,unique_event_name,"
        "custom_event_label\n"
        '"Week 4",1,28,-2,2,week_4_arm_1,\n'
        '"Week 8",1,56,,,,[visit_date]\n'
    )


def test_designations_name_the_arm_of_their_event() -> None:
    found = [Designation("week_4_arm_2", "vitals"), Designation("week_4_arm_2", "consent")]
    assert write_designations(found, {"week_4_arm_2": 2}) == (
        "arm_num,unique_event_name,form\n2,week_4_arm_2,vitals\n2,week_4_arm_2,consent\n"
    )


def test_a_cell_like_a_formula_is_written_as_it_is() -> None:
    assert write_arms([Arm(1, "=1+1")]) == "arm_num,name\n1,=1+1\n"
