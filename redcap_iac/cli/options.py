"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from redcap_iac.hazard import Acceptance, ImpactMode
from redcap_iac.safety.acceptance import spoken
from redcap_iac.state import Unit

_Command = Callable[..., Any]


def format_option(command: _Command) -> _Command:
    """Add `--format text|json`."""
    return click.option(
        "--format", "format_", type=click.Choice(["text", "json"]), default="text",
        show_default=True, help="For people, or for machines.",
    )(command)  # fmt: skip


def page_format_option(command: _Command) -> _Command:
    """Add `--format text|json|markdown|html`."""
    return click.option(
        "--format", "format_", type=click.Choice(["text", "json", "markdown", "html"]),
        default="text", show_default=True,
        help="For people, for machines, for a pull request's comment, for a browser.",
    )(command)  # fmt: skip


def publish_option(command: _Command) -> _Command:
    """Add `--publish public|private`."""
    return click.option(
        "--publish", type=click.Choice(["private", "public"]), default="private",
        show_default=True,
        help="For whom it is written: public has no names of people and no small numbers, and "
        "a public plan cannot be applied.",
    )(command)  # fmt: skip


def accept_option(command: _Command) -> _Command:
    """Add `--accept CODE:ADDRESS`; the words it gives are `Acceptance` values."""
    return click.option(
        "--accept", "accept", multiple=True, metavar="CODE:ADDRESS", callback=_accepted,
        help="Answer for a hazard as it is shown, as in \"H101:field/postal\". Repeatable.",
    )(command)  # fmt: skip


def _accepted(
    context: click.Context, parameter: click.Parameter, given: tuple[str, ...]
) -> tuple[Acceptance, ...]:
    try:
        return tuple(spoken(text) for text in given)
    except ValueError as error:
        raise click.BadParameter(str(error), context, parameter) from None


def migrate_option(command: _Command) -> _Command:
    """Add `--migrate-data`."""
    return click.option(
        "--migrate-data", "migrate_data", is_flag=True,
        help="Let it carry stored values from old names and codes to new ones.",
    )(command)  # fmt: skip


def impact_option(command: _Command) -> _Command:
    """Add `--impact none|counts|values`."""
    return click.option(
        "--impact", type=click.Choice([str(mode) for mode in ImpactMode]),
        default=str(ImpactMode.COUNTS), show_default=True,
        help="How records are counted: not at all, by their ids under a filter (values stay on "
        "the server), or by values in memory where a filter cannot say it.",
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
