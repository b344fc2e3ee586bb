"""The flows: read, compare, plan, apply, create; what the commands and the Python API call."""

from redcap_iac.safety.acceptance import Answers
from redcap_iac.workflow.applying import apply, check_may_apply
from redcap_iac.workflow.drafting import create_call, draft
from redcap_iac.workflow.planning import plan
from redcap_iac.workflow.reading import read
from redcap_iac.workflow.session import Applied, Base, Goal, Planned, Session

__all__ = [
    "Answers",
    "Applied",
    "Base",
    "Goal",
    "Planned",
    "Session",
    "apply",
    "check_may_apply",
    "create_call",
    "draft",
    "plan",
    "read",
]
