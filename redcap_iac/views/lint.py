"""What lint found, for people: by file, what repeats folded, and the sum of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from rich.text import Text

from redcap_iac.findings import Finding, Severity
from redcap_iac.lint.docstrings import parts
from redcap_iac.lint.judging import Fault, Remark, Report
from redcap_iac.lint.registry import Setting
from redcap_iac.lint.rule import Rule
from redcap_iac.lint.settings import Profile
from redcap_iac.views.findings import STYLES, WIDTH, advice_lines, counted, said, wrapped

#: How many findings of one code are shown; errors all are.
SHOWN = {Severity.WARNING: 8, Severity.NOTE: 3}
#: Where what follows a finding's first line begins.
_INDENT = 8


def report_lines(
    report: Report, *, everything: bool = False, width: int = WIDTH, tool: str = "redcap-iac"
) -> Iterator[Text]:
    """Yield the findings by file, what repeats folded unless `everything`, then the sum.

    `tool` is how the tool is called for this folder.
    """
    folding = _Folding(everything)
    for file, remarks in groupby(report.remarks, key=_file):
        yield Text(said(file), "bold underline")
        hidden: Counter[str] = Counter()
        for remark in remarks:
            if folding.hides(remark.finding):
                hidden[remark.finding.code] += 1
            else:
                yield from _finding_lines(remark, folding, width)
        if hidden:
            more = ", ".join(f"{number:,} × {code}" for code, number in hidden.most_common())
            yield from wrapped(Text(f"  and {more}", "dim"), 6, width)
        yield Text()
    yield from fault_lines(report.faults)
    yield from wrapped(_sum(report, tool), width=width)
    if folding.has_hidden:
        yield Text(
            "Findings that repeat are counted; --all shows them, --statistics sums up.", "dim"
        )
    if report.remarks:
        gravest = min(report.findings, key=lambda one: list(Severity).index(one.severity))
        yield Text(f"More about a code: redcap-iac explain {gravest.code}", "dim")


def statistics_lines(
    report: Report, width: int = WIDTH, tool: str = "redcap-iac"
) -> Iterator[Text]:
    """Yield a line for each code that found something, the most frequent first, then the sum."""
    titles = {rule.code: parts(rule.docstring).title for rule in report.rules}
    numbers = Counter(finding.code for finding in report.findings)
    fixable = Counter(remark.finding.code for remark in report.remarks if remark.fix)
    severities = {finding.code: finding.severity for finding in report.findings}
    for code, number in sorted(numbers.items(), key=lambda pair: (-pair[1], pair[0])):
        line = Text(f"{number:>6,}  ")
        line.append(f"{severities[code]:7} {code}", STYLES[severities[code]])
        line.append(f"  {titles.get(code, 'Something is let pass that is not there')}")
        if fixable[code]:
            line.append(f" ({fixable[code]:,} with a fix)", "dim")
        yield from wrapped(line, 23, width)
    if numbers:
        yield Text()
    yield from fault_lines(report.faults)
    yield from wrapped(_sum(report, tool), width=width)


def fault_lines(faults: Iterable[Fault]) -> Iterator[Text]:
    """Yield a line for each rule that broke."""
    for fault in faults:
        line = Text("fault ", "bold red")
        line.append(
            f"The rule {fault.rule.code} ({fault.rule.name}) of redcap-iac itself broke:"
            f" {type(fault.error).__name__}. The others went on."
        )
        yield line
        yield from advice_lines("Run it again with -v to see where, and report it.", 4, None)


def rules_lines(
    rules: Sequence[Rule], settings: Sequence[Setting], width: int = WIDTH
) -> Iterator[Text]:
    """Yield a line for each rule, then the settings rules ask for."""
    for rule in rules:
        line = Text()
        line.append(f"{rule.code}  {rule.severity:7}", STYLES[rule.severity])
        line.append(f"  {parts(rule.docstring).title}")
        remarks = [profiles_said(rule), "has fixes" if rule.fixable else ""]
        if any(remarks):
            line.append(f" ({'; '.join(one for one in remarks if one)})", "dim")
        yield from wrapped(line, 16, width)
    if settings:
        yield Text()
        yield Text("Settings", "bold")
        for one in settings:
            yield from wrapped(Text(f"  {one.name}: {said(one.default)}"), 6, width)


def profiles_said(rule: Rule) -> str:
    """Return in which profiles a rule is asked, "" for all."""
    if rule.profiles >= frozenset(Profile):
        return ""
    named = [str(profile) for profile in Profile if profile in rule.profiles]
    return f"profile {', '.join(named)}" if named else "when selected"


class _Folding:
    """Remembers what was shown of each code, and which advice was given."""

    def __init__(self, everything: bool) -> None:
        self._everything = everything
        self._shown: Counter[str] = Counter()
        self._advised: set[tuple[str, str]] = set()
        self.has_hidden = False

    def hides(self, finding: Finding) -> bool:
        """Tell whether a finding is only counted."""
        self._shown[finding.code] += 1
        most = SHOWN.get(finding.severity)
        if self._everything or most is None:
            return False
        hidden = self._shown[finding.code] > most
        self.has_hidden = self.has_hidden or hidden
        return hidden

    def is_new(self, finding: Finding) -> bool:
        """Tell whether this advice about this code was not given yet."""
        advice = (finding.code, finding.advice)
        if advice in self._advised:
            return False
        self._advised.add(advice)
        return True


def _finding_lines(remark: Remark, folding: _Folding, width: int) -> Iterator[Text]:
    finding, at = remark.finding, remark.finding.position
    place = "" if at is None else f"{at.line}:{at.column}"
    line = Text(f"  {place:<7} ", "dim")
    line.append(f"{finding.severity:7} {finding.code}", STYLES[finding.severity])
    line.append(f" {said(finding.message)}")
    if remark.fix:
        line.append(" [fix]", "green")
    yield from wrapped(line, _INDENT, width)
    if folding.is_new(finding):
        yield from advice_lines(finding.advice, _INDENT, width)


def _file(remark: Remark) -> str:
    at = remark.finding.position
    return "without a place in the files" if at is None else at.file


def _sum(report: Report, tool: str) -> Text:
    """Return the sum in a sentence or two."""
    numbers = {severity: report.count(severity) for severity in Severity}
    found = [(counted(number, str(severity)), severity) for severity, number in numbers.items()]
    text = Text()
    if any(numbers.values()):
        for index, (words, severity) in enumerate(one for one in found if one[0][0] != "0"):
            text.append(", " if index else "")
            text.append(words, STYLES[severity])
    else:
        text.append(f"Nothing found by {counted(len(report.rules), 'rule')}", "green")
    if report.suppressed:
        text.append(f"; {counted(len(report.suppressed), 'finding')} let pass")
    text.append(".")
    fixable = sum(bool(remark.fix) for remark in report.remarks)
    if fixable:
        text.append(f" {fixable:,} can be fixed: {tool} lint --fix")
    return text
