"""A server that answers what REDCap never would: recorded answers, spoiled one by one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from redcap_iac.answers import Answer, read_answer
from redcap_iac.calls import Call
from redcap_iac.client import Client, Connection
from redcap_iac.secret import Secret
from tests.emulator.served import Project

#: What a cell may be spoiled to: other types, what breaks numbers, what a terminal would obey.
VALUES: tuple[Any, ...] = (
    None, "", "x", "\x1b]0;evil\x07\x1b[2J", "\u202etxt.\x9b31m", "-1", -1, 1.5, 10**40, True,
    float("nan"), [], [1, [2]], {}, {"x": []}, {"x": None}, {"x": "-9"}, "\ud800", "9" * 5000,
    "2026-99-99", "x" * 200_000,
)  # fmt: skip
#: What a whole body may be.
BODIES: tuple[str, ...] = (
    "", "null", "true", "5", "NaN", '"x"', "[]", "{}", "[[]]", "[null]", "[{}]", "[{}, {}]",
    "[" * 100_000, '{"a":' * 100_000, "[" + "9" * 5000 + "]", '{"error": {"error": []}}',
    '{"error": "\x1b[2J"}', '[{"error": "x"}]', "\x1b[2J", "\ufeff[]", '{"x": {"x": {}}}',
    "[{}" + ", {}" * 20_000 + "]",
)  # fmt: skip
GONE = object()

Bodies = dict[str, str]


class Recording(Client):
    """Keeps what every export was answered."""

    def __init__(self, project: Project) -> None:
        super().__init__(Connection(project.emulator.url, timeout=60), Secret(project.token))
        self.bodies: Bodies = {}

    def send(self, call: Call) -> Answer:
        answer = super().send(call)
        rows = list(answer.rows)
        self.bodies[call.content] = answer.text or json.dumps(rows)
        return answer


class Hostile(Client):
    """Answers from memory, and never reaches a server."""

    def __init__(self, bodies: Bodies) -> None:
        super().__init__(Connection("http://127.0.0.1:1/api/"), Secret("A" * 32))
        self._bodies = bodies

    def send(self, call: Call) -> Answer:
        body = self._bodies.get(call.content, "[]")
        data = body.encode("utf-8", "surrogatepass")
        return read_answer(call, 200, data, self.connection.url)


def columns(bodies: Bodies) -> Iterator[tuple[str, int, str]]:
    """Yield every column of the first and the last row of every export."""
    for content, body in bodies.items():
        rows = json.loads(body) if body.startswith("[") else []
        for index in sorted({0, len(rows) - 1}) if rows else ():
            for name in rows[index]:
                yield content, index, name


def spoiled(bodies: Bodies, content: str, index: int, name: str, value: object) -> Bodies:
    """Return the bodies with one cell replaced, or taken away (`GONE`)."""
    rows = json.loads(bodies[content])
    if value is GONE:
        rows[index].pop(name, None)
    else:
        rows[index][name] = value
    return {**bodies, content: json.dumps(rows)}
