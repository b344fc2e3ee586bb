"""UR, DG: Data Access Groups and who is in them."""

from __future__ import annotations

from collections.abc import Iterator

from redcap_iac.calls import Key
from redcap_iac.design import Design
from redcap_iac.findings import Severity
from redcap_iac.kinds.people import dag_address
from redcap_iac.lint.rule import Found, rule
from redcap_iac.lint.rules.holders import everybody
from redcap_iac.lint.rules.wording import BEFORE_PRODUCTION, at_field, folded
from redcap_iac.lint.settings import Settings

_CHOSEN = frozenset({"radio", "dropdown"})
_MANAGING = {"data_access_groups": "Data Access Groups", "user_rights": "User Rights"}


@rule("UR013", Severity.WARNING)
def manager_in_a_group(design: Design, settings: Settings) -> Iterator[Found]:
    """Somebody in a Data Access Group may take themselves out of it.

    They hold the right to manage groups, or User Rights in full, with which they may give
    themselves that right (knowledge base).

    Why: The group is there to keep them from the records of other sites, and does not.

    Bad:
        dags: [Boston, Lyon]
        users:
          aboyd: {rights: {data_access_groups: true}, instruments: {"*": edit}, dag: Boston}
    Good:
        dags: [Boston, Lyon]
        users:
          aboyd: {rights: {data_access_groups: true}, instruments: {"*": edit}, dag: null}
    Instead: Take the right away, or the group.
    """
    for someone in everybody(design, settings.today):
        grants = someone.grants
        held = [word for right, word in _MANAGING.items() if grants and grants.holds(right)]
        if held and someone.group:
            yield someone.at_them(
                f"is in a Data Access Group and may leave it: they have {held[0]}",
                "Take the right away, or the group.",
            )


@rule("UR014", Severity.WARNING)
def outside_the_groups(design: Design, settings: Settings) -> Iterator[Found]:
    """Somebody is in no group, and others of the same role are in one.

    Where `dag: null` stands it is meant, and let off.

    Why: Without a group they see the records of every site (documented).

    Bad:
        dags: [Boston, Lyon]
        roles:
          Nurse: {rights: {record_create: true}, instruments: {"*": edit}}
        users: {aboyd: {role: Nurse, dag: Boston}, bstone: {role: Nurse}}
    Good:
        dags: [Boston, Lyon]
        roles:
          Nurse: {rights: {record_create: true}, instruments: {"*": edit}}
        users: {aboyd: {role: Nurse, dag: Boston}, bstone: {role: Nurse, dag: Lyon}}
    Instead: `dag: Lyon`, or `dag: null` for somebody who is to see every site.
    """
    people = everybody(design, settings.today)
    grouped = {one.role.unique_name for one in people if one.role is not None and one.group}
    for someone in people:
        role = someone.role
        if role is not None and role.unique_name in grouped and someone.group is None:
            yield someone.at_them(
                f"is in no Data Access Group, and others of the role {role.handle or role.label}"
                " are",
                "Write `dag:` with the group, or `dag: null` if they are to see every site.",
            )


@rule("DG001", Severity.NOTE)
def group_of_nobody(design: Design, settings: Settings) -> Iterator[Found]:
    """A Data Access Group has nobody in it.

    Said where people and their groups are declared.

    Why: Nobody at that site can enter a record into it; or somebody is in another site's group.

    Bad:
        dags: [Boston, Lyon]
        users: {site_boston: {rights: {logging: true}, instruments: {"*": edit}, dag: Boston}}
    Good:
        dags: [Boston]
        users: {site_boston: {rights: {logging: true}, instruments: {"*": edit}, dag: Boston}}
    Instead: Put somebody into it, or take the group out.
    """
    taken: set[Key] = {one.group for one in everybody(design, settings.today) if one.group}
    for dag in design.dags if taken else ():
        if dag.unique_name not in taken:
            yield Found(
                dag_address(dag.name),
                f"Nobody is in the Data Access Group {dag.name}.",
                dag.at,
                "Put somebody into it, or take the group out.",
            )


@rule("DG004", Severity.NOTE)
def only_one_group(design: Design, _settings: Settings) -> Iterator[Found]:
    """There is a single Data Access Group.

    Why: It keeps its members from the records outside it, and nobody from its own: mostly the
    second group was forgotten, or none is needed.

    Bad:
        dags: [Boston]
    Good:
        dags: [Boston, Lyon]
    Instead: Declare the others, or none.
    """
    if len(design.dags) == 1:
        dag = design.dags[0]
        yield Found(
            dag_address(dag.name),
            f"{dag.name} is the only Data Access Group.",
            dag.at,
            "Declare the others, or none.",
        )


@rule("DG005", Severity.NOTE, profiles=BEFORE_PRODUCTION)
def nobody_sees_all(design: Design, settings: Settings) -> Iterator[Found]:
    """Everybody is in a Data Access Group.

    Why: Nobody can look at all records together, export the whole study or watch over the sites.

    Bad:
        dags: [Boston, Lyon]
        users:
          aboyd: {rights: {logging: true}, instruments: {"*": edit}, dag: Boston}
          bstone: {rights: {logging: true}, instruments: {"*": edit}, dag: Lyon}
    Good:
        dags: [Boston, Lyon]
        users:
          aboyd: {rights: {logging: true}, instruments: {"*": edit}, dag: Boston}
          bstone: {rights: {logging: true}, instruments: {"*": edit}, dag: null}
    Instead: `dag: null` for somebody who watches over all sites.
    """
    people = everybody(design, settings.today)
    if len(people) > 1 and all(someone.group for someone in people):
        yield Found(
            "project/dags",
            f"All {len(people)} people declared are in a Data Access Group: nobody sees every"
            " record.",
            advice="Write `dag: null` for somebody who watches over all sites.",
        )


@rule("DG006", Severity.NOTE, profiles=BEFORE_PRODUCTION)
def site_asked_again(design: Design, _settings: Settings) -> Iterator[Found]:
    """A field asks for the site, and the sites are Data Access Groups.

    Found where the choices of a field have the names of all groups.

    Why: The record's group says the same, and the two can contradict each other: an analysis by
    site then depends on which one is taken.

    Bad:
        instruments:
          - instrument: form
            fields:
              record_id: {type: text, label: "Record ID"}
              site: {type: radio, label: "Site", choices: {1: Boston, 2: Lyon}}
        dags: [Boston, Lyon]
    Good:
        instruments:
          - instrument: form
            fields:
              record_id: {type: text, label: "Record ID"}
              site: {type: text, label: "Site", annotation: "@CALCTEXT([record-dag-label])"}
        dags: [Boston, Lyon]
    Instead: Leave it out: exports have the group; or compute it from `[record-dag-label]`.
    """
    groups = {folded(dag.name) for dag in design.dags}
    for field in design.fields if len(groups) > 1 else ():
        if field.field_type in _CHOSEN:
            labels = {folded(label) for _, label in design.choices(field.field_name) or ()}
            if groups <= labels:
                yield at_field(
                    field,
                    "select_choices_or_calculations",
                    f"asks for one of the {len(groups)} Data Access Groups",
                    "Leave it out, or compute it from [record-dag-label].",
                )
