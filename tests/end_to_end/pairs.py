"""Two designs of one study made up at random: the second is the first after a few edits."""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass, field
from random import Random
from typing import Any

Design = dict[str, Any]

FORMS = ["intake", "visit", "lab", "ae"]
CODES = ["0", "1", "2", "3", "-9", "a", "B", "01"]
LABELS = [
    "Yes", "No", "Mild", "Severe", "Moderate pain", "Moderate pains", "Don't know", "<i>x</i>",
]  # fmt: skip
EVENTS = ["Baseline", "Week 4", "Week 8", "Follow-up"]
QUESTIONS = [
    "Age at visit", "Body height", "Do you smoke?", "Systolic pressure", "Haemoglobin", "Weight",
    "Allergies known", "Next of kin", "Site of pain", "Hours of sleep", "Current drugs", "Remarks",
    "Outcome", "Cause", "Travel abroad", "Diet",
]  # fmt: skip
TYPES = [
    "text", "text", "notes", "radio", "radio", "dropdown", "checkbox", "checkbox", "yesno",
    "truefalse", "slider", "calc", "file", "descriptive",
]  # fmt: skip


@dataclass(slots=True)
class Pair:
    """A design, what follows it, and what was said on the way about names and codes."""

    before: Design
    after: Design
    fields: dict[str, str] = field(default_factory=dict)
    forms: dict[str, str] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    edits: list[str] = field(default_factory=list)


def fields_of(design: Design) -> dict[str, tuple[str, Design]]:
    """Return every field with its form, in order."""
    return {
        name: (form["instrument"], one)
        for form in design["instruments"]
        for name, one in form["fields"].items()
    }


def id_field_of(design: Design) -> str:
    """Return the name of the record-id field: the first."""
    return next(iter(fields_of(design)))


def choices(chance: Random, least: int = 1) -> dict[str, str]:
    codes = chance.sample(CODES, chance.randint(least, 4))
    return {code: chance.choice(LABELS) for code in codes}


def made_field(chance: Random, kind: str) -> Design:
    made: Design = {"type": kind, "label": chance.choice(QUESTIONS)}
    if kind in ("radio", "dropdown", "checkbox"):
        made["choices"] = choices(chance)
    if kind == "calc":
        made["calculation"] = chance.choice(["1+1", "2*3", "round(7/2, 0)"])
    if kind == "text" and chance.random() < 0.5:
        made["validation"] = chance.choice(["integer", "number", "date_ymd"])
    return made


def logic(chance: Random, design: Design, form: str, own: str) -> str | None:
    """Return an expression about another field of the same form."""
    others = [
        (name, one)
        for name, (where, one) in fields_of(design).items()
        if where == form and name not in (own, "record_id")
        and one["type"] not in ("descriptive", "file")
    ]  # fmt: skip
    if not others:
        return None
    name, one = chance.choice(others)
    if one["type"] == "checkbox":
        return f"[{name}({chance.choice(list(one['choices']))})] = '1'"
    if "choices" in one:
        return f"[{name}] {chance.choice(['=', '<>'])} '{chance.choice(list(one['choices']))}'"
    return f"[{name}] {chance.choice(['=', '<>', '>'])} {chance.choice(['1', '5', chr(39) * 2])}"


def first_design(chance: Random) -> Design:
    """Return two to four forms, classic or longitudinal."""
    forms = FORMS[: chance.randint(2, 4)]
    number = 0
    instruments: list[Design] = []
    for form in forms:
        made: Design = {}
        for _ in range(chance.randint(1, 4)):
            made[f"f{number}"] = made_field(chance, chance.choice(TYPES))
            number += 1
        instruments.append({"instrument": form, "fields": made})
    record_id = {"record_id": {"type": "text", "label": "Record"}}
    instruments[0]["fields"] = {**record_id, **instruments[0]["fields"]}
    design: Design = {"instruments": instruments, "dags": ["Lyon", "Paris"]}
    for name, (form, one) in fields_of(design).items():
        if name != "record_id" and one["type"] != "calc" and chance.random() < 0.2:
            said = logic(chance, design, form, name)
            if said:
                one["branching"] = said
    if chance.random() < 0.25:
        design["project"] = {"longitudinal": False}
        repeating = [form for form in forms[1:] if chance.random() < 0.4]
        design["repeat"] = dict.fromkeys(repeating, "")
    else:
        design["arms"] = [arm(chance, number, forms) for number in range(1, chance.randint(2, 3))]
        if sum(len(one["events"]) for one in design["arms"]) == 1:
            design["arms"][0]["events"].append({"name": "Extra", "instruments": list(forms)})
    return design


def arm(chance: Random, number: int, forms: list[str]) -> Design:
    events = [event(chance, name, forms) for name in EVENTS[: chance.randint(1, 4)]]
    events[0]["instruments"] = list(forms)
    return {"number": number, "name": f"Arm {number}", "events": events}


def event(chance: Random, name: str, forms: list[str]) -> Design:
    made: Design = {"name": name, "instruments": [f for f in forms if chance.random() < 0.6]}
    kind = chance.random()
    if kind < 0.2:
        made["repeat"] = True
    elif kind < 0.5:
        made["repeat"] = [form for form in made["instruments"] if chance.random() < 0.6]
    if not made.get("repeat"):
        made.pop("repeat", None)
    return made


def made_pair(seed: int) -> Pair:
    """Return the pair of a seed: the same one for ever."""
    chance = Random(seed)
    before = first_design(chance)
    pair = Pair(before, deepcopy(before))
    edits = list(EDITS)
    for _ in range(chance.randint(1, 5)):
        edit = chance.choice(edits)
        if edit(chance, pair):
            pair.edits.append(edit.__name__)
    tidy(pair)
    return pair


def some_field(chance: Random, pair: Pair, *types: str) -> tuple[Design, str] | None:
    """Return the form that holds a field of the first design, and its name, hints left alone."""
    known = fields_of(pair.before)
    found = [
        (form, name)
        for form in pair.after["instruments"]
        for name, one in form["fields"].items()
        if name in known and name != "record_id" and (not types or one["type"] in types)
    ]
    return chance.choice(found) if found else None


def remove_field(chance: Random, pair: Pair) -> bool:
    found = some_field(chance, pair)
    if found is None or len(found[0]["fields"]) < 2:
        return False
    del found[0]["fields"][found[1]]
    return True


def rename_field(chance: Random, pair: Pair, *, say: bool = True) -> bool:
    found = some_field(chance, pair)
    if found is None:
        return False
    form, name = found
    new = f"{name}_new"
    form["fields"] = {(new if one == name else one): f for one, f in form["fields"].items()}
    if say:
        if form["fields"][new].pop("recode", None):
            pair.codes.pop(name)
        form["fields"][new]["renamed_from"] = name
        pair.fields[name] = new
        refer(pair, name, new)
    else:
        form["fields"][new].pop("recode", None)
        pair.codes.pop(name, None)
    return True


def rename_field_unsaid(chance: Random, pair: Pair) -> bool:
    return rename_field(chance, pair, say=False)


def refer(pair: Pair, old: str, new: str) -> None:
    for _, one in fields_of(pair.after).values():
        for key in ("branching", "calculation"):
            if key in one:
                one[key] = re.sub(rf"\[{old}(?=[\](])", f"[{new}", one[key])


def add_field(chance: Random, pair: Pair) -> bool:
    form = chance.choice(pair.after["instruments"])
    name = f"n{chance.randint(0, 99)}"
    form["fields"][name] = made_field(chance, chance.choice(TYPES))
    return True


def remove_form(chance: Random, pair: Pair) -> bool:
    if len(pair.after["instruments"]) < 2:
        return False
    gone = chance.choice(pair.after["instruments"][1:])
    pair.after["instruments"].remove(gone)
    name = gone["instrument"]
    pair.forms = {old: new for old, new in pair.forms.items() if new != name}
    for one in events_of(pair.after):
        one["instruments"] = [form for form in one["instruments"] if form != name]
        if isinstance(one.get("repeat"), list):
            one["repeat"] = [form for form in one["repeat"] if form != name]
    pair.after.get("repeat", {}).pop(name, None)
    return True


def rename_form(chance: Random, pair: Pair) -> bool:
    form = chance.choice(pair.after["instruments"])
    old = form["instrument"]
    if old not in FORMS:
        return False
    new = f"{old}_again"
    form |= {"instrument": new, "renamed_from": old}
    pair.forms[old] = new
    for one in events_of(pair.after):
        one["instruments"] = [new if form == old else form for form in one["instruments"]]
        if isinstance(one.get("repeat"), list):
            one["repeat"] = [new if form == old else form for form in one["repeat"]]
    repeat = pair.after.get("repeat", {})
    if old in repeat:
        repeat[new] = repeat.pop(old)
    return True


def move_field(chance: Random, pair: Pair) -> bool:
    found = some_field(chance, pair)
    if found is None or len(found[0]["fields"]) < 2:
        return False
    form, name = found
    other = chance.choice(pair.after["instruments"])
    if other is form:
        return False
    other["fields"][name] = form["fields"].pop(name)
    return True


def remove_choice(chance: Random, pair: Pair) -> bool:
    found = some_field(chance, pair, "radio", "dropdown", "checkbox")
    if found is None:
        return False
    one = found[0]["fields"][found[1]]
    if len(one["choices"]) < 2:
        return False
    code = chance.choice(list(one["choices"]))
    del one["choices"][code]
    return True


def relabel_choice(chance: Random, pair: Pair) -> bool:
    found = some_field(chance, pair, "radio", "dropdown", "checkbox")
    if found is None:
        return False
    given = found[0]["fields"][found[1]]["choices"]
    given[chance.choice(list(given))] = chance.choice(LABELS)
    return True


def change_code(chance: Random, pair: Pair) -> bool:
    found = some_field(chance, pair, "radio", "dropdown", "checkbox")
    if found is None:
        return False
    one = found[0]["fields"][found[1]]
    old = chance.choice(list(one["choices"]))
    one["choices"] = {("7" if c == old else c): label for c, label in one["choices"].items()}
    return True


def recode_choice(chance: Random, pair: Pair) -> bool:
    found = some_field(chance, pair, "radio", "dropdown", "checkbox")
    if found is None or found[1] in pair.codes:
        return False
    one = found[0]["fields"][found[1]]
    old = chance.choice(list(one["choices"]))
    if old not in fields_of(pair.before)[found[1]][1].get("choices", {}):
        return False
    label = one["choices"].pop(old)
    rest = list(one["choices"])
    new = chance.choice(rest) if rest and chance.random() < 0.5 else "8"
    one["choices"].setdefault(new, label)
    one["recode"] = {old: new}
    pair.codes[found[1]] = {old: new}
    return True


def change_type(chance: Random, pair: Pair) -> bool:
    found = some_field(chance, pair)
    if found is None:
        return False
    form, name = found
    old = form["fields"][name]
    kinds = ["text", "notes", "radio", "dropdown", "yesno", "truefalse", "slider"]
    if chance.random() < 0.3:  # seldom, as most of these are refused
        kinds = ["checkbox", "calc", "descriptive"]
    kind = chance.choice(kinds)
    new = made_field(chance, kind)
    if "choices" in old and "choices" in new and chance.random() < 0.7:
        new["choices"] = old["choices"]
    form["fields"][name] = {**new, "label": old["label"]}
    pair.codes.pop(name, None)
    return True


def change_branching(chance: Random, pair: Pair) -> bool:
    found = some_field(chance, pair)
    if found is None:
        return False
    said = logic(chance, pair.after, found[0]["instrument"], found[1])
    if said:
        found[0]["fields"][found[1]]["branching"] = said
    return bool(said)


def change_calculation(chance: Random, pair: Pair) -> bool:
    found = some_field(chance, pair, "calc")
    if found is None:
        return False
    found[0]["fields"][found[1]]["calculation"] = chance.choice(["1+1", "2+2", "3*3"])
    return True


def tighten(chance: Random, pair: Pair) -> bool:
    found = some_field(chance, pair, "text")
    if found is None:
        return False
    one = found[0]["fields"][found[1]]
    one["validation"] = chance.choice(["integer", "number"])
    if chance.random() < 0.5:
        one["min"], one["max"] = "2", "50"
    return True


def reorder(chance: Random, pair: Pair) -> bool:
    form = chance.choice(pair.after["instruments"])
    names = [name for name in form["fields"] if name != "record_id"]
    first = {name: one for name, one in form["fields"].items() if name == "record_id"}
    chance.shuffle(names)
    form["fields"] = {**first, **{name: form["fields"][name] for name in names}}
    return True


def relabel_field(chance: Random, pair: Pair) -> bool:
    found = some_field(chance, pair)
    if found is None:
        return False
    found[0]["fields"][found[1]]["label"] = chance.choice(QUESTIONS)
    return True


def events_of(design: Design) -> list[Design]:
    return [one for part in design.get("arms", ()) for one in part["events"]]


def some_event(chance: Random, pair: Pair) -> tuple[Design, Design] | None:
    found = [(part, one) for part in pair.after.get("arms", ()) for one in part["events"]]
    return chance.choice(found) if found else None


def remove_event(chance: Random, pair: Pair) -> bool:
    found = some_event(chance, pair)
    if found is None or len(events_of(pair.after)) < 3 or len(found[0]["events"]) < 2:
        return False
    found[0]["events"].remove(found[1])
    return True


def rename_event(chance: Random, pair: Pair) -> bool:
    found = some_event(chance, pair)
    if found is None or found[1]["name"] not in EVENTS:
        return False
    if "renamed_from" not in found[1]:
        found[1]["renamed_from"] = found[1]["name"]
    found[1]["name"] += " bis"
    return True


def rename_event_unsaid(chance: Random, pair: Pair) -> bool:
    found = some_event(chance, pair)
    if found is None or "renamed_from" in found[1]:
        return False
    found[1]["name"] += " ter"
    return True


def remove_arm(chance: Random, pair: Pair) -> bool:
    arms = pair.after.get("arms", [])
    if len(arms) < 2:
        return False
    rest = [one for one in arms if one is not chance.choice(arms)]
    if not 1 <= len(rest) < len(arms) or sum(len(one["events"]) for one in rest) < 2:
        return False
    pair.after["arms"] = rest
    return True


def add_event(chance: Random, pair: Pair) -> bool:
    found = some_event(chance, pair)
    if found is None or any(one["name"] == "Added" for one in found[0]["events"]):
        return False
    forms = [form["instrument"] for form in pair.after["instruments"]]
    found[0]["events"].append(event(chance, "Added", forms))
    return True


def designate(chance: Random, pair: Pair) -> bool:
    """Put a form on an event, or take it off."""
    found = some_event(chance, pair)
    if found is None:
        return False
    one = found[1]
    form = chance.choice(pair.after["instruments"])["instrument"]
    if form in one["instruments"]:
        one["instruments"].remove(form)
        if isinstance(one.get("repeat"), list) and form in one["repeat"]:
            one["repeat"].remove(form)
    else:
        one["instruments"].append(form)
    return True


def repeat(chance: Random, pair: Pair) -> bool:
    """Let something repeat that did not, or no longer."""
    forms = [form["instrument"] for form in pair.after["instruments"][1:]]
    found = some_event(chance, pair)
    if found is None:
        form = chance.choice(forms) if forms else None
        setup: dict[str, str] = pair.after.setdefault("repeat", {})
        if form is None or setup.pop(form, None) is not None:
            return form is not None
        setup[form] = ""
        return True
    one = found[1]
    if one.get("repeat") and chance.random() < 0.7:
        del one["repeat"]
    else:
        some = chance.sample(one["instruments"], min(1, len(one["instruments"])))
        one["repeat"] = chance.choice([True, some])
    return True


def classic(chance: Random, pair: Pair) -> bool:
    if "arms" not in pair.after or chance.random() < 0.6:
        return False
    del pair.after["arms"]
    pair.after["project"] = {"longitudinal": False}
    return True


def longitudinal(chance: Random, pair: Pair) -> bool:
    if "arms" in pair.after or chance.random() < 0.6:
        return False
    forms = [form["instrument"] for form in pair.after["instruments"]]
    pair.after.pop("repeat", None)
    pair.after.pop("project", None)
    made = arm(chance, 1, forms)
    made["events"].append({"name": "Last", "instruments": forms})
    pair.after["arms"] = [made]
    return True


EDITS = (
    remove_field, rename_field, rename_field_unsaid, add_field, remove_form, rename_form,
    move_field, remove_choice, remove_choice, relabel_choice, change_code, recode_choice,
    change_type, change_branching, change_branching, change_calculation, tighten, reorder,
    relabel_field, remove_event, rename_event, rename_event_unsaid, remove_arm, add_event,
    designate, designate, repeat, repeat, classic, longitudinal,
)  # fmt: skip


def tidy(pair: Pair) -> None:
    """Leave out logic that names what is no more, and hints that fit nothing."""
    there = fields_of(pair.after)
    for one in events_of(pair.after):
        if isinstance(one.get("repeat"), list):
            one["repeat"] = [form for form in one["repeat"] if form in one["instruments"]]
        if not one.get("repeat"):
            one.pop("repeat", None)
    for _, one in there.values():
        if not all(_means(there, *found) for found in _named(one.get("branching", ""))):
            del one["branching"]
    pair.fields = {old: new for old, new in pair.fields.items() if new in there}
    known = set(there) | set(pair.fields)
    pair.codes = {name: codes for name, codes in pair.codes.items() if name in known}
    for name, codes in list(pair.codes.items()):
        one = there[pair.fields.get(name, name)][1]
        if not all(new in one.get("choices", {}) for new in codes.values()):
            one.pop("recode", None)
            del pair.codes[name]


def _named(text: str) -> list[tuple[str, str]]:
    return re.findall(r"\[(\w+)(?:\(([^)]*)\))?\]", text)


def _means(there: dict[str, tuple[str, Design]], name: str, code: str) -> bool:
    if name not in there:
        return False
    one = there[name][1]
    if (one["type"] == "checkbox") != bool(code) or one["type"] in ("descriptive", "file"):
        return False
    return not code or code in one["choices"]
