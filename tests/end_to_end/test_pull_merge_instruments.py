"""`pull` into a folder with manifests: instruments renamed and moved in REDCap."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from redcap_iac.errors import GuardError
from redcap_iac.merging.renames import Consent
from tests.emulator.served import Project
from tests.end_to_end.merging import Kept

FILES = {
    "redcap.yaml": """\
version: 1
instruments:
  - intake.yaml
  - vitals.yaml      # taken at the bedside
  - labs.csv
arms:
  - number: 1
    name: Main
    events:
      - name: Baseline
        instruments: [intake, vitals, chem]   # all
      - name: Week 4
        instruments: [vitals]
        repeat:
          vitals: "[pulse]"     # by pulse
roles:
  Nurse:
    rights: {record_create: true}
    instruments: {"*": read_only, vitals: edit}   # bedside only
    export: {"*": none}
""",
    "intake.yaml": (
        "instrument: intake\nfields:\n  record_id: {type: text, label: ID}\n"
        "  why:\n    type: text\n    label: Why\n"
        "    branching: \"[vitals_complete] = '2'\"   # once done\n"
    ),
    "vitals.yaml": (
        "# the second sheet\ninstrument: vitals   # short\nlabel: Vitals\nfields:\n"
        "  pulse: {type: text, label: Pulse}   # per minute\n  bp: {type: text, label: BP}\n"
    ),
    "labs.csv": (
        "field_name,form_name,field_type,field_label\n"
        "hb,chem,text,Hb\nna,salts,text,Na\nk,salts,text,K\n"
    ),
}


@pytest.fixture
def kept(project: Project, tmp_path: Path) -> Kept:
    return Kept.of(project, tmp_path, FILES)


def renamed(kept: Kept, old: str, new: str, *, logic: bool = True) -> None:
    """Rename an instrument as the Online Designer does: what hangs on it stays."""
    with kept.study.project.emulator.store.transaction() as db:
        for table in ("forms", "fields", "designations", "repeats"):
            db.execute(f"UPDATE {table} SET form_name = ? WHERE form_name = ?", (new, old))
        db.execute(
            "UPDATE data SET field_name = ? WHERE field_name = ?",
            (f"{new}_complete", f"{old}_complete"),
        )
        for table in ("roles", "users"):
            rights_renamed(db, table, old, new)
        if logic:
            db.execute(
                "UPDATE fields SET branching_logic = replace(branching_logic, ?, ?)",
                (f"[{old}_complete]", f"[{new}_complete]"),
            )


def rights_renamed(db: sqlite3.Connection, table: str, old: str, new: str) -> None:
    for column in ("forms", "forms_export"):
        for row in db.execute(f"SELECT rowid AS place, {column} AS held FROM {table}").fetchall():
            held = {new if k == old else k: v for k, v in json.loads(row["held"]).items()}
            db.execute(
                f"UPDATE {table} SET {column} = ? WHERE rowid = ?",
                (json.dumps(held), row["place"]),
            )


def by_name(rows: list[dict[str, str]], name: str) -> dict[str, str]:
    return next(row for row in rows if row["field_name"] == name)


def test_a_renamed_instrument_is_asked_about(kept: Kept) -> None:
    renamed(kept, "vitals", "vital_signs")
    pulled = kept.pull()
    assert [one.word for one in pulled.open_renames] == ["instrument/vital_signs=instrument/vitals"]
    assert pulled.after == {}


def test_an_accepted_rename_keeps_the_file_and_all_comments(kept: Kept) -> None:
    renamed(kept, "vitals", "vital_signs")
    pulled = kept.pull(consent=Consent(words=("instrument/vital_signs=instrument/vitals",)))
    assert (pulled.conflicts, kept.left()) == ((), [])
    old = FILES["vitals.yaml"]
    assert kept.read("vitals.yaml") == old.replace(
        "instrument: vitals   # short\nlabel: Vitals\n",
        "instrument: vital_signs   # short\nlabel: Vitals\nrenamed_from: vitals\n",
    )
    assert kept.read("intake.yaml") == FILES["intake.yaml"].replace("[vitals_", "[vital_signs_")
    assert kept.read() == (
        FILES["redcap.yaml"]
        .replace("[intake, vitals, chem]", "[intake, vital_signs, chem]")
        .replace("instruments: [vitals]", "instruments: [vital_signs]")
        .replace('vitals: "[pulse]"', 'vital_signs: "[pulse]"')
        .replace("vitals: edit", "vital_signs: edit")
    )
    assert [(one.address, one.action) for one in pulled.taken] == [
        ("instrument/vital_signs", "rename")
    ]


def test_logic_that_redcap_left_at_the_old_name_is_told(kept: Kept) -> None:
    renamed(kept, "vitals", "vital_signs", logic=False)
    (conflict,) = kept.pull(consent=Consent(all=True)).conflicts
    assert (conflict.address, conflict.code) == ("field/why/branching", "U105")
    assert "vitals_complete, which is not a field" in conflict.why
    assert kept.read("intake.yaml") == FILES["intake.yaml"].replace("[vitals_", "[vital_signs_")
    assert kept.left() == ["field/why"]


def test_what_changed_with_the_name_comes_over_as_well(kept: Kept) -> None:
    renamed(kept, "vitals", "vital_signs")
    kept.field("pulse", field_label="Pulse rate")
    kept.dictionary(lambda rows: [row for row in rows if row["field_name"] != "bp"])
    kept.pull(consent=Consent(all=True))
    assert kept.left() == []
    assert 'pulse: {type: text, label: "Pulse rate"}   # per minute' in kept.read("vitals.yaml")
    assert "bp:" not in kept.read("vitals.yaml")


def test_own_work_on_a_renamed_instrument_waits(kept: Kept) -> None:
    kept.edit("label: BP", "label: Blood pressure", "vitals.yaml")
    renamed(kept, "vitals", "vital_signs")
    pulled = kept.pull(consent=Consent(all=True))
    assert pulled.conflicts == ()
    assert kept.left() == ["field/bp"]


def test_a_field_renamed_with_its_instrument_is_found(kept: Kept) -> None:
    renamed(kept, "vitals", "vital_signs")
    kept.dictionary(lambda rows: by_name(rows, "pulse").update(field_name="pulse_rate"))
    pulled = kept.pull()
    assert [one.word for one in pulled.open_renames] == [
        "instrument/vital_signs=instrument/vitals", "pulse_rate=pulse",
    ]  # fmt: skip
    kept.pull(consent=Consent(all=True))
    assert "  pulse_rate: {type: text, label: Pulse, renamed_from: pulse}   # per minute" in (
        kept.read("vitals.yaml")
    )
    assert kept.left() == []


def test_a_form_of_a_csv_is_renamed_in_its_cells(kept: Kept) -> None:
    renamed(kept, "salts", "electrolytes")
    kept.pull(consent=Consent(all=True))
    assert kept.read("labs.csv") == FILES["labs.csv"].replace("salts", "electrolytes")
    assert "renamed:\n  instruments:\n    electrolytes: salts\n" in kept.read()
    assert kept.left() == []


def test_an_instrument_that_is_no_rename_goes_and_comes(kept: Kept) -> None:
    renamed(kept, "vitals", "vital_signs")
    kept.pull(consent=Consent(all=False))
    assert kept.left() == []
    assert not (kept.folder / "vitals.yaml").exists()
    assert "# per minute" in kept.read("instruments/vital_signs.yaml")


def test_a_split_instrument_is_no_rename(kept: Kept) -> None:
    def split(rows: list[dict[str, str]]) -> None:
        for row in rows:
            if row["form_name"] == "salts":
                row["form_name"] = f"of_{row['field_name']}"

    kept.dictionary(split)
    assert kept.pull().open_renames == ()
    assert kept.left() == []


def test_a_name_that_stands_on_an_anchor_is_refused_whole(kept: Kept) -> None:
    kept.edit("instruments: [vitals]\n", "instruments: &all [vitals]\n")
    kept.edit(
        "        repeat:\n", "      - name: Week 8\n        instruments: *all\n        x-repeat:\n"
    )
    kept.study.apply(kept.study.goal())
    kept.base = kept.study.goal().desired
    renamed(kept, "vitals", "vital_signs")
    before = kept.read()
    with pytest.raises(GuardError, match="vitals to vital_signs: the new name cannot be written"):
        kept.pull(consent=Consent(all=True))
    assert kept.read() == before
