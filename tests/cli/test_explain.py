"""`explain`: a code in words, the list of codes, a code that is none."""

from __future__ import annotations

import re

import pytest

from redcap_iac.explanations import explanations
from redcap_iac.lint.registry import all_rules
from tests.cli.tool import Tool


@pytest.mark.parametrize("code", ["H103", "h103", " H103 "])
def test_a_code_is_explained(bare: Tool, code: str) -> None:
    said = bare.run("explain", code)
    assert said.code == 0
    assert said.out.startswith("H103  A removed and an added field look alike\n")
    assert "renamed_from: OLD" in said.out
    assert "What to do" in said.out


def test_no_line_is_wider_than_the_screen(bare: Tool) -> None:
    said = bare.run("explain", "H110")
    assert max(len(line) for line in said.out.splitlines()) <= 100


def test_without_a_code_every_code_has_a_line(bare: Tool) -> None:
    said = bare.run("explain")
    codes = re.findall(r"^  ([A-Z]{1,2}\d{3})  \S", said.out, re.MULTILINE)
    assert sorted(codes) == sorted([*explanations(), *(rule.code for rule in all_rules())])


def test_codes_stand_under_the_heading_of_their_family(bare: Tool) -> None:
    said = bare.run("explain").out
    headings = [line for line in said.splitlines() if line and not line.startswith(" ")]
    assert len(headings) == len(set(headings))
    access = said[said.index("Users, roles and groups") :].split("\n\n")[0]
    assert "  M411  One user twice" in access
    assert "  H101" not in access
    assert "Hazards of a plan\n  H101  " in said


def test_a_machine_reads_it(bare: Tool) -> None:
    (code,) = bare.run("explain", "H101", "--format", "json").json["codes"]
    assert code["code"] == "H101"
    assert set(code) == {
        "code", "title", "meaning", "why", "instead", "answer", "family", "bad", "good",
        "about",
    }  # fmt: skip


def test_a_code_that_is_none_gets_a_suggestion(bare: Tool) -> None:
    said = bare.run("explain", "H19")
    assert said.code == 1
    assert "There is no code H19." in said.err
    assert "Did you mean `H1" in said.err


def test_a_code_that_resembles_none_is_answered_with_where_all_are_listed(bare: Tool) -> None:
    said = bare.run("explain", "zzz")
    assert said.code == 1
    assert "Without a code all are listed: redcap-iac explain" in said.err
