"""H102, H110, H114 to H117, H119, H120, H130, H150: what is said, what stops, what then happens."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings

from redcap_iac import workflow
from redcap_iac.emulator import admin
from redcap_iac.emulator.server import Emulator
from redcap_iac.errors import GuardError
from redcap_iac.findings import Finding
from redcap_iac.hazard import Acceptance, Answer, Count, Guards, ImpactMode, Protection, Undoable
from redcap_iac.plan import Plan
from redcap_iac.workflow import Answers
from tests.emulator.conftest import MakeEmulator
from tests.emulator.served import new_project
from tests.end_to_end.study import EVERY_UNIT, Silent, Study, everything
from tests.end_to_end.watching import kept
from tests.safety.holding import DESIGN, designed, fill, in_group, rows, stored, text

Design = dict[str, Any]
Edit = Callable[[Design], object]

BASE = {"redcap_event_name": "base_arm_1"}
WEEK = {"redcap_event_name": "week_arm_1"}
OPEN = {"redcap_event_name": "open_arm_1"}
ROWS: list[Mapping[str, str]] = [
    {"record_id": "1", **BASE, "town": "x", "mood": "x", "redcap_data_access_group": "lyon"},
    {"record_id": "2", **BASE, "town": "y", "redcap_data_access_group": "lyon"},
    {"record_id": "3", **BASE, "drugs___2": "1", "redcap_data_access_group": "paris"},
    {"record_id": "1", **WEEK, "redcap_repeat_instrument": "visit",
     "redcap_repeat_instance": "2", "mood": "x"},
    {"record_id": "2", **WEEK, "redcap_repeat_instrument": "visit",
     "redcap_repeat_instance": "1", "mood": "x"},
    {"record_id": "3", **WEEK, "more": "x"},
    {"record_id": "1", **OPEN, "redcap_repeat_instrument": "",
     "redcap_repeat_instance": "1", "more": "x"},
    {"record_id": "4", **OPEN, "redcap_repeat_instrument": "",
     "redcap_repeat_instance": "3", "mood": "x"},
    {"record_id": "5", "redcap_event_name": "base_arm_2", "town": "z"},
]  # fmt: skip


@pytest.fixture
def filled(study: Study) -> Study:
    """A study with five records in every corner of the design."""
    fill(designed(study).project, ROWS)
    return study


def edited(*edits: Edit) -> Design:
    design: Design = deepcopy(DESIGN)
    for edit in edits:
        edit(design)
    return design


def without_extra(design: Design) -> None:
    del design["instruments"][2]
    for event in design["arms"][0]["events"][1:]:
        event["instruments"] = ["visit"]


def planned(study: Study, design: Design, guards: Guards | None = None) -> Plan:
    session = replace(study.session, guards=guards or Guards())
    return workflow.plan(session, study.declare(design)).plan


def only(plan: Plan, code: str) -> Finding:
    """Return the one finding of a code."""
    (found,) = [finding for finding in plan.findings if finding.code == code]
    return found


def told(found: Finding) -> tuple[str, Answer, Undoable, int | None]:
    """Return address, answer, whether it can be undone, number of records."""
    stake = found.stake
    assert stake is not None
    return found.address, stake.answer, stake.undoable, stake.count.number if stake.count else None


def refused(study: Study, design: Design, code: str, guards: Guards | None = None) -> GuardError:
    """Apply with deletions allowed and everything accepted but this code: nothing is written."""
    session = replace(study.session, guards=guards or Guards())
    goal = study.declare(design)
    plan = workflow.plan(session, goal)
    words = tuple(
        Acceptance(one.code, one.address, typed=True)
        for one in plan.plan.findings
        if one.code != code
    )
    before = kept(study.project)
    with pytest.raises(GuardError) as raised:
        workflow.apply(session, goal, plan, Silent(), answers=Answers(EVERY_UNIT, words))
    assert code in raised.value.message + raised.value.advice
    assert kept(study.project) == before
    return raised.value


def applied(study: Study, design: Design) -> None:
    goal = study.declare(design)
    done = workflow.apply(study.session, goal, study.plan(goal), Silent(), answers=everything())
    assert done.is_complete, done.outcomes[-1]


def shown(study: Study, field: str, event: str) -> list[str]:
    """Return the values of a field that exports show on an event, by record."""
    found = study.project.rows("record", fields=["record_id", field], events=[event])
    return [f"{row['record_id']}={row[field]}" for row in found if row[field]]


class TestInstrumentRemoved:
    """H102."""

    def test_it_is_told_with_its_records_and_what_hangs_on_it(self, filled: Study) -> None:
        plan = planned(filled, edited(without_extra))
        found = only(plan, "H102")
        assert told(found) == ("instrument/extra", Answer.ACCEPTANCE, Undoable.NO, 2)
        assert "its 2 fields" in found.message
        assert "2 of 5 records" in found.message
        assert "designations to 2 events" in found.message
        assert found.advice.startswith("If it got another name, say `renamed_from: extra`")

    def test_its_fields_are_not_told_once_more(self, filled: Study) -> None:
        codes = {finding.code for finding in planned(filled, edited(without_extra)).findings}
        assert not codes & {"H101", "H115"}

    def test_it_stops_until_accepted_and_then_takes_the_values(self, filled: Study) -> None:
        refused(filled, edited(without_extra), "H102")
        applied(filled, edited(without_extra))
        assert stored(filled.project, lambda _, row: row["field_name"] in ("more", "void")) == 0
        assert stored(filled.project, lambda _, row: row["field_name"] == "mood") == 3

    def test_without_values_its_survey_settings_are_still_lost(self, filled: Study) -> None:
        fill(filled.project, ROWS[:2])
        filled.converge({**DESIGN, "project": {"surveys": True}})
        found = only(planned(filled, edited(without_extra)), "H102")
        assert told(found)[1:] == (Answer.ACCEPTANCE, Undoable.PARTLY, 0)
        assert "survey settings" in found.message

    def test_without_values_and_surveys_it_is_a_note(self, filled: Study) -> None:
        fill(filled.project, ROWS[:2])
        filled.converge({**DESIGN, "project": {"surveys": False}})
        assert told(only(planned(filled, edited(without_extra)), "H102"))[1] is Answer.NOTE

    def test_what_was_not_counted_is_not_none(self, filled: Study) -> None:
        guards = Guards(impact=ImpactMode.NONE)
        found = only(planned(filled, edited(without_extra), guards), "H102")
        assert told(found)[1:] == (Answer.ACCEPTANCE, Undoable.NO, None)
        assert "an unknown number of records" in found.message


def renamed(design: Design) -> None:
    design["instruments"][2]["instrument"] = "other"
    for event in design["arms"][0]["events"][1:]:
        event["instruments"] = ["visit", "other"]


def mood_moves(design: Design) -> None:
    fields = design["instruments"][1]["fields"]
    design["instruments"][2]["fields"]["mood"] = fields.pop("mood")


class TestInstrumentRenamed:
    """H110."""

    def test_with_records_it_is_refused(self, filled: Study) -> None:
        found = only(planned(filled, edited(renamed)), "H110")
        assert told(found) == ("instrument/other", Answer.REFUSED, Undoable.NO, 2)
        assert "`renamed_from: extra`" in found.advice
        refused(filled, edited(renamed), "H110")

    def test_a_status_without_values_is_something_to_lose(self, filled: Study) -> None:
        fill(filled.project, [{"record_id": "1", **WEEK, "extra_complete": "2"}])
        assert told(only(planned(filled, edited(renamed)), "H110"))[1:] == (
            Answer.REFUSED, Undoable.NO, 1,
        )  # fmt: skip

    def test_where_nothing_is_in_it_it_is_a_note_and_done(self, filled: Study) -> None:
        fill(filled.project, ROWS[:2])
        assert told(only(planned(filled, edited(renamed)), "H110"))[1] is Answer.NOTE
        applied(filled, edited(renamed))

    def test_with_the_hint_it_is_not_told(self, filled: Study) -> None:
        def hinted(design: Design) -> None:
            design["instruments"][2]["renamed_from"] = "extra"

        codes = [finding.code for finding in planned(filled, edited(renamed, hinted)).findings]
        assert "H110" not in codes
        assert "H102" not in codes

    def test_two_that_become_one_are_refused_too(self, filled: Study) -> None:
        def merged(design: Design) -> None:
            fields = design["instruments"].pop()["fields"]
            design["instruments"][1]["fields"] |= fields
            for event in design["arms"][0]["events"]:
                event["instruments"] = [name for name in event["instruments"] if name != "extra"]

        found = only(planned(filled, edited(merged)), "H110")
        assert told(found) == ("instrument/extra", Answer.REFUSED, Undoable.NO, 2)
        assert "move to visit" in found.message


class TestFieldMoved:
    """H110, between two instruments that stay."""

    def test_where_the_other_is_not_alike_its_values_are_counted(self, filled: Study) -> None:
        """Visit is on Base, where extra is not, and repeats on Week, where extra does not."""
        found = only(planned(filled, edited(mood_moves)), "H110")
        assert told(found) == ("field/mood", Answer.ACCEPTANCE, Undoable.PARTLY, 2)
        assert "on base_arm_1 and week_arm_1" in found.message

    def test_it_stops_until_accepted_and_then_hides_them(self, filled: Study) -> None:
        refused(filled, edited(mood_moves), "H110")
        assert shown(filled, "mood", "base_arm_1") == ["1=x"]
        applied(filled, edited(mood_moves))
        assert shown(filled, "mood", "base_arm_1") == []
        assert stored(filled.project, lambda _, row: row["field_name"] == "mood") == 3

    def test_where_both_are_alike_it_is_one_note(self, filled: Study) -> None:
        def alike(design: Design) -> None:
            design["instruments"][2]["fields"].clear()
            design["instruments"][2]["fields"].update(void=text("Void"))
            design["instruments"].append({"instrument": "third", "fields": {"more": text("More")}})
            for event in design["arms"][0]["events"][1:]:
                event["instruments"] = ["visit", "extra", "third"]

        found = only(planned(filled, edited(alike)), "H110")
        assert told(found)[:2] == ("instrument/third", Answer.NOTE)
        applied(filled, edited(alike))
        assert shown(filled, "more", "week_arm_1") == ["3=x"]

    def test_in_a_classic_project_only_repeating_matters(self, study: Study) -> None:
        def form(**forms: dict[str, Any]) -> Design:
            listed = [{"instrument": name, "fields": fields} for name, fields in forms.items()]
            return {"instruments": listed, "repeat": ["two"]}

        record = {"record_id": text("ID")}
        a, b, c = ({name: text(name)} for name in "abc")
        study.converge(form(one=record | a, two=b, three=c))
        fill(study.project, [{"record_id": "1", "a": "x", "c": "x"}])
        moved = planned(study, form(one=record, two=b | a, three=c))
        assert told(only(moved, "H110")) == (
            "field/a", Answer.ACCEPTANCE, Undoable.PARTLY, 1,
        )  # fmt: skip
        moved = planned(study, form(one=record, two=b, three=c | a))
        assert told(only(moved, "H110"))[1] is Answer.NOTE


def without_open(design: Design) -> None:
    del design["arms"][0]["events"][2]


def without_arm(design: Design) -> None:
    del design["arms"][1]


def week_renamed(design: Design) -> None:
    event = design["arms"][0]["events"][1]
    event |= {"name": "Week 1", "renamed_from": "Week"}


def naming(event: str) -> Edit:
    def edit(design: Design) -> None:
        field = design["instruments"][0]["fields"]["town"]
        field["branching"] = f"[{event}][more] = '1'"

    return edit


class TestEventRemoved:
    """H114."""

    def test_an_event_is_told_with_its_records(self, filled: Study) -> None:
        found = only(planned(filled, edited(without_open)), "H114")
        assert told(found) == ("event/1/Open", Answer.ACCEPTANCE, Undoable.NO, 2)
        assert "2 of 5 records" in found.message
        assert "renamed_from" in found.advice

    def test_an_arm_is_told_once_with_its_events(self, filled: Study) -> None:
        found = only(planned(filled, edited(without_arm)), "H114")
        assert told(found) == ("arm/2", Answer.ACCEPTANCE, Undoable.NO, 1)
        assert "with Base" in found.message

    def test_what_goes_with_it_is_not_told_once_more(self, filled: Study) -> None:
        codes = {finding.code for finding in planned(filled, edited(without_open)).findings}
        assert not codes & {"H115", "H116"}

    @pytest.mark.parametrize(
        ("edit", "event"), [(without_open, "open_arm_1"), (without_arm, "base_arm_2")]
    )
    def test_it_stops_until_accepted_and_then_takes_the_data(
        self, filled: Study, edit: Edit, event: str
    ) -> None:
        refused(filled, edited(edit), "H114")
        others = stored(filled.project, lambda name, _: name != event)
        applied(filled, edited(edit))
        tables = json.loads(admin.dump(filled.project.emulator.store, filled.project.project_id))
        known = {row["event_id"] for row in tables["events"]}
        assert {row["event_id"] for row in tables["data"]} <= known
        assert stored(filled.project, lambda *_: True) == others

    def test_without_records_it_is_a_note(self, filled: Study) -> None:
        fill(filled.project, ROWS[:2])
        assert told(only(planned(filled, edited(without_open)), "H114"))[1] is Answer.NOTE

    def test_what_still_names_it_is_listed_and_stops(self, filled: Study) -> None:
        filled.converge(edited(naming("open_arm_1")))
        fill(filled.project, ROWS[:2])
        found = only(planned(filled, edited(without_open, naming("open_arm_1"))), "H114")
        assert told(found)[1] is Answer.ACCEPTANCE
        assert "field/town still names [open_arm_1]" in found.message

    def test_a_rename_that_nothing_names_is_a_note(self, filled: Study) -> None:
        found = only(planned(filled, edited(week_renamed)), "H114")
        assert told(found) == ("event/1/Week 1", Answer.NOTE, Undoable.YES, None)

    def test_a_rename_lists_what_names_the_old_name(self, filled: Study) -> None:
        design = edited(week_renamed, naming("week_arm_1"))
        filled.converge(edited(naming("week_arm_1")))
        found = only(planned(filled, design), "H114")
        assert told(found)[1:3] == (Answer.ACCEPTANCE, Undoable.YES)
        assert "field/town still names [week_arm_1]" in found.message
        refused(filled, design, "H114")


def visit_off_base(design: Design) -> None:
    design["arms"][0]["events"][0]["instruments"] = ["intake"]


def week_once(design: Design) -> None:
    design["arms"][0]["events"][1]["repeat"] = []


def open_once(design: Design) -> None:
    del design["arms"][0]["events"][2]["repeat"]


class TestDesignations:
    """H115."""

    def test_it_is_told_with_the_records_that_hold_something_there(self, filled: Study) -> None:
        found = only(planned(filled, edited(visit_off_base)), "H115")
        assert told(found) == (
            "designation/base_arm_1/visit", Answer.ACCEPTANCE, Undoable.PARTLY, 2,
        )  # fmt: skip
        assert "Base (arm 1)" in found.message

    def test_it_stops_until_accepted_and_then_hides_them(self, filled: Study) -> None:
        refused(filled, edited(visit_off_base), "H115")
        applied(filled, edited(visit_off_base))
        assert shown(filled, "mood", "base_arm_1") == []
        assert stored(filled.project, lambda event, _: event == "base_arm_1") == 3

    def test_without_data_it_is_a_note(self, filled: Study) -> None:
        fill(filled.project, [{"record_id": "1", **BASE, "town": "x"}])
        assert told(only(planned(filled, edited(visit_off_base)), "H115"))[1] is Answer.NOTE


class TestRepeats:
    """H116."""

    @pytest.mark.parametrize(
        ("edit", "address", "records"),
        [(week_once, "repeat/week_arm_1/visit", 1), (open_once, "repeat/open_arm_1", 1)],
    )
    def test_it_is_told_with_the_records_that_have_later_instances(
        self, filled: Study, edit: Edit, address: str, records: int
    ) -> None:
        found = only(planned(filled, edited(edit)), "H116")
        assert told(found) == (address, Answer.ACCEPTANCE, Undoable.PARTLY, records)

    def test_it_stops_until_accepted_and_then_hides_them(self, filled: Study) -> None:
        refused(filled, edited(week_once), "H116")
        applied(filled, edited(week_once))
        assert shown(filled, "mood", "week_arm_1") == ["2=x"]

    def test_first_instances_alone_make_a_note(self, filled: Study) -> None:
        fill(filled.project, [ROWS[4]])
        assert told(only(planned(filled, edited(week_once)), "H116"))[1] is Answer.NOTE

    def test_from_instrument_to_whole_event_is_told_too(self, filled: Study) -> None:
        def whole(design: Design) -> None:
            design["arms"][0]["events"][1]["repeat"] = True

        found = only(planned(filled, edited(whole)), "H116")
        assert told(found)[0] == "repeat/week_arm_1/visit"

    def test_another_label_is_no_hazard(self, filled: Study) -> None:
        def labelled(design: Design) -> None:
            design["arms"][0]["events"][1]["repeat"] = {"visit": "[mood]"}

        plan = planned(filled, edited(labelled))
        assert "H116" not in {finding.code for finding in plan.findings}

    def test_in_a_classic_project(self, study: Study) -> None:
        forms = [
            {"instrument": "one", "fields": {"record_id": text("ID")}},
            {"instrument": "two", "fields": {"a": text("A")}},
        ]
        study.converge({"instruments": forms, "repeat": ["two"]})
        fill(study.project, [{"record_id": "1", "redcap_repeat_instrument": "two",
                              "redcap_repeat_instance": "2", "a": "x"}])  # fmt: skip
        found = only(planned(study, {"instruments": forms, "repeat": []}), "H116")
        assert told(found) == ("repeat/two", Answer.ACCEPTANCE, Undoable.PARTLY, 1)


CLASSIC: Design = {"project": {"longitudinal": False}}


class TestLongitudinalOff:
    """H117."""

    def test_records_beyond_the_first_event_are_counted(self, filled: Study) -> None:
        found = only(planned(filled, CLASSIC), "H117")
        assert told(found) == ("project/longitudinal", Answer.ACCEPTANCE, Undoable.PARTLY, 5)

    def test_it_stops_until_accepted_and_then_hides_them(self, filled: Study) -> None:
        refused(filled, CLASSIC, "H117")
        applied(filled, CLASSIC)
        seen = {row["record_id"] for row in filled.project.rows("record", fields=["record_id"])}
        assert seen == {"1", "2", "3"}

    def test_data_on_the_first_event_alone_make_a_note(self, filled: Study) -> None:
        fill(filled.project, ROWS[:3])
        assert told(only(planned(filled, CLASSIC), "H117"))[1] is Answer.NOTE


class TestProtected:
    """H119."""

    @pytest.mark.parametrize(
        ("protect", "edits", "address"),
        [
            (Protection(fields=("more",)), (without_extra,), "field/more"),
            (Protection(fields=("mood",)), (mood_moves,), "field/mood"),
            (Protection(instruments=("extra",)), (without_extra,), "instrument/extra"),
            (Protection(instruments=("visit",)), (visit_off_base,), "designation/base_arm_1/visit"),
            (Protection(instruments=("visit",)), (week_once,), "repeat/week_arm_1/visit"),
            (Protection(instruments=("extra",)), (mood_moves,), "field/mood"),
            (Protection(events=("open_arm_1",)), (without_open,), "event/1/Open"),
            (Protection(events=("1/Open",)), (without_open,), "event/1/Open"),
            (Protection(events=("Week",)), (week_renamed,), "event/1/Week 1"),
            (Protection(events=("base_arm_2",)), (without_arm,), "arm/2"),
            (Protection(events=("week_arm_1",)), (week_once,), "repeat/week_arm_1/visit"),
            (Protection(dags=("Lyon",)), (lambda d: d["dags"].remove("Lyon"),), "dag/Lyon"),
            (Protection(dags=("lyon",)), (lambda d: d["dags"].remove("Lyon"),), "dag/Lyon"),
        ],
    )
    def test_nothing_opens_what_is_protected(
        self, filled: Study, protect: Protection, edits: tuple[Edit, ...], address: str
    ) -> None:
        guards = Guards(protect=protect)
        plan = planned(filled, edited(*edits), guards)
        found = {one.address: one for one in plan.findings if one.code == "H119"}
        assert told(found[address])[1] is Answer.REFUSED
        assert "protect" in found[address].advice
        refused(filled, edited(*edits), "H119", guards)

    def test_what_is_not_named_is_free(self, filled: Study) -> None:
        plan = planned(filled, edited(without_extra), Guards(protect=Protection(fields=("mood",))))
        assert "H119" not in {finding.code for finding in plan.findings}

    def test_another_place_among_the_fields_is_no_change(self, filled: Study) -> None:
        def turned(design: Design) -> None:
            fields = design["instruments"][2]["fields"]
            fields["more"] = fields.pop("more")

        guards = Guards(protect=Protection(fields=("more", "void")))
        plan = planned(filled, edited(turned), guards)
        assert plan.changes
        assert "H119" not in {finding.code for finding in plan.findings}

    def test_a_misspelt_name_is_told(self, filled: Study) -> None:
        found = only(planned(filled, DESIGN, Guards(protect=Protection(fields=("moood",)))), "H119")
        assert told(found)[:2] == ("project/protect", Answer.NOTE)
        assert "`mood`" in found.advice

    def test_with_randomisation_on_and_nothing_named_all_is_protected(self, filled: Study) -> None:
        filled.converge({"project": {"randomization": True}})
        found = only(planned(filled, edited(without_open)), "H119")
        assert told(found)[:2] == ("project/randomization", Answer.REFUSED)
        assert "event/1/Open" in found.message
        assert "`protect:`" in found.advice
        refused(filled, edited(without_open), "H119")

    def test_with_randomisation_on_additions_are_free(self, filled: Study) -> None:
        filled.converge({"project": {"randomization": True}})

        def added(design: Design) -> None:
            design["instruments"][2]["fields"]["fresh"] = text("New")

        codes = {finding.code for finding in planned(filled, edited(added)).findings}
        assert "H119" not in codes

    def test_once_something_is_named_the_rest_is_free(self, filled: Study) -> None:
        filled.converge({"project": {"randomization": True}})
        guards = Guards(protect=Protection(fields=("mood",)))
        codes = {finding.code for finding in planned(filled, edited(without_open), guards).findings}
        assert "H119" not in codes


def without_lyon(design: Design) -> None:
    design["dags"].remove("Lyon")


def lyon_renamed(design: Design) -> None:
    design["dags"] = [{"name": "Nantes", "renamed_from": "Lyon"}, "Paris"]


def put_into(study: Study, user: str, group: str) -> None:
    study.project.of(user)
    rows = [{"username": user, "redcap_data_access_group": group}]
    study.project.post("userDagMapping", action="import", data=json.dumps(rows)).raise_for_status()


class TestGroups:
    """H120."""

    def test_records_and_people_of_the_site_are_told(self, filled: Study) -> None:
        put_into(filled, "amy", "lyon")
        found = only(planned(filled, edited(without_lyon)), "H120")
        assert told(found) == ("dag/Lyon", Answer.ACCEPTANCE, Undoable.PARTLY, 2)
        assert found.stake is not None
        assert found.stake.names == ("amy",)
        assert "2 of 5 records and amy" in found.message
        assert found.message.endswith(" REDCap may refuse that while records are in it.")
        assert "amy" not in found.stake.public

    def test_it_stops_until_accepted(self, filled: Study) -> None:
        refused(filled, edited(without_lyon), "H120")

    def test_accepted_its_records_are_in_no_group(
        self, make_emulator: MakeEmulator, tmp_path: Path
    ) -> None:
        emulator = make_emulator(dag_delete_with_records="unassign")
        study = designed(Study(new_project(emulator), tmp_path))
        fill(study.project, ROWS)
        applied(study, edited(without_lyon))
        assert stored(study.project, lambda *_: True) == 5
        assert in_group(study.project, "paris") == 1

    def test_each_site_is_told_on_its_own(self, filled: Study) -> None:
        plan = planned(filled, {**DESIGN, "dags": []})
        found = {f.address: f for f in plan.findings if f.code == "H120"}
        assert {address: told(one)[3] for address, one in found.items()} == {
            "dag/Lyon": 2,
            "dag/Paris": 1,
        }

    def test_an_empty_group_is_a_note(self, filled: Study) -> None:
        fill(filled.project, [{"record_id": "1", **BASE, "town": "x"}])
        assert told(only(planned(filled, edited(without_lyon)), "H120"))[1] is Answer.NOTE

    def test_a_rename_is_told_and_keeps_the_records(self, filled: Study) -> None:
        found = only(planned(filled, edited(lyon_renamed)), "H120")
        assert told(found)[1:] == (Answer.ACCEPTANCE, Undoable.YES, 2)
        refused(filled, edited(lyon_renamed), "H120")
        applied(filled, edited(lyon_renamed))
        assert in_group(filled.project, "nantes") == 2


class TestBlastRadius:
    """H130."""

    def test_two_of_two_groups_stop(self, filled: Study) -> None:
        found = only(planned(filled, {**DESIGN, "dags": []}), "H130")
        assert told(found)[:2] == ("dags", Answer.ACCEPTANCE)
        assert "deletes 2 of 2 groups (the limit is 30%)" in found.message
        refused(filled, {**DESIGN, "dags": []}, "H130")

    def test_one_of_two_is_told_by_its_own_hazard_alone(self, filled: Study) -> None:
        codes = {finding.code for finding in planned(filled, edited(without_lyon)).findings}
        assert "H120" in codes
        assert "H130" not in codes

    def test_what_only_follows_is_not_counted(self, filled: Study) -> None:
        """Open takes two of seven designations along, and one of two repeats."""
        addresses = {
            finding.address
            for finding in planned(filled, edited(without_open)).findings
            if finding.code == "H130"
        }
        assert addresses == set()

    def test_more_than_half_of_the_fields_changed(self, filled: Study) -> None:
        def relabelled(design: Design) -> None:
            for part in design["instruments"]:
                for name in part["fields"]:
                    if name not in ("record_id", "void"):
                        part["fields"][name]["label"] = f"New {name}"

        found = only(planned(filled, edited(relabelled)), "H130")
        assert told(found)[:3] == ("fields", Answer.ACCEPTANCE, Undoable.YES)
        assert "changes 4 of 6 fields (the limit is 50%)" in found.message


class TestRealData:
    """H150."""

    GUARDS = Guards(data="real")

    def test_a_file_does_not_open_it_and_a_person_does(self, filled: Study) -> None:
        found = only(planned(filled, edited(without_open), self.GUARDS), "H150")
        assert told(found) == ("project/data", Answer.COMMAND_LINE, Undoable.NO, 5)
        assert "event/1/Open" in found.message
        assert found.advice.startswith("Move the project to production first")
        written = Answers(accept=(Acceptance("H150", "project/data"),))
        spoken = Answers(accept=(Acceptance("H150", "project/data", typed=True),))
        assert (written.covers(found), spoken.covers(found)) == (False, True)
        refused(filled, edited(without_open), "H150", self.GUARDS)

    @pytest.mark.parametrize(
        ("change", "word"),
        [
            ({"type": "notes", "label": "More"}, "changed in type"),
            ({"type": "radio", "label": "More", "choices": {"1": "A"}}, "changed in type"),
        ],
    )
    def test_another_type_is_told(
        self, filled: Study, change: dict[str, object], word: str
    ) -> None:
        def typed(design: Design) -> None:
            design["instruments"][2]["fields"]["more"] = change

        assert word in only(planned(filled, edited(typed), self.GUARDS), "H150").message

    @pytest.mark.parametrize("choices", [{"1": "A"}, {"1": "A", "2": "C"}, {"1": "A", "3": "B"}])
    def test_another_code_or_label_is_told(self, filled: Study, choices: dict[str, str]) -> None:
        def recoded(design: Design) -> None:
            design["instruments"][1]["fields"]["drugs"]["choices"] = choices

        message = only(planned(filled, edited(recoded), self.GUARDS), "H150").message
        assert "field/drugs would be recoded" in message

    @pytest.mark.parametrize("choices", [{"2": "B", "1": "A"}, {"1": "A", "2": "B", "3": "C"}])
    def test_more_choices_and_another_order_are_none(
        self, filled: Study, choices: dict[str, str]
    ) -> None:
        def added(design: Design) -> None:
            design["instruments"][1]["fields"]["drugs"]["choices"] = choices

        plan = planned(filled, edited(added), self.GUARDS)
        assert plan.changes
        assert "H150" not in {finding.code for finding in plan.findings}

    def test_test_data_are_free(self, filled: Study) -> None:
        plan = planned(filled, edited(without_open), Guards(data="test"))
        assert "H150" not in {finding.code for finding in plan.findings}

    def test_without_any_record_it_is_a_note(self, filled: Study) -> None:
        fill(filled.project, [])
        found = only(planned(filled, edited(without_open), self.GUARDS), "H150")
        assert told(found)[1] is Answer.NOTE

    def test_in_production_it_is_not_its_business(self, filled: Study) -> None:
        filled.project.status("production")
        plan = planned(filled, edited(without_open), self.GUARDS)
        assert "H150" not in {finding.code for finding in plan.findings}


@pytest.fixture(scope="module")
def whole() -> Iterator[Study]:
    """One project for all examples; each fills it anew."""
    with Emulator() as emulator, TemporaryDirectory() as folder:
        yield designed(Study(new_project(emulator), Path(folder)))


@settings(max_examples=15)
@given(made=rows())
def test_every_number_is_what_the_tables_hold(whole: Study, made: list[dict[str, str]]) -> None:
    fill(whole.project, made)
    design = edited(without_extra, without_open, without_arm, visit_off_base, week_once)
    plan = planned(whole, {**design, "dags": ["Paris"]})
    counted: dict[str, Callable[[str, Any], bool]] = {
        "instrument/extra": lambda _, row: row["field_name"] in ("more", "void"),
        "event/1/Open": lambda event, _: event == "open_arm_1",
        "arm/2": lambda event, _: event == "base_arm_2",
        "designation/base_arm_1/visit": lambda event, row: (
            event == "base_arm_1" and row["field_name"] in ("mood", "drugs")
        ),
        "repeat/week_arm_1/visit": lambda event, row: event == "week_arm_1" and row["instance"] > 1,
    }
    found = {
        one.address: one.stake.count
        for one in plan.findings
        if one.stake is not None and one.code in ("H102", "H114", "H115", "H116", "H120")
    }
    of = stored(whole.project, lambda *_: True)
    assert found == {
        **{address: Count(stored(whole.project, one), of=of) for address, one in counted.items()},
        "dag/Lyon": Count(in_group(whole.project, "lyon"), of=of),
    }
