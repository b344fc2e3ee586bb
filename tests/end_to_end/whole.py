"""Two designs of one study; going from the first to the second touches every kind."""

from __future__ import annotations

from typing import Any

OWN_RIGHTS = {
    "design": True,
    "user_rights": "full",
    "data_access_groups": True,
    "logging": True,
    "record_create": True,
    "record_delete": True,
    "api_export": True,
    "api_import": True,
}
EVERYTHING: dict[str, Any] = {"instruments": {"*": "edit"}, "export": {"*": "full"}}
LOOKING: dict[str, Any] = {"instruments": {"*": "read_only"}, "export": {"*": "none"}}


def text(label: str) -> dict[str, str]:
    return {"type": "text", "label": label}


BEFORE: dict[str, Any] = {
    "manage": {"users": "authoritative"},
    "project": {"title": "Before", "notes": "first"},
    "instruments": [
        {
            "instrument": "intake",
            "fields": {"record_id": text("ID"), "start": text("Start"), "doomed": text("Doomed")},
        },
        {"instrument": "visit", "fields": {"mood": text("Mood")}},
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
            ],
        },
        {"number": 2, "name": "Other", "events": [{"name": "Baseline", "instruments": ["intake"]}]},
    ],
    "dags": ["Lyon", "Paris"],
    "roles": {
        "Data entry": {"rights": {"record_create": True}, **EVERYTHING},
        "Old role": {"rights": {"reports": True}, **LOOKING},
    },
    "users": {
        "jdoe": {"rights": OWN_RIGHTS, **EVERYTHING},
        "amy": {"role": "Data entry", "dag": "Lyon"},
        "bob": {"rights": {"reports": True}, "dag": "Paris", **LOOKING},
        "dan": {"role": "Old role"},
    },
}

AFTER: dict[str, Any] = {
    "manage": {"users": "authoritative"},
    "project": {"title": "After", "notes": "second", "scheduling": True},
    "instruments": [
        {
            "instrument": "intake",
            "fields": {"record_id": text("ID"), "start": text("Start of it"), "end": text("End")},
        },
        {"instrument": "visit", "fields": {"mood": text("Mood")}},
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
                    "instruments": ["visit"],
                    "repeat": {"visit": "[mood]!"},
                },
                {"name": "Week 8", "instruments": ["visit", "closing"]},
            ],
        }
    ],
    "dags": ["Lyon", "Nantes"],
    "roles": {
        "Data entry": {"rights": {"record_create": True, "reports": True}, **EVERYTHING},
        "Monitor": {"rights": {"reports": True}, **LOOKING},
    },
    "users": {
        "jdoe": {"rights": OWN_RIGHTS, **EVERYTHING},
        "amy": {"role": "Monitor", "dag": "Nantes"},
        "dan": {"rights": {"reports": True}, **LOOKING},
        "eve": {"role": "Data entry", "dag": "Lyon", "expires": "2027-12-31"},
    },
}
