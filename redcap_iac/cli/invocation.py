"""One call of the tool: what came in from outside, and how it speaks."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from redcap_iac.errors import GuardError, RedcapIacError

if TYPE_CHECKING:
    from redcap_iac.views.terminal import Screen

YES = "yes"
NO = "no"
INTERRUPTED = 130
#: Longer questions stand on a line of their own, before the place of the answer.
_SHORT = 68


def _now() -> datetime:
    return datetime.now(UTC)


def _is_interactive() -> bool:
    return sys.stdin.isatty() and not os.environ.get("CI")


@dataclass(frozen=True, slots=True)
class Outside:
    """Environment variables, clock, patience, the home folder, whether a person can be asked."""

    environ: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    now: Callable[[], datetime] = _now
    sleep: Callable[[float], None] = time.sleep
    home: Path = field(default_factory=Path.home)
    is_interactive: Callable[[], bool] = _is_interactive


@dataclass(slots=True)
class Invocation:
    """The options before the command, and the screen; `machine` is set by `--format json`."""

    outside: Outside
    folder: Path
    environment: str | None
    verbose: bool
    screen: Screen
    machine: bool = False

    @classmethod
    def plain(cls) -> Invocation:
        """Return one without options, for errors before there is another."""
        return cls.of(Outside(), Path(), None)

    @classmethod
    def of(
        cls,
        outside: Outside,
        folder: Path,
        environment: str | None,
        *,
        color: bool = True,
        quiet: bool = False,
        verbose: bool = False,
    ) -> Invocation:
        """Return one that speaks to the standard streams."""
        # rich takes a while to import, and `--help` and `--version` need none of it
        from redcap_iac.views.terminal import Screen  # noqa: PLC0415

        screen = Screen(sys.stdout, sys.stderr, outside.environ, color=color, quiet=quiet)
        return cls(outside, folder, environment, verbose, screen)

    def path(self, given: str | Path) -> Path:
        """Return a path of the command line: relative to `-C`."""
        return self.folder / given

    def command(self, *words: str) -> str:
        """Return a command for this folder as a person types it."""
        there = () if self.folder == Path() else ("-C", str(self.folder))
        said = (f'"{word}"' if " " in word else word for word in (*there, *words))
        return f"redcap-iac {' '.join(said)}"

    def fail(self, error: RedcapIacError) -> None:
        """Tell an error: to people on stderr, and as JSON on stdout where that was asked for."""
        from redcap_iac.views.findings import error_lines  # noqa: PLC0415 - only after a failure

        self.screen.fail(error_lines(error))
        if self.machine:
            from redcap_iac.views.json import error_json  # noqa: PLC0415 - only after a failure

            self.screen.show(error_json(error, error.exit_code))

    def interrupted(self) -> None:
        """Leave JSON on stdout where that was asked for; the rest is told when all has ended."""
        if self.machine:
            from redcap_iac.views.json import dumped, exit_json  # noqa: PLC0415 - as above

            self.screen.show(dumped({"exit": exit_json(INTERRUPTED)}))

    def asked(self, question: str) -> bool:
        """Ask a person; only `yes` is yes."""
        return self._answer(question, f"Only '{YES}' is accepted") == YES

    def decided(self, question: str) -> bool | None:
        """Ask a person who may say `yes` or `no`; anything else leaves it open."""
        answer = self._answer(question, f"'{YES}' or '{NO}'; anything else leaves it open")
        return {YES: True, NO: False}.get(answer)

    def _answer(self, question: str, accepted: str) -> str:
        """Return what a person says, while no live line is shown."""
        from redcap_iac.views.printable import printable  # noqa: PLC0415 - as above

        question = printable(question)
        with self.screen.pausing():
            if len(question) + len(accepted) > _SHORT:
                self.screen.ask(question)
                question = accepted
            else:
                question = f"{question} {accepted}"
            answer: str = click.prompt(question, default="", show_default=False, err=True)
        return answer.strip()

    def confirm(self, question: str) -> None:
        """Go on only after a yes; GuardError when nobody can be asked, or somebody said no."""
        if not self.outside.is_interactive():
            raise GuardError(
                "Nobody can be asked here, so nothing was done.",
                "Add --auto-approve where this is meant to run by itself.",
            )
        if not self.asked(question):
            raise GuardError("Not approved; nothing was done.")

    def trusts(self, subject: str) -> bool:
        """Ask once whether a host, or a token's source, is trusted."""
        if not self.outside.is_interactive():
            return False
        return self.asked(f"Trust {subject} with your REDCap API tokens?")


pass_invocation = click.make_pass_decorator(Invocation)
