"""Which live role a declared one is: by its unique name, its label, or the label it had."""

from __future__ import annotations

from collections.abc import Sequence

from redcap_iac.findings import Findings
from redcap_iac.kinds.people import role_address
from redcap_iac.kinds.roles.role import Role


class Binding:
    """Finds for each declared role the unique name it has live; what is unclear is a finding."""

    def __init__(self, desired: Sequence[Role], live: Sequence[Role], findings: Findings) -> None:
        self._findings = findings
        self._live = {str(role.unique_name): role.label for role in live}
        named = {role.declared_name for role in desired if role.declared_name}
        self._claimed = named & self._live.keys()

    def of(self, role: Role) -> str | None:
        """Return the unique name of the live role, None when there is none or it is unclear."""
        if role.declared_name in self._claimed:
            return role.declared_name
        own = self._labelled(role.label)
        old = self._labelled(role.renamed_from)
        if role.declared_name:
            self._findings.warning(
                "M419",
                f"the project has no role {role.declared_name};"
                + (f' "{role.label}" is {own[0]}' if len(own) == 1 else " it would be made anew"),
                role.at, address=role_address(role.handle),
                advice=f"Write unique_name: {own[0]}" if len(own) == 1 else "Take it away.",
            )  # fmt: skip
        if own and old:
            refuse_hint(role, f'the project has both "{role.renamed_from}" and it', self._findings)
        found = own or old
        if len(found) > 1 or found == [""]:
            self._refuse(role, found)
            return None
        return found[0] if found else None

    def _labelled(self, label: str) -> list[str]:
        named = [unique for unique, it in self._live.items() if it == label and label]
        return [unique for unique in named if unique not in self._claimed]

    def _refuse(self, role: Role, found: list[str]) -> None:
        if len(found) > 1:
            said = f'the project has several roles labelled "{role.label}": {", ".join(found)}'
            advice = "Say which is meant: unique_name: U-…"
        else:
            said = f'REDCap does not show the unique name of role "{role.label}" yet'
            advice = "It was made a moment ago; plan again."
        self._findings.error(
            "M419", said, role.at, address=role_address(role.handle), advice=advice
        )


def refuse_hint(role: Role, why: str, findings: Findings) -> None:
    """Add the error for a `renamed_from` that cannot be."""
    findings.error(
        "M415",
        f'role "{role.label}" is said to be renamed from "{role.renamed_from}", but {why}',
        role.at, address=role_address(role.handle),
        advice="Take `renamed_from` away, or the other one.",
    )  # fmt: skip
