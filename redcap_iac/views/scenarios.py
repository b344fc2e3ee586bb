"""What became of scenarios: for people, for machines, for a test report."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from redcap_iac.findings import Finding, Severity
from redcap_iac.logic.dialect import SETTLED, SWITCHES
from redcap_iac.plan_json import finding_json
from redcap_iac.scenarios.coverage import Coverage, Gap, Outcome
from redcap_iac.scenarios.running import Difference, Result, Run, SuiteResult
from redcap_iac.suggestions import in_words
from redcap_iac.views.findings import STYLES, WIDTH, advice_lines, counted, said, wrapped
from redcap_iac.views.json import dumped, exit_json
from redcap_iac.views.junit import Case, Ended, Suite, junit

#: What spots are called in the sum, in the order of it.
_SORTS = (
    ("branching logic", "branching logic", "expression"),
    ("@IF", "@IF", "condition"),
    ("if()", "if()", "condition"),
)
_FORMULAS = ("calculation", "@CALCTEXT", "@CALCDATE")
_SIGNS = {True: ("passed", "green"), False: ("FAILED", "bold red")}


def run_lines(run: Run, *, everything: bool = False, width: int = WIDTH) -> Iterator[Text]:
    """Yield scenarios by file, what is wrong under each, the sum, and what was never seen."""
    for suite in run.suites:
        yield Text(said(suite.suite.file), "bold")
        for result in suite.results:
            yield from _result_lines(result, width)
        yield Text()
    yield from _sum_lines(run, width)
    yield from coverage_lines(run.coverage, everything=everything, width=width)
    yield from _left_out(run, width)


def _left_out(run: Run, width: int) -> Iterator[Text]:
    """Yield what the scenarios cannot know, and what nobody can read."""
    if run.not_played:
        names = in_words(run.not_played, "and")
        told = f"Not played, because other records, a device or a server decide: {names}."
        yield from wrapped(Text(said(told)), width=width)
    if run.unread:
        names = in_words(run.unread, "and")
        told = f"Cannot be read, and counts as false or blank: {names}; `validate` says why."
        yield from wrapped(Text(said(told), "yellow"), width=width)


def _result_lines(result: Result, width: int) -> Iterator[Text]:
    word, style = _SIGNS[result.passed]
    yield Text.assemble("  ", (word, style), f"  {said(result.scenario.name.text)}")
    for finding in result.findings:
        yield from wrapped(_place(finding), 8, width)
        yield from advice_lines(finding.advice, 8, width)
    for difference in result.differences:
        yield from wrapped(Text(f"      differs: {_told(difference)}", "yellow"), 8, width)


def _place(finding: Finding) -> Text:
    line = Text("      ")
    if finding.position is not None:
        line.append(f"{finding.position}: ", "bold")
    line.append(f"{finding.severity} {finding.code}", STYLES[finding.severity])
    line.append(f" {said(finding.message)}")
    return line


def _told(difference: Difference) -> str:
    """Return a difference as a sentence."""
    names = list(difference.what)
    shown = [*names[:5], f"{len(names) - 5} more"] if len(names) > 6 else names
    ends = "passes" if difference.passes else "fails"
    return (
        f'{in_words(shown, "and")} where the answer to "{difference.switch.question}" is '
        f"{difference.switch.otherwise} ({difference.switch.where}); the scenario {ends} there."
    )


def _sum_lines(run: Run, width: int) -> Iterator[Text]:
    results = run.results
    failed = sum(not result.passed for result in results)
    line = Text(f"{counted(len(results), 'scenario')}: ")
    line.append(f"{len(results) - failed} passed", "green" if not failed else "")
    if failed:
        line.append(f", {failed} failed", "bold red")
    line.append(".")
    days = list(dict.fromkeys(_semantics(suite) for suite in run.suites))
    for day in days:
        line.append(f" {day}.")
    differing = sum(bool(result.differences) for result in results)
    yield from wrapped(line, width=width)
    if differing:
        verb = "ends" if differing == 1 else "end"
        yield from wrapped(
            Text(f"{counted(differing, 'scenario')} {verb} otherwise where logic is read otherwise;"
                 " `redcap-iac test --semantics` lists how."), width=width,
        )  # fmt: skip


def _semantics(suite: SuiteResult) -> str:
    today = suite.clock.date().isoformat()
    turned = [switch.name for switch in SWITCHES if getattr(suite.suite.dialect, switch.name)]
    with_ = f" with {in_words(turned, 'and')}" if turned else ""
    return f"Today is {today}, as REDCap {suite.suite.version} reads logic{with_}"


def coverage_lines(
    coverage: Coverage, *, everything: bool = False, width: int = WIDTH
) -> Iterator[Text]:
    """Yield how much of the logic was seen either way; every gap with `everything`."""
    for what, name, noun in _SORTS:
        count = coverage.count(what)
        if not count:
            continue
        parts = [
            f"{coverage.never(what, outcome)} of {counted(count, noun)} "
            f"{'was' if coverage.never(what, outcome) == 1 else 'were'} never seen {outcome}"
            for outcome in (Outcome.FALSE, Outcome.TRUE)
            if coverage.never(what, outcome)
        ]
        unmet = coverage.unmet(what)
        if unmet:
            parts.append(f"{unmet} of {counted(count, noun)} never evaluated")
        told = "; ".join(parts) or f"{counted(count, noun)} seen true and false"
        yield from wrapped(Text(f"{name}: {told}."), width=width)
    formulas = [spot for spot in coverage.spots if spot.what in _FORMULAS]
    blank = sum(gap.spot.what in _FORMULAS for gap in coverage.gaps)
    if formulas:
        all_ = counted(len(formulas), "formula")
        yield Text(
            f"calculations: {blank} of {all_} never had a value."
            if blank
            else f"calculations: {all_} had a value."
        )
    if coverage.total:
        sure = f"{coverage.seen} of {counted(coverage.total, 'outcome')}"
        yield Text(f"Coverage: {coverage.percent:.1f} % ({sure}).")
    if everything:
        for gap in coverage.gaps:
            yield from wrapped(_gap(gap), 6, width)
    elif coverage.gaps:
        yield Text("--coverage lists what was never seen.", "dim")


def _gap(gap: Gap) -> Text:
    never = "evaluated" if gap.is_unmet else in_words((str(one) for one in gap.never), "nor")
    at = f"{gap.spot.at}: " if gap.spot.at is not None else ""
    text = " ".join(gap.spot.text.split())
    return Text(said(f"  {at}{gap.spot.address} {gap.spot.what} never {never}: {text}"))


def run_json(run: Run, exit_code: int) -> str:
    """Return everything of a run as JSON."""
    return dumped(
        {
            "suites": [
                {
                    "file": suite.suite.file,
                    "today": suite.clock.isoformat(" ", "seconds"),
                    "redcap_version": suite.suite.version,
                    "scenarios": [_result_json(result) for result in suite.results],
                }
                for suite in run.suites
            ],
            "coverage": coverage_json(run.coverage),
            "not_played": list(run.not_played),
            "unread": list(run.unread),
            "exit": exit_json(exit_code),
        }
    )


def _result_json(result: Result) -> dict[str, object]:
    at = result.scenario.name.at
    return {
        "name": result.scenario.name.text,
        "line": at.line,
        "passed": result.passed,
        "findings": [finding_json(finding) for finding in result.findings],
        "differences": [
            {"switch": one.switch.name, "fields": list(one.what), "passes": one.passes}
            for one in result.differences
        ],
    }


def coverage_json(coverage: Coverage) -> dict[str, object]:
    """Return what was seen of the logic, and each gap with its place."""
    return {
        "outcomes": coverage.total,
        "seen": coverage.seen,
        "percent": round(coverage.percent, 1),
        "gaps": [
            {
                "what": gap.spot.what,
                "address": gap.spot.address,
                "column": gap.spot.column,
                "expression": gap.spot.text,
                "never": ["evaluated"] if gap.is_unmet else [str(one) for one in gap.never],
                "file": None if gap.spot.at is None else gap.spot.at.file,
                "line": None if gap.spot.at is None else gap.spot.at.line,
            }
            for gap in coverage.gaps
        ],
    }


def suites_junit(run: Run) -> tuple[Suite, ...]:
    """Return the scenarios as suites of a test report, a file each."""
    return tuple(
        Suite(suite.suite.file, [_case(suite.suite.file, result) for result in suite.results])
        for suite in run.suites
    )


def run_junit(run: Run) -> str:
    """Return a run as JUnit XML."""
    return junit(suites_junit(run))


def _case(file: str, result: Result) -> Case:
    errors = [one for one in result.findings if one.severity is Severity.ERROR]
    ended = Ended.PASSED
    if errors:
        ended = Ended.BROKEN if result.is_broken else Ended.FAILED
    lines = [
        text
        for finding in result.findings
        for text in (f"{finding.position}: {finding.code} {finding.message}", finding.advice)
        if text
    ]
    lines += [f"differs: {_told(difference)}" for difference in result.differences]
    first = errors[0] if errors else None
    line = result.scenario.name.at.line
    if first is not None and first.position is not None:
        line = first.position.line
    return Case(
        result.scenario.name.text, file, ended, "" if first is None else first.message,
        "" if first is None else first.code, "\n".join(lines), file, line,
    )  # fmt: skip


def semantics_lines(width: int = WIDTH) -> Iterator[Text]:
    """Yield what logic means: the switches with both sides, then what no source disputes."""
    yield Text("Where sources, versions or browser and server differ", "bold")
    for switch in SWITCHES:
        yield from wrapped(Text.assemble("  ", (switch.name, "bold"), f"  {switch.question}"), 6)
        yield from wrapped(Text(f"      usual      {switch.usual}"), 17, width)
        yield from wrapped(
            Text(f"      otherwise  {switch.otherwise} ({switch.confidence}; {switch.where})"),
            17, width,
        )  # fmt: skip
    yield Text()
    yield Text("Where they agree", "bold")
    for settled in SETTLED:
        yield from wrapped(
            Text(f"  {settled.question} {settled.answer} ({settled.confidence})"), 6, width
        )
    yield Text()
    yield Text("A scenario file turns a switch by `semantics: {blank_is_below: true}`;")
    yield Text("`redcap-iac test --dialects` plays every scenario under each of them.")


def semantics_json() -> str:
    """Return what logic means as JSON."""
    return dumped(
        {
            "switches": [
                {
                    "name": one.name, "question": one.question, "usual": one.usual,
                    "otherwise": one.otherwise, "confidence": one.confidence, "where": one.where,
                }
                for one in SWITCHES
            ],
            "settled": [
                {"question": one.question, "answer": one.answer, "confidence": one.confidence}
                for one in SETTLED
            ],
        }
    )  # fmt: skip
