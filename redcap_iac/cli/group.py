"""The group of commands: each is loaded when it is called, every error ends with its exit code."""

from __future__ import annotations

import errno
import importlib
import os
import sys
import traceback
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import click

from redcap_iac.cli.completing import offering
from redcap_iac.cli.invocation import INTERRUPTED, Invocation
from redcap_iac.errors import RedcapIacError

USAGE = 64
#: The variable by which a shell asks for completions; click makes it of the program's name.
COMPLETE = "_REDCAP_IAC_COMPLETE"


class LazyGroup(click.Group):
    """A group that knows its commands by name and one sentence, and imports only what is called.

    Known are, by a command's name, the module that holds it, the command's name in there, and the
    sentence. A command returns its exit code, None for 0.
    """

    _lazy: Mapping[str, tuple[str, str, str]] = {}

    def knowing(self, lazy: Mapping[str, tuple[str, str, str]]) -> LazyGroup:
        """Return the group itself, which knows these commands from now on."""
        self._lazy = lazy
        return offering(with_examples(self))

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order people need them."""
        del ctx
        return list(self._lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        del ctx
        if cmd_name not in self._lazy:
            return None
        module, name, _ = self._lazy[cmd_name]
        command: click.Command = getattr(importlib.import_module(module), name)
        return offering(with_examples(command))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing any."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, sentence) for name, (_, _, sentence) in self._lazy.items()])

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,  # noqa: ANN401 - click's own signature
    ) -> Any:  # noqa: ANN401 - click's own signature
        """Run a command; usage errors end with 64, which click would end with 2."""
        code = self._run(args, prog_name, complete_var, windows_expand_args, extra)
        if standalone_mode:
            sys.exit(code)
        return code

    def _run(
        self,
        args: Sequence[str] | None,
        prog_name: str | None,
        complete_var: str | None,
        windows_expand_args: bool,
        extra: Mapping[str, Any],
    ) -> int:
        if os.environ.get(COMPLETE, "").startswith("powershell"):
            importlib.import_module("redcap_iac.cli.powershell")  # makes itself known to click
        try:
            ended = super().main(
                args, prog_name, complete_var, standalone_mode=False,
                windows_expand_args=windows_expand_args, **extra,
            )  # fmt: skip
        except click.UsageError as error:
            error.show()
            return USAGE
        except click.ClickException as error:
            error.show()
            return 1
        except click.Abort:
            click.echo("Interrupted.", err=True)
            return INTERRUPTED
        return ended if isinstance(ended, int) else 0

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's own signature
        """Call the command; whatever it raises becomes one clear line and an exit code."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit):
            raise
        except (KeyboardInterrupt, click.Abort):
            if isinstance(ctx.obj, Invocation):
                ctx.obj.interrupted()
            raise
        except RedcapIacError as error:
            return _failed(ctx, error)
        except OSError as error:
            if error.errno == errno.EPIPE:
                raise
            name = f"{error.filename}: " if error.filename else ""
            reason = error.strerror or type(error).__name__
            return _failed(ctx, RedcapIacError(f"{name}{reason}"), error)
        except Exception as error:  # noqa: BLE001 - the last door: no traceback at people
            fault = RedcapIacError(
                f"redcap-iac itself is at fault here: {type(error).__name__}.",
                "Run it again with -v to see where, and report it; nothing more was done.",
            )
            return _failed(ctx, fault, error)


_C = TypeVar("_C", bound=click.Command)


def with_examples(command: _C) -> _C:
    """Let click keep the lines of examples: its mark for that cannot stand in a raw docstring."""
    command.help = (command.help or "").replace("\\b\n", "\b\n")
    for inner in command.commands.values() if isinstance(command, click.Group) else ():
        with_examples(inner)
    return command


def _failed(ctx: click.Context, error: RedcapIacError, cause: Exception | None = None) -> int:
    invocation = ctx.obj if isinstance(ctx.obj, Invocation) else Invocation.plain()
    invocation.fail(error)
    if invocation.verbose:
        from redcap_iac.views.findings import trace_lines  # noqa: PLC0415 - only after a failure

        trace = "".join(traceback.format_exception(cause or error))
        invocation.screen.fail(trace_lines(trace))
    return error.exit_code
