"""The proof of a package: the draft is what it should be, the live project has become it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.kinds.dictionary.normal import aspects
from redcap_iac.production.record import Record
from redcap_iac.production.schedule import Standing, standing
from redcap_iac.safety.draft_log import Act, DraftState, Stand
from redcap_iac.state import Live

#: Differences told one by one; the rest is counted.
_MOST = 200


class Verdict(StrEnum):
    """What a verification comes to; `EXIT_CODES` are those of the command."""

    PROVEN = "proven"
    DIFFERS = "differs"
    WAITING = "waiting"
    STALE = "stale"


EXIT_CODES: Mapping[Verdict, int] = {
    Verdict.PROVEN: 0,
    Verdict.DIFFERS: 1,
    Verdict.WAITING: 7,
    Verdict.STALE: 4,
}


@dataclass(frozen=True, slots=True)
class Verification:
    """A verdict, its sentence, what differs or is left one by one, what the log tells."""

    verdict: Verdict
    sentence: str
    details: tuple[str, ...] = ()
    log: tuple[str, ...] = ()
    advice: str = ""

    @property
    def exit_code(self) -> int:
        """The exit code of the verdict."""
        return EXIT_CODES[self.verdict]


def verify_draft(
    record: Record,
    wanted: Sequence[Field],
    draft: Sequence[Field],
    live: Live,
    fingerprint: Mapping[str, str],
    log: DraftState,
) -> Verification:
    """Hold a downloaded draft against the dictionary of the package, in normal form."""
    lines = tuple(told(log))
    if _moved(record, fingerprint):
        now = _fields(live)
        return Verification(
            Verdict.STALE,
            "The live dictionary is not the one this package was made from: the package is stale.",
            tuple(differences(wanted, now)),
            lines,
            "Make it again: redcap-iac package --draft FILE",
        )
    found = tuple(differences(wanted, draft))
    if found:
        return Verification(
            Verdict.DIFFERS,
            "The draft is not what the package holds.",
            found,
            lines,
            "Upload data_dictionary.csv of the package again, or merge the draft:"
            " redcap-iac package --draft FILE",
        )
    return Verification(
        Verdict.PROVEN,
        f"The draft is the package's dictionary, field by field ({len(wanted):,} fields).",
        (),
        lines,
        "Submit the changes for review in REDCap.",
    )


def verify_live(
    record: Record,
    wanted: Sequence[Field] | None,
    live: Live,
    fingerprint: Mapping[str, str],
    log: DraftState,
) -> Verification:
    """Tell whether the live project has become what the package says.

    `wanted` is the dictionary of the package, None when it brings none.
    """
    lines = tuple(told(log))
    left = tuple(differences(wanted, _fields(live))) if wanted is not None else ()
    parts = [(part.unit, standing(part, live.state)) for part in record.parts]
    foreign = tuple(_foreign(parts))
    if foreign or (left and _moved(record, fingerprint)):
        return Verification(
            Verdict.STALE,
            "The live project changed otherwise than this package says: the package is stale.",
            (*left, *foreign),
            lines,
            "Plan again, look at what was changed, then make the package again.",
        )
    undone = tuple(_undone(parts))
    if left:
        return Verification(
            Verdict.WAITING,
            f"The live dictionary is unchanged: {_STANDS[log.stand]}.",
            (*(f"still to come: {one}" for one in left), *undone),
            lines,
            _NEXT[log.stand],
        )
    if undone:
        return Verification(
            Verdict.WAITING,
            "The dictionary is as the package says; parts of the schedule are still to be made.",
            undone,
            lines,
            "CLICKS.md of the package says where.",
        )
    return Verification(
        Verdict.PROVEN,
        "The live project is as the package says.",
        (),
        lines,
        "`redcap-iac apply` does what was waiting for it, if anything.",
    )


_STANDS = {
    Stand.NONE: "no draft is open",
    Stand.DRAFTING: "the project is in Draft Mode, and nothing has been submitted",
    Stand.REVIEW: "the drafted changes await review",
    Stand.UNKNOWN: "where the draft stands is unknown without the Logging right",
}
_NEXT = {
    Stand.NONE: "Enter Draft Mode, upload the package's dictionary, submit it.",
    Stand.DRAFTING: "Upload the package's dictionary, prove it with --draft FILE, submit it.",
    Stand.REVIEW: "Wait for the administrator's decision.",
    Stand.UNKNOWN: "Look at the project's Online Designer.",
}


def differences(wanted: Sequence[Field], found: Sequence[Field]) -> Iterator[str]:
    """Yield what two dictionaries differ in, field by field, in normal form."""
    return _cut(list(_differences(wanted, found)))


def _differences(wanted: Sequence[Field], found: Sequence[Field]) -> Iterator[str]:
    there = {field.field_name: field for field in found}
    names = {field.field_name for field in wanted}
    for field in wanted:
        other = there.get(field.field_name)
        if other is None:
            yield f"field {field.field_name} is missing"
        else:
            yield from _columns(field, other)
    for field in found:
        if field.field_name not in names:
            yield f"field {field.field_name} is there and should not be"
    order = [field.field_name for field in wanted if field.field_name in there]
    if order != [field.field_name for field in found if field.field_name in names]:
        yield "the fields stand in another order"


def _columns(wanted: Field, found: Field) -> Iterator[str]:
    should, has = dict(aspects(wanted)), dict(aspects(found))
    for name in dict.fromkeys([*should, *has]):
        if should.get(name, "") != has.get(name, ""):
            yield (
                f"field {wanted.field_name}, {name}: {_short(has.get(name))}"
                f" instead of {_short(should.get(name))}"
            )


def _short(value: object) -> str:
    if not value:
        return "nothing"
    text = (
        " | ".join(f"{code}, {label}" for code, label in value)
        if isinstance(value, tuple)
        else str(value)
    )
    return f'"{text}"' if len(text) <= 120 else f'"{text[:120]}…"'


def _cut(lines: list[str]) -> Iterator[str]:
    yield from lines[:_MOST]
    if len(lines) > _MOST:
        yield f"and {len(lines) - _MOST:,} more"


def _foreign(parts: Sequence[tuple[str, Standing]]) -> Iterator[str]:
    for unit, found in parts:
        for one in found.foreign:
            yield f"{unit}: {one}, which the package knows nothing of"


def _undone(parts: Sequence[tuple[str, Standing]]) -> Iterator[str]:
    for unit, found in parts:
        for one in found.missing:
            yield f"still to be made: {one} ({unit})"
        for one in found.surplus:
            yield f"still to be taken away: {one} ({unit})"


def told(log: DraftState) -> Iterator[str]:
    """Yield what the log says of drafts, newest first, back to where the last one began."""
    if log.stand is Stand.UNKNOWN:
        yield "The log cannot be read: who did what, and when, is not known (Logging right)."
        return
    for line in log.lines:
        itself = ", automatically" if line.is_automatic else ""
        yield f"{line.when} {line.username or 'somebody'} {line.act}{itself}"
        if line.act is Act.ENTERED:
            return


def _moved(record: Record, fingerprint: Mapping[str, str]) -> bool:
    return record.fingerprint.get("fields") != fingerprint.get("fields")


def _fields(live: Live) -> tuple[Field, ...]:
    return tuple(one for one in live.state.kinds.get("fields", ()) if isinstance(one, Field))
