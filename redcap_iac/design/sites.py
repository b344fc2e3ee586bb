"""Every expression of a design: what it is for, where it stands, what it says.

Branching logic, calculations, the logic inside action tags, what is piped into texts for people.
An expression that cannot be read is a site all the same, with the error in place of a tree.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import cast

from redcap_iac.findings import Position
from redcap_iac.kinds import kind_named
from redcap_iac.kinds.dictionary.field import CHOICES, Field
from redcap_iac.kinds.project import Setting
from redcap_iac.logic import Expression, LogicError, Reference, SmartVariable, parse
from redcap_iac.logic.action_tags import Form, Tag, every_tag
from redcap_iac.logic.piping import embedded, piped
from redcap_iac.logic.tag_arguments import Argument
from redcap_iac.logic.tree import walk
from redcap_iac.state import State


class Purpose(StrEnum):
    """What an expression is there for."""

    BRANCHING = "branching logic"
    CALCULATION = "calculation"
    CALCTEXT = "@CALCTEXT"
    CALCDATE = "@CALCDATE"
    IF = "@IF"
    PIPING = "piping"
    EMBEDDING = "embedding"


@dataclass(frozen=True, slots=True)
class Site:
    """One expression; `field` is whose cell it stands in, None for labels of events and the like.

    `text` is the expression alone and `offset` where it begins in the cell (`column`). `tree` is
    None where it cannot be read, and `error` says why. For piping `tree` is one reference or smart
    variable; for embedding a reference to the field shown.
    """

    purpose: Purpose
    address: str
    column: str
    text: str
    offset: int
    at: Position | None
    field: Field | None
    tree: Expression | None
    error: LogicError | None = None
    tag: Tag | None = None

    @property
    def references(self) -> tuple[Reference, ...]:
        """Every reference to a field, in order."""
        nodes = walk(self.tree) if self.tree is not None else ()
        return tuple(node for node in nodes if isinstance(node, Reference))

    @property
    def smart_variables(self) -> tuple[SmartVariable, ...]:
        """Every smart variable that is a value of its own, in order."""
        nodes = walk(self.tree) if self.tree is not None else ()
        return tuple(node for node in nodes if isinstance(node, SmartVariable))


#: Columns whose text people read: values are piped and fields embedded (K RC-PIPE-01, RC-FD-07).
#: The header of a matrix is the section header of its first field.
_READ = ("section_header", "field_label", "field_note", CHOICES)
#: Columns into which values are only piped.
_BOUNDS = ("text_validation_min", "text_validation_max")
#: Labels that name events and instances by values of the record, by kind.
_LABELS = (("events", "custom_label"), ("repeating", "label"))
#: Project settings whose text holds values of the record.
_SETTINGS = ("custom_record_label",)


def sites(state: State) -> Iterator[Site]:
    """Yield every expression of a state: field by field, then labels of events, instances, records.

    The query of an sql field is piped into as well (`[record-name]`, K).
    """
    kind = kind_named("fields")
    for field in kind.items(state):
        yield from _of_field(field, kind.address(field))
    for name, attribute in _LABELS:
        kind = kind_named(name)
        for item in kind.items(state):
            text = str(getattr(item, attribute) or "")
            yield from _piped(text, kind.address(item), attribute, item.at, None)
    kind = kind_named("project")
    for setting in cast("tuple[Setting, ...]", kind.items(state)):
        if setting.name in _SETTINGS:
            yield from _piped(setting.value, kind.address(setting), setting.name, setting.at, None)


def _of_field(field: Field, address: str) -> Iterator[Site]:
    if field.branching_logic.strip():
        yield _site(
            Purpose.BRANCHING, field, address, "branching_logic", Argument(field.branching_logic, 0)
        )
    cell: str = getattr(field, CHOICES)
    if field.field_type == "calc" and cell.strip():
        yield _site(Purpose.CALCULATION, field, address, CHOICES, Argument(cell, 0))
    for tag in every_tag(field.field_annotation):
        yield from _of_tag(tag, field, address)
    columns = _READ if field.field_type != "calc" else _READ[:-1]
    for column in (*columns, *_BOUNDS):
        text: str = getattr(field, column)
        yield from _piped(text, address, column, field.place(column), field)


def _of_tag(tag: Tag, field: Field, address: str) -> Iterator[Site]:
    column, has_parts = "field_annotation", tag.form is Form.PARENTHESES
    if tag.name == "IF" and has_parts:
        yield _site(Purpose.IF, field, address, column, tag.arguments[0], tag)
    elif tag.name == "CALCTEXT" and tag.inside is not None:
        # One expression even where a comma stands wrongly: so the error says what is wrong
        yield _site(Purpose.CALCTEXT, field, address, column, tag.inside, tag)
    elif tag.name == "CALCDATE" and has_parts:
        for argument in tag.arguments:
            yield _site(Purpose.CALCDATE, field, address, column, argument, tag)
    else:
        for argument in tag.arguments:
            yield from _piped(
                argument.text, address, column, field.place(column), field, argument.offset, tag
            )


def _site(
    purpose: Purpose, field: Field, address: str, column: str, part: Argument,
    tag: Tag | None = None,
) -> Site:  # fmt: skip
    tree, error = _parsed(part.text)
    return Site(
        purpose, address, column, part.text, part.offset, field.place(column), field, tree, error,
        tag,
    )  # fmt: skip


@lru_cache(maxsize=65_536)
def _parsed(text: str) -> tuple[Expression | None, LogicError | None]:
    try:
        return parse(text), None
    except LogicError as error:
        return None, error


def _piped(
    text: str, address: str, column: str, at: Position | None, field: Field | None,
    offset: int = 0, tag: Tag | None = None,
) -> Iterator[Site]:  # fmt: skip
    if "[" in text:
        for one in piped(text):
            yield Site(
                Purpose.PIPING, address, column, one.text, one.offset + offset, at, field, one.node,
                None, tag,
            )  # fmt: skip
    if "{" in text and field is not None and column in _READ and field.field_type != "sql":
        for inner in embedded(text):
            yield Site(
                Purpose.EMBEDDING, address, column, f"{{{inner.field}}}", inner.offset + offset,
                at, field, Reference(inner.field),
            )  # fmt: skip
