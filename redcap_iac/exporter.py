"""Client → live state: everything the API shows of a project's design and access."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from redcap_iac.calls import Call
from redcap_iac.client import Answer, Client, Wire
from redcap_iac.errors import RefusedError, RightsError, SuspiciousReadError
from redcap_iac.kinds import all_kinds
from redcap_iac.kinds.kind import Kind, Reading
from redcap_iac.state import Item, Live, State, Target, Version

_PARALLEL_EXPORTS = 4
_FIELD_NAMES = Call("exportFieldNames")


def read_live(client: Client, user: str = "") -> Live:
    """Read a project whole; kinds the token may not read are named, with why, in `unreadable`.

    Raises SuspiciousReadError when exports are empty where they cannot be, or contradict each
    other; AccessError when the token is not accepted.
    """
    kinds = all_kinds()
    version = Version.parse(client.send(Call("version")).text)
    calls = {kind.name: kind.export() for kind in kinds}
    answers, refused = _ask(client, kinds, {**calls, "": _FIELD_NAMES})
    target = _target(client.connection.url, version, answers, user)
    state = State()
    for kind in kinds:
        if kind.name in answers:
            items = kind.read(answers[kind.name].rows, Reading(target, state))
            state = state.having(kind.name, tuple(items))
    _cross_check(answers)
    return Live(target, state, refused)


def read_kinds(client: Client, live: Live, names: Sequence[str]) -> Live:
    """Read some kinds again and return the live state with these replaced."""
    wanted = tuple(kind for kind in all_kinds() if kind.name in names)
    answers, refused = _ask(client, wanted, {kind.name: kind.export() for kind in wanted})
    target, state = live.target, live.state
    if "project" in answers:
        target = _target(target.url, target.version, {**answers}, target.user)
        if not target.form_rights_in_bits and live.target.form_rights_in_bits:
            target = replace(target, form_rights_in_bits=True)
    for kind in wanted:
        if kind.name in answers:
            items = kind.read(answers[kind.name].rows, Reading(target, state))
            state = state.having(kind.name, tuple(items))
    return Live(target, state, {**live.unreadable, **refused})


def fingerprint(live: Live) -> Mapping[str, str]:
    """Return a sha256 for every kind that was read, over its items as received."""
    return {
        name: hashlib.sha256(_canonical(items).encode()).hexdigest()
        for name, items in sorted(live.state.kinds.items())
    }


def _canonical(items: tuple[Item, ...]) -> str:
    # repr of frozen dataclasses is stable and complete; the order of rows is not REDCap's promise
    return json.dumps(sorted(repr(item) for item in items))


def _ask(
    client: Client, kinds: Sequence[Kind[Any]], calls: Mapping[str, Call]
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
        elif isinstance(result, RightsError):
            refused[name] = result.message
        else:
            raise result
    return answers, refused


def _try(client: Client, call: Call) -> Answer | RightsError | RefusedError:
    try:
        return client.send(call)
    except (RightsError, RefusedError) as error:
        return error


def _target(url: str, version: Version, answers: Mapping[str, Answer], user: str) -> Target:
    rows = answers["project"].rows if "project" in answers else ()
    if len(rows) != 1 or not rows[0].get("project_id"):
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
    if declared != listed:
        missing = ", ".join(sorted(declared ^ listed)[:5])
        raise _suspicious(f"dictionary and instruments do not fit each other ({missing})")
    exported = {str(row.get("original_field_name")) for row in answers[""].rows}
    absent_by_design = {"file", "descriptive", "calc", "sql"}
    wanted = {
        str(row["field_name"]) for row in fields if row.get("field_type") not in absent_by_design
    }
    if wanted - exported or str(fields[0].get("field_name")) not in exported:
        missing = ", ".join(sorted(wanted - exported)[:5])
        raise _suspicious(f"dictionary and field names do not fit each other ({missing})")
    known = {str(row["field_name"]) for row in fields} | {f"{form}_complete" for form in declared}
    if exported - known:
        extra = ", ".join(sorted(exported - known)[:5])
        raise _suspicious(f"the dictionary came back without fields that exist ({extra})")
    if "users" in answers and not answers["users"].rows:
        raise _suspicious("no user came back, not even the token's own")


def _suspicious(what: str) -> SuspiciousReadError:
    return SuspiciousReadError(
        f"Nothing is concluded from this read: {what}.",
        "It may be a passing fault or somebody saving at this moment: run the command again.",
    )
