import csv
import io
import re
import xml.etree.ElementTree as ET

import pytest

from tests.emulator.access import (
    accept,
    add_forms,
    assignment,
    join,
    logged,
    make_role,
    refusal,
    role,
    send,
    turn_on,
    user,
    with_rights,
)
from tests.emulator.conftest import MakeEmulator
from tests.emulator.served import Project, new_project

UNIQUE_NAME = re.compile(r"U-[1-9]{3}[34789ACDEFHJKLMNPRTWXY]{7}")


def test_a_project_without_roles_exports_an_empty_list(project: Project) -> None:
    assert project.rows("userRole") == []


def test_a_project_without_roles_exports_the_csv_header_alone(project: Project) -> None:
    (header,) = csv.reader(io.StringIO(project.post("userRole", format="csv").text))
    assert header[:3] == ["unique_role_name", "role_label", "design"]


def test_a_label_alone_creates_a_role_without_rights(project: Project) -> None:
    accept(project, "userRole", {"role_label": "Nurse"})
    made = role(project, "Nurse")
    assert UNIQUE_NAME.fullmatch(made["unique_role_name"])
    assert (made["forms"], made["forms_export"]) == ({"form_1": 128}, {"form_1": 0})
    flags = {name: made[name] for name in made if not name.startswith(("forms", "uniq", "role"))}
    assert set(flags.values()) == {"0"}


def test_a_blank_unique_name_creates_a_role(project: Project) -> None:
    accept(project, "userRole", {"unique_role_name": "", "role_label": "Nurse"})
    assert UNIQUE_NAME.fullmatch(role(project, "Nurse")["unique_role_name"])


def test_flags_are_text_and_form_rights_integers(project: Project) -> None:
    make_role(project, "Nurse", design=1, forms={"form_1": 1}, forms_export={"form_1": 2})
    made = role(project, "Nurse")
    assert made["design"] == "1"
    assert (made["forms"], made["forms_export"]) == ({"form_1": 130}, {"form_1": 2})


def test_xml_exports_roles_with_form_rights_as_elements(project: Project) -> None:
    make_role(project, "Nurse", forms={"form_1": 2})
    root = ET.fromstring(project.post("userRole", format="xml").text)
    assert root.findtext("item/role_label") == "Nurse"
    assert root.findtext("item/forms/form_1") == "129"


def test_randomization_rights_stand_after_the_forms(project: Project) -> None:
    turn_on(project, randomization_enabled=1)
    make_role(project, "Statistician", random_setup=1)
    made = role(project, "Statistician")
    assert list(made)[-4:] == ["forms_export", "random_setup", "random_dashboard", "random_perform"]
    assert made["random_setup"] == "1"


def test_the_newest_role_is_exported_last(project: Project) -> None:
    for label in ("Nurse", "Auditor", "Monitor"):
        make_role(project, label)
    assert [row["role_label"] for row in project.rows("userRole")] == [
        "Nurse",
        "Auditor",
        "Monitor",
    ]


def test_a_role_is_changed_by_its_unique_name_and_keeps_it(project: Project) -> None:
    unique = make_role(project, "Nurse", design=1)
    accept(project, "userRole", {"unique_role_name": unique, "role_label": "Senior nurse"})
    changed = role(project, "Senior nurse")
    assert (changed["unique_role_name"], changed["design"]) == (unique, "1")
    assert len(project.rows("userRole")) == 1


def test_a_change_without_a_label_keeps_the_label_and_omitted_rights(project: Project) -> None:
    unique = make_role(project, "Nurse", design=1)
    accept(project, "userRole", {"unique_role_name": unique, "logging": "1"})
    changed = role(project, "Nurse")
    assert (changed["design"], changed["logging"]) == ("1", "1")


@pytest.mark.parametrize("row", [{}, {"role_label": ""}, {"role_label": "  "}])
def test_a_role_without_a_label_is_refused(project: Project, row: dict[str, str]) -> None:
    assert refusal(send(project, "userRole", {**row, "design": "1"}))[0] == 400
    assert project.rows("userRole") == []


def test_a_label_cannot_be_blanked(project: Project) -> None:
    unique = make_role(project, "Nurse")
    response = send(project, "userRole", {"unique_role_name": unique, "role_label": ""})
    assert refusal(response)[0] == 400
    assert role(project, "Nurse")["unique_role_name"] == unique


def test_the_same_label_twice_is_two_roles(project: Project) -> None:
    accept(project, "userRole", {"role_label": "Nurse"}, {"role_label": "Nurse"})
    found = project.rows("userRole")
    assert [row["role_label"] for row in found] == ["Nurse", "Nurse"]
    assert found[0]["unique_role_name"] != found[1]["unique_role_name"]


def test_export_and_import_is_a_fixed_point(project: Project) -> None:
    make_role(project, "Nurse", design=1, forms={"form_1": 3})
    make_role(project, "Auditor", logging=1)
    exported = project.rows("userRole")
    accept(project, "userRole", *exported)
    assert project.rows("userRole") == exported


@pytest.mark.parametrize("format_", ["csv", "xml"])
def test_what_csv_and_xml_export_they_import(project: Project, format_: str) -> None:
    add_forms(project, "vitals")
    make_role(project, "Nurse", design=1, forms={"form_1": 3, "vitals": 1})
    before = project.rows("userRole")
    exported = project.post("userRole", format=format_).text
    answer = project.post("userRole", data=exported, format=format_)
    assert (answer.status_code, answer.text) == (200, "1")
    assert project.rows("userRole") == before


def test_an_instrument_missing_from_the_map_falls_to_no_access(project: Project) -> None:
    add_forms(project, "vitals")
    unique = make_role(project, "Nurse", forms={"form_1": 1, "vitals": 1})
    accept(project, "userRole", {"unique_role_name": unique, "forms": {"vitals": 2}})
    assert role(project, "Nurse")["forms"] == {"form_1": 128, "vitals": 129}


def test_unknown_instruments_and_unique_names_are_refused_in_recorded_words(
    project: Project,
) -> None:
    known = make_role(project, "Nurse")
    response = send(
        project,
        "userRole",
        {"unique_role_name": "U-A", "role_label": "A", "forms": {"gone": 1, "lost": 1}},
        {"unique_role_name": known, "forms_export": {"gone": 1}},
        {"unique_role_name": "U-B", "role_label": "B"},
    )
    sentence = (
        'The form named "{}" is incorrect for the user role "{}"'
        " The form does not exist in this project."
    )
    assert refusal(response) == (
        400,
        "\n".join(
            [
                sentence.format("gone", "U-A"),
                sentence.format("lost", "U-A"),
                sentence.format("gone", known),
                "Invalid Unique Role Names: U-A, U-B",
            ]
        ),
    )


def test_nothing_is_written_when_one_row_is_refused(project: Project) -> None:
    response = send(project, "userRole", {"role_label": "Nurse"}, {"unique_role_name": "U-1"})
    assert response.status_code == 400
    assert project.rows("userRole") == []


def test_two_rows_for_one_role_are_refused(project: Project) -> None:
    unique = make_role(project, "Nurse")
    row = {"unique_role_name": unique, "design": 1}
    status, text = refusal(send(project, "userRole", row, row))
    assert status == 400
    assert unique in text


def test_a_unique_name_of_another_project_is_unknown(project: Project) -> None:
    foreign = make_role(new_project(project.emulator, "Another study"), "Nurse")
    response = send(project, "userRole", {"unique_role_name": foreign, "role_label": "Nurse"})
    assert refusal(response) == (400, f"Invalid Unique Role Names: {foreign}")


def test_columns_without_meaning_for_a_role_are_ignored(project: Project) -> None:
    make_role(project, "Nurse", data_access_group="nowhere", data_export="1", data_export_tool="1")
    assert role(project, "Nurse")["forms_export"] == {"form_1": 0}


def test_a_level_a_right_does_not_have_is_refused(project: Project) -> None:
    status, text = refusal(send(project, "userRole", {"role_label": "Nurse", "design": "5"}))
    assert status == 400
    assert '"5" is not a valid value of "design" for the user role "Nurse"' in text


def test_changing_a_role_changes_its_members_at_once(project: Project) -> None:
    unique = make_role(project, "Nurse")
    accept(project, "user", {"username": "akim"})
    join(project, "akim", unique)
    accept(project, "userRole", {"unique_role_name": unique, "design": 1})
    assert user(project, "akim")["design"] == 1


def test_an_import_needs_no_action(project: Project) -> None:
    data = "unique_role_name,role_label\n,Nurse\n"
    assert project.post("userRole", format="csv", data=data).text == "1"
    assert len(project.rows("userRole")) == 1


def test_new_and_changed_roles_are_logged_each(project: Project) -> None:
    accept(project, "userRole", {"role_label": "Nurse"})
    assert logged(project) == ("Create user role", "role = 'Nurse'", "user")
    unique = role(project, "Nurse")["unique_role_name"]
    accept(project, "userRole", {"unique_role_name": unique, "design": 1})
    assert logged(project) == ("Edit user role", "role = 'Nurse'", "user")


def test_deleting_counts_the_roles_that_were_there(project: Project) -> None:
    nurse, auditor = make_role(project, "Nurse"), make_role(project, "Auditor")
    answer = project.post("userRole", "delete", roles=[nurse, nurse, "U-123ACDEFHJ"])
    assert (answer.status_code, answer.text) == (200, "1")
    assert [row["unique_role_name"] for row in project.rows("userRole")] == [auditor]


def test_a_deleted_role_leaves_a_log_entry(project: Project) -> None:
    project.post("userRole", "delete", roles=[make_role(project, "Nurse")])
    assert logged(project) == ("Delete user role", "role = 'Nurse'", "user")


def test_deleting_no_role_is_refused(project: Project) -> None:
    assert project.post("userRole", "delete").status_code == 400


def test_a_role_with_members_is_not_deleted_nor_any_other(project: Project) -> None:
    nurse, empty = make_role(project, "Nurse"), make_role(project, "Auditor")
    accept(project, "user", {"username": "akim"})
    join(project, "akim", nurse)
    status, text = refusal(project.post("userRole", "delete", roles=[empty, nurse]))
    assert status == 400
    assert nurse in text
    assert empty not in text
    assert len(project.rows("userRole")) == 2


def test_members_of_a_deleted_role_get_their_own_rights_back_when_switched_so(
    make_emulator: MakeEmulator,
) -> None:
    project = new_project(make_emulator(role_delete_with_members="detach"))
    nurse = make_role(project, "Nurse", design=1)
    accept(project, "user", {"username": "akim", "logging": 1})
    join(project, "akim", nurse)
    assert project.post("userRole", "delete", roles=[nurse]).text == "1"
    freed = user(project, "akim")
    assert (freed["design"], freed["logging"]) == (0, 1)
    assert assignment(project, "akim")["unique_role_name"] == ""


def test_roles_need_user_rights(project: Project) -> None:
    other = with_rights(project, "akim", api_export=1, api_import=1)
    assert "'User Rights'" in refusal(other.post("userRole"))[1]
    assert "'User Rights'" in refusal(send(other, "userRole", {"role_label": "Nurse"}))[1]
    assert "'User Rights'" in refusal(other.post("userRole", "delete", roles=["U-1"]))[1]


def test_read_only_user_rights_list_roles(project: Project) -> None:
    make_role(project, "Nurse")
    reader = with_rights(project, "akim", api_export=1, user_rights=2)
    assert len(reader.rows("userRole")) == 1
