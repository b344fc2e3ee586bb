"""Policy files: `policy.yaml` beside `redcap.yaml`, and one outside, where no project reaches."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from redcap_iac.document import Listing, Map, Node, Text
from redcap_iac.errors import GuardError, ManifestError
from redcap_iac.findings import Findings, Position
from redcap_iac.manifest.decoding import LARGEST
from redcap_iac.manifest.files import Folder, OutsideError
from redcap_iac.manifest.nodes import read_yaml
from redcap_iac.manifest.shape import check_shape
from redcap_iac.safety.policy import Policy, Reach, Rule, Strength, Waiver

#: The project's own policy.
POLICY = "policy.yaml"
#: What a rule has to say besides its name, and what it may.
_NEEDS = {
    "users_expire_within": "days",
    "plans_apply_within": "hours",
    "no_deletion_of": "units",
    "no_acceptance_of": "codes",
}
_LIMITS = ("days", "hours", "units", "codes")
_ABOUT_PEOPLE = frozenset({
    "api_rights_only", "full_export_of_identifiers_only", "users_expire_within",
    "everyone_in_a_dag", "user_rights_only", "design_only", "record_delete_only",
    "everyone_in_a_role", "data_access_groups_only",
})  # fmt: skip


def project_policy(folder: Path) -> Policy | None:
    """Return the policy of a project folder, None where there is none.

    Raises ManifestError with everything that is wrong in it.
    """
    try:
        data = Folder(folder).read(POLICY)
    except FileNotFoundError:
        return None
    except (OSError, OutsideError):
        raise _unreadable(POLICY) from None
    return _read(data, POLICY, is_outside=False)


def outside_policy(path: Path) -> Policy:
    """Return the policy of an administrator, whom REDCAP_IAC_POLICY names the file of.

    Raises GuardError when it cannot be read: without it nothing may be planned or applied.
    """
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError:
        raise _unreadable(str(path)) from None
    return _read(data, path.name, is_outside=True)


def _unreadable(name: str) -> GuardError:
    return GuardError(
        f"The policy {name} cannot be read.",
        "Nothing is planned or applied without it; REDCAP_IAC_POLICY names it.",
    )


def _read(data: bytes, name: str, *, is_outside: bool) -> Policy:
    findings = Findings()
    node = read_yaml(data, name, findings)
    if node is not None:
        check_shape(node, "policy", findings)
    if findings.errors() or not isinstance(node, Map):
        raise ManifestError(findings.all())
    rules = tuple(_rule(item, findings) for item in _maps(node, "rules"))
    waivers = tuple(_waiver(item, findings) for item in _maps(node, "waivers"))
    if findings.errors():
        raise ManifestError(findings.all())
    return Policy(rules, waivers, is_outside)


def _rule(node: Map, findings: Findings) -> Rule:
    name = _said(node, "rule")
    needed = _NEEDS.get(name, "")
    if needed and needed not in node:
        findings.error("M590", f"`{name}` needs `{needed}:`.", node.at)
    for key in _LIMITS:
        if key != needed and key in node:
            findings.error("M590", f"`{key}` means nothing to `{name}`.", _place(node, key))
    if "allow" in node and name not in _ABOUT_PEOPLE:
        findings.error("M590", f"`allow` means nothing to `{name}`.", _place(node, "allow"))
    return Rule(
        name,
        Strength(_said(node, "strength") or Strength.BLOCK),
        Reach(
            _texts(node, "environments"),
            _texts(node, "hosts"),
            _texts(node, "status"),
            _said(node, "data"),
        ),
        _texts(node, "allow"),
        int(_said(node, "days") or 0),
        int(_said(node, "hours") or 0),
        (*_texts(node, "units"), *_texts(node, "codes")),
        _said(node, "why"),
        at=node.at,
    )


def _waiver(node: Map, findings: Findings) -> Waiver:
    until = _said(node, "until")
    try:
        date.fromisoformat(until)
    except ValueError:
        findings.error(
            "M590", f"`until` is no day: {until}.", _place(node, "until"),
            advice="Write it as YYYY-MM-DD.",
        )  # fmt: skip
    return Waiver(
        _said(node, "rule"), _texts(node, "names"), _said(node, "who"), _said(node, "why"), until,
        at=node.at,
    )  # fmt: skip


def _maps(node: Map, key: str) -> tuple[Map, ...]:
    listing = node.listing(key)
    items: tuple[Node, ...] = listing.items if listing is not None else ()
    return tuple(item for item in items if isinstance(item, Map))


def _texts(node: Map, key: str) -> tuple[str, ...]:
    listing = node.get(key)
    items = listing.items if isinstance(listing, Listing) else ()
    return tuple(item.text.strip() for item in items if isinstance(item, Text))


def _said(node: Map, key: str) -> str:
    text = node.text(key)
    return "" if text is None else text.text.strip()


def _place(node: Map, key: str) -> Position:
    found = node.get(key)
    return node.at if found is None else found.at
