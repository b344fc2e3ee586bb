"""Which gains of access need somebody's word, person by person (H122).

An ordinary new user is what the plan's own line says; a new user who could change rights, design
or records at large, or take identifiers away, is not ordinary. For those who are there already,
every instrument they could not see and every export they could not make counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from redcap_iac.changes import Aspect
from redcap_iac.kinds.grants import Grants, Pairs, instruments_of
from redcap_iac.kinds.powers import Power, powers
from redcap_iac.safety.access import Access, differences
from redcap_iac.state import State

#: Rights with which somebody gets at all records, at everybody's rights, or out of the project.
SENSITIVE = frozenset({
    "design", "user_rights", "data_access_groups", "api_export", "api_import", "api_modules",
    "mobile_app_download_data", "record_delete",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Instruments:
    """Instruments by what makes a gain on them matter.

    `old` are live, `swept` are new and covered by `"*"` alone, `identifying` hold identifiers.
    """

    old: frozenset[str]
    swept: frozenset[str]
    identifying: frozenset[str]


def instruments(before: State, after: State, access: Access) -> Instruments:
    """Sort the instruments there will be, for one person."""
    old, final = frozenset(instruments_of(before)), frozenset(instruments_of(after))
    swept = frozenset(access.grants.by_all if access.grants is not None else ())
    identifying = {
        str(getattr(field, "form_name", ""))
        for field in after.kinds.get("fields", ())
        if getattr(field, "identifier", "")
    }
    return Instruments(old, (final - old) & swept, frozenset(identifying))


def widened(before: Access | None, after: Access, where: Instruments) -> tuple[Aspect, ...]:
    """Return what somebody gains that needs a word; nothing for what cannot be known."""
    if after.ended or after.grants is None:
        return ()
    was = Grants() if before is None or before.ended else before.grants
    if was is None:
        return ()
    is_new = before is None or before.ended
    gained = powers(after.grants) - powers(was)
    matter = {(sort, name) for sort, name, _ in _that_matter(gained, where, is_new=is_new)}
    return tuple(
        aspect
        for aspect, is_gain in differences(_only(was, matter), _only(after.grants, matter))
        if is_gain
    )


def _that_matter(
    gained: frozenset[Power], where: Instruments, *, is_new: bool
) -> Iterator[Power]:  # fmt: skip
    reached = where.old | where.swept
    for power in gained:
        sort, name, how = power
        if sort == "right":
            matters = name in SENSITIVE
        elif is_new:
            full = sort == "export" and (how == "full" or how.startswith("raw"))
            matters = full and name in where.identifying
        else:
            matters = name in reached and (sort == "export" or how != "edit")
        if matters:
            yield power


def _only(grants: Grants, names: set[tuple[str, str]]) -> Grants:
    def some(sort: str, pairs: Pairs) -> Pairs:
        return tuple(pair for pair in pairs if (sort, pair[0]) in names)

    return Grants(
        some("right", grants.rights),
        some("instrument", grants.instruments),
        some("export", grants.export),
    )
