"""Instruments come from files, patterns and tables inside the folder, each once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from redcap_iac.findings import Findings
from redcap_iac.manifest.files import Folder
from redcap_iac.manifest.includes import Includer, Instrument
from redcap_iac.manifest.nodes import read_yaml
from redcap_iac.manifest.variable_filling import Expansion
from redcap_iac.manifest.variables import Scope

Write = Callable[..., Path]

A = "instrument: a\nfields:\n  x: {type: text, label: X}\n"
CSV = "field_name,form_name,field_type,field_label\nbp,vitals,text,BP\n"


def collected(folder: Path, root: str) -> tuple[list[str], list[str]]:
    """Return the names of the instruments in order, and the errors."""
    findings = Findings()
    node = read_yaml(root.encode(), "redcap.yaml", findings)
    includer = Includer(Folder(folder), findings, Expansion(Scope(), findings))
    found = includer.collect(node, "redcap.yaml")  # type: ignore[arg-type]
    errors = [f"{one.position} {one.code} {one.message} {one.advice}" for one in findings.errors()]
    return [name_of(one) for one in found or ()], errors


def name_of(instrument: Instrument) -> str:
    if isinstance(instrument, tuple):
        return f"table of {len(instrument)}"
    name = instrument.text("instrument")
    return name.text if name is not None else ""


def test_paths_patterns_tables_and_inline_maps_come_in_order(write: Write) -> None:
    folder = write(
        {
            "z.yaml": A,
            "forms/b.yaml": A.replace("a\n", "b\n", 1),
            "forms/a.yml": A.replace("a\n", "c\n", 1),
            "forms/.hidden.yaml": "not: read\n",
            "vitals.csv": CSV,
        }
    )
    root = "instruments:\n- z.yaml\n- forms/*\n- vitals.csv\n- instrument: inline\n"
    assert collected(folder, root) == (["a", "c", "b", "table of 1", "inline"], [])


def test_two_stars_stand_for_any_folders(write: Write) -> None:
    folder = write({"f/x.yaml": A, "f/g/h/y.yaml": A.replace("a\n", "b\n", 1)})
    assert collected(folder, "instruments: ['f/**/*.yaml']\n")[0] == ["b", "a"]


def test_a_dictionary_is_one_table(write: Write) -> None:
    folder = write({"d.csv": CSV})
    assert collected(folder, "dictionary: d.csv\n") == (["table of 1"], [])


def test_no_section_is_none(write: Write) -> None:
    findings = Findings()
    node = read_yaml(b"version: 1\n", "redcap.yaml", findings)
    variables = Expansion(Scope(), findings)
    assert Includer(Folder(write({})), findings, variables).collect(node, "redcap.yaml") is None  # type: ignore[arg-type]


def test_a_list_in_a_file_names_files_beside_it(write: Write) -> None:
    folder = write({"forms/all.yaml": "- a.yaml\n- ../b.yaml\n", "forms/a.yaml": A,
                    "b.yaml": A.replace("a\n", "b\n", 1)})  # fmt: skip
    assert collected(folder, "instruments: [forms/all.yaml]\n") == (["a", "b"], [])


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("instruments/vital.yaml", ("M120 There is no file instruments/vital.yaml. Did you mean "
                                   "`instruments/vitals.yaml`?")),
        ("instruments/vitals", "M120 There is no file instruments/vitals. Did you mean"),
        ("instruments/*.yml", "M120 No file is named like instruments/*.yml."),
        ("instruments", "M124 instruments is a folder. Write instruments/*.yaml for its files."),
        ("folder.yaml", "M124 folder.yaml is a folder."),
        ("notes.txt", "M124 notes.txt is neither YAML nor CSV"),
        ("../outside.yaml", "M121 ../outside.yaml leads out of the project folder."),
        ("a/../../outside.yaml", "M121"),
        ("/etc/hostname", "M121 /etc/hostname leads out"),
        ("~/a.yaml", "M121"),
        ("C:/a.yaml", "M121"),
        ("'a\\b.yaml'", "M121"),
        ("link.yaml", "M121 link.yaml leads out of the project folder."),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_in_is_an_error(write: Write, entry: str, expected: str) -> None:
    folder = write({"p/instruments/vitals.yaml": A, "p/notes.txt": "x", "p/folder.yaml/x.csv": CSV,
                    "outside.yaml": A})  # fmt: skip
    (folder / "p/link.yaml").symlink_to(folder / "outside.yaml")
    names, errors = collected(folder / "p", f"instruments:\n- {entry}\n")
    assert names == []
    (error,) = errors
    assert error.startswith(f"redcap.yaml:2:3 {expected}")


def test_a_cycle_is_an_error_that_shows_it(write: Write) -> None:
    folder = write({"a.yaml": "- b.yaml\n", "b.yaml": "- a.yaml\n"})
    assert collected(folder, "instruments: [a.yaml]\n")[1] == [
        "b.yaml:1:3 M122 These files name each other: a.yaml → b.yaml → a.yaml. "
    ]


def test_a_file_named_twice_is_an_error(write: Write) -> None:
    folder = write({"a.yaml": A})
    names, errors = collected(folder, "instruments:\n- a.yaml\n- '*.yaml'\n")
    assert names == ["a"]
    assert errors == [
        "redcap.yaml:3:3 M123 a.yaml is named a second time; the first is at redcap.yaml:2:3. "
    ]


def test_both_sections_are_an_error(write: Write) -> None:
    folder = write({"d.csv": CSV})
    (error,) = collected(folder, "instruments: []\ndictionary: d.csv\n")[1]
    assert error.startswith("redcap.yaml:2:13 M125")


def test_errors_inside_a_file_are_placed_in_it(write: Write) -> None:
    folder = write({"a.yaml": "instrument: a\nfields: [x]\n", "b.yaml": "a: b: c\n"})
    errors = collected(folder, "instruments: [a.yaml, b.yaml]\n")[1]
    assert [error.split(" ")[:2] for error in errors] == [
        ["a.yaml:2:9", "M110"],
        ["b.yaml:1:5", "M101"],
    ]


def test_too_many_files_are_refused(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("redcap_iac.manifest.includes._MOST_FILES", 1)
    folder = write({"a.yaml": A, "b.yaml": A})
    assert " M103 " in collected(folder, "instruments: ['*.yaml']\n")[1][0]


def test_a_huge_table_is_refused_rather_than_cut_short(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("redcap_iac.manifest.decoding.LARGEST", len(CSV) - 1)
    names, errors = collected(write({"d.csv": CSV}), "dictionary: d.csv\n")
    assert names == []
    assert errors == ["redcap.yaml:1:13 M103 d.csv is too large to be part of a manifest. "]
