"""H103: a removed and an added field look alike, so that it may be a rename nobody said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from redcap_iac.changes import Create, Delete
from redcap_iac.findings import Finding
from redcap_iac.hazard import Answer, Undoable
from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.safety.alikeness import Standing, pairs
from redcap_iac.safety.field_changes import added, carried, counted, removed
from redcap_iac.safety.hazards import Counts
from redcap_iac.safety.holding import held
from redcap_iac.safety.scene import Question, Scene, digest


@dataclass(frozen=True, slots=True)
class Lookalike:
    """A field that goes and one that comes."""

    gone: Delete
    old: Field
    come: Create
    new: Field


def questions(scene: Scene) -> Iterator[Question]:
    """Ask how many records hold a value under the old name."""
    for pair in lookalikes(scene):
        question = held(pair.old)
        if question is not None:
            yield question


def found(scene: Scene, counts: Counts) -> Iterator[Finding]:
    """Stop at each pair, whether or not records hold a value.

    A manifest is for more than one environment: where this one is still empty, the next is not.
    """
    for pair in lookalikes(scene):
        yield _told(scene, pair, counts)


def lookalikes(scene: Scene) -> tuple[Lookalike, ...]:
    """Return the pairs, the most alike first; descriptive text holds nothing to be lost."""
    renamed = set(carried(scene).fields.values())
    gone = [one for one in removed(scene) if one[1].field_type != "descriptive"]
    come = [
        one
        for one in added(scene)
        if one[1].field_type != "descriptive" and one[1].field_name not in renamed
    ]
    if not gone or not come:
        return ()
    staying = {field.field_name for field in scene.before("fields")}
    staying &= {field.field_name for field in scene.after("fields")}
    old = _standings([field for _, field in gone], scene.before("fields"), staying)
    new = _standings([field for _, field in come], scene.after("fields"), staying)
    return tuple(Lookalike(*gone[pair.old], *come[pair.new]) for pair in pairs(old, new))


def _standings(
    fields: Sequence[Field], all_fields: Sequence[Field], staying: set[str]
) -> tuple[Standing, ...]:
    before: dict[str, str] = {}
    behind: dict[str, str] = {}
    last = ""
    for field in all_fields:
        before[field.field_name] = last
        last = field.field_name if field.field_name in staying else last
    last = ""
    for field in reversed(all_fields):
        behind[field.field_name] = last
        last = field.field_name if field.field_name in staying else last
    return tuple(
        Standing(field, before.get(field.field_name, ""), behind.get(field.field_name, ""))
        for field in fields
    )


def _told(scene: Scene, pair: Lookalike, counts: Counts) -> Finding:
    old, new = pair.old.field_name, pair.new.field_name
    count = counted(counts, held(pair.old))
    if pair.old.field_type == "file":
        advice = (
            "If it is the same field, rename it on REDCap's own page, where its documents stay,"
            f" then pull. If not: accept that {old} goes."
        )
    else:
        advice = (
            f"If it is the same field, say `renamed_from: {old}` on {new}: its values are carried"
            f" over. If not: accept that {old} goes."
        )
    return scene.hazard(
        "H103",
        f"{digest(pair.gone)} {digest(pair.come)}",
        lambda voice: (
            f"Field {old} would be removed and {new}, which looks like it, added: a rename that"
            f" nobody said would lose its values in {voice.records(count)}."
        ),
        Answer.ACCEPTANCE,
        Undoable.NO,
        address=pair.gone.address,
        count=count,
        advice=advice,
        at=pair.new.at,
    )
