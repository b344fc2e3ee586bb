"""`redcap-iac emulator draft | upload | delete`: the design pages of a project in production."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import click

from redcap_iac.cli.emulator_database import (
    UsageError,
    acting_options,
    db_option,
    opened,
    project_option,
)
from redcap_iac.emulator import draft as pages
from redcap_iac.emulator.design import COLUMNS

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.group()
def draft() -> None:
    r"""Draft mode: change the dictionary of a project in production, as its pages do.

    Whether a submitted draft commits by itself is the switch auto_approval of the server; who
    approves, rejects and removes is an administrator, such as admin.

    \b
    Example:
        redcap-iac emulator draft enter --db study.db --project 1 --user jdoe
        redcap-iac emulator draft upload dictionary.csv --db study.db --project 1 --user jdoe
        redcap-iac emulator draft submit --db study.db --project 1 --user jdoe
        redcap-iac emulator draft approve --db study.db --project 1 --user admin
    """


@draft.command()
@acting_options
def enter(db: Path, project_id: int, username: str) -> None:
    r"""Enter draft mode.

    \b
    Example:
        redcap-iac emulator draft enter --db study.db --project 1 --user jdoe
    """
    with opened(db) as (store, server):
        pages.enter(store, server, project_id, username)


@draft.command("upload")
@acting_options
@click.argument("file", type=_FILE)
def upload_dictionary(db: Path, project_id: int, username: str, file: Path) -> None:
    r"""Put a whole dictionary, as CSV, in the place of the draft; prints its number of fields.

    \b
    Example:
        redcap-iac emulator draft upload dictionary.csv --db study.db --project 1 --user jdoe
    """
    text = _text(file)
    with opened(db) as (store, server):
        fields = pages.upload(store, server, project_id, username, text)
    click.echo(fields)


@draft.command("edit")
@acting_options
@click.argument("field")
@click.argument("cells", nargs=-1, required=True, metavar="COLUMN=VALUE...")
def edit_field(
    db: Path, project_id: int, username: str, field: str, cells: tuple[str, ...]
) -> None:
    r"""Change or add one field of the draft, as the Online Designer does.

    \b
    Example:
        redcap-iac emulator draft edit --db study.db --project 1 --user jdoe weight \\
            form_name=vitals field_type=text "field_label=Weight (kg)"
    """
    pairs = dict(_pair(cell) for cell in cells)
    with opened(db) as (store, server):
        pages.edit_field(store, server, project_id, username, field, pairs)


def _pair(text: str) -> tuple[str, str]:
    column, mark, value = text.partition("=")
    if not mark or column not in COLUMNS:
        raise UsageError(f"no column {column!r}; there are: {', '.join(COLUMNS)}")
    return column, value


@draft.command("drop")
@acting_options
@click.argument("field")
def delete_field(db: Path, project_id: int, username: str, field: str) -> None:
    r"""Take one field out of the draft.

    \b
    Example:
        redcap-iac emulator draft drop --db study.db --project 1 --user jdoe weight
    """
    with opened(db) as (store, server):
        pages.delete_field(store, server, project_id, username, field)


@draft.command()
@db_option
@project_option
def download(db: Path, project_id: int) -> None:
    r"""Print the dictionary of the draft as CSV; the live one when there is no draft.

    \b
    Example:
        redcap-iac emulator draft download --db study.db --project 1 > dictionary.csv
    """
    with opened(db) as (store, _):
        text = pages.download(store, project_id)
    click.echo(text, nl=False)


@draft.command()
@db_option
@project_option
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text")
def summary(db: Path, project_id: int, format_: str) -> None:
    r"""Print what the draft changes, with REDCap's warnings, and whether it approves itself.

    \b
    Example:
        redcap-iac emulator draft summary --db study.db --project 1
    """
    with opened(db) as (store, server):
        found = pages.summary(store, server, project_id)
    if format_ == "json":
        told = {**dataclasses.asdict(found), "critical": found.critical}
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    for line in _lines(found):
        click.echo(line)


def _lines(found: pages.Summary) -> list[str]:
    lines = []
    for change in found.changes:
        about = "; ".join([*change.flags, *([", ".join(change.columns)] if change.columns else [])])
        lines.append(f"{change.what}\t{change.field}\t{about}".rstrip())
        lines += [f"\t{code.code} {code.what}\t{code.records} records" for code in change.codes]
    numbers = ", ".join(f"{found.count(what)} {what}" for what in ("added", "modified", "deleted"))
    lines.append(f"{numbers}; potentially critical issues: {found.critical}")
    answer = "yes" if found.automatic else "no"
    return [*lines, f"automatically approved: {answer} (auto_approval={found.setting})"]


@draft.command()
@acting_options
def submit(db: Path, project_id: int, username: str) -> None:
    r"""Submit the draft; prints automatic when that committed it, review when it waits.

    \b
    Example:
        redcap-iac emulator draft submit --db study.db --project 1 --user jdoe
    """
    with opened(db) as (store, server):
        outcome = pages.submit(store, server, project_id, username)
    click.echo(outcome)


@draft.command()
@acting_options
def approve(db: Path, project_id: int, username: str) -> None:
    r"""Commit a submitted draft, as an administrator.

    \b
    Example:
        redcap-iac emulator draft approve --db study.db --project 1 --user admin
    """
    with opened(db) as (store, server):
        pages.approve(store, server, project_id, username)


@draft.command()
@acting_options
def reject(db: Path, project_id: int, username: str) -> None:
    r"""Hand a submitted draft back, as an administrator; the project stays in draft mode.

    \b
    Example:
        redcap-iac emulator draft reject --db study.db --project 1 --user admin
    """
    with opened(db) as (store, server):
        pages.reject(store, server, project_id, username)


@draft.command()
@acting_options
def remove(db: Path, project_id: int, username: str) -> None:
    r"""Remove all drafted changes, as an administrator; the project leaves draft mode.

    \b
    Example:
        redcap-iac emulator draft remove --db study.db --project 1 --user admin
    """
    with opened(db) as (store, server):
        pages.remove(store, server, project_id, username)


@draft.command()
@db_option
@project_option
def state(db: Path, project_id: int) -> None:
    r"""Print none, drafting or review.

    \b
    Example:
        redcap-iac emulator draft state --db study.db --project 1
    """
    with opened(db) as (store, _):
        found = pages.state(store, project_id)
    click.echo(found)


_UPLOADS = {
    "arms": pages.upload_arms,
    "events": pages.upload_events,
    "designations": pages.upload_designations,
    "repeating": pages.set_repeating,
}
_DELETIONS = {"arms": pages.delete_arms, "events": pages.delete_events}


@click.command()
@acting_options
@click.argument("what", type=click.Choice(list(_UPLOADS)))
@click.argument("file", type=_FILE)
def upload(db: Path, project_id: int, username: str, what: str, file: Path) -> None:
    r"""Upload a CSV on the page of arms, events or designations; prints its number of rows.

    In production users may add where the switch production_events lets them, administrators may
    do all. For repeating instruments the page has a dialog; the file stands for it.

    \b
    Example:
        redcap-iac emulator upload events events.csv --db study.db --project 1 --user admin
    """
    text = _text(file)
    with opened(db) as (store, server):
        rows = _UPLOADS[what](store, server, project_id, username, text)
    click.echo(rows)


@click.command()
@acting_options
@click.argument("what", type=click.Choice(list(_DELETIONS)))
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
def delete(db: Path, project_id: int, username: str, what: str, names: tuple[str, ...]) -> None:
    r"""Delete arms by number, or events by unique name, with their data, on their page.

    \b
    Example:
        redcap-iac emulator delete events --db study.db --project 1 --user admin visit_3_arm_1
    """
    with opened(db) as (store, server):
        _DELETIONS[what](store, server, project_id, username, names)


@click.command("rename-instrument")
@acting_options
@click.argument("form")
@click.option("--label", required=True, help="What people read from now on.")
def rename_instrument(db: Path, project_id: int, username: str, form: str, label: str) -> None:
    r"""Rename an instrument as the Online Designer does; prints its unique name.

    In production the label alone changes; in development the unique name follows, with statuses,
    designations, repeating and rights.

    \b
    Example:
        redcap-iac emulator rename-instrument --db study.db --project 1 --user jdoe phq9 \\
            --label "PHQ-9"
    """
    with opened(db) as (store, server):
        name = pages.rename_instrument(store, server, project_id, username, form, label)
    click.echo(name)


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{file}: not UTF-8") from error
