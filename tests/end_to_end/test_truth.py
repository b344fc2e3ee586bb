"""What a plan says it hurts is what it hurts; what it does not say it does not hurt.

Random pairs of designs with random records: the plan's hazards are held against the emulator's
own tables before and after.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from redcap_iac import workflow
from redcap_iac.emulator.server import Emulator
from redcap_iac.errors import GuardError
from redcap_iac.hazard import Answer, Guards, ImpactMode
from redcap_iac.plan import Plan
from redcap_iac.safety.acceptance import open_hazards
from redcap_iac.workflow import Answers, Goal, Planned
from tests.emulator.conftest import MakeEmulator
from tests.emulator.served import new_project
from tests.end_to_end.harm import Harm, Truth, misjudged, untold
from tests.end_to_end.pairs import Pair, made_pair
from tests.end_to_end.recording import Contents, contents, fill
from tests.end_to_end.study import Silent, Study, everything

SEEDS = st.integers(0, 2**32 - 1)
SLOWLY = settings(
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # a smaller seed is no simpler pair
    max_examples=5,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
SIDES: tuple[dict[str, str], ...] = (
    {},
    {"event_rename": "keep", "one_event_longitudinal": "longitudinal"},
)


@dataclass(frozen=True, slots=True)
class Stage:
    """A project with records, and the plan of what is to follow."""

    study: Study
    pair: Pair
    goal: Goal
    planned: Planned
    before: Contents

    @property
    def plan(self) -> Plan:
        """What the plan says."""
        return self.planned.plan

    @property
    def is_open(self) -> bool:
        """Tell whether anything of the plan waits for a word, or stops it."""
        waiting = list(open_hazards(self.plan, Answers()))
        return bool(self.plan.stopped or waiting or self.plan.deletions())

    def plan_under(self, guards: Guards) -> Plan:
        """Return the plan of an environment with other guards."""
        return workflow.plan(replace(self.study.session, guards=guards), self.goal).plan

    def is_applied(self, answers: Answers) -> bool:
        """Carry it out; False when a guard stops it."""
        try:
            done = workflow.apply(
                self.study.session, self.goal, self.planned, Silent(), answers=answers
            )
        except GuardError:
            return False
        assert done.is_complete, (self.pair.edits, done.outcomes[-1].error)
        return True


@pytest.fixture
def servers(make_emulator: MakeEmulator) -> tuple[Emulator, ...]:
    """One emulator for each side of what sources differ about."""
    return tuple(make_emulator(**side) for side in SIDES)


def staged(emulator: Emulator, folder: str, seed: int) -> Stage:
    """Apply the first design of a seed, import records, plan the second."""
    pair = made_pair(seed)
    study = Study(new_project(emulator), Path(folder))
    done = study.apply(study.declare(pair.before))
    assert done.is_complete, done.outcomes[-1].error
    fill(study.project, pair.before, Random(seed))
    before = contents(study.project)
    goal = study.declare(pair.after)
    return Stage(study, pair, goal, study.plan(goal), before)


def stages(servers: tuple[Emulator, ...], seed: int) -> Iterator[Stage]:
    """Yield the stage of a seed on one of the servers, in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        yield staged(servers[seed % len(servers)], folder, seed)


def harms_of(stage: Stage) -> list[Harm]:
    """Return what was done to values by an apply of everything."""
    return list(Truth(stage.pair, stage.before, contents(stage.study.project)).harms())


@SLOWLY
@given(seed=SEEDS)
def test_what_is_lost_hidden_or_changed_was_told_with_its_number(
    servers: tuple[Emulator, ...], seed: int
) -> None:
    for stage in stages(servers, seed):
        if not stage.is_applied(everything()):
            refused = [
                one
                for one in stage.plan.findings
                if one.stake and one.stake.answer is Answer.REFUSED
            ]
            assert stage.plan.stopped or refused
            assert contents(stage.study.project) == stage.before
            return
        harms = harms_of(stage)
        assert untold(stage.plan, harms) == [], stage.pair.edits
        assert misjudged(stage.plan, harms) == [], stage.pair.edits


@SLOWLY
@given(seed=SEEDS)
def test_without_answers_nothing_is_written_unless_nothing_is_hurt(
    servers: tuple[Emulator, ...], seed: int
) -> None:
    for stage in stages(servers, seed):
        assert stage.is_applied(Answers()) is not stage.is_open, stage.pair.edits
        if stage.is_open:
            assert contents(stage.study.project) == stage.before
        else:
            assert untold(stage.plan, harms_of(stage)) == [], stage.pair.edits


@SLOWLY
@given(seed=SEEDS)
def test_counts_are_equal_by_filter_and_by_value(servers: tuple[Emulator, ...], seed: int) -> None:
    for stage in stages(servers, seed):
        by_value = stage.plan_under(Guards(impact=ImpactMode.VALUES))
        assert by_value.findings == stage.plan.findings, stage.pair.edits


@SLOWLY
@given(seed=SEEDS)
def test_without_counting_nothing_that_waits_for_a_word_is_let_pass(
    servers: tuple[Emulator, ...], seed: int
) -> None:
    for stage in stages(servers, seed):
        blind = stage.plan_under(Guards(impact=ImpactMode.NONE))
        assert waiting(stage.plan) <= waiting(blind), stage.pair.edits


def waiting(plan: Plan) -> set[tuple[str, str]]:
    return {(one.code, one.address) for one in open_hazards(plan, Answers())}


@SLOWLY
@given(seed=SEEDS)
def test_no_two_hazards_wait_for_the_same_word(servers: tuple[Emulator, ...], seed: int) -> None:
    for stage in stages(servers, seed):
        told = Counter(
            (one.code, one.address)
            for one in open_hazards(stage.plan, Answers())
            if one.stake is not None and one.stake.answer is not Answer.REFUSED
        )
        assert [key for key, number in told.items() if number > 1] == [], stage.pair.edits


@SLOWLY
@given(seed=SEEDS)
def test_real_data_take_a_word_at_the_command_line(
    servers: tuple[Emulator, ...], seed: int
) -> None:
    for stage in stages(servers, seed):
        real = stage.plan_under(Guards(data="real"))
        if stage.is_applied(everything()) and any(map(is_guarded, harms_of(stage))):
            answers = [one.stake.answer for one in real.findings if one.stake if one.code == "H150"]
            assert answers == [Answer.COMMAND_LINE], stage.pair.edits


def is_guarded(harm: Harm) -> bool:
    """Tell whether a harm comes of what H150 is about; a field that only moves is not."""
    return harm.what in ("gone", "no label", "another label", "another type")
