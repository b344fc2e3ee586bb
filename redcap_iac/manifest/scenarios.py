"""Scenario files: `tests/*.test.yaml` in the project folder, or whatever is named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase

from redcap_iac.document import Listing, Map, Node, Text
from redcap_iac.errors import ManifestError
from redcap_iac.findings import Findings, Position
from redcap_iac.logic.dialect import NEWEST, Dialect
from redcap_iac.manifest.files import OutsideError, ProjectFiles, inside
from redcap_iac.manifest.nodes import read_yaml
from redcap_iac.manifest.shape import check_shape
from redcap_iac.scenarios.scenario import (
    Claim,
    Expectation,
    Given,
    Scenario,
    Suite,
    Viewer,
    Word,
)
from redcap_iac.scenarios.validity import today_of
from redcap_iac.suggestions import did_you_mean

#: Where scenario files are looked for, and how they are named.
FOLDER = "tests"
ENDING = ".test.yaml"
_LISTS = (Claim.SHOWN, Claim.HIDDEN, Claim.BLANK, Claim.MISSING, Claim.READONLY)


def read_suites(files: ProjectFiles, asked: Sequence[str] = ()) -> tuple[Suite, ...]:
    """Return the scenario files of a project, or those that are asked for.

    `asked` are files, folders or patterns, relative to the project folder. Raises ManifestError
    with everything that is wrong in all of them.
    """
    findings = Findings()
    suites = [
        suite
        for name in _named(files, asked, findings)
        if (suite := _read(files, name, findings)) is not None
    ]
    if findings.errors():
        raise ManifestError(findings.all())
    return tuple(suites)


def _named(files: ProjectFiles, asked: Sequence[str], findings: Findings) -> tuple[str, ...]:
    """Return the paths of the files, in order, each once."""
    there = [path for path in files.paths() if path.endswith(ENDING)]
    if not asked:
        return tuple(path for path in there if path.startswith(f"{FOLDER}/"))
    found: dict[str, None] = {}
    for word in asked:
        try:
            path = inside(word)
        except OutsideError:
            findings.error("T115", f"{word} is outside the project folder.", Position(word, 1))
            continue
        named = [one for one in there if path == "" or one.startswith(f"{path}/")]
        named = named or [one for one in files.paths() if one == path or fnmatchcase(one, path)]
        if not named:
            advice = did_you_mean(word, there) or f"Scenario files are named `*{ENDING}`."
            findings.error(
                "T115", f"There is no scenario file {word}.", Position(word, 1), advice=advice
            )
        found.update(dict.fromkeys(named))
    return tuple(found)


def _read(files: ProjectFiles, name: str, findings: Findings) -> Suite | None:
    """Return one file; None where what is wrong leaves nothing to read."""
    try:
        data = files.read(name)
    except (OSError, OutsideError):
        findings.error("T115", f"{name} cannot be read.", Position(name, 1))
        return None
    here = Findings()
    node = read_yaml(data, name, here)
    if node is not None:
        check_shape(node, "scenario", here)
    for finding in here.all():
        findings.add(finding)
    if here.errors() or not isinstance(node, Map):
        return None
    return _suite(node, name, findings)


def _suite(node: Map, name: str, findings: Findings) -> Suite:
    today = _word(node, "today")
    if today is not None and today_of(today.text) is None:
        message = f"`today` is no day: {today.text}."
        findings.error("T112", message, today.at, advice="Write it as YYYY-MM-DD.")
    version = _word(node, "redcap_version")
    scenarios = tuple(_scenario(item, findings) for item in _maps(node.listing("scenarios")))
    seen: dict[str, Position] = {}
    for scenario in scenarios:
        first = seen.setdefault(scenario.name.text, scenario.name.at)
        if first != scenario.name.at:
            message = f'Two scenarios are named "{scenario.name.text}"; the first in {first.line}.'
            findings.error("T108", message, scenario.name.at, advice="Give each its own name.")
    return Suite(
        name, scenarios, today, "" if version is None else version.text,
        _dialect(node.map("semantics")),
    )  # fmt: skip


def _dialect(node: Map | None) -> Dialect:
    if node is None:
        return NEWEST
    turned = {
        key.text: value.flag or False for key, value in node.named() if isinstance(value, Text)
    }
    return Dialect(**turned)


def _scenario(node: Map, findings: Findings) -> Scenario:
    name = _word(node, "name") or Word("", node.at)
    expect = node.get("expect")
    parts = (expect,) if isinstance(expect, Map) else _maps(expect)
    expectations = tuple(one for part in parts for one in _expectations(part))
    if not expectations:
        findings.error(
            "T108", f'The scenario "{name.text}" expects nothing.', name.at,
            advice="Say what should be shown, hidden, missing, or its values.",
        )  # fmt: skip
    record = _word(node, "record")
    return Scenario(
        name, tuple(_given(node.map("given"))), expectations, _word(node, "at"),
        _viewer(node.map("as")), "1" if record is None else record.text, record is not None,
    )  # fmt: skip


def _viewer(node: Map | None) -> Viewer:
    if node is None:
        return Viewer()
    survey = node.text("survey")
    return Viewer(
        survey is not None and bool(survey.flag),
        _word(node, "user"), _word(node, "role"), _word(node, "dag"),
    )  # fmt: skip


def _given(node: Map | None) -> Iterator[Given]:
    for key, value in node.entries if node is not None else ():
        if isinstance(value, Map):
            place = _said(key)
            for field, inner in value.entries:
                yield Given(_said(field), _words(inner), place)
        else:
            yield Given(_said(key), _words(value))


def _expectations(node: Map) -> Iterator[Expectation]:
    place = _word(node, "at")
    for claim in _LISTS:
        listing = node.listing(claim)
        for word in _words(listing) if listing is not None else ():
            yield Expectation(claim, word, word.at, place=place)
        if claim is Claim.MISSING and listing is not None and not listing.items:
            yield Expectation(claim, None, listing.at, place=place)
    for claim in (Claim.VALUES, Claim.HIDDEN_CHOICES):
        entries = node.map(claim)
        for key, value in entries.entries if entries is not None else ():
            yield Expectation(claim, _said(key), key.at, _words(value), place)


def _words(node: Node) -> tuple[Word, ...]:
    """Return the texts of a value: one, or those of a list; null is an empty one."""
    items = node.items if isinstance(node, Listing) else (node,)
    return tuple(_said(item) for item in items if isinstance(item, Text))


def _said(node: Text) -> Word:
    return Word("" if node.is_null else node.text, node.at)


def _word(node: Map, key: str) -> Word | None:
    found = node.text(key)
    return None if found is None else Word(found.text.strip(), found.at)


def _maps(node: Node | None) -> tuple[Map, ...]:
    items = node.items if isinstance(node, Listing) else ()
    return tuple(item for item in items if isinstance(item, Map))
