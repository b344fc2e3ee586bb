"""DD: matrices that are none, or not named like one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from redcap_iac.design import Design
from redcap_iac.findings import Severity
from redcap_iac.lint.rule import Found, rule
from redcap_iac.lint.rules.wording import BEFORE_PRODUCTION, at_field, short
from redcap_iac.lint.settings import Settings

_NAME = re.compile(r"[a-z][a-z0-9_]*")


@rule("DD027", Severity.WARNING)
def name_of_a_matrix(design: Design, _settings: Settings) -> Iterator[Found]:
    """A matrix has a name that REDCap's page would not take.

    Names of matrices are lower case letters, digits and underscores (documented).

    Why: What a server makes of another name is not known; a plain one is taken everywhere.

    Bad:
        instruments:
          - instrument: form
            matrices: {"Pain Scale": {type: radio, choices: {0: "None", 1: "Some"}}}
            fields:
              record_id: {type: text, label: "Record ID"}
              pain_head: {matrix: "Pain Scale", label: "Head"}
              pain_back: {matrix: "Pain Scale", label: "Back"}
    Good:
        instruments:
          - instrument: form
            matrices: {pain_scale: {type: radio, choices: {0: "None", 1: "Some"}}}
            fields:
              record_id: {type: text, label: "Record ID"}
              pain_head: {matrix: pain_scale, label: "Head"}
              pain_back: {matrix: pain_scale, label: "Back"}
    Instead: Write `pain_scale`, not `Pain Scale`.
    """
    for name, rows in groupby(design.fields, lambda field: field.matrix_group_name):
        if name and not _NAME.fullmatch(name):
            yield at_field(
                next(rows),
                "matrix_group_name",
                f'stands in a matrix named "{short(name)}"',
                "Name it with lower case letters, digits and underscores.",
            )


@rule("DD044", Severity.NOTE, profiles=BEFORE_PRODUCTION)
def matrix_of_one(design: Design, _settings: Settings) -> Iterator[Found]:
    """A matrix has a single row.

    Why: A grid with one line is harder to read than the question alone, most of all on a phone.

    Bad:
        instruments:
          - instrument: form
            matrices: {pain: {type: radio, choices: {0: "None", 1: "Some"}}}
            fields:
              record_id: {type: text, label: "Record ID"}
              pain_head: {matrix: pain, label: "Head"}
    Good:
        fields:
          pain_head: {type: radio, label: "Head", choices: {0: "None", 1: "Some"}}
    Instead: Take the field out of the matrix.
    """
    for name, group in groupby(design.fields, lambda field: field.matrix_group_name.strip()):
        rows = list(group)
        if name and len(rows) == 1:
            yield at_field(
                rows[0],
                "matrix_group_name",
                f"is the only row of matrix {name}",
                "Take it out of the matrix.",
            )
