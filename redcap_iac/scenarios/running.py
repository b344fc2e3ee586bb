"""All scenarios of a project, played and judged; and again in every other dialect where asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from redcap_iac.design import Design
from redcap_iac.findings import Finding, Findings, Severity
from redcap_iac.logic.action_tags import every_tag
from redcap_iac.logic.dialect import SWITCHES, Switch
from redcap_iac.position import Position
from redcap_iac.scenarios.binding import Bound, bind
from redcap_iac.scenarios.coverage import Coverage, Seen
from redcap_iac.scenarios.expressions import Expressions
from redcap_iac.scenarios.outcome import FieldSeen, Played
from redcap_iac.scenarios.playing import play
from redcap_iac.scenarios.scenario import Scenario, Suite
from redcap_iac.scenarios.scope import KNOWN_SMART
from redcap_iac.scenarios.tags import NOT_PLAYED
from redcap_iac.scenarios.validity import today_of
from redcap_iac.scenarios.verdicts import verdicts

#: The version whose semantics hold where a file names none.
NEWEST_VERSION = "16.1.3"


@dataclass(frozen=True, slots=True)
class Difference:
    """A switch under which a scenario ends otherwise; `what` are the fields that differ."""

    switch: Switch
    what: tuple[str, ...]
    passes: bool


@dataclass(frozen=True, slots=True)
class Result:
    """How a scenario ended: errors fail it, the rest is told."""

    scenario: Scenario
    findings: tuple[Finding, ...]
    is_broken: bool = False
    differences: tuple[Difference, ...] = ()

    @property
    def passed(self) -> bool:
        """Tell whether everything was as expected."""
        return not any(finding.severity is Severity.ERROR for finding in self.findings)


@dataclass(frozen=True, slots=True)
class SuiteResult:
    """How the scenarios of a file ended, the day they took for today, and whose semantics."""

    suite: Suite
    clock: datetime
    results: tuple[Result, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """Everything of one run.

    `not_played` are tags and smart variables of the design whose effect no scenario knows, as they
    are written; `unread` the addresses of expressions that cannot be read and count as blank.
    """

    suites: tuple[SuiteResult, ...]
    coverage: Coverage
    not_played: tuple[str, ...]
    unread: tuple[str, ...]

    @property
    def results(self) -> tuple[Result, ...]:
        """All results in order."""
        return tuple(result for suite in self.suites for result in suite.results)

    @property
    def passed(self) -> bool:
        """Tell whether every scenario passed."""
        return all(result.passed for result in self.results)


def run(design: Design, suites: Sequence[Suite], clock: datetime, *, dialects: bool = False) -> Run:
    """Play all scenarios; `clock` is today where a file names no other.

    With `dialects` each is played once more under every switch turned.
    """
    expressions = Expressions(design)
    seen = Seen()
    played = []
    for suite in suites:
        moment = (None if suite.today is None else today_of(suite.today.text)) or clock
        one = replace(suite, version=suite.version or NEWEST_VERSION)
        results = tuple(
            _result(scenario, one, expressions, design, moment, seen, dialects=dialects)
            for scenario in suite.scenarios
        )
        played.append(SuiteResult(one, moment, results))
    coverage = Coverage.of(expressions.sites, seen)
    unread = dict.fromkeys(site.address for site in expressions.unread)
    return Run(tuple(played), coverage, _not_played(design, expressions), tuple(unread))


def _result(
    scenario: Scenario, suite: Suite, expressions: Expressions, design: Design, clock: datetime,
    seen: Seen, *, dialects: bool,
) -> Result:  # fmt: skip
    findings = Findings()
    bound = bind(scenario, suite, expressions, design, clock, findings)
    if findings.errors():
        return Result(scenario, _in_order(findings), is_broken=True)
    outcome = play(bound.around, expressions, bound.given, bound.opened, seen)
    for finding in _judged(bound, outcome, expressions):
        findings.add(finding)
    differences = (
        _differences(bound, outcome, expressions) if dialects and not outcome.restless else ()
    )
    return Result(scenario, _in_order(findings), bool(outcome.restless), differences)


def _in_order(findings: Findings) -> tuple[Finding, ...]:
    """Return findings, each once, in the order of the file."""
    unique = dict.fromkeys(findings.all())
    return tuple(sorted(unique, key=lambda one: one.position or Position("", 0)))


def _judged(bound: Bound, played: Played, expressions: Expressions) -> tuple[Finding, ...]:
    if not played.restless:
        return tuple(verdicts(bound, played, expressions))
    names = ", ".join(played.restless)
    return (
        Finding(
            "T111", Severity.ERROR, f"This record never settles: {names} change for ever.",
            bound.scenario.name.at, advice="They read one another in a circle; break it.",
        ),
    )  # fmt: skip


def _differences(bound: Bound, usual: Played, expressions: Expressions) -> tuple[Difference, ...]:
    found = []
    for switch in SWITCHES:
        around = replace(bound.around, dialect=bound.around.dialect.turned(switch.name))
        other = play(around, expressions, bound.given, bound.opened, Seen())
        names = _differing(usual, other, bound)
        if names or other.restless:
            passes = not any(
                finding.severity is Severity.ERROR
                for finding in _judged(replace(bound, around=around), other, expressions)
            )
            found.append(Difference(switch, names or other.restless, passes))
    return tuple(found)


def _differing(usual: Played, other: Played, bound: Bound) -> tuple[str, ...]:
    """Return the fields the scenario speaks of that end otherwise."""
    names = []
    for wanted in bound.wanted:
        before = usual.seen.get((wanted.page, wanted.name))
        after = other.seen.get((wanted.page, wanted.name))
        if before is not None and after is not None and _end(before) != _end(after):
            names.append(before.field.field_name)
    return tuple(dict.fromkeys(names))


def _end(seen: FieldSeen) -> tuple[object, ...]:
    return seen.values, seen.hidden_by, seen.hidden_codes


def _not_played(design: Design, expressions: Expressions) -> tuple[str, ...]:
    """Return what in a design depends on other records, a device or a server."""
    tags = {
        tag.name
        for field in design.fields
        if "@" in field.field_annotation
        for tag in every_tag(field.field_annotation)
    }
    smart = {one.name.lower() for site in expressions.sites for one in site.smart_variables}
    unknown = (f"[{name}]" for name in sorted(smart - KNOWN_SMART))
    return (*(f"@{name}" for name in sorted(tags & NOT_PLAYED)), *unknown)
