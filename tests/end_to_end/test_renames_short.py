"""A server that answers short, always the same: equal answers do not prove that all is there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from redcap_iac import workflow
from redcap_iac.answers import Answer
from redcap_iac.calls import Call
from tests.end_to_end.renaming import SHAPES, after, before, fill, stored
from tests.end_to_end.study import Silent, Study, everything
from tests.end_to_end.watching import Watched, session


def _no_names(call: Call, answer: Answer) -> Answer:
    is_list = call.params["type"] == "flat" and "records" not in call.params
    return replace(answer, rows=()) if is_list else answer


def _values_up_to(part: Callable[[int], int]) -> Callable[[Call, Answer], Answer]:
    def shortened(call: Call, answer: Answer) -> Answer:
        if call.params["type"] != "eav":
            return answer
        return replace(answer, rows=answer.rows[: part(len(answer.rows))])

    return shortened


SHORT: dict[str, Callable[[Call, Answer], Answer]] = {
    "no names of records": _no_names,
    "no values": _values_up_to(lambda _: 0),
    "some values": _values_up_to(lambda _: 4),
    "half of the values": _values_up_to(lambda rows: rows // 2),
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("short", SHORT)
def test_exports_that_come_back_short_every_time_drop_nothing(
    study: Study, shape: str, short: str
) -> None:
    study.converge(before(shape))
    fill(study.project, shape)
    was = stored(study)
    goal = study.declare(after(shape, "field", "checkbox"))
    planned = study.plan(goal)

    def answered(call: Call, answer: Answer) -> Answer:
        is_plain = (call.content, call.action) == ("record", "export")
        if not is_plain or "filterLogic" in call.params:
            return answer
        return SHORT[short](call, answer)

    client = Watched(study.project, after=answered)
    applied = workflow.apply(session(study, client), goal, planned, Silent(), answers=everything())
    assert applied.outcomes[-1].error is not None
    assert was <= stored(study)
