"""H118: what goes is named where the API cannot write."""

from __future__ import annotations

from dataclasses import replace

import pytest

from redcap_iac.calls import Made
from redcap_iac.changes import Change, Delete, Rename
from redcap_iac.hazard import Answer
from redcap_iac.kinds.dags import Dag
from redcap_iac.kinds.events import Event
from redcap_iac.kinds.grants import Grants
from redcap_iac.kinds.roles.role import Role
from redcap_iac.safety.hazards import Counts
from redcap_iac.safety.hazards.elsewhere import found
from redcap_iac.safety.names_gone import may_lose_names
from redcap_iac.safety.scene import Scene
from redcap_iac.state import Item
from tests.kinds.dictionary.drafting import a_field, radio
from tests.safety.hazards.scenes import scene, told
from tests.safety.test_elsewhere import member, xml

AGE = a_field("age", "intake", field_label="Age")
TOWN = a_field("town", "intake", field_label="Where do you live?")
REPORT = member("ReportsGroup", "Reports", title="Enrolled", redcap_reports_fields="record_id,age")
ALERT = member("AlertsGroup", "Alerts", alert_title="Reminder", alert_condition="[age] = '2'")
NOTHING = xml(
    "".join(
        f"<redcap:{group}/>"
        for group in (
            "AlertsGroup", "ReportsGroup", "SurveysSchedulerGroup", "SurveysQueueGroup",
            "DataQualityRulesGroup", "FormDisplayLogicConditionsGroup",
        )
    )
)  # fmt: skip


def changed(*changes: Change, elsewhere: str) -> Scene:
    """Return a scene in which nothing but these differs."""
    of = scene((AGE,), (AGE,), elsewhere=elsewhere)
    return replace(of, difference=replace(of.difference, changes=changes))


def test_a_removed_field_is_told_with_every_place() -> None:
    of = scene((AGE, TOWN), (TOWN,), elsewhere=xml(REPORT + ALERT))
    hazard, unknown = told(of, 3, "H118")
    assert hazard.message == (
        'Field age, to be removed, is named in report "Enrolled" and alert "Reminder", which the'
        " API cannot change: there it would stand for nothing."
    )
    assert hazard.address == "field/age"
    assert hazard.advice.startswith("Change it there first")
    assert hazard.stake is not None
    assert hazard.stake.answer is Answer.ACCEPTANCE
    assert "unknown" in unknown.message


def test_what_the_server_does_not_show_is_noted_once() -> None:
    of = scene((AGE, TOWN), (), elsewhere=xml(REPORT))
    (*_, unknown) = told(of, 3, "H118")
    assert unknown.stake is not None
    assert unknown.stake.answer is Answer.NOTE
    assert "alerts" in unknown.message
    assert "reports" not in unknown.message
    assert unknown.address == "project/elsewhere"


def test_where_all_is_shown_and_nothing_is_named_nothing_is_said() -> None:
    assert told(scene((AGE, TOWN), (TOWN,), elsewhere=NOTHING), 3, "H118") == []


def test_where_nothing_could_be_read_all_is_unknown() -> None:
    (unknown,) = told(scene((AGE, TOWN), (TOWN,)), 3, "H118")
    for said in ("alerts", "reports", "data quality rules", "form display logic"):
        assert said in unknown.message


def test_nothing_gone_nothing_said() -> None:
    of = scene((AGE,), (AGE, TOWN), elsewhere=xml(REPORT))
    assert not may_lose_names(of.difference)
    assert told(of, 3, "H118") == []


def test_a_renamed_field_is_told_though_its_values_are_carried() -> None:
    new = replace(AGE, field_name="age_years", renamed_from="age")
    of = scene((AGE, TOWN), (new, TOWN), elsewhere=xml(REPORT))
    hazard, _ = told(of, 3, "H118")
    assert hazard.message.startswith("Field age, to be renamed to age_years, is named in report")


def test_a_removed_choice_is_told_where_it_is_compared() -> None:
    before, after = radio("age", "1, Young | 2, Old"), radio("age", "1, Young")
    of = scene((before,), (after,), elsewhere=xml(ALERT))
    assert may_lose_names(of.difference)
    hazard, _ = told(of, 3, "H118")
    assert hazard.address == "choice/age/2"


def test_very_many_places_are_counted() -> None:
    reports = "".join(
        f'<redcap:Reports title="R{number}" redcap_reports_fields="age"/>' for number in range(20)
    )
    text = xml(f"<redcap:ReportsGroup>{reports}</redcap:ReportsGroup>")
    hazard, _ = told(scene((AGE, TOWN), (TOWN,), elsewhere=text), 3, "H118")
    assert 'report "R7" and 12 more' in hazard.message


@pytest.mark.parametrize("action", ["removed", "renamed"])
def test_events_groups_and_roles_that_go_are_told(action: str) -> None:
    logic = "[base_arm_1][age] &gt; 1 or [user-dag-name] = 'lyon' or [user-role-label] = 'Nurse'"
    text = xml(member("AlertsGroup", "Alerts", alert_title="A", alert_condition=logic))
    items: dict[str, Item] = {
        "events": Event("base_arm_1", 1, "Base"),
        "dags": Dag("Lyon", "lyon"),
        "roles": Role("Nurse", "U-1", Grants()),
    }
    changes: list[Change] = []
    for kind, item in items.items():
        address = f"{kind}/x"
        if action == "removed":
            changes.append(Delete(kind, "x", address, item))
        else:
            changes.append(Rename(kind, Made("x"), address, item, item, ()))
    of = changed(*changes, elsewhere=text)
    assert may_lose_names(of.difference)
    hazards = [one for one in found(of, Counts()) if one.address != "project/elsewhere"]
    assert [one.message.split(",")[0] for one in hazards] == [
        "Event base_arm_1", "DAG Lyon", "Role Nurse",
    ]  # fmt: skip
    assert all(f"to be {action}" in one.message for one in hazards)
