"""`pull` once more after a pull, no apply between: what was pulled is the base of its parts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from redcap_iac.merging.renames import Consent
from redcap_iac.state import Desired
from tests.emulator.served import Project
from tests.end_to_end.merging import Kept, row_of
from tests.end_to_end.test_pull_merge_dictionary import FILES


@pytest.fixture
def kept(project: Project, tmp_path: Path) -> Kept:
    one = Kept.of(project, tmp_path / "files", FILES)
    one.state_dir = tmp_path / "state"
    return one


def record_of(kept: Kept) -> Path:
    """Return the file that knows what was pulled."""
    assert kept.state_dir is not None
    (path,) = (kept.state_dir / "pulled").iterdir()
    return path


def committed(kept: Kept) -> Desired:
    """Return the design as the files have it, as a commit of them would."""
    return kept.study.goal().desired


def test_what_redcap_changes_once_more_is_taken_once_more(kept: Kept) -> None:
    kept.field("height", field_label="Height 1")
    kept.pull()
    kept.field("height", field_label="Height 2")
    assert kept.pull().conflicts == ()
    assert "Height 2" in kept.read("intake.yaml")
    assert kept.left() == []


def test_own_work_on_what_was_pulled_and_committed_is_own_work(kept: Kept) -> None:
    kept.field("height", field_label="Height 1")
    kept.pull()
    head = committed(kept)
    kept.edit("Height 1", "Height in cm", "intake.yaml")
    pulled = kept.pull(commit=head)
    assert (pulled.conflicts, pulled.after) == ((), {})
    assert [one.address for one in pulled.waiting] == ["field/height"]


def test_own_work_on_what_was_pulled_and_not_committed_is_asked_about(kept: Kept) -> None:
    kept.field("height", field_label="Height 1")
    kept.pull()
    kept.edit("Height 1", "Height in cm", "intake.yaml")
    assert [one.address for one in kept.pull().conflicts] == ["field/height/label"]


def test_what_was_pulled_and_thrown_away_comes_again(kept: Kept) -> None:
    head = committed(kept)
    kept.field("height", field_label="Height 1")
    kept.pull()
    kept.write(FILES)
    assert kept.pull(commit=head).conflicts == ()
    assert "Height 1" in kept.read("intake.yaml")


def test_other_work_after_throwing_away_is_a_conflict(kept: Kept) -> None:
    head = committed(kept)
    kept.field("height", field_label="Height 1")
    kept.pull()
    kept.write(FILES)
    kept.edit('"Height"', '"Height in cm"', "intake.yaml")
    (conflict,) = kept.pull(commit=head).conflicts
    assert (conflict.base, conflict.live) == ("Height", "Height 1")


def test_only_the_last_pull_counts(kept: Kept) -> None:
    for label in ("Height 1", "Height 2"):
        kept.field("height", field_label=label)
        kept.pull()
    kept.edit("Height 2", "Height 1", "intake.yaml")
    assert [one.address for one in kept.pull().conflicts] == ["field/height/label"]


def added(rows: list[dict[str, str]]) -> None:
    rows.insert(7, row_of(rows[0], field_name="bmi", form_name="intake", field_type="text",
                          field_label="BMI"))  # fmt: skip


def test_a_field_that_came_and_was_removed_here_stays_removed(kept: Kept) -> None:
    kept.dictionary(added)
    kept.pull()
    head = committed(kept)
    kept.write({"intake.yaml": FILES["intake.yaml"]})
    pulled = kept.pull(commit=head)
    assert (pulled.after, pulled.conflicts) == ({}, ())
    assert [one.address for one in pulled.waiting] == ["field/bmi"]


def test_a_field_that_came_and_went_in_redcap_goes_here(kept: Kept) -> None:
    kept.dictionary(added)
    kept.pull()
    kept.dictionary(lambda rows: [row for row in rows if row["field_name"] != "bmi"])
    assert kept.pull(consent=Consent(all=False)).conflicts == ()
    assert "bmi" not in kept.read("intake.yaml")
    assert kept.left() == []


def test_a_field_that_went_and_came_back_comes_back_here(kept: Kept) -> None:
    rows = kept.study.project.rows("metadata")
    kept.dictionary(lambda rows: [row for row in rows if row["field_name"] != "height"])
    kept.pull()
    kept.outside("metadata", *rows)
    assert kept.pull(consent=Consent(all=False)).conflicts == ()
    assert "height" in kept.read("intake.yaml")
    assert kept.left() == []


def test_a_renamed_field_changed_once_more_is_taken(kept: Kept) -> None:
    kept.dictionary(lambda rows: rows[6].update(field_name="body_weight"))
    kept.pull(consent=Consent(all=True))
    kept.field("body_weight", field_label="Weight in kg")
    assert kept.pull().conflicts == ()
    assert "Weight in kg" in kept.read("intake.yaml")


def test_an_order_that_was_pulled_is_the_base_of_the_next(kept: Kept) -> None:
    kept.dictionary(lambda rows: [rows[0], rows[5], *rows[1:5], *rows[6:]])
    kept.pull()
    kept.dictionary(lambda rows: [rows[0], rows[2], rows[1], *rows[3:]])
    assert kept.pull().conflicts == ()
    text = kept.read("intake.yaml")
    assert text.index("snores:") < text.index("height:") < text.index("naps:")
    assert kept.left() == []


def test_another_base_forgets_what_was_pulled(kept: Kept) -> None:
    kept.field("height", field_label="Height 1")
    pulled = kept.pull()
    assert pulled.remembered
    path = record_of(kept)
    text = path.read_text().replace("1" * 40, "2" * 40)
    assert "Height" not in text
    path.write_text(text)
    kept.field("height", field_label="Height 2")
    assert [one.address for one in kept.pull().conflicts] == ["field/height/label"]


@pytest.mark.parametrize(
    "text", ["", "[]", '{"base": 1, "parts": []}', json.dumps({"base": "1" * 40})]
)
def test_a_record_that_cannot_be_read_tells_nothing(kept: Kept, text: str) -> None:
    kept.field("height", field_label="Height 1")
    kept.pull()
    path = record_of(kept)
    path.write_text(text)
    kept.field("height", field_label="Height 2")
    assert [one.code for one in kept.pull().conflicts] == ["U101"]
