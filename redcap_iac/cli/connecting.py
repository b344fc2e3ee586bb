"""From a folder to a session: the manifest, the environment that is meant, trust, the token."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from redcap_iac.cli.invocation import Invocation
from redcap_iac.cli.policies import oversight_of
from redcap_iac.cli.root import version
from redcap_iac.client import Client, Connection
from redcap_iac.errors import AccessError, RedcapIacError
from redcap_iac.hazard import Acceptance, Guards, ImpactMode
from redcap_iac.manifest.environments import Environment, choose_environment
from redcap_iac.manifest.every_environment import load_for_every
from redcap_iac.manifest.loader import MANIFEST, Manifest, load
from redcap_iac.manifest.token_sources import resolve_token
from redcap_iac.manifest.trust import Trust, configuration_folder
from redcap_iac.safety.state_folder import NAME as STATE_FOLDER
from redcap_iac.secret import Secret
from redcap_iac.views.findings import findings_lines
from redcap_iac.workflow import Session

_NO = ("", "0", "false", "no", "off")
#: How many warnings of one code a command shows that is not about warnings.
_MOST_ALIKE = 3


def read_manifest(
    invocation: Invocation, *, told: bool = True, every: bool = False, strict: bool = True
) -> Manifest:  # fmt: skip
    """Load the folder with the variables of the environment that is meant; tell its warnings.

    ManifestError has everything that is wrong. Without `told` the warnings are left to the caller;
    with `every`, and no environment named, the folder must be right for each of them. Without
    `strict` a name that no environment has is left to the caller.
    """
    if not invocation.folder.is_dir():
        if invocation.folder.exists():
            raise RedcapIacError(
                f"{invocation.folder} is not a folder.", "Name the folder that holds redcap.yaml."
            )
        raise RedcapIacError(
            f"There is no folder {invocation.folder}.", "`redcap-iac init DIR` makes one."
        )
    name = named_environment(invocation)
    if every and not name:
        manifest = load_for_every(invocation.folder)
    else:
        manifest = load(invocation.folder, environment=name)
    if strict and name and manifest.environments and name == manifest.scope.asked:
        environment_of(invocation, manifest)  # says that it is not there
    if manifest.findings and told:
        invocation.screen.fail(findings_lines(manifest.findings, None if every else _MOST_ALIKE))
    return manifest


def named_environment(invocation: Invocation) -> str:
    """Return the name of the environment that was asked for, "" when none was."""
    return invocation.environment or invocation.outside.environ.get("REDCAP_IAC_ENV", "")


def environment_of(invocation: Invocation, manifest: Manifest | None) -> Environment:
    """Return the environment that is meant; without a manifest that of REDCAP_API_URL."""
    known = manifest.environments if manifest is not None else ()
    return choose_environment(known, invocation.environment, invocation.outside.environ)


def trust_of(invocation: Invocation) -> Trust:
    """Return whom this person trusts."""
    outside = invocation.outside
    return Trust(outside.environ, configuration_folder(outside.environ, outside.home))


def connect(invocation: Invocation, environment: Environment) -> Session:
    """Return the session of an environment; nothing has been sent yet.

    Raises TrustError and AccessError when the host is not trusted or there is no token.
    """
    token = resolve_token(
        environment, invocation.outside.environ, invocation.folder, trust_of(invocation),
        ask=invocation.trusts,
    )  # fmt: skip
    return session_with(invocation, environment, token)


def session_with(invocation: Invocation, environment: Environment, token: Secret) -> Session:
    """Return the session of an environment with a token that is known."""
    outside = invocation.outside
    return Session(
        client=client_with(invocation, environment, token),
        environment=environment.name,
        project_id=environment.project_id,
        user=environment.user or outside.environ.get("REDCAP_IAC_USER", ""),
        tool=f"redcap-iac {version()}",
        now=outside.now,
        sleep=outside.sleep,
        guards=guards_of(environment),
        state_dir=state_dir_of(invocation, environment),
        oversight=oversight_of(invocation, environment),
    )


def state_dir_of(invocation: Invocation, environment: Environment) -> Path:
    """Return where backups, journals and evidence go: as declared, else beside the manifest."""
    declared = environment.state_dir or invocation.outside.environ.get("REDCAP_IAC_STATE_DIR", "")
    return invocation.folder / (Path(declared).expanduser() if declared else Path(STATE_FOLDER))


def kept_here(invocation: Invocation) -> Path:
    """Return the same for commands that only read there: a folder needs no manifest for it.

    Raises RedcapIacError when several environments could be meant and one has its own.
    """
    environ = invocation.outside.environ
    nowhere = invocation.folder / (environ.get("REDCAP_IAC_STATE_DIR", "") or STATE_FOLDER)
    if not (invocation.folder / MANIFEST).exists():
        return nowhere
    manifest = read_manifest(invocation)
    if not any(environment.state_dir for environment in manifest.environments):
        return nowhere
    return state_dir_of(invocation, environment_of(invocation, manifest))


def guarded(session: Session, accept: tuple[Acceptance, ...], impact: str) -> Session:
    """Return the session with what the command line says about danger, before what files say."""
    guards = session.guards
    words = (*accept, *guards.accept)
    return replace(session, guards=replace(guards, accept=words, impact=ImpactMode(impact)))


def guards_of(environment: Environment) -> Guards:
    """Return what an environment says about danger."""
    return Guards(
        data=environment.data,
        protect=environment.protect,
        limits=environment.limits,
        accept=environment.accept,
        mask_small=environment.mask_small,
        auto_approval=environment.auto_approval,
    )


def client_with(invocation: Invocation, environment: Environment, token: Secret) -> Client:
    """Return a client for an environment's server; REDCAP_IAC_READ_ONLY makes it read only."""
    outside = invocation.outside
    if environment.ca_bundle is not None:
        trust = trust_of(invocation)
        trust.require_bundle(environment.ca_bundle, invocation.folder, invocation.trusts)
    connection = Connection(
        url=environment.url,
        ca_bundle=_beside(invocation.folder, "ca_bundle", environment.ca_bundle),
        client_cert=_beside(invocation.folder, "client_cert", environment.client_cert),
        timeout=environment.timeout,
        requests_per_minute=environment.requests_per_minute,
    )
    read_only = outside.environ.get("REDCAP_IAC_READ_ONLY", "").strip().lower() not in _NO
    return Client(connection, token, read_only=read_only, sleep=outside.sleep)


def _beside(folder: Path, key: str, path: str | None) -> str | None:
    """Return where certificates lie; AccessError when they are not there."""
    if path is None:
        return None
    place = folder / Path(path).expanduser()
    if not place.exists():
        raise AccessError(
            f"There is no {path}, which `{key}:` of the environment names.",
            "A path is relative to the project folder, or absolute.",
        )
    return str(place)
