"""The calls that write what repeats: always the whole setup, and what it is to be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import replace

from redcap_iac.calls import Call, Cell, Key
from redcap_iac.kinds.designations import KIND as DESIGNATIONS
from redcap_iac.kinds.designations import (
    carried_by,
    final_arms,
    final_forms,
    forms_meanwhile,
    is_carrying,
    rows_may_drop,
)
from redcap_iac.kinds.kind import Work
from redcap_iac.kinds.repeating.repeat import Repeat
from redcap_iac.plan import Phase, Step
from redcap_iac.state import State

_NAME = "repeating"


def steps(work: Work) -> Iterable[Step]:
    """Send the whole setup, when any of it changed or forms or events did.

    While values are copied what repeats as live repeats beside what comes: instances above
    the first stay in sight until they are written under the new name.
    """
    mine = work.of(_NAME)
    classic = ends_classic(work)
    final = _final_items(work)
    pairs = DESIGNATIONS.pairs(work)
    rows = _rows(final, work, set(final_forms(work)), pairs, classic=classic)
    if not (mine or (rows and rows_may_drop(work))):
        return
    if not rows and not _items(work.live.state):
        return
    serves = tuple(change.address for change in mine)
    if classic and work.live.target.longitudinal:
        yield _step(Phase.CLASSIC_REPEATING, rows, serves, classic=True)
        return
    meanwhile = _meanwhile(work, classic=classic) if is_carrying(work) else rows
    yield _step(Phase.REPEATING, meanwhile, serves, classic=classic)
    if meanwhile != rows:
        yield _step(Phase.DROP_REPEATING, rows, serves, classic=classic)


def _final_items(work: Work) -> tuple[Repeat, ...]:
    """Return what will repeat; what is said of a renamed instrument goes with it."""
    names = carried_by(work).instruments
    items = (
        replace(item, instrument=names.get(item.instrument, item.instrument))
        for item in _items(work.final)
    )
    return tuple({(item.event, item.instrument): item for item in items}.values())


def _meanwhile(work: Work, *, classic: bool) -> tuple[Mapping[str, Cell], ...]:
    """Return the setup while values are copied: what comes, and what is live behind it."""
    final = _final_items(work)
    known = {(item.event, item.instrument) for item in final}
    live = _items(work.live.state)
    left = tuple(item for item in live if (item.event, item.instrument) not in known)
    pairs = {(d.event, d.instrument) for d in DESIGNATIONS.items(work.live.state)}
    pairs |= DESIGNATIONS.pairs(work)
    return _rows((*final, *left), work, {*forms_meanwhile(work)}, pairs, classic=classic)


def ends_classic(work: Work) -> bool:
    """Tell whether the project will be classic once the plan is carried out."""
    flags = {getattr(s, "name", ""): s for s in work.final.kinds.get("project", ())}
    wanted = str(getattr(flags.get("is_longitudinal"), "value", ""))
    if wanted:
        return wanted != "1"
    return not work.live.target.longitudinal


def _items(state: State) -> tuple[Repeat, ...]:
    return tuple(item for item in state.kinds.get(_NAME, ()) if isinstance(item, Repeat))


def _step(
    phase: Phase, rows: tuple[Mapping[str, Cell], ...], serves: tuple[str, ...], *, classic: bool
) -> Step:
    columns = ("form_name", "custom_form_label")
    header = columns if classic else ("event_name", *columns)
    return Step(
        phase,
        _NAME,
        f"write all {len(rows)} repeats" if rows else "clear the repeating setup",
        Call("repeatingFormsEvents", "import", rows, header=header),
        serves,
        ("project", "repeating"),
        replaces=True,
    )


def _rows(
    items: Sequence[Repeat],
    work: Work,
    forms: Set[str],
    designated: Set[tuple[Key, str]],
    *,
    classic: bool,
) -> tuple[Mapping[str, Cell], ...]:
    kept = [item for item in items if not item.instrument or item.instrument in forms]
    if classic:
        return tuple(
            {"form_name": item.instrument, "custom_form_label": item.label}
            for item in kept
            if not item.event
        )
    arms = final_arms(work)
    return tuple(
        {
            "event_name": work.name(item.event),
            "form_name": item.instrument,
            "custom_form_label": item.label,
        }
        for item in kept
        if item.event in arms
        # what is no longer on its event cannot repeat there; REDCap drops it (inferred)
        and (not item.instrument or (item.event, item.instrument) in designated)
    )
