"""The tool on a real (pseudo) terminal, as a person sees it."""

from __future__ import annotations

import os
import re
import struct
import subprocess
import sys

import pytest

from tests.cli.tool import Tool
from tests.emulator.served import Project

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no such terminals")


#: Variables that would speak for the terminal of whoever runs the tests.
_THEIRS = ("CI", "NO_COLOR", "COLUMNS", "LINES")


def talk(
    tool: Tool, *words: str, question: bytes, answer: bytes, columns: int = 100,
    encoding: str = "utf-8",
) -> tuple[int, str]:  # fmt: skip
    """Run a command on a terminal, answer one question, return exit code and all it showed."""
    import fcntl
    import pty
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    environ = {
        **{name: value for name, value in os.environ.items() if name not in _THEIRS},
        **tool.environ,
        "TERM": "xterm-256color",
        "XDG_CONFIG_HOME": str(tool.home / "config"),
        "PYTHONIOENCODING": encoding,
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "redcap_iac", "-C", str(tool.folder), *words],
        stdin=theirs, stdout=theirs, stderr=theirs, env=environ, start_new_session=True,
    )  # fmt: skip
    os.close(theirs)
    shown = b""
    answered = False
    while True:
        try:
            piece = os.read(ours, 65_536)
        except OSError:  # the other end is closed: the process has ended
            break
        if not piece:
            break
        shown += piece
        if question in shown and not answered:
            os.write(ours, answer)
            answered = True
    os.close(ours)
    return process.wait(30), shown.decode(encoding)


def plain(shown: str) -> str:
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown).replace("\r", "")


def test_a_person_is_asked_and_sees_colours(tool: Tool, project: Project) -> None:
    code, shown = talk(tool, "apply", question=b"Apply these changes?", answer=b"yes\n")
    assert code == 0
    assert "\x1b[32m+\x1b[0m dob" in shown
    assert "Read again: no changes remain." in shown
    assert [row["field_name"] for row in project.rows("metadata")] == ["record_id", "dob", "pain"]


def test_the_text_is_that_of_a_file(tool: Tool) -> None:
    _, shown = talk(tool, "-q", "apply", question=b"Apply these changes?", answer=b"no\n")
    assert tool.run("plan").out in plain(shown)


@pytest.mark.parametrize("columns", [60, 80])
def test_a_narrow_terminal_gets_lines_that_fit_it(tool: Tool, columns: int) -> None:
    tool.edit("{type: text, label: Study ID}", f"{{type: text, label: {'A long question ' * 9}}}")
    _, shown = talk(
        tool, "-q", "apply", question=b"Apply these changes?", answer=b"no\n", columns=columns
    )
    lines = plain(shown).splitlines()
    assert max(len(line) for line in lines) <= columns
    assert plain(shown).count("question") == 9


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "cp437"])
def test_a_terminal_without_arrows_gets_plain_signs(
    applied: Tool, project: Project, encoding: str
) -> None:
    applied.edit("label: Pain", "label: Ache")
    applied.edit("label: Date of birth", "label: Größe 漢")
    code, shown = talk(
        applied, "apply", question=b"Apply these changes?", answer=b"yes\n", encoding=encoding
    )
    assert code == 0
    assert "Pain -> Ache" in plain(shown)
    assert "\ufffd" not in shown
    assert project.rows("metadata")[1]["field_label"] == "Größe 漢"


def test_a_long_question_leaves_room_for_the_answer(tool: Tool, project: Project) -> None:
    tool.edit("title: Sleep", f"title: {'Sleep and recovery ' * 4}")
    tool.edit(f"    project_id: {project.project_id}\n", "")
    super_token = tool.having(REDCAP_SUPER_API_TOKEN=project.emulator.super_token)
    words = ("create", "--token-file", "new.token")
    code, shown = talk(super_token, *words, question=b"accepted", answer=b"no\n", columns=80)
    assert code == 3
    assert "127.0.0.1?\nOnly 'yes' is accepted: no\n" in plain(shown)


def test_nobody_is_asked_in_ci(tool: Tool) -> None:
    ci = tool.having(CI="true")
    code, shown = talk(ci, "apply", question=b"Apply these changes?", answer=b"yes\n")
    assert code == 3
    assert "Add --auto-approve" in shown


def test_trust_is_asked_for_once(tool: Tool, project: Project) -> None:
    tool.edit(project.emulator.url, "https://redcap.example.org/api/")
    without_token = tool.having(STUDY_TOKEN="")  # nothing is sent
    question = b"Trust redcap.example.org"
    code, shown = talk(without_token, "doctor", question=question, answer=b"yes\n")
    assert code == 6
    assert question.decode() in shown
    _, again = talk(without_token, "doctor", question=question, answer=b"yes\n")
    assert question.decode() not in again
    assert "a token may be sent to this host" in again
