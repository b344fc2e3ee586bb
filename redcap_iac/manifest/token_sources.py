"""Where tokens are found: a variable, a file, the keyring, a command; never in a manifest."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

from redcap_iac.errors import AccessError
from redcap_iac.manifest.environments import Environment
from redcap_iac.manifest.files import OutsideError, inside
from redcap_iac.manifest.trust import Ask, Trust
from redcap_iac.secret import Secret

_TOKEN = re.compile(r"[0-9A-Fa-f]{32}")
_SUPER_TOKEN = re.compile(r"[0-9A-Fa-f]{64}")
#: Seconds a command may take: somebody may have to type a passphrase.
_PATIENCE = 120
_LARGEST_FILE = 4096

#: Returns what the keyring keeps under a service and a name, None when there is nothing.
Keyring = Callable[[str, str], str | None]


def resolve_token(
    environment: Environment,
    environ: Mapping[str, str],
    folder: Path,
    trust: Trust,
    *,
    ask: Ask | None = None,
    keyring: Keyring | None = None,
) -> Secret:
    """Return the token of an environment.

    The address must be trusted before the source is even looked at, and so must a `command:` or a
    `file:` outside the project folder (TrustError). Raises AccessError, without ever showing what
    was found, when nothing is there or it has not the shape of a token (32 hexadecimal letters).
    """
    trust.require_address(environment.url, ask)
    source = environment.token_source
    kind, _, rest = source.partition(":")
    if kind == "env":
        found = environ.get(rest, "")
        empty = f"The variable {rest}, which should hold the token, is not set."
    elif kind == "file":
        found = _from_file(source, rest, folder, trust, ask)
        empty = f"The file {rest}, which should hold the token, is empty."
    elif kind == "keyring":
        service, name = keyring_entry(source)
        found = (keyring or _system_keyring)(service, name) or ""
        empty = f"The keyring has nothing under {service} for {name}."
    elif kind == "command":
        trust.require(source, ask)
        found = _from_command(rest, environ)
        empty = "The command that should print the token prints nothing."
    else:
        raise AccessError("`token` is not env:, file:, keyring: or command:.")
    token = found.strip()
    if not token:
        raise AccessError(empty, _where(environment))
    if _SUPER_TOKEN.fullmatch(token):
        raise AccessError(
            "What is found there is a super token (64 letters), and a project's is needed.",
            _where(environment),
        )
    if not _TOKEN.fullmatch(token):
        raise AccessError(
            f"What {_named(kind, rest)} holds is not an API token: that is 32 letters and digits"
            f" (0-9, A-F), and these are {len(token)}.",
            _where(environment),
        )
    return Secret(token)


def _named(kind: str, rest: str) -> str:
    """Return a source in words; a command is not repeated, it may be long."""
    return {"env": f"the variable {rest}", "file": f"the file {rest}"}.get(kind, f"the {kind}")


def _where(environment: Environment) -> str:
    name = f"the environment {environment.name}" if environment.name else "REDCAP_API_TOKEN"
    return f"Copy the token from the project's API page to where {name} looks for it."


def _from_file(source: str, path: str, folder: Path, trust: Trust, ask: Ask | None) -> str:
    """Return what a file holds; one outside the project folder must be trusted."""
    target = folder / Path(path).expanduser()
    try:
        within = target.resolve().is_relative_to(folder.resolve()) and bool(inside(path))
    except OutsideError:
        within = False
    if not within:
        trust.require(source, ask)
    try:
        with target.open("rb") as file:
            return file.read(_LARGEST_FILE).decode("utf-8", "replace").removeprefix("\ufeff")
    except OSError as error:
        raise AccessError(
            f"The file {path}, which should hold the token, cannot be read: {error.strerror}."
        ) from None


def _from_command(command: str, environ: Mapping[str, str]) -> str:
    """Return what a command prints; its words are split as a shell does, no shell is asked."""
    windows = os.name == "nt"
    try:
        words = shlex.split(command, posix=not windows)
        done = subprocess.run(  # noqa: S603 - trusted by the person, word for word
            words, capture_output=True, env=dict(environ), timeout=_PATIENCE, check=False
        )
    except ValueError:
        raise AccessError("The command that should print the token has an open quote.") from None
    except subprocess.TimeoutExpired:
        raise AccessError(f"The command for the token took over {_PATIENCE} seconds.") from None
    except (OSError, IndexError):
        raise AccessError("The command that should print the token cannot be started.") from None
    if done.returncode:
        raise AccessError(
            f"The command that should print the token failed (exit {done.returncode}).",
            "Try it by hand; what it says is not shown here, it could hold the token.",
        )
    return done.stdout.decode("utf-8", "replace")


def is_stored(source: str) -> bool:
    """Tell whether the keyring has something under `keyring:SERVICE/NAME`.

    Raises AccessError when the keyring cannot be asked.
    """
    return _system_keyring(*keyring_entry(source)) is not None


def store_token(source: str, token: Secret) -> None:
    """Store a token under `keyring:SERVICE/NAME`; errors are those of the keyring's backend."""
    import keyring  # noqa: PLC0415 - an extra, looked for when a source names it

    keyring.set_password(*keyring_entry(source), token.reveal())


def keyring_entry(source: str) -> tuple[str, str]:
    """Return service and name of `keyring:SERVICE/NAME`."""
    service, _, name = source.removeprefix("keyring:").partition("/")
    return service, name


def _system_keyring(service: str, name: str) -> str | None:
    """Ask the system's keyring; AccessError when the extra is missing or it is locked."""
    try:
        import keyring  # noqa: PLC0415 - an extra, looked for when a source names it
    except ImportError:
        raise AccessError(
            "The keyring holds the token, and the keyring's library is not installed.",
            'Install it: pip install "redcap-iac[keyring]".',
        ) from None
    try:
        return keyring.get_password(service, name)
    except Exception as error:  # noqa: BLE001 - every backend has errors of its own
        raise AccessError(f"The keyring cannot be asked: {type(error).__name__}.") from None
