"""H121, H122, H124 to H127: who would see, take or change more, for good or between two calls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from redcap_iac.changes import Aspect, Delete
from redcap_iac.findings import Finding
from redcap_iac.hazard import Answer, Undoable, Voice
from redcap_iac.kinds.dictionary.hints import followed
from redcap_iac.kinds.kind import Work, encoded
from redcap_iac.kinds.people import Whereabouts, folded
from redcap_iac.kinds.powers import Power
from redcap_iac.kinds.roles import KIND as ROLES
from redcap_iac.safety.access import (
    Access,
    People,
    aspects,
    excess,
    planned,
    present,
    under_new_names,
)
from redcap_iac.safety.hazards import Counts
from redcap_iac.safety.scene import Scene
from redcap_iac.safety.sequence import access_steps, moments
from redcap_iac.safety.widening import instruments, widened


def found(scene: Scene, counts: Counts) -> Iterator[Finding]:  # noqa: ARG001 - counts nothing
    """Tell whose access widens, and what happens on the way.

    In a project just created nobody had access and there is nothing to see: people get it there
    as declared.
    """
    if "users" not in scene.live.state:
        return
    before = present(scene.live.state, scene.today)
    after = planned(scene.difference.final, scene.today)
    yield from _emptied(scene)
    if not scene.fresh:
        yield from _without_group(scene, before, after)
        yield from _widened(scene, under_new_names(before, _renames(scene)), after)
        yield from _given_back(scene, before, after)
        yield from _stored(scene, after)
        yield from _on_the_way(scene, before, after)


def _renames(scene: Scene) -> Mapping[str, str]:
    """Return the instruments that get another name, old → new."""
    return followed(scene.difference.desired.state, scene.live.state).instruments


def _without_group(scene: Scene, before: People, after: People) -> Iterator[Finding]:
    """H121: somebody of one site would see all of them."""
    for key, one in after.items():
        was = before.get(key)
        if was is None or was.site == "" or one.site != "" or one.ended:
            continue
        yield _about(
            scene, "H121", one.username, f"{was.site_named} {one.site}",
            "{} would be in no group and see the records of every site.",
            Answer.ACCEPTANCE, part="/dag",
            advice="Name the group they are to be in: `dag:`.",
        )  # fmt: skip


def _widened(scene: Scene, before: People, after: People) -> Iterator[Finding]:
    """H122: one hazard a role or user, with everybody who gains by it."""
    roles = {role.unique_name: role for role in ROLES.items(scene.difference.final)}
    found: dict[str, dict[tuple[str, bool], list[str]]] = {}
    known = frozenset(_renames(scene).values())
    for key, one in after.items():
        was = before.get(key)
        where = instruments(scene.live.state, scene.difference.final, one)
        where = replace(where, old=where.old | known)
        if key == folded(scene.live.target.user):
            where = replace(where, swept=frozenset())  # importing them gives them that (inferred)
        gained = widened(was, one, where)
        if gained:
            role = roles.get(one.role)
            address = ROLES.address(role) if role is not None else f"user/{encoded(one.username)}"
            is_new = was is None or was.ended
            said = found.setdefault(address, {})
            said.setdefault((_said(gained), is_new), []).append(one.username)
    for address, groups in found.items():
        yield _widening(scene, address, groups)


def _widening(
    scene: Scene, address: str, groups: dict[tuple[str, bool], list[str]]
) -> Finding:  # fmt: skip
    label = address.partition("/")[2]
    through = f"role {label}" if address.startswith("role/") else "rights of their own"
    names = tuple(sorted(name for people in groups.values() for name in people))

    def sentence(voice: Voice) -> str:
        parts = [
            f"{said}, for {voice.people(people)}{' (new)' if is_new else ''}"
            for (said, is_new), people in groups.items()
        ]
        return f"Access is widened through {through}: {'; '.join(parts)}."

    return scene.hazard(
        "H122",
        " ".join([address, *(said for said, _ in groups)]),
        sentence,
        Answer.ACCEPTANCE,
        Undoable.PARTLY,
        address=address,
        names=names,
        advice='Grant no more than is needed; new instruments by name instead of "*".',
    )


def _given_back(scene: Scene, before: People, after: People) -> Iterator[Finding]:
    """H125: what somebody took from a person outside the manifest comes back."""
    based = None if scene.outside is None else planned(scene.outside.final, scene.today)
    for key, one in after.items():
        was = before.get(key)
        if one.ended:
            continue
        if was is not None and was.ended:
            said = f"access of {{}} ended on {was.expires} and would be given back"
        elif based is not None and (lost := _taken_outside(was, based.get(key), one)):
            said = f"{lost} outside the manifest from {{}} and would be given back"
        else:
            continue
        yield _about(
            scene, "H125", one.username, said, f"{said[0].upper()}{said[1:]}.",
            Answer.ACCEPTANCE,
            advice="Leave it as it is: take it into the manifest (`pull` shows it).",
        )  # fmt: skip


def _taken_outside(live: Access | None, base: Access | None, after: Access) -> str:
    """Return what was taken since the base and comes back, "" for nothing."""
    if base is None or base.ended:
        return ""
    if live is None:
        return "access was taken"
    back = (base.powers() & after.powers()) - live.powers()
    if back:
        lost = [aspect for aspect, is_gain in aspects(live, after) if is_gain]
        return f"{_names(lost)} was taken"
    if live.site != "" and base.site == after.site == "":
        return "the sight of every site was taken"
    later = live.expires and (not after.expires or after.expires > live.expires)
    if later and (not base.expires or base.expires > live.expires):
        return "time was taken"
    return ""


def _emptied(scene: Scene) -> Iterator[Finding]:
    """H124: a role goes while people are in it."""
    people = Whereabouts(_work(scene))
    for change in scene.of("roles"):
        members = [name for name in people.staying() if people.role_before(name) == change.key]
        if isinstance(change, Delete) and members:
            yield scene.hazard(
                "H124",
                change,
                lambda voice, members=members: (  # type: ignore[misc]
                    f"The role goes while {voice.people(members)}"
                    f" {'is' if len(members) == 1 else 'are'} in it; they are taken out first."
                ),
                Answer.NOTE,
                Undoable.PARTLY,
                names=tuple(members),
            )


def _stored(scene: Scene, after: People) -> Iterator[Finding]:
    """H126: rights of their own that REDCap kept, which no export shows, come back."""
    people = Whereabouts(_work(scene))
    for name in people.staying():
        if not people.must_leave(name):
            continue
        one = after.get(folded(name))
        if one is not None and one.ended:
            continue
        if people.role_after(name) != "":
            answer, until = Answer.NOTE, ", until their row is written and they are in a role again"
        elif one is not None and one.is_known:
            answer, until = Answer.NOTE, ", until the declared ones are imported, at once"
        else:
            answer, until = Answer.ACCEPTANCE, ""
        yield _about(
            scene, "H126", name, f"{people.role_before(name)} {people.role_after(name)}",
            "{} is taken out of a role: the rights of their own that REDCap kept, which no export"
            f" shows, come back{until}.",
            answer, part="/role",
            advice="" if until else "Declare their rights: they are imported at once.",
        )  # fmt: skip


def _on_the_way(scene: Scene, before: People, after: People) -> Iterator[Finding]:
    """H127: between two calls somebody could do more than before or after."""
    more: dict[str, tuple[str, set[Power], bool]] = {}
    for moment in moments(access_steps(scene.difference, scene.live), scene.live, scene.today):
        for key, one in moment.people.items():
            too_much = excess(one, before.get(key), after.get(key)) or frozenset()
            if too_much:
                name, powers, beyond = more.get(key, (one.username, set(), False))
                bounds = (before.get(key), after.get(key))
                known = {power for b in bounds if b is not None for power in b.powers()}
                more[key] = (name, powers | too_much, beyond or not too_much <= known)
    for name, powers, beyond in more.values():
        yield _about(
            scene, "H127", name, " ".join(sorted(map(str, powers))),
            "Between two calls {} would hold more rights than before or after."
            if beyond else
            "Between two calls {} may see the records of every site: whether this server's role"
            " assignments leave groups alone is not known.",
            Answer.ACCEPTANCE if beyond else Answer.NOTE,
            advice="Apply while nobody works, or end their access for that time.",
        )  # fmt: skip


def _about(
    scene: Scene, code: str, name: str, change: str, sentence: str, answer: Answer, *,
    part: str = "", advice: str = "",
) -> Finding:  # fmt: skip
    """Return a hazard about one person; `{}` in the sentence is their name."""
    return scene.hazard(
        code,
        f"{code} {name} {change}",
        lambda voice: sentence.replace("{}", voice.people([name])),
        answer,
        Undoable.PARTLY,
        address=f"user/{encoded(name)}{part}",
        names=(name,),
        advice=advice,
    )


def _said(gained: Sequence[Aspect]) -> str:
    return ", ".join(f"{one.name} {one.before} → {one.after}" for one in gained)


def _names(gained: Sequence[Aspect]) -> str:
    return " and ".join(aspect.name for aspect in gained)


def _work(scene: Scene) -> Work:
    difference = scene.difference
    return Work(difference.changes, scene.live, difference.desired, difference.final, {})
