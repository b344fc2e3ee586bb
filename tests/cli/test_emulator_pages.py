from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.emulator_database import asked, database, lines, printed, refused, run, state


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return database(tmp_path / "study.db")


def with_record(db: Path) -> Path:
    asked(db, "record", action="import", data='[{"record_id":"1"}]')
    return db


def acting(db: Path) -> tuple[object, ...]:
    return ("--db", db, "--project", 1, "--user", "jdoe")


def test_an_instrument_is_locked_signed_and_unlocked(db: Path) -> None:
    with_record(db)
    place = (*acting(db), "--record", "1", "--form", "form_1")
    assert printed("lock", *place, "--e-sign") == []
    assert [(row["record"], row["esigned"]) for row in state(db)["locks"]] == [("1", 1)]
    assert printed("lock", *place, "--unlock") == []
    assert state(db)["locks"] == []
    assert [line[:2] for line in lines(db)][:4] == [
        ["jdoe", "E-signature 1"],
        ["jdoe", "Lock/Unlock Record 1"],
        ["jdoe", "E-signature 1"],
        ["jdoe", "Lock/Unlock Record 1"],
    ]


def test_a_locked_instrument_refuses_an_import(db: Path) -> None:
    with_record(db)
    printed("lock", *acting(db), "--record", "1", "--form", "form_1", "--event", "event_1_arm_1")
    sent = asked(db, "record", action="import", data='[{"record_id":"1","form_1_complete":"2"}]')
    assert (sent.status_code, "form that is locked" in sent.text) == (400, True)


def test_a_record_that_is_not_there_cannot_be_locked(db: Path) -> None:
    assert "no such record" in refused("lock", *acting(db), "--record", "1", "--form", "form_1")


@pytest.mark.parametrize(("wanted", "flag"), [("on", 1), ("off", 0)])
def test_randomization_is_switched(db: Path, wanted: str, flag: int) -> None:
    assert printed("randomization", *acting(db), wanted) == []
    assert asked(db, "project").json()["randomization_enabled"] == flag


def test_alerts_and_rules_show_in_the_project_xml(db: Path) -> None:
    project = ("--db", db, "--project", 1)
    assert printed("alert", *project, "--title", "High", "--text", "BMI is [bmi]") == []
    assert printed("quality-rule", *project, "--name", "Tall", "--logic", "[cm] > 220") == []
    assert printed("note", *project, "queue", "--name", "form_1", "--text", "[age] > 17") == []
    text = asked(db, "project_xml", returnMetadataOnly="true").text
    for written in ("BMI is [bmi]", "[cm] &gt; 220", "[age] &gt; 17"):
        assert text.count(written) == 1


def test_a_kind_of_note_that_does_not_exist_names_those_that_do(db: Path) -> None:
    project = ("--db", db, "--project", 1)
    result = run("note", *project, "bookmark", "--name", "a", "--text", "b")
    assert result.exit_code == 2  # click's own; the tool around it makes it 64
    assert "invitation" in result.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("lock", "--user", "jdoe", "--record", "1", "--form", "form_1"),
        ("lock", "--user", "jdoe", "--record", "1", "--form", "form_1", "--unlock"),
        ("randomization", "--user", "jdoe", "on"),
        ("alert", "--title", "a", "--text", "b"),
        ("quality-rule", "--name", "a", "--logic", "b"),
        ("note", "alert", "--name", "a", "--text", "b"),
    ],
)
def test_a_project_that_does_not_exist_is_an_error(db: Path, words: tuple[str, ...]) -> None:
    assert "no project 9" in refused(words[0], "--db", db, "--project", 9, *words[1:])


@pytest.mark.parametrize("command", ["lock", "randomization", "alert", "quality-rule", "note"])
def test_every_help_has_an_example(command: str) -> None:
    assert f"redcap-iac emulator {command} " in run(command, "--help").stdout
