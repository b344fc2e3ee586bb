"""Ten thousand values over three events: quick enough to work with, by a wide margin."""

from __future__ import annotations

import json
from time import perf_counter

import pytest

from tests.emulator.designing import RECORD_ID, Row, field, sent
from tests.emulator.served import Project

RECORDS = 3334
EVENTS = ("event_1_arm_1", "event_2_arm_1", "event_3_arm_1")
#: Seconds; a slow machine needs about one.
PATIENCE = 10.0


@pytest.fixture
def study(longitudinal: Project) -> Project:
    """Three events with one form of thirty fields, one of them calculated."""
    sent(longitudinal, "event", [{"event_name": "Event 3", "arm_num": 1}])
    fields = [field(f"item_{number}") for number in range(30)]
    total = field("total", kind="calc", select_choices_or_calculations="[item_0] + 1")
    sent(longitudinal, "metadata", [RECORD_ID, *fields, total])
    mapping: list[Row] = [
        {"arm_num": 1, "unique_event_name": event, "form": "form_1"} for event in EVENTS
    ]
    sent(longitudinal, "formEventMapping", mapping)
    return longitudinal


def test_importing_and_filtering_ten_thousand_values_is_quick(study: Project) -> None:
    rows = [
        {"record_id": str(number), "redcap_event_name": event, "item_0": str(number)}
        for number in range(1, RECORDS + 1)
        for event in EVENTS
    ]
    began = perf_counter()
    response = study.post("record", "import", data=json.dumps(rows))
    imported = perf_counter()
    found = study.rows("record", filterLogic="[item_0] <> ''", fields=["record_id"])
    exported = perf_counter()
    assert (response.json(), len(found)) == ({"count": RECORDS}, len(rows))
    assert imported - began < PATIENCE
    assert exported - imported < PATIENCE
