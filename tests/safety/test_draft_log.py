"""Where drafted changes stand, told by the log."""

from __future__ import annotations

from datetime import datetime

import pytest

from redcap_iac.answers import Answer
from redcap_iac.calls import Call
from redcap_iac.client import Client, Connection
from redcap_iac.errors import RightsError
from redcap_iac.safety.draft_log import UNKNOWN, Act, Stand, draft_state, lines
from redcap_iac.secret import Secret

NOW = datetime(2026, 3, 14, 15, 9)


class Log(Client):
    """A client that answers with a log: lines by when they were written, newest first."""

    def __init__(self, *rows: tuple[str, str], refused: bool = False) -> None:
        super().__init__(Connection("https://example.org/api/"), Secret("A" * 32))
        self.calls: list[Call] = []
        self._rows = rows
        self._refused = refused

    def send(self, call: Call) -> Answer:
        self.calls.append(call)
        if self._refused:
            raise RightsError("no Logging")
        begin = str(call.params.get("beginTime", ""))
        return Answer(
            tuple(
                {
                    "timestamp": when, "username": "amy", "action": "Manage/Design ",
                    "details": said, "record": "",
                }
                for when, said in self._rows
                if when >= begin
            )
        )  # fmt: skip


ENTER = "Enter draft mode"
REQUEST = "Request approval for production project modifications"
APPROVE = "Approve production project modifications"
REJECT = "Reject production project modifications"
REMOVE = "Remove production project modifications"


@pytest.mark.parametrize(
    ("said", "stand"),
    [
        ([], Stand.NONE),
        ([ENTER], Stand.DRAFTING),
        ([REQUEST, ENTER], Stand.REVIEW),
        ([APPROVE, REQUEST, ENTER], Stand.NONE),
        ([f"{APPROVE} (automatic)", ENTER], Stand.NONE),
        ([REJECT, REQUEST, ENTER], Stand.DRAFTING),
        ([REMOVE, REQUEST, ENTER], Stand.NONE),
        ([ENTER, APPROVE], Stand.DRAFTING),
        (["Upload data dictionary", ENTER], Stand.DRAFTING),
        (["Export Logging (API)", "Create project field"], Stand.NONE),
    ],
)
def test_the_newest_line_tells(said: list[str], stand: Stand) -> None:
    log = Log(*(("2026-03-14 10:00", one) for one in said))
    assert draft_state(log, NOW).stand is stand


def test_lines_say_who_when_and_whether_by_itself() -> None:
    rows = [
        {"timestamp": "2026-03-14 10:00", "username": "amy", "details": f"{APPROVE} (automatic)"}
    ]
    (line,) = lines(rows)
    assert (line.act, line.username, line.when) == (Act.APPROVED, "amy", "2026-03-14 10:00")
    assert line.is_automatic


def test_the_text_may_stand_in_the_action_as_well() -> None:
    (line,) = lines([{"action": ENTER, "details": None}])
    assert line.act is Act.ENTERED


def test_a_line_of_this_month_saves_reading_years() -> None:
    log = Log(("2026-03-10 10:00", ENTER))
    draft_state(log, NOW)
    assert len(log.calls) == 1


def test_an_old_draft_is_found() -> None:
    log = Log(("2020-01-01 10:00", ENTER))
    state = draft_state(log, NOW)
    assert (state.stand, len(log.calls)) == (Stand.DRAFTING, 3)
    assert "beginTime" not in log.calls[-1].params


def test_without_the_right_nothing_is_known() -> None:
    assert draft_state(Log(refused=True), NOW) is UNKNOWN
    assert not UNKNOWN.is_open
