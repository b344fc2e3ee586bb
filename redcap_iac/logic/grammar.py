"""The grammar of REDCap's expression language, for lark's LALR parser.

Precedence from loose to tight: ``or``, ``and``, ``not``, comparison, ``+ -``, ``* /``, sign, ``^``.
All but ``^`` join from left to right. REDCap documents only ``(a)^(b)``, with both sides in
parentheses; what it does without them is not documented, so ``^`` follows mathematics: it joins
from right to left and binds tighter than a sign on its left (``-2^2`` is -4).

Sources: Special Functions and branching-logic articles RC-CALC-01 and RC-BL-02 (K); ``===`` and
``||`` occur in dictionaries that real projects use, so they are read as ``=`` and ``or``.
"""

from __future__ import annotations

GRAMMAR = r"""
start: disjunction

?disjunction: conjunction (OR conjunction)*
?conjunction: negation (AND negation)*
?negation: comparison
         | NOT negation                                 -> prefix
?comparison: addition (COMPARISON addition)*
?addition: product (SIGN product)*
?product: signed (FACTOR signed)*
?signed: power
       | SIGN signed                                    -> prefix
?power: atom
      | atom "^" signed                                 -> power
?atom: NUMBER                                           -> number
     | QUOTED                                           -> text
     | WORD                                             -> word
     | BRACKETS                                         -> brackets
     | OPEN disjunction ")"                             -> group
     | NAME OPEN (disjunction ("," disjunction)*)? ")"  -> call

OR.2: /or\b|\|\|/i
AND.2: /and\b|&&/i
NOT.2: /not\b|!/i
COMPARISON.3: /===?|=|<>|!=|<=|>=|<|>/
SIGN: /[+-]/
FACTOR: /[*\/]/
OPEN: "("

NUMBER: /(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?/i
QUOTED: /"(?:[^"\\]|\\.|"")*"|'(?:[^'\\]|\\.|'')*'/s
WORD.2: /(?:today|now|true|false)\b(?!\s*\()/i
NAME: /(?!(?:and|or|not)\b)[a-z_]\w*/i
BRACKETS: /\[[^\[\]]*\](?:\[[^\[\]]*\])*/

LINE_COMMENT.5: /(?:\/\/|#)[^\r\n]*/
BLOCK_COMMENT.5: /\/\*.*?\*\//s
SPACE: /[\s\u00a0\ufeff]+/

%ignore LINE_COMMENT
%ignore BLOCK_COMMENT
%ignore SPACE
"""
