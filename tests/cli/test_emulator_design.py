from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.emulator_database import asked, database, lines, printed, refused, run

HEADER = (
    "Variable / Field Name,Form Name,Section Header,Field Type,Field Label,"
    '"Choices, Calculations, OR Slider Labels",Field Note,'
    "Text Validation Type OR Show Slider Number,Text Validation Min,Text Validation Max,"
    "Identifier?,Branching Logic (Show field only if...),Required Field?,Custom Alignment,"
    "Question Number (surveys only),Matrix Group Name,Matrix Ranking?,Field Annotation\n"
)
RECORD_ID = "record_id,form_1,,text,Record ID" + "," * 13 + "\n"
WEIGHT = "weight,form_1,,text,Weight" + "," * 13 + "\n"


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """A database with a project in production on a server that never approves by itself."""
    made = database(tmp_path / "study.db")
    printed("status", "--db", made, "--project", 1, "production")
    return made


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "dictionary.csv"
    path.write_text(HEADER + RECORD_ID + WEIGHT, encoding="utf-8-sig")
    return path


def drafting(db: Path, command: str, *words: object, user: str = "jdoe") -> list[str]:
    return printed("draft", command, *words, "--db", db, "--project", 1, "--user", user)


def shown(db: Path, command: str, *words: object) -> list[str]:
    return printed("draft", command, *words, "--db", db, "--project", 1)


def test_a_draft_goes_from_entering_to_approval(db: Path, file: Path) -> None:
    assert shown(db, "state") == ["none"]
    assert drafting(db, "enter") == []
    assert drafting(db, "upload", file) == ["2"]
    assert drafting(db, "submit") == ["review"]
    assert shown(db, "state") == ["review"]
    assert drafting(db, "approve", user="admin") == []
    fields = [row["field_name"] for row in asked(db, "metadata").json()]
    assert fields == ["record_id", "weight"]
    assert ["admin", "Manage/Design", "Approve production project modifications"] in lines(db)


def test_the_switches_of_the_last_serving_hold_for_commands(tmp_path: Path, file: Path) -> None:
    db = database(tmp_path / "lenient.db", "auto_approval=unmodified")
    printed("status", "--db", db, "--project", 1, "production")
    drafting(db, "enter")
    drafting(db, "upload", file)
    assert drafting(db, "submit") == ["automatic"]
    assert shown(db, "state") == ["none"]


def test_a_rejected_draft_is_edited_and_then_removed(db: Path, file: Path) -> None:
    drafting(db, "enter")
    drafting(db, "upload", file)
    drafting(db, "submit")
    drafting(db, "reject", user="admin")
    assert shown(db, "state") == ["drafting"]
    drafting(db, "remove", user="admin")
    assert shown(db, "state") == ["none"]


def test_a_draft_is_edited_field_by_field(db: Path) -> None:
    drafting(db, "enter")
    cells = ("form_name=form_1", "field_type=text", "field_label=Weight = mass")
    assert drafting(db, "edit", "weight", *cells) == []
    assert "weight,form_1,,text,Weight = mass," in shown(db, "download")[2]
    assert drafting(db, "drop", "weight") == []
    assert len(shown(db, "download")) == 2


def test_a_download_is_the_file_of_the_designer(db: Path) -> None:
    header, first = shown(db, "download")
    assert header + "\n" == HEADER
    assert first.startswith("record_id,form_1,,text,Record ID,")


def test_a_summary_says_what_changes_and_what_comes_of_it(db: Path, file: Path) -> None:
    drafting(db, "enter")
    cells = ("form_name=form_1", "field_type=radio", "field_label=Pain")
    drafting(db, "edit", "pain", *cells, "select_choices_or_calculations=1, No | 2, Yes")
    drafting(db, "submit")
    drafting(db, "approve", user="admin")
    drafting(db, "enter")
    drafting(db, "upload", file)
    drafting(db, "edit", "pain", *cells, "select_choices_or_calculations=1, No | 3, Yes")
    assert shown(db, "summary") == [
        "added\tweight",
        (
            "modified\tpain\tPossible label mismatch because of label changes;"
            " Data MIGHT be lost due to deleted choice(s); select_choices_or_calculations"
        ),
        "\t2 Removed\t0 records",
        "\t3 Altered\t0 records",
        "1 added, 1 modified, 0 deleted; potentially critical issues: 1",
        "automatically approved: no (auto_approval=never)",
    ]


def test_a_summary_is_told_as_json_too(db: Path, file: Path) -> None:
    drafting(db, "enter")
    drafting(db, "upload", file)
    found = json.loads("\n".join(shown(db, "summary", "--format", "json")))
    assert (found["critical"], found["automatic"], found["setting"]) == (0, False, "never")
    assert [change["field"] for change in found["changes"]] == ["weight"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("draft", "submit"), "not in draft mode"),
        (("draft", "approve"), "only REDCap administrators"),
        (("draft", "drop", "weight"), "not in draft mode"),
        (("delete", "events", "event_1_arm_1"), "cannot be modified in production"),
    ],
)
def test_what_a_page_refuses_is_an_error(db: Path, words: tuple[str, ...], told: str) -> None:
    error = refused(*words, "--db", db, "--project", 1, "--user", "jdoe")
    assert told in error


def test_a_column_that_does_not_exist_is_a_usage_error(db: Path) -> None:
    words = ("edit", "weight", "label=Weight", "--db", db, "--project", 1, "--user", "jdoe")
    result = run("draft", *words)
    assert result.exit_code == 64
    assert "field_label" in result.stderr


def test_a_file_that_is_not_utf8_is_an_error(db: Path, file: Path) -> None:
    file.write_bytes(b"\xff\xfe\x00")
    drafting(db, "enter")
    error = refused("draft", "upload", file, "--db", db, "--project", 1, "--user", "jdoe")
    assert "not UTF-8" in error


def test_a_file_that_is_not_there_is_a_usage_error(db: Path, tmp_path: Path) -> None:
    nowhere = tmp_path / "nothing.csv"
    words = ("upload", "arms", nowhere, "--db", db, "--project", 1, "--user", "admin")
    assert run(*words).exit_code == 2  # click's own; the tool around it makes it 64


@pytest.mark.parametrize(
    ("what", "text", "table", "rows"),
    [
        ("arms", "arm_num,name\n2,Placebo\n", "arms", 2),
        ("events", "event_name,arm_num\nVisit,1\n", "events", 2),
        ("repeating", "form_name,event_name\nform_1,\n", "repeats", 1),
    ],
)
def test_the_pages_of_the_schedule_take_files(
    db: Path, tmp_path: Path, what: str, text: str, table: str, rows: int
) -> None:
    from tests.cli.emulator_database import state

    path = tmp_path / "file.csv"
    path.write_text(text, encoding="utf-8")
    acting = ("--db", db, "--project", 1, "--user", "admin")
    assert printed("upload", what, path, *acting) == ["1"]
    assert len(state(db)[table]) == rows


def test_designations_are_uploaded_and_events_deleted(db: Path, tmp_path: Path) -> None:
    acting = ("--db", db, "--project", 1, "--user", "admin")
    path = tmp_path / "file.csv"
    path.write_text("event_name,arm_num\nVisit,1\n", encoding="utf-8")
    printed("upload", "events", path, *acting)
    path.write_text("arm_num,unique_event_name,form\n1,visit_arm_1,form_1\n", encoding="utf-8")
    assert printed("upload", "designations", path, *acting) == ["1"]
    assert printed("delete", "events", "event_1_arm_1", *acting) == []
    assert [row[2] for row in lines(db)][:2] == [
        "Delete event Event: Event 1, Arm: Arm 1, Days Offset: 1, Offset Range: -0/+0",
        "Perform instrument-event mappings",
    ]


def test_arms_are_deleted_by_number(db: Path, tmp_path: Path) -> None:
    acting = ("--db", db, "--project", 1, "--user", "admin")
    path = tmp_path / "file.csv"
    path.write_text("arm_num,name\n2,Placebo\n", encoding="utf-8")
    printed("upload", "arms", path, *acting)
    assert printed("delete", "arms", 2, *acting) == []
    assert lines(db)[0][2] == "Delete arm Arm 2: Placebo"


def test_an_instrument_is_renamed_in_the_designer(db: Path) -> None:
    acting = ("--db", db, "--project", 1, "--user", "jdoe")
    assert printed("rename-instrument", *acting, "form_1", "--label", "Consent") == ["form_1"]
    printed("status", "--db", db, "--project", 1, "development")
    assert printed("rename-instrument", *acting, "form_1", "--label", "Consent") == ["consent"]
    assert asked(db, "instrument").json() == [
        {"instrument_name": "consent", "instrument_label": "Consent"}
    ]


@pytest.mark.parametrize(
    "command",
    [
        *(("draft", name) for name in (
            "enter", "upload", "edit", "drop", "download", "summary", "submit", "approve",
            "reject", "remove", "state",
        )),
        ("draft",), ("upload",), ("delete",), ("rename-instrument",),
    ],
)  # fmt: skip
def test_every_help_has_an_example(command: tuple[str, ...]) -> None:
    result = run(*command, "--help")
    assert f"redcap-iac emulator {' '.join(command)} " in result.stdout


def test_the_help_of_the_emulator_names_the_late_commands() -> None:
    listed = run("--help").stdout
    assert all(
        f"\n  {name} " in listed
        for name in ("draft", "upload", "delete", "rename-instrument", "serve")
    )


def test_the_examples_keep_their_lines() -> None:
    assert "\\b" not in run("draft", "--help").stdout
