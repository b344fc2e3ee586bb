"""`null` in a manifest is an order; what cannot say it is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.formats.conversions import put, to

STUDY = """\
version: 1
project: {title: A, purpose: practice, irb_number: null}
instruments:
  - {instrument: visit, fields: {record_id: {type: text, label: Record}}}
dags: [Lyon]
users:
  jdoe: {rights: {design: true}, dag: null, expires: null}
  other: {rights: {design: true}}
"""


def told(folder: Path, name: str, format_: str = "") -> list[str]:
    """Return the orders a target does not hold."""
    put(folder, {"study/redcap.yaml": STUDY})
    done = to(folder / "study", name, format_)
    return [one.message for one in done.lost if one.code == "C126"]


def test_a_manifest_that_is_drafted_anew_holds_none(tmp_path: Path) -> None:
    assert sorted(told(tmp_path, "copy")) == [
        "project: the order to clear `irb_number` (`null`) is not held.",
        "user/jdoe: the order to clear `dag` (`null`) is not held.",
        "user/jdoe: the order to clear `expires` (`null`) is not held.",
    ]


def test_people_a_target_does_not_hold_are_not_told_once_more(tmp_path: Path) -> None:
    assert told(tmp_path, "p.xml") == [
        "project: the order to clear `irb_number` (`null`) is not held."
    ]


@pytest.mark.parametrize("format_", ["csv-folder", "json-folder"])
def test_an_empty_cell_says_it(format_: str, tmp_path: Path) -> None:
    assert told(tmp_path, "tables", format_) == []


def test_files_of_redcap_order_nothing(tmp_path: Path) -> None:
    put(tmp_path, {"project.csv": "project_title,project_irb_number\nA,\n"})

    assert to(tmp_path / "project.csv", "study").lost == ()
