"""Which policies hold for a run, and who wrote and approved it as far as the environment claims."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from redcap_iac.cli.invocation import Invocation
from redcap_iac.manifest.environments import Environment
from redcap_iac.manifest.policy import outside_policy, project_policy
from redcap_iac.safety.policy import Oversight, Policy

#: How long a saved plan may be applied unless the environment says otherwise, hours.
_A_DAY = 24
#: Who wrote a change: what the job says, else GitLab's author of the commit.
_AUTHOR = ("REDCAP_IAC_AUTHOR", "CI_COMMIT_AUTHOR")
#: Who approved it: what the job says, else who started it (GitLab, GitHub).
_APPROVER = (
    ("REDCAP_IAC_APPROVER",),
    ("GITLAB_USER_LOGIN", "GITLAB_USER_EMAIL", "GITLAB_USER_NAME"),
    ("GITHUB_TRIGGERING_ACTOR",),
)
_NAME_AND_MAIL = re.compile(r"(?P<name>[^<]*)<(?P<mail>[^>]*)>")


def oversight_of(invocation: Invocation, environment: Environment) -> Oversight:
    """Return the policies outside and inside, and what they ask about the run.

    Raises GuardError when the one REDCAP_IAC_POLICY names cannot be read, ManifestError with
    everything that is wrong in one.
    """
    environ = invocation.outside.environ
    return Oversight(
        _policies(invocation.folder, environ.get("REDCAP_IAC_POLICY", "").strip()),
        environment.name,
        _known_as(environ, (_AUTHOR[:1], _AUTHOR[1:])),
        _known_as(environ, _APPROVER),
        bool(environment.state_dir or environ.get("REDCAP_IAC_STATE_DIR", "")),
        environment.plan_max_age or _A_DAY,
    )


def _policies(folder: Path, outside: str) -> tuple[Policy, ...]:
    above = outside_policy(Path(outside).expanduser()) if outside else None
    own = project_policy(folder)
    return tuple(policy for policy in (above, own) if policy is not None)


def _known_as(
    environ: Mapping[str, str], sources: tuple[tuple[str, ...], ...]
) -> tuple[str, ...]:  # fmt: skip
    """Return the names of somebody from the first source that says anything."""
    for variables in sources:
        said = [environ[name].strip() for name in variables if environ.get(name, "").strip()]
        names = [part.strip() for text in said for part in _parts(text) if part.strip()]
        if names:
            return tuple(dict.fromkeys(names))
    return ()


def _parts(text: str) -> tuple[str, ...]:
    """Return name and e-mail of `Ada Boyd <ada@example.org>`, else the text; commas part names."""
    found = _NAME_AND_MAIL.fullmatch(text)
    return (found["name"], found["mail"]) if found else tuple(text.split(","))
