"""One design in four shapes, what it is renamed to, and where its values have to be afterwards."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from tests.emulator.served import Project
from tests.end_to_end.study import Study

#: A stored value: record, event, instance, field, value.
Stored = tuple[str, str, int, str, str]
Manifest = dict[str, Any]

POSTAL: Manifest = {"type": "text", "label": "Postal code"}
RACES: Manifest = {
    "type": "checkbox", "label": "Races", "choices": {"a": "A", "-1": "None", "B2": "B"},
}  # fmt: skip
LEVEL: Manifest = {"type": "radio", "label": "Level", "choices": {"1": "Low", "2": "Mid"}}
BEFORE: Manifest = {
    "instruments": [
        {"instrument": "intake", "fields": {"record_id": {"type": "text", "label": "ID"}}},
        {
            "instrument": "visits",
            "fields": {
                "postal": POSTAL,
                "races": RACES,
                "level": {**LEVEL, "choices": {**LEVEL["choices"], "3": "High"}},
                "mood": {"type": "notes", "label": "Mood"},
            },
        },
    ]
}

#: Arms of every shape; `visits` stands for the instrument under whichever name it has.
SHAPES: Mapping[str, list[Manifest] | None] = {
    "classic": None,
    "two arms": [
        {
            "number": number,
            "name": name,
            "events": [
                {"name": "Base", "instruments": ["intake", "visits"]},
                {"name": "Late", "instruments": ["visits"]},
            ],
        }
        for number, name in ((1, "Drug"), (2, "Control"))
    ],
    "repeating instrument": [
        {
            "number": 1,
            "name": "Main",
            "events": [
                {
                    "name": "Base",
                    "instruments": ["intake", "visits"],
                    "repeat": {"visits": "[mood]"},
                },
                {"name": "Late", "instruments": ["visits"]},
            ],
        }
    ],
    "repeating event": [
        {
            "number": 1,
            "name": "Main",
            "events": [
                {"name": "Base", "instruments": ["intake", "visits"]},
                {"name": "Late", "instruments": ["visits"], "repeat": True},
            ],
        }
    ],
}
#: Events and instances that hold values in each shape: event, repeating instrument, instance.
PLACES: Mapping[str, list[tuple[str, str, str]]] = {
    "classic": [("", "", "")],
    "two arms": [("base_arm_1", "", ""), ("late_arm_1", "", ""), ("late_arm_2", "", "")],
    "repeating instrument": [
        ("base_arm_1", "visits", "1"), ("base_arm_1", "visits", "3"), ("late_arm_1", "", ""),
    ],
    "repeating event": [("base_arm_1", "", ""), ("late_arm_1", "", "1"), ("late_arm_1", "", "4")],
}  # fmt: skip


def before(shape: str) -> Manifest:
    """Return the first design in a shape."""
    return _shaped(deepcopy(BEFORE), shape, "visits")


def _shaped(manifest: Manifest, shape: str, name: str) -> Manifest:
    arms = SHAPES[shape]
    if arms is not None:
        text = json.dumps(arms).replace('"visits"', f'"{name}"')
        manifest["arms"] = json.loads(text)
    return manifest


def after(shape: str, *what: str) -> Manifest:
    """Return the design with some of `field`, `checkbox`, `recode`, `instrument` renamed."""
    manifest = deepcopy(BEFORE)
    visits: Manifest = manifest["instruments"][1]
    fields: Manifest = visits["fields"]
    if "field" in what:
        fields["zip_code"] = {**fields.pop("postal"), "renamed_from": "postal"}
    if "checkbox" in what:
        fields["origins"] = {**fields.pop("races"), "renamed_from": "races"}
    if "recode" in what:
        fields["level"] = {**LEVEL, "recode": {"3": "2"}}
    if "instrument" in what:
        visits |= {"instrument": "visit", "renamed_from": "visits"}
    return _shaped(manifest, shape, str(visits["instrument"]))


def expected(stored: set[Stored], *what: str) -> set[Stored]:
    """Return where values have to be afterwards."""
    return set(_moved(stored, what))


def _moved(stored: set[Stored], what: tuple[str, ...]) -> Iterator[Stored]:
    names = {
        **({"postal": "zip_code"} if "field" in what else {}),
        **({"races": "origins"} if "checkbox" in what else {}),
        **({"visits_complete": "visit_complete"} if "instrument" in what else {}),
    }
    for record, event, instance, field, value in stored:
        recoded = "recode" in what and (field, value) == ("level", "3")
        yield record, event, instance, names.get(field, field), "2" if recoded else value


def fill(project: Project, shape: str, records: int = 3) -> None:
    """Import values into every place of a shape."""
    rows: list[dict[str, str]] = []
    for number in range(records):
        for place, (event, form, instance) in enumerate(PLACES[shape]):
            seed = number * 7 + place
            row = {
                "record_id": str(number + 1),
                "postal": f"750{seed:02}",
                f"races___{('a', '_1', 'b2')[seed % 3]}": "1",
                "races___a": "1",
                "level": str(seed % 3 + 1),
                "mood": f'so, "so" {seed}\nand more',
                "visits_complete": str(seed % 3),
            }
            if event:
                row["redcap_event_name"] = event
            if instance:
                row |= {"redcap_repeat_instrument": form, "redcap_repeat_instance": instance}
            rows.append(row)
    answer = project.post("record", action="import", data=json.dumps(rows))
    assert answer.status_code == 200, answer.text


def stored(study: Study) -> set[Stored]:
    """Return every value in the emulator's own tables, record ids aside."""
    project = study.project
    with project.emulator.store.transaction() as db:
        rows = db.execute(
            "SELECT d.record, e.unique_name, d.instance, d.field_name, d.value FROM data d"
            " JOIN events e ON e.event_id = d.event_id"
            " WHERE d.project_id = ? AND d.field_name <> 'record_id'",
            (project.project_id,),
        ).fetchall()
    return {tuple(row) for row in rows}


def visible(study: Study) -> set[Stored]:
    """Return every value an export shows, record ids aside; the event is "" in a classic study."""
    rows = study.project.rows("record", type="eav")
    return {
        (
            row["record"], row.get("redcap_event_name", ""),
            int(row.get("redcap_repeat_instance") or 1), row["field_name"], row["value"],
        )
        for row in rows
        if row["field_name"] != "record_id"
    }  # fmt: skip


def lost(study: Study, was: set[Stored], *what: str) -> set[Stored]:
    """Return the values that are neither where they were nor where they are to be."""
    now = stored(study)
    return {one for one in was if one not in now and not expected({one}, *what) <= now}
