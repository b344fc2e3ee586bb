"""What REDCap has not named yet is foreseen, and known as foreseen."""

from __future__ import annotations

from redcap_iac.calls import Made
from redcap_iac.formats.naming import instruments_meant, named
from redcap_iac.kinds import kind_named
from redcap_iac.kinds.arms import Arm
from redcap_iac.kinds.assigning import Assignment
from redcap_iac.kinds.dags import Dag
from redcap_iac.kinds.designations import Designation
from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.kinds.events.event import Event
from redcap_iac.kinds.grants import Grants
from redcap_iac.kinds.role_assignments import RoleAssignment
from redcap_iac.kinds.roles.role import Role
from redcap_iac.kinds.users import User
from redcap_iac.state import State

WEEK = Made("event/1/Week 4")


def test_an_event_without_a_name_gets_the_likely_one_everywhere() -> None:
    state = State({"events": (Event(WEEK, 1, "Week 4"),),
                   "designations": (Designation(WEEK, "visit"),)})  # fmt: skip

    found = named(state)

    assert found.state.kinds["designations"] == (Designation("week_4_arm_1", "visit"),)
    assert found.foreseen == {"week_4_arm_1"}
    assert found.given("week_4_arm_1") == ""


def test_two_events_of_one_name_get_different_names() -> None:
    events = (Event(WEEK, 1, "Week 4"), Event(Made("event/1/Week 4 #2"), 1, "Week 4"))

    found = named(State({"events": events}))

    assert [kind_named("events").key(one) for one in found.state.kinds["events"]] == [
        "week_4_arm_1",
        "week_4_arm_1b",
    ]


def test_a_declared_name_is_no_guess() -> None:
    event = Event(WEEK, 1, "Week 4", declared_name="old_name_arm_1")

    found = named(State({"events": (event,)}))

    assert (found.foreseen, found.given("old_name_arm_1")) == (frozenset(), "old_name_arm_1")


def test_events_bring_their_arms() -> None:
    state = State({"arms": (Arm(2, "Control"),),
                   "events": (Event("a_arm_1", 1, "A"), Event("a_arm_2", 2, "A"))})  # fmt: skip

    assert named(state).state.kinds["arms"] == (Arm(1, "Arm 1"), Arm(2, "Control"))


def test_a_right_on_all_instruments_is_spelt_out() -> None:
    role = Role("Nurse", "U-1", Grants(instruments=(("*", "edit"), ("a", "none"))), "Nurse")
    fields = (Field("x", "a", "", "text"), Field("y", "b", "", "text"))

    (spelt,) = named(State({"fields": fields, "roles": (role,)})).state.kinds["roles"]

    assert isinstance(spelt, Role)
    assert spelt.grants.instruments == (("a", "none"), ("b", "edit"))


def test_without_instruments_those_given_are_meant() -> None:
    role = Role("Nurse", "U-1", Grants(instruments=(("*", "edit"),)), "Nurse")

    (spelt,) = named(State({"roles": (role,)}), ("a", "b")).state.kinds["roles"]

    assert isinstance(spelt, Role)
    assert spelt.grants.instruments == (("a", "edit"), ("b", "edit"))


def test_instruments_are_those_rights_are_on_where_nothing_else_names_them() -> None:
    role = Role("Nurse", "U-1", Grants(instruments=(("b", "edit"),), export=(("a", "full"),)))

    assert instruments_meant(State({"roles": (role,)})) == ("b", "a")


def test_assignments_say_what_people_call_it() -> None:
    state = State({"dags": (Dag("Lyon", Made("dag/Lyon")),),
                   "dag_assignments": (Assignment("jdoe", "lyon"),)})  # fmt: skip

    (assignment,) = named(state).state.kinds["dag_assignments"]

    assert isinstance(assignment, Assignment)
    assert assignment.named == "Lyon"


def test_somebody_in_a_role_is_a_user_even_without_a_list_of_users() -> None:
    role = Role("Nurse", "U-1", Grants(), "Nurse")
    state = State({"roles": (role,), "role_assignments": (RoleAssignment("jdoe", "U-1"),)})

    assert named(state).state.kinds["users"] == (User("jdoe", None, None),)


def test_groups_in_the_list_of_users_are_assignments() -> None:
    users = (User("jdoe", "", None, dag="lyon"),)

    found = named(State({"dags": (Dag("Lyon", "lyon"),), "users": users}))

    assert found.state.kinds["dag_assignments"] == (Assignment("jdoe", "lyon", "Lyon"),)
