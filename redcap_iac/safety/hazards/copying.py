"""H151: values are written, to rename a field or an instrument, or to recode a choice.

What cannot be carried whole is refused before anybody is asked; what cannot be carried at all is
told with it. Facts about what stays behind are the knowledge base's; that imports set off alerts
and invitations is documented.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from redcap_iac.findings import Finding, Position
from redcap_iac.hazard import Answer, Count, Undoable, Voice
from redcap_iac.kinds.dictionary.hints import codes_of, holds_values
from redcap_iac.kinds.kind import encoded
from redcap_iac.plan import Copy
from redcap_iac.safety.carrying import Carrying, Obstacle
from redcap_iac.safety.hazards import Counts
from redcap_iac.safety.holding import held
from redcap_iac.safety.scene import Question, Scene

_LEFT_BEHIND = (
    "Writing values may set off alerts and survey invitations. Not carried: the history of values,"
    " comments and data resolutions stay under the old names; so do locks and e-signatures (a"
    " locked record stops the copy), and of a renamed instrument its survey settings and links,"
    " and the rights to it of roles and users that the manifest does not declare."
)


def questions(scene: Scene) -> Iterator[Question]:
    """Ask how many records hold what is to be carried, and what could not be."""
    carrying = Carrying.of(scene)
    for copy in carrying.copies:
        yield from _known(carrying.question(copy))
        for obstacle in carrying.obstacles(copy):
            yield from _known(obstacle.question)
        for code, _ in _recoded(copy):
            yield from _known(carrying.question_of_code(copy, code))
    for old, _ in _without_place(carrying):
        yield from _known(held(carrying.before(old)))


def found(scene: Scene, counts: Counts) -> Iterator[Finding]:
    """Tell every rename and recode that carries values, and refuse what cannot be whole."""
    carrying = Carrying.of(scene)
    for old, new in _without_place(carrying):
        yield from _lost(carrying, old, new, counts)
    if not carrying.copies:
        return
    told = [one for copy in carrying.copies for one in _told(carrying, copy, counts)]
    if any(one.stake is not None and one.stake.answer is Answer.MIGRATION for one in told):
        told += [_refused(scene, sentence) for sentence in carrying.refusals()]
        told.append(_left_behind(scene))
    yield from told


def _told(carrying: Carrying, copy: Copy, counts: Counts) -> Iterator[Finding]:
    standing = [one for one in carrying.obstacles(copy) if one.stands(counts)]
    if standing:
        yield _in_the_way(carrying, copy, standing, counts)
    elif _recoded(copy):
        for old, new in copy.codes:
            yield _recode(carrying, copy, (old, new), counts)
    else:
        yield _rename(carrying, copy, counts)


def _rename(carrying: Carrying, copy: Copy, counts: Counts) -> Finding:
    count = _count(carrying.question(copy), counts)
    old, new = copy.source, copy.target
    codes = ", ".join(f"{one} to {other}" for one, other in copy.codes)
    recoded = f", recoded {codes}" if codes else ""
    status = {f"{one}_complete": (one, to) for one, to in carrying.hints.instruments.items()}
    if old in status:
        before, after = status[old]
        address = f"instrument/{encoded(after)}"
        said = (
            f"Instrument {before} becomes {after}: its fields move and keep their values, its"
            " status in {records} is written under the new name."
        )
    else:
        address = f"field/{encoded(new)}"
        said = (
            f"{old} becomes {new}: values of {{records}} are written under the new name{recoded}"
            f" and compared twice, then {old} goes."
        )
    return _asking(
        carrying.scene,
        copy,
        lambda voice: said.replace("{records}", voice.records(count)),
        count,
        address,
        "In development REDCap's own page can rename it, with its history; then plan again. Or let"
        " the values be copied: --migrate-data.",
    )


def _recode(carrying: Carrying, copy: Copy, codes: tuple[str, str], counts: Counts) -> Finding:
    field = carrying.before(copy.source)
    count = _count(carrying.question_of_code(copy, codes[0]), counts)
    merges = codes[1] in dict(codes_of(field) or ())
    return _asking(
        carrying.scene,
        Copy(copy.source, copy.target, (codes,)),
        lambda voice: (
            f"{copy.target} is recoded from {codes[0]} to {codes[1]}: answers of"
            f" {voice.records(count)} are rewritten, then choice {codes[0]} goes."
        ),
        count,
        f"choice/{encoded(copy.target)}/{encoded(codes[0])}",
        f"Keep choice {codes[0]}, hidden by @HIDECHOICE. Or let the answers be rewritten:"
        " --migrate-data.",
        Undoable.NO if merges else Undoable.PARTLY,
    )


def _asking(
    scene: Scene,
    copy: Copy,
    sentence: Callable[[Voice], str],
    count: Count,
    address: str,
    advice: str,
    undoable: Undoable = Undoable.PARTLY,
) -> Finding:
    """Return the hazard; where it is sure that there are no values it is only told."""
    return scene.hazard(
        "H151",
        repr(copy),
        sentence,
        Answer.NOTE if count.is_zero else Answer.MIGRATION,
        undoable,
        address=address,
        count=count,
        advice="" if count.is_zero else advice,
        at=_place(scene, copy.target),
    )


def _in_the_way(
    carrying: Carrying, copy: Copy, standing: list[Obstacle], counts: Counts
) -> Finding:
    count = _count(carrying.question(copy), counts)
    why = "; ".join(obstacle.why for obstacle in standing)
    what = f"{copy.source} to {copy.target}" if copy.source != copy.target else copy.source
    return carrying.scene.hazard(
        "H151",
        repr(copy),
        lambda voice: (
            f"Values of {voice.records(count)} cannot be carried whole from {what}: {why}."
        ),
        Answer.REFUSED,
        Undoable.NO,
        address=f"field/{encoded(copy.target)}",
        count=count,
        advice=f"Keep {copy.source} beside it, hidden by @HIDDEN, without `renamed_from`.",
        at=_place(carrying.scene, copy.target),
    )


def _lost(carrying: Carrying, old: str, new: str, counts: Counts) -> Iterator[Finding]:
    """Yield a rename to a field that takes no value, unless there surely is none."""
    count = _count(held(carrying.before(old)), counts)
    if count.is_zero:
        return
    kind = carrying.after(new).field_type
    yield carrying.scene.hazard(
        "H151",
        f"{old} {new}",
        lambda voice: (
            f"Values of {voice.records(count)} cannot be carried from {old} to {new}: a field of"
            f" type {kind} takes no value."
        ),
        Answer.REFUSED,
        Undoable.NO,
        address=f"field/{encoded(new)}",
        count=count,
        advice=f"Keep {old} beside it, hidden by @HIDDEN, without `renamed_from`.",
        at=_place(carrying.scene, new),
    )


def _without_place(carrying: Carrying) -> Iterator[tuple[str, str]]:
    """Yield the renames of fields with values to fields that take none; a calculation has none."""
    carried = {copy.source for copy in carrying.copies}
    identifier = next(iter(carrying.scene.before("fields")), None)
    for old, new in carrying.hints.fields.items():
        before = carrying.before(old)
        own = before.field_type not in ("calc", "descriptive") and before != identifier
        if own and old not in carried and not holds_values(before, carrying.after(new)):
            yield old, new


def _refused(scene: Scene, sentence: str) -> Finding:
    return scene.hazard(
        "H151", sentence, lambda _: sentence, Answer.REFUSED, Undoable.YES, address="project/data"
    )


def _left_behind(scene: Scene) -> Finding:
    return scene.hazard(
        "H151",
        _LEFT_BEHIND,
        lambda _: _LEFT_BEHIND,
        Answer.NOTE,
        Undoable.NO,
        address="project/data",
    )


def _recoded(copy: Copy) -> tuple[tuple[str, str], ...]:
    return copy.codes if copy.source == copy.target else ()


def _known(question: Question | None) -> Iterator[Question]:
    if question is not None:
        yield question


def _count(question: Question | None, counts: Counts) -> Count:
    return Count(None) if question is None else counts[question]


def _place(scene: Scene, target: str) -> Position | None:
    """Return where the manifest declares a field, or the instrument of a status."""
    desired = scene.difference.desired.state.kinds
    for field in desired.get("fields", ()):
        if getattr(field, "field_name", "") == target:
            return field.at
    form = target.removesuffix("_complete")
    items = desired.get("instruments", ())
    return next((item.at for item in items if getattr(item, "name", "") == form), None)
