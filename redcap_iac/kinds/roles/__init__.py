"""User roles: sets of rights that people are put into.

API: Export User Roles (every right as text, recorded); Import User Roles, which creates a role
(blank unique name) or changes it, omitted rights staying as they are (recorded), and answers a
count only; Delete User Roles. The unique name, `U-` and ten characters, is the only key: labels
may be equal (documented). From 14.0.2 an export right after an import may show it empty
(recorded). A change of a role is a change for all its members at once (documented).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from redcap_iac.calls import Call, Key, Made
from redcap_iac.changes import Normal
from redcap_iac.document import Map, Text
from redcap_iac.errors import SuspiciousReadError
from redcap_iac.findings import Findings
from redcap_iac.kinds import access_schema, declared_grants, grants
from redcap_iac.kinds.grants import Grants, instruments_of
from redcap_iac.kinds.kind import Draft, Kind, Reading, Settling, Source, WireRow, Work
from redcap_iac.kinds.people import HEADING, role_address, told_apart
from redcap_iac.kinds.roles import writing
from redcap_iac.kinds.roles.identity import Binding, refuse_hint
from redcap_iac.kinds.roles.role import Role
from redcap_iac.plan import Step
from redcap_iac.state import Live, State, Unit

#: How long a label may be (knowledge base: the column of REDCap's own table).
_LONGEST = 150


class Roles(Kind[Role]):
    """User roles of a project; the item is `Role`."""

    name = "roles"
    unit = Unit.ROLES
    after = ("fields", "instruments")
    content = "userRole"
    needs = ("User Rights",)
    properties = access_schema.ROLES
    definitions = access_schema.DEFINITIONS

    def declare(self, source: Source, findings: Findings) -> tuple[Role, ...] | None:
        """Return the roles in order; what a role does not name it does not grant."""
        section = source.root.map("roles")
        if section is None:
            return None
        return tuple(
            _declared(name, node, findings)
            for name, node in section.entries
            if isinstance(node, Map)
        )

    def describe(self, state: State, draft: Draft) -> None:
        """Add `roles`: one map a role, with the unique name where the label is not alone."""
        instruments = instruments_of(state)
        roles: dict[str, object] = {}
        for role in self.items(state):
            named = {} if role.handle == role.label else _named(role)
            roles[role.handle] = {**named, **role.grants.draft(instruments)}
        draft["roles"] = roles

    def check(self, desired: State, findings: Findings) -> None:
        """Find labels that cannot be, hints that contradict, instruments that do not exist."""
        roles = self.items(desired)
        times = Counter(role.label for role in roles)
        for role in roles:
            address = self.address(role)
            if not role.label:
                findings.error("M414", "the label of a role is empty", role.at, address=address)
            elif len(role.label) > _LONGEST:
                findings.error(
                    "M414",
                    f'the label of role "{role.label[:40]}…" is longer than {_LONGEST} characters',
                    role.at, address=address,
                )  # fmt: skip
            if times[role.label] > 1 and not role.declared_name:
                findings.error(
                    "M414", f'several roles are labelled "{role.label}"', role.at,
                    address=address, advice="Give each its `unique_name: U-…`.",
                )  # fmt: skip
            if role.renamed_from and role.renamed_from in times:
                refuse_hint(role, f'"{role.renamed_from}" is declared too', findings)
            declared_grants.check(role.grants, address, desired, findings)
        _refuse_twice(roles, findings)

    def key(self, item: Role) -> Key:
        """Return the unique name, or what stands for it."""
        return item.unique_name

    def address(self, item: Role) -> str:
        """Return `role/<label>`, or what it is called in the manifest."""
        return role_address(item.handle or item.label)

    def group(self, item: Role) -> str:
        """Return the heading of access."""
        return HEADING

    def label(self, item: Role) -> str:
        """Return the label, or what the role is called in the manifest."""
        return item.handle or item.label

    def bind(
        self, desired: Sequence[Role], live: Sequence[Role], findings: Findings
    ) -> Mapping[Made, str]:
        """Bind by declared unique name, else by label, else by `renamed_from`."""
        binding = Binding(desired, live, findings)
        return {
            role.unique_name: unique
            for role in desired
            if isinstance(role.unique_name, Made) and (unique := binding.of(role)) is not None
        }

    def rebound(self, item: Role, names: Mapping[Made, str]) -> Role:
        """Return the role with the unique name it has, where it exists."""
        if isinstance(item.unique_name, Made) and item.unique_name in names:
            return replace(item, unique_name=names[item.unique_name])
        return item

    def settle(self, items: tuple[Role, ...], settling: Settling) -> tuple[Role, ...]:
        """Spell out every right the server knows and every instrument there will be."""
        live = {role.unique_name: role.grants for role in self.items(settling.live.state)}
        known = known_rights(settling.live)
        return tuple(
            replace(
                role,
                grants=role.grants.completed(
                    known, settling.instruments, live.get(role.unique_name)
                ),
            )
            for role in items
        )

    def normal(self, item: Role) -> Normal:
        """Return the label and what is granted."""
        return (("label", item.label), *item.grants.normal())

    def is_rename(self, before: Role, after: Role) -> bool:
        """Tell whether the label differs; the unique name survives that (recorded)."""
        return before.label != after.label

    def read(self, rows: Sequence[WireRow], reading: Reading) -> tuple[Role, ...]:
        """Return the roles as exported; a unique name may be missing for a moment (recorded)."""
        try:
            names = [(str(row["unique_role_name"] or ""), str(row["role_label"])) for row in rows]
        except KeyError as missing:
            raise SuspiciousReadError(
                f"the server's list of roles lacks the column {missing.args[0]}"
            ) from None
        handles = told_apart(names)
        return tuple(
            Role(label, unique, grants.read(row), handles[unique] if unique else label)
            for (unique, label), row in zip(names, rows, strict=True)
        )

    def steps(self, work: Work) -> Iterable[Step]:
        """Return the imports of what is new or differs, and one deletion of emptied roles."""
        return writing.steps(work)

    def foresee(self, work: Work, findings: Findings) -> None:
        """Find grants this server does not know or cannot take."""
        instruments = instruments_of(work.final)
        for role in self.items(work.desired.state):
            declared_grants.foresee(
                role.grants, self.address(role), instruments, work.live.target, findings
            )

    def resolve(
        self,
        call: Call,
        makes: tuple[tuple[str, int], ...],
        before: Sequence[Role],
        after: Sequence[Role],
    ) -> Mapping[str, str]:
        """Return the unique names made: of the role with the row's label that was not there."""
        known = {role.unique_name for role in before}
        found: dict[str, str] = {}
        for address, number in makes:
            label = call.rows[number]["role_label"]
            new = [r for r in after if r.label == label and r.unique_name not in known]
            if len(new) == 1 and new[0].unique_name:
                found[address] = str(new[0].unique_name)
        return found


def known_rights(live: Live) -> frozenset[str]:
    """Return the rights this server has for this project: the columns it exports.

    A project's export of users always has a row, its token's own.
    """
    granted = [getattr(item, "grants", None) for item in live.state.kinds.get("roles", ())]
    granted += [getattr(item, "effective", None) for item in live.state.kinds.get("users", ())]
    return frozenset(
        name for grant in granted if isinstance(grant, Grants) for name, _ in grant.rights
    )


def _declared(name: Text, node: Map, findings: Findings) -> Role:
    handle = name.text
    label = _text(node, "label") or handle
    return Role(
        label=label.strip(),
        unique_name=Made(role_address(handle)),
        grants=declared_grants.declared(node, findings),
        handle=handle,
        declared_name=_text(node, "unique_name"),
        renamed_from=_text(node, "renamed_from"),
        at=name.at,
    )


def _text(node: Map, key: str) -> str:
    found = node.text(key)
    return "" if found is None or found.is_null else found.text.strip()


def _named(role: Role) -> dict[str, object]:
    return {"label": role.label, "unique_name": str(role.unique_name)}


def _refuse_twice(roles: Sequence[Role], findings: Findings) -> None:
    times = Counter(role.declared_name for role in roles if role.declared_name)
    for role in roles:
        if times[role.declared_name] > 1:
            findings.error(
                "M414", f"{role.declared_name} is the unique name of several roles here", role.at,
                address=role_address(role.handle),
            )  # fmt: skip


KIND = Roles()
