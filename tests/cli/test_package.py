"""The package of a change in production: what it holds, how it is proven, what comes after."""

from __future__ import annotations

import csv
import io
import json
import stat
from pathlib import Path

import pytest

from tests.cli.production import AFTER, BEFORE, Production, in_production
from tests.cli.tool import Tool
from tests.emulator.conftest import MakeEmulator
from tests.emulator.served import Project, new_project
from tests.end_to_end.watching import kept


@pytest.fixture
def study(project: Project, bare: Tool) -> Production:
    return in_production(project, bare)


def packaged(study: Production, *words: str, out: str = "package") -> Path:
    said = study.tool.run("package", "--out", out, *words)
    assert said.code == 0, said.all
    return study.folder / out


def apply_now(study: Production) -> None:
    said = study.tool.run("apply", "--auto-approve")
    assert said.code == 7, said.all


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))


def carry_out(study: Production, package: Path) -> None:
    """Do what the package says, up to the approval."""
    study.upload_events((package / "events.csv").read_text(encoding="utf-8"))
    study.enter()
    study.upload((package / "data_dictionary.csv").read_text(encoding="utf-8"))
    assert study.submit() == "review"
    study.approve()


def designate(study: Production) -> None:
    """Tick what the clicks say, once the events are there."""
    package = packaged(study, out="again")
    study.upload_designations((package / "designations.csv").read_text(encoding="utf-8"))


def test_the_whole_way_of_a_change(study: Production) -> None:
    planned = study.tool.run("plan")
    assert planned.code == 0, planned.all
    apply_now(study)
    package = packaged(study)
    study.upload_events((package / "events.csv").read_text(encoding="utf-8"))
    study.enter()
    study.upload((package / "data_dictionary.csv").read_text(encoding="utf-8"))
    drafted = study.tool.run("package", "verify", "package", "--draft", study.download())
    assert drafted.code == 0, drafted.all
    assert study.submit() == "review"
    waiting = study.tool.run("package", "verify", "package")
    assert waiting.code == 7, waiting.all
    assert "await review" in waiting.out
    study.approve()
    assert study.tool.run("package", "verify", "package").code == 7
    designate(study)
    proven = study.tool.run("package", "verify", "package")
    assert proven.code == 0, proven.all
    assert "admin approved" in proven.out
    rest = study.tool.run("apply", "--auto-approve")
    assert rest.code == 0, rest.all
    assert "No changes" in study.tool.run("plan").out


def test_the_dictionary_has_the_headers_of_the_page_and_unchanged_rows_as_they_are_live(
    study: Production,
) -> None:
    package = packaged(study)
    text = (package / "data_dictionary.csv").read_text(encoding="utf-8")
    assert text.startswith('"Variable / Field Name","Form Name","Section Header"')
    assert not text.startswith("\ufeff")
    live = study.project.rows("metadata")
    written = rows(package / "data_dictionary.csv")
    assert list(written[3].values()) == list(live[3].values())
    assert [row["Variable / Field Name"] for row in written] == [
        "record_id", "mood", "symptoms", "note", "reason",
    ]  # fmt: skip


def test_a_label_that_begins_like_a_formula_is_written_as_it_is(study: Production) -> None:
    study.declare(AFTER.replace("label: Reason", 'label: "=1+1"'))
    package = packaged(study)
    assert rows(package / "data_dictionary.csv")[4]["Field Label"] == "=1+1"


def test_only_files_that_change_something_are_written(study: Production) -> None:
    assert {path.name for path in packaged(study).iterdir()} == {
        "data_dictionary.csv", "events.csv", "CLICKS.md", "review.html", "review.md",
        "ticket.txt", "package.json",
    }  # fmt: skip


def test_a_new_event_is_uploaded_without_a_name_that_only_redcap_makes(study: Production) -> None:
    assert rows(packaged(study) / "events.csv") == [
        {
            "event_name": "Week 8", "arm_num": "1", "unique_event_name": "",
            "custom_event_label": "",
        },
    ]  # fmt: skip


def test_designations_of_events_that_are_not_there_yet_are_clicks(study: Production) -> None:
    clicks = (packaged(study) / "CLICKS.md").read_text(encoding="utf-8")
    assert 'Tick closing for "Week 8" (arm 1).' in clicks


def test_folder_and_files_are_their_owners_alone(study: Production) -> None:
    package = packaged(study)
    assert stat.S_IMODE(package.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in package.iterdir()} == {0o600}


def test_without_out_it_goes_to_the_state_folder_and_verify_finds_it(study: Production) -> None:
    assert study.tool.run("package").code == 0
    (found,) = (study.folder / ".redcap-iac" / "packages").glob("*/*/package.json")
    verified = study.tool.run("package", "verify", "--format", "json")
    assert verified.code == 7
    assert verified.json["package"] == str(found.parent)


def test_an_export_token_is_enough(study: Production) -> None:
    token = study.project.of("reader")
    answer = study.project.post(
        "user",
        action="import",
        data=json.dumps(
            [
                {
                    "username": "reader", "api_export": 1, "user_rights": 1, "logging": 1,
                    "forms": {"intake": 1}, "forms_export": {"intake": 1},
                }
            ]
        ),
    )  # fmt: skip
    assert answer.status_code == 200, answer.text
    before = kept(study.project)
    reader = study.tool.having(STUDY_TOKEN=token.token)
    done = reader.run("package", "--out", "package")
    assert done.code == 0, done.all
    assert reader.run("package", "verify", "package").code == 7
    assert kept(study.project) == before


def test_the_record_names_flags_and_approval_under_every_setting(study: Production) -> None:
    record = json.loads((packaged(study) / "package.json").read_text(encoding="utf-8"))
    (mood,) = (one for one in record["prediction"]["fields"] if one["field"] == "mood")
    assert mood["flags"] == ["Data MIGHT be lost due to deleted choice(s)"]
    assert mood["removed"] == ["3"]
    assert record["prediction"]["critical"] == 1
    assert record["prediction"]["approval"] == {
        "never": "review", "unmodified": "review", "norecords_or_unmodified": "review",
        "nocritical": "review", "norecords_or_nocritical": "review",
    }  # fmt: skip


def test_the_declared_setting_is_the_one_that_is_foretold(project: Project, bare: Tool) -> None:
    study = in_production(project, bare, with_records=False)
    study.declare(AFTER, "auto_approval: norecords_or_nocritical")
    said = study.tool.run("package", "--out", "package")
    assert "Expected: approved automatically" in said.out
    assert "assumed" not in said.out


def test_without_a_declared_setting_the_strictest_is_assumed(study: Production) -> None:
    said = study.tool.run("package", "--out", "package")
    assert "Expected: reviewed by an administrator" in said.out
    assert "`auto_approval:` is not declared" in said.out


def test_a_ticket_stands_on_the_pages(study: Production) -> None:
    package = packaged(study, "--ticket", "CHG 42")
    for name in ("review.html", "ticket.txt"):
        assert "CHG 42" in (package / name).read_text(encoding="utf-8")


PAGES = ("review.html", "review.md", "CLICKS.md", "ticket.txt", "package.json")


def test_in_private_the_pages_tell_how_many_records_there_are(study: Production) -> None:
    package = packaged(study)
    assert "records: 2" in (package / "review.md").read_text(encoding="utf-8")
    record = json.loads((package / "package.json").read_text(encoding="utf-8"))
    assert record["prediction"]["records"]["number"] == 2


def test_a_public_package_tells_no_small_number_and_nobody_s_name(study: Production) -> None:
    package = packaged(study, "--publish", "public")
    texts = {name: (package / name).read_text(encoding="utf-8") for name in PAGES}
    assert "records: fewer than 5" in texts["review.md"]
    assert "fewer than 5 of fewer than 5 records" in texts["ticket.txt"]
    assert all("jdoe" not in text for text in texts.values())
    record = json.loads(texts["package.json"])
    assert record["prediction"]["records"]["number"] is None
    assert set(record["fingerprint"]) == {"fields"}


def test_a_public_package_brings_and_proves_the_same(study: Production) -> None:
    private, public = packaged(study), packaged(study, "--publish", "public", out="public")
    for name in ("data_dictionary.csv", "events.csv"):
        assert (public / name).read_bytes() == (private / name).read_bytes()
    assert study.tool.run("package", "verify", "public").code == 7


def test_small_numbers_are_masked_where_the_environment_asks_for_it(study: Production) -> None:
    study.tool.edit("    url:", "    mask_small: true\n    url:")
    package = packaged(study)
    assert "records: fewer than 5" in (package / "review.md").read_text(encoding="utf-8")


def test_an_existing_folder_is_not_overwritten(study: Production) -> None:
    package = packaged(study)
    before = {path.name: path.read_bytes() for path in package.iterdir()}
    said = study.tool.run("package", "--out", "package")
    assert said.code == 3
    assert {path.name: path.read_bytes() for path in package.iterdir()} == before


def test_nothing_to_package_is_said(study: Production) -> None:
    study.declare(BEFORE)
    said = study.tool.run("package", "--out", "package")
    assert (said.code, said.out.strip()) == (
        0, "Nothing to package: the API takes everything there is to change.",
    )  # fmt: skip
    assert not (study.folder / "package").exists()


def test_a_project_in_development_needs_no_package(study: Production) -> None:
    study.project.status("development")
    said = study.tool.run("package", "--out", "package")
    assert said.code == 3
    assert "in development" in said.err


def test_a_project_in_analysis_gets_no_package(study: Production) -> None:
    study.project.status("analysis")
    said = study.tool.run("package", "--out", "package")
    assert said.code == 3
    assert "H140" in said.err


# verify


def test_a_draft_that_differs_is_told_field_by_field(study: Production) -> None:
    package = packaged(study)
    text = (package / "data_dictionary.csv").read_text(encoding="utf-8")
    study.enter()
    study.upload(text.replace("Very high", "Extreme").replace('"Reason"', "Reason"))
    said = study.tool.run("package", "verify", "package", "--draft", study.download())
    assert said.code == 1
    assert 'field mood, choices: "1, Low | 2, Middle | 4, Extreme"' in said.out
    assert "reason" not in said.out


def test_the_live_project_not_touched_yet_is_waited_for(study: Production) -> None:
    packaged(study)
    said = study.tool.run("package", "verify", "package", "--format", "json")
    assert (said.code, said.json["verdict"]) == (7, "waiting")
    assert said.json["exit"] == {"code": 7, "name": "waiting"}
    assert "no draft is open" in said.json["sentence"]


def test_a_rejected_draft_is_still_a_draft(study: Production) -> None:
    package = packaged(study)
    study.enter()
    study.upload((package / "data_dictionary.csv").read_text(encoding="utf-8"))
    study.submit()
    study.reject()
    said = study.tool.run("package", "verify", "package")
    assert said.code == 7
    assert "in Draft Mode" in said.out
    assert "admin rejected" in said.out


def test_a_removed_draft_leaves_everything_to_be_done(study: Production) -> None:
    package = packaged(study)
    study.enter()
    study.upload((package / "data_dictionary.csv").read_text(encoding="utf-8"))
    study.submit()
    study.remove()
    said = study.tool.run("package", "verify", "package")
    assert said.code == 7
    assert "no draft is open" in said.out


def test_a_package_is_stale_once_the_live_dictionary_moved(study: Production) -> None:
    package = packaged(study)
    study.enter()
    other = study.folder / study.download()
    study.upload(other.read_text(encoding="utf-8").replace(",Note,", ",Remark,"))
    study.submit()
    study.approve()
    said = study.tool.run("package", "verify", "package")
    assert said.code == 4, said.all
    assert 'field note, label: "Remark" instead of "Note"' in said.out
    drafted = study.tool.run("package", "verify", "package", "--draft", study.download("d.csv"))
    assert drafted.code == 4
    assert package.exists()


def test_apply_says_when_the_newest_package_is_stale(study: Production) -> None:
    apply_now(study)
    assert study.tool.run("package").code == 0
    assert "fits what is live" in study.tool.run("apply").err
    study.enter()
    other = study.folder / study.download()
    study.upload(other.read_text(encoding="utf-8").replace(",Note,", ",Remark,"))
    study.submit()
    study.approve()
    assert "is stale" in study.tool.run("apply").err


def test_a_foreign_event_makes_the_package_stale(study: Production) -> None:
    packaged(study)
    study.upload_events("event_name,arm_num,unique_event_name,custom_event_label\nOther,1,,\n")
    said = study.tool.run("package", "verify", "package")
    assert said.code == 4
    assert "Other (arm 1)" in said.out


def test_an_altered_file_is_no_proof(study: Production) -> None:
    path = packaged(study) / "data_dictionary.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("Very high", "High"), "utf-8")
    said = study.tool.run("package", "verify", "package")
    assert said.code == 1
    assert "altered" in said.err


def test_a_package_of_another_project_is_refused(study: Production) -> None:
    packaged(study)
    other = new_project(study.project.emulator)
    study.tool.edit(f"project_id: {study.project.project_id}", f"project_id: {other.project_id}")
    said = study.tool.having(STUDY_TOKEN=other.token).run("package", "verify", "package")
    assert said.code == 3
    assert "for project" in said.err


def test_a_folder_without_a_package_is_said(study: Production) -> None:
    said = study.tool.run("package", "verify")
    assert said.code == 1
    assert "no package" in said.err


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{}", "damaged"),
        ('{"format_version": "9.0"}', "format version 9.0"),
        ("no json", "damaged"),
    ],
)
def test_a_broken_record_is_refused(study: Production, text: str, words: str) -> None:
    package = packaged(study)
    (package / "package.json").write_text(text, encoding="utf-8")
    said = study.tool.run("package", "verify", "package")
    assert said.code == 1
    assert words in said.err


def test_without_the_logging_right_the_stand_of_the_draft_is_unknown(study: Production) -> None:
    package = packaged(study)
    study.enter()
    study.upload((package / "data_dictionary.csv").read_text(encoding="utf-8"))
    with study.project.emulator.store.transaction() as db:
        db.execute("UPDATE users SET rights = json_set(rights, '$.logging', 0)")
    said = study.tool.run("package", "verify", "package")
    assert said.code == 7
    assert "is unknown without the Logging" in said.out
    assert "Draft state unknown" in study.tool.run("plan").out


# a draft that is open


def test_an_open_draft_stops_the_package_and_not_access(study: Production) -> None:
    study.enter()
    said = study.tool.run("package", "--out", "package")
    assert said.code == 3
    assert "H141" in said.err
    assert "jdoe" in said.err
    assert not (study.folder / "package").exists()
    apply_now(study)
    assert {row["role_label"]: row["reports"] for row in study.project.rows("userRole")} == {
        "Data entry": "1"
    }


def colleague(study: Production, old: str, new: str) -> str:
    """Draft something as a colleague would; return the file downloaded then."""
    study.enter()
    name = study.download("theirs.csv")
    text = (study.folder / name).read_text(encoding="utf-8")
    assert old in text
    study.upload(text.replace(old, new))
    return study.download("theirs.csv")


def test_a_colleagues_draft_is_merged(study: Production) -> None:
    file = colleague(study, ",Note,", ",Remark,")
    package = packaged(study, "--draft", file)
    labels = {
        row["Variable / Field Name"]: row["Field Label"]
        for row in rows(package / "data_dictionary.csv")
    }
    assert labels["note"] == "Remark"
    assert labels["reason"] == "Reason"
    page = (package / "review.html").read_text(encoding="utf-8")
    assert "Already in the draft, kept" in page
    clicks = (package / "CLICKS.md").read_text(encoding="utf-8")
    assert "Write what theirs.csv brought into the manifest, or the next plan undoes it" in clicks
    assert "field/note" in clicks
    assert "redcap-iac --env prod apply" in clicks  # elsewhere another may be the default
    study.upload((package / "data_dictionary.csv").read_text(encoding="utf-8"))
    drafted = study.tool.run("package", "verify", "package", "--draft", study.download())
    assert drafted.code == 0, drafted.all
    study.submit()
    study.approve()
    live = {row["field_name"]: row["field_label"] for row in study.project.rows("metadata")}
    assert (live["note"], live["reason"]) == ("Remark", "Reason")


def test_a_conflict_stops_with_both_places(study: Production) -> None:
    file = colleague(study, "3, High", "3, Elevated")
    said = study.tool.run("package", "--draft", file, "--out", "package")
    assert said.code == 3
    assert "theirs.csv:3" in said.err
    assert "redcap.yaml:" in said.err
    assert "1 conflict" in said.err
    assert not (study.folder / "package").exists()


def test_a_file_that_is_no_dictionary_is_refused_as_a_draft(study: Production) -> None:
    (study.folder / "wrong.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    assert study.tool.run("package", "--draft", "wrong.csv").code == 1
    assert study.tool.run("package", "--draft", "missing.csv").code == 1


# apply


def test_apply_with_nothing_for_the_api_waits_at_once(study: Production) -> None:
    apply_now(study)
    before = kept(study.project)
    said = study.tool.run("apply", "--auto-approve", "--format", "json")
    assert said.code == 7
    assert said.json["exit"] == {"code": 7, "name": "waiting"}
    assert said.json["error"]["kind"] == "WaitingError"
    assert "redcap-iac package" in said.json["error"]["advice"]
    assert kept(study.project) == before


def test_with_a_draft_open_apply_sends_nobody_to_upload(study: Production) -> None:
    apply_now(study)
    study.enter()
    drafting = study.tool.run("apply", "--auto-approve")
    assert drafting.code == 7
    assert "redcap-iac package --draft FILE" in drafting.err
    assert "upload the dictionary" not in drafting.err
    study.submit()
    in_review = study.tool.run("apply", "--auto-approve")
    assert in_review.code == 7
    assert "Wait until it is approved or rejected" in in_review.err


def test_the_account_of_the_first_part_says_who_acts_next(study: Production) -> None:
    said = study.tool.run("apply", "--auto-approve")
    assert said.code == 7
    assert "what is left waits for a person" in said.out
    assert "you: upload the dictionary in Draft Mode" in said.out
    machine = study.tool.run("apply", "--auto-approve", "--format", "json")
    assert machine.json["exit"]["name"] == "waiting"


def test_the_plan_in_json_has_its_stages(study: Production) -> None:
    plan = study.tool.run("plan", "--format", "json").json
    assert [(stage["number"], stage["who"]) for stage in plan["stages"]] == [
        (1, "redcap-iac"), (2, "you"), (3, "you"), (4, "administrator"), (5, "you"),
        (6, "redcap-iac"),
    ]  # fmt: skip
    assert {step["kind"] for step in plan["steps"]} == {"project", "roles"}


def test_automatic_approval_needs_no_administrator(make_emulator: MakeEmulator, bare: Tool) -> None:
    emulator = make_emulator(auto_approval="norecords_or_nocritical")
    study = in_production(new_project(emulator), bare, with_records=False)
    study.declare(AFTER, "auto_approval: norecords_or_nocritical")
    package = packaged(study)
    study.upload_events((package / "events.csv").read_text(encoding="utf-8"))
    study.enter()
    study.upload((package / "data_dictionary.csv").read_text(encoding="utf-8"))
    assert study.submit() == "automatic"
    designate(study)
    said = study.tool.run("package", "verify", "package")
    assert said.code == 0, said.all
    assert "automatically" in said.out


def test_no_token_stands_in_any_file(study: Production) -> None:
    package = packaged(study)
    for path in package.iterdir():
        assert study.project.token not in path.read_text(encoding="utf-8")


def test_for_machines_it_says_what_was_written_and_what_is_foretold(study: Production) -> None:
    said = study.tool.run("package", "--out", "package", "--format", "json")
    found = said.json["package"]
    assert [upload["name"] for upload in found["uploads"]] == ["events.csv", "data_dictionary.csv"]
    assert found["critical"] == 1
    assert found["approval"]["never"] == "review"
    assert {click["when"] for click in found["clicks"]} == {"after"}
    assert said.json["exit"] == {"code": 0, "name": "done"}


def test_a_conflict_is_told_to_machines_too(study: Production) -> None:
    file = colleague(study, "3, High", "3, Elevated")
    said = study.tool.run("package", "--draft", file, "--out", "package", "--format", "json")
    assert (said.code, said.json["exit"]["name"]) == (3, "stopped")
    assert said.json["error"]["kind"] == "ConflictError"


def test_nothing_to_package_is_said_to_machines_too(study: Production) -> None:
    study.declare(BEFORE)
    assert study.tool.run("package", "--format", "json").json["package"] is None


def test_apply_says_when_the_newest_package_is_of_other_files(study: Production) -> None:
    assert study.tool.run("package").code == 0
    study.declare(AFTER.replace("label: Reason", "label: Why"))
    assert "is of other files" in study.tool.run("apply").err


def test_a_draft_of_a_package_without_a_dictionary_cannot_be_proven(study: Production) -> None:
    study.declare(BEFORE.replace("name: Week 4,", "name: Week 4, custom_label: x,"))
    packaged(study)
    file = study.download()
    said = study.tool.run("package", "verify", "package", "--draft", file)
    assert said.code == 3
    assert "brings no dictionary" in said.err


def test_a_record_that_names_a_file_outside_its_folder_is_refused(study: Production) -> None:
    path = packaged(study) / "package.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    record["files"] = {"../redcap.yaml": "0"}
    path.write_text(json.dumps(record), encoding="utf-8")
    said = study.tool.run("package", "verify", "package")
    assert said.code == 1
    assert "outside its folder" in said.err
