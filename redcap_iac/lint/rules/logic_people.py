"""Logic that asks who is at work: names of roles and groups written into it."""

from __future__ import annotations

from collections.abc import Iterator

from redcap_iac.design import Design, Site
from redcap_iac.findings import Severity
from redcap_iac.kinds.dags import likely_unique_name
from redcap_iac.lint.rule import Found, rule
from redcap_iac.lint.rules.logic_remarks import at_site, expressions
from redcap_iac.lint.settings import Settings
from redcap_iac.logic import SmartVariable
from redcap_iac.logic.tree import Chain, walk
from redcap_iac.logic.types import literal
from redcap_iac.suggestions import did_you_mean

_ROLE_LABELS = frozenset(("user-role-label",))
_GROUP_NAMES = frozenset(("user-dag-name", "record-dag-name"))
_GROUP_LABELS = frozenset(("user-dag-label", "record-dag-label"))


@rule("LG017", Severity.WARNING)
def role_by_label(design: Design, _: Settings) -> Iterator[Found]:
    """Logic compares the label of a role.

    Why: Whoever renames the role in User Rights changes what the form does.

    Bad:
        fields:
          review: {type: text, label: Review, branching: "[user-role-label] = 'Monitor'"}

    Good:
        fields:
          review: {type: text, label: Review, branching: "[user-role-name] = 'U-123ABC'"}

    Instead: Compare `[user-role-name]`, the unique name REDCap gives, with the role's own.
    """
    for site, name, text in _compared(design, _ROLE_LABELS):
        clause = f'compares [{name}] with "{text}", which a new name of the role breaks'
        yield at_site(site, clause, "Compare [user-role-name] with the unique name of the role.")


@rule("LG018", Severity.WARNING)
def unknown_group(design: Design, _: Settings) -> Iterator[Found]:
    """Logic compares a Data Access Group with a name that no group has.

    Why: The comparison is never true; logic has the unique name (`north_site`), not the label.

    Bad:
        instruments:
          - instrument: form
            fields:
              record_id: {type: text, label: Record ID}
              a: {type: text, label: A, branching: "[record-dag-name] = 'North site'"}
        dags: [North site, South site]

    Good:
        instruments:
          - instrument: form
            fields:
              record_id: {type: text, label: Record ID}
              a: {type: text, label: A, branching: "[record-dag-name] = 'north_site'"}
        dags: [North site, South site]

    Instead: Write the unique name of a group of the project.
    """
    if not design.dags:
        return
    names = {likely_unique_name(dag.name) for dag in design.dags}
    names |= {dag.unique_name for dag in design.dags if isinstance(dag.unique_name, str)}
    labels = {dag.name for dag in design.dags}
    for known, asked in ((names, _GROUP_NAMES), (labels, _GROUP_LABELS)):
        for site, name, text in _compared(design, asked):
            if text not in known:
                clause = f'compares [{name}] with "{text}", which is no group of the project'
                yield at_site(site, clause, did_you_mean(text, known))


def _compared(design: Design, asked: frozenset[str]) -> Iterator[tuple[Site, str, str]]:
    """Yield where one of some smart variables is compared with a text that is not blank."""
    for site in expressions(design):
        for node in walk(site.tree) if site.tree else ():
            if not isinstance(node, Chain) or node.steps[0].operator not in ("=", "<>"):
                continue
            sides = (node.first, node.steps[0].operand)
            names = [one.name.lower() for one in sides if isinstance(one, SmartVariable)]
            texts = [text for one in sides if (text := literal(one))]
            if texts and names and names[0] in asked:
                yield site, names[0], texts[0]
