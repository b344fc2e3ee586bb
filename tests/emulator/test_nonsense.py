"""Nonsense is refused in the asked envelope; nothing that is sent makes the server crash."""

from __future__ import annotations

import json
import random
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from sqlite3 import Connection

import pytest

from redcap_iac.emulator import dispatch, registry
from redcap_iac.emulator.dispatch import Reply
from redcap_iac.emulator.request import Request, Upload
from redcap_iac.emulator.server import Emulator
from redcap_iac.emulator.store import Store
from redcap_iac.emulator.wire import FORMATS
from tests.emulator.calls import FILE, Furnished, Pair, furnished, working_calls
from tests.emulator.served import Project, new_project

PAIRS = [(one.content, one.action) for one in registry.methods()]
SCALARS = (
    "allRecords", "arm", "backgroundProcess", "beginTime", "compactDisplay", "csvDelimiter", "dag",
    "dag_id", "data", "dateFormat", "dateRangeBegin", "dateRangeEnd", "decimalCharacter", "doc_id",
    "endTime", "event", "exportDataAccessGroups", "exportFiles", "exportSurveyFields", "field",
    "filterLogic", "folder_id", "forceAutoNumber", "instrument", "logtype", "name",
    "new_record_name", "odm", "overwriteBehavior", "override", "rawOrLabel", "record",
    "repeat_instance", "report_id", "returnContent", "role_id", "type", "user",
)  # fmt: skip
ARRAYS = ("arms", "dags", "events", "fields", "forms", "records", "roles", "users")
NONSENSE = (
    "", " ", "0", "-1", "1", "1e999", "9" * 30, "9" * 5000, "\x00\x07\x1b", "'\"<>&|]]>",
    "\U0001f980", "\u0663", "true", "[]", "{}", "null", "\n\r\n", "%s%d", "[", "[record_id] =",
    f"[weight][{'9' * 30}] > 1", "[weight] ^ 99999 > 1", "1 / 0 = 1", "(" * 2000, "[a][b][c][d]",
    "event_1_arm_1", "record_id", "vitals", "new", "2026-99-99 99:99:99",
)  # fmt: skip
CELLS = (
    "", "-1", "1e999", "9" * 30, "\x00", "\U0001f980", "nan", "inf", "\u0663", "vitals:1,x:y",
    "2026-13-45", "U-123", "event_1_arm_1", "9" * 5000, "vitals:" + "9" * 5000, "0" * 30,
)  # fmt: skip
JUNK = (
    "", "[[]]", "[1]", "null", '{"a":{"b":1e999}}', '[{"a":{"b":[1]}}]', "a,b\n1,2,3", '"',
    "<a><b></a>", "<items><item></item></items>", "record_id\n1\n", "\x00", "[" * 3000,
    "<items><item><forms><vitals>9e9</vitals></forms></item></items>",
)  # fmt: skip
TURNS = 12


class Rehearsal(Store):
    """A store that forgets what a call has written, so that every call meets the same project."""

    def __init__(self, store: Store) -> None:
        self._lock = store._lock
        self._connection = store._connection

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            finally:
                self._connection.rollback()


def without_events(study: Furnished) -> Project:
    """Delete every arm with its events; the longitudinal flag stays."""
    assert study.project.post("arm", "delete", arms=["1", "2"]).text == "2"
    return study.project


def in_status(status: str) -> Callable[[Furnished], Project]:
    """Return what moves the trial to a status."""

    def move(study: Furnished) -> Project:
        study.project.status(status)
        return study.project

    return move


SITUATIONS: Mapping[str, Callable[[Furnished], Project]] = {
    "fresh": lambda study: new_project(study.project.emulator),
    "trial": lambda study: study.project,
    "without events": without_events,
    "production": in_status("production"),
    "analysis": in_status("analysis"),
}


def requests_of(
    chance: random.Random, pair: Pair, token: str, format_: str, working: Mapping[str, object]
) -> Iterator[Request]:
    """Yield the bare call, then calls that work but for a few parameters."""
    content, action = pair
    fixed = {"token": token, "content": content, "format": format_, "returnFormat": format_}
    if action not in ("create", "export"):
        fixed["action"] = action
    yield Request(fixed, {})
    upload = Upload(*FILE[:1], FILE[2], FILE[1])
    scalars = {name: str(value) for name, value in working.items() if not is_many(value)}
    arrays = {name: tuple(value) for name, value in working.items() if isinstance(value, list)}
    for _ in range(TURNS):
        bent, lists = dict(scalars), dict(arrays)
        for name in chance.sample(sorted({*SCALARS, *scalars}), 2):
            bent[name] = chance.choice(NONSENSE)
        for name in chance.sample(ARRAYS, chance.choice((0, 1))):
            lists[name] = (chance.choice(NONSENSE), chance.choice(NONSENSE))
        if "data" in scalars:
            bent["data"] = payload(chance, json.loads(scalars["data"]), format_)
        yield Request({**bent, **fixed}, lists, upload if chance.random() < 0.5 else None)


def is_many(value: object) -> bool:
    """Tell an array or a file from a plain parameter."""
    return isinstance(value, list | tuple)


def payload(chance: random.Random, rows: list[dict[str, object]], format_: str) -> str:
    """Return rows with a cell spoiled, written in the format; or what no format can read."""
    if chance.random() < 0.3 or not rows:
        return chance.choice(JUNK)
    spoiled = [dict(row) for row in rows]
    row = chance.choice(spoiled)
    row[chance.choice([*row, "unique_event_name", "forms"])] = chance.choice(CELLS)
    if format_ == "json":
        return json.dumps(spoiled)
    columns = list(dict.fromkeys(name for row in spoiled for name in row))
    if format_ == "csv":
        lines = [columns, *([str(row.get(name, "")) for name in columns] for row in spoiled)]
        return "\n".join(",".join(f'"{cell}"' for cell in line) for line in lines)
    items = "".join(
        "<item>" + "".join(f"<{name}>{cell}</{name}>" for name, cell in row.items()) + "</item>"
        for row in spoiled
    )
    return f"<items>{items}</items>"


def error_of(reply: Reply, format_: str) -> str:
    """Return the text of a refusal; fails on anything but the envelope of its format."""
    body = reply.body.decode()
    if format_ == "json":
        (text,) = json.loads(body).values()
        assert list(json.loads(body)) == ["error"]
        return str(text)
    if format_ == "csv":
        assert body.startswith("ERROR: ")
        return body.removeprefix("ERROR: ")
    root = ET.fromstring(body)
    assert [root.tag, *(child.tag for child in root)] == ["hash", "error"]
    return root[0].text or ""


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("situation", SITUATIONS)
def test_nonsense_is_answered_or_refused_in_the_asked_envelope(
    emulator: Emulator, situation: str, format_: str
) -> None:
    study = furnished(emulator)
    working = working_calls(study)
    project = SITUATIONS[situation](study)
    store = Rehearsal(emulator.store)
    chance = random.Random(f"{situation} {format_}")
    for pair in PAIRS:
        token = emulator.super_token if pair[1] == "create" else project.token
        for request in requests_of(chance, pair, token, format_, working.get(pair, {})):
            reply = dispatch.answer(store, emulator.server, request)
            assert reply.status in (200, 400, 403, 501), (pair, request)
            if reply.status != 200:
                assert error_of(reply, format_) != "", (pair, request)
