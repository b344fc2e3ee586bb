"""Very many questions: what is empty is found with few calls, what is not as exactly as ever."""

from __future__ import annotations

import json
from collections.abc import Collection

import pytest

from redcap_iac import workflow
from redcap_iac.hazard import ImpactMode
from redcap_iac.safety.hazards import Counts
from redcap_iac.safety.impact import count
from redcap_iac.safety.scene import Question
from tests.end_to_end.study import Study
from tests.end_to_end.watching import Watched
from tests.safety.holding import text

MANY = 320
QUESTIONS = [Question(f"[town] = 't{number}'", ("town",)) for number in range(MANY)]
FORM = {"instrument": "intake", "fields": {"record_id": text("ID"), "town": text("Town")}}


def asked(study: Study, towns: Collection[int], questions: list[Question]) -> tuple[Counts, int]:
    """Return the counts with a record in each of these towns, and the number of calls."""
    study.converge({"instruments": [FORM]})
    rows = [{"record_id": str(n + 1), "town": f"t{town}"} for n, town in enumerate(towns)]
    rows.append({"record_id": "99999", "town": "nowhere"})
    study.project.post("record", action="import", data=json.dumps(rows)).raise_for_status()
    live = workflow.read(study.session)
    client = Watched(study.project)
    counts = count(client, live, questions, ImpactMode.COUNTS)
    return counts, len(client.calls)


@pytest.mark.parametrize(
    ("towns", "most"),
    [
        pytest.param((), 6, id="none"),
        pytest.param((7,), 6 + 2 * 6 + 1, id="one"),
        pytest.param((0, 100, 319), 6 + 3 * (2 * 6 + 1), id="three"),
        pytest.param(range(0, MANY, 64), 6 + 5 * (2 * 6 + 1), id="one in each"),
        pytest.param(range(MANY), MANY + MANY // 20, id="all"),
    ],
)
def test_those_that_hold_something_are_found(
    study: Study, towns: Collection[int], most: int
) -> None:
    counts, calls = asked(study, towns, QUESTIONS)
    found = {number for number, one in enumerate(QUESTIONS) if counts[one].number == 1}
    assert found == set(towns)
    assert sum(counts[one].is_zero for one in QUESTIONS) == MANY - len(towns)
    assert calls <= most


def test_a_filter_that_is_refused_does_not_hide_the_others(study: Study) -> None:
    wrong = Question("[nothing] = '1'", ("town",))
    counts, _ = asked(study, (7,), [*QUESTIONS, wrong])
    assert counts[wrong].number is None
    assert [number for number, one in enumerate(QUESTIONS) if counts[one].number] == [7]
    assert sum(counts[one].is_zero for one in QUESTIONS) == MANY - 1
