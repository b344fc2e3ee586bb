"""Client → live state: everything the API shows of a project's design and access."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, Protocol

from redcap_iac.answers import Answer, Wire
from redcap_iac.calls import Call
from redcap_iac.client import Connection
from redcap_iac.errors import RefusedError, RightsError, SuspiciousReadError
from redcap_iac.kinds import all_kinds
from redcap_iac.kinds.kind import Kind, Reading
from redcap_iac.state import Item, Live, State, Target, Version

_PARALLEL_EXPORTS = 4
_NUMBER = re.compile(r"[1-9][0-9]{0,18}", re.ASCII)
_FIELD_NAMES = Call("exportFieldNames")
#: What nothing can be concluded without; "" are the field names.
_REQUIRED = frozenset({"", "project", "fields", "instruments"})
#: Assignments list every user (recorded): which list each names, in which column.
_ASSIGNED = {
    "role_assignments": ("roles", "unique_role_name"),
    "dag_assignments": ("dags", "redcap_data_access_group"),
}


class Exporting(Protocol):
    """Whatever answers exports: a client, one that keeps what it hears, a backup."""

    @property
    def connection(self) -> Connection:
        """Where the project is, or was."""

    def send(self, call: Call) -> Answer:
        """Answer an export."""


def read_live(client: Exporting, user: str = "") -> Live:
    """Read a project whole; kinds the token may not read are named, with why, in `unreadable`.

    Raises SuspiciousReadError when exports are empty where they cannot be, or contradict each
    other; AccessError when the token is not accepted.
    """
    kinds = all_kinds()
    version = _version(client)
    calls = {kind.name: kind.export() for kind in kinds}
    answers, refused = _ask(client, kinds, {**calls, "": _FIELD_NAMES})
    target = _target(client.connection.url, version, answers, user)
    state = State()
    for kind in kinds:
        if kind.name in answers:
            state = state.having(kind.name, _items(kind, answers, Reading(target, state)))
    _cross_check(answers)
    _check_schedule(target, answers)
    _check_people(answers)
    return Live(target, state, refused)


def read_kinds(client: Exporting, live: Live, names: Sequence[str]) -> Live:
    """Read some kinds again and return the live state with these replaced.

    A kind that may no longer be read keeps its items and is named in `unreadable`.
    """
    wanted = tuple(kind for kind in all_kinds() if kind.name in names)
    answers, refused = _ask(client, wanted, {kind.name: kind.export() for kind in wanted})
    target, state = live.target, live.state
    if "project" in answers:
        again = _target(target.url, target.version, answers, target.user)
        # a server does not change its coding between two reads, and not every read shows it
        target = replace(again, form_rights_in_bits=target.form_rights_in_bits)
    for kind in wanted:
        if kind.name in answers:
            state = state.having(kind.name, _items(kind, answers, Reading(target, state)))
    return Live(target, state, {**live.unreadable, **refused})


def fingerprint(live: Live) -> Mapping[str, str]:
    """Return a sha256 for every kind that was read, over its items as received."""
    ordered = {kind.name for kind in all_kinds() if kind.ordered}
    return {
        name: hashlib.sha256(_canonical(items, name in ordered).encode()).hexdigest()
        for name, items in sorted(live.state.kinds.items())
    }


def _canonical(items: tuple[Item, ...], ordered: bool) -> str:
    # repr of frozen dataclasses is stable and complete; the order of rows is not REDCap's
    # promise, but where it is part of the design
    rows = [repr(item) for item in items]
    return json.dumps(rows if ordered else sorted(rows))


def _version(client: Exporting) -> Version:
    try:
        return Version.parse(client.send(Call("version")).text)
    except ValueError:
        raise SuspiciousReadError(
            "The server does not say which version of REDCap it is.",
            "Look whether the address is that of a REDCap API; it ends in /api/.",
        ) from None


def _items(kind: Kind[Any], answers: Mapping[str, Answer], reading: Reading) -> tuple[Item, ...]:
    """Return what a kind reads of its answer; a shape it cannot read is suspicious."""
    try:
        return tuple(kind.read(answers[kind.name].rows, reading))
    except (KeyError, ValueError, TypeError) as error:
        raise _suspicious(f"the export of {kind.content} has not the shape it should") from error


def _ask(
    client: Exporting, kinds: Sequence[Kind[Any]], calls: Mapping[str, Call]
) -> tuple[dict[str, Answer], dict[str, str]]:
    """Make the exports, up to four at a time; return answers and refusals by kind."""
    by_name = {kind.name: kind for kind in kinds}
    contents = {call.content: call for call in calls.values()}
    with ThreadPoolExecutor(_PARALLEL_EXPORTS) as pool:
        results = dict(
            zip(contents, pool.map(lambda call: _try(client, call), contents.values()), strict=True)
        )
    answers: dict[str, Answer] = {}
    refused: dict[str, str] = {}
    for name, call in calls.items():
        result = results[call.content]
        if isinstance(result, Answer):
            answers[name] = result
        elif isinstance(result, RefusedError) and name and by_name[name].means_none(result.text):
            answers[name] = Answer()
        elif isinstance(result, RightsError) and name not in _REQUIRED:
            refused[name] = result.message
        else:
            raise result
    return answers, refused


def _try(client: Exporting, call: Call) -> Answer | RightsError | RefusedError:
    try:
        return client.send(call)
    except (RightsError, RefusedError) as error:
        return error


def _target(url: str, version: Version, answers: Mapping[str, Answer], user: str) -> Target:
    rows = answers["project"].rows if "project" in answers else ()
    # the number goes into the names of folders and files: it has to be one
    if len(rows) != 1 or _NUMBER.fullmatch(str(rows[0].get("project_id"))) is None:
        raise SuspiciousReadError(
            "Export Project Information did not answer with one project.",
            "Run the command again; if it stays so, show this to your REDCap administrator.",
        )
    info = rows[0]
    in_production = str(info.get("in_production") or "0") == "1"
    produced = bool(info.get("production_time"))
    users = [row for name in ("users", "roles") if name in answers for row in answers[name].rows]
    names = sorted({str(row["username"]) for row in users if row.get("username")})
    return Target(
        url=url,
        project_id=str(info["project_id"]),
        title=str(info.get("project_title") or ""),
        status="production" if in_production else "unknown" if produced else "development",
        version=version,
        longitudinal=str(info.get("is_longitudinal") or "0") == "1",
        form_rights_in_bits=_in_bits(users, version),
        user=user or (names[0] if len(names) == 1 else ""),
    )


def _in_bits(rows: Sequence[Mapping[str, Wire]], version: Version) -> bool:
    """Tell whether form rights come in the coding of 15.6: by what is there, else by version."""
    codes = [
        int(code)
        for row in rows
        if isinstance(forms := row.get("forms"), Mapping)
        for code in forms.values()
        if str(code).lstrip("-").isdigit()
    ]
    if any(code >= 128 for code in codes):
        return True
    return not any(code in (1, 2, 3) for code in codes) and version >= Version(15, 6, 0)


def _cross_check(answers: Mapping[str, Answer]) -> None:
    """Refuse reads that contradict each other: a short read can look like an empty project."""
    fields = answers["fields"].rows if "fields" in answers else ()
    if not fields:
        raise _suspicious("the dictionary came back empty")
    declared = {str(row.get("form_name")) for row in fields}
    listed = {str(row.get("instrument_name")) for row in answers["instruments"].rows}
    exported = {str(row.get("original_field_name")) for row in answers[""].rows}
    # an instrument may hold nothing but its status (recorded in a project file)
    bare = {form for form in listed - declared if f"{form}_complete" in exported}
    if declared != listed - bare:
        missing = ", ".join(sorted(declared ^ (listed - bare))[:5])
        raise _suspicious(f"dictionary and instruments do not fit each other ({missing})")
    absent_by_design = {"file", "descriptive", "calc", "sql"}
    wanted = {
        str(row["field_name"])
        for row in fields
        if str(row.get("field_type")) not in absent_by_design
    }
    if wanted - exported or str(fields[0].get("field_name")) not in exported:
        missing = ", ".join(sorted(wanted - exported)[:5])
        raise _suspicious(f"dictionary and field names do not fit each other ({missing})")
    known = {str(row["field_name"]) for row in fields} | {f"{form}_complete" for form in listed}
    if exported - known:
        extra = ", ".join(sorted(exported - known)[:5])
        raise _suspicious(f"the dictionary came back without fields that exist ({extra})")


def _check_schedule(target: Target, answers: Mapping[str, Answer]) -> None:
    """Refuse a longitudinal project without arms or events: only with both it reads as one."""
    if not target.longitudinal:
        return
    arms = {str(row.get("arm_num")) for row in answers["arms"].rows}
    used = {str(row.get("arm_num")) for row in answers["events"].rows}
    if not used or arms != used:  # an arm is exported when it has an event (recorded)
        raise _suspicious("arms and events do not fit each other")
    known = {str(row.get("unique_event_name")) for row in answers["events"].rows}
    mapped = {str(row.get("unique_event_name")) for row in answers["designations"].rows}
    if mapped - known:
        missing = ", ".join(sorted(mapped - known)[:5])
        raise _suspicious(f"events and designations do not fit each other ({missing})")


def _check_people(answers: Mapping[str, Answer]) -> None:
    """Refuse lists that came back empty although a project has users, or others name them."""
    read = {name: answer.rows for name, answer in answers.items()}
    if any(not read.get(name, True) for name in ("users", *_ASSIGNED)):
        raise _suspicious("no user came back, not even the token's own")
    for name, (listed, column) in _ASSIGNED.items():
        if not read.get(listed, True) and any(row.get(column) for row in read.get(name, ())):
            raise _suspicious(f"no {listed} came back, but people are in them")


def _suspicious(what: str) -> SuspiciousReadError:
    return SuspiciousReadError(
        f"Nothing is concluded from this read: {what}.",
        "It may be a passing fault or somebody saving at this moment: run the command again.",
    )
