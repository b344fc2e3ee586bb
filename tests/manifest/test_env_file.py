"""A file of variables is read strictly, and its text is in no message."""

from __future__ import annotations

from pathlib import Path

import pytest

from redcap_iac.errors import RedcapIacError
from redcap_iac.manifest.env_file import read_env_file


def test_names_and_values_are_read_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_bytes(
        b"\xef\xbb\xbf# comment\r\n\r\nA=1\nexport B = 'two words'\nC=\"a#b $A \\n\"\nD=\nE=x=y#z\n"
    )
    assert read_env_file(path) == {
        "A": "1", "B": "two words", "C": "a#b $A \\n", "D": "", "E": "x=y#z",
    }  # fmt: skip


@pytest.mark.parametrize(
    "line", ["no value", "1A=x", "A='open", "A=o'pen", "A=x # y", 'A="a"b"', "A=x\nA=y"]
)
def test_a_line_that_is_none_is_refused_by_number_alone(line: str, tmp_path: Path) -> None:
    path = tmp_path / "my.env"
    path.write_text(f"TOKEN=MARK\n{line.replace('x', 'MARK')}\n", encoding="utf-8")
    with pytest.raises(RedcapIacError, match=r"^my\.env:[23]: ") as raised:
        read_env_file(path)
    assert "MARK" not in raised.value.message


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(RedcapIacError, match=r"my\.env cannot be read"):
        read_env_file(tmp_path / "my.env")


@pytest.mark.parametrize("data", [b"A=\xff\n", b"A=1\n" + b"#" * 70_000])
def test_what_is_no_file_of_variables_is_refused(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "my.env"
    path.write_bytes(data)
    with pytest.raises(RedcapIacError, match=r"my\.env is"):
        read_env_file(path)
