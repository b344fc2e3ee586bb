"""`redcap-iac emulator lock`, `alert` and others: what is done on pages of any project."""

from __future__ import annotations

from pathlib import Path

import click

from redcap_iac.cli.emulator_database import acting_options, db_option, opened, project_option
from redcap_iac.emulator import admin, page_only


@click.command()
@acting_options
@click.option("--record", required=True)
@click.option("--event", default="", help="Unique name; the first event without.")
@click.option("--form", required=True, help="Unique name of the instrument.")
@click.option("--instance", default=1, show_default=True)
@click.option("--e-sign", "esigned", is_flag=True, help="Sign it too.")
@click.option("--unlock", "open_", is_flag=True, help="Unlock instead; negates an e-signature.")
def lock(
    db: Path,
    project_id: int,
    username: str,
    record: str,
    event: str,
    form: str,
    instance: int,
    *,
    esigned: bool,
    open_: bool,
) -> None:
    r"""Lock an instrument of a record, so that no import changes its values.

    \b
    Example:
        redcap-iac emulator lock --db study.db --project 1 --user jdoe --record 1 --form vitals
    """
    with opened(db) as (store, server):
        place = (store, project_id, record, event, form, instance)
        if open_:
            admin.unlock(*place, username=username, clock=server.clock)
        else:
            admin.lock(*place, esigned=esigned, username=username, clock=server.clock)


@click.command()
@acting_options
@click.argument("wanted", type=click.Choice(["on", "off"]))
def randomization(db: Path, project_id: int, username: str, wanted: str) -> None:
    r"""Switch the randomization module of a project on or off.

    \b
    Example:
        redcap-iac emulator randomization --db study.db --project 1 --user admin on
    """
    with opened(db) as (store, server):
        admin.randomization(store, server, project_id, enabled=wanted == "on", username=username)


@click.command()
@db_option
@project_option
@click.option("--title", required=True)
@click.option("--text", required=True, help="The message; [field] names a field.")
def alert(db: Path, project_id: int, title: str, text: str) -> None:
    r"""Add an alert, which shows in project XMLs alone.

    \b
    Example:
        redcap-iac emulator alert --db study.db --project 1 --title High --text "BMI is [bmi]"
    """
    with opened(db) as (store, _):
        admin.note(store, project_id, "alert", title, text)


@click.command("quality-rule")
@db_option
@project_option
@click.option("--name", required=True)
@click.option("--logic", required=True, help="When the rule finds a discrepancy.")
def quality_rule(db: Path, project_id: int, name: str, logic: str) -> None:
    r"""Add a data quality rule, which shows in project XMLs alone.

    \b
    Example:
        redcap-iac emulator quality-rule --db study.db --project 1 --name Tall --logic "[cm] > 220"
    """
    with opened(db) as (store, _):
        admin.note(store, project_id, "quality-rule", name, logic)


@click.command()
@db_option
@project_option
@click.argument("kind", type=click.Choice(list(page_only.KINDS)))
@click.option("--name", required=True, help="Its title, its survey or its instruments.")
@click.option("--text", required=True, help="Its message, its logic or its fields.")
def note(db: Path, project_id: int, kind: str, name: str, text: str) -> None:
    r"""Add anything of the kinds that pages make and project XMLs show.

    \b
    Example:
        redcap-iac emulator note --db study.db --project 1 invitation --name survey_2 \\
            --text "[age] > 17"
    """
    with opened(db) as (store, _):
        admin.note(store, project_id, kind, name, text)


COMMANDS = (lock, randomization, alert, quality_rule, note)
