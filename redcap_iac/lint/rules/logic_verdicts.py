"""Conditions that no answer can change."""

from __future__ import annotations

from collections.abc import Iterator

from redcap_iac.design import Design, Purpose
from redcap_iac.findings import Severity
from redcap_iac.lint.rule import Found, rule
from redcap_iac.lint.rules.logic_remarks import (
    Judged,
    at_site,
    judged,
    missing_codes,
    outside_limits,
)
from redcap_iac.lint.settings import Settings
from redcap_iac.logic import SmartVariable
from redcap_iac.logic.tree import ungrouped, walk
from redcap_iac.logic.types_mistakes import shown
from redcap_iac.logic.verdicts import Decided, Verdict


@rule("LG012", Severity.WARNING)
def events_told_apart_wrongly(design: Design, settings: Settings) -> Iterator[Found]:
    """Comparisons of the event's name are joined so that the condition never changes.

    Why: A form is open on one event: `<>` joined with `or` is always true, `=` joined with `and`
    never.

    Bad:
        fields:
          why: {type: text, label: Why?,
            branching: "[event-name] <> 'a_arm_1' or [event-name] <> 'b_arm_1'"}

    Good:
        fields:
          why: {type: text, label: Why?,
            branching: "[event-name] <> 'a_arm_1' and [event-name] <> 'b_arm_1'"}

    Instead: Join `<>` with `and`, `=` with `or`.
    """
    for one, part in _decided(design, settings):
        if _asks_event(part):
            advice = "Join `<>` with and, `=` with or."
            yield at_site(one.site, f"is {part.verdict.value}: {shown(part.tree)}", advice)


@rule("LG021", Severity.WARNING)
def never_true(design: Design, settings: Settings) -> Iterator[Found]:
    """A condition is true for no answer at all.

    Why: The field is never shown, or a branch of the calculation never taken. Every value each
    field can have was tried, blank among them.

    Bad:
        fields:
          site: {type: radio, label: Site, choices: {1: North, 2: South, 3: West}}
          why: {type: text, label: Why?, branching: "[site] = '1' and [site] = '2'"}

    Good:
        fields:
          site: {type: radio, label: Site, choices: {1: North, 2: South, 3: West}}
          why: {type: text, label: Why?, branching: "[site] = '1' or [site] = '2'"}

    Instead: Look whether `or` is meant; a field to be hidden on purpose says so with `@HIDDEN`.
    """
    for one, part in _decided(design, settings):
        if part.verdict is Verdict.NEVER and not _asks_event(part):
            yield at_site(one.site, *_never(one, part))


@rule("LG022", Severity.WARNING)
def always_true(design: Design, settings: Settings) -> Iterator[Found]:
    """A condition is true whatever is answered.

    Why: It hides nothing and chooses nothing. Every value each field can have was tried, blank
    among them.

    Bad:
        fields:
          site: {type: radio, label: Site, choices: {1: North, 2: South, 3: West}}
          why: {type: text, label: Why?, branching: "[site] <> '1' or [site] <> '2'"}

    Good:
        fields:
          site: {type: radio, label: Site, choices: {1: North, 2: South, 3: West}}
          why: {type: text, label: Why?, branching: "[site] <> '1' and [site] <> '2'"}

    Instead: Look whether `and` is meant, else leave the condition out.
    """
    for one, part in _decided(design, settings):
        if part.verdict is Verdict.ALWAYS and not _asks_event(part):
            advice = "Look whether `and` is meant, else leave the condition out."
            yield at_site(one.site, f"is always true{_part(one, part)}", advice)


@rule("LG036", Severity.NOTE, profiles=frozenset())
def outside_the_limits(design: Design, settings: Settings) -> Iterator[Found]:
    """A condition is decided as long as numbers stay between the limits of their fields.

    Why: REDCap warns of a number outside its limits but takes it; if the condition is there for
    such values, all is well, else a limit or the condition has the wrong number. In no profile:
    conditions that wait for values out of range are common; choose the rule to see them.

    Bad:
        fields:
          age: {type: text, validation: integer, min: "18", max: "99", label: Age}
          guardian: {type: text, label: Guardian, branching: "[age] > 0 and [age] < 18"}

    Good:
        fields:
          age: {type: text, validation: integer, min: "12", max: "99", label: Age}
          guardian: {type: text, label: Guardian, branching: "[age] > 0 and [age] < 18"}

    Instead: Compare the limits of the field with the condition; set the one that is wrong right.
    """
    for one in outside_limits(design, settings):
        for part in one.decided:
            clause = f"is {part.verdict.value} while every number keeps its limits"
            yield at_site(one.site, f"{clause}{_part(one, part)}", "Compare limits and condition.")


def _decided(design: Design, settings: Settings) -> Iterator[tuple[Judged, Decided]]:
    for one in judged(design, missing_codes(settings)):
        for part in one.decided:
            yield one, part


def _never(one: Judged, part: Decided) -> tuple[str, str]:
    if one.site.purpose is Purpose.BRANCHING and _is_whole(one, part):
        clause = f"is never true, so that the field is never shown: {shown(part.tree)}"
    else:
        clause = f"is never true{_part(one, part)}"
    return clause, "Look whether `or` is meant; a field hidden on purpose says so with @HIDDEN."


def _part(one: Judged, part: Decided) -> str:
    return f": {shown(part.tree)}" if _is_whole(one, part) else f" in one part: {shown(part.tree)}"


def _is_whole(one: Judged, part: Decided) -> bool:
    return one.site.tree is not None and ungrouped(one.site.tree) == part.tree


def _asks_event(part: Decided) -> bool:
    nodes = tuple(walk(part.tree))
    asked = [node for node in nodes if isinstance(node, SmartVariable)]
    return bool(asked) and all(node.name.lower() == "event-name" for node in asked)
