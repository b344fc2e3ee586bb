"""What comes, in a few words: `text, zipcode, identifier`; `role Data entry, DAG Lyon`."""

from __future__ import annotations

from collections import Counter

from redcap_iac.changes import Value
from redcap_iac.plan import PlannedChange
from redcap_iac.views.printable import printable, shortened, told

#: Parts of a new field that are named by one word when they are there.
_FLAGS = frozenset({"identifier", "required", "signature", "autocomplete"})
#: What a part of a new visit, person or group is called; "" lets the value stand alone.
_CALLED = {
    "day offset": "day", "custom label": "label", "role": "role", "dag": "DAG",
    "expires": "expires", "expiration": "expires", "name": "", "value": "",
    "instance label": "label",
}  # fmt: skip
_MOST = 60


def words(change: PlannedChange) -> list[str]:
    """Return what a new object is, most important first."""
    parts = dict(change.after or ())
    if change.unit == "fields":
        return _field(parts)
    found = [
        word
        for name, value in parts.items()
        if value and not _is_plain(change, name, value) and (word := _word(name, value))
    ]
    if change.unit in ("dags", "roles"):
        found.insert(0, {"dags": "DAG", "roles": "role"}[change.unit])
    return found


def _field(parts: dict[str, Value]) -> list[str]:
    found = [_text(parts.get("type", ""))]
    if "validation" in parts:
        found.append(_text(parts["validation"]))
    choices = parts.get("choices")
    if isinstance(choices, tuple):
        found.append(f"{len(choices)} choice{'s' * (len(choices) != 1)}")
    found += [name for name in parts if name in _FLAGS and parts[name] == "yes"]
    return found


def _is_plain(change: PlannedChange, name: str, value: Value) -> bool:
    """Tell whether a part says nothing that the row's own name does not say."""
    if name in ("name", "label") and isinstance(value, str):
        return change.label == value or change.label.startswith(f"{value} (")
    if change.unit == "events":
        return name == "arm" or (name.startswith("offset") and value == "0")
    return False


def _word(name: str, value: Value) -> str:
    called = _CALLED.get(name, printable(name))
    if isinstance(value, str):
        return f"{called} {_text(value)}".strip()
    counts = Counter(level for _, level in value)
    if set(counts) <= {"yes", "true"}:
        shown = ", ".join(printable(thing) for thing, _ in value)
        return f"{called}: {shortened(shown, _MOST)}"
    return f"{called}: " + ", ".join(f"{told(level)} ({n})" for level, n in counts.most_common())


def _text(value: Value) -> str:
    return shortened(told(value), _MOST) if isinstance(value, str) else ""
