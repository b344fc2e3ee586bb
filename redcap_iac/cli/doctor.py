"""`redcap-iac doctor`: what is right and wrong between here and the project."""

from __future__ import annotations

import click

from redcap_iac.cli import connecting
from redcap_iac.cli.invocation import Invocation, pass_invocation
from redcap_iac.errors import AccessError, RedcapIacError
from redcap_iac.manifest.environments import Environment
from redcap_iac.manifest.loader import MANIFEST
from redcap_iac.state import Desired, Live
from redcap_iac.views.checkup import Check, checkup_lines, of_project, sections_table
from redcap_iac.views.findings import counted
from redcap_iac.workflow import read

_ACCESS = AccessError.exit_code


@click.command()
@pass_invocation
def doctor(invocation: Invocation) -> int:
    r"""Look at address, TLS, trust, token, its user and rights, version and status.

    Ends with 6 when something stands in the way of a plan. Writes nothing anywhere.

    \b
    Example:
        redcap-iac --env prod doctor
    """
    checks: list[Check] = []
    found = _examined(invocation, checks)
    invocation.screen.show(checkup_lines(checks, invocation.screen.width))
    if found is None:
        return _ACCESS
    desired, live = found
    invocation.screen.show(sections_table(live, desired, invocation.screen.width))
    return 0 if all(check.is_right for check in checks) else _ACCESS


def _examined(invocation: Invocation, checks: list[Check]) -> tuple[Desired | None, Live] | None:
    """Fill the checks up to the first that fails; return what was read."""
    desired: Desired | None = None
    manifest = None
    if (invocation.folder / MANIFEST).exists():
        manifest = connecting.read_manifest(invocation, strict=False)
        desired = manifest.desired
        checks.append(Check("manifest", f"valid, {counted(len(manifest.files), 'file')}"))
    what = "environment"
    try:
        environment = connecting.environment_of(invocation, manifest)
        checks.append(Check(what, _named(environment)))
        what = "trust"
        connecting.trust_of(invocation).require_address(environment.url, invocation.trusts)
        checks.append(Check(what, "a token may be sent to this host"))
        what = "token"
        session = connecting.connect(invocation, environment)
        checks.append(Check(what, f"found ({environment.token_source.partition(':')[0]})"))
        what = "connection"
        with invocation.screen.working(f"Reading the project at {session.client.connection.host}"):
            live = read(session)
    except RedcapIacError as error:
        checks.append(Check(what, error.message, error.advice, is_right=False))
        return None
    secure = environment.url.startswith("https:")
    said = "answers, certificate verified" if secure else "answers, on this machine"
    checks.append(Check(what, said))
    checks += of_project(live, desired)
    return desired, live


def _named(environment: Environment) -> str:
    return f"{environment.name or 'REDCAP_API_URL'}: {environment.url}"
