"""A design where everything repeats that can, records made up at random, counts by the tables."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from hypothesis import strategies as st

from redcap_iac.emulator import admin
from tests.emulator.served import Project
from tests.end_to_end.study import Study

Row = dict[str, str]


def text(label: str, **more: object) -> dict[str, object]:
    return {"type": "text", "label": label, **more}


#: intake and extra stand alone, visit repeats in Week, and all of Open repeats.
DESIGN: dict[str, Any] = {
    "instruments": [
        {"instrument": "intake", "fields": {"record_id": text("ID"), "town": text("Town")}},
        {
            "instrument": "visit",
            "fields": {
                "mood": text("Mood"),
                "drugs": {"type": "checkbox", "label": "Drugs", "choices": {"1": "A", "2": "B"}},
            },
        },
        {"instrument": "extra", "fields": {"more": text("More"), "void": text("Void")}},
    ],
    "arms": [
        {
            "number": 1,
            "name": "One",
            "events": [
                {"name": "Base", "instruments": ["intake", "visit"]},
                {"name": "Week", "instruments": ["visit", "extra"], "repeat": ["visit"]},
                {"name": "Open", "instruments": ["visit", "extra"], "repeat": True},
            ],
        },
        {"number": 2, "name": "Two", "events": [{"name": "Base", "instruments": ["intake"]}]},
    ],
    "dags": ["Lyon", "Paris"],
}

_VALUE = st.sampled_from(["", "x", "0", "y z"])
_TICK = st.sampled_from(["", "0", "1"])
_INSTANCE = st.integers(1, 3).map(str)


def _row(event: str, repeat: dict[str, Any], **fields: st.SearchStrategy[str]) -> Any:  # noqa: ANN401
    fixed = {"redcap_event_name": st.just(event), **repeat}
    record = {"record_id": st.integers(1, 5).map(str)}
    return st.fixed_dictionaries({**record, **fixed, **fields})


_VISIT: dict[str, Any] = {"mood": _VALUE, "drugs___1": _TICK, "drugs___2": _TICK}
_EXTRA: dict[str, Any] = {"more": _VALUE, "void": st.just("")}
_GROUP = {"redcap_data_access_group": st.sampled_from(["", "lyon", "paris"])}


def rows() -> st.SearchStrategy[list[Row]]:
    """Rows of an import, as the design takes them."""
    none: dict[str, Any] = {}
    alone = {"redcap_repeat_instrument": st.just("visit"), "redcap_repeat_instance": _INSTANCE}
    whole = {"redcap_repeat_instrument": st.just(""), "redcap_repeat_instance": _INSTANCE}
    kinds = [
        _row("base_arm_1", none, town=_VALUE, **_VISIT, **_GROUP),
        _row("week_arm_1", alone, **_VISIT),
        _row("week_arm_1", none, **_EXTRA),
        _row("open_arm_1", whole, **_VISIT, **_EXTRA),
        _row("base_arm_2", none, town=_VALUE),
    ]
    return st.lists(st.one_of(kinds), max_size=12)


def fill(project: Project, made: Iterable[Mapping[str, str]]) -> None:
    """Empty a project of its records and import these rows."""
    with project.emulator.store.transaction() as db:
        for table in ("data", "records"):
            db.execute(f"DELETE FROM {table} WHERE project_id = ?", (project.project_id,))
    for row in made:
        project.post("record", action="import", data=json.dumps([row])).raise_for_status()


def stored(project: Project, counts: Callable[[str, Mapping[str, Any]], bool]) -> int:
    """Return how many records have a stored value that counts: event's unique name, the row."""
    tables = json.loads(admin.dump(project.emulator.store, project.project_id))
    names = {row["event_id"]: row["unique_name"] for row in tables["events"]}
    return len(
        {
            row["record"]
            for row in tables["data"]
            if row["value"] != "" and counts(names[row["event_id"]], row)
        }
    )


def in_group(project: Project, group: str) -> int:
    """Return how many records the tables have in a group, by its unique name."""
    tables = json.loads(admin.dump(project.emulator.store, project.project_id))
    ids = {row["unique_name"]: row["dag_id"] for row in tables["dags"]}
    return len({row["record"] for row in tables["records"] if row["dag_id"] == ids[group]})


def designed(study: Study) -> Study:
    """Return the study with the design applied."""
    study.converge(DESIGN)
    return study
