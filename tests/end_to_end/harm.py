"""What an apply did to stored values, against what its plan had said it would."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

from redcap_iac.findings import Finding
from redcap_iac.hazard import Count
from redcap_iac.plan import Plan
from tests.end_to_end.pairs import Design, Pair, fields_of, id_field_of
from tests.end_to_end.recording import Contents, Value

IMPLICIT = {
    "yesno": {"1": "Yes", "0": "No"},
    "truefalse": {"1": "True", "0": "False"},
}
CHOSEN = frozenset({"radio", "dropdown", "yesno", "truefalse"})
#: Hazards that say of an exact number of records that what they hold is lost.
LOSING = ("H101", "H102", "H105", "H114")


@dataclass(frozen=True, slots=True)
class Harm:
    """One value that is not what it was, and the hazards any of which may have said so."""

    value: Value
    what: str
    told_by: tuple[tuple[str, str], ...]


class Truth:
    """What happened to a project between two designs."""

    def __init__(self, pair: Pair, before: Contents, after: Contents) -> None:
        self._pair = pair
        self._before, self._after = before, after
        self._old, self._new = fields_of(pair.before), fields_of(pair.after)
        self._id_field = id_field_of(pair.before)
        self._still = [form["instrument"] for form in pair.after["instruments"]]

    def harms(self) -> Iterator[Harm]:
        """Yield every value that was shown and is gone, hidden, or of another meaning."""
        ids = {(v.record, v.event, v.instance, v.field, v.value) for v in self._after.stored}
        shown = {(v.record, v.event, v.instance, v.field, v.value) for v in self._after.shown}
        for value in sorted(self._before.shown, key=repr):
            for_now = self._carried(value)
            if value.event not in self._after.events:
                yield Harm(value, "gone", tuple(self._gone(value)))
            elif value.field == self._id_field:
                continue  # the name of the record, not a value of one place
            elif value.field.endswith("_complete") and value.value == "0":
                continue  # nobody gave it: REDCap does, with the first value
            elif for_now not in ids:
                yield Harm(value, "gone", tuple(self._gone(value)))
            elif for_now not in shown:
                yield Harm(value, "hidden", tuple(self._hidden(value)))
            else:
                yield from self._another(value)

    def _carried(self, value: Value) -> tuple[str, int, int, str, str]:
        """Return where a value is to be found afterwards, by what was said of names and codes."""
        pair = self._pair
        field = pair.fields.get(value.field, value.field)
        if value.field.endswith("_complete"):
            form = value.field.removesuffix("_complete")
            field = f"{pair.forms.get(form, form)}_complete"
        code = pair.codes.get(value.field, {}).get(value.value, value.value)
        return value.record, value.event, value.instance, field, code

    def _form(self, field: str) -> str:
        return self._old[field][0] if field in self._old else field.removesuffix("_complete")

    def _event_gone(self, value: Value) -> tuple[tuple[str, str], ...]:
        arm, name, _ = self._before.events[value.event]
        return ("H114", f"event/{arm}/{quote(name, safe=' ')}"), ("H114", f"arm/{arm}")

    def _gone(self, value: Value) -> Iterator[tuple[str, str]]:
        if value.event not in self._after.events:
            yield from self._event_gone(value)
        if value.field == self._id_field:
            return
        form = self._form(value.field)
        new = self._pair.forms.get(form, form)
        field = self._pair.fields.get(value.field, value.field)
        if value.field not in self._old:  # a status
            yield "H102", f"instrument/{form}"
            yield "H110", f"instrument/{form}"
            return
        if field not in self._new:
            yield "H101", f"field/{value.field}"
            if new not in self._still:
                yield "H102", f"instrument/{form}"
            return
        kinds = self._old[value.field][1]["type"], self._new[field][1]["type"]
        if kinds == ("checkbox", "checkbox"):
            yield "H105", f"choice/{field}/{value.value}"
        if kinds[0] != kinds[1]:
            yield "H108", f"field/{field}"
        if kinds == ("calc", "calc"):
            yield "H112", f"field/{field}"

    def _hidden(self, value: Value) -> Iterator[tuple[str, str]]:
        form = self._form(value.field)
        _, _, unique = self._before.events[value.event]
        yield "H117", "project/longitudinal"
        yield "H115", f"designation/{unique}/{form}"
        for first in self._taking_over():
            yield "H115", f"designation/1%2F{quote(first, safe=' ')}/{form}"
        yield "H116", f"repeat/{unique}/{form}"
        yield "H116", f"repeat/{unique}"
        yield "H116", f"repeat/{form}"
        yield "H110", f"field/{self._pair.fields.get(value.field, value.field)}"
        yield "H110", f"instrument/{form}"

    def _taking_over(self) -> list[str]:
        """Return the name of the event that gets what a classic project holds, if it gets one."""
        if "arms" in self._pair.before:
            return []
        arms = [arm for arm in self._pair.after.get("arms", ()) if arm["number"] == 1]
        return [str(event["name"]) for arm in arms for event in arm["events"][:1]]

    def _another(self, value: Value) -> Iterator[Harm]:
        """Yield a value whose code now stands for something else, or for nothing."""
        field = self._pair.fields.get(value.field, value.field)
        if value.field not in self._old or value.value in self._pair.codes.get(value.field, {}):
            return
        old, new = self._old[value.field][1], self._new[field][1]
        was, will = _choices(old), _choices(new)
        address = f"choice/{field}/{value.value}"
        if old["type"] in CHOSEN and new["type"] not in CHOSEN:
            yield Harm(value, "no choice", (("H108", f"field/{field}"),))
        elif old["type"] != new["type"] and old["type"] not in CHOSEN | {"text", "calc"}:
            yield Harm(value, "another type", (("H108", f"field/{field}"),))
        elif value.value in was and value.value not in will:
            yield Harm(value, "no label", (("H104", address), ("H107", address)))
        elif (
            value.value in was
            and was[value.value] != will[value.value]
            and {was[value.value], will[value.value]} not in ({"Yes", "True"}, {"No", "False"})
        ):
            yield Harm(value, "another label", (("H106", address),))


def _choices(field: Design) -> dict[str, str]:
    given: dict[str, str] = field.get("choices", IMPLICIT.get(field["type"], {}))
    return {code: label.strip() for code, label in given.items()}


def untold(plan: Plan, harms: Iterable[Harm]) -> list[str]:
    """Return the harms that no hazard of the plan tells, or that one tells as none."""
    told: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in plan.findings:
        told[finding.code, finding.address].append(finding)
    missing = []
    for harm in harms:
        found = [one for key in harm.told_by for one in told[key]]
        if not any(_may_be(one) for one in found):
            missing.append(f"{harm.what}: {harm.value} by {harm.told_by}")
    return missing


def _may_be(finding: Finding) -> bool:
    """Tell whether a hazard leaves room for a record that is hurt."""
    count = None if finding.stake is None else finding.stake.count
    return finding.stake is not None and (
        count is None or count.number is None or count.at_least or count.number > 0
    )


def misjudged(plan: Plan, harms: Iterable[Harm]) -> list[str]:
    """Return the hazards whose number is too low, or that say more is lost than was.

    A value that several hazards of the plan may have told proves none of them too low.
    """
    told = {(finding.code, finding.address) for finding in plan.findings}
    surely: dict[tuple[str, str], set[str]] = defaultdict(set)
    maybe: dict[tuple[str, str], set[str]] = defaultdict(set)
    for harm in harms:
        keys = [key for key in harm.told_by if key in told]
        for key in keys:
            maybe[key].add(harm.value.record)
        if len(keys) == 1:
            surely[keys[0]].add(harm.value.record)
    wrong = []
    for finding in plan.findings:
        count: Count | None = None if finding.stake is None else finding.stake.count
        if count is None or count.number is None:
            continue
        really, lost = (len(by[finding.code, finding.address]) for by in (surely, maybe))
        if finding.code in HOLDING and not count.at_least and count.number < really:
            wrong.append(f"{finding.code} {finding.address}: {count.number}, really {really}")
        if finding.code in LOSING and count.number > lost:
            wrong.append(f"{finding.code} {finding.address}: {count.number}, lost {lost}")
    return wrong


HOLDING = frozenset({
    "H101", "H102", "H104", "H105", "H106", "H107", "H108", "H112", "H114", "H115", "H116", "H117",
})  # fmt: skip
