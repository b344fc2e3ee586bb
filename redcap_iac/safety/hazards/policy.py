"""P101 to P191: rules that the plan, or the state it leads to, would break."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from redcap_iac.findings import Finding, Severity
from redcap_iac.hazard import Answer, Undoable, Voice
from redcap_iac.safety.hazards import Counts
from redcap_iac.safety.policy import WAIVED, WAIVER_ENDED, Policy, Rule, Strength, Waiver
from redcap_iac.safety.policy_rules import Breach, breaches
from redcap_iac.safety.scene import Scene

_OPENING = frozenset({Answer.ACCEPTANCE, Answer.COMMAND_LINE, Answer.MIGRATION})


def found(scene: Scene, counts: Counts) -> Iterator[Finding]:  # noqa: ARG001 - counts nothing
    """Tell what breaks the rules that hold here, what is excused, and which excuse has ended."""
    told: dict[tuple[str, str, str], Finding] = {}
    for policy, rule in _rules(scene):
        for breach in breaches(rule, scene):
            finding = _judged(policy, rule, breach, scene)
            key = (finding.code, finding.address, finding.message.partition(":")[2])
            if key not in told or finding.severity is Severity.ERROR:
                told[key] = finding
    yield from told.values()
    for policy in scene.oversight.policies:
        yield from _ended(policy, scene)


def tightened(findings: Iterable[Finding], scene: Scene) -> Iterator[Finding]:
    """Yield findings; hazards that a policy lets nobody accept are refused (P112)."""
    rules = [(policy, rule) for policy, rule in _rules(scene) if rule.name == "no_acceptance_of"]
    for finding in findings:
        stake = finding.stake
        concerned = [
            (policy, rule)
            for policy, rule in rules
            if finding.code in rule.names
            and stake is not None
            and stake.answer in _OPENING
            and _waiver(policy, rule, finding.address, scene) is None
        ]
        blocking = [rule for _, rule in concerned if rule.strength is Strength.BLOCK]
        if blocking and stake is not None:
            yield replace(
                finding,
                severity=Severity.ERROR,
                stake=replace(stake, answer=Answer.REFUSED),
                advice=f"{finding.advice}\n{_named(blocking[0])} lets nobody accept it.".strip(),
            )
            continue
        yield finding
        for _, rule in concerned:
            yield Finding(
                rule.code, Severity.WARNING, f"{_named(rule)}: {finding.code} should not be"
                " accepted.", rule.at, finding.address,
            )  # fmt: skip


def _rules(scene: Scene) -> Iterator[tuple[Policy, Rule]]:
    over = scene.oversight
    for policy in over.policies:
        for rule in policy.rules:
            if rule.reach.covers(scene.live.target, over.environment, scene.guards.data):
                yield policy, rule


def _judged(policy: Policy, rule: Rule, breach: Breach, scene: Scene) -> Finding:
    waiver = _waiver(policy, rule, breach.subject, scene)

    def sentence(voice: Voice) -> str:
        said = breach.sentence(voice)
        if waiver is None:
            return f"{_named(rule)}: {said}"
        return (
            f"{_named(rule)}: {said.rstrip('.')}; waived by {voice.people([waiver.who])} until"
            f" {waiver.until}."
        )

    blocks = rule.strength is Strength.BLOCK and waiver is None
    made = scene.hazard(
        rule.code if waiver is None else WAIVED,
        f"{rule.code} {breach.address} {breach.sentence(Voice())}",
        sentence,
        Answer.REFUSED if blocks else Answer.NOTE,
        Undoable.YES,
        address=breach.address,
        names=breach.names,
        advice=_advice(rule, waiver),
        at=rule.at if waiver is None else waiver.at,
    )
    advised = waiver is None and not blocks
    return replace(made, severity=Severity.WARNING) if advised else made


def _waiver(policy: Policy, rule: Rule, subject: str, scene: Scene) -> Waiver | None:
    given = (
        waiver
        for waiver in scene.oversight.waivers(policy)
        if waiver.excuses(rule, subject) and not waiver.has_ended(scene.today)
    )
    return next(given, None)


def _ended(policy: Policy, scene: Scene) -> Iterator[Finding]:
    for waiver in policy.waivers:
        if waiver.has_ended(scene.today):
            yield Finding(
                WAIVER_ENDED,
                Severity.WARNING,
                f"A waiver of {waiver.rule} ended on {waiver.until} and excuses nothing any more.",
                waiver.at,
                "project/policy",
                "Take it out, or have it given anew.",
            )


def _named(rule: Rule) -> str:
    place = "" if rule.at is None else f" ({rule.at.file}:{rule.at.line})"
    return f"Policy {rule.name}{place}"


def _advice(rule: Rule, waiver: Waiver | None) -> str:
    if waiver is not None:
        return f"Why: {waiver.why}" if waiver.why else ""
    why = f"Why: {rule.why}\n" if rule.why else ""
    return f"{why}Change the manifest, or have a waiver given where the rule stands."
