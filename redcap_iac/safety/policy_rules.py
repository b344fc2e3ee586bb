"""What breaks a rule: the state there will be, the changes, and how the plan is carried out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from redcap_iac.changes import Delete
from redcap_iac.hazard import Voice
from redcap_iac.kinds import kind_named
from redcap_iac.kinds.kind import encoded
from redcap_iac.kinds.people import folded
from redcap_iac.kinds.powers import Power
from redcap_iac.kinds.roles import KIND as ROLES
from redcap_iac.safety.access import Access, planned
from redcap_iac.safety.loosening import loosened
from redcap_iac.safety.policy import Rule
from redcap_iac.safety.scene import Scene


@dataclass(frozen=True, slots=True)
class Breach:
    """One thing that breaks a rule: whom or what a waiver would name, where, in a sentence."""

    subject: str
    address: str
    sentence: Callable[[Voice], str]
    names: tuple[str, ...] = ()


Judge = Callable[[Rule, Scene], Iterator[Breach]]
#: Words for rights that only those named may hold.
_HELD: Mapping[str, tuple[frozenset[str], str]] = {
    "api_rights_only": (
        frozenset({"api_export", "api_import", "api_modules", "mobile_app_download_data"}),
        "API rights",
    ),
    "user_rights_only": (frozenset({"user_rights"}), "User Rights"),
    "design_only": (frozenset({"design"}), "Project Design and Setup"),
    "record_delete_only": (frozenset({"record_delete"}), "Delete Records"),
    "data_access_groups_only": (frozenset({"data_access_groups"}), "Data Access Groups"),
}


def breaches(rule: Rule, scene: Scene) -> Iterator[Breach]:
    """Yield what breaks a rule, once the plan was applied."""
    return _JUDGES[rule.name](rule, scene)


def _people(rule: Rule, scene: Scene) -> Iterator[Access]:
    """Yield everybody whom a rule binds and who has access once the plan was applied."""
    roles = {role.unique_name: ROLES.address(role) for role in ROLES.items(scene.difference.final)}
    allowed = {name if name.startswith("role/") else folded(name) for name in rule.allow}
    for key, one in planned(scene.difference.final, scene.today).items():
        if not one.ended and not {key, roles.get(one.role, "")} & allowed:
            yield one


def _is_unseen(scene: Scene) -> bool:
    return "users" not in scene.difference.final


def _about(one: Access, sentence: str) -> Breach:
    return Breach(
        one.username,
        f"user/{encoded(one.username)}",
        lambda voice: sentence.replace("{}", voice.people([one.username])),
        (one.username,),
    )


def _unseen() -> Breach:
    return Breach("users", "project/users", lambda _: "who may do what cannot be read.")


def _holding(
    rule: Rule, scene: Scene, said: str, breaks: Callable[[Power], bool]
) -> Iterator[Breach]:
    if _is_unseen(scene):
        yield _unseen()
    for one in _people(rule, scene):
        if not one.is_known:
            yield _about(one, f"{{}} may hold {said}: their rights cannot be seen.")
        elif any(map(breaks, one.powers())):
            yield _about(one, f"{{}} would hold {said}.")


def _held(rule: Rule, scene: Scene) -> Iterator[Breach]:
    rights, said = _HELD[rule.name]
    return _holding(rule, scene, said, lambda power: power[0] == "right" and power[1] in rights)


def _identifiers(rule: Rule, scene: Scene) -> Iterator[Breach]:
    identifying: Collection[str] = {
        str(getattr(field, "form_name", ""))
        for field in scene.after("fields")
        if getattr(field, "identifier", "")
    }

    def breaks(power: Power) -> bool:
        sort, name, how = power
        return sort == "export" and name in identifying and (how == "full" or "raw" in how)

    return _holding(rule, scene, "full export of identifiers", breaks)


def _expiring(rule: Rule, scene: Scene) -> Iterator[Breach]:
    if _is_unseen(scene):
        yield _unseen()
    if scene.today is None:
        return
    last = (scene.today + timedelta(days=rule.days)).isoformat()
    for one in _people(rule, scene):
        if one.expires == "" or one.expires > last:
            until = f"ends on {one.expires}" if one.expires else "has no end"
            yield _about(one, f"access of {{}} {until}; {rule.days} days from now is the limit.")


def _in_a_group(rule: Rule, scene: Scene) -> Iterator[Breach]:
    if _is_unseen(scene):
        yield _unseen()
    for one in _people(rule, scene):
        if one.site == "":
            yield _about(one, "{} would be in no group and see every site.")


def _in_a_role(rule: Rule, scene: Scene) -> Iterator[Breach]:
    if _is_unseen(scene):
        yield _unseen()
    for one in _people(rule, scene):
        if one.role == "":
            yield _about(one, "{} would have rights of their own instead of a role.")


def _approved(rule: Rule, scene: Scene) -> Iterator[Breach]:  # noqa: ARG001 - needs no more
    over = scene.oversight
    author, approver = ({name.casefold() for name in who} for who in (over.author, over.approver))
    if not author or not approver:
        missing = "who wrote the change" if not author else "who approved it"
        yield _of_run("approval", f"{missing} is not known.")
    elif author & approver:
        yield _of_run("approval", "whoever wrote the change approved it.")


def _deletions(rule: Rule, scene: Scene) -> Iterator[Breach]:
    for change in scene.difference.changes:
        unit = str(kind_named(change.kind).unit)
        if isinstance(change, Delete) and unit in rule.names:
            said = f"{change.address} would be deleted; {unit} may not be."
            yield Breach(change.address, change.address, lambda _, said=said: said)  # type: ignore[misc]


def _based(rule: Rule, scene: Scene) -> Iterator[Breach]:  # noqa: ARG001 - needs no more
    if scene.base == "" and not scene.fresh and scene.difference.changes:
        yield _of_run("base", "no base was given, so outside changes cannot be told (--base REF).")


def _kept(rule: Rule, scene: Scene) -> Iterator[Breach]:  # noqa: ARG001 - needs no more
    if not scene.oversight.has_state_dir:
        yield _of_run("state_dir", "no durable folder is named for backups, journals and evidence.")


def _young(rule: Rule, scene: Scene) -> Iterator[Breach]:
    if scene.oversight.plan_hours > rule.hours:
        yield _of_run(
            "plan_max_age",
            f"a saved plan may be applied for {scene.oversight.plan_hours} hours;"
            f" {rule.hours} is the limit (`plan_max_age:`).",
        )


def _guarded(rule: Rule, scene: Scene) -> Iterator[Breach]:
    """Judge the guards against those at the base; without one they may all have been loosened."""
    if scene.base == "":
        yield from _based(rule, scene)
    elif scene.base_guards is not None:
        for subject, said in loosened(scene.base_guards, scene.guards):
            yield _of_run(subject, f"{said} (since {scene.base}).")


def _nothing(rule: Rule, scene: Scene) -> Iterator[Breach]:  # noqa: ARG001 - judged by the hazards
    return iter(())


def _of_run(subject: str, sentence: str) -> Breach:
    return Breach(subject, f"project/{subject}", lambda _: sentence)


_JUDGES: Mapping[str, Judge] = {
    **dict.fromkeys(_HELD, _held),
    "full_export_of_identifiers_only": _identifiers,
    "users_expire_within": _expiring,
    "everyone_in_a_dag": _in_a_group,
    "everyone_in_a_role": _in_a_role,
    "approver_is_not_author": _approved,
    "no_deletion_of": _deletions,
    "require_base": _based,
    "require_state_dir": _kept,
    "plans_apply_within": _young,
    "no_acceptance_of": _nothing,
    "guards_not_loosened": _guarded,
}
