"""Points: each disturbs one run at one call in one way, then lets it be finished, then looks."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from redcap_iac import workflow
from redcap_iac.calls import Call
from redcap_iac.emulator.faults import Fault
from redcap_iac.errors import RedcapIacError, UnreachableError
from redcap_iac.plan import Phase
from redcap_iac.workflow import Answers
from redcap_iac.workflow.resuming import unfinished, with_words_of
from tests.end_to_end.campaign.design import homes, moved
from tests.end_to_end.campaign.looking import exposed, leaks, shape, stored, visible
from tests.end_to_end.campaign.others import NEWCOMER, OTHERS, Other, equal_codes
from tests.end_to_end.campaign.start import Start, Watch, opened
from tests.end_to_end.study import Silent, Study

KILLS = ("killed before it is sent", "killed once it is written")
FAULTS = ("cut before", "cut after", "error 500", "gone for good")
#: What a call that only reads can meet: cut once, the client asks again by itself.
_OF_READS = ("cut before", "gone for good")
WAYS = (*KILLS, *FAULTS, *OTHERS)
BY_ITSELF, RESUMED, PLANNED, BY_PERSON = "itself", "resume", "fresh plan", "a person's look"


class KilledError(BaseException):
    """The end of a process: nothing catches it."""


@dataclass(frozen=True, slots=True)
class Point:
    """One disturbance: at the call of this number of the clean run (from 0), in this way."""

    call: int
    way: str


@dataclass(frozen=True, slots=True)
class Result:
    """How a point ended: who finished it, and whatever is not as it has to be."""

    point: Point
    by: str = BY_ITSELF
    problems: tuple[str, ...] = ()


def points(start: Start) -> list[Point]:
    """Return every point there is.

    Writes meet every kill and fault, reads what a read can meet. Others act at the beginning of
    each step, and on records before every call of the copy.
    """
    found: list[Point] = []
    begun: set[int] = set()
    for number, (step, call) in enumerate(start.calls):
        ways = (*KILLS, *FAULTS) if call.writes else _OF_READS
        found += [Point(number, way) for way in ways]
        copying = step >= 0 and start.steps[step].phase is Phase.COPY
        if step not in begun:
            found += [Point(number, way) for way in OTHERS]
        elif copying:
            found += [Point(number, way) for way in OTHERS if OTHERS[way].values]
        begun.add(step)
    return found


def chosen(start: Start, number: int | None, seed: int = 0) -> list[Point]:
    """Return every point, or so many taken by chance."""
    every = points(start)
    if number is None or number >= len(every):
        return every
    return random.Random(seed).sample(every, number)


def tried(start: Start, point: Point) -> Result:
    """Disturb one run at one point, finish it, and look what is there."""
    with opened(start) as study:
        watch = Watch(study, start.before, start.after)
        other = OTHERS.get(point.way)
        goal = study.goal()
        planned = watch.plan(goal)
        _disturb(watch, point)
        complete = False
        try:
            complete = watch.apply(goal, planned, Silent()).is_complete
        except KilledError:
            pass
        except UnreachableError as error:
            if point.way not in FAULTS:
                watch.problems.append(f"raised UnreachableError: {error.message}")
        except RedcapIacError as error:
            watch.problems.append(f"raised {type(error).__name__}: {error.message}")
        _settle(watch)
        watch.problems += _on_the_way(watch, start, other, complete=complete)
        study.project.status("development")
        by = BY_ITSELF if complete else _finish(watch, other)
        watch.problems += watch.excess().values()
        problems = (*watch.problems, *_differing(study, start, other), *leaks(study))
        return Result(point, by, tuple(dict.fromkeys(problems)))


def _disturb(watch: Watch, point: Point) -> None:
    """Order what goes wrong at a point."""
    way = point.way

    def at(number: int, _: Call) -> None:
        if number != point.call:
            return
        if way in OTHERS:
            OTHERS[way].act(watch.study.project)
        elif way in FAULTS:
            _strike(watch.study, way)
        elif way == KILLS[0]:
            raise KilledError

    def after(number: int, _: Call) -> None:
        if number == point.call and way == KILLS[1]:
            raise KilledError

    watch.on_call, watch.on_called = at, after


def _strike(study: Study, way: str) -> None:
    """Let the next request meet a fault of the line or of the server; or all from now on."""
    faults = study.project.emulator.faults
    kinds = {
        "cut before": Fault("cut-before"),
        "cut after": Fault("cut-after"),
        "error 500": Fault("error", "500"),
        "gone for good": Fault("cut-after"),
    }
    met: list[str] = []

    def striking(content: str, action: str, now: datetime) -> tuple[Fault, ...]:
        met.append(content)
        if len(met) == 1:
            return (kinds[way],)
        return (Fault("cut-before"),) if way == "gone for good" else ()

    faults.striking = striking  # type: ignore[method-assign]


def _settle(watch: Watch) -> None:
    """Take every disturbance away."""
    faults = watch.study.project.emulator.faults
    if "striking" in vars(faults):
        del vars(faults)["striking"]
    watch.on_call = watch.on_called = lambda *_: None


def _on_the_way(
    watch: Watch, start: Start, other: Other | None, *, complete: bool
) -> Iterator[str]:
    """Yield what is wrong right after the disturbance: values nowhere, people not told of."""
    study = watch.study
    now = stored(study)
    for value in start.first:
        kept = moved(value) in start.last and now.isdisjoint(homes(value))
        if kept and not (other and other.instead == moved(value)[:4]):
            yield f"value of {value[3]} at {value[1]} is nowhere"
    untold = watch.excess().keys() - exposed(study)
    if untold:
        yield f"{sorted(untold)} have more, and no journal says so"
    if other is not None and not complete and (said := other.undone(study.project)):
        yield said


def _finish(watch: Watch, other: Other | None) -> str:
    """Go on: by the journal with the words it keeps, else by a fresh plan with all answered."""
    if _resumed(watch):
        return RESUMED
    goal = watch.study.goal()
    applied = watch.apply(goal, watch.plan(goal), Silent())
    if applied.is_complete:
        return PLANNED
    error = applied.outcomes[-1].error
    if other is not None and other.instead and error and "and another under" in error.message:
        equal_codes(watch.study.project)
        if watch.apply(goal, watch.plan(goal), Silent()).is_complete:
            return BY_PERSON
    watch.problems.append(f"not complete: {error or applied.trouble}")
    return PLANNED


def _resumed(watch: Watch) -> bool:
    goal = watch.study.goal()
    planned = watch.plan(goal)
    with suppress(RedcapIacError):  # nothing to resume, or a hazard nobody accepted then
        record = unfinished(watch.session, goal, planned.plan.target)
        answers = with_words_of(record, Answers(), planned)
        applied = watch.apply(goal, planned, Silent(), answers, record.path.name)
        return applied.is_complete
    return False


def _differing(study: Study, start: Start, other: Other | None) -> Iterator[str]:
    """Yield what is not as after a run without disturbance: twice there, or not there."""
    for kind, items in shape(study).items():
        twice, gone = items - start.shape[kind], start.shape[kind] - items
        if twice or gone:
            yield f"{kind}: too much {sorted(twice)}, missing {sorted(gone)}"
    wanted = {one for one in start.last if not (other and one[:4] == other.instead)}
    wanted |= other.values if other else set()
    now = stored(study)
    if lacking := wanted - now:
        yield f"lost: {sorted(lacking)}"
    if surplus := [one for one in now - wanted if one[0] != NEWCOMER]:
        yield f"too many values: {sorted(surplus)}"
    if not (other and other.values) and visible(study) != start.seen:
        yield "not every value is in sight"
    if left := workflow.plan(study.session, study.goal()).plan.changes:
        yield f"left to do: {[change.address for change in left]}"
