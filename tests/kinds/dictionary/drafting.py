"""Manifests and dictionaries for tests, made from plain Python values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count

from redcap_iac.document import Listing, Map, Node, Text
from redcap_iac.findings import Finding, Findings, Position
from redcap_iac.kinds.dictionary import KIND
from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.kinds.kind import Source
from redcap_iac.state import State


def document(value: object, lines: count[int] | None = None) -> Node:
    """Return a value as a manifest would hold it: text quoted, flags, numbers and null plain."""
    lines = count(1) if lines is None else lines
    at = Position("redcap.yaml", next(lines))
    if isinstance(value, Mapping):
        entries = ((_text(str(key), at), document(item, lines)) for key, item in value.items())
        return Map(tuple(entries), at)
    if isinstance(value, bool):
        return Text(str(value).lower(), at)
    if isinstance(value, int | float):
        return Text(str(value), at)
    if isinstance(value, str):
        return _text(value, at)
    if isinstance(value, Sequence):
        return Listing(tuple(document(item, lines) for item in value), at)
    assert value is None
    return Text("null", at)


def _text(text: str, at: Position) -> Text:
    return Text(text, at, plain=False)


def a_map(value: Mapping[str, object]) -> Map:
    node = document(value)
    assert isinstance(node, Map)
    return node


def source(
    instruments: Sequence[object] | None, root: Mapping[str, object] | None = None
) -> Source:
    """Return what a kind declares from: instruments as plain maps, or tuples of fields."""
    parts = None
    if instruments is not None:
        parts = tuple(one if isinstance(one, tuple) else _map(one) for one in instruments)
    return Source(a_map(root or {}), parts)


def _map(value: object) -> Map:
    node = document(value)
    assert isinstance(node, Map)
    return node


def declared(
    instruments: Sequence[object], root: Mapping[str, object] | None = None
) -> tuple[tuple[Field, ...], tuple[Finding, ...]]:
    findings = Findings()
    fields = KIND.declare(source(instruments, root), findings)
    assert fields is not None
    return fields, findings.all()


def declared_field(
    definition: Mapping[str, object], root: Mapping[str, object] | None = None
) -> Field:
    """Return the one field of a manifest nothing is wrong with."""
    (found,), findings = declared([{"instrument": "visit", "fields": {"age": definition}}], root)
    assert findings == ()
    return found


def problems(
    definition: Mapping[str, object], root: Mapping[str, object] | None = None
) -> list[str]:
    """Return the codes found while declaring one field."""
    _, findings = declared([{"instrument": "visit", "fields": {"age": definition}}], root)
    return [finding.code for finding in findings]


def a_field(name: str = "age", form: str = "visit", **columns: str) -> Field:
    """Return a field of type text unless the columns say otherwise."""
    return Field.of({"field_name": name, "form_name": form, "field_type": "text", **columns})


def radio(name: str, choices: str, **columns: str) -> Field:
    return a_field(
        name, **{"field_type": "radio", "select_choices_or_calculations": choices, **columns}
    )


def checked(*fields: Field) -> tuple[Finding, ...]:
    """Return what is found in a dictionary of a record id and the given fields."""
    findings = Findings()
    KIND.check(State({KIND.name: (a_field("record_id"), *fields)}), findings)
    return findings.all()


def found(*fields: Field) -> list[tuple[str, str]]:
    """Return code and severity of what is found."""
    return [(finding.code, str(finding.severity)) for finding in checked(*fields)]
