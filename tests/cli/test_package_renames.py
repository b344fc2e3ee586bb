"""A rename with data in production, as people do it: two packages, the copy between."""

from __future__ import annotations

import pytest

from tests.cli.production import Production
from tests.cli.tool import Said, Tool, during
from tests.emulator.served import Project
from tests.end_to_end.watching import grant

BEFORE = """\
version: 1
project: {title: Sleep study}
instruments:
  - instrument: intake
    fields:
      record_id: {type: text, label: Study ID}
      postal: {type: text, label: Postal code}
      races: {type: checkbox, label: Races, choices: {a: "A", "-1": "None", B2: "B"}}
      note: {type: notes, label: Note}
arms:
  - number: 1
    name: Main
    events:
      - {name: Baseline, instruments: [intake]}
      - {name: Week 4, instruments: [intake], repeat: true}
"""
AFTER = BEFORE.replace("postal: {", "zip_code: {renamed_from: postal, ").replace(
    "races: {", "origins: {renamed_from: races, "
)
NAMES = {"postal": "zip_code", "races": "origins"}
ROWS = (
    {"record_id": "007", "redcap_event_name": "baseline_arm_1", "postal": "01234",
     "races___a": "1", "races____1": "1"},
    {"record_id": "007", "redcap_event_name": "week_4_arm_1", "redcap_repeat_instrument": "",
     "redcap_repeat_instance": "3", "postal": "75001", "races___b2": "1"},
    {"record_id": "Zoë, 2", "redcap_event_name": "baseline_arm_1", "postal": "0"},
)  # fmt: skip

Values = set[tuple[str, str, int, str, str]]


@pytest.fixture
def study(project: Project, bare: Tool) -> Production:
    """A study in production with values under the old names, the renamed design declared."""
    made = Production(project, bare.having(STUDY_TOKEN=project.token))
    made.declare(BEFORE)
    done = made.tool.run("apply", "--auto-approve", "--allow-delete", "fields")
    assert done.code == 0, done.all
    made.record(*ROWS)
    project.status("production")
    made.declare(AFTER)
    return made


def stored(study: Production, *names: str) -> Values:
    """Return the values of some fields from the emulator's own tables."""
    project = study.project
    with project.emulator.store.transaction() as db:
        rows = db.execute(
            "SELECT d.record, e.unique_name, d.instance, d.field_name, d.value FROM data d"
            " JOIN events e ON e.event_id = d.event_id WHERE d.project_id = ?",
            (project.project_id,),
        ).fetchall()
    return {tuple(row) for row in rows if row["field_name"] in names}


def old(study: Production) -> Values:
    return stored(study, *NAMES)


def new(study: Production) -> Values:
    return stored(study, *NAMES.values())


def renamed(values: Values) -> Values:
    return {(*value[:3], NAMES[value[3]], value[4]) for value in values}


def fields(study: Production) -> list[str]:
    return [row["field_name"] for row in study.project.rows("metadata")]


def packaged(study: Production, out: str, *words: str) -> str:
    said = study.tool.run("package", "--out", out, *words)
    assert said.code == 0, said.all
    return (study.folder / out / "data_dictionary.csv").read_text(encoding="utf-8")


def drafted(study: Production, out: str, *words: str) -> None:
    """Make a package, upload it, prove the draft, submit it."""
    text = packaged(study, out, *words)
    if not words:
        study.enter()
    study.upload(text)
    proven = study.tool.run("package", "verify", out, "--draft", study.download())
    assert proven.code == 0, proven.all
    assert study.submit() == "review"
    assert study.tool.run("package", "verify", out).code == 7


def approved(study: Production, out: str) -> Said:
    study.approve()
    said = study.tool.run("package", "verify", out)
    assert said.code == 0, said.all
    return said


def copied(study: Production) -> None:
    """Apply the copies; the second package is left for a person."""
    said = study.tool.run("apply", "--auto-approve", "--migrate-data")
    assert said.code == 7, said.all


def finished(study: Production, was: Values) -> None:
    """Make the second package, have it approved: every value is there, nothing is left to do."""
    drafted(study, "second")
    approved(study, "second")
    assert new(study) == renamed(was)
    assert fields(study) == ["record_id", "zip_code", "origins", "note"]
    assert "No changes" in study.tool.run("plan").out
    assert study.tool.run("apply", "--auto-approve").code == 0


def test_the_whole_way_by_two_packages_and_the_copy_between(study: Production) -> None:
    was = old(study)
    planned = study.tool.run("plan")
    assert planned.code == 0, planned.all
    assert "a second package that removes the old names" in planned.out
    drafted(study, "first")
    assert old(study) == was
    approved(study, "first")
    assert {"postal", "zip_code", "races", "origins"} <= set(fields(study))
    assert study.tool.run("apply", "--auto-approve").code == 3
    assert new(study) == set()
    copied(study)
    assert (old(study), new(study)) == (was, renamed(was))
    finished(study, was)


def test_the_second_package_says_to_copy_once_more_before_the_review(study: Production) -> None:
    words = "apply --migrate-data` once more"
    drafted(study, "first")
    clicks = study.folder / "first" / "CLICKS.md"
    assert words not in clicks.read_text(encoding="utf-8")
    approved(study, "first")
    copied(study)
    packaged(study, "second")
    clicks = study.folder / "second" / "CLICKS.md"
    assert words in clicks.read_text(encoding="utf-8")


def test_nothing_is_copied_while_the_first_package_waits(study: Production) -> None:
    was = old(study)
    drafted(study, "first")
    said = study.tool.run("apply", "--auto-approve", "--migrate-data")
    assert said.code == 7, said.all
    assert (old(study), new(study)) == (was, set())


def test_a_rejected_first_package_leaves_all_as_it_was(study: Production) -> None:
    was = old(study)
    drafted(study, "first")
    study.reject()
    assert study.tool.run("package", "verify", "first").code != 0
    assert (old(study), new(study)) == (was, set())
    assert study.submit() == "review"
    approved(study, "first")
    copied(study)
    finished(study, was)


def test_a_rejected_second_package_keeps_both_names(study: Production) -> None:
    was = old(study)
    drafted(study, "first")
    approved(study, "first")
    copied(study)
    drafted(study, "second")
    study.reject()
    assert (old(study), new(study)) == (was, renamed(was))
    study.remove()
    finished_again = packaged(study, "third")
    study.enter()
    study.upload(finished_again)
    assert study.submit() == "review"
    approved(study, "third")
    assert new(study) == renamed(was)
    assert "No changes" in study.tool.run("plan").out


def test_a_copy_that_is_cut_is_finished_by_resume(
    study: Production, monkeypatch: pytest.MonkeyPatch
) -> None:
    was = old(study)
    drafted(study, "first")
    approved(study, "first")
    faults = study.project.emulator.faults
    during(monkeypatch, study.project.emulator, "record/import",
           lambda: faults.order("cut-after@record/import"))  # fmt: skip
    said = study.tool.run("apply", "--auto-approve", "--migrate-data")
    assert said.code in (1, 5), said.all
    faults.clear()
    assert old(study) == was
    resumed = study.tool.run("apply", "--resume", "--auto-approve")
    assert resumed.code == 7, resumed.all
    assert (old(study), new(study)) == (was, renamed(was))
    finished(study, was)


def test_a_colleagues_draft_between_is_merged(study: Production) -> None:
    was = old(study)
    drafted(study, "first")
    approved(study, "first")
    copied(study)
    study.enter()
    theirs = study.download("theirs.csv")
    text = (study.folder / theirs).read_text(encoding="utf-8")
    study.upload(text.replace(",Note,", ",Remark,").replace('"Note"', '"Remark"'))
    study.download("theirs.csv")
    assert study.tool.run("package", "--out", "second").code == 3
    drafted(study, "merged", "--draft", "theirs.csv")
    study.approve()
    assert new(study) == renamed(was)
    labels = {row["field_name"]: row["field_label"] for row in study.project.rows("metadata")}
    assert "postal" not in labels
    assert labels["note"] == "Remark"


LATE = {"record_id": "late", "redcap_event_name": "baseline_arm_1", "postal": "99999",
        "races___a": "1"}  # fmt: skip


def test_what_sites_write_before_the_copy_is_copied(study: Production) -> None:
    drafted(study, "first")
    approved(study, "first")
    study.record(LATE)
    was = old(study)
    copied(study)
    finished(study, was)


def test_what_sites_write_after_the_copy_stops_the_second_package(study: Production) -> None:
    drafted(study, "first")
    approved(study, "first")
    copied(study)
    study.record(LATE)
    was = old(study)
    said = study.tool.run("package", "--out", "second")
    assert said.code == 3, said.all
    assert "--migrate-data" in said.err
    assert not (study.folder / "second").exists()
    copied(study)
    finished(study, was)


def test_without_the_copy_there_is_no_second_package(study: Production) -> None:
    drafted(study, "first")
    approved(study, "first")
    said = study.tool.run("package", "--out", "second")
    assert said.code == 3, said.all
    assert "not under the new ones yet" in " ".join(said.err.split())
    assert "01234" not in said.all


def test_what_sites_write_while_the_second_package_waits_can_still_be_copied(
    study: Production,
) -> None:
    drafted(study, "first")
    approved(study, "first")
    copied(study)
    drafted(study, "second")
    study.record(LATE)
    was = old(study)
    copied(study)
    approved(study, "second")
    assert new(study) == renamed(was)


def test_two_different_values_keep_the_second_package_from_being_made(study: Production) -> None:
    drafted(study, "first")
    approved(study, "first")
    copied(study)
    study.record({**ROWS[0], "postal": "09999"})
    said = study.tool.run("package", "--out", "second")
    assert said.code == 3, said.all
    assert "one value under postal and another under zip_code" in " ".join(said.err.split())
    assert "09999" not in said.all


def test_a_user_who_does_not_see_every_record_makes_no_second_package(study: Production) -> None:
    drafted(study, "first")
    approved(study, "first")
    copied(study)
    grant(study.project, "jdoe", data_access_groups=1)
    rows = '[{"data_access_group_name": "Lyon", "unique_group_name": ""}]'
    study.project.post("dag", action="import", data=rows).raise_for_status()
    row = '[{"username": "jdoe", "redcap_data_access_group": "lyon"}]'
    study.project.post("userDagMapping", action="import", data=row).raise_for_status()
    said = study.tool.run("package", "--out", "second")
    assert said.code == 3, said.all
    assert "may not see every record" in " ".join(said.err.split())
