"""The two designs of the campaign, its records, and where each value has to be afterwards.

Going from one to the other touches every kind, renames a field, a checkbox, an instrument and an
event, recodes a choice, and takes away a field, an instrument, an event and an arm. Two arms stay,
one event has a repeating instrument, one repeats as a whole; members of roles have rights of their
own underneath, which no export shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tests.end_to_end import whole
from tests.end_to_end.whole import text

#: A stored value: record, unique event name, instance, field, value.
Stored = tuple[str, str, int, str, str]

_RACES = {"type": "checkbox", "label": "Races", "choices": {"a": "A", "-1": "None", "B2": "B"}}
_LEVEL = {"type": "radio", "label": "Level"}
_LEVELS = {"1": "Low", "2": "Mid"}

BEFORE: dict[str, Any] = {
    **whole.BEFORE,
    "instruments": [
        whole.BEFORE["instruments"][0],
        {
            "instrument": "visit",
            "fields": {
                "mood": text("Mood"),
                "postal": text("Postal code"),
                "races": _RACES,
                "level": {**_LEVEL, "choices": {**_LEVELS, "3": "High"}},
            },
        },
        {"instrument": "extra", "fields": {"more": text("More")}},
    ],
    "arms": [
        {
            "number": 1,
            "name": "Main",
            "events": [
                {"name": "Baseline", "instruments": ["intake", "extra"]},
                {"name": "Week 4", "instruments": ["visit"], "repeat": {"visit": "[mood]"}},
                {"name": "Unscheduled", "instruments": ["visit"]},
                {"name": "Diary", "instruments": ["visit"], "repeat": True},
            ],
        },
        {
            "number": 2,
            "name": "Other",
            "events": [
                {"name": "Baseline", "instruments": ["intake"]},
                {"name": "Late", "instruments": ["visit"]},
            ],
        },
        {"number": 3, "name": "Third", "events": [{"name": "Once", "instruments": ["intake"]}]},
    ],
    "users": {
        **whole.BEFORE["users"],
        "gus": {"role": "Data entry", "dag": "Paris"},
        "fay": {"role": "Old role", "dag": "Paris"},
    },
}

AFTER: dict[str, Any] = {
    **whole.AFTER,
    "instruments": [
        whole.AFTER["instruments"][0],
        {
            "instrument": "call",
            "renamed_from": "visit",
            "fields": {
                "mood": text("Mood"),
                "zip_code": {**text("Postal code"), "renamed_from": "postal"},
                "origins": {**_RACES, "renamed_from": "races"},
                "level": {**_LEVEL, "choices": _LEVELS, "recode": {"3": "2"}},
            },
        },
        {"instrument": "closing", "fields": {"why": text("Why")}},
    ],
    "arms": [
        {
            "number": 1,
            "name": "Main arm",
            "events": [
                {"name": "Baseline", "instruments": ["intake"]},
                {
                    "name": "Week 5",
                    "renamed_from": "Week 4",
                    "instruments": ["call"],
                    "repeat": {"call": "[mood]!"},
                },
                {"name": "Week 8", "instruments": ["call", "closing"]},
                {"name": "Diary", "instruments": ["call"], "repeat": True},
            ],
        },
        {
            "number": 2,
            "name": "Other",
            "events": [
                {"name": "Baseline", "instruments": ["intake"]},
                {"name": "Late", "instruments": ["call"]},
            ],
        },
    ],
    "users": {
        **whole.AFTER["users"],
        "gus": {"role": "Monitor", "dag": "Lyon"},
        "fay": {"rights": {"reports": True}, "dag": "Lyon", **whole.LOOKING},
    },
}

#: Rights of their own that members of roles hold underneath.
OWN_RIGHTS: Mapping[str, Mapping[str, int]] = {
    "amy": {"design": 1, "user_rights": 1},
    "dan": {"design": 1, "record_delete": 1},
    "gus": {"user_rights": 1, "api_export": 1},
    "fay": {"record_delete": 1, "logging": 1},
}

_FIELDS = {"postal": "zip_code", "races": "origins", "visit_complete": "call_complete"}
_EVENTS = {"week_4_arm_1": "week_5_arm_1"}


def _places(number: int) -> Iterable[dict[str, str]]:
    """Yield where a record has values: one of three goes to arm 2."""
    if number % 3 == 2:
        yield {"redcap_event_name": "late_arm_2"}
        return
    for instance in ("1", "3"):
        yield {
            "redcap_event_name": "week_4_arm_1",
            "redcap_repeat_instrument": "visit",
            "redcap_repeat_instance": instance,
        }
    for instance in ("1", "2"):
        yield {
            "redcap_event_name": "diary_arm_1",
            "redcap_repeat_instrument": "",
            "redcap_repeat_instance": instance,
        }


def records(many: int = 7) -> list[dict[str, str]]:
    """Return the records: in both arms, over events and instances."""
    rows: list[dict[str, str]] = []
    for number in range(1, many + 1):
        arm = "2" if number % 3 == 2 else "1"
        baseline = {"record_id": str(number), "redcap_event_name": f"baseline_arm_{arm}"}
        rows.append({**baseline, "start": "Zanzibar" if number == 1 else f"day {number}"})
        for place, where in enumerate(_places(number)):
            seed = number * 5 + place
            rows.append(
                {
                    "record_id": str(number),
                    **where,
                    "mood": 'dull, "so"\n  and more' if seed % 2 else "0",
                    "postal": f"750{seed:02}",
                    "races___a": "1",
                    f"races___{('a', '_1', 'b2')[seed % 3]}": "1",
                    "level": str(seed % 3 + 1),
                    "visit_complete": str(seed % 3),
                }
            )
    rows.append({"record_id": "1", "redcap_event_name": "baseline_arm_1", "doomed": "x"})
    return rows


def moved(value: Stored) -> Stored:
    """Return where a value of the first design is to be in the second one."""
    record, event, instance, field, what = value
    if (field, what) == ("level", "3"):
        what = "2"
    return record, _EVENTS.get(event, event), instance, _FIELDS.get(field, field), what


def homes(value: Stored) -> Iterable[Stored]:
    """Yield every place a value may be in on the way: its event is renamed by itself."""
    record, event, instance, field, what = value
    _, _, _, new_field, new_what = moved(value)
    for at in {event, _EVENTS.get(event, event)}:
        yield record, at, instance, field, what
        yield record, at, instance, new_field, new_what
