"""Designs made up at random: manifests as plain data, valid by construction."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

Design = dict[str, Any]

LABELS = st.sampled_from(
    [
        "Age", "Größe in cm", "Do you smoke?", " spaced ", "a | b", 'say "hello"', "<b>bold</b>",
        "line\nbreak", "1, 2", "=SUM(A1)", "'quoted'", "trailing:", "# not a comment", "no", "01",
        "null", "ünï→cødé ✓", "tab\there", "a" * 300,
    ]
)  # fmt: skip
CODES = st.sampled_from(["0", "1", "2", "01", "-9", "a", "B", "9.5", "x_y"])
CHOICE_LABELS = st.sampled_from(["Yes", "No", "Don't know", "Über 90", "a, b", "", "1", "<i>x</i>"])
FIELD_NAMES = [f"f{number}" for number in range(9)]
FORMS = ["intake", "visit", "lab", "ae"]
EVENTS = ["Baseline", "Week 4", "Week 8", "Follow-up", "End & close"]
SITES = ["Boston", "Lyon", "São Paulo", "Site 4"]
ROLES = ["Data entry", "Monitor", "PI/Admin"]
USERS = ["reader", "writer_1", "m.keller", "svc"]


def choices() -> st.SearchStrategy[dict[str, str]]:
    return st.dictionaries(CODES, CHOICE_LABELS, min_size=1, max_size=4).filter(
        lambda chosen: len({code.lower() for code in chosen}) == len(chosen)
    )


@st.composite
def field(draw: st.DrawFn) -> Design:
    """One field of any type but sql and calc with what the type takes."""
    kind = draw(st.sampled_from(["text", "notes", "radio", "dropdown", "checkbox", "yesno",
                                 "truefalse", "descriptive", "slider", "file"]))  # fmt: skip
    made: Design = {"type": kind, "label": draw(LABELS)}
    if kind in ("radio", "dropdown", "checkbox"):
        made["choices"] = draw(choices())
    if kind == "text" and draw(st.booleans()):
        made["validation"] = draw(st.sampled_from(["integer", "number", "date_ymd", "email"]))
        if made["validation"] == "integer":
            made["min"], made["max"] = "0", "120"
    if kind == "slider":
        made["slider"] = {"left": "none", "right": "worst", "show_number": draw(st.booleans())}
    for key in ("identifier", "required"):
        if draw(st.booleans()):
            made[key] = True
    if draw(st.booleans()):
        made["note"] = draw(LABELS)
    if draw(st.integers(0, 3)) == 0:
        made["annotation"] = "@HIDDEN"
    if draw(st.integers(0, 3)) == 0:
        made["branching"] = "[record_id] <> ''"
    return made


@st.composite
def instruments(draw: st.DrawFn) -> list[Design]:
    """One to four forms in any order, the record id first."""
    forms = draw(st.lists(st.sampled_from(FORMS), min_size=1, max_size=4, unique=True))
    names = draw(st.permutations(FIELD_NAMES))
    made: list[Design] = []
    for number, form in enumerate(forms):
        own = names[number * 2 : number * 2 + draw(st.integers(1, 2))]
        fields = {name: draw(field()) for name in own}
        if number == 0:
            fields = {"record_id": {"type": "text", "label": "Record"}, **fields}
        made.append({"instrument": form, "fields": fields})
    return made


@st.composite
def arms(draw: st.DrawFn, forms: list[str]) -> list[Design]:
    """One or two arms with at least two events in all."""
    made: list[Design] = []
    for number in draw(st.sampled_from([[1], [1, 2], [1, 3]])):
        least = 2 if number == 1 else 1
        names = draw(st.lists(st.sampled_from(EVENTS), min_size=least, max_size=4, unique=True))
        events = [draw(event(name, forms)) for name in names]
        made.append({"number": number, "name": draw(st.sampled_from(["A", "B"])), "events": events})
    made[0]["events"][0]["instruments"] = forms
    return made


@st.composite
def event(draw: st.DrawFn, name: str, forms: list[str]) -> Design:
    """One event with some instruments, of which some repeat."""
    chosen = draw(st.lists(st.sampled_from(forms), max_size=len(forms), unique=True))
    made: Design = {"name": name, "instruments": chosen}
    repeat = draw(st.sampled_from(["none", "some", "whole"]))
    if repeat == "whole":
        made["repeat"] = True
    elif repeat == "some" and chosen:
        made["repeat"] = {chosen[0]: draw(st.sampled_from(["", "[f1]"]))}
    if draw(st.integers(0, 3)) == 0:
        made["custom_label"] = "[f2]"
    return made


@st.composite
def access(draw: st.DrawFn) -> Design:
    """DAGs, roles and users; a user has a role, or rights of their own."""
    sites = draw(st.lists(st.sampled_from(SITES), max_size=3, unique=True))
    roles = {
        name: {
            "rights": draw(st.fixed_dictionaries({}, optional={
                "record_create": st.booleans(), "reports": st.booleans(),
                "user_rights": st.sampled_from(["none", "read_only", "full"]),
                "lock_records": st.sampled_from(["none", "lock", "sign"]),
                "api_export": st.booleans(),
            })),
            "instruments": {"*": draw(st.sampled_from(["none", "read_only", "edit",
                                                       ["edit", "survey_responses"]]))},
            "export": {"*": draw(st.sampled_from(["none", "deidentified", "full"]))},
        }
        for name in draw(st.lists(st.sampled_from(ROLES), max_size=3, unique=True))
    }  # fmt: skip
    users: Design = {}
    for name in draw(st.lists(st.sampled_from(USERS), max_size=4, unique=True)):
        user: Design = {}
        if roles and draw(st.booleans()):
            user["role"] = draw(st.sampled_from(sorted(roles)))
        else:
            user["rights"] = {"reports": draw(st.booleans())}
            user["instruments"] = {"*": draw(st.sampled_from(["none", "edit"]))}
            user["export"] = {"*": "none"}
        user["dag"] = draw(st.sampled_from([None, *sites]))
        if draw(st.booleans()):
            user["expires"] = draw(st.sampled_from(["2027-12-31", None]))
        users[name] = user
    return {"dags": sites, "roles": roles, "users": users}


@st.composite
def designs(draw: st.DrawFn) -> Design:
    """A whole project: classic or longitudinal, with access."""
    forms = draw(instruments())
    names = [form["instrument"] for form in forms]
    made: Design = {
        "project": {"title": draw(st.sampled_from(["One", "Two & more"])), "purpose": "research"},
        "instruments": forms,
        **draw(access()),
    }
    if draw(st.booleans()):
        made["arms"] = draw(arms(names))
    else:
        made["project"]["longitudinal"] = False
        repeats = draw(st.lists(st.sampled_from(names), max_size=2, unique=True))
        made["repeat"] = dict.fromkeys(repeats, "[f1]")
    return made
