"""A backup brought back: as a design to plan for, with what cannot come back said before."""

from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from redcap_iac.errors import GuardError, RedcapIacError
from redcap_iac.kinds import all_kinds
from redcap_iac.kinds.people import folded
from redcap_iac.manifest.loader import load
from redcap_iac.manifest.writer import write
from redcap_iac.plan import Phase, Step
from redcap_iac.safety.backup import Backup, as_text
from redcap_iac.safety.journal import DONE, Heading, Journal, Told
from redcap_iac.safety.record_values import Return, Value, everything, imports, returning
from redcap_iac.safety.state_folder import alone
from redcap_iac.state import Desired, Item, Live, Mode, State, Unit
from redcap_iac.suggestions import in_words
from redcap_iac.workflow.drafting import draft
from redcap_iac.workflow.keeping import free_name, subject
from redcap_iac.workflow.session import Goal, Session

#: Kinds known by a name that people may change while the object stays, with what stays.
_IDENTITIES = {"events": "event_id", "dags": "group_id", "roles": "unique_name"}


@dataclass(frozen=True, slots=True)
class Restoration:
    """What a backup asks for: the goal of a plan, the project as it was, what does not come back.

    `lost` are sentences for a person, said before anything is asked.
    """

    goal: Goal
    then: Live
    lost: tuple[str, ...]


def restoration(backup: Backup, live: Live, only: frozenset[Unit]) -> Restoration:
    """Return what bringing a backup back means for a live project.

    `only` are the units to bring back, all where it is empty. Users who came since are left;
    everything else that came since is a deletion, which has to be allowed as any other. Raises
    GuardError when the backup is of another project, or holds what is asked for not at all.
    """
    _require_same_project(backup, live)
    then = backup.live()
    desired = _desired(then, only)
    if not desired.state.kinds:
        raise GuardError(
            f"The backup does not hold {in_words(sorted(map(str, only)), 'or')}.",
            "The token that made it was not allowed to read it.",
        )
    desired = replace(desired, state=_same_objects(desired.state, then.state, live.state))
    lost = tuple(_lost(then, live, only, has_records=bool(backup.records)))
    return Restoration(Goal(desired, backup.identity), then, lost)


def _require_same_project(backup: Backup, live: Live) -> None:
    """Refuse a backup of another project; the same number on another server is another one."""
    was, now = backup.target, live.target
    same_address = was.get("url", "").rstrip("/").lower() == now.url.rstrip("/").lower()
    if same_address and was.get("project_id") == now.project_id:
        return
    where = ("", "") if same_address else (f" at {was.get('url')}", f" at {now.url}")
    raise GuardError(
        f'The backup is of project {was.get("project_id")} ("{was.get("title")}"){where[0]},'
        f" not of project {now.project_id}{where[1]}.",
        "Name a backup of this project; `redcap-iac clone` makes another one like it.",
    )


def _desired(then: Live, only: frozenset[Unit]) -> Desired:
    """Return the design of a project as it was, the way a manifest declares it."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in write(draft(then)).items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        declared = load(Path(folder)).desired
    kinds = {
        kind.name: declared.state.kinds[kind.name]
        for kind in all_kinds()
        if kind.name in declared.state.kinds and (not only or kind.unit in only)
    }
    modes: Mapping[Unit, Mode] = {Unit.USERS: Mode.ADDITIVE}
    partial = frozenset(kind.name for kind in all_kinds() if kind.unit is Unit.USERS)
    return Desired(State(kinds, partial), modes)


def _same_objects(desired: State, then: State, live: State) -> State:
    """Say of what only got another name since what it is called now: a rename, not another one.

    Where something else has its name by now, nothing is said: then it is made anew.
    """
    for kind in all_kinds():
        part = _IDENTITIES.get(kind.name)
        if part is None or kind.name not in desired:
            continue
        now = {_text(item, part): item for item in kind.items(live)}
        was = {kind.address(item): _text(item, part) for item in kind.items(then)}
        taken = {kind.address(item) for item in kind.items(live)}
        items = tuple(
            _renamed(item, now.get(was.get(kind.address(item), "")))
            if kind.address(item) not in taken
            else item
            for item in kind.items(desired)
        )
        desired = desired.having(kind.name, items)
    return desired


def _renamed(item: Any, now: Item | None) -> Item:  # noqa: ANN401 - an item that has `renamed_from`
    renamed: Item = item if now is None else replace(item, renamed_from=_called(now))
    return renamed


def _lost(then: Live, live: Live, only: frozenset[Unit], *, has_records: bool) -> Iterator[str]:
    """Yield what no import brings back, of what the plan would make again."""
    for unit, kind, part, sentence in (
        (Unit.FIELDS, "fields", "field_name", _VALUES[has_records]),
        (Unit.FIELDS, "instruments", "name",
         "{} made again: survey links, survey settings and PDF settings of {} are new or gone."),
        (Unit.EVENTS, "events", "event_id",
         "{} made again: they get other ids; links, invitations and scheduled dates of {} are gone."
         ),
        (Unit.DAGS, "dags", "group_id",
         "{} made again: the unique names may differ, and no record is put back into {}."),
        (Unit.ROLES, "roles", "unique_name", "{} made again: REDCap gives {} another unique name."),
        (Unit.USERS, "users", "username", "{} added again: API tokens of {} do not come back."),
    ):  # fmt: skip
        if only and unit not in only:
            continue
        now = {folded(_text(item, part)) for item in _items(live, kind)}
        gone = [_called(i) for i in _items(then, kind) if folded(_text(i, part)) not in now]
        if gone:
            named = in_words(
                gone if len(gone) <= 10 else [*gone[:9], f"{len(gone) - 9} more"], "and"
            )
            yield sentence.format(named, "it" if len(gone) == 1 else "them")
    members = [_text(item, "username") for item in _items(then, "users")
               if getattr(item, "grants", None) is None]  # fmt: skip
    if members and (not only or Unit.USERS in only):
        yield (
            f"The rights of their own that {in_words(members, 'and')} had under a role were in no"
            " export, and are not in the backup."
        )
    yield "Alerts, survey settings, reports and file repository come back by no API."


_VALUES = {
    False: "{} made again: values that were stored in {} do not come back; the backup has none.",
    True: "{} made again: of the values that were stored in {} only those in the backup come back,"
    " with --data.",
}


def _called(item: Item) -> str:
    names = ("field_name", "name", "label", "username")
    return next((_text(item, name).strip() for name in names if _text(item, name)), "")


def _items(live: Live, kind: str) -> Sequence[Item]:
    return live.state.kinds.get(kind, ())


def _text(item: object, name: str) -> str:
    return str(getattr(item, name, "") or "")


def values_to_return(session: Session, kept: Sequence[Value], then: Live, live: Live) -> Return:
    """Return which stored values can come back now: only where nothing is stored."""
    return returning(kept, everything(session.client), then, live)


def return_values(session: Session, back: Return, live: Live, backup: Backup) -> Path | None:
    """Import values, with a journal of their own; return where it lies, None where none is kept.

    Raises the error of a refused import: what was imported before it stays, and running it again
    goes on, since only empty places are filled.
    """
    if session.state_dir is None:
        for call in imports(back.rows):
            session.client.send(call)
        return None
    with alone(session.state_dir, subject(live.target)):
        journal = Journal(free_name(session, live.target, backup.identity), session.now)
        calls = tuple(imports(back.rows))
        steps = tuple(
            Step(
                Phase.COPY, "records", f"bring back values, part {n} of {len(calls)}", call, (), ()
            )
            for n, call in enumerate(calls, 1)
        )
        journal.begin(_heading(session, live, backup), steps)
        try:
            for number, step in enumerate(steps, 1):
                _send(session, journal, number, step)
            journal.end(DONE)
        finally:
            journal.close()
    return journal.path


def _send(session: Session, journal: Journal, number: int, step: Step) -> None:
    journal.before(number, step, step.call, {})
    try:
        answer = session.client.send(step.call)
    except RedcapIacError as error:
        journal.after(number, step, Told("uncertain", error=error))
        raise
    journal.after(number, step, Told("done", answer.count))


def _heading(session: Session, live: Live, backup: Backup) -> Heading:
    return Heading(
        plan_id="",
        target=as_text(live.target),
        environment=session.environment,
        tool=session.tool,
        manifest_digest=backup.identity,
        started=session.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
        purpose=f"values of the backup {backup.folder.name}",
        pid=os.getpid(),
        host=socket.gethostname(),
    )
