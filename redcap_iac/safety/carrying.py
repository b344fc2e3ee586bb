"""What keeps values from being carried whole: looked for before anybody is asked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from redcap_iac.kinds.designations import KIND as DESIGNATIONS
from redcap_iac.kinds.dictionary.field import VALIDATION, Field
from redcap_iac.kinds.dictionary.hints import Followed, codes_of, copies, followed
from redcap_iac.kinds.people import folded
from redcap_iac.kinds.repeating import KIND as REPEATING
from redcap_iac.kinds.users import KIND as USERS
from redcap_iac.plan import Copy
from redcap_iac.safety.hazards import Counts
from redcap_iac.safety.holding import answered, held
from redcap_iac.safety.impact.sight import sees_all
from redcap_iac.safety.scene import Question, Scene

#: Validations under which a code is a value: what each takes is inferred from its meaning.
_NUMBERS = {"integer": r"[-+]?\d+", "int": r"[-+]?\d+"}
_NUMBERS |= dict.fromkeys(("number", "float"), r"[-+]?\d+([.]\d+)?")


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why values of a copy cannot be carried, and the question whether there are any such."""

    why: str
    question: Question | None

    def stands(self, counts: Counts) -> bool:
        """Tell whether it is in the way: unless it is sure that there are no such values."""
        return self.question is None or not counts[self.question].is_zero


@dataclass(frozen=True, slots=True)
class Carrying:
    """The copies of a plan and the fields at both ends."""

    scene: Scene
    hints: Followed
    copies: tuple[Copy, ...]

    @classmethod
    def of(cls, scene: Scene) -> Carrying:
        """Return what a plan carries."""
        desired, live = scene.difference.desired.state, scene.live.state
        hints = followed(desired, live)
        return cls(scene, hints, copies(hints, desired, live))

    def before(self, name: str) -> Field:
        """Return a live field; of a status one that stands for it."""
        return _found(self.scene.before("fields"), name)

    def after(self, name: str) -> Field:
        """Return a field as it will be; of a status one that stands for it."""
        return _found(self.scene.after("fields"), name)

    def question(self, copy: Copy) -> Question | None:
        """Return the question who holds anything that is copied."""
        return self.where_it_stays(held(self.before(copy.source)))

    def question_of_code(self, copy: Copy, code: str) -> Question | None:
        """Return the question who holds one code that is recoded."""
        return self.where_it_stays(answered(self.before(copy.source), code))

    def where_it_stays(self, question: Question | None) -> Question | None:
        """Return a question about the events that stay: what goes with an event is not carried."""
        after = {str(event.unique_name) for event in self.scene.after("events")}
        names = [str(event.unique_name) for event in self.scene.before("events")]
        staying = tuple(name for name in names if name in after)
        if len(staying) == len(names) or not self.scene.live.target.longitudinal:
            return question
        return _asked(question, events=staying)

    def obstacles(self, copy: Copy) -> Iterator[Obstacle]:
        """Yield what may keep the values of one copy from being carried."""
        old, new = self.before(copy.source), self.after(copy.target)
        question = self.question(copy)
        why = _types(old, new) or _codes(old, new, copy)
        if why:
            yield Obstacle(why, question)
        elif old.field_name != new.field_name:
            yield from _lost_codes(old, new, copy)
        yield from self._places(old, new, question)

    def _places(self, old: Field, new: Field, question: Question | None) -> Iterator[Obstacle]:
        """Yield events where the new instrument is not, or does not repeat as the old one does."""
        events = {item.unique_name for item in self.scene.after("events")}
        designated = self._designated()
        away = [
            str(item.event)
            for item in DESIGNATIONS.items(self.scene.live.state)
            if item.instrument == old.form_name and item.event in events
            if (item.event, new.form_name) not in designated
        ]
        if away:
            where = _asked(question, events=tuple(away))
            yield Obstacle(f"{new.form_name} will not be on {', '.join(away)}", where)
        for event in self._no_longer_repeating(old.form_name, new.form_name):
            beyond = _asked(
                question,
                events=(event,) if event else (),
                beyond_first=True,
                instrument=old.form_name,
            )
            on_it = f" on {event}" if event else ""
            yield Obstacle(f"{new.form_name} will not repeat{on_it}", beyond)

    def _designated(self) -> frozenset[tuple[object, str]]:
        names = self.hints.instruments
        return frozenset(
            (item.event, names.get(item.instrument, item.instrument))
            for item in self.scene.after("designations")
        )

    def _no_longer_repeating(self, old: str, new: str) -> Iterator[str]:
        names = self.hints.instruments
        will = {
            (item.event, names.get(item.instrument, item.instrument))
            for item in self.scene.after("repeating")
        }
        for item in REPEATING.items(self.scene.live.state):
            if item.instrument == old and not {(item.event, new), (item.event, "")} & will:
                yield str(item.event)

    def refusals(self) -> Iterator[str]:
        """Yield what keeps the whole of it from being carried, in sentences."""
        live = self.scene.live
        if not sees_all(live):
            yield (
                "Values cannot be carried by a user who may not see every record: in a data access"
                " group, or not known. Use a token of somebody in no group, named as `user:`."
            )
        hidden = self._not_exported()
        if hidden:
            yield (
                "Values cannot be carried without the full data export right on"
                f" {', '.join(hidden)}: the token's user does not see all of them."
            )
        if any(str(change.key) == "is_longitudinal" for change in self.scene.of("project")):
            yield (
                "Values cannot be carried while the project becomes longitudinal or classic:"
                " apply the one, then the other."
            )
        for event in self._both_ways():
            yield (
                f"Values cannot be carried while {event} changes between repeating as a whole and"
                " by instrument: apply the one, then the other."
            )
        if self.hints.instruments and live.target.status != "development":
            yield (
                "An instrument cannot be renamed with its values outside development: its status"
                " and its events would need several approvals. Keep the name and change the label."
            )
        for old, new in self.hints.instruments.items():
            left = [f.field_name for f in self.scene.after("fields") if f.form_name == old]
            if left:
                yield (
                    f"Instrument {old} cannot be renamed to {new} while fields nobody declares"
                    f" stay on it: {', '.join(left[:5])}. Declare them on {new}."
                )

    def _not_exported(self) -> tuple[str, ...]:
        """Return the instruments whose values the token's user surely does not see in full."""
        own = folded(self.scene.live.target.user)
        for user in USERS.items(self.scene.live.state):
            grants = user.effective or user.grants
            if folded(user.username) == own and grants is not None:
                levels = dict(grants.export)
                forms = dict.fromkeys(self.before(copy.source).form_name for copy in self.copies)
                return tuple(form for form in forms if levels.get(form, "none") != "full")
        return ()

    def _both_ways(self) -> Iterator[str]:
        live = _repeats(REPEATING.items(self.scene.live.state))
        will = _repeats(self.scene.after("repeating"))
        for event in dict.fromkeys((*live, *will)):
            kinds = {bool(name) for name in (*live.get(event, ()), *will.get(event, ()))}
            if event and len(kinds) == 2:
                yield event


def _found(fields: Iterable[Any], name: str) -> Field:
    form = name.removesuffix("_complete")
    known: list[Field] = list(fields)
    for field in known:
        if field.field_name == name:
            return field
    on_form = next((field.form_name for field in known if field.form_name == form), form)
    return Field(name, on_form, field_type="text")


def _types(old: Field, new: Field) -> str:
    """Return why values of one type cannot be values of another, "" where they may."""
    types = (old.field_type, new.field_type)
    if "file" in types:
        return "documents of file fields and signatures cannot be imported"
    if "checkbox" in types and types != ("checkbox", "checkbox"):
        return f"ticks are no single values ({old.field_type} to {new.field_type})"
    if new.field_type in ("calc", "descriptive"):
        return f"a field of type {new.field_type} takes no value"
    return ""


def _codes(old: Field, new: Field, copy: Copy) -> str:
    """Return why codes cannot stand beside each other for a while, "" where they may."""
    if copy.source != copy.target:
        return ""
    if codes_of(old) is None:
        bad = [code for _, code in copy.codes if not _takes(old, code)]
        return (
            f"{old.field_name} does not take {', '.join(bad)} before it has choices" if bad else ""
        )
    if new.field_type == "checkbox":
        spelt = {_column(code) for code, _ in codes_of(new) or ()}
        bad = [code for code, _ in copy.codes if _column(code) in spelt]
        return f"REDCap cannot tell {', '.join(bad)} from a new code" if bad else ""
    return ""


def _takes(field: Field, code: str) -> bool:
    """Tell whether a field of free values takes a code."""
    validation: str = getattr(field, VALIDATION)
    if field.field_type == "notes" or (field.field_type == "text" and not validation):
        return True
    if field.field_type == "slider":
        return code.isascii() and code.isdigit()
    pattern = _NUMBERS.get(validation) if field.field_type == "text" else None
    return pattern is not None and re.fullmatch(pattern, code) is not None


def _column(code: str) -> str:
    """Return a code as column names spell it: lower case, other signs `_` (recorded)."""
    return re.sub(r"[^a-z0-9_]", "_", code.lower())


def _lost_codes(old: Field, new: Field, copy: Copy) -> Iterator[Obstacle]:
    """Yield the codes that the new field would not take."""
    before, after = codes_of(old), codes_of(new)
    if before is None or after is None:
        return
    codes, known = dict(copy.codes), dict(after)
    for code, _ in before:
        if codes.get(code, code) not in known:
            why = f"{new.field_name} has no choice {codes.get(code, code)}; say in `recode` what"
            yield Obstacle(f"{why} {code} becomes", answered(old, code))


def _asked(question: Question | None, **where: Any) -> Question | None:  # noqa: ANN401 - its fields
    return None if question is None else replace(question, **where)


def _repeats(items: Iterable[Any]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for item in items:
        found[str(item.event)] = (*found.get(str(item.event), ()), item.instrument)
    return found
