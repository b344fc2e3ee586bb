from __future__ import annotations

import pytest

from redcap_iac.emulator import wire
from tests.emulator.access import accept, make_role
from tests.emulator.designing import field
from tests.emulator.ordering import SETTINGS, notes, order
from tests.emulator.served import Project, new_project, post


def test_a_short_json_read_is_an_empty_list(project: Project) -> None:
    order(project, "short-read@instrument")
    assert project.rows("instrument") == []


def test_a_short_csv_read_is_a_header(project: Project) -> None:
    order(project, "short-read@instrument")
    response = project.post("instrument", format="csv")
    assert response.text == "instrument_name,instrument_label\n"


def test_a_short_xml_read_is_a_root_without_items(project: Project) -> None:
    order(project, "short-read@instrument")
    text = project.post("instrument", format="xml").text
    assert text.endswith("<instruments>\n</instruments>")


def test_a_short_read_of_text_is_half_of_it(project: Project) -> None:
    order(project, "short-read@version")
    assert project.post("version").text == "16."


def test_a_short_read_of_an_object_is_half_of_it(project: Project) -> None:
    order(project, "short-read@project#2")
    whole = project.post("project").content
    assert project.post("project").content == whole[: len(whole) // 2]


def test_a_short_read_leaves_refusals_as_they_are(project: Project) -> None:
    order(project, "short-read")
    assert project.post("nothing").json() == {
        "error": 'The value of the parameter "content" is not valid'
    }


def test_noise_stands_before_the_new_token(project: Project) -> None:
    order(project, "noise@project/create")
    response = post(
        project.emulator,
        {
            "token": project.emulator.super_token,
            "content": "project",
            "format": "json",
            "data": '[{"project_title":"New","purpose":"0"}]',
        },
    )
    text, token = response.text[:-32], response.text[-32:]
    assert text != ""
    assert Project(project.emulator, 2, token).rows("project")["project_title"] == "New"


def test_offline_is_a_page_for_all_but_administrators(project: Project) -> None:
    order(project, "offline")
    answer = project.post("metadata")
    assert (answer.status_code, "offline" in answer.text) == (200, True)
    assert project.of("admin").post("version").text == "16.1.3"
    form = {"token": project.emulator.super_token, "content": "version"}
    assert post(project.emulator, form).text == "16.1.3"


def test_offline_keeps_the_method_from_running(project: Project) -> None:
    order(project, "offline")
    project.post("project_settings", data=SETTINGS)
    assert notes(project) == ""


def test_offline_is_a_page_for_an_unknown_token_too(project: Project) -> None:
    order(project, "offline")
    answer = post(project.emulator, {"token": "0" * 32, "content": "version"})
    assert "offline" in answer.text


def role_names(project: Project) -> list[str]:
    return [row["unique_role_name"] for row in project.rows("userRole")]


def test_a_new_role_has_no_name_for_as_many_exports_as_ordered(project: Project) -> None:
    old = make_role(project, "Old")
    order(project, "stale-roles=2")
    accept(project, "userRole", {"role_label": "New"})
    exports = [role_names(project) for _ in range(3)]
    assert exports[:2] == [[old, ""], [old, ""]]
    assert exports[2][0] == old
    assert exports[2][1].startswith("U-")


@pytest.mark.parametrize(
    ("format_", "cell"), [("csv", "\n,New"), ("xml", "<unique_role_name></unique_role_name>")]
)
def test_a_role_is_stale_in_every_format(project: Project, format_: str, cell: str) -> None:
    order(project, "stale-roles=1")
    accept(project, "userRole", {"role_label": "New"})
    stale, fresh = (project.post("userRole", format=format_).text for _ in range(2))
    assert (cell in stale, cell in fresh) == (True, False)


def test_a_role_that_is_changed_keeps_its_name(project: Project) -> None:
    name = make_role(project, "Old")
    order(project, "stale-roles=5")
    accept(project, "userRole", {"unique_role_name": name, "role_label": "Renamed"})
    assert role_names(project) == [name]


def test_only_the_import_that_is_aimed_at_leaves_a_stale_role(project: Project) -> None:
    order(project, "stale-roles=9#2")
    for label in ("First", "Second"):
        accept(project, "userRole", {"role_label": label})
    assert [name == "" for name in role_names(project)] == [False, True]


def test_roles_of_another_project_are_not_stale(project: Project) -> None:
    other = new_project(project.emulator)
    name = make_role(other, "Elsewhere")
    order(project, "stale-roles=9")
    accept(project, "userRole", {"role_label": "New"})
    assert role_names(other) == [name]


def test_clearing_the_faults_names_the_stale_roles(project: Project) -> None:
    order(project, "stale-roles=9")
    accept(project, "userRole", {"role_label": "New"})
    project.emulator.faults.clear()
    assert role_names(project)[0].startswith("U-")


CHOICES = "1, One | 2, Two, too|3, Three | Bare"


def dictionary(project: Project) -> None:
    """Import three fields: radio and slider with choices, and a calculation with commas."""
    column = "select_choices_or_calculations"
    rows = [
        field("record_id"),
        field("how", kind="radio", **{column: CHOICES}),
        field("pain", kind="slider", **{column: "none | some | much"}),
        field("sum", kind="calc", **{column: "max([pain], 1, 2)"}),
    ]
    accept(project, "metadata", *rows)


@pytest.mark.parametrize("format_", ["csv", "json", "xml"])
def test_noisy_choices_are_spaced_otherwise_and_mean_the_same(
    project: Project, format_: str
) -> None:
    dictionary(project)
    quiet = wire.decode(project.post("metadata", format=format_).text, format_)
    order(project, "noisy-choices")
    noisy = wire.decode(project.post("metadata", format=format_).text, format_)
    texts = [str(rows[1].pop("select_choices_or_calculations")) for rows in (quiet, noisy)]
    assert texts == [CHOICES, "1,One| 2, Two, too | 3,Three|Bare"]
    assert noisy == quiet


def test_noisy_choices_leave_every_other_byte(project: Project) -> None:
    accept(project, "metadata", field("record_id"), field("text", field_label=' "a",\tb\\ '))
    quiet = [project.post("metadata", format=format_).text for format_ in wire.FORMATS]
    order(project, "noisy-choices")
    assert [project.post("metadata", format=format_).text for format_ in wire.FORMATS] == quiet


def test_null_labels_stand_for_blank_ones_in_json(longitudinal: Project) -> None:
    label = {"unique_event_name": "event_2_arm_1", "event_name": "Event 2", "arm_num": "1"}
    accept(longitudinal, "event", {**label, "custom_event_label": "[dob]"})
    before = longitudinal.rows("event")
    order(longitudinal, "null-labels")
    after = longitudinal.rows("event")
    assert [row["custom_event_label"] for row in before] == ["", "[dob]"]
    assert [row["custom_event_label"] for row in after] == [None, "[dob]"]
    assert [{**row, "custom_event_label": 0} for row in after] == [
        {**row, "custom_event_label": 0} for row in before
    ]


def test_null_labels_are_blank_in_csv(longitudinal: Project) -> None:
    before = longitudinal.post("event", format="csv").text
    order(longitudinal, "null-labels")
    assert longitudinal.post("event", format="csv").text == before


def test_refusals_are_not_spoiled(project: Project) -> None:
    order(project, "null-labels")
    assert project.post("event").json() == {
        "error": "You cannot export events for classic projects"
    }
