"""A package: what a person uploads for a change in production, and all its reviewers ask for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from redcap_iac.calls import Key, Made
from redcap_iac.changes import Create, Delete
from redcap_iac.findings import Finding
from redcap_iac.formats.dictionary_csv import write_dictionary
from redcap_iac.formats.schedule_csv import write_arms, write_designations, write_events
from redcap_iac.hazard import UNKNOWN, Count, Guards
from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.kinds.grants import instruments_of
from redcap_iac.plan import Plan, PlannedChange
from redcap_iac.production.apart import Apart, fields_of
from redcap_iac.production.clicks import (
    DESIGNATIONS_PAGE,
    EVENTS_PAGE,
    Click,
    When,
    Who,
    clicks,
)
from redcap_iac.production.prediction import (
    Approval,
    Prediction,
    Setting,
    perhaps_identifying,
    predict,
)
from redcap_iac.production.schedule import Part, parts
from redcap_iac.state import Item, Live

DICTIONARY = "data_dictionary.csv"
ARMS, EVENTS, DESIGNATIONS = "arms.csv", "events.csv", "designations.csv"
_DESIGNER_PAGE = "Online Designer (Draft Mode) > Upload a data dictionary"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file, the page that takes it, who may upload it there and whether before the draft."""

    name: str
    page: str
    who: Who
    when: When
    content: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Package:
    """Everything a change in production needs outside the API.

    `plan` is what it was made from; `fields` the dictionary of the draft there should be, `live`
    the one there is; `changes` what is packaged, `theirs` what a colleague's draft brought (merged
    from the file `draft`); `hazards` those of the packaged part. `setting` is the server's, as
    declared or the strictest; `records` how many there are. `parts` is the schedule as it is to be;
    `held` is what only a second package removes, once values were copied.
    """

    plan: Plan
    live: tuple[Field, ...]
    fields: tuple[Field, ...]
    changes: tuple[PlannedChange, ...]
    hazards: tuple[Finding, ...]
    uploads: tuple[Upload, ...]
    clicks: tuple[Click, ...]
    parts: tuple[Part, ...]
    prediction: Prediction
    setting: Setting
    is_declared: bool
    records: Count
    identifying: tuple[str, ...]
    draft: str = ""
    theirs: tuple[PlannedChange, ...] = ()
    held: tuple[PlannedChange, ...] = ()

    @property
    def drafts(self) -> bool:
        """Tell whether there is anything for Draft Mode; the schedule alone needs none."""
        return any(upload.name == DICTIONARY for upload in self.uploads)

    def approval(self, setting: Setting) -> Approval:
        """Return how a server with this setting would approve the draft."""
        return self.prediction.approval(setting, certain(self.records))


@dataclass(frozen=True, slots=True)
class Colleague:
    """A colleague's draft merged into ours: the file, the result, what it brought."""

    file: str
    fields: tuple[Field, ...]
    changes: tuple[PlannedChange, ...]


def make_package(
    plan: Plan,
    live: Live,
    apart: Apart,
    guards: Guards,
    colleague: Colleague | None = None,
) -> Package:
    """Put a package together from a plan in production; pure.

    `colleague` is somebody's draft with which the dictionary was merged.
    """
    before = fields_of(live.state)
    fields = apart.fields if colleague is None else colleague.fields
    packaged = apart.addresses(apart.packaged)
    held = apart.addresses(apart.held)
    return Package(
        plan=plan,
        live=before,
        fields=fields,
        changes=tuple(change for change in plan.changes if change.address in packaged),
        hazards=tuple(one for one in plan.findings if _is_for_reviewers(one, plan.waiting)),
        uploads=tuple(_uploads(apart, live, before, fields)),
        clicks=clicks(apart.packaged, apart.final, live.state, plan.todo),
        parts=parts(apart.final, live.state),
        prediction=predict(before, fields),
        setting=declared_setting(guards),
        is_declared=bool(guards.auto_approval),
        records=records(plan),
        identifying=perhaps_identifying(before, fields),
        held=tuple(change for change in plan.changes if change.address in held),
        draft="" if colleague is None else colleague.file,
        theirs=() if colleague is None else colleague.changes,
    )


def declared_setting(guards: Guards) -> Setting:
    """Return when the server approves by itself: as the environment says, else never."""
    return Setting(guards.auto_approval) if guards.auto_approval else Setting.NEVER


def records(plan: Plan) -> Count:
    """Return how many records there are, as the plan counted them for its package."""
    counts = (f.stake.count for f in plan.findings if f.code == "H140" and f.stake is not None)
    return next((count for count in counts if count is not None), UNKNOWN)


def certain(count: Count) -> int | None:
    """Return a number of records as a review would have it, None when it may be none or some."""
    return None if count.number == 0 and count.at_least else count.number


def _is_for_reviewers(finding: Finding, waiting: frozenset[str]) -> bool:
    """Tell whether a hazard belongs on the page: of the design, or of access that waits for it."""
    if finding.stake is None or finding.code in _OWN:
        return False
    return not finding.address.startswith(_ACCESS) or finding.address in waiting


#: What the plan says of the package itself, and of its base.
_OWN = frozenset({"H140", "H141", "H143"})
_ACCESS = ("role/", "user/", "dag/", "project/")


def _uploads(
    apart: Apart, live: Live, before: Sequence[Field], fields: Sequence[Field]
) -> Iterator[Upload]:
    """Yield the files, each only when it changes something."""
    yield from _schedule(apart, live)
    if tuple(before) != tuple(fields):
        has_sql = any(field.field_type == "sql" for field in fields)
        note = "It holds sql fields, which only administrators may upload." if has_sql else ""
        who = Who.ADMINISTRATOR if has_sql else Who.YOU
        text = write_dictionary(fields)
        yield Upload(DICTIONARY, _DESIGNER_PAGE, who, When.BEFORE, text, note)
    yield from _designations(apart)


def _schedule(apart: Apart, live: Live) -> Iterator[Upload]:
    new: dict[str, list[Any]] = {"arms": [], "events": []}
    for change in apart.packaged:
        if isinstance(change, Create) and change.kind in new:
            new[change.kind].append(change.after)
    if new["arms"]:
        yield Upload(ARMS, EVENTS_PAGE, Who.YOU, When.BEFORE, write_arms(new["arms"]), _MAYBE)
    if new["events"]:
        text = write_events(new["events"], scheduling=_schedules(live))
        yield Upload(EVENTS, EVENTS_PAGE, Who.YOU, When.BEFORE, text, _MAYBE)


#: Servers differ in whether users may add to the schedule of a project in production (recorded).
_MAYBE = "If the page offers you no upload, your server leaves it to administrators."
_UNTICKS = "It takes instruments off events, which in production only administrators may."


def _schedules(live: Live) -> bool:
    settings = live.state.kinds.get("project", ())
    return any(
        getattr(one, "name", "") == "scheduling_enabled" and getattr(one, "value", "") == "1"
        for one in settings
    )


def _designations(apart: Apart) -> Iterator[Upload]:
    """Yield all designations, when any changes and REDCap has named every event already."""
    changes = [change for change in apart.packaged if change.kind == "designations"]
    kinds = apart.final.kinds
    arms: Mapping[Key, int] = {item.unique_name: item.arm for item in _events(kinds)}
    place = {name: number for number, name in enumerate(instruments_of(apart.final))}
    rows = [one for one in kinds.get("designations", ()) if _is_whole(one, arms, place)]
    if not changes or not rows or any(isinstance(event, Made) for event in arms):
        return
    order = {key: number for number, key in enumerate(arms)}
    found: list[Any] = list(rows)
    found.sort(key=lambda one: (arms[one.event], order[one.event], place[one.instrument]))
    unticks = any(
        isinstance(change, Delete) and _is_whole(change.before, arms, place) for change in changes
    )
    who, note = (Who.ADMINISTRATOR, _UNTICKS) if unticks else (Who.YOU, _MAYBE)
    text = write_designations(found, arms)
    yield Upload(DESIGNATIONS, DESIGNATIONS_PAGE, who, When.AFTER, text, note)


def _events(kinds: Mapping[str, tuple[Item, ...]]) -> tuple[Any, ...]:
    return kinds.get("events", ())


def _is_whole(one: Any, arms: Mapping[Key, int], forms: Mapping[str, int]) -> bool:  # noqa: ANN401
    return one.event in arms and one.instrument in forms
