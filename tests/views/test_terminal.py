from __future__ import annotations

import io

import pytest
from rich.text import Text

from redcap_iac.views.terminal import Screen
from redcap_iac.views.text import plan_lines
from tests.views.plans import change, plan, step


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


CURSOR_SHOWN, CURSOR_HIDDEN = "\x1b[?25h", "\x1b[?25l"
ENVIRON = {"TERM": "xterm-256color"}


@pytest.fixture(autouse=True)
def plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    for name in ("NO_COLOR", "FORCE_COLOR", "COLORTERM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")


def shown(stream: io.StringIO, environ: dict[str, str] = ENVIRON, *, color: bool = True) -> str:
    screen = Screen(stream, io.StringIO(), environ, color=color, quiet=False)
    screen.show(plan_lines(plan(change("field/age", "delete"), change("field/sex", "create"))))
    return stream.getvalue()


def without_codes(text: str) -> str:
    return Text.from_ansi(text).plain.rstrip("\n")


def test_a_terminal_gets_colours() -> None:
    assert "\x1b[31m-\x1b[0m age" in shown(Terminal())


def test_the_text_is_the_same_with_and_without_colours() -> None:
    assert without_codes(shown(Terminal())) == shown(io.StringIO()).rstrip("\n")


@pytest.mark.parametrize(
    ("environ", "color"),
    [({**ENVIRON, "NO_COLOR": "1"}, True), ({"TERM": "dumb"}, True), (ENVIRON, False)],
)
def test_colours_can_be_refused(environ: dict[str, str], color: bool) -> None:
    assert "\x1b" not in shown(Terminal(), environ, color=color)


def test_what_is_no_terminal_gets_no_colours() -> None:
    assert "\x1b" not in shown(io.StringIO())


def test_long_lines_are_not_broken_again() -> None:
    out = io.StringIO()
    Screen(out, io.StringIO(), {}, color=True, quiet=False).show([Text("word " * 100)])
    assert out.getvalue() == ("word " * 100).rstrip() + "\n"


def test_quiet_keeps_errors() -> None:
    err = io.StringIO()
    screen = Screen(io.StringIO(), err, {}, color=True, quiet=True)
    screen.say("a message")
    screen.step(1, 2, step())
    with screen.working("Reading"):
        pass
    screen.fail([Text("error: x")])
    assert err.getvalue() == "error: x\n"


def test_progress_is_plain_lines_where_there_is_no_terminal() -> None:
    err = io.StringIO()
    screen = Screen(io.StringIO(), err, {}, color=True, quiet=False)
    with screen.working("Reading"):
        screen.step(1, 2, step("write\x1b arms", "arm"))
    assert err.getvalue() == "Reading …\n[1/2] write␛ arms (arm, 1 row)\n"


def test_progress_is_a_line_that_goes_on_a_terminal() -> None:
    err = Terminal()
    screen = Screen(io.StringIO(), err, ENVIRON, color=True, quiet=False)
    with screen.working("Reading"):
        screen.say("a message")
    assert "Reading" in err.getvalue()
    assert "a message\n" in err.getvalue()
    assert not err.getvalue().endswith("Reading …\n")


def test_a_live_line_is_away_while_a_person_is_asked() -> None:
    err = Terminal()
    screen = Screen(io.StringIO(), err, ENVIRON, color=True, quiet=False)
    with screen.working("Reading"):
        with screen.pausing():
            before = err.getvalue()
            screen.ask("Which?")
            assert CURSOR_SHOWN in before.rpartition(CURSOR_HIDDEN)[2]
            assert err.getvalue() == f"{before}Which?\n"
        assert err.getvalue().endswith(f"Which?\n{CURSOR_HIDDEN}")


def test_a_long_question_is_broken_at_words_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "50")
    err = Terminal()
    Screen(io.StringIO(), err, ENVIRON, color=False, quiet=False).ask("word " * 20)
    assert all(len(line) <= 50 for line in err.getvalue().splitlines())


def test_a_message_cannot_steer_the_terminal() -> None:
    err = Terminal()
    Screen(io.StringIO(), err, ENVIRON, color=False, quiet=False).say("Left out: \x1b[2J\x9b2J")
    assert err.getvalue() == "Left out: ␛[2J<U+009B>2J\n"


def test_a_smaller_terminal_breaks_lines_at_blanks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "50")
    err = Terminal()
    screen = Screen(Terminal(), err, ENVIRON, color=False, quiet=False)
    assert screen.width == 50
    screen.say(" ".join(["words"] * 20))
    lines = err.getvalue().splitlines()
    assert max(map(len, lines)) <= 50
    assert " ".join(" ".join(lines).split()) == " ".join(["words"] * 20)
    assert lines[1].startswith("    words")


@pytest.mark.parametrize(("columns", "width"), [("300", 100), ("20", 40), ("72", 72)])
def test_results_are_as_wide_as_fits(
    monkeypatch: pytest.MonkeyPatch, columns: str, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert Screen(Terminal(), Terminal(), ENVIRON, color=False, quiet=False).width == width


def test_what_is_no_terminal_has_100_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    screen = Screen(io.StringIO(), io.StringIO(), ENVIRON, color=False, quiet=False)
    assert screen.width == 100


def test_a_copy_is_told_in_numbers() -> None:
    stream = io.StringIO()
    screen = Screen(io.StringIO(), stream, ENVIRON, color=False, quiet=False)
    screen.copied(450, 1_000, 1)
    assert stream.getvalue() == "  450 of 1,000 records looked at, 1 value written\n"
