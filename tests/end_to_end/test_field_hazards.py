"""Hazards of the dictionary on a served project with records: told, waited for, and true."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from redcap_iac import workflow
from redcap_iac.errors import GuardError
from redcap_iac.findings import Finding
from redcap_iac.hazard import Acceptance, Answer, Count, Guards, ImpactMode
from redcap_iac.plan import Plan
from redcap_iac.state import Unit
from redcap_iac.workflow import Answers
from tests.emulator.odm.creating import created
from tests.emulator.served import Project
from tests.end_to_end.study import Silent, Study
from tests.end_to_end.watching import Watched, grant, kept, session
from tests.safety.test_elsewhere import member, xml

Fields = dict[str, dict[str, Any]]


def text(label: str, **more: object) -> dict[str, Any]:
    return {"type": "text", "label": label, **more}


def chosen(label: str, type_name: str = "radio", **choices: str) -> dict[str, Any]:
    return {
        "type": type_name,
        "label": label,
        "choices": {code.removeprefix("c"): said for code, said in choices.items()},
    }


FIELDS: Fields = {
    "record_id": text("ID"),
    "postal": text("Postal code"),
    "smoke": chosen("Do you smoke?", c1="Never", c2="Formerly", c3="Daily"),
    "drugs": chosen("Drugs taken", "checkbox", c1="Aspirin", c2="Ibuprofen"),
    "sex": chosen("Sex at birth", c1="Male", c2="Female"),
    "weeks": text("Weeks pregnant", validation="integer"),
    "twice": {"type": "calc", "label": "Twice", "calculation": "[weeks] * 2"},
    "remark": {"type": "notes", "label": "Anything to add?"},
    "surname": text("Family name", identifier=True),
}
RECORDS: list[dict[str, str]] = [
    {
        "record_id": "1", "postal": "69001", "smoke": "3", "drugs___1": "1", "drugs___2": "1",
        "sex": "2", "weeks": "12", "remark": "one\ntwo",
    },
    {"record_id": "2", "postal": "69002", "smoke": "3", "drugs___2": "1", "sex": "1", "weeks": "9"},
    {"record_id": "3", "smoke": "1", "sex": "2", "weeks": "30"},
    {"record_id": "4", "sex": "1"},
]  # fmt: skip


def manifest(changed: Fields | None = None, *without: str) -> dict[str, Any]:
    declared = {**FIELDS, **(changed or {})}
    fields = {name: one for name, one in declared.items() if name not in without}
    return {"instruments": [{"instrument": "intake", "fields": fields}]}


@pytest.fixture
def filled(study: Study) -> Study:
    """A project with four records."""
    study.converge(manifest())
    fill(study.project)
    return study


def fill(project: Project) -> None:
    project.post("record", action="import", data=json.dumps(RECORDS)).raise_for_status()


def values(project: Project, field: str) -> dict[str, str]:
    """Return what records hold, as an administrator would find it in the database."""
    with project.emulator.store.transaction() as db:
        rows = db.execute(
            "SELECT record, value FROM data WHERE project_id = ? AND field_name = ?",
            (project.project_id, field),
        ).fetchall()
    return {row["record"]: row["value"] for row in rows}


def hazards(plan: Plan) -> dict[str, Finding]:
    """Return the hazards about fields and choices that wait, by code and address."""
    return {
        f"{found.code}:{found.address}": found
        for found in plan.findings
        if found.stake is not None and found.stake.answer is not Answer.NOTE
        if found.address.startswith(("field/", "choice/"))
    }


def only(study: Study, wanted: dict[str, Any]) -> Finding:
    """Return the one hazard of a plan that waits."""
    (found,) = hazards(study.plan(study.declare(wanted)).plan).values()
    return found


def accepting(*words: str) -> Answers:
    accepted = (word.partition(":") for word in words)
    return Answers(
        allow_delete=frozenset({Unit.FIELDS}),
        accept=tuple(Acceptance(code, address, typed=True) for code, _, address in accepted),
    )


def refused(study: Study, wanted: dict[str, Any], answers: Answers) -> str:
    """Apply, which must be refused with nothing written; return what is said."""
    goal = study.declare(wanted)
    planned = study.plan(goal)
    before = kept(study.project)
    with pytest.raises(GuardError) as raised:
        workflow.apply(study.session, goal, planned, Silent(), answers=answers)
    assert raised.value.exit_code == 3
    assert kept(study.project) == before
    return raised.value.message


def carry_out(study: Study, wanted: dict[str, Any], answers: Answers) -> None:
    goal = study.declare(wanted)
    applied = workflow.apply(study.session, goal, study.plan(goal), Silent(), answers=answers)
    assert applied.outcomes[-1].error is None
    assert applied.is_complete


#: What is wanted, and for each hazard that must wait: number of records, what its sentence says.
CASES: dict[str, tuple[dict[str, Any], dict[str, tuple[int, str]]]] = {
    "a field": (
        manifest(None, "postal"), {"H101:field/postal": (2, "its values in 2 of 4 records")},
    ),
    "checkboxes": (
        manifest(None, "drugs"), {"H101:field/drugs": (2, "its ticks in 2 of 4 records")},
    ),
    "a rename nobody said": (
        manifest({"post_code": text("Postal code")}, "postal"),
        {"H101:field/postal": (2, "2 of 4"), "H103:field/postal": (2, "post_code")},
    ),
    "a radio choice": (
        manifest({"smoke": chosen("Do you smoke?", c1="Never", c2="Formerly")}),
        {"H104:choice/smoke/3": (2, "without a label, in 2 of 4 records")},
    ),
    "a checkbox choice": (
        manifest({"drugs": chosen("Drugs taken", "checkbox", c2="Ibuprofen")}),
        {"H105:choice/drugs/1": (1, "deletes its ticks in 1 of 4 records")},
    ),
    "a label": (
        manifest({"sex": chosen("Sex at birth", c1="Female", c2="Male")}),
        {"H106:choice/sex/1": (2, '"Male" to "Female"'), "H106:choice/sex/2": (2, "2 of 4")},
    ),
    "a code": (
        manifest({"smoke": chosen("Do you smoke?", c1="Never", c2="Formerly", c9="Daily")}),
        {"H107:choice/smoke/3": (2, "from 3 to 9")},
    ),
    "a type that loses line breaks": (
        manifest({"remark": text("Anything to add?")}), {"H108:field/remark": (1, "notes to text")},
    ),
    "branching": (
        manifest({"weeks": {**FIELDS["weeks"], "branching": "[sex] = '2'"}}),
        {"H112:field/weeks": (1, "hides values in 1 of 4 records")},
    ),
    "a calculation": (
        manifest({"twice": {**FIELDS["twice"], "calculation": "[weeks] * 3"}}),
        {"H112:field/twice": (3, "values in 3 of 4 records")},
    ),
}  # fmt: skip


class TestEach:
    """Every hazard of fields and choices: told with its number, waited for, carried out."""

    @pytest.mark.parametrize("name", CASES)
    def test_it_is_told_with_the_records_it_concerns(self, filled: Study, name: str) -> None:
        wanted, expected = CASES[name]
        found = hazards(filled.plan(filled.declare(wanted)).plan)
        assert sorted(found) == sorted(expected)
        for word, (number, said) in expected.items():
            assert said in found[word].message
            assert found[word].advice
            stake = found[word].stake
            assert stake is not None
            assert stake.count == Count(number, of=4)
            assert "fewer than 5" in stake.public

    @pytest.mark.parametrize("name", CASES)
    def test_without_every_word_nothing_is_written(self, filled: Study, name: str) -> None:
        wanted, expected = CASES[name]
        for left_out in expected:
            given = accepting(*(word for word in expected if word != left_out))
            assert left_out.partition(":")[0] in refused(filled, wanted, given)

    @pytest.mark.parametrize("name", CASES)
    def test_with_every_word_it_is_done(self, filled: Study, name: str) -> None:
        wanted, expected = CASES[name]
        carry_out(filled, wanted, accepting(*expected))

    @pytest.mark.parametrize("name", CASES)
    def test_no_value_leaves_the_server_while_it_is_planned(self, filled: Study, name: str) -> None:
        client = Watched(filled.project)
        workflow.plan(session(filled, client), filled.declare(CASES[name][0]))
        asked = [call for call in client.calls if call.content == "record"]
        assert asked
        assert {call.params["fields"] for call in asked} == {("record_id",)}
        assert client.writes == []


class TestWhatWasSaidIsTrue:
    """What a hazard says of values is what the import then does to them."""

    def test_values_of_a_removed_field_are_gone(self, filled: Study) -> None:
        carry_out(filled, manifest(None, "postal"), accepting("H101:field/postal"))
        assert values(filled.project, "postal") == {}

    def test_a_removed_radio_choice_stays_stored(self, filled: Study) -> None:
        carry_out(filled, CASES["a radio choice"][0], accepting("H104:choice/smoke/3"))
        assert values(filled.project, "smoke") == {"1": "3", "2": "3", "3": "1"}

    def test_only_ticks_of_the_removed_choice_are_gone(self, filled: Study) -> None:
        carry_out(filled, CASES["a checkbox choice"][0], accepting("H105:choice/drugs/1"))
        assert values(filled.project, "drugs") == {"1": "2", "2": "2"}

    def test_a_choice_with_another_code_keeps_the_old_one_stored(self, filled: Study) -> None:
        carry_out(filled, CASES["a code"][0], accepting("H107:choice/smoke/3"))
        assert values(filled.project, "smoke")["1"] == "3"


class TestTypes:
    """H108 by its table."""

    def test_ticks_and_one_answer_are_refused_whatever_is_accepted(self, filled: Study) -> None:
        wanted = manifest({"drugs": chosen("Drugs taken", c1="Aspirin", c2="Ibuprofen")})
        planned = filled.plan(filled.declare(wanted))
        assert planned.plan.stopped
        said = refused(filled, wanted, accepting("H108:field/drugs"))
        assert "H108" in said
        assert "2 of 4 records" in said

    def test_without_ticks_it_may_be_done(self, study: Study) -> None:
        study.converge(manifest())
        wanted = manifest({"drugs": chosen("Drugs taken", c1="Aspirin", c2="Ibuprofen")})
        carry_out(study, wanted, accepting())

    def test_radio_dropdown_and_yesno_are_one(self, filled: Study) -> None:
        carry_out(
            filled,
            manifest({"smoke": {**FIELDS["smoke"], "type": "dropdown"}}),
            accepting(),
        )
        assert values(filled.project, "smoke") == {"1": "3", "2": "3", "3": "1"}


class TestWhatIsKnown:
    """What is not known is never told as none."""

    def test_a_field_nobody_filled_is_a_note(self, filled: Study) -> None:
        carry_out(filled, manifest(None, "surname"), accepting())

    def test_without_full_export_it_is_not_known(self, filled: Study) -> None:
        with filled.project.emulator.store.transaction() as db:
            db.execute("UPDATE users SET forms_export = '{\"intake\": 0}'")
        found = only(filled, manifest(None, "surname"))
        assert found.code == "H101"
        assert "an unknown number of records" in found.message

    def test_where_nothing_is_asked_nothing_is_known(self, filled: Study) -> None:
        silent = replace(filled.session, guards=Guards(impact=ImpactMode.NONE))
        planned = workflow.plan(silent, filled.declare(manifest(None, "postal")))
        found = hazards(planned.plan)["H101:field/postal"]
        assert "an unknown number of records" in found.message

    def test_more_records_than_were_accepted_stop_again(self, filled: Study) -> None:
        goal = filled.declare(manifest(None, "postal"))
        planned = filled.plan(goal)
        word = Acceptance("H101", "field/postal", typed=True, at_most=1)
        answers = Answers(frozenset({Unit.FIELDS}), (word,))
        with pytest.raises(GuardError, match="H101"):
            workflow.apply(filled.session, goal, planned, Silent(), answers=answers)

    def test_fields_of_an_instrument_that_goes_whole_are_told_with_it(self, filled: Study) -> None:
        both = manifest()
        both["instruments"].append({"instrument": "extra", "fields": {"more": text("More")}})
        filled.converge(both)
        plan = filled.plan(filled.declare(manifest(None, "postal"))).plan
        assert [word for word in hazards(plan) if word.startswith("H101")] == ["H101:field/postal"]
        assert "H102" in {found.code for found in plan.findings}


class TestValidation:
    """H111 is a note with a number that is right."""

    def test_values_that_would_fail_are_counted(self, filled: Study) -> None:
        wanted = manifest({"weeks": {**FIELDS["weeks"], "min": "10", "max": "20"}})
        plan = filled.plan(filled.declare(wanted)).plan
        (note,) = (found for found in plan.findings if found.code == "H111")
        assert "values in 2 of 4 records would fail" in note.message
        carry_out(filled, wanted, accepting())

    def test_a_number_is_told_from_text(self, filled: Study) -> None:
        project = filled.project
        row = {"record_id": "5", "postal": "somewhere"}
        project.post("record", action="import", data=json.dumps([row])).raise_for_status()
        wanted = manifest({"postal": text("Postal code", validation="integer")})
        plan = filled.plan(filled.declare(wanted)).plan
        (note,) = (found for found in plan.findings if found.code == "H111")
        assert "values in 1 of 5 records would fail" in note.message


class TestIdentifiers:
    """H113 names who would get the field."""

    def test_it_waits_and_names_people(self, filled: Study) -> None:
        filled.project.of("amy")
        grant(filled.project, "amy", api_export=1)
        with filled.project.emulator.store.transaction() as db:
            db.execute("UPDATE users SET forms_export = '{\"intake\": 2}' WHERE username = 'amy'")
        wanted = manifest({"surname": text("Family name")})
        found = only(filled, wanted)
        assert (found.code, found.address) == ("H113", "field/surname")
        assert "amy" in found.message
        assert "H113" in refused(filled, wanted, accepting())
        carry_out(filled, wanted, accepting("H113:field/surname"))


class TestElsewhere:
    """H118 looks into the project XML, only when a name goes."""

    def test_nothing_is_looked_for_while_no_name_goes(self, filled: Study) -> None:
        client = Watched(filled.project)
        wanted = manifest({"extra": text("More about it")})
        workflow.plan(session(filled, client), filled.declare(wanted))
        assert "project_xml" not in {call.content for call in client.calls}

    def test_without_data(self, filled: Study) -> None:
        client = Watched(filled.project)
        workflow.plan(session(filled, client), filled.declare(manifest(None, "postal")))
        (asked,) = (call for call in client.calls if call.content == "project_xml")
        assert asked.params == {"returnMetadataOnly": "true"}

    def test_an_export_that_fails_is_not_known(self, filled: Study) -> None:
        filled.project.emulator.faults.order("error=500@project_xml/export")
        plan = filled.plan(filled.declare(manifest(None, "surname"))).plan
        (note,) = (found for found in plan.findings if found.code == "H118")
        assert "alerts" in note.message

    def test_alerts_and_reports_that_name_what_goes_are_told(self, study: Study) -> None:
        parts = member(
            "AlertsGroup", "Alerts", alert_title="Reminder", alert_condition="[postal] = '69001'"
        ) + member("ReportsGroup", "Reports", title="Enrolled", redcap_reports_fields="postal,sex")
        version = '<MetaDataVersion OID="M" Name="M" redcap:RecordIdField="record_id">'
        form = (
            '<FormDef OID="Form.intake" Name="Intake" Repeating="No" redcap:FormName="intake">'
            '<ItemGroupRef ItemGroupOID="intake.record_id" Mandatory="No"/></FormDef>'
            '<ItemGroupDef OID="intake.record_id" Name="Intake" Repeating="No">'
            '<ItemRef ItemOID="record_id" Mandatory="No" redcap:Variable="record_id"/>'
            "</ItemGroupDef>"
            '<ItemDef OID="record_id" Name="record_id" DataType="text" Length="999"'
            ' redcap:Variable="record_id" redcap:FieldType="text"><Question><TranslatedText>ID'
            "</TranslatedText></Question></ItemDef></MetaDataVersion>"
        )
        document = xml(parts).replace("</Study>", f"{version}{form}</Study>")
        project = created(study.project.emulator, document)
        own = Study(project, study.folder)
        own.converge(manifest())
        fill(project)
        found = hazards(own.plan(own.declare(manifest(None, "postal"))).plan)
        said = found["H118:field/postal"].message
        assert said.startswith("Field postal, to be removed, is named in")
        assert 'report "Enrolled"' in said
        assert 'alert "Reminder"' in said
        wanted = manifest(None, "postal")
        assert "H118" in refused(own, wanted, accepting("H101:field/postal"))
        carry_out(own, wanted, accepting("H101:field/postal", "H118:field/postal"))


VISITS: dict[str, Any] = {
    "arms": [
        {
            "number": 1,
            "name": "One",
            "events": [
                {"name": "Base", "instruments": ["intake"]},
                {"name": "Week", "instruments": ["visit"], "repeat": ["visit"]},
            ],
        }
    ]
}


def visits(mood: dict[str, Any] | None, branching: str = "", again: str = "") -> dict[str, Any]:
    """Return a design of which the visit repeats; `mood` is a field of it, or is not there."""
    note = text("Anything else?", **({"branching": again} if again else {}))
    weight = text("Weight", **({"branching": branching} if branching else {}))
    visit = {"note": note, **({"mood": mood} if mood else {})}
    return {
        "instruments": [
            {"instrument": "intake", "fields": {"record_id": text("ID"), "weight": weight}},
            {"instrument": "visit", "fields": visit},
        ],
        **VISITS,
    }


MOOD = chosen("Mood today", c1="Good", c2="Bad")


class TestEventsAndInstances:
    """Records are counted once, over all their events and instances."""

    @pytest.fixture
    def repeated(self, study: Study) -> Study:
        study.converge(visits(MOOD))
        repeat = {"redcap_event_name": "week_arm_1", "redcap_repeat_instrument": "visit"}
        base = {"redcap_event_name": "base_arm_1"}
        rows = [
            {"record_id": "1", **base, "weight": "70"},
            {"record_id": "1", **repeat, "redcap_repeat_instance": "1", "mood": "2", "note": "a"},
            {"record_id": "1", **repeat, "redcap_repeat_instance": "2", "mood": "2", "note": "b"},
            {"record_id": "2", **base, "weight": "80"},
            {"record_id": "2", **repeat, "redcap_repeat_instance": "1", "mood": "1", "note": "c"},
            {"record_id": "3", **base},
        ]
        for row in rows:
            study.project.post("record", action="import", data=json.dumps([row])).raise_for_status()
        return study

    def test_a_field_of_a_repeating_instrument(self, repeated: Study) -> None:
        assert "its values in 2 of 3 records" in only(repeated, visits(None)).message

    def test_a_choice_of_a_repeating_instrument(self, repeated: Study) -> None:
        found = only(repeated, visits(chosen("Mood today", c1="Good")))
        assert (found.code, found.address) == ("H104", "choice/mood/2")
        assert "in 1 of 3 records" in found.message

    def test_logic_about_the_same_instance(self, repeated: Study) -> None:
        found = only(repeated, visits(MOOD, again="[mood] = '1'"))
        assert (found.code, found.address) == ("H112", "field/note")
        assert "values in 1 of 3 records" in found.message

    def test_logic_about_a_named_event(self, repeated: Study) -> None:
        found = only(repeated, visits(MOOD, again="[base_arm_1][weight] > 75"))
        assert "values in 1 of 3 records" in found.message

    def test_logic_about_an_instance_elsewhere_is_not_known(self, repeated: Study) -> None:
        found = only(repeated, visits(MOOD, branching="[week_arm_1][mood] = '1'"))
        assert found.address == "field/weight"
        assert "an unknown number of records" in found.message
