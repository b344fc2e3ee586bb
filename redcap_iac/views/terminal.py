"""Where text goes: results to stdout, messages and progress to stderr, colours to terminals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TextIO

from rich.console import Console
from rich.status import Status
from rich.text import Text

from redcap_iac.plan import Step
from redcap_iac.views.findings import WIDTH, counted, wrapped
from redcap_iac.views.printable import printable

#: Lines are broken before they come here; a terminal's own width breaks nothing more.
_NO_LIMIT = 1_000_000
_NARROWEST = 40


class Screen:
    """Two streams, each with colours when it is a terminal and nobody said no to colours.

    `quiet` leaves results and errors. The text is the same with and without colours.
    """

    def __init__(
        self, out: TextIO, err: TextIO, environ: Mapping[str, str], *, color: bool, quiet: bool
    ) -> None:
        wanted = color and not environ.get("NO_COLOR") and environ.get("TERM") != "dumb"
        self._out = _console(out, color=wanted)
        self._err = _console(err, color=wanted)
        self._quiet = quiet
        self._wanted = wanted
        self._status: Status | None = None

    @property
    def width(self) -> int:
        """Columns for results: 100, or what a smaller terminal has."""
        return max(_NARROWEST, min(WIDTH, self._out.width)) if self._out.is_terminal else WIDTH

    @property
    def is_quiet(self) -> bool:
        """Tell whether messages are left out."""
        return self._quiet

    @property
    def is_colored(self) -> bool:
        """Tell whether colours were not refused."""
        return self._wanted

    def show(self, lines: Sequence[Text] | str) -> None:
        """Print a result."""
        _print(self._out, lines)

    def say(self, text: str) -> None:
        """Print a message, unless quiet."""
        if not self._quiet:
            _print(self._err, [Text(printable(text))])

    def ask(self, question: str) -> None:
        """Print what a person is asked, quiet or not."""
        width = max(_NARROWEST, min(WIDTH, self._err.width)) if self._err.is_terminal else _NO_LIMIT
        _print(self._err, wrapped(Text(question), width=width))

    def fail(self, lines: Sequence[Text] | str) -> None:
        """Print what went wrong, quiet or not."""
        _print(self._err, lines)

    @contextmanager
    def working(self, text: str) -> Iterator[None]:
        """Say what takes a while: a live line on a terminal, a plain line elsewhere."""
        if self._quiet:
            yield
        elif self._err.is_terminal:
            self._status = self._err.status(Text(printable(text)), spinner=self._spinner())
            try:
                with self._status:
                    yield
            finally:
                self._status = None
        else:
            self.say(f"{text} …")
            yield

    @contextmanager
    def pausing(self) -> Iterator[None]:
        """Take the live line away while a person is asked something."""
        status = self._status
        if status is not None:
            status.stop()
        yield
        if status is not None:
            status.start()

    def _spinner(self) -> str:
        return "dots" if self._err.encoding.lower().startswith("utf") else "line"

    def step(self, number: int, total: int, step: Step) -> None:
        """Say which call is about to be made."""
        call = step.call
        rows = f", {counted(len(call.rows), 'row')}" if call.rows else ""
        self.say(f"[{number}/{total}] {printable(step.title)} ({call.content}{rows})")

    def copied(self, looked_at: int, total: int, written: int) -> None:
        """Say how far a copy of stored values came in this round; numbers alone."""
        values = counted(written, "value")
        self.say(f"  {looked_at:,} of {counted(total, 'record')} looked at, {values} written")


def _console(stream: TextIO, *, color: bool) -> Console:
    is_terminal = stream.isatty()
    return Console(
        file=stream,
        force_terminal=is_terminal,
        color_system="auto" if color and is_terminal else None,
        highlight=False,
        markup=False,
        emoji=False,
        width=None if is_terminal else _NO_LIMIT,
    )


def _print(console: Console, lines: Sequence[Text] | str) -> None:
    if isinstance(lines, str):
        console.file.write(f"{lines}\n")
        console.file.flush()
        return
    if not console.is_terminal:
        console.file.write("".join(f"{line.plain.rstrip()}\n" for line in lines))
        console.file.flush()  # the two streams often end in one log
        return
    for line in lines:
        line.rstrip()
        margin = len(line.plain) - len(line.plain.lstrip())
        for piece in wrapped(line, indent=margin + 4, width=max(_NARROWEST, console.width)):
            console.print(piece, soft_wrap=True)
