"""H111: validation or range tightened, so that stored values would fail when edited."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from redcap_iac.findings import Finding
from redcap_iac.hazard import Answer, Count, Undoable, Voice
from redcap_iac.kinds.dictionary.field import VALIDATION, Field
from redcap_iac.kinds.dictionary.normal import ALIASES
from redcap_iac.logic import Expression, Reference
from redcap_iac.logic.tree import Call, Number, Prefix, Text
from redcap_iac.safety.field_changes import Altered, altered_or_renamed, counted
from redcap_iac.safety.hazards import Counts
from redcap_iac.safety.holding import all_of, any_of, asking, compared, holds_value, negated
from redcap_iac.safety.scene import Question, Scene, digest

#: Functions that tell whether a value is of a validation (knowledge base).
_TESTS = {"integer": "isinteger", "number": "isnumber"}
_NUMERIC = re.compile(r"integer|number(?:_[1-4]dp)?")
_DATED = re.compile(r"(date|datetime|datetime_seconds)_(?:ymd|mdy|dmy)")
_NUMBER = re.compile(r"(-?)(\d+(?:\.\d+)?)")
_MOMENTS = {
    "date": "%Y-%m-%d", "datetime": "%Y-%m-%d %H:%M", "datetime_seconds": "%Y-%m-%d %H:%M:%S",
}  # fmt: skip
#: A slider without bounds of its own goes from 0 to 100 (documented).
_SLIDER = ("0", "100")


def questions(scene: Scene) -> Iterator[Question]:
    """Ask how many records hold a value that would fail, where logic can say it."""
    for field in _tightened(scene):
        question = _failing(field)
        if question is not None:
            yield question


def found(scene: Scene, counts: Counts) -> Iterator[Finding]:
    """Note it: stored values stay, and fail when somebody edits them (inferred)."""
    for field in _tightened(scene):
        count = counted(counts, _failing(field))
        if not count.is_zero:
            yield _told(scene, field, count)


def _told(scene: Scene, field: Altered, count: Count) -> Finding:
    def sentence(voice: Voice) -> str:
        return (
            f"{field.name} would take less than before ({_said(field.after)}): values in"
            f" {voice.records(count)} would fail at their next edit."
        )

    return scene.hazard(
        "H111",
        digest(field.change),
        sentence,
        Answer.NOTE,
        Undoable.YES,
        address=field.change.address,
        count=count,
        advice="Look at those values first; they stay as they are until somebody edits them.",
        at=field.after.at,
    )


def _tightened(scene: Scene) -> Iterator[Altered]:
    for field in altered_or_renamed(scene):
        types = {field.before.field_type, field.after.field_type}
        if (types == {"text"} and (_is_narrower(field) or _has_closer_bounds(field))) or (
            types == {"slider"} and _has_closer_bounds(field)
        ):
            yield field


def validation(field: Field) -> str:
    """Return the validation of a text field by its present name."""
    text: str = getattr(field, VALIDATION).strip()
    return ALIASES.get(text, text)


def _is_narrower(field: Altered) -> bool:
    """Tell whether the new validation refuses anything the old one took."""
    before, after = validation(field.before), validation(field.after)
    if after in ("", before):
        return False
    old, new = _DATED.fullmatch(before), _DATED.fullmatch(after)
    if old and new and old[1] == new[1]:
        return False  # the order of a date is for the eye: it is stored one way (documented)
    return not (after == "number" and _NUMERIC.fullmatch(before))


def _bounds(field: Field) -> tuple[str, str]:
    least, most = field.text_validation_min.strip(), field.text_validation_max.strip()
    if field.field_type == "slider":
        return least or _SLIDER[0], most or _SLIDER[1]
    return least, most


def _has_closer_bounds(field: Altered) -> bool:
    """Tell whether a bound is new or nearer; what cannot be compared may be."""
    (old_least, old_most), (least, most) = _bounds(field.before), _bounds(field.after)
    return _is_closer(old_least, least, 1) or _is_closer(old_most, most, -1)


def _is_closer(before: str, after: str, sign: int) -> bool:
    if after in ("", before):
        return False
    if _NUMBER.fullmatch(before) and _NUMBER.fullmatch(after):
        return sign * float(after) > sign * float(before)
    old, new = _moment(before), _moment(after)
    if old is not None and new is not None:
        return new > old if sign > 0 else new < old
    return True


def _moment(text: str) -> datetime | None:
    for form in _MOMENTS.values():
        try:
            return datetime.strptime(text, form)
        except ValueError:
            continue
    return None


def _failing(field: Altered) -> Question | None:
    """Return the question how many values would fail, None where a filter cannot say it."""
    parts: list[Expression] = []
    after = validation(field.after)
    if field.after.field_type == "text" and _is_narrower(field):
        if after not in _TESTS:
            return None
        parts.append(negated(Call(_TESTS[after], (Reference(field.name),))))
    for bound, operator in zip(_bounds(field.after), ("<", ">"), strict=True):
        if bound:
            literal = _literal(bound, field.after)
            if literal is None:
                return None
            parts.append(compared(field.name, operator, literal))
    value, failing = holds_value(field.before), any_of(tuple(parts))
    if value is None or failing is None:
        return None
    return asking(all_of(value, failing), field.name)


def _literal(bound: str, field: Field) -> Expression | None:
    """Return a bound as a filter says it, None for `today`, a piped field or an odd validation."""
    kind = validation(field)
    if field.field_type == "slider" or _NUMERIC.fullmatch(kind):
        found = _NUMBER.fullmatch(bound)
        if found is None:
            return None
        number = Number(found[2])
        return Prefix("-", number) if found[1] else number
    return Text(bound) if _DATED.fullmatch(kind) and _moment(bound) is not None else None


def _said(field: Field) -> str:
    least, most = _bounds(field)
    said = [validation(field)] if field.field_type == "text" else ["slider"]
    said += [f"from {least}"] if least else []
    said += [f"to {most}"] if most else []
    return " ".join(part for part in said if part)
