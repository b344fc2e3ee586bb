"""UR: rights on instruments and exports that contradict each other, or what a role is called."""

from __future__ import annotations

from collections.abc import Iterator

from redcap_iac.design import Design
from redcap_iac.findings import Severity
from redcap_iac.kinds.kind import encoded
from redcap_iac.kinds.rights import is_granted
from redcap_iac.lint.rule import Found, rule
from redcap_iac.lint.rules.holders import entered, holders, with_identifiers
from redcap_iac.lint.rules.wording import BEFORE_PRODUCTION, said
from redcap_iac.lint.settings import Settings
from redcap_iac.suggestions import in_words

#: What the label of a role promises (judged).
_READS = ("read only", "readonly", "view only", "viewonly", "viewer", "observer", "auditor",
          "no edit")  # fmt: skip
_WITHOUT_IDENTIFIERS = ("deidentified", "de identified", "no phi", "without phi", "no identifiers",
                        "without identifiers", "remove id", "removeid", "anonymized", "anonymised",
                        "pseudonymized", "pseudonymised", "no export", "noexport")  # fmt: skip
_MOST_NAMED = 5


@rule("UR008", Severity.WARNING)
def exports_unseen_identifiers(design: Design, _settings: Settings) -> Iterator[Found]:
    """Somebody may not open an instrument, and exports its identifiers in full.

    Viewing and exporting are independent (knowledge base): exports without identifiers for those
    who only analyse are let off.

    Why: What the one right keeps from them the other hands over, for all records at once.

    Bad:
        instruments:
          - instrument: form
            fields:
              record_id: {type: text, label: "Record ID"}
              surname: {type: text, label: "Surname", identifier: true}
        roles:
          Analyst: {rights: {reports: true}, instruments: {"*": none}, export: {"*": full}}
    Good:
        instruments:
          - instrument: form
            fields:
              record_id: {type: text, label: "Record ID"}
              surname: {type: text, label: "Surname", identifier: true}
        roles:
          Analyst: {rights: {reports: true}, instruments: {"*": none}, export: {"*": deidentified}}
    Instead: Export `deidentified`, or let them open the instrument.
    """
    for holder in holders(design):
        names = [
            name
            for name in with_identifiers(design)
            if not is_granted(holder.view(name)) and holder.export(name) == "full"
        ]
        if names:
            yield holder.at_them(
                f"may not open {_few(names)}, and exports the identifiers there in full",
                "Export `deidentified`, or let them open it.",
            )


@rule("UR009", Severity.NOTE, profiles=BEFORE_PRODUCTION)
def enters_and_exports_all(design: Design, _settings: Settings) -> Iterator[Found]:
    """Somebody who enters data exports identifiers in full.

    Let off are those who also manage the project: design or User Rights.

    Why: To enter data nobody needs to carry all of them away; a file with names on a laptop is the
    breach that happens.

    Bad:
        instruments:
          - instrument: form
            fields:
              record_id: {type: text, label: "Record ID"}
              surname: {type: text, label: "Surname", identifier: true}
        roles:
          Nurse: {rights: {record_create: true}, instruments: {"*": edit}, export: {"*": full}}
    Good:
        instruments:
          - instrument: form
            fields:
              record_id: {type: text, label: "Record ID"}
              surname: {type: text, label: "Surname", identifier: true}
        roles:
          Nurse: {rights: {record_create: true}, instruments: {"*": edit}, export: {"*": none}}
    Instead: `export: {"*": deidentified}` or none for those who enter data.
    """
    for holder in holders(design):
        names = [
            name
            for name in with_identifiers(design)
            if holder.edits(name) and holder.export(name) == "full"
        ]
        manages = holder.has("design") or holder.level("user_rights") == "full"
        if names and not manages:
            yield holder.at_them(
                f"enters data into {_few(names)}, and exports the identifiers there in full",
                "Export `deidentified` or nothing.",
            )


@rule("UR027", Severity.WARNING)
def locks_unseen(design: Design, _settings: Settings) -> Iterator[Found]:
    """Somebody may lock instruments and may open none.

    Why: An instrument is locked on its own page, so the right does nothing; with the right for
    entire records they lock what they have never seen.

    Bad:
        roles:
          Monitor: {rights: {lock_records: lock}, instruments: {"*": none}}
    Good:
        roles:
          Monitor: {rights: {lock_records: lock}, instruments: {"*": read_only}}
    Instead: Let them look at what they lock.
    """
    for holder in holders(design):
        locks = holder.has("lock_records") or holder.has("lock_records_all_forms")
        if locks and not holder.sees_any(design):
            yield holder.at_them(
                "may lock instruments and open none", "Let them look at what they lock."
            )


@rule("UR029", Severity.WARNING)
def records_without_fields(design: Design, _settings: Settings) -> Iterator[Found]:
    """Somebody may create, rename or delete records and fill in no instrument.

    Why: Read-only was meant, and a record deleted cannot be restored (knowledge base).

    Bad:
        roles:
          Viewer: {rights: {record_delete: true}, instruments: {"*": read_only}}
    Good:
        roles:
          Viewer: {rights: {reports: true}, instruments: {"*": read_only}}
    Instead: Take the right away, or let them fill in an instrument.
    """
    rights = {"record_create": "create", "record_rename": "rename", "record_delete": "delete"}
    for holder in holders(design):
        words = [word for right, word in rights.items() if holder.has(right)]
        if words and not holder.edits_any(design):
            yield holder.at_them(
                f"may {in_words(words, 'and')} records and fill in no instrument",
                "Take the right away, or let them fill in an instrument.",
            )


@rule("UR031", Severity.WARNING)
def nobody_may_open(design: Design, _settings: Settings) -> Iterator[Found]:
    """No role and nobody with rights of their own may open an instrument.

    Said where users are declared: a project XML has roles and never the users beside them.

    Why: It was added and the roles were forgotten: `"*": none` covers what comes later. Nobody will
    report it, because nobody sees it.

    Bad:
        instruments:
          - {instrument: base, fields: {record_id: {type: text, label: "Record ID"}}}
          - {instrument: diary, fields: {slept: {type: yesno, label: "Slept well?"}}}
        roles:
          Nurse: {rights: {record_create: true}, instruments: {base: edit, "*": none}}
        users: {site_nurse: {role: Nurse}}
    Good:
        instruments:
          - {instrument: base, fields: {record_id: {type: text, label: "Record ID"}}}
          - {instrument: diary, fields: {slept: {type: yesno, label: "Slept well?"}}}
        roles:
          Nurse: {rights: {record_create: true}, instruments: {"*": edit}}
        users: {site_nurse: {role: Nurse}}
    Instead: Name it in the roles that work with it.
    """
    everyone = holders(design)
    for name in design.instruments if everyone and design.users else ():
        if not any(is_granted(holder.view(name)) for holder in everyone):
            yield _at_instrument(
                name,
                f"Nobody declared here may open {name}.",
                "Name it under `instruments:` of the roles that work with it.",
            )


@rule("UR032", Severity.NOTE, profiles=BEFORE_PRODUCTION)
def nobody_may_fill_in(design: Design, _settings: Settings) -> Iterator[Found]:
    """People may look at an instrument, and nobody may fill it in.

    Let off are instruments without a question, and projects with surveys, whose participants fill
    them in.

    Why: It stays empty unless data are imported.

    Bad:
        instruments:
          - {instrument: base, fields: {record_id: {type: text, label: "Record ID"}}}
          - {instrument: diary, fields: {slept: {type: yesno, label: "Slept well?"}}}
        roles:
          Nurse: {rights: {record_create: true}, instruments: {base: edit, "*": read_only}}
    Good:
        instruments:
          - {instrument: base, fields: {record_id: {type: text, label: "Record ID"}}}
          - {instrument: diary, fields: {slept: {type: yesno, label: "Slept well?"}}}
        roles:
          Nurse: {rights: {record_create: true}, instruments: {"*": edit}}
    Instead: Let a role edit it; let it pass with a reason where its data are imported.
    """
    everyone = holders(design)
    if design.setting("surveys_enabled") == "1":
        return
    for name in design.instruments:
        seen = any(is_granted(holder.view(name)) for holder in everyone)
        edited = any(holder.edits(name) for holder in everyone)
        if seen and not edited and entered(design, name):
            yield _at_instrument(
                name,
                f"People may look at {name}, and nobody declared here may fill it in.",
                "Let a role edit it.",
            )


@rule("UR034", Severity.WARNING)
def reads_only_by_name(design: Design, _settings: Settings) -> Iterator[Found]:
    """A role is called read-only and may edit.

    Why: Whoever is put into it, and whoever reviews the list, goes by the name.

    Bad:
        roles:
          Read only: {rights: {reports: true}, instruments: {"*": edit}}
    Good:
        roles:
          Read only: {rights: {reports: true}, instruments: {"*": read_only}}
    Instead: Give it what its name says, or another name.
    """
    for holder in holders(design):
        word = said(holder.role.label, _READS) if holder.role is not None else ""
        edited = [name for name in design.instruments or ("*",) if holder.edits(name)]
        if word and edited:
            yield holder.at_them(
                f'is called "{word}" and may edit {_few(edited)}',
                "Give it what its name says, or another name.",
            )


@rule("UR035", Severity.WARNING)
def no_identifiers_by_name(design: Design, _settings: Settings) -> Iterator[Found]:
    """A role is said to be without identifiers and exports them in full.

    Why: Whoever is put into it, and whoever reviews the list, goes by the name.

    Bad:
        instruments:
          - instrument: form
            fields:
              record_id: {type: text, label: "Record ID"}
              surname: {type: text, label: "Surname", identifier: true}
        roles:
          Export (no PHI): {rights: {}, instruments: {"*": read_only}, export: {"*": full}}
    Good:
        instruments:
          - instrument: form
            fields:
              record_id: {type: text, label: "Record ID"}
              surname: {type: text, label: "Surname", identifier: true}
        roles:
          Export (no PHI): {rights: {}, instruments: {"*": read_only}, export: {"*": deidentified}}
    Instead: Give it what its name says, or another name.
    """
    for holder in holders(design):
        word = said(holder.role.label, _WITHOUT_IDENTIFIERS) if holder.role is not None else ""
        names = [name for name in with_identifiers(design) if holder.export(name) == "full"]
        if word and names:
            yield holder.at_them(
                f'is called "{word}" and exports the identifiers of {_few(names)} in full',
                "Give it what its name says, or another name.",
            )


def _at_instrument(name: str, message: str, advice: str) -> Found:
    return Found(f"instrument/{encoded(name)}", message, advice=advice)


def _few(names: list[str]) -> str:
    """Return the names, above a few their number; `*` is every instrument."""
    if names == ["*"]:
        return "every instrument"
    if len(names) <= _MOST_NAMED:
        return in_words(names, "and")
    return f"{len(names)} instruments such as {names[0]}"
