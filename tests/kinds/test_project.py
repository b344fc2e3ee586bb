"""Project settings: what is declared is set, the rest is left as found."""

from __future__ import annotations

import pytest

from redcap_iac.errors import SuspiciousReadError
from redcap_iac.findings import Findings
from redcap_iac.kinds.kind import Reading, WireRow
from redcap_iac.kinds.project import KIND, Setting
from redcap_iac.plan import Phase
from redcap_iac.state import State
from tests.kinds.dictionary.drafting import source
from tests.kinds.scheduling import (
    calls,
    changes,
    codes,
    codes_of,
    declared,
    described,
    event,
    live,
    planned,
    schedule,
    target,
)


def settings(section: dict[str, object]) -> dict[str, str]:
    desired, _ = declared({"project": section})
    items = desired.state.kinds["project"]
    return {item.name: item.value for item in items if isinstance(item, Setting)}


def test_absent_is_not_managed() -> None:
    assert KIND.declare(source(None, {}), Findings()) is None


@pytest.mark.parametrize(
    ("section", "wire"),
    [
        ({"title": "Study"}, {"project_title": "Study"}),
        ({"purpose": "research", "purpose_other": "1,3"}, {"purpose": "2", "purpose_other": "1,3"}),
        ({"surveys": True, "autonumbering": False},
         {"surveys_enabled": "1", "record_autonumbering_enabled": "0"}),
        ({"pi": {"first_name": "Ada", "email": "a@example.org"}},
         {"project_pi_firstname": "Ada", "project_pi_email": "a@example.org"}),
        ({"notes": None}, {"project_notes": ""}),
        ({"longitudinal": False}, {"is_longitudinal": "0"}),
        ({"title": "true"}, {"project_title": "true"}),
        ({}, {}),
    ],
)  # fmt: skip
def test_keys_become_attributes_in_redcaps_own_values(
    section: dict[str, object], wire: dict[str, str]
) -> None:
    assert settings(section) == wire


@pytest.mark.parametrize(
    ("word", "number"),
    [("practice", "0"), ("other", "1"), ("research", "2"), ("quality_improvement", "3"),
     ("operational_support", "4")],
)  # fmt: skip
def test_purposes(word: str, number: str) -> None:
    assert settings({"purpose": word})["purpose"] == number


def test_arms_mean_longitudinal() -> None:
    desired, findings = declared(schedule({"name": "A"}, {"name": "B"}))
    assert desired.state.kinds["project"] == (Setting("is_longitudinal", "1"),)
    assert findings == ()
    both, _ = declared({"project": {"longitudinal": True}, **schedule({"name": "A"})})
    assert both.state.kinds["project"] == (Setting("is_longitudinal", "1"),)


@pytest.mark.parametrize(
    ("manifest", "found"),
    [
        (
            {"project": {"longitudinal": False}, **schedule({"name": "A"})},
            ("M510", "project/longitudinal"),
        ),
        ({"project": {"purpose": "other"}}, ("M511", "project/purpose")),
        ({"project": {"purpose": "other", "purpose_other": None}}, ("M511", "project/purpose")),
        ({"project": {"title": " "}}, ("M512", "project/title")),
        ({"project": {"title": None}}, ("M512", "project/title")),
        (
            {
                "project": {"secondary_unique_field": "mrn"},
                "instruments": [
                    {"instrument": "a", "fields": {"id": {"type": "text", "label": ""}}}
                ],
            },
            ("M513", "project/secondary_unique_field"),
        ),
    ],
)
def test_what_cannot_be_is_an_error(manifest: dict[str, object], found: tuple[str, str]) -> None:
    (finding,) = codes(manifest)
    assert finding == (found[0], "error", found[1])


@pytest.mark.parametrize(
    "manifest",
    [
        {"project": {"purpose": "other", "purpose_other": "Training"}},
        {"project": {"secondary_unique_field": "mrn"}},
        {"project": {"secondary_unique_field": None}},
    ],
)
def test_what_can_be_is_none(manifest: dict[str, object]) -> None:
    assert codes(manifest) == []


def test_undeclared_settings_are_left_as_found() -> None:
    plan = planned(
        {"project": {"notes": "new"}},
        live(longitudinal=False, settings={"project_notes": "old", "purpose": "2"}),
    )
    assert changes(plan) == [("update", "project/notes")]
    assert calls(plan, "project") == [("import", [{"project_notes": "new"}])]


def test_a_setting_this_server_does_not_show_is_a_warning_and_left_alone() -> None:
    plan = planned({"project": {"pi": {"email": "a@example.org"}}}, live(longitudinal=False))
    assert (plan.changes, plan.steps) == ((), ())
    assert codes_of(plan) == ["M514"]


def test_null_clears() -> None:
    plan = planned({"project": {"notes": None}}, live(settings={"project_notes": "old"}))
    assert calls(plan, "project") == [("import", [{"project_notes": ""}])]


def test_line_ends_mean_nothing() -> None:
    before = live(settings={"project_notes": "a\r\nb"})
    assert planned({"project": {"notes": "a\nb"}}, before).is_empty


def test_values_are_shown_in_the_manifests_words() -> None:
    plan = planned({"project": {"purpose": "research"}}, live(settings={"purpose": "0"}))
    (aspect,) = plan.changes[0].aspects
    assert (aspect.before, aspect.after) == ("practice", "research")
    assert plan.changes[0].label == "purpose"


def test_flags_that_others_depend_on_come_first() -> None:
    before = live(
        longitudinal=False,
        settings={"surveys_enabled": "0", "scheduling_enabled": "0", "project_notes": "",
                  "secondary_unique_field": ""},
    )  # fmt: skip
    manifest = {
        "project": {
            "notes": "n", "scheduling": True, "surveys": True, "longitudinal": True,
            "secondary_unique_field": "mood",
        }
    }  # fmt: skip
    plan = planned(manifest, before)
    assert [step.phase for step in plan.steps] == [Phase.FLAGS, Phase.SETTINGS]
    assert [set(step.call.rows[0]) for step in plan.steps] == [
        {"is_longitudinal", "scheduling_enabled", "surveys_enabled"},
        {"project_notes", "secondary_unique_field"},
    ]
    assert plan.steps[0].title == "set longitudinal, surveys, scheduling"


def test_longitudinal_goes_off_late() -> None:
    plan = planned({"project": {"longitudinal": False}}, live(event("A", "a_arm_1")))
    assert [step.phase for step in plan.steps] == [Phase.SETTINGS]


@pytest.mark.parametrize(
    ("stored", "sent"), [("1,3", {"purpose": "2", "purpose_other": "1,3"}), ("", {"purpose": "2"})]
)
def test_a_purpose_takes_its_text_with_it(stored: str, sent: dict[str, str]) -> None:
    before = live(settings={"purpose": "1", "purpose_other": stored})
    assert calls(planned({"project": {"purpose": "research"}}, before), "project") == [
        ("import", [sent])
    ]


def test_one_object_is_read_numbers_become_text() -> None:
    rows: list[WireRow] = [
        {"project_id": 17, "project_title": " T ", "purpose": 2, "project_notes": None}
    ]
    assert KIND.read(rows, Reading(target(), State())) == (
        Setting("project_title", " T "),
        Setting("purpose", "2"),
        Setting("project_notes", ""),
    )


@pytest.mark.parametrize("count", [0, 2])
def test_none_or_several_are_refused(count: int) -> None:
    with pytest.raises(SuspiciousReadError):
        KIND.read([{"project_title": "T"}] * count, Reading(target(), State()))


def test_settings_are_described_in_the_manifests_words() -> None:
    state = State(
        {
            "project": (
                Setting("project_title", "T"), Setting("purpose", "2"),
                Setting("project_notes", ""), Setting("is_longitudinal", "1"),
                Setting("surveys_enabled", "0"), Setting("scheduling_enabled", "1"),
                Setting("project_pi_firstname", "Ada"), Setting("project_pi_lastname", "Boyd"),
            )
        }
    )  # fmt: skip
    assert described(state)["project"] == {
        "title": "T", "purpose": "research", "surveys": False, "scheduling": True,
        "pi": {"first_name": "Ada", "last_name": "Boyd"},
    }  # fmt: skip


def test_what_is_described_and_declared_again_is_the_same() -> None:
    before = live(
        longitudinal=False,
        settings={"purpose": "3", "surveys_enabled": "1", "project_pi_email": "a@example.org",
                  "project_notes": "a\r\nb", "display_today_now_button": "0"},
    )  # fmt: skip
    draft = described(State({"project": before.state.kinds["project"]}))
    assert planned(draft, before).is_empty
