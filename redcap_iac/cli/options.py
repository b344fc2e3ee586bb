"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from redcap_iac.state import Unit

_Command = Callable[..., Any]


def format_option(command: _Command) -> _Command:
    """Add `--format text|json`."""
    return click.option(
        "--format", "format_", type=click.Choice(["text", "json"]), default="text",
        show_default=True, help="For people, or for machines.",
    )(command)  # fmt: skip


def approve_option(command: _Command) -> _Command:
    """Add `--auto-approve`."""
    return click.option("--auto-approve", is_flag=True, help="Do not ask; for CI.")(command)


def allow_delete_option(command: _Command) -> _Command:
    """Add `--allow-delete UNIT`."""
    return click.option(
        "--allow-delete", "allow_delete", multiple=True, metavar="UNIT",
        type=click.Choice([str(unit) for unit in Unit]),
        help="Let it delete what is not declared any more: "
        f"{', '.join(str(unit) for unit in Unit)}. Repeatable.",
    )(command)  # fmt: skip
