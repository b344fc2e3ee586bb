"""A conversion as people and machines read it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from redcap_iac.findings import Finding, Position, Severity
from redcap_iac.formats.contents import BY_NAME
from redcap_iac.views.conversion import conversion_json, conversion_lines
from redcap_iac.workflow.converted_files import TARGETS
from redcap_iac.workflow.converting import Conversion


def lost(code: str, address: str) -> Finding:
    said = f"{address} is not held."
    return Finding(code, Severity.WARNING, said, Position("a.csv", 2), address)


def conversion(*found: Finding) -> Conversion:
    return Conversion((("a.csv", "dictionary"),), "project-xml", {}, {"fields": 2}, found, ())


def lines(done: Conversion, *, is_written: bool = True, verbose: bool = False) -> list[str]:
    shown = conversion_lines(done, Path(), ["p.xml"], is_written=is_written, verbose=verbose)
    return [line.plain for line in shown]


def test_a_conversion_without_loss_says_so() -> None:
    assert lines(conversion()) == [
        "Read a.csv (dictionary).",
        "It holds 2 fields.",
        "Nothing is lost.",
        "Written: p.xml",
    ]


def test_losses_stand_under_their_code_with_place_and_count() -> None:
    told = lines(conversion(lost("C110", "field/x")))

    assert "Not held by a project XML: 1 thing" in told
    assert "  C110 Fields that are not held as they were (1)" in told
    assert "       a.csv:2:1: field/x is not held." in told


def test_many_losses_are_counted_after_the_first() -> None:
    done = conversion(*(lost("C110", f"field/x{number}") for number in range(8)))

    assert "       2 more with -v, or in --report json" in lines(done)
    assert "       a.csv:2:1: field/x7 is not held." in lines(done, verbose=True)


def test_people_are_counted_not_named() -> None:
    told = lines(conversion(lost("C116", "user/jdoe")))

    assert not any("jdoe" in line for line in told)
    assert "       each with -v, or in --report json" in told


def test_what_was_not_written_is_said_to_be_so() -> None:
    told = lines(conversion(), is_written=False)

    assert told[-1] == "Nothing was written; it would be: p.xml"


def test_a_name_cannot_steer_the_terminal() -> None:
    told = lines(conversion(lost("C110", "field/\x1b[2J")))

    assert not any("\x1b" in line for line in told)


def test_machines_get_every_loss_and_the_exit() -> None:
    done = conversion(lost("C110", "field/x"), lost("C116", "user/jdoe"))

    said = json.loads(conversion_json(done, Path("out"), ["p.xml"], 1))

    assert said["counts"] == {"C110": 1, "C116": 1}
    assert [one["address"] for one in said["lost"]] == ["field/x", "user/jdoe"]
    assert (said["folder"], said["written"]) == ("out", ["p.xml"])
    assert said["exit"] == {"code": 1, "name": "error"}


def test_lines_are_as_wide_as_the_screen() -> None:
    found = lost("C110", "field/with_a_long_name and another word")
    done = conversion(found)

    shown = conversion_lines(
        done, Path("a_folder"), ["file_1.csv", "file_2.csv", "file_3.csv"], is_written=True,
        verbose=False, width=40,
    )  # fmt: skip

    assert max(line.cell_len for line in shown) <= 40
    assert "Written: a_folder/file_1.csv," in [line.plain for line in shown]


def test_what_follows_is_said_once_the_files_are_there() -> None:
    for is_written in (True, False):
        shown = conversion_lines(
            conversion(), Path(), ["p.xml"], is_written=is_written, verbose=False,
            following="redcap-iac -C study check",
        )  # fmt: skip
        assert (shown[-1].plain == "Next: redcap-iac -C study check") is is_written


def test_every_target_has_words() -> None:
    for target in TARGETS:
        done = replace(conversion(lost("C110", "field/x")), format=target)
        (head,) = [line for line in lines(done) if line.startswith("Not held by ")]
        assert target not in head.split() or target in {"manifest", "dictionary", *BY_NAME}


def test_what_was_to_be_cleared_for_people_is_counted_too() -> None:
    told = lines(conversion(lost("C126", "user/jdoe"), lost("C126", "project")))

    assert not any("jdoe" in line for line in told)
    assert "       1 more with -v, or in --report json" in told
