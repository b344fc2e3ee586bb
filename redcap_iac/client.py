"""The one way to a server: sends a call, decodes the answer, throttles, raises."""

from __future__ import annotations

import csv
import io
import json
import re
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import requests

from redcap_iac.answers import Answer, read_answer, shown
from redcap_iac.calls import Call, Row, made_in
from redcap_iac.errors import (
    GuardError,
    RefusedError,
    ServerError,
    TrustError,
    UnreachableError,
)
from redcap_iac.secret import Secret, redact

_FORMAT_REFUSED = "The data is not in the specified format"
_RETRY_STATUSES = frozenset({408, 500, 502, 503, 504})
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_TOKEN_TEXT = re.compile(r"([0-9A-Fa-f]{32})\s*$")


@dataclass(frozen=True, slots=True)
class Connection:
    """How to reach a server: its API URL, the CA bundle and client certificate if it has its own.

    `timeout` is seconds for connecting and for each read; `requests_per_minute` the ceiling,
    besides five a second, far under the 600 at which a server bans an address for good
    (documented).
    """

    url: str
    ca_bundle: str | None = None
    client_cert: str | None = None
    timeout: float = 120.0
    requests_per_minute: int = 240

    @property
    def host(self) -> str:
        """The host a token would go to."""
        return (urlsplit(self.url).hostname or "").lower()

    @property
    def is_loopback(self) -> bool:
        """Tell whether the server is on this machine."""
        return self.host in _LOOPBACK


class _TimedOutError(UnreachableError):
    """No answer within the time the connection allows."""


class Throttle:
    """Keeps calls to a polite rate: five a second, and a ceiling a minute."""

    def __init__(
        self,
        per_minute: int,
        per_second: float = 5.0,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._per_minute = per_minute
        self._interval = 1.0 / per_second
        self._now = now
        self._sleep = sleep
        self._sent: deque[float] = deque()
        self._lock = threading.Lock()

    def wait(self) -> None:
        """Return when the next call may be made."""
        with self._lock:
            now = self._now()
            earliest = now
            if self._sent:
                earliest = max(earliest, self._sent[-1] + self._interval)
            if len(self._sent) >= self._per_minute:
                earliest = max(earliest, self._sent[0] + 60.0)
            self._sent.append(earliest)
            while len(self._sent) > self._per_minute:
                self._sent.popleft()
        if earliest > now:
            self._sleep(earliest - now)


class Client:
    """Sends calls with one token to one server; writes are never repeated by themselves.

    Raises AuthenticationError, RightsError, TrustError and UnreachableError (exit 6),
    RefusedError with REDCap's words, ServerError for an answer that is not REDCap's, GuardError
    for a write while `read_only`.
    """

    def __init__(
        self,
        connection: Connection,
        token: Secret,
        *,
        read_only: bool = False,
        sleep: Callable[[float], None] = time.sleep,
        attempts: int = 4,
    ) -> None:
        check_address(connection)
        self.connection = connection
        self._token = token
        self._read_only = read_only
        self._sleep = sleep
        self._attempts = attempts
        self._local = threading.local()
        self._throttle = (
            None
            if connection.is_loopback  # a server on this machine is nobody's to be polite to
            else Throttle(connection.requests_per_minute, sleep=sleep)
        )

    def require_writable(self) -> None:
        """Raise GuardError while `read_only`."""
        if self._read_only:
            raise GuardError(
                "REDCAP_IAC_READ_ONLY is set: nothing is written.",
                "Unset it where writing is meant.",
            )

    def send(self, call: Call) -> Answer:
        """Make a call and return its answer; exports are tried again on 408, 5xx and lost links."""
        if call.writes:
            self.require_writable()
        if made_in(call):
            raise ValueError(f"{call.content}: a name is still to be made")
        try:
            return self._send(call, _form(call, self._token))
        except RefusedError as refusal:
            if call.content != "project_settings" or _FORMAT_REFUSED not in refusal.text:
                raise
            # one recorded server took settings as csv only; refused, so nothing was written
            return self._send(call, _form(call, self._token, as_csv=True))

    def _send(self, call: Call, form: list[tuple[str, str]]) -> Answer:
        tries = 1 if call.writes else self._attempts
        for attempt in range(1, tries + 1):
            try:
                response = self._post(form)
                if response.status_code in _RETRY_STATUSES and attempt < tries:
                    self._sleep(0.5 * 2 ** (attempt - 1))
                    continue
                return read_answer(
                    call, response.status_code, response.content, self.connection.url
                )
            except UnreachableError as error:
                # two time-outs are minutes already; more would look like a tool that hangs
                if attempt == tries or (attempt > 1 and isinstance(error, _TimedOutError)):
                    raise
                self._sleep(0.5 * 2 ** (attempt - 1))
        raise AssertionError("the last try returns or raises")

    def create_project(self, call: Call) -> Secret:
        """Create a project with a super token and return the new project's token; never retried.

        The token is the last 32 hex digits of the body: servers were seen to print other text
        before it (recorded).
        """
        answer = self.send(call)
        found = _TOKEN_TEXT.search(answer.text)
        if found is None:
            raise ServerError(
                "Create Project was answered, but not with a token.",
                text=redact(answer.text[:200]),
                advice="Look in REDCap whether the project was created before trying again.",
            )
        return Secret(found[1].upper())

    def _post(self, form: list[tuple[str, str]]) -> requests.Response:
        url = self.connection.url
        for hop in range(2):
            response = self._post_once(url, form)
            if response.status_code not in (301, 302, 303, 307, 308):
                return response
            target = urljoin(url, response.headers.get("Location", ""))
            if hop == 1 or not _may_follow(url, target):
                raise TrustError(
                    f"{shown(url)} redirects to {shown(target)}; a token does not follow there.",
                    f"If that is the right address, put it in the manifest: url: {shown(target)}",
                )
            url = target
        raise AssertionError("the second hop returns or raises")

    def _post_once(self, url: str, form: list[tuple[str, str]]) -> requests.Response:
        if self._throttle is not None:
            self._throttle.wait()
        try:
            return self._session().post(
                url,
                data=form,
                timeout=self.connection.timeout,
                allow_redirects=False,
                headers={"User-Agent": "redcap-iac"},
            )
        except requests.exceptions.SSLError:
            raise UnreachableError(
                f"The certificate of {self.connection.host} could not be verified.",
                "If your institution has its own certificate authority, name its bundle:"
                " `ca_bundle:` in the environment, or REQUESTS_CA_BUNDLE.",
            ) from None  # the cause carries the form, and so the token
        except requests.exceptions.Timeout:
            raise _TimedOutError(
                f"No answer from {self.connection.host} within {self.connection.timeout:g} s.",
                "Try again, or raise `timeout:` in the environment.",
            ) from None  # the cause carries the form, and so the token
        except (requests.exceptions.RequestException, OSError, ValueError):
            # a plain ValueError is what requests makes of a redirect to what is no address
            raise UnreachableError(
                f"No answer from {shown(url)}: the connection failed.",
                "Check the address, the network and the proxy (HTTPS_PROXY).",
            ) from None  # the cause carries the form, and so the token

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:
            session = requests.Session()
            session.auth = _no_login  # keeps ~/.netrc out of it
            if self.connection.ca_bundle:
                session.verify = self.connection.ca_bundle
            if self.connection.client_cert:
                session.cert = self.connection.client_cert
            self._local.session = session
        return session


def check_address(connection: Connection) -> None:
    """Refuse an address a token must not go to: anything but https, loopback excepted."""
    parts = urlsplit(connection.url)
    if not parts.hostname or parts.scheme not in ("http", "https"):
        raise UnreachableError(
            f"{connection.url!r} is not an address of a REDCap API.",
            "It looks like https://redcap.example.org/api/",
        )
    if parts.username or parts.password:
        raise TrustError("The address holds a login; REDCap's API needs none but the token.")
    if parts.scheme != "https" and not connection.is_loopback:
        raise TrustError(
            f"{shown(connection.url)} is not https: the token would travel in clear text.",
            "Use the https address.",
        )


def _no_login(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _may_follow(url: str, target: str) -> bool:
    old, new = urlsplit(url), urlsplit(target)
    try:
        same = (new.hostname, new.port or 443) == (old.hostname, old.port or 443)
    except ValueError:  # a port that is none
        return False
    return new.scheme == "https" and same


def _form(call: Call, token: Secret, *, as_csv: bool = False) -> list[tuple[str, str]]:
    form = [("token", token.reveal()), ("content", call.content)]
    if call.action not in ("export", "create"):
        form.append(("action", call.action))
    if call.writes and call.action != "delete" and call.header and not call.rows:
        form += [("format", "csv"), ("data", _csv(call.header))]
    elif as_csv:
        form += [("format", "csv"), ("data", _csv(tuple(call.rows[0]), *call.rows))]
    else:
        form.append(("format", "json"))
        if call.action in ("import", "create"):
            form.append(("data", _payload(call)))
    form.append(("returnFormat", "json"))
    for name, value in call.params.items():
        if isinstance(value, tuple):
            form += [(f"{name}[{index}]", str(part)) for index, part in enumerate(value)]
        else:
            form.append((name, value))
    return form


def _payload(call: Call) -> str:
    rows: object = list(call.rows)
    if call.content == "project_settings":
        rows = call.rows[0]  # one object: the form that worked on every recorded server
    return json.dumps(rows, ensure_ascii=False, default=dict)


def _csv(header: tuple[str, ...], *rows: Row) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([str(row[name]) for name in header] for row in rows)
    return text.getvalue()
