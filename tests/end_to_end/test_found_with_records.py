"""What random designs with records once showed to be untrue in a plan, in its smallest form."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from redcap_iac import workflow
from redcap_iac.findings import Finding
from redcap_iac.hazard import Answer, Count, Guards
from redcap_iac.plan import Plan
from tests.end_to_end.study import Silent, Study, everything

Design = dict[str, Any]


def text(label: str, **more: object) -> Design:
    return {"type": "text", "label": label, **more}


def form(name: str, fields: Design, **more: object) -> Design:
    return {"instrument": name, "fields": fields, **more}


def event(name: str, *instruments: str, **more: object) -> Design:
    return {"name": name, "instruments": list(instruments), **more}


INTAKE = form("intake", {"record_id": text("ID"), "town": text("Town")})
LEVEL = {"type": "radio", "label": "Level", "choices": {"1": "Low", "2": "High"}}
SUM = {"type": "calc", "label": "Sum", "calculation": "1+1"}


def over(*events: Design) -> list[Design]:
    return [{"number": 1, "name": "Arm 1", "events": list(events)}]


def fill(study: Study, *rows: Mapping[str, str]) -> None:
    for row in rows:
        study.project.post("record", action="import", data=json.dumps([row])).raise_for_status()


def planned(study: Study, design: Design, guards: Guards | None = None) -> Plan:
    session = replace(study.session, guards=guards or Guards())
    return workflow.plan(session, study.declare(design)).plan


def of(plan: Plan, code: str) -> list[Finding]:
    return [finding for finding in plan.findings if finding.code == code]


def number(finding: Finding) -> int | None:
    stake = finding.stake
    assert stake is not None
    assert stake.count is not None
    return stake.count.number


def answers(plan: Plan, code: str) -> list[Answer]:
    return [finding.stake.answer for finding in of(plan, code) if finding.stake is not None]


def test_a_status_somebody_gave_is_lost_with_its_instrument(study: Study) -> None:
    study.converge({"instruments": [INTAKE, form("visit", {"mood": text("Mood")})]})
    fill(study, {"record_id": "1", "visit_complete": "2"}, {"record_id": "2", "town": "x"})
    plan = planned(study, {"instruments": [INTAKE]})
    (found,) = of(plan, "H102")
    assert number(found) == 1
    assert answers(plan, "H102") == [Answer.ACCEPTANCE]


def test_a_status_nobody_gave_is_no_loss(study: Study) -> None:
    study.converge({"instruments": [INTAKE, form("visit", {"mood": text("Mood")})]})
    fill(study, {"record_id": "1", "visit_complete": "0"}, {"record_id": "2", "town": "x"})
    (found,) = of(planned(study, {"instruments": [INTAKE]}), "H102")
    assert number(found) == 0


def test_the_status_of_an_instrument_of_text_alone_is_lost_with_it(study: Study) -> None:
    leaflet = form("leaflet", {"words": {"type": "descriptive", "label": "Read this"}})
    study.converge({"instruments": [INTAKE, leaflet]})
    fill(study, {"record_id": "1", "leaflet_complete": "2"})
    (found,) = of(planned(study, {"instruments": [INTAKE]}), "H102")
    assert number(found) == 1


def test_a_status_somebody_gave_is_out_of_sight_with_its_designation(study: Study) -> None:
    forms = [INTAKE, form("visit", {"mood": text("Mood")})]
    both = event("Week", "intake", "visit")
    study.converge({"instruments": forms, "arms": over(event("Base", "intake"), both)})
    where = {"record_id": "1", "redcap_event_name": "week_arm_1"}
    fill(study, {**where, "visit_complete": "1"})
    less = over(event("Base", "intake"), event("Week", "intake"))
    (found,) = of(planned(study, {"instruments": forms, "arms": less}), "H115")
    assert number(found) == 1


def test_calculated_values_do_not_go_along_with_a_new_name(study: Study) -> None:
    study.converge({"instruments": [INTAKE, form("visit", {"mood": text("Mood"), "sum": SUM})]})
    fill(study, {"record_id": "1", "mood": "x"}, {"record_id": "2", "mood": "y"})
    renamed = form("visit", {"mood": text("Mood"), "total": {**SUM, "renamed_from": "sum"}})
    plan = planned(study, {"instruments": [INTAKE, renamed]})
    (found,) = of(plan, "H112")
    assert (found.address, number(found)) == ("field/total", 2)
    assert "those of sum" in found.message
    assert answers(plan, "H112") == [Answer.ACCEPTANCE]


def test_a_calculation_without_values_gets_a_new_name_in_silence(study: Study) -> None:
    study.converge({"instruments": [INTAKE, form("visit", {"mood": text("Mood"), "sum": SUM})]})
    fill(study, {"record_id": "1", "mood": ""})
    with study.project.emulator.store.transaction() as db:
        db.execute("DELETE FROM data WHERE field_name = 'sum'")
    renamed = form("visit", {"mood": text("Mood"), "total": {**SUM, "renamed_from": "sum"}})
    assert of(planned(study, {"instruments": [INTAKE, renamed]}), "H112") == []


def test_branching_and_calculation_of_one_field_are_told_in_one_hazard(study: Study) -> None:
    study.converge({"instruments": [INTAKE, form("visit", {"mood": text("Mood"), "sum": SUM})]})
    fill(study, {"record_id": "1", "mood": "x"}, {"record_id": "2", "mood": "y"})
    other = {**SUM, "calculation": "2+2", "branching": "[mood] = 'x'"}
    plan = planned(
        study, {"instruments": [INTAKE, form("visit", {"mood": text("Mood"), "sum": other})]}
    )
    (found,) = of(plan, "H112")
    assert number(found) == 2
    assert "hides values in 1 of 2 records" in found.message
    assert "values in 2 of 2 records are of before" in found.message


def test_what_goes_with_an_event_is_not_counted_as_recoded(study: Study) -> None:
    first = [INTAKE, form("visit", {"level": LEVEL})]
    both = over(event("Base", "intake", "visit"), event("Week", "intake", "visit"))
    study.converge({"instruments": first, "arms": both})
    base = {"record_id": "1", "redcap_event_name": "base_arm_1", "level": "1"}
    week = {"record_id": "2", "redcap_event_name": "week_arm_1", "level": "1"}
    fill(study, base, week)
    recoded = {**LEVEL, "choices": {"2": "High"}, "recode": {"1": "2"}}
    late = event("Late", "intake", "visit")
    goal = study.declare(
        {
            "instruments": [INTAKE, form("visit", {"level": recoded})],
            "arms": over(event("Base", "intake", "visit"), late),
        }
    )
    made = study.plan(goal)
    assert [number(one) for one in of(made.plan, "H151") if one.address == "choice/level/1"] == [1]
    done = workflow.apply(study.session, goal, made, Silent(), answers=everything())
    assert done.is_complete, done.outcomes[-1].error
    rows = study.project.rows("record", fields=["record_id", "level"])
    assert [(row["record_id"], row["level"]) for row in rows] == [("1", "2")]


def test_fields_that_go_where_their_renamed_instrument_goes_are_not_many_changes(
    study: Study,
) -> None:
    fields = {f"mood_{number}": text(f"Mood {number}") for number in range(8)}
    study.converge({"instruments": [INTAKE, form("visit", fields)]})
    renamed = form("visits", fields, renamed_from="visit")
    assert of(planned(study, {"instruments": [INTAKE, renamed]}), "H130") == []


def test_fields_that_change_with_their_renamed_instrument_are_many_changes(study: Study) -> None:
    fields = {f"mood_{number}": text(f"Mood {number}") for number in range(8)}
    study.converge({"instruments": [INTAKE, form("visit", fields)]})
    others = {name: text(f"Quite another {name}") for name in fields}
    renamed = form("visits", others, renamed_from="visit")
    (found,) = of(planned(study, {"instruments": [INTAKE, renamed]}), "H130")
    assert "changes 8 of 10 fields" in found.message


def test_real_data_are_guarded_when_events_are_switched_off(study: Study) -> None:
    both = over(event("Base", "intake"), event("Week", "intake"))
    study.converge({"instruments": [INTAKE], "arms": both})
    fill(study, {"record_id": "1", "redcap_event_name": "week_arm_1", "town": "x"})
    classic = {"instruments": [INTAKE], "project": {"longitudinal": False}}
    plan = planned(study, classic, Guards(data="real"))
    assert answers(plan, "H150") == [Answer.COMMAND_LINE]
    assert "project/longitudinal would be switched off" in of(plan, "H150")[0].message


def test_real_data_are_guarded_when_a_renamed_field_gets_another_type(study: Study) -> None:
    study.converge({"instruments": [INTAKE, form("visit", {"level": LEVEL})]})
    fill(study, {"record_id": "1", "level": "1"})
    grade = {**text("Level"), "renamed_from": "level"}
    plan = planned(
        study, {"instruments": [INTAKE, form("visit", {"grade": grade})]}, Guards(data="real")
    )
    assert answers(plan, "H150") == [Answer.COMMAND_LINE]


def test_all_fields_of_a_renamed_instrument_can_be_other_ones(study: Study) -> None:
    study.converge({"instruments": [INTAKE, form("visit", {"mood": text("Mood")})]})
    fill(study, {"record_id": "1", "mood": "x"})
    renamed = form("visits", {"height": text("Body height in cm")}, renamed_from="visit")
    plan = planned(study, {"instruments": [INTAKE, renamed]})
    assert [(one.address, number(one)) for one in of(plan, "H101")] == [("field/mood", 1)]
    assert of(plan, "H102") == []


def test_later_instances_of_the_first_event_are_out_of_sight_in_a_classic_project(
    study: Study,
) -> None:
    both = over(event("Base", "intake", repeat=True), event("Week", "intake"))
    study.converge({"instruments": [INTAKE], "arms": both})
    base = {"redcap_event_name": "base_arm_1", "redcap_repeat_instrument": ""}
    fill(study, {"record_id": "1", **base, "redcap_repeat_instance": "1", "town": "x"})
    fill(study, {"record_id": "2", **base, "redcap_repeat_instance": "2", "town": "x"})
    plan = planned(study, {"instruments": [INTAKE], "project": {"longitudinal": False}})
    (found,) = of(plan, "H117")
    stake = found.stake
    assert stake is not None
    assert stake.answer is Answer.ACCEPTANCE
    assert (stake.count, "1 record " in found.message) == (Count(1, at_least=True), True)


def test_real_data_are_guarded_when_a_calculation_gets_another_name(study: Study) -> None:
    study.converge({"instruments": [INTAKE, form("visit", {"mood": text("Mood"), "sum": SUM})]})
    fill(study, {"record_id": "1", "mood": "x"})
    renamed = form("visit", {"mood": text("Mood"), "total": {**SUM, "renamed_from": "sum"}})
    plan = planned(study, {"instruments": [INTAKE, renamed]}, Guards(data="real"))
    assert answers(plan, "H150") == [Answer.COMMAND_LINE]


VISIT = form("visit", {"mood": text("Mood")})


def test_what_the_first_event_of_a_classic_project_will_not_have_is_out_of_sight(
    study: Study,
) -> None:
    study.converge({"instruments": [INTAKE, VISIT], "repeat": {"visit": ""}})
    fill(study, {"record_id": "1", "redcap_repeat_instrument": "visit",
                 "redcap_repeat_instance": "1", "mood": "x"})  # fmt: skip
    fill(study, {"record_id": "2", "town": "x"})
    visits = over(event("Base", "intake"), event("Week", "intake", "visit", repeat=["visit"]))
    plan = planned(study, {"instruments": [INTAKE, VISIT], "arms": visits})
    (found,) = of(plan, "H115")
    assert number(found) == 1
    assert found.message.startswith("Instrument visit would not be on Base, which gets all")
    assert answers(plan, "H115") == [Answer.ACCEPTANCE]


def test_what_repeats_on_the_first_event_as_before_is_not_told(study: Study) -> None:
    study.converge({"instruments": [INTAKE, VISIT], "repeat": {"visit": ""}})
    fill(study, {"record_id": "1", "redcap_repeat_instrument": "visit",
                 "redcap_repeat_instance": "2", "mood": "x"})  # fmt: skip
    visits = over(event("Base", "intake", "visit", repeat=["visit"]), event("Week", "intake"))
    plan = planned(study, {"instruments": [INTAKE, VISIT], "arms": visits})
    assert (of(plan, "H115"), of(plan, "H116")) == ([], [])


def test_what_does_not_repeat_on_the_first_event_as_before_is_told(study: Study) -> None:
    study.converge({"instruments": [INTAKE, VISIT], "repeat": {"visit": ""}})
    fill(study, {"record_id": "1", "redcap_repeat_instrument": "visit",
                 "redcap_repeat_instance": "2", "mood": "x"})  # fmt: skip
    visits = over(event("Base", "intake", "visit"), event("Week", "visit", repeat=["visit"]))
    (found,) = of(planned(study, {"instruments": [INTAKE, VISIT], "arms": visits}), "H116")
    assert number(found) == 1


def test_logic_that_says_the_new_name_of_a_renamed_event_is_not_told_as_broken(
    study: Study,
) -> None:
    mood = text("Mood", branching="[week_arm_1][town] = 'x'")
    first = [INTAKE, form("visit", {"mood": mood})]
    both = over(event("Base", "intake", "visit"), event("Week", "intake", "visit"))
    study.converge({"instruments": first, "arms": both})
    renamed = event("Month", "intake", "visit", renamed_from="Week")
    arms = over(event("Base", "intake", "visit"), renamed)
    said = form("visit", {"mood": {**mood, "branching": "[month_arm_1][town] = 'x'"}})
    (kept,) = of(planned(study, {"instruments": first, "arms": arms}), "H114")
    (rewritten,) = of(planned(study, {"instruments": [INTAKE, said], "arms": arms}), "H114")
    assert "field/mood still names [week_arm_1]" in kept.message
    assert "Nothing in the design names it" in rewritten.message


def test_values_of_records_that_have_repeating_rows_alone_are_carried(study: Study) -> None:
    first = [INTAKE, form("visit", {"level": LEVEL})]
    repeating = event("Base", "intake", "visit", repeat=["intake", "visit"])
    study.converge({"instruments": first, "arms": over(repeating, event("Week", "intake"))})
    row = {"redcap_event_name": "base_arm_1", "redcap_repeat_instrument": "visit"}
    fill(study, {"record_id": "1", **row, "redcap_repeat_instance": "2", "level": "1"})
    renamed = form("visit", {"grade": {**LEVEL, "renamed_from": "level"}})
    study.converge(
        {"instruments": [INTAKE, renamed], "arms": over(repeating, event("Week", "intake"))}
    )
    rows = study.project.rows("record", type="eav", fields=["record_id", "grade"])
    assert [one["value"] for one in rows if one["field_name"] == "grade"] == ["1"]
