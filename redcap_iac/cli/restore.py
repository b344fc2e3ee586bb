"""`redcap-iac restore`: a backup brought back, as a plan with the same guards."""

from __future__ import annotations

from collections.abc import Sequence

import click

from redcap_iac.cli import connecting
from redcap_iac.cli.answering import approved
from redcap_iac.cli.applying import (
    NO_EVIDENCE,
    carry_out,
    knowing,
    require_durable,
    say_evidence,
    say_no_evidence,
)
from redcap_iac.cli.invocation import Invocation, pass_invocation
from redcap_iac.cli.options import (
    accept_option,
    allow_delete_option,
    approve_option,
    impact_option,
)
from redcap_iac.cli.plan import planning
from redcap_iac.cli.sealing import unsealed
from redcap_iac.errors import GuardError, RedcapIacError
from redcap_iac.hazard import Acceptance
from redcap_iac.manifest.loader import MANIFEST
from redcap_iac.safety.acceptance import bound
from redcap_iac.safety.backup import Backup, read_backup
from redcap_iac.safety.record_values import Value
from redcap_iac.state import Unit
from redcap_iac.views.findings import counted
from redcap_iac.views.restoration import restoration_lines, return_lines
from redcap_iac.workflow import Answers, Session, read
from redcap_iac.workflow.evidencing import values_evidence
from redcap_iac.workflow.keeping import Keeping
from redcap_iac.workflow.restoring import (
    Restoration,
    restoration,
    return_values,
    values_to_return,
)


@click.command()
@click.argument("folder", metavar="DIR")
@click.option(
    "--only",
    multiple=True,
    metavar="UNIT",
    type=click.Choice([str(unit) for unit in Unit]),
    help="Bring back this unit of management alone. Repeatable.",
)
@click.option(
    "--data",
    "with_data",
    is_flag=True,
    help="Bring back the record values of the backup too, where nothing is stored now.",
)
@approve_option
@allow_delete_option
@accept_option
@impact_option
@pass_invocation
def restore(
    invocation: Invocation,
    folder: str,
    only: tuple[str, ...],
    allow_delete: tuple[str, ...],
    accept: tuple[Acceptance, ...],
    impact: str,
    *,
    with_data: bool,
    auto_approve: bool,
) -> int:
    r"""Bring back what a backup holds: a plan like any other, with the same guards.

    Says first what cannot come back. What came since is deleted only where that is allowed; users
    who came since stay. A backup that was altered is refused.

    \b
    Example:
        redcap-iac restore .redcap-iac/backups/20270314T150926Z-17-1a2b3c4d
        redcap-iac restore before-amendment-3 --only fields --data
    """
    kept = read_backup(invocation.path(folder))
    values = _values(invocation, kept) if with_data else ()
    manifest = None
    if (invocation.folder / MANIFEST).exists():
        manifest = connecting.read_manifest(invocation)
    environment = connecting.environment_of(invocation, manifest)
    session = connecting.guarded(connecting.connect(invocation, environment), accept, impact)
    wanted = restoration(kept, read(session), frozenset(Unit(unit) for unit in only))
    planned = planning(invocation, session, wanted.goal)
    invocation.screen.show(restoration_lines(kept, wanted.lost, invocation.screen.width))
    if with_data:
        invocation.screen.show(f"In the backup: {counted(len(values), 'stored value')}.")
    answers = Answers(
        frozenset(Unit(unit) for unit in allow_delete),
        bound(session.guards.accept, planned.plan.findings),
    )
    today = session.now().date()
    answers = approved(
        invocation, planned.plan, answers, today, "Bring this back?", auto_approve=auto_approve
    )
    keeping = Keeping(purpose=f"restore {folder}")
    code = carry_out(invocation, session, wanted.goal, planned, answers, keeping)
    if code != 0 or not with_data:
        return code
    return _bring_back(invocation, session, kept, wanted, values, auto_approve=auto_approve)


def _values(invocation: Invocation, kept: Backup) -> Sequence[Value]:
    if not kept.records:
        raise GuardError(
            "There are no record values in this backup; nothing was done.",
            "Only `backup --data` and `apply --backup-data` keep them. Leave --data out.",
        )
    return unsealed(invocation, kept.records)


def _bring_back(
    invocation: Invocation,
    session: Session,
    kept: Backup,
    wanted: Restoration,
    values: Sequence[Value],
    *,
    auto_approve: bool,
) -> int:
    """Import the values that can come back, after saying how many, and look what is missing."""
    live = read(session)
    back = values_to_return(session, values, wanted.then, live)
    invocation.screen.show(return_lines(back, invocation.screen.width))
    if not back.rows:
        return 0
    require_durable(invocation, session)
    if not auto_approve:
        invocation.confirm("Import these values? Alerts and invitations may fire.")
    session = knowing(invocation, session)
    journal = return_values(session, back, live, kept)
    missing = len(values_to_return(session, values, wanted.then, live).rows)
    invocation.screen.show(
        f"Read again: {counted(len(back.rows) - missing, 'value')} came back"
        + (f", {counted(missing, 'value')} did not." if missing else ".")
    )
    code = 5 if missing else 0
    if journal is not None:
        try:
            say_evidence(invocation, values_evidence(session, live.target, kept, journal, missing))
        except (RedcapIacError, OSError):
            say_no_evidence(invocation, "the folder cannot be written")
            return code or NO_EVIDENCE
    return code
