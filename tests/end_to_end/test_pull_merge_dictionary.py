"""`pull` into a folder with manifests: matrices, sections, lists, record id, CSV beside YAML."""

from __future__ import annotations

from pathlib import Path

import pytest

from redcap_iac.merging.renames import Consent
from tests.emulator.served import Project
from tests.end_to_end.merging import Kept, row_of

CHOICES = "select_choices_or_calculations"
FILES = {
    "redcap.yaml": """\
version: 1
choice_lists:
  often: {0: "Never", 1: "Some days", 2: "Most days"}   # shared
instruments:
  - intake.yaml
  - labs.csv
""",
    "intake.yaml": """\
instrument: intake
matrices:
  # two weeks
  phq: {type: radio, choices_from: often, section: "Over two weeks"}   # as published
fields:
  # who it is
  record_id: {type: text, label: "Study ID"}   # from the list
  snores: {type: radio, label: "Snores", choices_from: often}   # by the partner
  naps: {type: radio, label: "Naps", choices_from: often}
  phq_1: {matrix: phq, label: "Little interest"}   # row 1
  phq_2: {matrix: phq, label: "Feeling down"}
  height: {type: text, label: "Height", section: "Body"}   # cm
  weight: {type: text, label: "Weight"}   # kg
""",
    "labs.csv": (
        "Variable / Field Name,Form Name,Section Header,Field Type,Field Label,"
        '"Choices, Calculations, OR Slider Labels"\r\n'
        'hb,labs,Blood,text,Haemoglobin,\r\n'
        'crp,labs,,text,CRP,\r\n'
    ),
}  # fmt: skip


@pytest.fixture
def kept(project: Project, tmp_path: Path) -> Kept:
    return Kept.of(project, tmp_path, FILES)


def test_the_record_id_renamed_keeps_its_place_and_comments(kept: Kept) -> None:
    kept.dictionary(lambda rows: rows[0].update(field_name="study_id"))
    assert [one.word for one in kept.pull().open_renames] == ["study_id=record_id"]
    kept.pull(consent=Consent(all=True))
    assert (
        '  # who it is\n  study_id: {type: text, label: "Study ID", renamed_from: record_id}'
        "   # from the list\n"
    ) in kept.read("intake.yaml")
    assert kept.left() == []


def test_a_matrix_renamed_keeps_one_matrix(kept: Kept) -> None:
    def change(rows: list[dict[str, str]]) -> None:
        for row in rows:
            if row["matrix_group_name"]:
                row["matrix_group_name"] = "phq2"

    kept.dictionary(change)
    kept.pull()
    assert kept.left() == []
    assert kept.read("intake.yaml") == FILES["intake.yaml"].replace(
        "  phq: {", "  phq2: {"
    ).replace("matrix: phq,", "matrix: phq2,")


def test_a_list_changed_for_all_but_one_changes_and_one_has_its_own(kept: Kept) -> None:
    def change(rows: list[dict[str, str]]) -> None:
        for row in rows:
            if row[CHOICES]:
                row[CHOICES] = "0, Never | 1, Some days | 2, Nearly daily"
        rows[1][CHOICES] += " | 9, Unknown"

    kept.dictionary(change)
    kept.pull()
    assert kept.left() == []
    assert kept.read() == FILES["redcap.yaml"].replace("Most days", "Nearly daily")
    text = kept.read("intake.yaml")
    assert text.count("Unknown") == 1
    assert 'naps: {type: radio, label: "Naps", choices_from: often}' in text
    assert '{type: radio, choices_from: often, section: "Over two weeks"}   # as published' in text


def test_a_matrix_that_leaves_a_list_leaves_it_as_a_whole(kept: Kept) -> None:
    def change(rows: list[dict[str, str]]) -> None:
        for row in rows:
            if row["matrix_group_name"]:
                row[CHOICES] = "0, No | 1, Yes"

    kept.dictionary(change)
    kept.pull()
    assert kept.left() == []
    assert kept.read() == FILES["redcap.yaml"]
    assert kept.read("intake.yaml") == FILES["intake.yaml"].replace(
        "choices_from: often, section", 'choices: {0: "No", 1: "Yes"}, section'
    )


def test_lists_of_which_nobody_wants_the_most_stay(kept: Kept) -> None:
    def change(rows: list[dict[str, str]]) -> None:
        for number, row in enumerate(row for row in rows if row[CHOICES]):
            row[CHOICES] = f"0, Never | 1, Some days | 2, Way {min(number, 2)}"
        rows[1][CHOICES] = rows[2][CHOICES]

    kept.dictionary(change)
    kept.pull()
    assert kept.left() == []
    assert kept.read() == FILES["redcap.yaml"]


def test_a_section_that_moves_to_the_next_field_moves_here(kept: Kept) -> None:
    def change(rows: list[dict[str, str]]) -> None:
        by_name = {row["field_name"]: row for row in rows}
        by_name["height"]["section_header"] = ""
        by_name["weight"]["section_header"] = "Body"
        by_name["hb"]["section_header"] = ""
        by_name["crp"]["section_header"] = "Blood"

    kept.dictionary(change)
    kept.pull()
    assert kept.left() == []
    text = kept.read("intake.yaml")
    assert 'height: {type: text, label: "Height"}   # cm' in text
    assert 'weight: {type: text, label: "Weight", section: Body}   # kg' in text
    old = FILES["labs.csv"]
    assert kept.read("labs.csv") == old.replace("Blood", "").replace(
        "crp,labs,,", "crp,labs,Blood,"
    )


def test_a_section_goes_with_its_field_when_both_move(kept: Kept) -> None:
    kept.dictionary(lambda rows: [*rows[:5], rows[6], rows[5], *rows[7:]])
    kept.pull()
    assert kept.left() == []
    text = kept.read("intake.yaml")
    assert text.index("weight:") < text.index("height:")
    assert 'section: "Body"}   # cm' in text


def test_the_section_of_a_matrix_moves_with_a_new_first_row(kept: Kept) -> None:
    def change(rows: list[dict[str, str]]) -> None:
        old = next(row for row in rows if row["field_name"] == "phq_1")
        rows.insert(rows.index(old), {**old, "field_name": "phq_0", "field_label": "Sleep"})
        old["section_header"] = ""

    kept.dictionary(change)
    kept.pull()
    assert kept.left() == []
    text = kept.read("intake.yaml")
    assert text.index("phq_0:") < text.index("phq_1:")
    assert "# row 1" in text
    assert text.count("Over two weeks") == 1


def test_yaml_and_csv_change_in_one_pull_each_in_its_way(kept: Kept) -> None:
    def change(rows: list[dict[str, str]]) -> None:
        by_name = {row["field_name"]: row for row in rows}
        by_name["height"]["field_label"] = "Height, standing"
        by_name["crp"]["field_label"] = "C-reactive protein"
        rows.append(
            row_of(
                rows[0], field_name="na", form_name="labs", field_type="text", field_label="Sodium"
            )
        )

    kept.dictionary(change)
    pulled = kept.pull()
    assert set(pulled.after) == {"intake.yaml", "labs.csv"}
    assert (
        kept.read("labs.csv")
        == FILES["labs.csv"].replace(",CRP,", ",C-reactive protein,") + "na,labs,,text,Sodium,\r\n"
    )
    assert 'label: "Height, standing"' in kept.read("intake.yaml")
    assert kept.left() == []


def test_a_field_of_a_csv_renamed_in_redcap_has_its_hint_under_renamed(kept: Kept) -> None:
    kept.dictionary(lambda rows: rows[-2].update(field_name="haemoglobin"))
    kept.pull(consent=Consent(all=True))
    assert kept.read("labs.csv") == FILES["labs.csv"].replace("hb,labs", "haemoglobin,labs")
    assert "renamed:\n  fields:\n    haemoglobin: hb\n" in kept.read()
    assert kept.left() == []
