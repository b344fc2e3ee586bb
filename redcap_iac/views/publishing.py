"""A plan for everybody to read: without names of people, small numbers and calls."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import unquote

from redcap_iac.changes import Aspect, Normal, Value
from redcap_iac.findings import Finding
from redcap_iac.hazard import SMALL, Acceptance, Answer, Count, Stake
from redcap_iac.plan import Plan, PlannedChange, Shift, Stage
from redcap_iac.production.package import Package

#: What stands for a date or an address of one person.
_A_DATE, _HIDDEN = "a date", "not published"
_DATES = frozenset({"expires", "expiration"})
#: Settings of a project that name or reach a person.
_PERSONAL_SETTINGS = ("project/pi", "project/project_pi")
#: Somebody's address in a sentence.
_IN_TEXT = re.compile(r"\buser/([\w.@%+-]*\w)")
_E_MAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")


def published(plan: Plan) -> Plan:
    """Return the plan as it may be published; one that was published already is left as it is.

    People become numbers in the order they appear (`user/1`), e-mail addresses and days that
    access ends are left out, so are calls, fingerprints and why somebody accepted what; numbers of
    records below 5 are not told, and neither is a sum that would tell them. Sites, instruments,
    fields and the project's title stay.
    """
    if plan.public:
        return plan
    people = _People(plan)
    findings = tuple(_finding(finding, people) for finding in plan.findings)
    return replace(
        plan,
        public=True,
        target=replace(plan.target, user="", title=people.hidden(plan.target.title)),
        fingerprint={},
        steps=(),
        changes=tuple(_change(change, people) for change in plan.changes),
        findings=findings,
        stopped=tuple(f"{f.code} {f.message}" for f in findings if _is_stop(f, plan)),
        todo=tuple(map(people.hidden, plan.todo)),
        acceptances=tuple(_acceptance(given, people) for given in plan.acceptances),
        stages=tuple(_stage(stage, people) for stage in plan.stages),
        access=tuple(_shift(shift, people) for shift in plan.access),
    )


def published_package(package: Package) -> Package:
    """Return a package whose pages and record may be published, as a plan may.

    What is uploaded stays as it is, and of fingerprints the dictionary's, which proves the package.
    """
    plan, people = package.plan, _People(package.plan)
    kept = {unit: digest for unit, digest in plan.fingerprint.items() if unit == "fields"}
    return replace(
        package,
        plan=replace(published(plan), fingerprint=kept),
        changes=tuple(_change(change, people) for change in package.changes),
        theirs=tuple(_change(change, people) for change in package.theirs),
        held=tuple(_change(change, people) for change in package.held),
        hazards=tuple(_finding(finding, people) for finding in package.hazards),
        clicks=tuple(replace(one, text=people.hidden(one.text)) for one in package.clicks),
    )


class _People:
    """Everybody a plan names, by number; hides them in texts."""

    def __init__(self, plan: Plan) -> None:
        names = dict.fromkeys(name.casefold() for name in _named(plan) if name)
        self._numbers = {name: number for number, name in enumerate(names, 1)}
        longest_first = sorted(map(re.escape, names), key=len, reverse=True)
        joined = "|".join(longest_first) or r"(?!)"
        self._pattern = re.compile(
            rf"(?P<address>\buser/)?(?<!\w)(?P<name>{joined})(?!\w)",
            re.IGNORECASE,
        )

    def label(self, name: str) -> str:
        """Return `user 1`."""
        return f"user {self._numbers[name.casefold()]}"

    def address(self, address: str) -> str:
        """Return `user/1/role` for `user/jdoe/role`; other addresses without names in them."""
        parts = address.split("/")
        if parts[0] != "user" or len(parts) < 2:
            return self.hidden(address)
        number = self._numbers.get(unquote(parts[1]).casefold())
        known = parts[1] if number is None and parts[1].isdigit() else str(number or "?")
        return "/".join((parts[0], known, *map(self.hidden, parts[2:])))

    def hidden(self, text: str) -> str:
        """Return a text in which everybody is a number and no e-mail address is left."""
        return _E_MAIL.sub(_HIDDEN, self._pattern.sub(self._shown, text))

    def value(self, value: Value) -> Value:
        """Return a value without names: a text, or pairs of them."""
        if isinstance(value, str):
            return self.hidden(value)
        return tuple((self.hidden(one), self.hidden(two)) for one, two in value)

    def _shown(self, found: re.Match[str]) -> str:
        number = self._numbers[found["name"].casefold()]
        return f"user/{number}" if found["address"] else f"user {number}"


def _named(plan: Plan) -> Iterator[str]:
    """Yield everybody a plan names, in the order they appear; sites are no persons."""
    sites = {unquote(c.address.split("/")[1]) for c in plan.changes if c.unit == "dags"}
    for change in plan.changes:
        if change.address.startswith("user/"):
            yield unquote(change.address.split("/")[1])
    for finding in plan.findings:
        if finding.address.startswith("user/"):
            yield unquote(finding.address.split("/")[1])
        texts = (finding.message, finding.advice, finding.stake.public if finding.stake else "")
        yield from (unquote(name) for text in texts for name in _IN_TEXT.findall(text))
        if finding.stake is not None and not finding.address.startswith("dag/"):
            yield from (name for name in finding.stake.names if name not in sites)
    yield from (shift.username for shift in plan.access)
    yield plan.target.user
    for given in plan.acceptances:
        yield given.who
        if not given.address.startswith("dag/"):
            yield from (name for name in given.names or () if name not in sites)


def _change(change: PlannedChange, people: _People) -> PlannedChange:
    personal = change.address.startswith(_PERSONAL_SETTINGS)
    of_user = change.address.startswith("user/")
    name = unquote(change.address.split("/")[1]) if of_user else ""
    return replace(
        change,
        address=people.address(change.address),
        label=people.label(name) if of_user else people.hidden(change.label),
        before=_normal(change.before, people, personal=personal),
        after=_normal(change.after, people, personal=personal),
        aspects=tuple(_aspect(aspect, people, personal=personal) for aspect in change.aspects),
    )


def _normal(normal: Normal | None, people: _People, *, personal: bool) -> Normal | None:
    if normal is None:
        return None
    return tuple((name, _shown(name, v, people, personal=personal)) for name, v in normal)


def _aspect(aspect: Aspect, people: _People, *, personal: bool = False) -> Aspect:
    before = _shown(aspect.name, aspect.before, people, personal=personal)
    after = _shown(aspect.name, aspect.after, people, personal=personal)
    if isinstance(after, str) and before == after and aspect.before != aspect.after:
        after = "another date" if after == _A_DATE else f"{after}, another one"
    return replace(aspect, before=before, after=after)


def _shown(name: str, value: Value, people: _People, *, personal: bool) -> Value:
    if not value:
        return value
    if personal:
        return _HIDDEN
    return _A_DATE if name in _DATES else people.value(value)


def _finding(finding: Finding, people: _People) -> Finding:
    stake = finding.stake
    said = stake.public if stake is not None and stake.public else finding.message
    return replace(
        finding,
        message=people.hidden(said),
        address=people.address(finding.address),
        advice=people.hidden(finding.advice),
        stake=None if stake is None else _stake(stake, finding, people),
    )


def _stake(stake: Stake, finding: Finding, people: _People) -> Stake:
    """Return what is at stake; a digest over names could be guessed, so it is left out there."""
    about_people = bool(stake.names) or finding.address.startswith("user/")
    return replace(
        stake,
        change="" if about_people else stake.change,
        count=None if stake.count is None else _count(stake.count),
        names=(),
        public=people.hidden(stake.public),
    )


def _count(count: Count) -> Count:
    """Return a count that tells no small number: below 5 it is not told at all."""
    small = count.number is not None and 0 < count.number < SMALL
    few = count.of is not None and 0 < count.of < SMALL
    return Count(None if small else count.number, count.at_least, None if few else count.of)


def _acceptance(given: Acceptance, people: _People) -> Acceptance:
    """Return that something was accepted, and until when; by whom and why is not told."""
    return replace(
        given,
        address=people.address(given.address),
        change="",
        at_most=None,
        at_least=False,
        names=None,
        who="",
        why="",
        at=None,
    )


def _stage(stage: Stage, people: _People) -> Stage:
    return replace(
        stage,
        title=people.hidden(stage.title),
        lines=tuple(map(people.hidden, stage.lines)),
        serves=tuple(map(people.address, stage.serves)),
    )


def _shift(shift: Shift, people: _People) -> Shift:
    return replace(
        shift,
        username=people.label(shift.username),
        gained=tuple(_aspect(aspect, people) for aspect in shift.gained),
        lost=tuple(_aspect(aspect, people) for aspect in shift.lost),
    )


def _is_stop(finding: Finding, plan: Plan) -> bool:
    stake = finding.stake
    refused = stake is not None and stake.answer is Answer.REFUSED
    return bool(plan.stopped) and (refused or str(finding.severity) == "error")
