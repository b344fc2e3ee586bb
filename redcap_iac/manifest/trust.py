"""Whom a token may go to, and which commands may give one: what the person or CI job says.

A manifest is a file from somewhere; if it could name the host, it could collect tokens. So hosts
are trusted in the user's own configuration (`hosts`, one a line) or in REDCAP_IAC_HOSTS, comma
separated; REDCAP_API_URL trusts its own host; this machine is trusted. A host without a port is
trusted at 443 alone. The same two places trust a `command:`, a `file:` outside the project, and a
`ca_bundle:` inside it: whoever wrote it could vouch for a server of their own.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from platformdirs import user_config_path

from redcap_iac.errors import TrustError

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
#: Asks a person whether a subject is trusted; told the subject, answers yes or no.
Ask = Callable[[str], bool]


def address_problem(url: str) -> str:
    """Return what is wrong with an API address, "" when a token could go there.

    Everything that readers of addresses read differently is refused: a login, a backslash,
    blanks; and letters beyond ASCII in the host, which can look like others.
    """
    if any(letter <= " " or letter in "\\\x7f" for letter in url):
        return "holds a blank, a backslash or a control character"
    try:
        parts = urlsplit(url)
        host, _ = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return "is not an address"
    if parts.scheme not in ("http", "https") or not host:
        return "is not an address that begins with https://"
    if not parts.netloc.isascii():
        return "has a host with letters beyond ASCII; write it in its xn-- form"
    if "@" in parts.netloc:
        return "holds a login, and REDCap's API needs none but the token"
    if parts.query or parts.fragment:
        return "has a question mark or a # in it"
    if parts.scheme == "http" and host not in _LOOPBACK:
        return "must begin with https://: a token is never sent in the open"
    return ""


def host_of(url: str) -> str:
    """Return the host of an address as it is trusted: lower case, with a port that is not 443.

    Raises TrustError for an address no token could go to.
    """
    problem = address_problem(url)
    if problem:
        raise TrustError(f"The address {problem}.")
    parts = urlsplit(url)
    host = str(parts.hostname).rstrip(".")
    shown = f"[{host}]" if ":" in host else host
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return shown if port == 443 else f"{shown}:{port}"


def configuration_folder(environ: Mapping[str, str], home: Path) -> Path:
    """Return the user's own configuration folder, on every system but Windows XDG's."""
    if sys.platform == "win32":
        return user_config_path("redcap-iac", appauthor=False, roaming=True)
    return Path(environ.get("XDG_CONFIG_HOME") or home / ".config") / "redcap-iac"


class Trust:
    """What is trusted; `configuration` is the user's folder."""

    def __init__(self, environ: Mapping[str, str], configuration: Path) -> None:
        self._environ = environ
        self._hosts = configuration / "hosts"

    def trusts_address(self, url: str) -> bool:
        """Tell whether a token may go to an address; TrustError when it is none."""
        host = host_of(url)
        own = self._environ.get("REDCAP_API_URL", "").strip()
        if urlsplit(url).hostname in _LOOPBACK:
            return True
        if own and not address_problem(own) and host_of(own) == host:
            return True
        return self.trusts(host)

    def trusts(self, subject: str) -> bool:
        """Tell whether a host, or a token's source as it stands in the manifest, is trusted."""
        given = self._environ.get("REDCAP_IAC_HOSTS", "").split(",")
        return _folded(subject) in {_folded(one) for one in (*given, *self._remembered())}

    def remember(self, subject: str) -> None:
        """Trust a subject from now on: one more line of `hosts`, readable by the user alone."""
        if "\n" in subject or "\r" in subject:
            raise TrustError("A subject of trust is one line.")
        self._hosts.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        known = self._remembered()
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        with os.fdopen(os.open(self._hosts, flags, 0o600), "a", encoding="utf-8") as file:
            if subject not in known:
                file.write(f"{subject}\n")

    def require_address(self, url: str, ask: Ask | None = None) -> None:
        """Raise TrustError unless a token may go to an address; a person may be asked, once."""
        if self.trusts_address(url):
            return
        host = host_of(url)
        if ask is not None and ask(host):
            self.remember(host)
            return
        raise TrustError(
            f"No token is sent to {host}: nobody has said that this host is trusted.",
            f"If it is your REDCap: set REDCAP_IAC_HOSTS={host}, or write {host} on a line of "
            f"{self._hosts}",
        )

    def require_bundle(self, bundle: str, folder: Path, ask: Ask | None = None) -> None:
        """Raise TrustError for certificates that come with the project and nobody has trusted."""
        if (folder / Path(bundle).expanduser()).resolve().is_relative_to(folder.resolve()):
            self.require(f"ca_bundle:{bundle}", ask, "verify the server by")

    def require(
        self, subject: str, ask: Ask | None = None, would: str = "take a token from"
    ) -> None:
        """Raise TrustError unless a token's source is trusted; a person may be asked, once."""
        if self.trusts(subject):
            return
        if ask is not None and ask(subject):
            self.remember(subject)
            return
        raise TrustError(
            f"The manifest would {would} `{subject}`, which nobody has trusted.",
            f"If you know it: write it on a line of {self._hosts}, or set it in REDCAP_IAC_HOSTS.",
        )

    def _remembered(self) -> tuple[str, ...]:
        try:
            lines = self._hosts.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return ()
        return tuple(line.strip() for line in lines if line.strip() and line[0] != "#")


def _folded(subject: str) -> str:
    """Return a subject as it is compared: hosts without regard to case, sources as they are."""
    subject = subject.strip()
    is_source = subject.startswith(("command:", "file:", "ca_bundle:"))
    return subject if is_source else subject.lower().rstrip(".")
