"""Every error the tool raises on purpose, with the exit code of its branch.

```
RedcapIacError                1   error
├── ManifestError             1   the files say something that cannot be: carries findings
├── EditError                 1   a change that cannot be made in the files as they are
├── ApiError                  1   the server refused, in its own words
│   ├── RefusedError          1   400, 406, 501: this call, this payload
│   └── ServerError           1   5xx or nonsense with 200: nothing can be trusted
├── SuspiciousReadError       1   an export that looks too empty or does not fit the others
├── GuardError                3   stopped by a guard or policy
├── StaleError                4   the plan is not about this state any more
├── PartlyAppliedError        5   some calls were made, then it stopped
├── AccessError               6   authentication, rights, trust or connection
│   ├── AuthenticationError   6   the token is not accepted
│   ├── RightsError           6   the token may not do this
│   ├── TrustError            6   the host is not trusted with a token
│   └── UnreachableError      6   no answer, TLS, name, time-out
└── WaitingError              7   a person has to act first
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from redcap_iac.findings import Finding


class RedcapIacError(Exception):
    """Root of the tree: a message for a person, what to do next, an exit code."""

    exit_code = 1

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice


class ManifestError(RedcapIacError):
    """The files cannot be what is meant; every finding of the run is there."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        first = findings[0].message if findings else "the manifest is not valid"
        super().__init__(first)
        self.findings = findings


class EditError(RedcapIacError):
    """A change that cannot be said in the files as they are; nothing was written."""


class ApiError(RedcapIacError):
    """The server did not do what was asked: HTTP status and its own words."""

    def __init__(self, message: str, *, status: int = 0, text: str = "", advice: str = "") -> None:
        super().__init__(message, advice)
        self.status = status
        self.text = text


class RefusedError(ApiError):
    """REDCap refused this call or payload; nothing was written by it."""


class ServerError(ApiError):
    """A 5xx, or an answer that is not REDCap's; whether it was written is not known."""


class SuspiciousReadError(RedcapIacError):
    """An export that is empty where it cannot be, or does not fit the others."""


class GuardError(RedcapIacError):
    """Stopped before anything was written, because something needs an answer first."""

    exit_code = 3


class StaleError(RedcapIacError):
    """The plan was made for another state, manifest, server or tool version."""

    exit_code = 4


class PartlyAppliedError(RedcapIacError):
    """Some calls were made; the outcome says which."""

    exit_code = 5


class AccessError(RedcapIacError):
    """Authentication, rights, trust or connection."""

    exit_code = 6


class AuthenticationError(AccessError):
    """The server does not accept the token (401, 403)."""


class RightsError(AccessError):
    """The token's user lacks a right; the message names it."""


class TrustError(AccessError):
    """A token was about to go to a host nobody trusted."""


class UnreachableError(AccessError):
    """No usable answer from the address: name, TLS, refused, time-out, not an API."""


class WaitingError(RedcapIacError):
    """A person has to act, in REDCap's own pages, before the tool can go on."""

    exit_code = 7
