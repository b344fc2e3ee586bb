"""The tool on a real (pseudo) terminal, as a person sees it."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from tests.cli.tool import Tool
from tests.emulator.served import Project

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no such terminals")


def talk(tool: Tool, *words: str, question: bytes, answer: bytes) -> tuple[int, str]:
    """Run a command on a terminal, answer one question, return exit code and all it showed."""
    import pty

    ours, theirs = pty.openpty()
    environ = {
        **{name: value for name, value in os.environ.items() if name not in ("CI", "NO_COLOR")},
        **tool.environ,
        "TERM": "xterm-256color",
        "XDG_CONFIG_HOME": str(tool.home / "config"),
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
    return process.wait(30), shown.decode("utf-8")


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
