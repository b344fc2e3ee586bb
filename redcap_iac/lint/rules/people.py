"""UR: people: how many hold what, until when, and who has no role."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from redcap_iac.design import Design
from redcap_iac.findings import Severity
from redcap_iac.lint.rule import Found, rule
from redcap_iac.lint.rules.holders import Someone, everybody, has_ended, holders
from redcap_iac.lint.rules.rights_granted import REVIEWED
from redcap_iac.lint.rules.wording import BEFORE_PRODUCTION
from redcap_iac.lint.settings import Settings
from redcap_iac.suggestions import in_words

#: The rights over a project that are for one or two people (knowledge base).
_HIGHEST = ("design", "user_rights", "data_access_groups")


@rule("UR001", Severity.NOTE, profiles=BEFORE_PRODUCTION)
def too_many_managers(design: Design, settings: Settings) -> Iterator[Found]:
    """Many people may change the design, the rights of others or the groups.

    `managers_most` in the settings is 3; the advice is one or two (knowledge base).

    Why: Each of them can change the study for everybody, or give themselves any right.

    Bad:
        lint: {settings: {managers_most: 1}}
        roles:
          Manager: {rights: {design: true, user_rights: true}, instruments: {"*": edit}}
        users: {aboyd: {role: Manager}, bstone: {role: Manager}}
    Good:
        lint: {settings: {managers_most: 1}}
        roles:
          Manager: {rights: {design: true, user_rights: true}, instruments: {"*": edit}}
          Nurse: {rights: {record_create: true}, instruments: {"*": edit}}
        users: {aboyd: {role: Manager}, bstone: {role: Nurse}}
    Instead: Keep these rights to one or two people.
    """
    most = settings.number("managers_most", 3)
    managing = [
        someone
        for someone in everybody(design, settings.today)
        if any(someone.has(right) for right in _HIGHEST)
    ]
    if len(managing) > most:
        names = in_words([someone.user.username for someone in managing[:most]], "and")
        yield Found(
            "project/users",
            f"{len(managing)} people may change design, rights or groups: {names} and others.",
            advice="Keep these rights to one or two people.",
        )


@rule("UR002", Severity.NOTE, profiles=BEFORE_PRODUCTION)
def nobody_manages_rights(design: Design, settings: Settings) -> Iterator[Found]:
    """None of the declared people may change rights.

    Why: Nobody can let a new colleague in, or shut out one who left, but an administrator.

    Bad:
        roles:
          Nurse: {rights: {record_create: true}, instruments: {"*": edit}}
        users: {aboyd: {role: Nurse}}
    Good:
        roles:
          Manager: {rights: {user_rights: true}, instruments: {"*": edit}}
        users: {aboyd: {role: Manager}, bstone: {role: Manager}}
    Instead: `user_rights: true` for somebody.
    """
    managing = _managing(design, settings)
    if managing == []:
        yield Found(
            "project/users",
            "None of the people declared may change rights.",
            advice="Grant `user_rights: true` to somebody.",
        )


@rule("UR038", Severity.NOTE, profiles=BEFORE_PRODUCTION)
def one_manages_rights(design: Design, settings: Settings) -> Iterator[Found]:
    """Only one of the declared people may change rights.

    Why: When they are away, nobody can let a colleague in or shut one out.

    Bad:
        roles:
          Manager: {rights: {user_rights: true}, instruments: {"*": edit}}
          Nurse: {rights: {record_create: true}, instruments: {"*": edit}}
        users: {aboyd: {role: Manager}, bstone: {role: Nurse}}
    Good:
        roles:
          Manager: {rights: {user_rights: true}, instruments: {"*": edit}}
        users: {aboyd: {role: Manager}, bstone: {role: Manager}}
    Instead: Name a deputy.
    """
    managing = _managing(design, settings)
    if managing is not None and len(managing) == 1:
        yield managing[0].at_them("is the only one who may change rights", "Name a deputy.")


def _managing(design: Design, settings: Settings) -> list[Someone] | None:
    """Return who may change rights; None where nobody is declared or rights are not known."""
    people = everybody(design, settings.today)
    if not people or any(someone.grants is None for someone in people):
        return None
    return [one for one in people if one.grants is not None and one.grants.holds("user_rights")]


@rule("UR004", Severity.NOTE, profiles=REVIEWED)
def rights_of_their_own(design: Design, settings: Settings) -> Iterator[Found]:
    """Somebody has rights of their own in a project with roles.

    Why: Whoever reviews access reads the roles, and has to find and read this one beside; a change
    of the role does not reach them.

    Bad:
        roles:
          Nurse: {rights: {record_create: true}, instruments: {"*": edit}}
        users: {aboyd: {rights: {logging: true}, instruments: {"*": edit}}}
    Good:
        roles:
          Nurse: {rights: {record_create: true}, instruments: {"*": edit}}
        users: {aboyd: {role: Nurse}}
    Instead: Make a role for it.
    """
    for someone in everybody(design, settings.today) if design.roles else ():
        if someone.role is None and someone.user.grants is not None:
            yield someone.at_them("has rights of their own and no role", "Make a role for it.")


@rule("UR005", Severity.NOTE, profiles=REVIEWED)
def access_without_end(design: Design, _settings: Settings) -> Iterator[Found]:
    """Somebody's access has no end.

    Why: People leave and nobody thinks of their access; a day at which it is to be renewed does.

    Bad:
        users: {aboyd: {rights: {logging: true}, instruments: {"*": read_only}}}
    Good:
        users:
          aboyd: {rights: {logging: true}, instruments: {"*": read_only}, expires: 2026-12-31}
    Instead: `expires: 2026-12-31`, renewed each time access is reviewed.
    """
    for someone in everybody(design):
        if not someone.user.expiration:
            yield someone.at_them("has access without an end", "Add `expires: YYYY-MM-DD`.")


@rule("UR006", Severity.NOTE)
def access_has_ended(design: Design, settings: Settings) -> Iterator[Found]:
    """Somebody's access has ended, and they are still declared.

    Why: The list of people reads longer than it is, and a new date would let them in again.

    Bad:
        users:
          aboyd: {rights: {logging: true}, instruments: {"*": read_only}, expires: 2020-12-31}
    Good:
        users:
          aboyd: {rights: {logging: true}, instruments: {"*": read_only}, expires: 2026-12-31}
    Instead: Take them out, or give a new date.
    """
    for someone in everybody(design):
        if has_ended(someone.user, settings.today):
            yield someone.at_them(
                f"has had no access since {someone.user.expiration}",
                "Take them out, or give a new date.",
            )


@rule("UR023", Severity.NOTE, profiles=REVIEWED)
def access_for_long(design: Design, settings: Settings) -> Iterator[Found]:
    """Somebody's access lasts for years without a review.

    `access_days_most` in the settings is 730 days from today.

    Why: Between now and then they change their work, their site or their employer.

    Bad:
        users:
          aboyd: {rights: {logging: true}, instruments: {"*": read_only}, expires: 2099-12-31}
    Good:
        users:
          aboyd: {rights: {logging: true}, instruments: {"*": read_only}, expires: 2027-12-31}
    Instead: Give a day within the next years, and renew it then.
    """
    if settings.today is None:
        return
    days = settings.number("access_days_most", 730)
    last = (settings.today + timedelta(days=days)).isoformat()
    for someone in everybody(design):
        expires = someone.user.expiration or ""
        if expires > last:
            yield someone.at_them(
                f"has access until {expires}, and {days:,} days from now is the limit",
                "Give an earlier day, and renew it then.",
            )


@rule("UR025", Severity.NOTE, profiles=BEFORE_PRODUCTION)
def role_of_nobody(design: Design, settings: Settings) -> Iterator[Found]:
    """A role has no member.

    Why: It is reviewed and kept up for nobody; or somebody was meant to be in it and has other
    rights.

    Bad:
        roles:
          Nurse: {rights: {record_create: true}, instruments: {"*": edit}}
          Monitor: {rights: {logging: true}, instruments: {"*": read_only}}
        users: {aboyd: {role: Nurse}}
    Good:
        roles:
          Nurse: {rights: {record_create: true}, instruments: {"*": edit}}
          Monitor: {rights: {logging: true}, instruments: {"*": read_only}}
        users: {aboyd: {role: Nurse}, bstone: {role: Monitor}}
    Instead: Assign somebody, or take the role out.
    """
    people = everybody(design, settings.today)
    held = {someone.role.unique_name for someone in people if someone.role is not None}
    for holder in holders(design) if people else ():
        if holder.role is not None and holder.role.unique_name not in held:
            yield holder.at_them("has no member", "Assign somebody, or take it out.")
