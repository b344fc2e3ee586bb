"""UR: rights that roles hold: too many, of no effect, twice the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from redcap_iac.design import Design
from redcap_iac.findings import Severity
from redcap_iac.kinds.rights import BY_NAME, is_granted
from redcap_iac.lint.rule import Found, rule
from redcap_iac.lint.rules.holders import Holder, asked, holders
from redcap_iac.lint.rules.wording import BEFORE_PRODUCTION, said
from redcap_iac.lint.settings import Profile, Settings
from redcap_iac.suggestions import in_words

REVIEWED = frozenset({Profile.GO_LIVE, Profile.PART11})
#: Features by REDCap's setting: the manifest's key, and the rights that need it.
_FEATURES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "surveys_enabled": ("surveys", ("manage_survey_participants",)),
    "randomization_enabled": (
        "randomization",
        ("random_setup", "random_dashboard", "random_perform"),
    ),
}
#: A right that does nothing without another one.
_HANGS_ON = {"mobile_app_download_data": "mobile_app"}
_API = ("api_import", "api_modules")
#: Roles made to grant nothing, by what they are called (judged).
_NOTHING = ("no access", "noaccess", "none", "former", "inactive", "left", "suspended", "archived")


@rule("UR010", Severity.NOTE, profiles=REVIEWED)
def may_delete(design: Design, _settings: Settings) -> Iterator[Found]:
    """The right to delete records, or data of an instrument, is given for good.

    Why: What is deleted cannot be restored. The advice is to grant the right for the moment it is
    needed (knowledge base), and in a plan each time shows who, when and why.

    Bad:
        roles:
          Nurse: {rights: {record_delete: true}, instruments: {"*": edit}}
    Good:
        roles:
          Nurse: {rights: {record_create: true}, instruments: {"*": edit}}
    Instead: Grant it when it is needed and take it back.
    """
    for holder in holders(design):
        forms = [name for name in asked(design) if "delete" in holder.view(name)]
        what = ["records"] if holder.has("record_delete") else []
        what += ["data of instruments"] if forms else []
        if what:
            yield holder.at_them(
                f"may delete {in_words(what, 'and')} at any time",
                "Grant it when it is needed and take it back.",
            )


@rule("UR011", Severity.NOTE, profiles=REVIEWED)
def may_rename(design: Design, _settings: Settings) -> Iterator[Found]:
    """The right to rename records is given for good.

    Why: Everything outside that knows a record by its name loses it: consent forms, samples,
    earlier exports. It is rarely needed (knowledge base).

    Bad:
        roles:
          Nurse: {rights: {record_rename: true}, instruments: {"*": edit}}
    Good:
        roles:
          Nurse: {rights: {record_create: true}, instruments: {"*": edit}}
    Instead: Grant it when it is needed and take it back.
    """
    for holder in holders(design):
        if holder.has("record_rename"):
            yield holder.at_them(
                "may rename records at any time", "Grant it when it is needed and take it back."
            )


@rule("UR012", Severity.NOTE, profiles=REVIEWED)
def writes_through_the_api(design: Design, settings: Settings) -> Iterator[Found]:
    """Somebody may write through the API.

    `api_holders` in the settings names the roles and users who are to.

    Why: A token works without anybody signing in, from any machine, and changes thousands of
    values at once.

    Bad:
        roles:
          Nurse: {rights: {api_import: true}, instruments: {"*": edit}}
    Good:
        lint: {settings: {api_holders: [Loader]}}
        roles:
          Loader: {rights: {api_import: true}, instruments: {"*": edit}}
    Instead: Keep it in a role of its own, named under `lint: settings: api_holders:`.
    """
    allowed = settings.list("api_holders", ())
    for holder in holders(design):
        held = [BY_NAME[right].label for right in _API if holder.has(right)]
        if held and holder.name not in allowed:
            yield holder.at_them(
                f"has {in_words(held, 'and')}",
                "Name who is to have it under `lint: settings: api_holders:`.",
            )


@rule("UR024", Severity.NOTE)
def roles_alike(design: Design, _settings: Settings) -> Iterator[Found]:
    """Two roles grant the same.

    Why: A change made to one is forgotten in the other, and whoever assigns people has to guess
    what makes the difference.

    Bad:
        roles:
          Nurse: {rights: {record_create: true}, instruments: {"*": edit}}
          Study nurse: {rights: {record_create: true}, instruments: {"*": edit}}
    Good:
        roles:
          Nurse: {rights: {record_create: true}, instruments: {"*": edit}}
          Monitor: {rights: {logging: true}, instruments: {"*": read_only}}
    Instead: Keep one of them; let it pass with a reason where forms, reports or logic ask for the
    role.
    """
    first: dict[object, Holder] = {}
    for holder in holders(design):
        if holder.role is None or _is_empty(holder, design):
            continue
        other = first.setdefault(_powers(holder, design), holder)
        if other is not holder:
            yield holder.at_them(
                f"grants the same as role {other.name}",
                "Keep one of them.",
            )


@rule("UR026", Severity.NOTE, profiles=BEFORE_PRODUCTION)
def right_without_feature(design: Design, _settings: Settings) -> Iterator[Found]:
    """A right belongs to a feature that is off.

    Why: REDCap's page hides it while the feature is off (knowledge base), and it takes effect,
    unseen, on the day the feature is turned on.

    Bad:
        project: {title: Sleep, randomization: false}
        roles:
          Nurse: {rights: {random_perform: true}, instruments: {"*": edit}}
    Good:
        project: {title: Sleep, randomization: true}
        roles:
          Nurse: {rights: {random_perform: true}, instruments: {"*": edit}}
    Instead: Take the right away, or turn the feature on.
    """
    off = [part for name, part in _FEATURES.items() if design.setting(name) == "0"]
    for holder in holders(design):
        for key, rights in off:
            held = [BY_NAME[right].label for right in rights if holder.has(right)]
            if held:
                yield holder.at_them(
                    f"has {in_words(held, 'and')}, and `{key}` is off",
                    "Take the right away, or turn the feature on.",
                )


@rule("UR030", Severity.NOTE)
def role_of_nothing(design: Design, _settings: Settings) -> Iterator[Found]:
    """A role grants nothing.

    Let off are those whose name says so: no access, former, inactive and the like.

    Why: Whoever is put into it opens the project and finds it empty, and does not know why.

    Bad:
        roles:
          Monitor: {rights: {}, instruments: {"*": none}}
    Good:
        roles:
          Monitor: {rights: {logging: true}, instruments: {"*": read_only}}
          No access: {rights: {}, instruments: {"*": none}}
    Instead: Say what it may do, or call it what it is.
    """
    for holder in holders(design):
        role = holder.role
        if role is not None and not said(role.label, _NOTHING) and _is_empty(holder, design):
            yield holder.at_them("grants nothing", "Say what it may do, or take it out.")


@rule("UR033", Severity.WARNING)
def right_of_no_effect(design: Design, _settings: Settings) -> Iterator[Found]:
    """A right does nothing without another one that is not given.

    Downloading data to the mobile app needs the right to use the app.

    Why: People are told they may, and cannot.

    Bad:
        roles:
          Field worker: {rights: {mobile_app_download_data: true}, instruments: {"*": edit}}
    Good:
        roles:
          Field worker:
            rights: {mobile_app: true, mobile_app_download_data: true}
            instruments: {"*": edit}
    Instead: Give both or none.
    """
    for holder in holders(design):
        for right, other in _HANGS_ON.items():
            if holder.has(right) and not holder.has(other):
                yield holder.at_them(
                    f"has `{right}`, which does nothing without `{other}`", "Give both or none."
                )


@rule("UR039", Severity.NOTE, profiles=BEFORE_PRODUCTION)
def nobody_creates_records(design: Design, _settings: Settings) -> Iterator[Found]:
    """People may fill in instruments, and nobody may create a record.

    Said where people are declared. Let off are projects with surveys, and those into which somebody
    imports.

    Why: The first record cannot be entered.

    Bad:
        roles:
          Nurse: {rights: {reports: true}, instruments: {"*": edit}}
        users: {aboyd: {role: Nurse}}
    Good:
        roles:
          Nurse: {rights: {record_create: true}, instruments: {"*": edit}}
        users: {aboyd: {role: Nurse}}
    Instead: `record_create: true` for those who enrol.
    """
    everyone = holders(design)
    makes = ("record_create", "api_import", "data_import_tool")
    if design.setting("surveys_enabled") == "1" or not design.users:
        return
    if any(holder.has(right) for holder in everyone for right in makes):
        return
    if any(holder.edits_any(design) for holder in everyone):
        yield Found(
            "project/roles",
            "People may fill in instruments, and nobody declared here may create a record.",
            advice="Grant `record_create: true` to those who enrol.",
        )


@rule("UR040", Severity.NOTE, profiles=BEFORE_PRODUCTION)
def nobody_sends_surveys(design: Design, _settings: Settings) -> Iterator[Found]:
    """Surveys are on, and nobody may distribute them.

    Said where people are declared.

    Why: Nobody can send an invitation or look up a link.

    Bad:
        project: {title: Sleep, surveys: true}
        roles:
          Nurse: {rights: {record_create: true}, instruments: {"*": edit}}
        users: {aboyd: {role: Nurse}}
    Good:
        project: {title: Sleep, surveys: true}
        roles:
          Nurse:
            rights: {record_create: true, manage_survey_participants: true}
            instruments: {"*": edit}
        users: {aboyd: {role: Nurse}}
    Instead: `manage_survey_participants: true` for those who invite.
    """
    everyone = holders(design)
    if design.setting("surveys_enabled") != "1" or not design.users:
        return
    if not any(holder.has("manage_survey_participants") for holder in everyone):
        yield Found(
            "project/surveys",
            "Surveys are on, and nobody declared here may distribute them.",
            design.setting_place("surveys_enabled"),
            "Grant `manage_survey_participants: true` to those who invite.",
        )


def _powers(holder: Holder, design: Design) -> object:
    rights = frozenset(pair for pair in holder.grants.rights if is_granted(pair[1]))
    levels = tuple((holder.view(name), holder.export(name)) for name in asked(design))
    return rights, levels


def _is_empty(holder: Holder, design: Design) -> bool:
    levels = (level for name in asked(design) for level in (holder.view(name), holder.export(name)))
    return not any(map(is_granted, (*(level for _, level in holder.grants.rights), *levels)))
