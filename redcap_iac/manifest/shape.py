"""Does a document have the shape of its schema? Findings in words, each at its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import cast

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from redcap_iac.document import Listing, Map, Node, Text
from redcap_iac.findings import Finding, Findings, Position, Severity
from redcap_iac.manifest.quoting import double_quoted, scalar
from redcap_iac.manifest.schema import inlined
from redcap_iac.suggestions import did_you_mean, in_words

_INTEGER = re.compile(r"[-+]?[0-9]{1,15}")
_NUMBER = re.compile(r"[-+]?(\.[0-9]{1,15}|[0-9]{1,15}(\.[0-9]{0,15})?)([eE][-+]?[0-9]{1,2})?")
_TYPE_WORDS = {
    "object": "a map (`key: value` lines)",
    "array": "a list (lines that begin with `-`)",
    "string": "text",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "null": "null",
}
_TEXT_TYPES = frozenset({"string", "number", "boolean"})
Path = tuple[str | int, ...]


def check_shape(node: Node, name: str, findings: Findings) -> tuple[Path, ...]:
    """Find every place where a document departs from a schema; return the paths of what does."""
    reporter = _Reporter(node)
    for error in _validator(name).iter_errors(plain(node)):
        reporter.report(error)
    for finding in sorted(reporter.found, key=lambda found: found.position or node.at):
        findings.add(finding)
    return tuple(reporter.departures)


def plain(node: Node) -> object:
    """Return a document as dicts, lists, text, numbers, booleans and None (YAML 1.2, core)."""
    if isinstance(node, Map):
        return {key.text: plain(value) for key, value in node.entries}
    if isinstance(node, Listing):
        return [plain(item) for item in node.items]
    if not node.plain:
        return node.text
    if node.is_null:
        return None
    if node.flag is not None:
        return node.flag
    if _INTEGER.fullmatch(node.text):
        return int(node.text)
    if _NUMBER.fullmatch(node.text):
        return float(node.text)
    return node.text


@cache
def _validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(inlined(name))


class _Reporter:
    """Turns the validator's errors into findings."""

    def __init__(self, root: Node) -> None:
        self._root = root
        self.found: list[Finding] = []
        self.departures: list[Path] = []

    def report(self, error: ValidationError) -> None:
        """Add the finding, or findings, of one error."""
        path: Path = tuple(error.absolute_path)
        for real in _meant(error):
            if real is not error:
                self.report(real)
                continue
            if error.validator == "additionalProperties":
                self._unknown_keys(error, path)
                continue
            self.departures.append(path)
            if error.validator == "required":
                self._missing(error, path)
            elif error.validator in ("type", "oneOf", "anyOf"):
                self._wrong_type(error, path)
            else:
                self._wrong_value(error, path)

    def _unknown_keys(self, error: ValidationError, path: Path) -> None:
        owner = _at(self._root, path)
        known = list(_mapping(_mapping(error.schema).get("properties")))
        if not isinstance(owner, Map):
            return
        for key, _ in owner.named():
            if key.text in known:
                continue
            self.departures.append((*path, key.text))
            advice = did_you_mean(key.text, known) or f"Known here: {', '.join(sorted(known))}."
            self._error("M111", f"`{key.text}` is not a key of {_place(path)}.", key.at, advice)

    def _missing(self, error: ValidationError, path: Path) -> None:
        owner = _at(self._root, path)
        wanted = cast("Sequence[str]", error.validator_value)
        for key in wanted:
            if isinstance(owner, Map) and key not in owner:
                self._error("M112", f"`{key}` is missing in {_place(path)}.", owner.at)

    def _wrong_type(self, error: ValidationError, path: Path) -> None:
        node = _at(self._root, path)
        types = tuple(_types(error.schema))
        expected = in_words(_words_for(types))
        where = _subject(path)
        if isinstance(node, Text) and node.is_null and _TEXT_TYPES.intersection(types):
            self._null(node, path)
            return
        advice = ""
        if isinstance(node, Listing | Map) and "string" in types:
            advice = "Text that begins with [ or { needs quotes."
        elif isinstance(node, Text) and not node.plain and "boolean" in types:
            advice = "Write it without quotes."
        elif isinstance(node, Text) and {"integer", "number"}.intersection(types):
            advice = "Write it without quotes." if not node.plain else ""
        elif isinstance(node, Text) and "string" in types:
            advice = f"Write {double_quoted(node.text)}, in quotes."
        self._error("M110", f"{where} must be {expected}, not {_is(node)}.", node.at, advice)

    def _null(self, node: Text, path: Path) -> None:
        key = path[-1] if path else ""
        prefix = "- " if isinstance(key, int) else f"{scalar(str(key))}: "
        corrected = f'{prefix}""' if not node.text else f'{prefix}"{node.text}"'
        what = "is empty" if not node.text else f"is YAML's null (`{node.text}`)"
        kind = "an empty text" if not node.text else "the word"
        self._error(
            "M105",
            f"{_subject(path)} {what}, and text belongs here.",
            node.at,
            f"For {kind} write {corrected}.",
        )

    def _wrong_value(self, error: ValidationError, path: Path) -> None:
        node = _at(self._root, path)
        said = _mapping(error.schema).get("x-message")
        advice = ""
        if said:
            empty = error.validator in ("minItems", "minProperties")
            message = f"{_subject(path)} {said}{'' if empty else f', not {_is(node)}'}."
            words = cast("Sequence[object]", error.validator_value)
            if error.validator == "enum" and isinstance(node, Text):
                advice = did_you_mean(node.text, [_written(one) for one in words])
        elif error.validator in ("enum", "const"):
            value = error.validator_value
            values = cast("Sequence[object]", value if error.validator == "enum" else [value])
            allowed = [_written(one) for one in values]
            message = f"{_subject(path)} must be {in_words(allowed)}, not {_is(node)}."
            if isinstance(node, Text):
                advice = did_you_mean(node.text, allowed)
        else:
            message = f"{_subject(path)} {_limit(error)}."
        self._error("M113", message, node.at, advice)

    def _error(self, code: str, message: str, at: Position, advice: str = "") -> None:
        self.found.append(Finding(code, Severity.ERROR, message, at, advice=advice))


def _meant(error: ValidationError) -> Iterator[ValidationError]:
    """Yield the errors of the alternative that was meant: its type fits, it has fewest errors."""
    if error.validator not in ("oneOf", "anyOf") or not error.context:
        yield error
        return
    branches: dict[object, list[ValidationError]] = {}
    for inner in error.context:
        branches.setdefault(inner.relative_schema_path[0], []).append(inner)
    fitting = [
        branch
        for branch in branches.values()
        if not any(inner.validator == "type" and not inner.relative_path for inner in branch)
    ]
    if not fitting:
        yield error
        return
    yield from min(fitting, key=lambda branch: (len(branch), -_depth(branch)))


def _depth(branch: Sequence[ValidationError]) -> int:
    """Return how deep in the document a branch fails: the deeper, the better it fits."""
    return max(len(inner.relative_path) for inner in branch)


def _types(schema: object) -> Iterator[str]:
    """Yield the types a schema, or its alternatives, would take."""
    given = _mapping(schema)
    types = given.get("type", ())
    yield from (types,) if isinstance(types, str) else cast("Sequence[str]", types)
    for word in ("oneOf", "anyOf"):
        for alternative in cast("Sequence[object]", given.get(word, ())):
            yield from _types(alternative)
    if "enum" in given:
        yield "string"


def _words_for(types: Iterable[str]) -> list[str]:
    """Return types in words, those that all mean text as one."""
    there = list(dict.fromkeys(types))
    if _TEXT_TYPES.issubset(there):
        there = [one for one in there if one == "string" or one not in _TEXT_TYPES]
    words = [_TYPE_WORDS[one] for one in there if one != "boolean"]
    if "boolean" in there:
        words.insert(0, "true, false" if words else _TYPE_WORDS["boolean"])
    return words


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _at(node: Node, path: Path) -> Node:
    """Return the node at a path."""
    for step in path:
        if isinstance(node, Map):
            found = node.get(str(step))
            assert found is not None
            node = found
        elif isinstance(node, Listing):
            node = node.items[int(step)]
    return node


def _place(path: Path) -> str:
    """Return where a map stands: `fields / age`, or the file."""
    names = [str(step) for step in path if isinstance(step, str)]
    return f"`{' / '.join(names)}`" if names else "this file"


def _subject(path: Path) -> str:
    """Return what a finding is about: the nearest key, or an item of its list."""
    if not path:
        return "This file"
    if isinstance(path[-1], int):
        names = [step for step in path if isinstance(step, str)]
        return f"Item {path[-1] + 1} of `{names[-1]}`" if names else f"Item {path[-1] + 1}"
    return f"`{path[-1]}`"


def _is(node: Node) -> str:
    """Return what a node is, in words."""
    if isinstance(node, Map):
        return "a map"
    if isinstance(node, Listing):
        return "a list"
    if node.is_null:
        return "empty" if not node.text else "null"
    shown = node.text if len(node.text) <= 40 else f"{node.text[:39]}…"
    return f"`{shown}`" if node.plain else double_quoted(shown)


def _written(value: object) -> str:
    """Return a value of a schema as it is typed."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "null" if value is None else str(value)


def _limit(error: ValidationError) -> str:
    """Return the limit that does not hold, in words."""
    value = error.validator_value
    sentences: Mapping[str, str] = {
        "minItems": "may not be an empty list" if value == 1 else f"needs {value} items or more",
        "minProperties": "may not be empty",
        "minLength": "may not be an empty text",
        "maxLength": f"may have {value} characters at most",
        "maxItems": f"may have {value} items at most",
        "minimum": f"must be {value} or more",
        "maximum": f"must be {value} or less",
        "exclusiveMinimum": f"must be more than {value}",
        "exclusiveMaximum": f"must be less than {value}",
        "uniqueItems": "holds the same item twice",
        "pattern": "is not written as it must be",
        "propertyNames": "has a key that is not written as it must be",
        "not": "is not allowed here",
    }
    return sentences.get(str(error.validator), "is not what belongs here")
