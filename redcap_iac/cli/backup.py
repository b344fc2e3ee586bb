"""`redcap-iac backup`: everything the API shows, to a folder."""

from __future__ import annotations

from pathlib import Path

import click

from redcap_iac.cli import connecting
from redcap_iac.cli.applying import require_durable
from redcap_iac.cli.invocation import Invocation, pass_invocation
from redcap_iac.cli.sealing import sealer
from redcap_iac.manifest.loader import MANIFEST
from redcap_iac.safety.backup import Backup
from redcap_iac.safety.record_values import Doomed
from redcap_iac.views.findings import counted
from redcap_iac.views.printable import printable
from redcap_iac.workflow import read
from redcap_iac.workflow.keeping import back_up


@click.command()
@click.option("--out", metavar="DIR", help="A new folder for it; `backups/` in state_dir without.")
@click.option(
    "--data",
    "with_data",
    is_flag=True,
    help="All record values too, encrypted with REDCAP_IAC_BACKUP_PASSPHRASE.",
)
@pass_invocation
def backup(invocation: Invocation, out: str | None, *, with_data: bool) -> int:
    r"""Export everything the API shows of a project, and read the backup again to verify it.

    The design, the access and the project XML without data; no token. Record values only with
    --data, and then encrypted.

    \b
    Example:
        redcap-iac backup
        redcap-iac --env prod backup --out before-amendment-3 --data
    """
    manifest = None
    if (invocation.folder / MANIFEST).exists():
        manifest = connecting.read_manifest(invocation)
    environment = connecting.environment_of(invocation, manifest)
    session = connecting.connect(invocation, environment)
    records = sealer(invocation, session, Doomed(everything=True)) if with_data else None
    if out is None:
        require_durable(invocation, session)
    place = None if out is None else Path(invocation.path(out))
    with invocation.screen.working(f"Reading the project at {session.client.connection.host}"):
        live = read(session)
        made = back_up(session, live.target, records=records, out=place)
    invocation.screen.show(printable(str(made.folder)))
    _tell(invocation, made)
    return 0


def _tell(invocation: Invocation, made: Backup) -> None:
    """Say what is in it and what is not."""
    what = counted(len(made.answers), "export")
    sealed = " and the record values, encrypted" if made.records else "; no record values"
    invocation.screen.say(f"Verified: {what}{sealed}.")
    for name in made.not_read():
        invocation.screen.say(f"Not in it, the token may not read it: {name}")
