"""`judge`: every chosen rule over a design, and what becomes of what they find."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from redcap_iac.design import Design
from redcap_iac.edits import SetCell
from redcap_iac.findings import Finding, Position, Severity
from redcap_iac.lint.codes import UNUSED, covers
from redcap_iac.lint.registry import all_rules
from redcap_iac.lint.rule import Rule
from redcap_iac.lint.settings import Settings, Suppression
from redcap_iac.lint.suppressing import Places, Suppressor


@dataclass(frozen=True, slots=True)
class Remark:
    """A finding with the change that would settle it; no edits where none is safe."""

    finding: Finding
    fix: tuple[SetCell, ...] = ()


@dataclass(frozen=True, slots=True)
class Passed:
    """A finding let pass, and by which word of the manifest."""

    finding: Finding
    suppression: Suppression


@dataclass(frozen=True, slots=True)
class Fault:
    """A rule that broke: the tool's own fault, never the design's."""

    rule: Rule
    error: Exception


@dataclass(frozen=True, slots=True)
class Report:
    """What judging a design brought up; `remarks` and `suppressed` in the order of their places.

    `unused` are suppressions that let nothing pass (each is a remark LI001 as well), `rules` what
    was asked.
    """

    remarks: tuple[Remark, ...]
    suppressed: tuple[Passed, ...]
    unused: tuple[Suppression, ...]
    faults: tuple[Fault, ...]
    rules: tuple[Rule, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is found and not let pass, in the order of their places."""
        return tuple(remark.finding for remark in self.remarks)

    def count(self, severity: Severity) -> int:
        """Return how many findings are of a severity."""
        return sum(finding.severity is severity for finding in self.findings)


def judge(
    design: Design, settings: Settings | None = None, rules: Sequence[Rule] | None = None
) -> Report:
    """Ask every chosen rule; `rules` are all there are, unless given.

    A rule that breaks is a fault of the report, and the others go on.
    """
    settings = settings or Settings()
    asked = chosen(settings, all_rules() if rules is None else rules)
    places = Places(design)
    suppressor = Suppressor(settings.suppressions, places)
    faults: list[Fault] = []
    kept: dict[Finding, Remark] = {}
    suppressed: dict[Finding, Passed] = {}
    for rule in asked:
        found, fault = _found(rule, design, settings, places)
        faults += [fault] if fault else []
        for remark in found:
            by = suppressor.passing(remark.finding)
            if by is None:
                kept.setdefault(remark.finding, remark)
            else:
                suppressed.setdefault(remark.finding, Passed(remark.finding, by))
    broken = {fault.rule.code for fault in faults}
    unused = suppressor.unused([rule.code for rule in asked if rule.code not in broken])
    for finding in _told(unused, settings):
        by = suppressor.passing(finding)
        if by is None:
            kept.setdefault(finding, Remark(finding))
        else:
            suppressed.setdefault(finding, Passed(finding, by))
    return Report(
        tuple(sorted(kept.values(), key=lambda remark: _order(remark.finding))),
        tuple(sorted(suppressed.values(), key=lambda passed: _order(passed.finding))),
        unused,
        tuple(faults),
        asked,
    )


def chosen(settings: Settings, rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """Return the rules of the profile that are selected and not ignored.

    A whole code among the selected turns its rule on in every profile.
    """
    return tuple(rule for rule in rules if _is_chosen(rule, settings))


def _is_chosen(rule: Rule, settings: Settings) -> bool:
    if any(covers(word, rule.code) for word in settings.ignore):
        return False
    if rule.code in settings.select:
        return True
    named = not settings.select or any(covers(word, rule.code) for word in settings.select)
    return named and settings.profile in rule.profiles


def _found(
    rule: Rule, design: Design, settings: Settings, places: Places
) -> tuple[list[Remark], Fault | None]:
    """Return what a rule finds; what it found before it broke is kept."""
    remarks: list[Remark] = []
    severity = settings.severities.get(rule.code, rule.severity)
    try:
        for one in rule.judge(design, settings):
            at = places.of(one.address) if one.at is None else one.at
            finding = Finding(rule.code, severity, one.message, at, one.address, one.advice)
            remarks.append(Remark(finding, one.fix))
    except Exception as error:  # noqa: BLE001 - one broken rule must not silence the others
        return remarks, Fault(rule, error)
    return remarks, None


def _told(unused: Sequence[Suppression], settings: Settings) -> list[Finding]:
    """Return the suppressions that let nothing pass as findings."""
    if any(covers(word, UNUSED) for word in settings.ignore):
        return []
    severity = settings.severities.get(UNUSED, Severity.WARNING)
    return [
        Finding(
            UNUSED,
            severity,
            f"{one.code} is let pass here, and nothing is found that it would let pass.",
            one.at,
            one.where,
            "Take the line out; should it come up again, it will be told.",
        )
        for one in unused
    ]


def _order(finding: Finding) -> tuple[bool, Position, str, str, str]:
    at = finding.position
    nowhere = Position("", 0, 0)
    return (at is None, at or nowhere, finding.code, finding.address, finding.message)
