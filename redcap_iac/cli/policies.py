"""Which policies hold for a run, and who wrote and approved it as far as the environment claims."""

from __future__ import annotations

from pathlib import Path

from redcap_iac.cli.invocation import Invocation
from redcap_iac.manifest.environments import Environment
from redcap_iac.manifest.policy import outside_policy, project_policy
from redcap_iac.manifest.provenance import approvers, authors
from redcap_iac.safety.policy import Oversight, Policy

#: How long a saved plan may be applied unless the environment says otherwise, hours.
_A_DAY = 24
#: The rule that asks git for an author: only where it holds, git is asked.
_BY_TWO = "approver_is_not_author"


def oversight_of(invocation: Invocation, environment: Environment) -> Oversight:
    """Return the policies outside and inside, and what they ask about the run.

    Raises GuardError when the one REDCAP_IAC_POLICY names cannot be read, ManifestError with
    everything that is wrong in one.
    """
    environ = invocation.outside.environ
    policies = _policies(invocation.folder, environ.get("REDCAP_IAC_POLICY", "").strip())
    by_two = any(rule.name == _BY_TWO for policy in policies for rule in policy.rules)
    return Oversight(
        policies,
        environment.name,
        authors(invocation.folder, environ) if by_two else (),
        approvers(environ),
        bool(environment.state_dir or environ.get("REDCAP_IAC_STATE_DIR", "")),
        environment.plan_max_age or _A_DAY,
    )


def _policies(folder: Path, outside: str) -> tuple[Policy, ...]:
    above = outside_policy(Path(outside).expanduser()) if outside else None
    own = project_policy(folder)
    return tuple(policy for policy in (above, own) if policy is not None)
