"""Grants as the manifest writes them: read, checked without a server, checked against one.

Maps of instruments cover every one, by `ALL` or by name; what `rights` does not name is not
granted; an absent map grants nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from redcap_iac.document import Listing, Map, Node, Text
from redcap_iac.findings import Findings
from redcap_iac.kinds import rights
from redcap_iac.kinds.grants import ALL, Grants, Pairs, instruments_of
from redcap_iac.state import State, Target, Version
from redcap_iac.suggestions import nearest_or_all

_BASES = (rights.NONE, rights.READ_ONLY, rights.EDIT)
_WORDS = {"instruments": _BASES, "export": rights.EXPORT_LEVELS}
#: What a level must be, by the key it stands under.
_LEVELS = {
    "instruments": "must be none, read_only, edit, or a list of edit with survey_responses, delete",
    "export": "must be none, deidentified, no_identifiers or full",
}


def declared(source: Map, findings: Findings) -> Grants:
    """Return the grants of a map with `rights`, `instruments` and `export`, each if it is there.

    What is absent grants nothing. Shapes that the schema refuses are left out here.
    """
    return Grants(
        _declared_rights(source.map("rights"), findings),
        _declared_levels(source.map("instruments"), _form_level, "instruments", findings),
        _declared_levels(source.map("export"), _export_level, "export", findings),
        at=source.at,
    )


def check(grants: Grants, owner: str, desired: State, findings: Findings) -> None:
    """Find instruments that do not exist and, without `ALL`, those nobody mentions.

    `owner` is the address of the role or user. Without declared instruments nothing can be said.
    """
    known = instruments_of(desired)
    if not known:
        return
    for key, pairs in (("instruments", grants.instruments), ("export", grants.export)):
        names = dict(pairs)
        for name in names:
            if name != ALL and name not in known:
                _refuse_stray(name, grants, owner, known, findings)
        _refuse_uncovered(grants, key, [n for n in known if n not in names], owner, findings)


def foresee(
    item: Grants, owner: str, instruments: Collection[str], target: Target, findings: Findings
) -> None:
    """Find what this server or project cannot take of completed grants; errors stop the plan."""
    for name, level in item.rights:
        later = rights.BY_NAME[name].later
        if later is not None and level == later[0] and target.version < later[1]:
            _refuse_level(f"`{name}: {level}`", later[1], item, owner, target, findings)
    for name, level in item.instruments:
        if rights.needs_bits(level) and target.version < rights.FORM_RIGHTS_IN_BITS:
            said = f"`delete` on {name}"
            _refuse_level(said, rights.FORM_RIGHTS_IN_BITS, item, owner, target, findings)
    for name in item.stray:
        _refuse_stray(name, item, owner, instruments, findings)
    for key, pairs in (("instruments", item.instruments), ("export", item.export)):
        missing = [name for name in instruments if name not in dict(pairs)]
        _refuse_uncovered(item, key, missing, owner, findings)
    if item.unknown:
        findings.note(
            "M417",
            f"{owner}: this project on REDCap {target.version} has no {', '.join(item.unknown)};"
            " left alone",
            item.at, address=owner,
        )  # fmt: skip


def _refuse_level(
    said: str, since: Version, item: Grants, owner: str, target: Target, findings: Findings
) -> None:
    findings.error(
        "M416", f"{owner}: {said} needs REDCap {since}, this server is {target.version}",
        item.at, address=owner, advice="Grant a level this server knows.",
    )  # fmt: skip


def _refuse_stray(
    name: str, item: Grants, owner: str, known: Collection[str], findings: Findings
) -> None:
    findings.error(
        "M407", f"{owner} has rights on the instrument {name}, which does not exist",
        item.at, address=owner, advice=nearest_or_all(name, known),
    )  # fmt: skip


def _refuse_uncovered(
    grants: Grants, key: str, missing: list[str], owner: str, findings: Findings
) -> None:
    pairs = grants.instruments if key == "instruments" else grants.export
    if missing and ALL not in dict(pairs):
        findings.error(
            "M408", f'{owner}: `{key}` does not say anything about {", ".join(missing)}',
            grants.at, address=owner, advice=f'Name every instrument, or add "{ALL}": none.',
        )  # fmt: skip


def _declared_rights(source: Map | None, findings: Findings) -> Pairs:
    found: dict[str, str] = {}
    for key, node in source.named() if source is not None else ():
        right = rights.BY_NAME.get(key.text)
        if right is None:
            continue  # the schema says so
        level = _right_level(right, node)
        if level is None:
            findings.error(
                "M406", f"`{key.text}` must be {_choice(right)}", node.at,
                advice=nearest_or_all(node.text, right.levels) if isinstance(node, Text) else "",
            )  # fmt: skip
        else:
            found[key.text] = level
    return tuple((right.name, found[right.name]) for right in rights.RIGHTS if right.name in found)


def _right_level(right: rights.Right, node: Node) -> str | None:
    if isinstance(node, Text):
        return right.read(node.text, node.flag)
    raw = _raw(node)
    return right.level(raw) if raw else None


def _choice(right: rights.Right) -> str:
    return "true or false" if right.is_flag else " or ".join(right.levels)


def _declared_levels(
    source: Map | None, level_of: Callable[[Node], str | None], key: str, findings: Findings
) -> Pairs:
    if source is None:
        return ((ALL, rights.NONE),)
    found: dict[str, str] = {}
    for name, node in source.entries:
        level = level_of(node)
        found[name.text] = level or rights.NONE
        if level is None:
            findings.error(
                "M409", f"{name.text}: {_LEVELS[key]}", node.at,
                advice=nearest_or_all(node.text, _WORDS[key]) if isinstance(node, Text) else "",
            )  # fmt: skip
    return tuple(sorted(found.items()))


def _form_level(node: Node) -> str | None:
    if isinstance(node, Listing):
        words = [part.text for part in node.items if isinstance(part, Text)]
        ordered = [word for word in (*_BASES, *rights.EDIT_WITH) if word in words]
        level = ", ".join(ordered) if len(ordered) == len(node.items) else ""
        return level if level in rights.FORM_LEVELS else None
    if isinstance(node, Text) and node.text in rights.FORM_LEVELS:
        return node.text
    raw = _raw(node)
    return rights.form_level(raw) if raw else None


def _export_level(node: Node) -> str | None:
    if isinstance(node, Text) and node.text in rights.EXPORT_LEVELS:
        return node.text
    raw = _raw(node)
    return rights.export_level(raw) if raw else None


def _raw(node: Node) -> str:
    """Return N of `{raw: N}` or `raw: N`, "" for anything else; N may have a word after all."""
    if isinstance(node, Text):
        return rights.raw_value(node.text)
    value = node.text("raw") if isinstance(node, Map) and len(node.entries) == 1 else None
    return value.text if value is not None and value.text.isdecimal() else ""
