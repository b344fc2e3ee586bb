"""`lint:` and `ignore:`: how the design is to be judged, and what is let pass for which reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

from redcap_iac.document import Listing, Map, Node, Text
from redcap_iac.findings import Findings, Position, Severity
from redcap_iac.lint.codes import ENGINE, WORD, covers
from redcap_iac.lint.settings import Profile, Settings, Suppression
from redcap_iac.manifest.quoting import double_quoted
from redcap_iac.suggestions import did_you_mean, nearest_or_all

if TYPE_CHECKING:
    from redcap_iac.kinds.kind import Source

#: The key of a declaration under which what is let pass there stands.
IGNORE = "ignore"


def read_lint(source: Source, findings: Findings) -> Settings:
    """Return what a manifest says about lint; an unknown code or an empty reason is an error."""
    root = source.root
    section = root.map("lint")
    reader = _Reader(findings)
    suppressions = [*reader.in_place(root, source.instruments or ())]
    if section is None:
        return Settings(suppressions=tuple(suppressions))
    profile = section.text("profile")
    suppressions += reader.suppressions(section.map(IGNORE), "", frozenset())
    at = section.map("at")
    for where, ignored in at.named() if at is not None else ():
        if isinstance(ignored, Map):
            suppressions += reader.suppressions(ignored, where.text, frozenset())
    numbers, words = reader.values(section.map("settings"))
    return Settings(
        profile=Profile(profile.text) if profile is not None else Profile.DEFAULT,
        select=frozenset(reader.codes(section.get("select"))),
        severities=reader.severities(section.map("severities")),
        suppressions=tuple(suppressions),
        numbers=numbers,
        words=words,
    )


class _Reader:
    """Reads the words about lint and tells what is wrong with them."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings

    def in_place(self, root: Map, instruments: Sequence[object]) -> Iterator[Suppression]:
        """Yield what stands at declarations: instruments and their fields, the schedule, people."""
        for part in instruments:
            if isinstance(part, Map):
                yield from self._instrument(part)
        project = root.map("project")
        if project is not None:
            yield from self._of(project, "project")
        for arm in _maps(root.listing("arms")):
            yield from self._of(arm, _named("arm", arm.text("number")))
            for event in _maps(arm.listing("events")):
                yield from self._of(event, _named("event", event.text("name")))
        for section, word in (("roles", "role"), ("users", "user")):
            for key, node in _entries(root.map(section)):
                yield from self._of(node, f"{word}/{key.text}", key.at)

    def _instrument(self, part: Map) -> Iterator[Suppression]:
        name = part.text("instrument")
        fields = part.map("fields")
        yield from self._of(part, _named("instrument", name))
        for key, matrix in _entries(part.map("matrices")):
            if IGNORE in matrix:
                rows = frozenset(
                    place for row, field in _entries(fields) if _is_row(field, key.text)
                    for place in (row.at, *_places(field))
                )  # fmt: skip
                yield from self._of(matrix, f"matrix {key.text}", key.at, rows)
        for key, field in _entries(fields):
            yield from self._of(field, f"field/{key.text}", key.at)

    def _of(
        self, node: Map, where: str, key: Position | None = None,
        more: frozenset[Position] = frozenset(),
    ) -> Iterator[Suppression]:  # fmt: skip
        """Yield what a declaration lets pass, for itself and whatever it holds."""
        words = node.map(IGNORE)
        if words is not None:
            own = {key} if key is not None else set()
            yield from self.suppressions(words, where, frozenset({*_places(node), *own}) | more)

    def suppressions(
        self, node: Map | None, where: str, places: frozenset[Position]
    ) -> Iterator[Suppression]:
        """Yield what a map of codes and reasons lets pass; what is wrong with it is told."""
        for code, reason in node.named() if node is not None else ():
            said = reason.text.strip() if isinstance(reason, Text) and not reason.is_null else ""
            if not said:
                self._findings.error(
                    "M151",
                    f"{code.text} is let pass without a reason, and whoever reads this later"
                    " needs one.",
                    code.at,
                    advice=f"Write why: {code.text}: {double_quoted('the reason')}",
                )
            if self._is_known(code) and said:
                yield Suppression(code.text, where, said, code.at, places)

    def codes(self, node: Node | None) -> Iterator[str]:
        """Yield the codes of a list."""
        for item in node.items if isinstance(node, Listing) else ():
            if isinstance(item, Text) and self._is_known(item):
                yield item.text

    def severities(self, node: Map | None) -> Mapping[str, Severity]:
        """Return how much single codes are to matter."""
        found = {}
        for code, severity in node.named() if node is not None else ():
            if isinstance(severity, Text) and self._is_known(code, whole=True):
                found[code.text] = Severity(severity.text)
        return found

    def values(
        self, node: Map | None
    ) -> tuple[Mapping[str, int], Mapping[str, tuple[str, ...]]]:  # fmt: skip
        """Return the numbers and the lists of words rules are to use."""
        numbers: dict[str, int] = {}
        words: dict[str, tuple[str, ...]] = {}
        for name, value in node.named() if node is not None else ():
            wants = _settings().get(name.text)
            if wants is None:
                self._findings.error(
                    "M152", f"No rule asks for a setting `{name.text}`.", name.at,
                    advice=nearest_or_all(name.text, _settings()),
                )  # fmt: skip
            elif wants == "number" and isinstance(value, Text) and value.text.isdigit():
                numbers[name.text] = int(value.text)
            elif wants == "list" and isinstance(value, Listing):
                words[name.text] = tuple(i.text for i in value.items if isinstance(i, Text))
            else:
                form = "a whole number" if wants == "number" else "a list of words"
                self._findings.error("M152", f"`{name.text}` must be {form}.", value.at)
        return numbers, words

    def _is_known(self, code: Text, *, whole: bool = False) -> bool:
        """Tell whether a code, or the beginning of some, is one; tell it when not."""
        known = _codes()
        if code.text in known:
            return True
        if not whole and WORD.fullmatch(code.text) and any(covers(code.text, c) for c in known):
            return True
        advice = did_you_mean(code.text, known) or "`redcap-iac lint --rules` lists all."
        self._findings.error("M150", f"There is no rule {code.text}.", code.at, advice=advice)
        return False


@cache
def _codes() -> tuple[str, ...]:
    # the rules take a while to import, and only who speaks of codes needs them
    from redcap_iac.lint.registry import all_rules  # noqa: PLC0415

    return (*(rule.code for rule in all_rules()), *ENGINE)


@cache
def _settings() -> Mapping[str, str]:
    from redcap_iac.lint.registry import all_settings  # noqa: PLC0415 - as above

    return {one.name: one.kind for one in all_settings()}


def _maps(listing: Listing | None) -> Iterator[Map]:
    return (item for item in (listing.items if listing else ()) if isinstance(item, Map))


def _entries(node: Map | None) -> Iterator[tuple[Text, Map]]:
    for key, value in node.entries if node is not None else ():
        if isinstance(value, Map):
            yield key, value


def _named(word: str, name: Text | None) -> str:
    return f"{word}/{name.text}" if name is not None else word


def _is_row(field: Map, group: str) -> bool:
    matrix = field.text("matrix")
    return matrix is not None and matrix.text == group


def _places(node: Node) -> Iterator[Position]:
    """Yield every place of a declaration."""
    yield node.at
    if isinstance(node, Map):
        for key, value in node.entries:
            yield key.at
            yield from _places(value)
    elif isinstance(node, Listing):
        for item in node.items:
            yield from _places(item)
