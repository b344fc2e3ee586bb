"""Where the token of a project about to be created goes; known before anything is asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from redcap_iac.cli.invocation import Invocation
from redcap_iac.errors import AccessError, GuardError, RedcapIacError
from redcap_iac.manifest.commit import asked
from redcap_iac.manifest.environments import Environment
from redcap_iac.manifest.token_sources import is_stored, keyring_entry, store_token
from redcap_iac.safety.private_files import NewFile
from redcap_iac.secret import Secret
from redcap_iac.views.printable import printable


class Keeper(Protocol):
    """A place for one token."""

    place: str

    def keep(self, token: Secret) -> None:
        """Store the token."""

    def drop(self) -> None:
        """Leave the place as it was: there is no token."""


class InFile:
    """A new file, readable by its owner alone."""

    def __init__(self, path: Path, shown: str) -> None:
        self.place = f"the file {shown}"
        self._file = NewFile(path)

    def keep(self, token: Secret) -> None:
        """Write the token, and make sure it is on disk."""
        self._file.fill(f"{token.reveal()}\n")

    def drop(self) -> None:
        """Take the empty file away."""
        self._file.drop()


class InKeyring:
    """An entry of the system's keyring that is not there yet."""

    def __init__(self, source: str) -> None:
        self._source = source
        service, name = keyring_entry(source)
        self.place = f"the keyring, under {service} for {name}"
        try:
            taken = is_stored(source)
        except AccessError as error:
            other = "Or name a file with --token-file."
            raise AccessError(error.message, f"{error.advice}\n{other}".lstrip()) from None
        if taken:
            raise GuardError(
                f"There is a token already in {self.place}; it is not overwritten.",
                "Take it out, or name a file with --token-file.",
            )

    def keep(self, token: Secret) -> None:
        """Store the token."""
        store_token(self._source, token)

    def drop(self) -> None:
        """There is nothing to take away."""


def keeper_for(invocation: Invocation, environment: Environment, token_file: str | None) -> Keeper:
    """Return where the token will go; GuardError when nobody said."""
    if token_file is not None:
        return InFile(invocation.path(token_file), token_file)
    if environment.token_source.startswith("keyring:"):
        return InKeyring(environment.token_source)
    raise GuardError(
        "It is not said where the new project's token goes; nothing was created.",
        "Name a file with --token-file FILE, or write `token: keyring:SERVICE/NAME` in the"
        " environment.",
    )


def say_unless_ignored(invocation: Invocation, token_file: str) -> None:
    """Say of a token's file in a git repository that the next commit could take it along."""
    path = invocation.path(token_file)
    words = ("ls-files", "--others", "--exclude-standard", "--", path.name)
    try:
        found = asked(path.parent, invocation.outside.environ, *words)
    except RedcapIacError:
        return  # without git nothing is committed
    if found:
        invocation.screen.say(
            printable(f"git does not ignore {token_file}: write it into .gitignore, or move it.")
        )
