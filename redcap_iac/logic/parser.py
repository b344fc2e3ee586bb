"""Text to tree."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, cast

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import UnexpectedInput

from redcap_iac.logic.brackets import read_brackets
from redcap_iac.logic.errors import LogicError
from redcap_iac.logic.explaining import explained
from redcap_iac.logic.grammar import GRAMMAR
from redcap_iac.logic.tree import (
    Call,
    Chain,
    Expression,
    Group,
    Number,
    Power,
    Prefix,
    Reference,
    SmartVariable,
    Step,
    Text,
    Word,
    children,
)

if TYPE_CHECKING:
    _Base = Transformer[Token, Expression]
else:
    _Base = Transformer

# Walkers of the tree recurse with two or three frames per level, comparison of trees with five, and
# Python stops at 1,000, some of them the caller's. The deepest expression of the corpus has 19.
MAXIMUM_DEPTH = 150

_CANONICAL = {"==": "=", "===": "=", "!=": "<>", "||": "or", "&&": "and", "!": "not"}


@lru_cache(maxsize=16_384)
def parse(text: str) -> Expression:
    """Read an expression: branching logic, a calculation or a filterLogic.

    Raises LogicError, with line and column, if the text is not an expression, is blank or nests
    deeper than ``MAXIMUM_DEPTH``. Results are remembered by text.
    """
    if not text.strip():
        raise LogicError("the expression is empty", 0, text)
    try:
        tree = cast("Expression", _parser().parse(text))
    except UnexpectedInput as error:
        raise explained(error, text) from None
    except LogicError as error:
        raise LogicError(error.message, error.offset, text) from None
    _refuse_depth(tree, text)
    return tree


@lru_cache(maxsize=1)
def _parser() -> Lark:
    return Lark(
        GRAMMAR, parser="lalr", lexer="contextual", transformer=_Builder(), maybe_placeholders=False
    )


class _Builder(_Base):
    """Makes nodes while the parser runs; each method is named after a rule of the grammar."""

    @v_args(inline=True)
    def start(self, tree: Expression) -> Expression:
        return tree

    @v_args(inline=True)
    def number(self, token: Token) -> Number:
        return Number(str(token), _offset(token))

    @v_args(inline=True)
    def text(self, token: Token) -> Text:
        quote = token[0]
        inside = re.sub(rf"\\(['\"\\])|{quote}({quote})", r"\1\2", token[1:-1])
        return Text(inside, _offset(token))

    @v_args(inline=True)
    def word(self, token: Token) -> Word:
        return Word(token.lower(), _offset(token))

    @v_args(inline=True)
    def brackets(self, token: Token) -> Reference | SmartVariable:
        return read_brackets(str(token), _offset(token))

    @v_args(inline=True)
    def group(self, opening: Token, inner: Expression) -> Group:
        return Group(inner, _offset(opening))

    @v_args(inline=True)
    def prefix(self, operator: Token, operand: Expression) -> Prefix:
        return Prefix(_operator(operator), operand, _offset(operator))

    @v_args(inline=True)
    def power(self, base: Expression, exponent: Expression) -> Power:
        return Power(base, exponent, base.offset)

    @v_args(inline=True)
    def call(self, name: Token, _opening: Token, *arguments: Expression) -> Call:
        return Call(str(name), arguments, _offset(name))

    @v_args(inline=True)
    def chain(self, first: Expression, *rest: Token | Expression) -> Chain:
        operators = cast("tuple[Token, ...]", rest[::2])
        operands = cast("tuple[Expression, ...]", rest[1::2])
        steps = (
            Step(_operator(operator), operand, _offset(operator))
            for operator, operand in zip(operators, operands, strict=True)
        )
        return Chain(first, tuple(steps), first.offset)

    disjunction = conjunction = comparison = addition = product = chain


def _offset(token: Token) -> int:
    return token.start_pos or 0


def _operator(token: Token) -> str:
    spelled = token.lower()
    return _CANONICAL.get(spelled, spelled)


def _refuse_depth(tree: Expression, text: str) -> None:
    level: list[Expression] = [tree]
    for _ in range(MAXIMUM_DEPTH):
        level = [child for node in level for child in children(node)]
        if not level:
            return
    message = f"nested deeper than {MAXIMUM_DEPTH} levels"
    raise LogicError(message, level[0].offset, text)
