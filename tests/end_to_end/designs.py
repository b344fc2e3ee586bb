"""Designs made up at random: manifests as plain data, valid by construction."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.end_to_end.people import access

Design = dict[str, Any]

LABELS = st.sampled_from(
    [
        "Age", "Größe in cm", "Do you smoke?", " spaced ", "a | b", 'say "hello"', "<b>bold</b>",
        "line\nbreak", "1, 2", "=SUM(A1)", "'quoted'", "trailing:", "# not a comment", "no", "01",
        "null", "ünï→cødé ✓", "tab\there", "a" * 300, "$(x) $1 \\n", "{1: a}", "[record_id]",
        "two\r\nlines", "-", "~", "&amp; <i>", "؟ سؤال", "\u00a0hard blank",
    ]
)  # fmt: skip
CODES = st.sampled_from(["0", "1", "2", "01", "-9", "a", "B", "9.5", "x_y"])
CHOICE_LABELS = st.sampled_from(["Yes", "No", "Don't know", "Über 90", "a, b", "", "1", "<i>x</i>"])
FIELD_NAMES = [f"f{number}" for number in range(9)]
FORMS = ["intake", "visit", "lab", "ae"]
EVENTS = ["Baseline", "Week 4", "Week 8", "Follow-up", "End & close"]
ARM_NUMBERS = st.sampled_from([[1], [1, 2], [1, 3], [2, 5], [3]])
UNITS = ["project", "fields", "arms", "events", "designations", "repeating", "dags", "roles",
         "users"]  # fmt: skip
SETTINGS: dict[str, st.SearchStrategy[object]] = {
    "notes": LABELS,
    "scheduling": st.booleans(),
    "surveys": st.booleans(),
    "autonumbering": st.booleans(),
    "irb_number": st.sampled_from(["2026-1", None]),
    "custom_record_label": st.sampled_from(["[f1]", None, "a | b"]),
    "purpose_other": st.sampled_from(["1,3", None]),
    "pi": st.fixed_dictionaries({}, optional={"first_name": st.sampled_from(["A", None])}),
}


def choices() -> st.SearchStrategy[dict[str, str]]:
    return st.dictionaries(CODES, CHOICE_LABELS, min_size=1, max_size=4).filter(
        lambda chosen: len({code.lower() for code in chosen}) == len(chosen)
    )


LOGIC = st.sampled_from(
    ["[record_id] <> ''", "[baseline_arm_1][record_id]  =  '1'",
     "[first-event-name][record_id] = ''", "datediff([record_id], 'today', 'd') > 1\nand 1=1"]
)  # fmt: skip


def _of_type(draw: st.DrawFn, kind: str) -> Design:
    """Return what the type takes, and only that."""
    made: Design = {}
    if kind in ("radio", "dropdown", "checkbox"):
        made["choices"] = draw(choices())
    if kind == "calc":
        made["calculation"] = draw(st.sampled_from(["1+1", "round([record_id], 1)", "if(1=1,2,3)"]))
    if kind == "sql":
        made["sql"] = "select value, label\nfrom somewhere"
    if kind == "dropdown" and draw(st.booleans()):
        made["autocomplete"] = True
    if kind == "text" and draw(st.booleans()):
        made["validation"] = draw(st.sampled_from(["integer", "number", "date_ymd", "email"]))
        if made["validation"] == "integer":
            made["min"], made["max"] = "0", "120"
    if kind == "slider":
        made["slider"] = {"left": "none", "right": "worst", "show_number": draw(st.booleans())}
    return made


@st.composite
def field(draw: st.DrawFn, *, sql: bool = False) -> Design:
    """One field of any type with what the type takes."""
    types = ["text", "notes", "radio", "dropdown", "checkbox", "yesno", "truefalse",
             "descriptive", "slider", "file", "calc", *(["sql"] if sql else [])]  # fmt: skip
    kind = draw(st.sampled_from(types))
    made: Design = {"type": kind, "label": draw(LABELS), **_of_type(draw, kind)}
    for key in ("identifier", "required"):
        if draw(st.booleans()):
            made[key] = True
    for key in ("note", "section"):
        if draw(st.integers(0, 2)) == 0:
            made[key] = draw(LABELS)
    for key, values in (
        ("annotation", st.just("@HIDDEN  @DEFAULT='1'")),
        ("branching", LOGIC),
        ("alignment", st.sampled_from(["RH", "LV", "RV"])),
        ("question_number", st.just("1a")),
    ):
        if draw(st.integers(0, 4)) == 0:
            made[key] = draw(values)
    return made


@st.composite
def matrix(draw: st.DrawFn) -> tuple[Design, Design]:
    """A matrix and a row of it."""
    kind = draw(st.sampled_from(["radio", "checkbox"]))
    block: Design = {"type": kind, "choices": draw(choices())}
    if draw(st.booleans()):
        block["section"] = draw(LABELS)
    if kind == "radio" and draw(st.booleans()):
        block["ranking"] = True
    return block, {"matrix": "grid", "label": draw(LABELS)}


@st.composite
def instruments(draw: st.DrawFn, *, sql: bool = False) -> list[Design]:
    """One to four forms in any order, the record id first."""
    forms = draw(st.lists(st.sampled_from(FORMS), min_size=1, max_size=4, unique=True))
    names = draw(st.permutations(FIELD_NAMES))
    gridded = draw(st.sampled_from([None, *forms]))
    made: list[Design] = []
    for number, form in enumerate(forms):
        own = names[number * 2 : number * 2 + draw(st.integers(1, 2))]
        fields = {name: draw(field(sql=sql)) for name in own}
        if number == 0:
            fields = {"record_id": {"type": "text", "label": "Record"}, **fields}
        one: Design = {"instrument": form, "fields": fields}
        if form == gridded:
            block, row = draw(matrix())
            one["matrices"] = {"grid": block}
            fields.update({f"grid_{n}": row for n in range(draw(st.integers(1, 3)))})
        made.append(one)
    return made


@st.composite
def arms(draw: st.DrawFn, forms: list[str]) -> list[Design]:
    """One or two arms, now and then with a single event or none."""
    made: list[Design] = []
    for number in draw(ARM_NUMBERS):
        names = draw(st.lists(st.sampled_from(EVENTS), min_size=1, max_size=4, unique=True))
        events = [draw(event(name, forms)) for name in names]
        made.append({"number": number, "name": draw(st.sampled_from(["A", "B"])), "events": events})
    made[0]["events"][0]["instruments"] = forms
    if draw(st.integers(0, 5)) == 0:
        made.append({"number": 9, "name": "Later"})
    return made


@st.composite
def event(draw: st.DrawFn, name: str, forms: list[str]) -> Design:
    """One event with some instruments, of which some repeat."""
    chosen = draw(st.lists(st.sampled_from(forms), max_size=len(forms), unique=True))
    made: Design = {"name": name, "instruments": chosen}
    repeat = draw(st.sampled_from(["none", "some", "whole", "list"]))
    if repeat == "whole":
        made["repeat"] = True
    elif repeat == "some" and chosen:
        made["repeat"] = {chosen[0]: draw(st.sampled_from(["", "[f1]"]))}
    elif repeat == "list" and chosen:
        made["repeat"] = chosen
    if draw(st.integers(0, 3)) == 0:
        made["custom_label"] = draw(st.sampled_from(["[f2]", " x, y "]))
    if draw(st.booleans()):
        made["day_offset"] = draw(st.sampled_from([0, 1, 28, 7.5, 28, 365]))
        if draw(st.booleans()):
            made["offset_min"], made["offset_max"] = 3, draw(st.sampled_from([0, 3, 14]))
    return made


def _without(made: Design, left_out: list[str]) -> Design:
    """Leave sections out: what is not declared is not managed."""
    kept = {name: part for name, part in made.items() if name not in left_out}
    for name in ("instruments", "repeat"):
        if f"events.{name}" in left_out:
            for arm in kept.get("arms", ()):
                for one in arm.get("events", ()):
                    one.pop(name, None)
    return kept


SECTIONS = ["project", "instruments", "arms", "repeat", "dags", "roles", "users",
            "events.instruments", "events.repeat"]  # fmt: skip


@st.composite
def designs(draw: st.DrawFn, *, partial: bool = False, sql: bool = False) -> Design:
    """A whole project: classic or longitudinal, with access; partial: sections and modes vary."""
    forms = draw(instruments(sql=sql))
    names = [form["instrument"] for form in forms]
    project: Design = {"title": draw(st.sampled_from(["One", "Two & more"])), "purpose": "research"}
    for key, values in SETTINGS.items():
        if draw(st.integers(0, 3)) == 0:
            project[key] = draw(values)
    made: Design = {"project": project, "instruments": forms, **draw(access(names))}
    if draw(st.integers(0, 2)):
        made["arms"] = draw(arms(names))
    else:
        project["longitudinal"] = False
        repeats = draw(st.lists(st.sampled_from(names), max_size=2, unique=True))
        made["repeat"] = dict.fromkeys(repeats, "[f1]")
    if partial:
        made["manage"] = draw(
            st.dictionaries(
                st.sampled_from(UNITS), st.sampled_from(["additive", "authoritative"]), max_size=4
            )
        )
        left_out = draw(st.lists(st.sampled_from(SECTIONS), max_size=3, unique=True))
        made = _without(made, left_out)
    return made
