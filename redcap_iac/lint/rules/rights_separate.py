"""PR, UR: what 21 CFR Part 11 asks of locking, signing and who does what (11.10, 11.50, 11.100)."""

from __future__ import annotations

from collections.abc import Iterator

from redcap_iac.design import Design
from redcap_iac.findings import Severity
from redcap_iac.lint.rule import Found, rule
from redcap_iac.lint.rules.holders import everybody, holders
from redcap_iac.lint.rules.wording import name_words
from redcap_iac.lint.settings import Profile, Settings

REGULATED = frozenset({Profile.PART11})
#: Names of accounts that are nobody's own, when nothing else is in the name (judged).
_SHARED = (
    "admin", "administrator", "test", "tester", "user", "guest", "shared", "generic", "everyone",
    "anonymous", "team", "group", "lab", "staff", "clinic", "ward", "study", "site", "office",
    "data", "entry", "dataentry", "nurse", "nurses", "doctor", "monitor", "coordinator",
    "investigator", "student", "trainee", "temp",
)  # fmt: skip


@rule("PR005", Severity.WARNING, profiles=REGULATED)
def nobody_locks(design: Design, _settings: Settings) -> Iterator[Found]:
    """Nobody may lock records.

    Why: What was reviewed stays open to change for ever, so that nobody can show that the data
    analysed are the data reviewed.

    Bad:
        roles:
          Nurse: {rights: {record_create: true}, instruments: {"*": edit}}
    Good:
        roles:
          Nurse: {rights: {record_create: true}, instruments: {"*": edit}}
          Monitor: {rights: {lock_records: lock}, instruments: {"*": read_only}}
    Instead: Grant `lock_records: lock`, or `sign`, to those who review.
    """
    everyone = holders(design)
    locks = ("lock_records", "lock_records_all_forms")
    if everyone and not any(holder.has(right) for holder in everyone for right in locks):
        yield Found(
            "project/roles",
            "Nobody declared here may lock records.",
            advice="Grant `lock_records: lock`, or `sign`, to those who review.",
        )


@rule("PR017", Severity.NOTE, profiles=REGULATED)
def nobody_signs(design: Design, _settings: Settings) -> Iterator[Found]:
    """Nobody may sign instruments electronically.

    Why: Where a rule asks for the investigator's signature, it is then on paper only and bound to
    nothing in the record.

    Bad:
        roles:
          Monitor: {rights: {lock_records: lock}, instruments: {"*": read_only}}
    Good:
        roles:
          Investigator: {rights: {lock_records: sign}, instruments: {"*": read_only}}
    Instead: `lock_records: sign` for those who sign; let it pass with a reason where nobody does.
    """
    everyone = holders(design)
    if everyone and not any(holder.level("lock_records") == "sign" for holder in everyone):
        yield Found(
            "project/roles",
            "Nobody declared here may sign instruments electronically.",
            advice="Grant `lock_records: sign` to those who sign.",
        )


@rule("UR028", Severity.WARNING, profiles=REGULATED)
def enters_and_unlocks(design: Design, _settings: Settings) -> Iterator[Found]:
    """Somebody who enters data may also unlock what was locked.

    Signing is let off: whoever signs has to be able to lock.

    Why: The right to lock is the right to unlock, also what others locked (knowledge base): who
    entered a value may open it again after the review and change it.

    Bad:
        roles:
          Nurse: {rights: {lock_records: lock}, instruments: {"*": edit}}
    Good:
        roles:
          Nurse: {rights: {record_create: true}, instruments: {"*": edit}}
          Monitor: {rights: {lock_records: lock}, instruments: {"*": read_only}}
    Instead: Give locking to those who review.
    """
    for holder in holders(design):
        locks = holder.level("lock_records") == "lock" or holder.has("lock_records_all_forms")
        if locks and holder.edits_any(design):
            yield holder.at_them(
                "enters data and may unlock what was locked", "Give locking to those who review."
            )


@rule("UR036", Severity.WARNING, profiles=REGULATED)
def account_of_nobody(design: Design, settings: Settings) -> Iterator[Found]:
    """A username names no person.

    Found where a name consists of such words alone; `shared_names` in the settings takes their
    place.

    Why: Every entry and every signature has to be one person's own (21 CFR 11.100), and the log
    names the account only.

    Bad:
        users:
          study_nurse: {rights: {record_create: true}, instruments: {"*": edit}}
    Good:
        users:
          aboyd: {rights: {record_create: true}, instruments: {"*": edit}}
    Instead: Give each person an account.
    """
    shared = frozenset(settings.list("shared_names", _SHARED))
    for someone in everybody(design, settings.today):
        words = name_words(someone.user.username.partition("@")[0])
        if words and set(words) <= shared:
            yield someone.at_them("is named for no person", "Give each person an account.")


@rule("UR037", Severity.NOTE, profiles=REGULATED)
def designs_and_enters(design: Design, _settings: Settings) -> Iterator[Found]:
    """Somebody who enters data may also change the design.

    Why: Who enters a value may loosen the check that refuses it, and tighten it again.

    Bad:
        roles:
          Data manager: {rights: {design: true}, instruments: {"*": edit}}
    Good:
        roles:
          Data manager: {rights: {design: true}, instruments: {"*": read_only}}
    Instead: Keep the two apart: a design kept in files needs the right for its token only.
    """
    for holder in holders(design):
        if holder.has("design") and holder.edits_any(design):
            yield holder.at_them(
                "enters data and may change the design", "Keep the two in separate roles."
            )
